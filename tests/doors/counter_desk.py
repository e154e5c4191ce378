"""A counter for tests: officers who are signed in, a station with its key, and the simulators of demo mode."""

import re
from base64 import b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from doors.calling import services_on
from morprom.accounts import Device, open_account, start_session
from morprom.app.asgi import application, doors_of
from morprom.assurance import Amr, Ial
from morprom.doors.services import Services
from morprom.kernel import Cid, Mode, Secret, Settings
from morprom.outside import CardAnswer, CardQuestion, FaceAnswer, Outside, Sent
from morprom.outside.simulated import SimulatedCardStatus, SimulatedFaceMatch, SimulatedMessenger
from morprom.people import Identifier, Scheme, ensure
from morprom.proofing.model import CardFields
from morprom.staff import Licence, Names, Work, add_position, list_provider
from morprom.storage import Database, KeyRing
from morprom_wire.card import fingerprint, signed_bytes
from morprom_wire.cid import check_digit
from units.cast import KHON_KAEN, Time, two_hospitals

ORIGIN = "http://phr.example"
TWO = frozenset({Amr.PIN, Amr.OTP})
JPEG = b"\xff\xd8\xff\xe0 a face \xff\xd9"


def cid(middle: str) -> str:
    digits = f"19900{middle:0>7}"
    return digits + str(check_digit(digits))


CARD = CardFields(
    cid=cid("41"), name_th="นาง#มะลิ##สมมติ", name_en="Mrs.#Mali##Sommut", birth_on=date(1959, 4, 9), gender="F",
    address="99/9 หมู่ 9 ตำบลสมมติ", issuer="อำเภอสมมติ", expires_on=date(2030, 1, 1), chip_no="0123", request_no="4567",
)  # fmt: skip


@dataclass
class Station:
    """A computer at a counter: a key of its own."""

    services: Services
    station_id: str = ""
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public(self) -> bytes:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(serialization.Encoding.DER, form)

    def reading(self, nonce: str, card: CardFields = CARD, shown: bytes = JPEG, **changed: Any) -> dict[str, Any]:
        """What the page hands on of a card and the photo in its chip, signed; `changed` after the signature."""
        now = self.services.clock()
        is_simulated = bool(changed.pop("signed_simulated", False))
        fields, station_id = msgspec.json.encode(card), UUID(self.station_id)
        signed = signed_bytes(station_id, nonce, now, fields, shown, is_simulated=is_simulated)
        made = {
            "station_id": self.station_id, "nonce": nonce, "read_at": now.isoformat(timespec="milliseconds"),
            "fields": b64encode(fields).decode(), "photo": b64encode(shown).decode(),
            "signature": b64encode(self.private.sign(signed, ec.ECDSA(hashes.SHA256()))).decode(),
            "is_simulated": "true" if is_simulated else "false",
        }  # fmt: skip
        return made | changed


class Officer:
    """An officer's browser."""

    def __init__(self, services: Services, app: Any, address: str = "203.0.113.7") -> None:
        self.services = services
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 50000))
        self.http = httpx.AsyncClient(transport=transport, base_url=ORIGIN)
        self.person_id = UUID(int=0)
        self.token = ""
        self.unit: str = KHON_KAEN

    async def get(self, path: str) -> httpx.Response:
        """A page of the counter of this officer's unit, or a whole path."""
        reply = await self.http.get(self._path(path))
        self._keep(reply)
        return reply

    async def post(
        self, path: str, /, *, token: str | None = None, headers: Any = None, **fields: str
    ) -> httpx.Response:
        """A form, with the token that this browser was given."""
        data = {"form": self.token if token is None else token, **fields}
        reply = await self.http.post(self._path(path), data=data, headers=headers)
        self._keep(reply)
        return reply

    async def begin(self, path: str = "card") -> str:
        """Start a case; where it is."""
        reply = await self.post("/case", path=path)
        assert reply.status_code == 303, reply.text
        return reply.headers["location"].removeprefix(f"/counter/{self.unit}")

    async def nonce(self, case: str, station: Station) -> str:
        """A nonce for one reading."""
        reply = await self.post(f"{case}/nonce", station_id=station.station_id)
        assert reply.status_code == 200, reply.text
        return reply.json()["nonce"]

    async def read(self, station: Station, card: CardFields = CARD, path: str = "card") -> str:
        """A case whose card was read."""
        case = await self.begin(path)
        reply = await self.post(f"{case}/reading", **station.reading(await self.nonce(case, station), card))
        assert reply.status_code == 303, reply.text
        return case

    async def verify_contact(self, case: str, number: str = "0800000041") -> None:
        """Send a code, read it on the simulated phone, type it back."""
        shown = await self.post(f"{case}/contact", mobile=number)
        code = re.search(r'id="sms">(\d{6}) ', shown.text)
        assert code, shown.text
        back = await self.post(f"{case}/code", code=code[1])
        assert back.status_code == 303, back.text

    async def whole(self, station: Station, card: CardFields = CARD) -> str:
        """The usual case, ready to be sealed."""
        case = await self.read(station, card)
        assert (await self.post(f"{case}/face", matches="yes")).status_code == 303
        await self.verify_contact(case)
        return case

    def _path(self, path: str) -> str:
        return path if path.startswith(("/counter", "/id")) else f"/counter/{self.unit}{path}"

    def _keep(self, reply: httpx.Response) -> None:
        if found := re.search(r'name="form-token" content="([^"]+)"', reply.text):
            self.token = found[1]


@dataclass
class Counter:
    """Two hospitals; the first has officers and a station."""

    database: Database
    ring: KeyRing
    services: Services
    app: Any
    time: Time
    station: Station

    async def person(self, number: str) -> UUID:
        """Somebody with an account."""
        async with self.database.transaction() as tx:
            person = await ensure(tx, self.ring, Identifier(Scheme.CID, number))
            await open_account(
                tx, self.ring, person.person_id, ial=Ial.CHIP_AND_FACE, table="etda-2564", now=self.time.now()
            )
        return person.person_id

    async def officer(
        self, middle: str, *, unit: str = KHON_KAEN, amr: frozenset[Amr] = TWO, appointed: bool = True,
        licence_until: date | None = date(2027, 1, 1), may_proof: bool = True,
    ) -> Officer:  # fmt: skip
        """A nurse who is signed in."""
        officer = Officer(self.services, self.app)
        officer.person_id = await self.person(cid(middle))
        now = self.time.now()
        licence = Licence(council="02", number=f"พย.{middle}", expires_on=licence_until)
        async with self.database.transaction() as tx:
            if appointed:
                names = Names(title_th="นางสาว", first_th=f"พยาบาล{middle}", last_th="สมมุติ")
                await list_provider(tx, self.ring, officer.person_id, names, now)
                work = Work(title="พยาบาลวิชาชีพ", licence=licence, may_proof=may_proof)
                await add_position(tx, self.ring, officer.person_id, unit, work, now)
            device = Device(agent="test", address="203.0.113.7", key="")
            started = await start_session(tx, self.ring, officer.person_id, amr=amr, device=device, now=now)
        officer.http.cookies.set("morprom", started.cookie.reveal())
        officer.unit = unit
        await officer.get("/counter")
        if not officer.token:
            await officer.get(f"/counter/{unit}")
        return officer

    async def enrol(self, officer: Officer, station: Station) -> None:
        """Enrol a station as an officer does."""
        await officer.get("/stations")
        reply = await officer.post(
            "/stations", name="เคาน์เตอร์ 1", public_key=b64encode(station.public).decode(),
            fingerprint=fingerprint(station.public),
        )  # fmt: skip
        assert reply.status_code == 303, reply.text
        page = (await officer.get("/stations")).text
        found = re.search(r"/stations/([0-9a-f-]{36})/end", page)
        assert found
        station.station_id = found[1]


class Silent:
    """Services of others that cannot be reached."""

    is_simulated = False

    async def ask(self, question: CardQuestion) -> CardAnswer:
        raise NotImplementedError

    async def compare(self, cid: Cid, chip_photo: Secret[bytes], live_photo: Secret[bytes]) -> FaceAnswer:
        return FaceAnswer(reached=False)

    async def send(self, to: Secret[str], text: Secret[str], key: str) -> Sent:
        return Sent.UNREACHABLE


@asynccontextmanager
async def counter_on(
    database: Database, url: str, ring: KeyRing, mode: Mode = Mode.DEMO, origin: str = ORIGIN
) -> AsyncGenerator[Counter]:
    """A platform with two hospitals. In demo mode what is outside is simulated."""
    await two_hospitals(database, ring)
    time, settings = Time(), Settings(mode=mode, public_url=origin)
    async with services_on(url, ring, time, settings) as opened:
        services = opened
        if mode is Mode.DEMO:
            outside = Outside(
                card_status=SimulatedCardStatus(settings), face=SimulatedFaceMatch(settings),
                sms=SimulatedMessenger(settings), line=SimulatedMessenger(settings),
            )  # fmt: skip
            services = replace(opened, outside=outside)
        app = application(services, doors_of(settings))
        yield Counter(database, ring, services, app, time, Station(services))


def later(counter: Counter, **passed: float) -> None:
    """Let time pass."""
    counter.time.unix += timedelta(**passed).total_seconds()
