"""The services as the settings name them. What has no address is simulated in demo mode, and not offered elsewhere."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from morprom.kernel import Category, Mode, Problem, Secret, Settings, Words
from morprom.outside.calls import Service
from morprom.outside.dopa import DopaCardStatus
from morprom.outside.face import HttpFaceMatch
from morprom.outside.messages import GatewaySms, LineMessenger
from morprom.outside.model import Outside
from morprom.outside.simulated import SimulatedCardStatus, SimulatedFaceMatch, SimulatedMessenger
from morprom.outside.simulated_thaid import SimulatedThaId
from morprom.outside.thaid import HttpThaId


def open_outside(settings: Settings) -> AbstractAsyncContextManager[Outside]:
    """Clients that close with the context. Raises Problem SECRET_MISSING when a service's secret is not there."""
    return _open(settings)


@asynccontextmanager
async def _open(settings: Settings) -> AsyncGenerator[Outside]:
    async with AsyncExitStack() as stack:

        def service(name: str, **options: Any) -> Service:
            made = Service(name, **options)
            stack.push_async_callback(made.close)
            return made

        is_demo = settings.mode is Mode.DEMO
        card_status = face = sms = line = thaid = None
        if settings.dopa_url:
            card_status = DopaCardStatus(settings.dopa_url, service("dopa"))
        if settings.face_url:
            face = HttpFaceMatch(settings.face_url, _secret(settings, "face"), service("face"))
        if settings.sms_url:
            login = _secret(settings, "sms")
            sms = GatewaySms(settings.sms_url, login, settings.sms_sender, service("sms", repeats=False))
        if settings.line_url:
            line = LineMessenger(settings.line_url, _secret(settings, "line"), service("line"))
        is_spoken = "thaid" in settings.faces.split(",")
        if settings.thaid_url and is_spoken:
            login = (settings.thaid_client_id, _secret(settings, "thaid"))
            thaid = HttpThaId(settings.thaid_url, login, service("thaid", repeats=False), service("thaid-keys"))
        yield Outside(
            card_status=card_status or (SimulatedCardStatus(settings) if is_demo else None),
            face=face or (SimulatedFaceMatch(settings) if is_demo else None),
            sms=sms or (SimulatedMessenger(settings) if is_demo else None),
            line=line or (SimulatedMessenger(settings) if is_demo else None),
            thaid=thaid or (SimulatedThaId(settings) if is_demo and is_spoken else None),
        )


def _secret(settings: Settings, name: str) -> Secret[str]:
    path = Path(settings.outside_secrets) / name
    try:
        return Secret(path.read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError):
        words = Words(
            f"ไม่พบแฟ้มรหัสลับ {name} ในโฟลเดอร์ MORPROM_OUTSIDE_SECRETS",
            f"there is no readable secret file {name} in the folder MORPROM_OUTSIDE_SECRETS",
        )
        raise Problem(Category.INCORRECT, "SECRET_MISSING", words) from None
