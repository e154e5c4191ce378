"""docs/openid.md says what the tests of this folder hold, and nothing else."""

import re

from conformance.openid.table import NOT_APPLYING, PAGE, PLANS, docstrings, name_of_test, rows, written

MODULES = [module for plan in PLANS for module in plan.modules]


def test_the_tables_of_the_page_are_those_of_the_tests() -> None:
    page = PAGE.read_text("utf-8")
    assert written(page) == page, "run tests/conformance/openid/table.py"


def test_every_module_of_the_plans_is_there_once() -> None:
    assert len(MODULES) == len(set(MODULES)) == 38 + 1 + 11 + 56 + 12
    listed = re.findall(r"^\| `([a-z][\w-]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [name for name in listed if name in MODULES] == MODULES


def test_every_module_has_its_test_and_every_test_of_a_module_its_row() -> None:
    there = {name_of_test(module) for module in MODULES if module not in NOT_APPLYING}
    assert {row.held for plan in PLANS for row in rows(plan)} <= {"held", "does not apply"}
    prefixes = tuple(name_of_test(plan.prefix) for plan in PLANS)
    assert {name for name in docstrings() if name.startswith(prefixes)} == there


def test_every_test_of_a_module_names_its_clause_and_says_what_it_tries() -> None:
    for plan in PLANS:
        for row in rows(plan):
            assert row.module in NOT_APPLYING or (re.search(r"\d", row.clause) and len(row.tried) > 10), row
            assert row.module not in NOT_APPLYING or len(row.tried) > 20
