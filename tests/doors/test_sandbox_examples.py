"""The examples of the sandbox are true: each is asked for real, and the answer is the one that is shown.

After a change of what the platform answers: `MORPROM_RECORD=1 make test` writes the answers anew; look at the
difference before it is committed.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import validator_for

from doors.example_journey import Journey, journey
from morprom.doors.sandbox.description import CALLS, Language, document
from morprom.doors.sandbox.examples import Example, examples
from morprom.storage import Database, KeyRing

FOLDER = Path(__file__).parents[2] / "src/morprom/doors/sandbox/examples"
RECORDING = "MORPROM_RECORD" in os.environ

PAGES = {"CardPage", "CardPageAnswer"}
"""Calls that answer a page for people."""


def test_every_call_but_pages_has_an_example() -> None:
    assert {call.operation for call in CALLS} - set(examples()) == PAGES
    assert set(examples()) <= {call.operation for call in CALLS}


async def test_each_example_is_answered_as_it_is_shown(database: Database, database_url: str, ring: KeyRing) -> None:
    async with journey(database, database_url, ring) as travelling:
        for call in CALLS:
            for example in examples().get(call.operation, []):
                status, answer = await travelling.ask(call, example)
                asked = f"{call.operation}.{example.name}"
                if RECORDING:
                    record(call.operation, example, status, answer)
                else:
                    assert status == example.status, f"{asked}: {answer}"
                    assert answer == example.answer, asked
                assert warned(answer) == set(example.warnings) or RECORDING, asked


def record(operation: str, example: Example, status: int, answer: Any) -> None:
    """Write what was answered into the example's file."""
    file = FOLDER / f"{operation}.json"
    kept = json.loads(file.read_text("utf-8"))
    for one in kept["examples"]:
        if one["name"] == example.name:
            one |= {"status": status, "answer": answer, "warnings": sorted(warned(answer))}
    file.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


def warned(answer: Any) -> set[str]:
    """The codes of the warnings of an upload's reply."""
    found = answer.get("processing_issue", []) if isinstance(answer, dict) else []
    return {one["code"] for one in found if one["severity"] == "warning"}


def test_no_example_earns_a_warning_unless_it_is_meant_to() -> None:
    for call, kept in examples().items():
        for example in kept:
            assert bool(example.warnings) == (example.name in {"odd", "flat", "unverified"}), (call, example.name)


@pytest.mark.parametrize("call", [call for call in CALLS if call.operation in examples()], ids=lambda c: c.operation)
def test_the_document_s_schemas_hold_of_the_examples(call: Any) -> None:
    described = document(Language.ENGLISH, CALLS, {})
    for example in examples()[call.operation]:
        answers = described["paths"][call.path][example.method.lower()]["responses"]
        assert str(example.status) in answers, (example.name, example.status)
        if isinstance(example.answer, str):
            continue
        found = answers[str(example.status)]
        found = described["components"]["responses"][str(example.status)] if "$ref" in found else found
        schema = found["content"]["application/json"]["schema"] | {"components": described["components"]}
        faults = [
            f"{list(fault.instance_path)}: {fault.message}"
            for fault in validator_for(schema).iter_errors(example.answer)
        ]
        assert not faults, (example.name, faults[:5])


__all__ = ["Journey"]
