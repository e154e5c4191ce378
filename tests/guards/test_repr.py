"""No value of the platform prints what it holds of a person, nor a secret."""

import importlib
import pkgutil
import traceback
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
import pytest

import morprom
from morprom.access.controls import Claimant
from morprom.access.model import Actor, Ground, Permit, Request, Sharing, Tier
from morprom.access.owner import Controls, Report
from morprom.assurance import Aal, Ial, Levels
from morprom.audit import Basis, Content, Entry, Outcome
from morprom.audit.model import Line
from morprom.doors.reader.web_app import Code
from morprom.identity import HealthIdSession
from morprom.intake.model import Ledgered, Part, Submission
from morprom.intake.plan import Change
from morprom.kernel import Cid, Hcode, Secret, Settings
from morprom.mophphr import ITEM_CALLS, ItemsUpload, Upload, payload, view_allergies, view_sources
from morprom.mophphr.model import ItemPart, PersonNumber, VisitPart
from morprom.mophphr.view_facts import Word
from morprom.mophphr.view_items import Item
from morprom.mophphr.view_names import Name
from morprom.mophphr.view_record import Reading
from morprom.mophphr.view_sources import Source
from morprom.people import Identifier, Notice, Person, Scheme
from morprom.record import Document, Kind, Seeing
from morprom.recordstore import VisitName
from morprom.recordstore.disputes import Disputed
from morprom.storage import DataKey
from morprom.storage.keyring import KeyRing, RingDocument
from morprom.units import Account, Attempt
from morprom_wire.cid import check_digit
from privacy import found_in

DIGITS = "199000000001" + str(check_digit("199000000001"))
NAME = "สมศรี"
SECRET = "s3cr3t-material"
NOW = datetime(2026, 4, 1, tzinfo=UTC)
CONTENT = f'{{"name":"{NAME}","cid":"{DIGITS}"}}'.encode()
PERSON = Person(UUID(int=1), DataKey(1, Secret(SECRET.encode().ljust(32))))
IDENTIFIER = Identifier(Scheme.CID, DIGITS)
PART = Part(Kind.VISIT, b"r" * 16, CONTENT, Ledgered(b"r" * 24, date(2026, 4, 1)))
ACTOR = Actor(UUID(int=2), "10670", NAME)
SEEING = Seeing(sensitive=True, free_text=True, masked=True)
HISTORY = Entry(Basis.OTP, Outcome.PERMITTED, Content(action="Encounter", who=NAME, client=SECRET), UUID(int=1))
DOCUMENT = Document(Kind.VISIT, "10670", CONTENT, 1, NOW, NOW)

LEVELS = Levels(Ial.CHIP_AND_FACE, Aal.CRYPTOGRAPHIC, NOW)
SESSION = HealthIdSession(UUID(int=4), UUID(int=1), "an-app", frozenset({"phr.read"}), LEVELS, NOW)

VALUES = {
    "Cid": Cid(DIGITS),
    "Secret of text": Secret(SECRET),
    "Secret of bytes": Secret(SECRET.encode()),
    "DataKey": PERSON.data_key,
    "Settings": Settings(database_url=f"postgresql://morprom:{SECRET}@db.example/morprom", password_hash_key=SECRET),
    "Person": PERSON,
    "Identifier": IDENTIFIER,
    "Notice": Notice(kind="otp", text_th=NAME, text_en=DIGITS, code="KP123456"),
    "Document": DOCUMENT,
    "Reading": Reading([DOCUMENT], SEEING, DIGITS, {}, str, date(2026, 4, 1)),
    "Item": Item(DOCUMENT, {"name": NAME}, {"name": NAME, "cid": DIGITS}, {"text": NAME}),
    "Word": Word("/name", NAME),
    "Name": Name("", NAME, "", NAME, NAME, "TH"),
    "Source": Source("10670", NOW, NOW, NOW, True, view_sources.Patient(name=NAME, identifier=DIGITS)),
    "an allergy's Statement": view_allergies.Statement("10670", "report", {"code": NAME}, NOW, NOW),
    "Part": PART,
    "Submission": Submission(IDENTIFIER, "10670", (PART,), "UpdatePHRv1"),
    "Change": Change(PERSON, "10670", PART, 1, b"h" * 16),
    "PersonNumber": PersonNumber("cid", DIGITS),
    "VisitPart": VisitPart("10670:V1", date(2026, 4, 1), False, CONTENT),
    "Upload": Upload(
        hcode=Hcode("10670"), identifiers=(PersonNumber("cid", DIGITS),), patient=CONTENT, visits=(),
        allergies=CONTENT, is_whole_history=False, agent="agent", findings=(),
    ),
    "ItemPart": ItemPart("C1", None, CONTENT, "001", DIGITS, SECRET),
    "ItemsUpload": ItemsUpload(
        call=ITEM_CALLS["caregiver"], hcode=Hcode("10670"), identifiers=(PersonNumber("cid", DIGITS),),
        items=(ItemPart(DIGITS, None, CONTENT, "", DIGITS, SECRET),), is_whole_list=False, agent="agent", findings=(),
    ),
    "payload.Patient": msgspec.convert({"name": NAME, "identifier": DIGITS}, payload.Patient),
    "payload.HumanName": payload.HumanName(given=NAME),
    "Content": HISTORY.content,
    "Entry": HISTORY,
    "Line": Line(UUID(int=3), NOW, HISTORY),
    "Actor": ACTOR,
    "Request": Request(PERSON, ACTOR, Ground.OTP, Tier.T3, Sharing()),
    "Permit": Permit(PERSON, ACTOR, Basis.OTP, Tier.T3, SEEING, 1, None, None),
    "Claimant": Claimant(PERSON, SESSION),
    "Controls": Controls(masked=(DIGITS,), reported=(Report(DIGITS, NAME, NOW),)),
    "Report": Report(DIGITS, NAME, NOW),
    "VisitName": VisitName("10670", DIGITS, Secret(SECRET.encode())),
    "Disputed": Disputed("10670:V1", None, NOW, NAME),
    "Code": Code(Cid(DIGITS), ACTOR, "KP123456"),
    "Account": Account(UUID(int=2), Hcode("10670"), DIGITS, NAME, frozenset(), True, True, 1, None),
    "Attempt": Attempt(DIGITS, Secret(SECRET), "10670", "203.0.113.7"),
}  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
def test_a_value_hides_what_is_personal_or_secret(name: str) -> None:
    value = VALUES[name]
    for text in (repr(value), str(value), f"{value}", f"{value!r:>60}", repr([value]), repr({"value": value})):
        assert found_in(text) == []
        assert SECRET not in text


def test_a_ring_hides_its_keys(ring: KeyRing) -> None:
    keys = ring.keys("otp")
    for value in (keys[0], RingDocument({}), keys, ring, ring.all("otp")):
        assert keys[0].material not in repr(value)
        assert repr(ring.current("otp")[1].reveal()) not in repr(value)


def test_a_number_that_is_no_cid_is_refused_without_being_told() -> None:
    with pytest.raises(ValueError, match="not a citizen number") as refused:
        Cid(DIGITS[:-1] + "x")
    assert DIGITS[:-1] not in "".join(traceback.format_exception(refused.value))


def test_every_value_with_a_name_of_a_secret_thing_hides_it() -> None:
    """Fields that are called after what they hold, in every class of the platform."""
    telling = {"cid", "digits", "login", "password", "password_hash", "material", "given", "family", "who"}
    for module in pkgutil.walk_packages(morprom.__path__, "morprom."):
        if "synth" in module.name or "demo" in module.name:
            continue  # invented people and their passwords
        for found in vars(importlib.import_module(module.name)).values():
            fields = getattr(found, "__dataclass_fields__", {})
            shown = {name for name, field in fields.items() if field.repr and telling & {name}}
            types = {fields[name].type for name in shown}
            assert types <= {Cid, "Cid", Secret[str], "Secret[str]"}, f"{found} shows {shown}"
            if isinstance(found, type) and issubclass(found, msgspec.Struct) and telling & set(found.__struct_fields__):
                assert "__repr__" in {name for base in found.__mro__[:-2] for name in vars(base)}, f"{found} shows all"
