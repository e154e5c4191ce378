"""Counters for operators, and whether a worker is ready. No name of a person or a token is ever a label."""

import ipaddress
import os
from collections.abc import Sequence
from typing import Any

import asyncpg
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess

from morprom.storage.vitals import demand_answer


@get("/livez", include_in_schema=False)
async def livez() -> str:
    """The worker answers."""
    return "ok"


@get("/readyz", include_in_schema=False)
async def readyz(state: State) -> Response[str]:
    """The worker answers and its database does too."""
    try:
        async with state.services.reader.transaction() as tx:
            await demand_answer(tx)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return Response("database unavailable", status_code=503)
    return Response("ok")


@get("/metrics", include_in_schema=False)
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Counters of all workers, for a scraper on this machine; a proxy in front must not pass this path on."""
    if not request.client or not ipaddress.ip_address(request.client.host).is_loopback:
        raise NotFoundException
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def handlers() -> Sequence[HTTPRouteHandler]:
    """What every worker answers, whatever its doors."""
    return [livez, readyz, metrics]
