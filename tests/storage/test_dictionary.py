"""What ships beside the code to pack visits with must say nothing about anybody."""

import hashlib
import json
import re
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from random import Random

import pytest

import payload_facts
from morprom.kernel import Secret, new_id
from morprom.storage.seal import DataKey, newest_dictionary, seal, unseal
from morprom.synth import names
from payloads import VENDORS, visit_upload

FILES = sorted(
    (file for file in (resources.files("morprom.storage") / "dictionaries").iterdir() if file.name.endswith(".zdict")),
    key=lambda file: file.name,
)
PEOPLE = {
    *names.OLD_MEN, *names.YOUNG_MEN, *names.OLD_WOMEN, *names.YOUNG_WOMEN, *payload_facts.GIVEN, *payload_facts.FAMILY,
    *(part for member in payload_facts.STAFF for part in member.split()),
}  # fmt: skip
HOSPITALS = ("99999", "99001", "10670", "13781", "11482")

by_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)


@by_file
def test_a_dictionary_is_named_after_its_content(file: Traversable) -> None:
    assert file.name.split("-")[1].removesuffix(".zdict") == hashlib.sha256(file.read_bytes()).hexdigest()[:8]


@by_file
def test_a_dictionary_holds_no_number_of_a_person_a_visit_or_a_hospital(file: Traversable) -> None:
    text = file.read_bytes().decode("utf-8", "ignore")
    assert not re.findall(r"\d{10,}", text)  # the longest of a code system are nine (SNOMED CT)
    assert not [hcode for hcode in HOSPITALS if hcode in text]


@by_file
def test_a_dictionary_holds_nobodys_name(file: Traversable) -> None:
    text = file.read_bytes().decode("utf-8", "ignore")
    long_ones = {name for name in PEOPLE if len(name) >= 5 and name in text}  # shorter ones are syllables of Thai words
    whole = {name for name in PEOPLE if re.search(rf'["(นาย|นาง|น\.ส\.|ด\.ช\.|ด\.ญ\.)"]{re.escape(name)}["\s]', text)}
    assert not long_ones | whole


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_visit_of_a_vendor_it_has_not_seen_takes_a_fifth_of_its_size_at_most(vendor: str) -> None:
    upload = visit_upload(
        vendor, Random(4), hcode="10670", cid=payload_facts.invented_cid(7), ref="690401080000", on=date(2026, 4, 1)
    )
    content = json.dumps(upload["Encounter"][0], ensure_ascii=False, separators=(",", ":")).encode()
    key, place = DataKey(1, Secret(bytes(32))), {"person_id": new_id(), "kind": 2, "ref": b"r" * 16, "version": 1}
    blob = seal(content, key, unit="10670", **place)  # type: ignore[arg-type]
    assert unseal(blob, key, unit="10670", **place) == content  # type: ignore[arg-type]
    assert newest_dictionary()
    assert len(blob) < len(content) / 5
