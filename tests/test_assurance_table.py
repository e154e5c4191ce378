"""docs/assurance.md says what is held and by which test; what it names is there, and what it derives is the table's."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from morprom.assurance import CURRENT, table
from morprom.assurance.policy import LevelRow

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/assurance.md").read_text("utf-8")
HELD = ("held", "in part", "not held", "n/a")
HEADS = ("| clause | what it asks | held | how | tests |", "| subject | what it asks | held | how | tests |")
STANDARDS = ("19-2564", "20-2564", "DGS 1-2:2564", "800-63A", "800-63B", "V6", "V7", "V9", "openid.md")


def claims() -> list[list[str]]:
    """Clause, what it asks, whether held, how, tests: every row of every table of clauses."""
    found: list[list[str]] = []
    is_within = False
    for line in PAGE.splitlines():
        is_within = line in HEADS or (is_within and line.startswith("|"))
        if is_within and line not in HEADS and not line.startswith("|---"):
            found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


CLAIMS = claims()


@cache
def known_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def lines_of(row: LevelRow, *, is_aal: bool) -> list[str]:
    """The lines of a level, as the page has them."""
    ends = f" {row.absolute // 3600} h |" if is_aal else ""
    idle = f" {row.idle // 60} min |" if row.idle else " – |" if is_aal else ""
    return [
        f"| {row.level} | {' '.join(f'`{name}`' for name in way.needs)} |{ends}{idle} {'' if way.confirmed else '°'} |"
        for way in row.ways
    ]


def test_the_page_speaks_of_every_standard() -> None:
    assert len(CLAIMS) > 100
    for standard in STANDARDS:
        assert standard in PAGE, standard


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim[0]} {claim[1]}"[:60])
def test_every_row_says_whether_it_is_held_and_by_which_test(claim: list[str]) -> None:
    clause, asks, held, how, tests = claim
    assert clause and asks and how and held in HELD
    named = re.findall(r"`([^`]+)`", tests)
    assert named or held in ("not held", "n/a"), "nothing is held without a test"
    for name in named:
        path, _, test = name.partition("::")
        assert test.startswith("test_") and test in known_in(path), name


def test_the_levels_on_the_page_are_those_of_the_table() -> None:
    by = table(CURRENT)
    ial = [line for row in by.ial for line in lines_of(row, is_aal=False)]
    aal = [line for row in by.aal for line in lines_of(row, is_aal=True)]
    assert f"table `{CURRENT}`" in PAGE
    for head, expected in (("| level | conditions of one way | ° |", ial),
                           ("| level | conditions of one way | ends after | idle | ° |", aal)):  # fmt: skip
        shown = PAGE.partition(f"{head}\n")[2].partition("\n\n")[0].splitlines()[1:]
        assert shown == expected


def test_nobody_is_promised_a_certificate() -> None:
    assert not re.search(r"\b(is|are|was|were) certified\b|complian(t|ce)", PAGE)
