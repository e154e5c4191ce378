"""A request is answered: with a code that its client exchanges within a minute, once."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from morprom.accounts import Account, Session
from morprom.accounts.authenticators import authenticators_of
from morprom.assurance import Aal
from morprom.federation import store
from morprom.federation.claims import asked_in
from morprom.federation.keys import IdTokens
from morprom.federation.model import Details, Party, Refused, Request
from morprom.federation.random_values import new_secret
from morprom.federation.rules import Seated, acr_of, reachable
from morprom.federation.sign_ins import sealed_details, sid_of
from morprom.federation.subjects import person_of, subject_of
from morprom.kernel import Secret, Words, new_id
from morprom.storage import KeyRing, Tx

CODE_SECONDS: Final = 60  # FAPI 2.0, 5.3.2.1


async def seated(tx: Tx, ring: KeyRing, session: Session, account: Account) -> Seated:
    """Who sits there, and how high they could sign in.

    Who came through an upstream that knows them less well than this platform has one factor here, as at every page.
    """
    levels = session.levels(account)
    if levels.ial < account.ial:
        levels = replace(levels, aal=Aal.ONE_FACTOR)
    return Seated(levels, reachable(await authenticators_of(tx, ring, session.person_id)))


async def is_somebody_else(tx: Tx, tokens: IdTokens, party: Party, request: Request, person_id: UUID) -> bool:
    """Whether the client means another person than who sits there: by `id_token_hint`, or by asking for a `sub`."""
    subject = await subject_of(tx, person_id, party.sector)
    condition: dict[str, Any] = asked_in(request.claims, "id_token").get("sub") or {}
    if condition.get("value", subject) != subject:
        return True
    hint = tokens.hinted(request.id_token_hint) if request.id_token_hint else {"sub": subject}
    return hint is None or hint.get("sub") != subject


async def is_another_hinted(tx: Tx, party: Party, request: Request, person_id: UUID) -> bool:
    """Whether `login_hint` names another person than who sits there (OpenID Connect Core, 3.1.2.1).

    The one name that is understood is the client's own, the `sub`: a citizen or telephone number has no place in an
    address. Any other text counts for nothing, so that nobody learns from an answer whom it would mean.
    """
    hinted = await person_of(tx, request.login_hint, party.sector) if request.login_hint else None
    return hinted is not None and hinted != person_id


async def give_code(
    tx: Tx, ring: KeyRing, party: Party, request: Request, session: Session, account: Account, now: datetime
) -> Secret[str]:
    """The code for a request that its person allowed."""
    code, sign_in_id = new_secret(), new_id()
    levels = session.levels(account)
    details = Details(
        redirect_uri=request.redirect_uri, challenge=request.challenge, scopes=request.scopes, nonce=request.nonce,
        claims=request.claims, claims_locales=request.claims_locales, dpop_jkt=request.dpop_jkt,
        acr=acr_of(request, levels), aal=levels.aal, ial=levels.ial, amr=tuple(sorted(session.amr)),
        authenticated_at=levels.authenticated_at,
    )  # fmt: skip
    await store.add_sign_in(
        tx, sign_in_id, session.person_id, party.client_id, session.session_id, now, code.digest(),
        sid_of(session.session_id, party.client_id), sealed_details(ring, sign_in_id, details),
    )  # fmt: skip
    return code


def login_required() -> Refused:
    """Nobody sits there, or somebody else, and nobody may be asked."""
    return Refused("login_required", Words("ต้องเข้าสู่ระบบก่อน", "the person has to sign in"))


def consent_required() -> Refused:
    """The person was not asked yet, and may not be."""
    return Refused("consent_required", Words("เจ้าของข้อมูลยังไม่อนุญาต", "the person has not agreed to that"))


def denied() -> Refused:
    """The person said no."""
    return Refused("access_denied", Words("เจ้าของข้อมูลไม่อนุญาต", "the person said no"))
