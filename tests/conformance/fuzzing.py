"""Schemathesis over the OpenAPI that the sandbox serves: cases that fit it and cases that do not, by one kind of token.

Schemathesis makes the cases and judges the replies; the house answers them. In every second case the fields by which a
call finds anybody (cid, code, hospital, key) are filled with ones that exist, so that calls are gone through and not
only their gates.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from conformance.house import House
from conformance.uploads import CID, HCODE, REF, SOMEBODY_ELSE, UPLOADS, upload
from morprom.access import current_policy

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
TRANSPORT = ("method", "url", "headers", "params", "json", "data", "files", "cookies")
ORIGIN = "http://phr.example"


@dataclass
class Findings:
    """What a run came to: statuses by call, and what was not as described, with the first request that showed it."""

    seen: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)
    times: Counter[tuple[str, str]] = field(default_factory=Counter)

    def note(self, operation: str, fault: str, request: str) -> None:
        self.times[operation, fault] += 1
        self.faults.setdefault((operation, fault), request)

    def lines(self) -> Iterator[str]:
        """A line for each call: how often it answered what."""
        for operation in sorted({name for name, _ in self.seen}):
            counts = sorted((status, count) for (name, status), count in self.seen.items() if name == operation)
            yield f"{operation:42} " + "  ".join(f"{status}: {count}" for status, count in counts)

    def complaints(self) -> list[str]:
        """A line for each kind of fault."""
        return [f"{call}: {fault} ({self.times[call, fault]} times), first {request}"
                for (call, fault), request in self.faults.items()]  # fmt: skip


def run(house: House, token: str, calls: int, document: dict[str, Any] | None = None) -> Findings:
    """That many calls by who holds that kind of token, the same ones every time, held to what the sandbox describes."""
    schema = schemathesis.openapi.from_dict(document or described(house))
    known = filling(house, token)
    findings = Findings()
    fitting, other = (
        schema.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )

    @settings(max_examples=calls, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=fitting | fitting | other)
    def ask(case: Any) -> None:
        if sum(findings.seen.values()) % 2:
            fill(case, known)
        request = prepared(case)
        heard = answered(house, request, token)
        findings.seen[case.operation.label, heard.status_code] += 1
        try:
            case.validate_response(heard, checks=CHECKS)
        except FailureGroup as group:
            for one in group.exceptions:
                findings.note(
                    case.operation.label, f"{type(one).__name__} {heard.status_code}", f"{request.path_url[:200]} {one}"
                )

    ask()
    return findings


def described(house: House) -> dict[str, Any]:
    """The OpenAPI document as it is served."""
    return house.ask("GET", "/openapi.json").json


def prepared(case: Any) -> requests.PreparedRequest:
    """The request as it goes out; an Authorization that the case made up is not sent."""
    given = case.as_transport_kwargs(base_url=ORIGIN)
    request = requests.Request(**{name: given[name] for name in TRANSPORT if name in given}).prepare()
    request.headers.pop("Authorization", None)
    return request


def answered(house: House, request: requests.PreparedRequest, token: str) -> Response:
    """The house's answer, as Schemathesis takes it."""
    body = request.body or b""
    headers = [
        (name, value if isinstance(value, str) else value.decode("latin-1")) for name, value in request.headers.items()
    ]
    started = time.monotonic()
    heard = house.ask(
        request.method or "", request.path_url, body.encode() if isinstance(body, str) else body, token, headers
    )  # fmt: skip
    told: dict[str, list[str]] = {}
    for name, value in heard.raw_headers:
        told.setdefault(name.decode(), []).append(value.decode("latin-1"))
    return Response(heard.status, told, heard.body, request, time.monotonic() - started, verify=False)


def filling(house: House, token: str) -> dict[str, Any]:
    """Values by which the calls find somebody, by the lower-case name of the field."""
    house.ask_json("POST", "/api/UpdatePHRv1", upload("/api/UpdatePHRv1"), "sender")
    cid = house.tokens.owner if token == "owner" else CID
    return {
        "cid": cid, "otp": house.code_for(CID), "hospital_code": HCODE, "encounter_ref_code": f"{HCODE}:{REF}",
        "date": "2026-03-01", "month": "2026-03", "cd_code": "001", "idp_jwt": house.tokens.of("owner"),
    }  # fmt: skip


def fill(case: Any, known: dict[str, Any]) -> None:
    """Put what is known in place of what was made up: whom a call is about, the head of an upload."""
    if case.operation.path == "/api/RequestTokenv1":
        known = {"cid": SOMEBODY_ELSE}  # a new code would end the one that the reads come with
    example = UPLOADS.get(case.operation.path)
    if example and isinstance(case.body, dict):
        case.body |= {name: example[name] for name in ("managingOrganization", "Patient", "person") if name in example}
        return
    if case.operation.path == "/api/WebApp":
        actions = [*current_policy().action, "ValidateOTP"]
        case.query = {**(case.query or {}), "Action": actions[len(str(case.body)) % len(actions)]}
        case.body = {"cid": "", "otp": ""} if case.operation.method == "post" else case.body
    for place in (case.query, case.body):
        if isinstance(place, dict):
            place |= {name: known[name.lower()] for name in place if name.lower() in known}
