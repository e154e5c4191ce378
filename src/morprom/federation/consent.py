"""Asking a person, and keeping what they said with its receipt (ISO/IEC TS 27560: who, what, when, in which words)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from morprom.accounts import Account, Event, Session
from morprom.accounts.events import note
from morprom.federation import grant_store, store
from morprom.federation.claims import VERIFIED, names_asked
from morprom.federation.model import Allowed, Grant, Party, Request
from morprom.federation.offers import CLAIM_WORDS, SCOPES, TIER_WORDS, claims_of
from morprom.identity import Client
from morprom.identity.face_model import FACES, face_words
from morprom.identity.faces import end_at_client
from morprom.kernel import Hcode, Words, new_id
from morprom.storage import KeyRing, Row, Tx

REMEMBERED: Final = timedelta(days=365)
LANGUAGE: Final = "th en"  # a page shows both


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked: by whom, for what, up to which tier of data, until when."""

    party: Party
    unit_name: str
    allowed: Allowed
    lines: tuple[Words, ...]
    tier: Words | None
    ends_at: datetime

    @property
    def text_hash(self) -> bytes:
        """SHA-256 of all that was said, in both languages."""
        tier = [self.tier] if self.tier else []
        terms = self.party.terms
        who = [self.party.client.name, terms.name_en, self.unit_name, terms.purpose, terms.purpose_en]
        said = [*who, *(f"{words.th}\n{words.en}" for words in (*self.lines, *tier))]
        return hashlib.sha256("\n".join([*said, self.ends_at.date().isoformat()]).encode()).digest()


async def question_of(tx: Tx, party: Party, request: Request, now: datetime) -> Question:
    """What a request asks of its person."""
    allowed = allowed_by(party, request)
    reads = "phr.read" in allowed.scopes
    return Question(
        party=party,
        unit_name=await grant_store.unit_name(tx, party.client.hcode),
        allowed=allowed,
        lines=words_of(allowed),
        tier=TIER_WORDS[party.terms.tier] if reads else None,
        ends_at=now + REMEMBERED,
    )


def allowed_by(party: Party, request: Request) -> Allowed:
    """What saying yes to a request allows: its scopes, and single claims that are not in them."""
    in_scopes = claims_of(request.scopes)
    names = names_asked(request.claims, claims_of(party.terms.scopes))
    return Allowed(request.scopes, tuple(name for name in names if name not in in_scopes))


def words_of(allowed: Allowed) -> tuple[Words, ...]:
    """It in words, each once."""
    said = [SCOPES[scope].words for scope in allowed.scopes if scope in SCOPES]
    said += [CLAIM_WORDS[name] for name in sorted(allowed.claims, key=lambda name: name == VERIFIED)]
    return tuple(dict.fromkeys(said))


async def is_remembered(tx: Tx, person_id: UUID, party: Party, request: Request, now: datetime) -> bool:
    """Whether the person allowed all of that before."""
    row = await grant_store.live(tx, person_id, party.client_id, now)
    return row is not None and _allowed(row).covers(allowed_by(party, request))


async def agree(tx: Tx, ring: KeyRing, session: Session, account: Account, question: Question, now: datetime) -> None:
    """Keep a yes. It takes the place of the one before, whose receipt stays."""
    party, person_id = question.party, session.person_id
    row = await grant_store.live(tx, person_id, party.client_id, now)
    before = _allowed(row) if row else Allowed((), ())
    await grant_store.end(tx, person_id, party.client_id, now)
    await grant_store.add(
        tx, new_id(), person_id, party.client_id, now, question.ends_at,
        tuple(dict.fromkeys((*before.scopes, *question.allowed.scopes))),
        tuple(dict.fromkeys((*before.claims, *question.allowed.claims))),
        LANGUAGE, account.ial, session.aal, question.text_hash,
    )  # fmt: skip
    name = party.client.name
    await note(
        tx, ring, person_id, Event(what="allowed", th=f"อนุญาต {name}", en=f"allowed {name}", device=session.device)
    )


def words_of_grant(grant: Grant) -> tuple[Words, ...]:
    """What somebody allows a client, in the words in which its dialect asked."""
    return face_words(grant.allowed.scopes) if grant.client.kind in FACES else words_of(grant.allowed)


async def grants_of(tx: Tx, person_id: UUID, now: datetime) -> list[Grant]:
    """What a person allows, newest first."""
    return [_grant(row) for row in await grant_store.listed(tx, person_id, now)]


async def take_back(tx: Tx, ring: KeyRing, person_id: UUID, grant_id: UUID, now: datetime) -> bool:
    """End a consent and, at once, every token of that client; False when it is not theirs or has ended."""
    client_id = await grant_store.client_of(tx, person_id, grant_id)
    if client_id is None:
        return False
    await grant_store.end(tx, person_id, client_id, now)
    await store.end_sign_ins(tx, person_id, client_id, now)
    await end_at_client(tx, person_id, client_id, now)
    await note(tx, ring, person_id, Event(what="taken-back", th="ยกเลิกการอนุญาตโปรแกรม", en="took a permission back"))
    return True


async def end_all_of(tx: Tx, client_id: str, now: datetime) -> None:
    """End every consent of a client, and what it holds by them: it is another than people agreed to."""
    await grant_store.end_of_client(tx, client_id, now)
    await store.end_of_client(tx, client_id, now)


def _grant(row: Row) -> Grant:
    client = Client(
        row["client_id"], Hcode(row["hcode"]), row["name"], tuple(row["redirect_uris"]), row["registered_at"],
        row["revoked_at"], row["kind"], row["terms"],
    )  # fmt: skip
    return Grant(
        row["grant_id"], client, row["unit_name"], _allowed(row), row["granted_at"], row["ends_at"],
        row["last_used_at"], row["text_hash"], row["language"], row["ial"], row["aal"],
    )  # fmt: skip


def _allowed(row: Row) -> Allowed:
    return Allowed(tuple(row["scopes"]), tuple(row["claims"]))
