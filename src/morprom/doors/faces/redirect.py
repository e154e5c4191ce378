"""`/oauth/redirect` of Health ID and `/v1/oauth2/authorize` of Provider ID: a client sends somebody's browser here."""

from typing import Final

from litestar import Response, route
from litestar.enums import HttpMethod

from morprom.assurance import Aal
from morprom.doors.faces.ask import decided, go_on
from morprom.doors.faces.asked import asked_of
from morprom.doors.faces.said import demand_face
from morprom.doors.pages import PageCall
from morprom.identity.face_model import HEALTH_ID, PROVIDER_ID

BOTH: Final = [HttpMethod.GET, HttpMethod.POST]


@route("/oauth/redirect", http_method=BOTH, status_code=200)
async def health_redirect(request: PageCall) -> Response[bytes]:
    """Anybody with an account."""
    return await _answered(request, HEALTH_ID, Aal.ONE_FACTOR)


@route("/v1/oauth2/authorize", http_method=BOTH, status_code=200)
async def provider_authorize(request: PageCall) -> Response[bytes]:
    """Staff, with two factors."""
    return await _answered(request, PROVIDER_ID, Aal.TWO_FACTORS)


async def _answered(request: PageCall, kind: str, least: Aal) -> Response[bytes]:
    demand_face(request, kind)
    asked = await asked_of(request, kind, least)
    return await (decided(request, asked) if request.method == "POST" else go_on(request, asked))
