"""What an element of `verified_claims` must be, and must not be, next to what was asked for.

OpenID Identity Assurance Schema Definition 1.0, the JSON schema of `verified_claims`, in our own words; OpenID Connect
for Identity Assurance 1.0, requesting verified claims.
"""

import re
from datetime import date, datetime
from typing import Any

FRAMEWORKS = {"th_etda"}
DOCUMENTS = {"idcard"}
METHODS = {"vpip", "vpiruv", "vri", "vdig", "vcrypt", "data", "auth", "token", "kbv", "pvp", "pvr", "bvp", "bvr"}
OF_VERIFICATION = {
    "trust_framework",
    "assurance_level",
    "assurance_process",
    "time",
    "verification_process",
    "evidence",
}
OF_DOCUMENT = {"type", "time", "check_details", "document_details", "attachments"}
OF_DETAILS = {"type", "document_number", "serial_number", "date_of_issuance", "date_of_expiry", "issuer"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:?\d\d)")


def holds_to_schema(element: Any) -> None:
    """One element, or a list of them that is not empty."""
    if isinstance(element, list):
        assert element
        for one in element:
            holds_to_schema(one)
        return
    assert set(element) == {"verification", "claims"}
    assert isinstance(element["claims"], dict) and element["claims"]
    assert all(value is not None for value in element["claims"].values())
    verification = element["verification"]
    assert set(verification) <= OF_VERIFICATION and verification["trust_framework"] in FRAMEWORKS
    assert isinstance(verification.get("assurance_level", ""), str)
    if "time" in verification:
        instant(verification["time"])
    if "assurance_process" in verification:
        process = verification["assurance_process"]
        assert set(process) <= {"policy", "procedure", "assurance_details"} and all(map(str, process.values()))
    if "evidence" in verification:
        assert isinstance(verification["evidence"], list) and verification["evidence"]
        for evidence in verification["evidence"]:
            document(evidence)


def document(evidence: dict[str, Any]) -> None:
    """Evidence of the type `document`."""
    assert evidence["type"] == "document" and set(evidence) <= OF_DOCUMENT
    if "time" in evidence:
        instant(evidence["time"])
    if "check_details" in evidence:
        assert isinstance(evidence["check_details"], list) and evidence["check_details"]
        for check in evidence["check_details"]:
            assert check["check_method"] in METHODS and set(check) <= {"check_method", "organization", "txn", "time"}
            if "time" in check:
                instant(check["time"])
    if "document_details" in evidence:
        details = evidence["document_details"]
        assert details["type"] in DOCUMENTS and set(details) <= OF_DETAILS
        for name in ("date_of_issuance", "date_of_expiry"):
            assert date.fromisoformat(details.get(name, "2000-01-01"))
        assert re.fullmatch("[A-Z]{3}", details.get("issuer", {}).get("country_code", "THA"))


def instant(text: str) -> None:
    """A time with its zone (ISO 8601)."""
    assert INSTANT.fullmatch(text) and datetime.fromisoformat(text).tzinfo


def holds_to_request(element: dict[str, Any], asked: dict[str, Any]) -> None:
    """Nothing was told that was not asked for, but what the schema demands; every condition holds."""
    assert set(element["claims"]) <= set(asked["claims"])
    for name, value in element["claims"].items():
        _meets(asked["claims"][name], value)
    _within(element["verification"], asked["verification"])


def _within(told: Any, asked: Any) -> None:
    if asked is None or not isinstance(told, dict | list):
        _meets(asked, told)
    elif isinstance(told, list):
        wishes = asked if isinstance(asked, list) else [asked]
        for one in told:
            assert any(_is_within(one, wish) for wish in wishes), one
    else:
        assert set(told) - {"trust_framework", "type", "check_method"} <= set(asked)
        for name, value in told.items():
            _within(value, asked.get(name))


def _is_within(told: Any, asked: Any) -> bool:
    try:
        _within(told, asked)
    except AssertionError:
        return False
    return True


def _meets(condition: Any, value: Any) -> None:
    condition = condition or {}
    assert "value" not in condition or value == condition["value"]
    assert "values" not in condition or value in condition["values"]
