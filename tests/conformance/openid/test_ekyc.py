"""OpenID Connect for Identity Assurance 1.0: the modules of the OpenID Foundation's plan for providers."""

import json
import secrets
from typing import Any

import pytest

from conformance.openid.party import checked, fapi, told
from conformance.openid.verified_rules import holds_to_request, holds_to_schema
from doors.relying import CARD, CID, House

pytestmark = pytest.mark.asyncio(loop_scope="session")

VERIFICATION: dict[str, Any] = {"trust_framework": None}
Told = tuple[dict[str, Any], dict[str, Any]]


async def asks(house: House, *, id_token: Any = None, userinfo: Any = None) -> Told:
    """What ID token and userinfo say when `verified_claims` is asked for so."""
    party, browser = await fapi(house)
    places = {"id_token": id_token, "userinfo": userinfo}
    asked = {place: {"verified_claims": one} for place, one in places.items() if one is not None}
    return await told(house, party, browser, claims=json.dumps(asked, ensure_ascii=False))


async def answer_to(house: House, claims: dict[str, Any], verification: dict[str, Any] = VERIFICATION) -> Any:
    """`verified_claims` of both places, which say the same; None for neither."""
    asked = {"verification": verification, "claims": claims}
    id_token, userinfo = await asks(house, id_token=asked, userinfo=asked)
    assert id_token.get("verified_claims") == userinfo.get("verified_claims")
    found = id_token.get("verified_claims")
    if found is not None:
        holds_to_schema(found)
        holds_to_request(found, asked)
    return found


async def metadata(house: House) -> dict[str, Any]:
    """What the provider says of itself (IDA 1.0, provider metadata)."""
    said = (await house.browser().http.get("/.well-known/openid-configuration")).json()
    assert said["verified_claims_supported"] is True and said["claims_parameter_supported"] is True
    assert said["trust_frameworks_supported"] == ["th_etda"]
    assert said["evidence_supported"] == ["document"] and said["documents_supported"] == ["idcard"]
    assert set(said["claims_in_verified_claims_supported"]) <= set(said["claims_supported"])
    assert set(said["documents_check_methods_supported"]) <= {"vpip", "vcrypt", "data", "pvp", "bvp"}
    return said


async def test_ekyc_server_happypath(house: House) -> None:
    """IDA 1.0, requesting claims: every claim that the metadata names is told, with what it was verified by."""
    names = (await metadata(house))["claims_in_verified_claims_supported"]
    found = await answer_to(house, dict.fromkeys(names))
    assert found["verification"] == {"trust_framework": "th_etda"}
    card = {"given_name": "มาลี", "family_name": "สมมติ", "birthdate": "1959-04-09", "gender": "female", "pid": CID}
    assert {name: found["claims"][name] for name in card} == card
    assert set(found["claims"]) == set(names) - {"middle_name"}  # she has none


async def test_ekyc_server_happypath_emptyobject(house: House) -> None:
    """IDA 1.0, requesting claims: `{}` in place of `null` asks for the same."""
    assert (await answer_to(house, {"given_name": {}, "birthdate": {}}))["claims"] == {"given_name": "มาลี", "birthdate": "1959-04-09"}  # fmt: skip  # noqa: E501
    found = await answer_to(house, {"given_name": {}}, {"trust_framework": {}, "time": {}, "assurance_level": {}})
    assert set(found["verification"]) == {"trust_framework", "time", "assurance_level"}


async def test_ekyc_server_happypath_essentialfalse(house: House) -> None:
    """IDA 1.0, requesting claims; Core, 5.5.1: `essential` false asks for the same as nothing said."""
    found = await answer_to(house, {"given_name": {"essential": False}, "family_name": {"essential": True}})
    assert found["claims"] == {"given_name": "มาลี", "family_name": "สมมติ"}


async def test_ekyc_server_unknown_claim_omitted(house: House) -> None:
    """IDA 1.0, returning less: a claim that nobody knows is left out; the others are told."""
    assert (await answer_to(house, {"given_name": None, "shoe_size": None}))["claims"] == {"given_name": "มาลี"}
    assert await answer_to(house, {"shoe_size": None}) is None


async def test_ekyc_server_unknown_essential_claim_omitted(house: House) -> None:
    """IDA 1.0, returning less: left out all the same when it is essential; it is no error."""
    assert (await answer_to(house, {"given_name": None, "shoe_size": {"essential": True}}))["claims"] == {"given_name": "มาลี"}  # fmt: skip  # noqa: E501
    assert await answer_to(house, {"shoe_size": {"essential": True}}) is None


async def test_ekyc_server_unknown_claim_specialchars_omitted(house: House) -> None:
    """IDA 1.0, returning less: a name of any characters is left out, and breaks nothing."""
    for name in ("!@#$%^&*()_+-={}[]|\\:;<>,.?/~`'\"", "given_name#", "ชื่อ", "verified_claims", "\u0000", "😀", " "):
        assert (await answer_to(house, {"given_name": None, name: None}))["claims"] == {"given_name": "มาลี"}, name


async def test_ekyc_server_one_claim_with_random_value_omitted(house: House) -> None:
    """IDA 1.0, returning less: a claim with another value than was asked for is left out; alone, with everything."""
    for condition in ({"value": secrets.token_hex(8)}, {"values": [secrets.token_hex(8)]}, {"value": None}, {"value": 1}):  # fmt: skip  # noqa: E501
        assert await answer_to(house, {"given_name": condition}) is None
        found = await answer_to(house, {"given_name": condition, "family_name": {"values": ["x", "สมมติ"]}})
        assert found["claims"] == {"family_name": "สมมติ"}
    assert (await answer_to(house, {"given_name": {"value": "มาลี"}}))["claims"] == {"given_name": "มาลี"}


async def test_ekyc_server_request_only_in_idtoken(house: House) -> None:
    """IDA 1.0, requesting claims: what is asked of the ID token alone is not told at userinfo."""
    asked = {"verification": VERIFICATION, "claims": {"given_name": None}}
    id_token, userinfo = await asks(house, id_token=asked)
    assert id_token["verified_claims"]["claims"] == {"given_name": "มาลี"} and "verified_claims" not in userinfo


async def test_ekyc_server_request_only_in_userinfo(house: House) -> None:
    """IDA 1.0, requesting claims: what is asked of userinfo alone is not told in the ID token."""
    asked = {"verification": VERIFICATION, "claims": {"given_name": None}}
    id_token, userinfo = await asks(house, userinfo=asked)
    assert userinfo["verified_claims"]["claims"] == {"given_name": "มาลี"} and "verified_claims" not in id_token


USERS = {
    "verification": {
        "trust_framework": {"value": "th_etda"},
        "assurance_level": {"values": ["ial2.2", "ial2.3", "ial3"], "essential": True},
        "time": {"max_age": 63113852, "essential": True},
        "assurance_process": {"policy": {"value": "etda-2564"}, "procedure": None},
        "evidence": [
            {
                "type": {"value": "document"},
                "check_details": [{"check_method": {"value": "data"}, "time": None}],
                "document_details": {
                    "type": {"value": "idcard"},
                    "issuer": {"country_code": {"value": "THA"}, "name": None},
                    "date_of_issuance": {"max_age": 315360000},
                    "date_of_expiry": None,
                },
            }
        ],
    },
    "claims": {"name": {"essential": True}, "birthdate": None, "family_name#en": {"value": "Sommut"}},
}


async def test_ekyc_server_testuserprovidedrequest(house: House) -> None:
    """IDA 1.0, constraints: a whole request with conditions on every level is answered as asked."""
    id_token, userinfo = await asks(house, id_token=USERS, userinfo=[USERS])
    found = id_token["verified_claims"]
    assert userinfo["verified_claims"] == [found]  # a list is answered with a list
    holds_to_schema(found)
    holds_to_request(found, USERS)
    assert found["claims"] == {"name": "นางมาลี สมมติ", "birthdate": "1959-04-09", "family_name#en": "Sommut"}
    verification = found["verification"]
    assert verification["assurance_level"] == "ial2.3" and set(verification) == set(USERS["verification"])
    (evidence,) = verification["evidence"]
    assert [check["check_method"] for check in evidence["check_details"]] == ["data"]
    assert evidence["document_details"] == {
        "type": "idcard", "issuer": {"country_code": "THA", "name": CARD.issuer}, "date_of_issuance": "2022-01-01",
        "date_of_expiry": "2030-01-01",
    }  # fmt: skip


async def test_ekyc_server_testbasedonuserinfo_defaults(house: House) -> None:
    """IDA 1.0, requesting claims: a request made of what the person's record holds is answered with all of it."""
    party, browser = await fapi(house)
    _, plain = await told(house, party, browser, scope="openid profile address pid")
    known = {name: value for name, value in plain.items() if name not in ("sub", "ial", "aal")}
    conditions = {name: {"value": value} for name, value in known.items()}
    whole = {"trust_framework": None, "assurance_level": None, "time": None, "assurance_process": None, "evidence": None}  # fmt: skip  # noqa: E501
    found = await answer_to(house, conditions, whole)
    assert found["claims"] == known and set(found["verification"]) == set(whole)
    assert found["verification"]["assurance_level"] == f"ial{plain['ial']}"


async def test_ekyc_server_test_userinfo_notfoundinop(house: House) -> None:
    """IDA 1.0, returning less: where a condition on the verification does not hold nothing is told, nor fails."""
    unmet: list[dict[str, Any]] = [
        {"trust_framework": {"value": secrets.token_hex(8)}},
        {"trust_framework": {"values": ["eidas", "uk_diatf"]}},
        VERIFICATION | {"assurance_level": {"value": "ial3"}},
        VERIFICATION | {"time": {"max_age": 0}},
        VERIFICATION | {"trust_framework": {"max_age": 1}},
        VERIFICATION | {"verification_process": {"value": secrets.token_hex(8)}},
        VERIFICATION | {"assurance_process": {"policy": {"value": "another"}}},
        VERIFICATION | {"evidence": [{"type": {"value": "electronic_record"}}]},
        VERIFICATION | {"evidence": [{"type": None, "document_details": {"type": {"value": "passport"}}}]},
        VERIFICATION | {"evidence": [{"type": None, "document_details": {"serial_number": {"value": "1"}}}]},
        VERIFICATION | {"evidence": [{"type": None, "document_details": {"date_of_issuance": {"max_age": 60}}}]},
        VERIFICATION | {"evidence": [{"type": None, "check_details": [{"check_method": {"value": "kbv"}}]}]},
    ]
    house.later(seconds=2)
    for verification in unmet:
        assert await answer_to(house, {"given_name": None}, verification) is None, verification
    some = VERIFICATION | {"evidence": [{"type": {"value": "vouch"}}, {"type": {"value": "document"}}]}
    assert (await answer_to(house, {"given_name": None}, some))["verification"]["evidence"] == [{"type": "document"}]
    party, browser = await fapi(house, scopes=("openid", "profile"))
    asked = {"userinfo": {"verified_claims": {"verification": VERIFICATION, "claims": {"pid": None}}}}
    tokens = await house.tokens(browser, party, claims=json.dumps(asked))
    await checked(house, party, tokens)
    assert "verified_claims" not in (await party.userinfo(tokens["access_token"])).json()
