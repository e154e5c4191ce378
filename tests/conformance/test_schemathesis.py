"""The issue's "Schemathesis over the OpenAPI": no 5xx, no status that is not described, no reply of another shape.

Once with each kind of token; `make fuzz` runs it at full length.
"""

from collections.abc import Callable

import pytest

from conformance.calls import PATHS
from conformance.fuzzing import described, run
from conformance.house import House
from conformance.run_length import FUZZ_CALLS
from conformance.tokens import KINDS

ASKED = {"get", "post", "delete"}


@pytest.mark.parametrize("token", [pytest.param(kind, marks=pytest.mark.xdist_group(f"fuzz {kind}")) for kind in KINDS])
def test_no_call_answers_what_is_not_described(
    house: House, token: str, record_property: Callable[[str, object], None]
) -> None:
    findings = run(house, token, FUZZ_CALLS)
    record_property("fuzz", "\n".join([f"== {token}: {sum(findings.seen.values())} calls", *findings.lines()]))
    assert not findings.faults, "\n".join(findings.complaints())
    assert sum(findings.seen.values()) >= FUZZ_CALLS * 0.9
    assert not [status for _, status in findings.seen if status >= 500]


def test_every_call_is_described_with_every_method(house: House) -> None:
    document = {path: set(methods) & ASKED for path, methods in described(house)["paths"].items()}
    called = {path: {method.lower() for method in methods} & ASKED for path, methods in PATHS.items()}
    assert {path: document.get(path) for path in called} == called


def test_what_is_not_described_is_noticed(house: House) -> None:
    """The judge itself: another shape of the envelope, and a status left out."""
    document = described(house)
    operation = document["paths"]["/api/OrganizationSummary"]["get"]
    document["paths"] = {"/api/OrganizationSummary": {"get": operation}}
    assert run(house, "none", 20, document).faults == {}
    refused = operation["responses"].pop("401")
    assert {fault for _, fault in run(house, "none", 20, document).faults} == {"UndefinedStatusCode 401"}
    schema = {"type": "object", "properties": {"MessageCode": {"type": "string"}}}
    operation["responses"]["401"] = {**refused, "content": {"application/json": {"schema": schema}}}
    operation["responses"]["401"].pop("$ref", None)
    operation["responses"]["401"]["description"] = "x"
    assert {fault for _, fault in run(house, "none", 20, document).faults} == {"JsonSchemaError 401"}
