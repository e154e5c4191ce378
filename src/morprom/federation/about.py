"""What a client is told of a person: in an ID token, and at the userinfo endpoint."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from morprom.assurance import Ial
from morprom.federation.claims import VERIFIED, Place, asked_in, chosen
from morprom.federation.facts import facts_of, language_of
from morprom.federation.model import LiveToken, Party, SignIn
from morprom.federation.offers import claims_of
from morprom.federation.subjects import subject_of
from morprom.federation.verified import verified_claims
from morprom.storage import KeyRing, Tx


async def told_in(
    tx: Tx, ring: KeyRing, party: Party, sign_in: SignIn, place: Place, scopes: Iterable[str], ial: Ial, now: datetime
) -> dict[str, Any]:
    """Claims of a person for one place. Scopes count at userinfo alone (OpenID Connect Core, section 5.4). `ial` is the
    level of the session.
    """
    details = sign_in.details
    asked = asked_in(details.claims, place)
    by_scope = scopes if place == "userinfo" else ()
    if not asked and not claims_of(by_scope):
        return {}
    facts = await facts_of(tx, ring, sign_in.person_id, now, language=language_of(details.claims_locales))
    may_have = claims_of(party.terms.scopes)
    told = chosen(facts.claims(), by_scope, asked, may_have)
    verified = verified_claims(asked.get(VERIFIED), facts, may_have, ial, now)
    return told | ({VERIFIED: verified} if verified else {})


async def userinfo(tx: Tx, ring: KeyRing, live: LiveToken, now: datetime) -> dict[str, Any]:
    """What the userinfo endpoint says for a token. Levels are those of the live session."""
    levels = live.session.levels(live.account)
    told = await told_in(tx, ring, live.party, live.sign_in, "userinfo", live.scopes, levels.ial, now)
    return {
        "sub": await subject_of(tx, live.sign_in.person_id, live.party.sector),
        "ial": str(levels.ial),
        "aal": str(levels.aal),
    } | told
