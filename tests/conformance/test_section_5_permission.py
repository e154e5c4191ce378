"""Section 5, getting permission to read: codes that are asked for and used, never given to who asks, spent by tries."""

import re
from typing import Any

import pytest

from conformance.house import House
from conformance.tokens import OWNER
from conformance.uploads import CID
from morprom.access import current_policy
from payloads import invented_cid

NOBODY = invented_cid(4_500_001)
CODE = re.compile(r"[A-Z]{2}\d{6}")
VALIDATE = "/api/WebApp?Action=ValidateOTP"


def post(house: House, target: str, body: dict[str, Any], by: str = "reader") -> dict[str, Any]:
    return house.ask_json("POST", target, body, by)


def same(reply: dict[str, Any]) -> dict[str, Any]:
    """A reply without what differs each time."""
    return {name: value for name, value in reply.items() if name not in ("RequestTime", "processing_time_ms")}


def test_asking_gives_no_code_to_who_asks_and_tells_nothing_of_the_person(house: House) -> None:
    known, unknown = (post(house, "/api/RequestTokenv1", {"cid": cid}) for cid in (OWNER, NOBODY))
    assert same(known) == same(unknown) and known["MessageCode"] == 200
    assert not CODE.search(str(known)) and set(known["result"]) == {"first_use_seconds", "life_seconds"}
    assert (known["result"]["first_use_seconds"], known["result"]["life_seconds"]) == (600, 3600)


def test_a_code_looks_as_clients_expect_and_is_validated(house: House) -> None:
    code = house.code_for(CID)
    assert CODE.fullmatch(code)
    result = post(house, VALIDATE, {"cid": CID, "otp": code})["result"]
    assert result["valid"] is True
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", result["expire_datetime"])


@pytest.mark.parametrize("name", ["cid", "otp"])
def test_names_of_members_have_no_case(house: House, name: str) -> None:
    code = house.code_for(CID)
    body = {"cid": CID, "otp": code}
    body[name.upper()] = body.pop(name)
    assert post(house, VALIDATE, body)["MessageCode"] == 200


def test_a_code_is_of_no_use_to_another_user_or_for_another_person(house: House) -> None:
    code = house.code_for(CID)
    for action in ("ValidateOTP", *current_policy().action):
        target = f"/api/WebApp?Action={action}"
        refusals = [
            post(house, target, {"cid": CID, "otp": code}, "other"),
            post(house, target, {"cid": CID, "otp": "AB000000"}, "other"),
            post(house, target, {"cid": OWNER, "otp": code}),
            post(house, target, {"cid": NOBODY, "otp": code}),
        ]
        assert {refusal["MessageCode"] for refusal in refusals} == {403}
        assert all(same(refusal) == same(refusals[0]) for refusal in refusals)
        assert post(house, target, {"cid": CID, "otp": code})["MessageCode"] == 200


def test_five_wrong_tries_end_a_code(house: House) -> None:
    cid = invented_cid(4_500_002)
    code = house.code_for(cid)
    for number in range(5):
        assert (
            post(house, VALIDATE, {"cid": cid, "otp": f"{code[:-2]}{(int(code[-2:]) + number + 1) % 100:02}"})[
                "MessageCode"
            ]
            == 403
        )
    assert post(house, VALIDATE, {"cid": cid, "otp": code})["MessageCode"] == 403


def test_who_asks_too_often_is_told_when_to_come_back(house: House) -> None:
    cid = invented_cid(4_500_003)
    statuses = [post(house, "/api/RequestTokenv1", {"cid": cid})["MessageCode"] for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


def test_a_code_or_a_number_in_the_address_opens_nothing_by_code(house: House) -> None:
    code = house.code_for(CID)
    target = f"/api/WebApp?Action=Encounter&cid={CID}&otp={code}"
    for method, body in (("GET", None), ("POST", {})):
        reply = house.ask_json(method, target, body, "reader")
        assert reply["MessageCode"] == 401


def test_a_health_id_becomes_a_code_for_the_unit_that_asked(house: House) -> None:
    result = post(house, "/api/WebApp?Action=RequestOTP", {"idp_jwt": house.tokens.of("owner")})["result"]
    assert CODE.fullmatch(result["otp"])
    body = {"cid": OWNER, "otp": result["otp"]}
    assert post(house, VALIDATE, body)["MessageCode"] == 200
    assert post(house, VALIDATE, body, "other")["MessageCode"] == 403
    for jwt in ("", "x.y.z", house.tokens.of("reader"), house.tokens.of("forged"), None, 7):
        assert post(house, "/api/WebApp?Action=RequestOTP", {"idp_jwt": jwt})["MessageCode"] in {401}


def test_the_owner_reads_by_get_and_by_post_only_what_is_theirs(house: House) -> None:
    for action in current_policy().action:
        target = f"/api/WebApp?Action={action}"
        by_get = house.ask_json("GET", f"{target}&cid={OWNER}", token="owner")
        by_post = post(house, target, {"cid": OWNER}, "owner")
        assert same(by_get) == same(by_post) and by_get["MessageCode"] == 200
        others = [house.ask_json("GET", f"{target}&cid={cid}", token="owner") for cid in (CID, NOBODY)]
        assert same(others[0]) == same(others[1]) and others[0]["MessageCode"] == 403
