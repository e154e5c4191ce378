"""The envelope of every JSON reply (wire protocol, section 1) and what an upload's reply adds (section 3)."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from morprom.kernel import utc_now
from morprom.mophphr.model import Finding

_encode = msgspec.json.Encoder().encode


def envelope(
    result: object,
    *,
    status: int = 200,
    message: str = "OK",
    started: float,
    label: str,
    port: int,
    extra: Mapping[str, object] | None = None,
) -> bytes:
    """The reply as UTF-8 JSON.

    `started` is time.monotonic() of the request's arrival; `label` and `port` are what the deployment calls itself;
    `extra` follows the envelope's own members. `result` may be a msgspec.Raw that is JSON already. A failure's is None.
    """
    reply: dict[str, Any] = {
        "result": result,
        "MessageCode": status,
        "Message": message,
        "RequestTime": f"{utc_now().isoformat(timespec='milliseconds')[:-6]}Z",
        "EndpointIP": label,
        "EndpointPort": port,
        "processing_time_ms": int((time.monotonic() - started) * 1000),
    }
    if extra:
        reply.update(extra)
    return _encode(reply)


def upload_notes(findings: Iterable[Finding], stages: Mapping[str, float] | None = None) -> dict[str, object]:
    """What an upload's reply adds: the findings as text and as objects, a note, and our own stage times in ms.

    `processing_warning` is [] when there is nothing to mend; what is only information stays out of it.
    """
    issues = list(findings)
    return {
        "processing_warning": [f"{one.path}: {one.en}" for one in issues if one.severity != "information"],
        "processing_issue": issues,
        "note": "Normal processing",
        "profiler": [{stage: round(ms, 3)} for stage, ms in (stages or {}).items()],
    }
