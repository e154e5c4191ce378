"""The calls of Health ID: a token for a code, the profile of its person, the key that verifies tokens."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from morprom.audit import Outcome
from morprom.doors.faces.answers import code_refused, health_ok, local_time, text
from morprom.doors.faces.known import facts_of, line
from morprom.doors.faces.said import Said, credentials_of, demand_face, members_of
from morprom.doors.wire import Call
from morprom.identity import health_id_token
from morprom.identity.face_model import HEALTH_ID, FaceClient, FaceRefused
from morprom.identity.faces import (
    CREDENTIAL,
    DENIED,
    INVALID,
    authenticate_face,
    find_face,
    note_session,
    subject_of,
    take_code,
)
from morprom.identity.health_face import profile, token_claims
from morprom.identity.sessions import follow_session
from morprom.kernel import Secret
from morprom.storage import KeyKind, Tx
from morprom.units.gate import bearer
from morprom.units.signing import public_pem


@post("/api/v1/token", status_code=200)
async def health_token(request: Call) -> Response[bytes]:
    """A token for the code of `/oauth/redirect`, once."""
    demand_face(request, HEALTH_ID)
    services, said = request.services, await members_of(request)
    async with services.identity.transaction() as tx:
        client = await authenticate_face(
            tx, services.ring, said.get("client_id", ""), Secret(said.get("client_secret", "")), HEALTH_ID
        )  # fmt: skip
        if isinstance(client, FaceRefused):
            return code_refused(client)
        answer = await _exchanged(tx, request, client, said)
    if isinstance(answer, FaceRefused):
        await line(services, answer.person_id, client.client, "HealthIdToken", Outcome.REFUSED, answer.words)
        return code_refused(answer)
    person_id, data = answer
    await line(services, person_id, client.client, "HealthIdToken")
    return health_ok(data)


async def _exchanged(
    tx: Tx, request: Call, client: FaceClient, said: Said
) -> tuple[UUID, dict[str, Any]] | FaceRefused:
    services, now = request.services, request.services.clock()
    if said.get("grant_type") != "authorization_code":
        return DENIED
    if not said.get("code"):
        return INVALID
    code = Secret(said["code"])
    taken = await take_code(
        tx, services.ring, code, client, said.get("redirect_uri", ""), said.get("code_verifier", ""), now
    )  # fmt: skip
    if isinstance(taken, FaceRefused):
        return taken
    found, behind, account = taken
    session = await follow_session(tx, behind, account, client_id=client.client_id, scopes=found.scopes, now=now)
    await note_session(tx, code, session.jti)
    facts = await facts_of(services, tx, session.person_id)
    subject = await subject_of(tx, session.person_id, client)
    told = token_claims(client, session, facts, subject)
    token = health_id_token(services.ring, services.settings, session, now, told)
    return session.person_id, {
        "access_token": token.reveal(),
        "token_type": "Bearer",
        "expires_in": int((session.ends_at - now).total_seconds()),
        "expiration_date": local_time(session.ends_at),
        "account_id": str(subject),
        "result": "Success",
    }


@get("/api/v1/accounts", status_code=200)
async def health_account(request: Call) -> Response[bytes]:
    """Whose token it is, as far as they allowed its client to know."""
    demand_face(request, HEALTH_ID)
    services = request.services
    session = await services.health_ids.any_session(bearer(request.authorization))
    async with services.identity.transaction() as tx:
        client = await find_face(tx, services.ring, session.client_id, HEALTH_ID)
        if client is None:
            return code_refused(replace(DENIED, status=401))
        facts = await facts_of(services, tx, session.person_id)
        told = profile(client, session, facts, await subject_of(tx, session.person_id, client))
    await line(services, session.person_id, client.client, "HealthIdAccount")
    return health_ok(told, "OK")


@get("/api/v1/oauth/public-key", status_code=200)
async def health_key(request: Call) -> Response[bytes]:
    """The public key of the tokens, for a client that shows its secret."""
    demand_face(request, HEALTH_ID)
    services = request.services
    async with services.identity.transaction() as tx:
        client = await authenticate_face(tx, services.ring, *credentials_of(request), HEALTH_ID)
    if isinstance(client, FaceRefused):
        return code_refused(CREDENTIAL)
    return text(public_pem(services.ring, KeyKind.HEALTH_ID_SIGNING))
