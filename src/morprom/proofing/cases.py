"""A case at a counter: what an officer does, one atomic check after another, until it is sealed or given up."""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from morprom.accounts.checks import CODE_LIFE, CODE_TRIES, new_code, typed
from morprom.accounts.sealing import Sealed, opened, sealed
from morprom.assurance import Checks, Derived, derive_ial, table
from morprom.kernel import BANGKOK, Category, Cid, Problem, Secret, Words, new_id
from morprom.outside import CardAnswer, CardQuestion, CardState, FaceAnswer
from morprom.proofing import store
from morprom.proofing.model import CardFields, Case, OpenCase, Path, chip_name
from morprom.proofing.stations import Reading, demand_reading
from morprom.storage import KeyKind, KeyRing, Row, Tx

TABLE: Final = b"proofing_case"
DUAL: Final = frozenset[Path](("name-changed", "no-card", "child", "home-visit"))
"""Ways that need a second officer: exceptions take dual control."""

LASER_CODE: Final = re.compile(r"[A-Z]{2}[0-9]{10}")


async def start_case(tx: Tx, ring: KeyRing, *, unit: str, officer: UUID, path: Path, now: datetime) -> OpenCase:
    """Open a case."""
    channel = "home-visit" if path == "home-visit" else "counter"
    case = Case(path=path, checks=Checks(channel=channel))
    case_id = new_id()
    await store.add_case(tx, case_id, unit, officer, now, *sealed(ring, TABLE, case_id, case))
    return OpenCase(case_id, unit, officer, None, now, case)


async def case_of(tx: Tx, ring: KeyRing, case_id: UUID, *, unit: str, officer: UUID | None = None) -> OpenCase:
    """A case of a unit, locked; of its own officer when one is named. Raises Problem CASE_UNKNOWN."""
    row = await store.case(tx, case_id, unit)
    if row is None or (officer is not None and row["officer"] != officer):
        raise Problem(Category.NOT_FOUND, "CASE_UNKNOWN", Words("ไม่พบรายการนี้", "there is no such case"))
    return _case(ring, row)


async def cases_of(tx: Tx, ring: KeyRing, unit: str) -> list[OpenCase]:
    """A unit's open cases, oldest first."""
    return [_case(ring, row) for row in await store.cases(tx, unit)]


async def give_up(tx: Tx, open_case: OpenCase) -> None:
    """Drop a case and all that was read for it."""
    await store.drop_case(tx, open_case.case_id)


async def note_reading(
    tx: Tx, ring: KeyRing, open_case: OpenCase, reading: Reading, now: datetime, *, simulated_allowed: bool = False
) -> OpenCase:
    """What an enrolled station read from the chip. Raises Problem READING_REFUSED, READING_SIMULATED unless they are
    allowed (in demo mode), CARD_UNREADABLE, CARD_EXPIRED.

    A card of somebody else than before starts the checks anew.
    """
    await demand_reading(tx, reading, unit=open_case.unit, now=now, simulated_allowed=simulated_allowed)
    card = card_of(reading, now)
    fresh = Checks(
        evidence="id-card", appearance=True, chip_read=True, station_signed=True, channel=open_case.case.checks.channel
    )
    case = Case(
        path=open_case.case.path, checks=fresh, card=card, photo=reading.photo, station_id=reading.station_id,
        read_at=reading.read_at, is_simulated=reading.is_simulated,
    )  # fmt: skip
    return await _set(tx, ring, open_case, case)


async def note_typed_card(tx: Tx, ring: KeyRing, open_case: OpenCase, card: CardFields, now: datetime) -> OpenCase:
    """What an officer typed from the face of a card whose chip cannot be read. Raises Problem as `note_reading`."""
    _demand_card(card, now)
    checks = Checks(evidence="id-card", appearance=True, channel=open_case.case.checks.channel)
    return await _set(tx, ring, open_case, Case(path=open_case.case.path, checks=checks, card=card))


async def note_documents(
    tx: Tx, ring: KeyRing, open_case: OpenCase, card: CardFields, *, kind: str, documents: str, guardian: Cid | None,
    now: datetime,
) -> OpenCase:  # fmt: skip
    """What was shown instead of a card, by the person or by a guardian. Raises Problem CARD_UNREADABLE."""
    if kind not in ("birth-certificate", "house-registration", "passport") or not documents.strip():
        raise unreadable()
    _demand_card(card, now)
    checks = msgspec.convert(
        {
            "evidence": kind,
            "appearance": True,
            "channel": open_case.case.checks.channel,
            "guardian": guardian is not None,
        },
        Checks,
    )
    case = Case(
        path=open_case.case.path, checks=checks, card=card, documents=documents.strip()[:500],
        guardian_cid=guardian.digits if guardian else "",
    )  # fmt: skip
    return await _set(tx, ring, open_case, case)


async def note_laser_code(tx: Tx, ring: KeyRing, open_case: OpenCase, code: str) -> OpenCase:
    """The code on the back of a card whose chip did not say the number that DOPA asks for. Raises CARD_UNREADABLE."""
    if open_case.case.card is None:
        raise unreadable()
    card = with_laser_code(open_case.case.card, code)
    return await _set(tx, ring, open_case, _checked(open_case.case, {}, card=card))


async def note_reason(tx: Tx, ring: KeyRing, open_case: OpenCase, documents: str) -> OpenCase:
    """What was shown beside a card, or who was visited by whom. Raises Problem CARD_UNREADABLE when it says nothing."""
    if not documents.strip():
        raise unreadable()
    return await _set(tx, ring, open_case, _checked(open_case.case, {}, documents=documents.strip()[:500]))


async def note_status(tx: Tx, ring: KeyRing, open_case: OpenCase, answer: CardAnswer) -> OpenCase:
    """What DOPA says of the card."""
    card = open_case.case.card
    by = "chip" if card and card.chip_no else "laser-code"
    is_ours = by == "chip" and open_case.case.checks.chip_read and answer.state is CardState.VALID
    changed = {"dopa_status": answer.state.value, "dopa_by": by, "chip_authenticated": is_ours}
    case = _checked(open_case.case, changed, status_code=answer.code, is_simulated=answer.is_simulated)
    return await _set(tx, ring, open_case, case)


async def note_officers_comparison(tx: Tx, ring: KeyRing, open_case: OpenCase, *, matches: bool) -> OpenCase:
    """The officer looked from the photo to the person."""
    with_photo = "chip-photo" if open_case.case.photo else "printed-photo"
    changed = {"face": "officer", "face_with": with_photo, "face_matches": matches, "liveness": False}
    return await _set(tx, ring, open_case, _checked(open_case.case, changed))


async def note_service_comparison(tx: Tx, ring: KeyRing, open_case: OpenCase, answer: FaceAnswer) -> OpenCase:
    """What the face service says; when it could not be reached nothing is noted."""
    if not answer.reached:
        return open_case
    changed = {"face": "service", "face_with": "dopa", "face_matches": answer.matches, "liveness": answer.liveness}
    case = _checked(
        open_case.case, changed, face_score=answer.score, face_threshold=answer.threshold,
        is_simulated=answer.is_simulated,
    )  # fmt: skip
    return await _set(tx, ring, open_case, case)


async def ask_contact(
    tx: Tx, ring: KeyRing, open_case: OpenCase, contact: Secret[str], now: datetime
) -> tuple[OpenCase, Secret[str]]:
    """A code for the contact that the person names; the caller sends it."""
    code = new_code()
    key_id, key = ring.current(KeyKind.OTP)
    case = _checked(
        open_case.case, {"contact": "none"}, contact=contact.reveal(), contact_key_id=key_id, contact_tries=0,
        contact_mac=_mac(key, open_case.case_id, code), contact_asked_at=now,
    )  # fmt: skip
    return await _set(tx, ring, open_case, case), Secret(code)


async def note_contact(
    tx: Tx, ring: KeyRing, open_case: OpenCase, code: Secret[str], now: datetime
) -> tuple[OpenCase, bool]:
    """Whether the code came back in time. The try stays counted, whatever it is: the transaction commits."""
    case = open_case.case
    is_late = case.contact_asked_at is None or now - case.contact_asked_at > CODE_LIFE
    if not case.contact_mac or case.contact_tries >= CODE_TRIES or is_late:
        return open_case, False
    expected = _mac(ring.get(KeyKind.OTP, case.contact_key_id), open_case.case_id, typed(code))
    is_right = hmac.compare_digest(expected, case.contact_mac)
    counted = msgspec.structs.replace(
        _checked(case, {"contact": "otp" if is_right else "none"}),
        contact_tries=case.contact_tries + 1, contact_mac=b"" if is_right else case.contact_mac,
    )  # fmt: skip
    return await _set(tx, ring, open_case, counted), is_right


async def confirm_beside(tx: Tx, ring: KeyRing, open_case: OpenCase, second_officer: UUID) -> OpenCase:
    """A second officer saw what the first did. Raises Problem SAME_OFFICER."""
    if second_officer == open_case.officer:
        raise Problem(Category.FORBIDDEN, "SAME_OFFICER", Words("ต้องเป็นเจ้าหน้าที่อีกคน", "it takes another officer"))
    await store.set_second_officer(tx, open_case.case_id, second_officer)
    confirmed = await _set(tx, ring, open_case, _checked(open_case.case, {"second_officer": True}))
    return OpenCase(
        confirmed.case_id, confirmed.unit, confirmed.officer, second_officer, confirmed.started_at, confirmed.case
    )


def level_of(open_case: OpenCase) -> Derived:
    """The level that a case comes to as it stands, and what the next would need; shown before it is sealed."""
    return derive_ial(open_case.case.checks, table())


def unreadable() -> Problem:
    """What was read is no card."""
    words = Words("ข้อมูลจากบัตรหรือเอกสารไม่ครบหรือไม่ถูกต้อง", "what the card or document says is not complete or not valid")
    return Problem(Category.INCORRECT, "CARD_UNREADABLE", words)


def card_of(reading: Reading, now: datetime) -> CardFields:
    """What the chip said. Raises Problem CARD_UNREADABLE, CARD_EXPIRED."""
    try:
        card = msgspec.json.decode(reading.fields, type=CardFields)
    except (msgspec.DecodeError, RecursionError):
        raise unreadable() from None
    _demand_card(card, now)
    return card


def with_laser_code(card: CardFields, typed: str) -> CardFields:
    """The card with the code on its back. Raises Problem CARD_UNREADABLE when that is none."""
    code = typed.replace("-", "").replace(" ", "").upper()
    if not LASER_CODE.fullmatch(code):
        raise unreadable()
    return msgspec.structs.replace(card, laser_code=code)


def question_of(card: CardFields) -> CardQuestion:
    """What DOPA is asked about a card."""
    name = chip_name(card.name_th)
    return CardQuestion(
        Cid(card.cid), name.first, name.last, card.birth_on, laser_code=card.laser_code, chip_no=card.chip_no,
        request_no=card.request_no,
    )  # fmt: skip


def _demand_card(card: CardFields, now: datetime) -> None:
    if Cid.parse(card.cid) is None or not card.name_th.strip("# ") or card.birth_on is None:
        raise unreadable()
    if card.expires_on is not None and card.expires_on < now.astimezone(BANGKOK).date():
        raise Problem(Category.INCORRECT, "CARD_EXPIRED", Words("บัตรหมดอายุแล้ว", "the card has expired"))


def _checked(case: Case, changed: Mapping[str, Any], **members: Any) -> Case:
    """The case after a check. What a second officer confirmed was what there was then: a later change voids it."""
    checks = msgspec.convert(msgspec.to_builtins(case.checks) | {"second_officer": False} | changed, Checks)
    is_simulated = members.pop("is_simulated", False) or case.is_simulated
    return msgspec.structs.replace(case, checks=checks, is_simulated=is_simulated, **members)


async def _set(tx: Tx, ring: KeyRing, open_case: OpenCase, case: Case) -> OpenCase:
    await store.set_case(tx, open_case.case_id, *sealed(ring, TABLE, open_case.case_id, case))
    return OpenCase(
        open_case.case_id, open_case.unit, open_case.officer, open_case.second_officer, open_case.started_at, case
    )


def _case(ring: KeyRing, row: Row) -> OpenCase:
    case = opened(ring, TABLE, row["case_id"], Sealed(row["key_id"], row["sealed"]), Case)
    return OpenCase(row["case_id"], row["unit"], row["officer"], row["second_officer"], row["started_at"], case)


def _mac(key: Secret[bytes], case_id: UUID, code: str) -> bytes:
    return hmac.digest(key.reveal(), b"contact\0" + case_id.bytes + code.encode(), "sha256")
