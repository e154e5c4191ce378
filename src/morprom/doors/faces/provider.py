"""`/api/v1/services/token` and `/public-key` of Provider ID: staff who signed in with a Health ID show who they are."""

from typing import Any, NamedTuple

from litestar import Response, post

from morprom.accounts import Account, Session
from morprom.accounts.sessions import session_by_id
from morprom.assurance import Aal
from morprom.audit import Outcome
from morprom.doors.faces.answers import CREDENTIAL_TH, local_time, provider_ok, provider_refused
from morprom.doors.faces.ask import NOT_PROVIDER
from morprom.doors.faces.known import line
from morprom.doors.faces.said import Said, demand_face, header_of, members_of
from morprom.doors.pages import Seat
from morprom.doors.services import Services
from morprom.doors.wire import Call
from morprom.identity import HealthIdSession
from morprom.identity.face_model import HEALTH_ID, PROVIDER_ID, FaceClient, FaceRefused, ProviderSession
from morprom.identity.faces import authenticate_face, find_face, subject_of
from morprom.identity.provider_sessions import start_provider
from morprom.kernel import Category, Problem, Secret
from morprom.staff import Provider, positions_of, provider_of
from morprom.storage import KeyKind, Tx
from morprom.units.signing import public_pem

TOKEN_BY = "health id"
TOKEN_TH = "token ของ Health ID ใช้ไม่ได้ โปรดเข้าสู่ระบบใหม่"


class Signed(NamedTuple):
    """A token of staff, and what goes with it."""

    session: ProviderSession
    token: Secret[str]
    data: dict[str, Any]


@post("/api/v1/services/token", status_code=200)
async def provider_token(request: Call) -> Response[bytes]:
    """A Provider ID token for a Health ID token that a client of the same unit holds."""
    demand_face(request, PROVIDER_ID)
    services, said = request.services, await members_of(request)
    client = await client_of(request, said)
    if client is None:
        return provider_refused(401, "Credential is required", CREDENTIAL_TH)
    health = await _health_session(services, said)
    if health is None:
        return provider_refused(401, "Token is invalid", TOKEN_TH)
    async with services.identity.transaction() as tx:
        behind = await _behind(services, tx, client, health)
        provider = await provider_of(tx, services.ring, health.person_id) if behind else None
        signed = (
            await sign(services, tx, client, behind[0], provider, _allowed(client, health))
            if behind and provider
            else None
        )
    if behind is None:
        await line(services, health.person_id, client.client, "ProviderToken", Outcome.REFUSED, "TOKEN_REFUSED")
        return provider_refused(401, "Token is invalid", TOKEN_TH)
    if signed is None:
        await line(services, health.person_id, client.client, "ProviderToken", Outcome.REFUSED, "NOT_PROVIDER")
        return provider_refused(400, NOT_PROVIDER.en, NOT_PROVIDER.th)
    await line(services, health.person_id, client.client, "ProviderToken")
    return provider_ok(signed.data | {"login_by": "Health ID"})


@post("/api/v1/services/public-key", status_code=200)
async def provider_key(request: Call) -> Response[bytes]:
    """The public key of the tokens, for a client that shows its secret."""
    demand_face(request, PROVIDER_ID)
    client = await client_of(request, await members_of(request))
    if client is None:
        return provider_refused(401, "Credential is required", CREDENTIAL_TH)
    return provider_ok({"public_key": public_pem(request.services.ring, KeyKind.PROVIDER_SIGNING).decode()})


async def client_of(request: Call, said: Said) -> FaceClient | None:
    """The client by name and secret, in the body or in headers; None for whatever is wrong."""
    client_id = said.get("client_id") or header_of(request, "client-id")
    secret = said.get("secret_key") or said.get("client_secret") or header_of(request, "secret-key")
    services = request.services
    async with services.identity.transaction() as tx:
        found = await authenticate_face(tx, services.ring, client_id, Secret(secret), PROVIDER_ID)
    return None if isinstance(found, FaceRefused) else found


async def sign(
    services: Services, tx: Tx, client: FaceClient, behind: Session, provider: Provider, scopes: tuple[str, ...]
) -> Signed:
    """A session of staff and its first token."""
    now = services.clock()
    session = await start_provider(tx, client, behind, scopes, now)
    return await signed_for(services, tx, client, session, provider)


async def signed_for(
    services: Services, tx: Tx, client: FaceClient, session: ProviderSession, provider: Provider
) -> Signed:
    """A token of a session."""
    now = services.clock()
    subject = await subject_of(tx, session.person_id, client)
    hcodes = [one.unit for one in await positions_of(tx, services.ring, session.person_id)]
    token = services.providers.sign_session(session, provider.provider_id, subject, hcodes, now)
    data = {
        "token_type": "Bearer",
        "expires_in": int((session.ends_at - now).total_seconds()),
        "access_token": token.reveal(),
        "expiration_date": local_time(session.ends_at),
        "account_id": str(subject),
        "result": "Success",
        "username": provider.provider_id,
    }
    return Signed(session, token, data)


async def _health_session(services: Services, said: Said) -> HealthIdSession | None:
    if said.get("token_by", "").lower().replace("-", " ") != TOKEN_BY:
        return None
    try:
        return await services.health_ids.any_session(said.get("token", ""))
    except Problem as problem:
        if problem.category is Category.UNAUTHENTICATED:
            return None
        raise


def _allowed(client: FaceClient, health: HealthIdSession) -> tuple[str, ...]:
    """Of what the client may have what its person allowed where they signed in."""
    return tuple(scope for scope in client.scopes_asked("") if scope in health.scopes)


async def _behind(
    services: Services, tx: Tx, client: FaceClient, health: HealthIdSession
) -> tuple[Session, Account] | None:
    """The sign-in behind a Health ID session, when it is one of two factors and the token was given to a client of the
    same unit: a program elsewhere that somebody signed in to cannot pass for them here.
    """
    given_to = await find_face(tx, services.ring, health.client_id, HEALTH_ID)
    if given_to is None or given_to.client.hcode != client.client.hcode or health.account_session is None:
        return None
    found = await session_by_id(tx, services.ring, health.account_session, services.clock())
    now = services.clock()
    return found if found and Seat(*found).is_at(Aal.TWO_FACTORS, None, now) else None
