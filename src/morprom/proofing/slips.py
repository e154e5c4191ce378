"""The PIN slip: how a proofed person takes the proofing to their own phone.

A QR code of 128 bits, or 8 digits that work only together with the person's number and date of birth. Ten wrong digits
destroy it; it is good once, for a day, never from where it was printed, and it is no way to sign in.
"""

import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from morprom.accounts import Account, account_of, end_all, open_account
from morprom.accounts.account import reopen
from morprom.accounts.attempts import NOBODY
from morprom.accounts.checks import CODE_LIFE, CODE_TRIES, new_code, typed
from morprom.accounts.contacts import contacts_of, keep_contact
from morprom.accounts.model import ContactKind
from morprom.assurance import CURRENT, derive_ial, table
from morprom.assurance.ages import current_ages, may_sign_in
from morprom.kernel import BANGKOK, Category, Problem, Secret, Words, new_id
from morprom.proofing import store
from morprom.proofing.events import LOWEST, event_of, level_on
from morprom.proofing.model import Maker, NotRedeemed, ProofingEvent, Shown, Slip, chip_name
from morprom.storage import KeyKind, KeyRing, Row, Tx
from morprom.throttle.rules import network

LIFE: Final = timedelta(hours=24)
TRIES: Final = 10
DIGITS: Final = 8
REDEMPTION_LIFE: Final = timedelta(minutes=15)
SHOWN_MOST: Final = 5  # codes that a slip sends in an hour: who found it guesses at few, and floods no phone
SHOWN_AGAIN: Final = timedelta(hours=1)
OVER: Final = Words("การตรวจครั้งนี้ถูกยกเลิกแล้ว", "this proofing does not count any more")


async def print_slip(tx: Tx, ring: KeyRing, event: ProofingEvent, maker: Maker, now: datetime) -> Slip:
    """A slip for an event; earlier ones of the person end. Raises Problem NOTHING_TO_REDEEM, NO_CONTACT, TOO_YOUNG."""
    if derive_ial(event.inside.checks, table()).level < LOWEST:
        words = Words("การตรวจครั้งนี้ยังไม่ถึงระดับที่เปิดบัญชีได้", "what was checked does not come to a level that opens anything")
        raise Problem(Category.CONFLICT, "NOTHING_TO_REDEEM", words)
    if event.inside.checks.contact != "otp":
        words = Words("ยังไม่ได้ยืนยันช่องทางติดต่อ", "the contact was not verified")
        raise Problem(Category.CONFLICT, "NO_CONTACT", words)
    demand_age(event, now)
    if not _counts(event, await account_of(tx, event.person_id, now)):
        raise Problem(Category.CONFLICT, "NOTHING_TO_REDEEM", OVER)
    slip_id, qr, digits = new_id(), Secret(secrets.token_urlsafe(16)), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    key_id, key = ring.current(KeyKind.OTP)
    await store.add_slip(
        tx, slip_id, event.event_id, event.person_id, now, key_id, qr.digest(), _mac(key, slip_id, digits),
        _marks(maker),
    )  # fmt: skip
    card = event.inside.card
    return Slip(
        slip_id,
        qr,
        Secret(digits),
        now + LIFE,
        chip_name(card.name_th).masked,
        f"•-••••-•••••-{card.cid[-3:-1]}-•",
    )


async def show_qr(tx: Tx, ring: KeyRing, qr: Secret[str], maker: Maker, now: datetime) -> Shown | NotRedeemed:
    """The QR code was scanned on a phone."""
    row = await store.slip_of_qr(tx, qr.digest(), now - LIFE)
    return await _shown(tx, ring, row, maker, now)


async def show_digits(
    tx: Tx, ring: KeyRing, person_id: UUID | None, born: date | None, digits: Secret[str], maker: Maker, now: datetime
) -> Shown | NotRedeemed:
    """Number, date of birth and digits were typed. The try is counted against that person's slip before it is compared.

    One answer for a person whom nobody knows, no slip, wrong digits and a wrong date, and the same statements on the
    way to it. Digits that were tried too often are destroyed; nobody can destroy the QR code by guessing. The caller
    throttles the network.
    """
    row = await store.count_slip_try(tx, person_id or NOBODY, now - LIFE, TRIES)
    event = await event_of(tx, ring, row["event_id"] if row else NOBODY)
    key = ring.get(KeyKind.OTP, row["key_id"] if row else ring.current(KeyKind.OTP)[0])
    expected = _mac(key, row["slip_id"] if row else NOBODY, typed(digits))
    is_right = hmac.compare_digest(expected, row["digits_mac"] if row else expected[::-1])
    if row is None or event is None or not is_right or event.inside.card.birth_on != born:
        return NotRedeemed("SLIP_REFUSED")
    return await _shown(tx, ring, row, maker, now)


async def confirm_contact(
    tx: Tx, ring: KeyRing, cookie: Secret[str], code: Secret[str], now: datetime
) -> UUID | NotRedeemed:
    """The code that went to the verified contact; the person whose slip it is. The try is counted first."""
    row = await store.count_redemption_try(tx, cookie.digest(), now - CODE_LIFE, CODE_TRIES)
    if row is None:
        return NotRedeemed("CODE_WRONG")
    expected = _mac(ring.get(KeyKind.OTP, row["key_id"]), row["redemption_id"], typed(code))
    if not hmac.compare_digest(expected, row["code_mac"]):
        return NotRedeemed("CODE_WRONG")
    await store.confirm_redemption(tx, row["redemption_id"], now)
    return row["person_id"]


async def person_redeeming(tx: Tx, cookie: Secret[str], now: datetime) -> UUID | None:
    """Who is on their way to an account in this browser: slip shown and code confirmed."""
    row = await store.confirmed_redemption(tx, cookie.digest(), now - REDEMPTION_LIFE)
    return row["person_id"] if row else None


async def redeem(tx: Tx, ring: KeyRing, cookie: Secret[str], now: datetime) -> Account:
    """The person bound an authenticator: the slip is used up, the event counts, the account has its level.

    Sessions that there were end; a frozen account works again, without what was bound to it before; the contact that
    the counter verified is kept. Raises Problem TOO_YOUNG, and SLIP_REFUSED when the way here was not gone, or somebody
    was faster.
    """
    row = await store.confirmed_redemption(tx, cookie.digest(), now - REDEMPTION_LIFE)
    slip = await store.slip(tx, row["slip_id"]) if row else None
    event = await event_of(tx, ring, slip["event_id"]) if slip else None
    known = await account_of(tx, slip["person_id"], now) if slip else None
    if row is None or slip is None or event is None or not _counts(event, known):
        raise Problem(Category.FORBIDDEN, "SLIP_REFUSED", Words("ใบนี้ใช้ไม่ได้แล้ว", "this slip does not count any more"))
    demand_age(event, now)
    person_id = event.person_id
    if known and known.frozen_at:
        await reopen(tx, ring, person_id, known.frozen_at, now)
    await end_all(tx, person_id, now)
    await store.end_slip(tx, slip["slip_id"], now)
    await store.drop_redemption(tx, row["redemption_id"])
    await store.set_redeemed(tx, slip["event_id"], now)
    await _keep_contact(tx, ring, event, now)
    level, until = await level_on(tx, ring, person_id, now.astimezone(BANGKOK).date())
    return await open_account(tx, ring, person_id, ial=level, table=CURRENT, now=now, until=until)


def is_of_age(event: ProofingEvent, now: datetime) -> bool:
    """Whether who was proofed has an account of their own; for a child it is a guardian who was proofed with it."""
    card = event.inside.card
    return may_sign_in(card.birth_on, card.birth_known, now.astimezone(BANGKOK).date())


def demand_age(event: ProofingEvent, now: datetime) -> None:
    """Raise Problem TOO_YOUNG for a child."""
    if not is_of_age(event, now):
        age = current_ages().own_sign_in
        words = Words(
            f"ผู้ที่อายุต่ำกว่า {age} ปียังมีบัญชีของตนเองไม่ได้ ผู้ปกครองยืนยันความเป็นผู้ปกครองที่จุดบริการ",
            f"who is younger than {age} has no account of their own; a guardian proves guardianship at a counter",
        )
        raise Problem(Category.FORBIDDEN, "TOO_YOUNG", words)


def _counts(event: ProofingEvent, account: Account | None) -> bool:
    """Whether it may open an account: what was proofed before fraud or a death was reported opens nothing again."""
    frozen_at = account.frozen_at if account else None
    return event.withdrawn_at is None and (frozen_at is None or event.at >= frozen_at)


async def _keep_contact(tx: Tx, ring: KeyRing, event: ProofingEvent, now: datetime) -> None:
    if not event.inside.contact:
        return
    contact = Secret(event.inside.contact)
    if all(one.value != contact for one in await contacts_of(tx, ring, event.person_id)):
        await keep_contact(tx, ring, event.person_id, ContactKind.MOBILE, contact, now)


async def _shown(tx: Tx, ring: KeyRing, row: Row | None, maker: Maker, now: datetime) -> Shown | NotRedeemed:
    event = await event_of(tx, ring, row["event_id"]) if row else None
    if row is None or event is None or not _counts(event, await account_of(tx, event.person_id, now)):
        return NotRedeemed("SLIP_REFUSED")
    if same := set(_marks(maker)).intersection(bytes(mark) for mark in row["maker"]):
        if same != set(_marks(Maker("", "", maker.network))):  # more than a network, which a whole hospital may share
            await store.end_slip(tx, row["slip_id"], now)
        return NotRedeemed("SAME_PLACE", event)
    if not event.inside.contact:
        return NotRedeemed("SLIP_REFUSED")
    if await store.count_shown(tx, row["slip_id"], now - SHOWN_AGAIN) >= SHOWN_MOST:
        return NotRedeemed("SHOWN_OFTEN")
    redemption_id, cookie, code = new_id(), Secret(secrets.token_urlsafe(32)), new_code()
    key_id, key = ring.current(KeyKind.OTP)
    await store.add_redemption(
        tx, redemption_id, row["slip_id"], row["person_id"], now, key_id, cookie.digest(),
        _mac(key, redemption_id, code),
    )  # fmt: skip
    return Shown(cookie, Secret(code), Secret(event.inside.contact))


def _marks(maker: Maker) -> list[bytes]:
    """Hashes of where it was made. What is not known marks nothing."""
    known = (("session", maker.session), ("device", maker.device), ("network", network(maker.network)))
    return [hashlib.sha256(f"{name}\0{value}".encode()).digest() for name, value in known if value]


def _mac(key: Secret[bytes], row_id: UUID, code: str) -> bytes:
    return hmac.digest(key.reveal(), b"proofing\0" + row_id.bytes + code.encode(), "sha256")
