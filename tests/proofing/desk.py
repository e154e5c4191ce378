"""An officer at a counter with an enrolled station, a card, and the way from a slip to an account."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from morprom.kernel import Problem, Secret, new_id
from morprom.outside import CardAnswer, CardState
from morprom.proofing import cases, events, slips, stations
from morprom.proofing.model import CardFields, Maker, OpenCase, Path, Shown, Slip
from morprom.storage import KeyRing, Tx
from morprom_wire.cid import check_digit

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
UNIT = "10670"
COUNTER = Maker("officer's session", "counter computer", "203.0.113.7")
PHONE = Maker("", "malee's phone", "198.51.100.9")


def cid(middle: str) -> str:
    digits = f"19900{middle:0>7}"
    return digits + str(check_digit(digits))


CARD = CardFields(
    cid=cid("41"), name_th="นาง#มาลี##สมมติ", name_en="Mrs.#Malee##Sommut", birth_on=date(1959, 4, 9), gender="F",
    expires_on=date(2030, 1, 1), chip_no="0123", request_no="4567",
)  # fmt: skip


class Counter:
    """An officer at a counter with an enrolled station."""

    def __init__(self, tx: Tx, ring: KeyRing) -> None:
        self.tx, self.ring = tx, ring
        self.officer, self.person_id = new_id(), new_id()
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.station_id: UUID = new_id()

    async def enrol(self) -> None:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        public = self.private.public_key().public_bytes(serialization.Encoding.DER, form)
        self.station_id = await stations.enrol(
            self.tx, unit=UNIT, name="เคาน์เตอร์ 1", public_key=public, officer=self.officer, now=NOW
        )

    async def reading(
        self, card: CardFields = CARD, chip_photo: bytes = b"jpeg", at: datetime = NOW, **changed: Any
    ) -> stations.Reading:
        """What the station signs at `at`, with members changed afterwards."""
        nonce = await stations.new_nonce(self.tx, unit=UNIT, station_id=self.station_id, now=NOW)
        fields = msgspec.json.encode(card)
        signed = stations.signed_bytes(self.station_id, nonce.reveal(), at, fields, chip_photo)
        signature = self.private.sign(signed, ec.ECDSA(hashes.SHA256()))
        made = stations.Reading(self.station_id, nonce.reveal(), at, fields, chip_photo, signature)
        return msgspec.structs.replace(made, **changed)

    async def start(self, path: Path = "card") -> OpenCase:
        return await cases.start_case(self.tx, self.ring, unit=UNIT, officer=self.officer, path=path, now=NOW)

    async def with_chip(self, path: Path = "card") -> OpenCase:
        return await cases.note_reading(self.tx, self.ring, await self.start(path), await self.reading(), NOW)

    async def with_contact(self, case: OpenCase) -> OpenCase:
        case, code = await cases.ask_contact(self.tx, self.ring, case, Secret("0800000041"), NOW)
        case, is_right = await cases.note_contact(self.tx, self.ring, case, code, NOW)
        assert is_right
        return case

    async def whole(self) -> OpenCase:
        """The usual case: chip, DOPA, the officer's comparison, a contact."""
        case = await cases.note_status(self.tx, self.ring, await self.with_chip(), CardAnswer(CardState.VALID, "0"))
        case = await cases.note_officers_comparison(self.tx, self.ring, case, matches=True)
        return await self.with_contact(case)

    async def seal(self, case: OpenCase) -> events.SealedEvent:
        return await events.seal_case(self.tx, self.ring, case, person_id=self.person_id, licence="ว.12345", now=NOW)

    async def slip(self) -> Slip:
        sealed = await self.seal(await self.whole())
        return await slips.print_slip(self.tx, self.ring, sealed.event, COUNTER, NOW)


def code_of(error: pytest.ExceptionInfo[Problem]) -> str:
    return error.value.code


async def redeemed(counter: Counter, slip: Slip, now: datetime = NOW) -> UUID:
    shown = await slips.show_qr(counter.tx, counter.ring, slip.qr, PHONE, now)
    assert isinstance(shown, Shown)
    assert shown.contact.reveal() == "0800000041"
    person_id = await slips.confirm_contact(counter.tx, counter.ring, shown.cookie, shown.code, now)
    assert isinstance(person_id, UUID)
    return (await slips.redeem(counter.tx, counter.ring, shown.cookie, now)).person_id
