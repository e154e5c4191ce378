"""The documentation says what the code does: settings, commands, calls, findings, decisions, dependencies, links."""

import configparser
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer.main

from morprom.access import current_policy
from morprom.accounts import attempts, sessions
from morprom.app import due, rotation
from morprom.app.asgi import DOORS
from morprom.app.metrics import handlers as for_operators
from morprom.app.services import INTAKE_CONNECTIONS
from morprom.cli import doctor
from morprom.cli.root import app
from morprom.doors import faces, reader, sandbox, units
from morprom.doors.counter import sealing
from morprom.doors.pages import cookies
from morprom.doors.units import ekyc
from morprom.federation import purge as federation_purge
from morprom.federation import waiting
from morprom.identity import face_model, provider
from morprom.identity import model as health_id
from morprom.kernel import Problem, load_settings
from morprom.kernel.settings import EXAMPLES, Settings
from morprom.mophphr.catalogue import CATALOGUE
from morprom.outside import calls as outside_calls
from morprom.proofing import events as proofings
from morprom.proofing import left, slips, stations
from morprom.throttle import rules as throttle
from morprom_wire import paths

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
DECISIONS = DOCS / "decisions"
PAGES = sorted({*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("agent/*.md")})
CODE = [ROOT, ROOT / "src/morprom", ROOT / "agent/src"]
INDEXED = ("README.md",)

ENGLISH, THAI = (ROOT / "README.md").read_text("utf-8").split("\n# ภาษาไทย\n")


def hours(life: timedelta) -> int:
    return int(life.total_seconds()) // 3600


def minutes(life: timedelta) -> int:
    return int(life.total_seconds()) // 60


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next of its level or above."""
    level = heading.index(" ")
    _, _, rest = text.partition(f"\n{heading}\n")
    assert rest, heading
    return re.split(rf"^#{{1,{level}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> Iterator[list[str]]:
    """The cells of every table row whose first cell is code or plain; heads and rules are passed over."""
    lines = text.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("|") and not line.startswith("|-") and not following.startswith("|-"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def in_code(text: str) -> list[str]:
    """What stands between single backticks."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)


def without_examples(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


# Settings


def test_the_settings_page_lists_every_setting_with_its_default_and_example() -> None:
    documented = [
        tuple(cell.strip("`") for cell in cells[:4])
        for cells in rows(page("settings.md"))
        if cells[0].strip("`") in Settings.__struct_fields__
    ]
    default = Settings()
    assert documented == [
        (name, f"MORPROM_{name.upper()}", str(getattr(default, name)), EXAMPLES[name])
        for name in Settings.__struct_fields__
    ]


def test_every_variable_that_the_code_reads_is_on_the_settings_page() -> None:
    code = "".join(file.read_text("utf-8") for file in (ROOT / "src/morprom").rglob("*.py"))
    read = set(re.findall(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"", code)) - {"PATH", "PROMETHEUS_MULTIPROC_DIR"}
    assert read <= set(in_code(page("settings.md")))


def test_the_refusal_that_the_settings_page_shows_is_what_is_said() -> None:
    with pytest.raises(Problem) as raised:
        load_settings({"MORPROM_PORT": "abc"})
    assert f"    {raised.value.words.en}  [{raised.value.code}]\n" in page("settings.md")


# Commands


def commands(command: Any, words: str = "morprom") -> Iterator[tuple[str, Any]]:
    """Every command that does something, as it is typed."""
    within = getattr(command, "commands", None)
    if within is None:
        yield words, command
        return
    for name, sub in within.items():
        yield from commands(sub, f"{words} {name}")


def documented_commands(half: str, heading: str) -> list[str]:
    return [cells[0].strip("`") for cells in rows(section(half, heading))]


COMMANDS: dict[str, Any] = dict(commands(typer.main.get_command(app)))


def test_the_readme_lists_every_command_and_no_other() -> None:
    listed = documented_commands(ENGLISH, "## The operator's commands")
    assert listed == documented_commands(THAI, "## คำสั่งของผู้ดูแล")
    assert {re.match(r"morprom( [a-z][a-z-]*)+", line)[0].strip() for line in listed} == set(COMMANDS)  # type: ignore[index]


@pytest.mark.parametrize("line", documented_commands(ENGLISH, "## The operator's commands"))
def test_the_flags_of_the_readme_are_flags_of_the_command(line: str) -> None:
    command = COMMANDS[re.match(r"morprom( [a-z][a-z-]*)+", line)[0].strip()]  # type: ignore[index]
    known = {name for parameter in command.params for name in parameter.opts}
    assert set(re.findall(r"--[a-z-]+", line)) <= known


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_commands_that_pages_name_are_commands(file: Path) -> None:
    named = re.findall(r"^ {4,}(morprom [a-z]+(?: [a-z][a-z-]*)?)", file.read_text("utf-8"), re.MULTILINE)
    named += [text for text in in_code(file.read_text("utf-8")) if re.match(r"morprom [a-z]", text)]
    for text in named:
        assert any(re.match(rf"{known}\b", text) for known in COMMANDS), text


def test_the_thai_half_of_the_readme_says_the_same() -> None:
    def shape(half: str) -> list[int]:
        return [len(list(rows(part))) for part in re.split(r"^## ", half, flags=re.MULTILINE)[1:]]

    def linked(half: str) -> list[str]:
        return [target for target in re.findall(r"\]\(([^)]+)\)", half) if not target.startswith("#")]

    assert shape(ENGLISH) == shape(THAI)
    assert sorted(linked(ENGLISH)) == sorted(linked(THAI))
    assert re.findall(r"```text.*?```", ENGLISH, re.DOTALL) == re.findall(r"```text.*?```", THAI, re.DOTALL)


def test_what_the_readme_shows_of_the_demo_is_what_the_demo_says() -> None:
    said = (ROOT / "src/morprom/demo/show.py").read_text("utf-8")
    shown = [line.strip("│ ") for line in ENGLISH.splitlines() if line.startswith("│")]
    assert shown
    for line in shown:
        assert re.split(r" {2,}", line)[0] in said, line


def test_every_command_and_flag_is_explained_in_thai_first() -> None:
    told = [(words, command.help or "") for words, command in COMMANDS.items()]
    told += [
        (f"{words} {parameter.name}", parameter.help or "")
        for words, command in COMMANDS.items()
        for parameter in command.params
        if parameter.name != "help"
    ]
    assert [words for words, text in told if not re.search("[\u0e01-\u0e5b]", text.partition(" / ")[0])] == []


def test_the_operations_page_lists_every_door() -> None:
    listed = [cells[0].strip("`") for cells in rows(section(page("operations.md"), "### Doors and workers"))]
    assert sorted(listed) == sorted(DOORS)


# Numbers


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("operations.md", f"the sealer every {due.SEAL_EVERY:.0f} s"),
        ("operations.md", f"the purge every {due.PURGE_EVERY / 60:.0f} minutes"),
        ("operations.md", f"after five in a row it is left alone for {outside_calls.PAUSE:.0f} s"),
        ("operations.md", f"a line has waited {doctor.UNSEALED_SECONDS // 60} minutes to be sealed"),
        ("operations.md", f"less than {doctor.LOW_DISK_BYTES // 10**9} GB are free"),
        ("privacy.md", f"this browser's random name, {cookies.DEVICE_LIFE // 86400} days"),
        ("privacy.md", f"a redemption or recovery under way, {minutes(slips.REDEMPTION_LIFE)} minutes"),
        ("privacy.md", f"forgotten {sessions.FORGOTTEN.days} days after its last use"),
        ("privacy.md", f"photo from the chip | {proofings.PHOTO_KEPT.days} days"),
        ("privacy.md", f"good for {hours(slips.LIFE)} hours; its row goes after {left.SLIPS_KEPT.days} days"),
        ("privacy.md", f"attempts at secrets: hashes and counts | {throttle.ATTEMPT_MEMORY.days} days after the last"),
        ("privacy.md", f"the sign-in behind them {federation_purge.SIGN_INS_KEPT.days} days"),
        ("faces.md", f"A code {face_model.CODE_SECONDS} s, once"),
        ("faces.md", f"({hours(health_id.TOKEN_LIFE)} hours, Provider ID {hours(provider.LIFE)})"),
        ("counter.md", f"it is good once, for {hours(slips.LIFE)} hours"),
        ("counter.md", f"for what you sealed in the last {hours(sealing.REPRINT_FOR)} hours"),
        ("counter.md", f"older than {stations.LIFE.seconds} seconds"),
        ("counter.md", f"deleted after {proofings.PHOTO_KEPT.days} days"),
        ("openid.md", f"lives less than 600 seconds | {waiting.PUSHED_SECONDS};"),
        ("wire.md", f"{ekyc.AT_ONCE} questions at hand for an account"),
        ("assurance.md", f"after {throttle.MOST} in a row (a PIN: {attempts.PIN_FAILURES})"),
    ],
)
def test_numbers_of_the_pages_are_those_of_the_code(file: str, said: str) -> None:
    assert said in " ".join(page(file).split())


def test_the_operations_page_says_how_long_a_replaced_key_is_accepted() -> None:
    table = section(page("operations.md"), "## Rotating keys")
    said = {kind: cells[2] for cells in rows(table) if len(cells) == 3 for kind in in_code(cells[0])}
    for kind, overlap in rotation.OVERLAP.items():
        how_long = f"{overlap.days} days" if overlap.days > 1 else f"{hours(overlap)} h"
        assert f"destroyed by a rotation {how_long} later or more" in said[kind], kind


def test_the_operations_page_counts_the_connections() -> None:
    def held(module: str) -> int:
        source = (ROOT / f"src/morprom/app/{module}.py").read_text("utf-8")
        return sum(map(int, re.findall(r"(?:most=|pool\(Role\.\w+, )(\d+)\)", source)))

    worker = INTAKE_CONNECTIONS + held("services")
    assert f"{worker} a worker at most" in page("operations.md")
    assert f"{held('due')} for due work" in page("operations.md")


# The wire


def test_the_wire_page_lists_every_call_that_answers() -> None:
    documented = [path for cells in rows(section(page("wire.md"), "## What answers")) for path in in_code(cells[0])]
    routers = [router for door in (units, reader, sandbox) for router in door.handlers()]
    answered = {route.path for router in routers for route in router.routes}
    answered |= {path for handler in for_operators() for path in handler.paths} | {paths.UPDATE_PHR}
    assert sorted(documented) == sorted(answered)


def test_the_faces_page_lists_every_call_of_the_faces() -> None:
    documented = [path for cells in rows(section(page("faces.md"), "## What answers")) for path in in_code(cells[0])]
    answered = {route.path for router in faces.handlers() for route in router.routes}
    assert {path for path in documented if path.startswith("/")} == answered


def test_the_wire_page_names_every_action() -> None:
    named = in_code(section(page("wire.md"), "### Actions of `/api/WebApp`"))
    assert sorted(named) == sorted(current_policy().action)


def test_the_wire_page_lists_every_finding_by_severity() -> None:
    documented = {
        cells[0].split()[0]: set(in_code(cells[1])) for cells in rows(section(page("wire.md"), "## Findings"))
    }
    catalogue: dict[str, set[str]] = {}
    for code, explanation in CATALOGUE.items():
        catalogue.setdefault(explanation.severity, set()).add(code)
    assert documented == catalogue


# Architecture and decisions


def test_the_rooms_are_those_that_the_import_contract_knows() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    layers = contracts["importlinter:contract:rooms"]["layers"].split("\n")
    levels = [[room.strip() for room in layer.split("|")] for layer in layers if layer.strip()]
    expected = {room: len(levels) - 1 - place for place, layer in enumerate(levels) for room in layer}
    listed = {cells[1].strip("`"): int(cells[0]) for cells in rows(section(page("architecture.md"), "## Rooms"))}
    assert listed == expected


def test_the_index_of_decisions_is_that_of_the_files() -> None:
    files = sorted(file for file in DECISIONS.glob("*.md") if file.name not in INDEXED)
    titles = [file.read_text("utf-8").partition("\n")[0].removeprefix("# ") for file in files]
    indexed = [
        (re.sub(r"\[(\d+)\]\(([^)]+)\)", r"\2 \1. ", cells[0]) + cells[1])
        for cells in rows((DECISIONS / "README.md").read_text("utf-8"))
    ]
    assert indexed == [f"{file.name} {title}" for file, title in zip(files, titles, strict=True)]
    assert [int(file.name[:4]) for file in files] == [int(title.partition(".")[0]) for title in titles]


@pytest.mark.parametrize("file", sorted(DECISIONS.glob("0*.md")), ids=lambda file: file.name[:4])
def test_a_decision_says_context_decision_consequences_and_what_was_rejected(file: Path) -> None:
    headings = re.findall(r"^## (.+)$", file.read_text("utf-8"), re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences", "Rejected"]


def test_every_direct_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    agent = tomllib.loads((ROOT / "agent/pyproject.toml").read_text("utf-8"))
    tables = re.split(r"^\| (?=of the platform|of the agent|for development)", page("decisions/0002-dependencies.md"),
                      flags=re.MULTILINE)[1:]  # fmt: skip
    needed = [project["project"]["dependencies"], agent["project"]["dependencies"], project["dependency-groups"]["dev"]]
    for table, requirements in zip(tables, needed, strict=True):
        explained = [name for cells in rows(table) for name in cells[0].split(", ")]
        assert sorted(explained) == sorted(re.match(r"[\w-]+", line)[0] for line in requirements)  # type: ignore[index]


# What pages point at


def anchors(file: Path) -> set[str]:
    """The anchors that a renderer of Markdown makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", without_examples(file.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _plain(headings)}


def _plain(headings: list[str]) -> Iterator[str]:
    for heading in headings:  # Thai vowels and tone marks are marks, which \w does not take, and renderers keep
        yield re.sub(r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", "ก", heading)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_lead_somewhere(file: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", without_examples(file.read_text("utf-8"))):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        linked = (file.parent / path).resolve() if path else file
        assert linked.exists(), target
        if anchor:
            assert next(_plain([anchor])) in anchors(linked), target


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_modules_that_pages_name_are_there(file: Path) -> None:
    for name in in_code(file.read_text("utf-8")):
        if re.fullmatch(r"\w[\w./-]*/[\w.-]+\.(py|sql|toml|txt)", name) and "NNNN" not in name:
            assert any((base / name).exists() for base in CODE), name


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_tests_that_pages_name_are_there(file: Path) -> None:
    tests = "".join(test.read_text("utf-8") for test in (ROOT / "tests").rglob("test_*.py"))
    defined = set(re.findall(r"def (test_\w+)", tests))
    assert {name for name in in_code(file.read_text("utf-8")) if re.fullmatch(r"test_\w+", name)} <= defined


def test_every_line_of_the_log_is_explained() -> None:
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "src/morprom").rglob("*.py"))
    written = set(re.findall(r'\blog\.(?:info|warning|error)\(\s*"(\w+)"', sources))
    table = [name for first, *_ in rows(section(page("operations.md"), "## Watching")) for name in in_code(first)]
    assert sorted(table) == sorted(written)
