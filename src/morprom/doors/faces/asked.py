"""What a client asks of somebody's browser (RFC 6749, 4.1.1), and where the answer may go.

Nobody is sent to an address that the client did not register letter for letter.
"""

from dataclasses import dataclass
from typing import Final

from morprom.assurance import Aal
from morprom.doors.faces.said import Said, is_yes, query_of
from morprom.doors.pages import PageCall
from morprom.doors.pages.away import answered_at, origin_of
from morprom.doors.wire import incorrect
from morprom.identity.face_model import FaceClient
from morprom.identity.faces import find_face
from morprom.identity.model import PHR_READ
from morprom.kernel.pkce import is_challenge

LONGEST_STATE: Final = 2_000
RECENTLY: Final = 300  # seconds; `is_auth`: somebody signs in for this


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a known client, to be answered at an address of its own. `error` is "" when it may go on."""

    kind: str
    client: FaceClient
    redirect_uri: str
    state: str | None
    challenge: str | None
    scopes: tuple[str, ...]
    aal: Aal
    max_age: int | None
    has_landing: bool
    error: str = ""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the address."""
        return origin_of(self.redirect_uri)

    def answered(self, **members: str) -> str:
        """The address with an answer in its query, and the state as it came."""
        return answered_at(self.redirect_uri, self.state, **members)


async def asked_of(request: PageCall, kind: str, least: Aal) -> Asked:
    """The request. Raises Problem CLIENT_UNKNOWN or REDIRECT_URI_UNKNOWN, as nobody is there to answer to."""
    said = query_of(request)
    async with request.services.identity.transaction() as tx:
        client = await find_face(tx, request.services.ring, said.get("client_id", ""), kind)
    if client is None:
        raise incorrect("CLIENT_UNKNOWN", "ไม่รู้จักโปรแกรมที่ส่งคุณมา", "the program that sent you is not known here")
    redirect_uri = request.query_params.get("redirect_uri") or ""
    if redirect_uri not in client.client.redirect_uris:
        raise incorrect(
            "REDIRECT_URI_UNKNOWN", "ที่อยู่ส่งกลับไม่ตรงกับที่โปรแกรมลงทะเบียนไว้", "redirect_uri is not one that was registered"
        )
    state = request.query_params.get("state")
    scopes = client.scopes_asked(said.get("scope", ""))
    return Asked(
        kind, client, redirect_uri, state if state is None or len(state) <= LONGEST_STATE else None,
        said.get("code_challenge") or None, scopes, _aal(said, least, scopes), _max_age(said), is_yes(said, "landing"),
        _error(request, said, state),
    )  # fmt: skip


def _aal(said: Said, least: Aal, scopes: tuple[str, ...]) -> Aal:
    """At which level somebody has to sign in: what opens a record takes two factors. `acr_values` is ours."""
    wanted = [least, *([Aal.TWO_FACTORS] if PHR_READ in scopes else [])]
    wanted += [aal for aal in Aal if f"aal{aal}" in said.get("acr_values", "").split()]
    return max(wanted)


def _max_age(said: Said) -> int | None:
    given = said.get("max_age", "")
    if given.isascii() and given.isdigit() and len(given) < 8:
        return int(given)
    return RECENTLY if is_yes(said, "is_auth") else None


def _error(request: PageCall, said: Said, state: str | None) -> str:
    names = [name for name, _ in request.query_params.multi_items()]
    if len(set(names)) < len(names) or len(state or "") > LONGEST_STATE:
        return "invalid_request"
    if said.get("response_type") != "code":
        return "unsupported_response_type"
    challenge, method = said.get("code_challenge"), said.get("code_challenge_method")
    if challenge is None and method is None:
        return ""
    return "" if is_challenge(challenge, method) else "invalid_request"
