"""Identity assurance: of whom nothing may be vouched for, and requests that are not what the specification has."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from conformance.openid.party import HYBRID, fapi, refused, told
from conformance.openid.verified_rules import holds_to_schema
from doors.relying import CARD, CHECKS, House, proofed
from morprom.accounts import Device, start_session
from morprom.assurance import Checks, Ial
from morprom.proofing.events import withdraw

pytestmark = pytest.mark.asyncio(loop_scope="session")

WHOLE = {"trust_framework": None, "assurance_level": None, "evidence": None}
CLAIMS = {"given_name": None}


async def vouched(house: House, person: UUID, verification: dict[str, Any] = WHOLE, *, ial_at_most: Ial | None = None) -> Any:  # fmt: skip  # noqa: E501
    """`verified_claims` of a person in both places, None for neither, and the level of the session."""
    party, browser = await house.party(), house.browser()
    async with house.database.transaction() as tx:
        started = await start_session(
            tx, house.ring, person, amr=HYBRID, device=Device(agent="a test", address="203.0.113.7"),
            now=house.time.now(), ial_at_most=ial_at_most,
        )  # fmt: skip
    browser.sit(started.cookie)
    asked = {"verified_claims": {"verification": verification, "claims": CLAIMS}}
    claims, info = await told(house, party, browser, claims=json.dumps({"id_token": asked, "userinfo": asked}))
    assert claims.get("verified_claims") == info.get("verified_claims") and claims["ial"] == info["ial"]
    if "verified_claims" in info:
        holds_to_schema(info["verified_claims"])
        assert info["verified_claims"]["verification"].get("assurance_level", f"ial{info['ial']}") == f"ial{info['ial']}"  # fmt: skip  # noqa: E501
    return info.get("verified_claims")


async def test_nobody_is_vouched_for_once_the_proofing_was_withdrawn(house: House) -> None:
    person = await proofed(house.database, house.ring, house.time)
    assert (await vouched(house, person))["verification"]["assurance_level"] == "ial2.3"
    async with house.database.transaction() as tx:
        await withdraw(tx, house.ring, person, house.time.now())
    assert await vouched(house, person) is None


async def test_nobody_is_vouched_for_once_the_card_has_expired(house: House) -> None:
    today = house.time.now().date()
    card = msgspec.structs.replace(CARD, expires_on=date.fromordinal(today.toordinal() + 1))
    person = await proofed(house.database, house.ring, house.time, card)
    assert await vouched(house, person)
    house.later(days=2)
    assert await vouched(house, person) is None


@pytest.mark.parametrize(
    "checks",
    [
        Checks(),
        Checks(evidence="id-card", appearance=True),
        msgspec.structs.replace(CHECKS, dopa_status="not-valid"),
        msgspec.structs.replace(CHECKS, evidence="none"),
    ],
    ids=["nothing checked", "card shown", "card refused", "no card"],
)
async def test_what_nobody_checked_with_its_issuer_is_not_vouched_for(house: House, checks: Checks) -> None:
    person = await proofed(house.database, house.ring, house.time, checks=checks)
    assert await vouched(house, person) is None


async def test_a_lower_level_is_vouched_for_as_what_it_is(house: House) -> None:
    checks = Checks(evidence="id-card", appearance=True, dopa_status="valid", dopa_by="laser-code", channel="remote")
    person = await proofed(house.database, house.ring, house.time, checks=checks)
    found = await vouched(house, person)
    assert found["verification"]["assurance_level"] == "ial1.3"
    wanted = WHOLE | {"assurance_level": {"values": ["ial2.3", "ial3"]}}
    assert await vouched(house, person, wanted) is None


async def test_a_session_that_is_worth_less_than_the_proofing_has_nothing_vouched_for(house: House) -> None:
    assert await vouched(house, house.malee, ial_at_most=Ial.CARD_CHECKED) is None
    assert await vouched(house, house.malee, ial_at_most=Ial.CHIP_AND_FACE)


async def test_evidence_of_another_kind_is_left_out_not_made_up(house: House) -> None:
    checks = Checks(
        evidence="birth-certificate", appearance=True, guardian=True, second_officer=True, channel="counter"
    )
    person = await proofed(house.database, house.ring, house.time, checks=checks)
    found = await vouched(house, person)
    assert found["verification"] == {"trust_framework": "th_etda", "assurance_level": "ial2.1"}
    assert await vouched(house, person, WHOLE | {"evidence": [{"type": {"value": "document"}}]}) is None


async def test_who_the_officer_was_and_where_is_told_to_nobody(house: House) -> None:
    found = json.dumps(await vouched(house, house.malee, WHOLE | {"time": None, "assurance_process": None}))
    assert "ว.1" not in found and "organization" not in found and "document_number" not in found


GOOD = {"verification": {"trust_framework": None}, "claims": {"given_name": None}}


@pytest.mark.parametrize(
    "asked",
    [
        None, [], [None], "yes", 1, True, {}, {"claims": {"given_name": None}}, {"verification": {}, "claims": {}},
        GOOD | {"verification": None}, GOOD | {"verification": []}, GOOD | {"verification": {"time": None}},
        GOOD | {"verification": {"trust_framework": "th_etda"}}, GOOD | {"verification": {"trust_framework": True}},
        GOOD | {"verification": {"trust_framework": {"values": "th_etda"}}},
        GOOD | {"verification": {"trust_framework": None, "time": {"max_age": -1}}},
        GOOD | {"verification": {"trust_framework": None, "time": {"max_age": "60"}}},
        GOOD | {"verification": {"trust_framework": None, "time": {"max_age": 1.5}}},
        GOOD | {"verification": {"trust_framework": None, "time": {"max_age": True}}},
        GOOD | {"verification": {"trust_framework": None, "evidence": []}},
        GOOD | {"verification": {"trust_framework": None, "evidence": ["document"]}},
        GOOD | {"claims": "given_name"}, GOOD | {"claims": ["given_name"]}, GOOD | {"claims": {"given_name": True}},
        GOOD | {"claims": {"given_name": {"essential": "yes"}}}, [GOOD, {}],
    ],
    ids=lambda asked: json.dumps(asked)[:60],
)  # fmt: skip
async def test_a_request_that_is_none_is_refused_before_anybody_is_asked(house: House, asked: Any) -> None:
    party = await house.party(profile="fapi2")
    for place in ("id_token", "userinfo"):
        reply = await party.push(party.asked(claims=json.dumps({place: {"verified_claims": asked}})))
        refused(reply, "invalid_request")


async def test_a_request_may_be_as_deep_as_somebody_likes(house: House) -> None:
    party = await house.party(profile="fapi2")
    for depth in (30, 400, 900, 1900):
        deep: Any = "[" * depth + "null" + "]" * depth
        objects = '{"a":' * depth + "null" + "}" * depth
        for nested in (deep, objects):
            verification = f'{{"trust_framework":null,"evidence":{nested}}}'
            claims = f'{{"userinfo":{{"verified_claims":{{"verification":{verification},"claims":{{}}}}}}}}'
            reply = await party.push(party.asked(claims=claims))
            refused(reply, "invalid_request")


async def test_two_requests_at_once_are_answered_each(house: House) -> None:
    party, browser = await fapi(house)
    other = GOOD | {"verification": {"trust_framework": {"value": "another"}}}
    later = {"verification": {"trust_framework": None, "time": None}, "claims": {"family_name": None}}
    asked = json.dumps({"userinfo": {"verified_claims": [GOOD, other, later]}})
    _, info = await told(house, party, browser, claims=asked)
    assert [one["claims"] for one in info["verified_claims"]] == [{"given_name": "มาลี"}, {"family_name": "สมมติ"}]
    holds_to_schema(info["verified_claims"])


async def test_what_the_schema_demands_is_told_though_nobody_asked(house: House) -> None:
    evidence = [{"document_details": {"issuer": {"country_code": None}}, "check_details": [{"time": None}]}]
    found = await vouched(house, house.malee, {"trust_framework": None, "evidence": evidence})
    (document,) = found["verification"]["evidence"]
    assert document["type"] == "document" and set(document) == {"type", "document_details", "check_details"}
    assert document["document_details"] == {"type": "idcard", "issuer": {"country_code": "THA"}}
    assert {frozenset(check) for check in document["check_details"]} == {frozenset(("check_method", "time"))}
