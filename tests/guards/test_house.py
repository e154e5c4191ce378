"""The house's own lints find what they are for, and the tree has none of it."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HOUSE = tool("check_house")
VERB = "src/morprom/intake/receive.py"
FACE = "src/morprom/intake/__init__.py"

FAULTS = [
    (VERB, 'await tx.fetch("x")', "stands in a store"),
    (VERB, 'QUERY = "select a from b"', "SQL stands in a store"),
    (VERB, 'QUERY = """\n  UPDATE unit SET name = 1"""', "SQL stands in a store"),
    (VERB, "try:\n    x()\nexcept Exception:\n    pass", "catches everything"),
    (VERB, "try:\n    x()\nexcept (OSError, Exception):\n    y()", "catches everything"),
    (VERB, "try:\n    x()\nexcept:\n    raise ValueError", "catches everything"),
    (VERB, "with suppress(Exception):\n    x()", "suppresses everything"),
    (FACE, '"""Room."""\ndef x(): ...', "no logic"),
    (FACE, "from a import b", "says what it is for"),
    (FACE, f'"""Room."""\n__all__ = {[f"n{number}" for number in range(15)]}', "15 names"),
    (VERB, "p = Permit(person)", "access/rules.py alone"),
    (VERB, "p = model.Permit(person)", "access/rules.py alone"),
    (VERB, "print(cid)", "cli/say.py"),
    (VERB, 'log.info(f"sent {cid}")', "one literal"),
    (VERB, 'log.info("Sent a visit")', "one literal"),
    (VERB, 'log.info("sent", cid=cid)', "cid is no key"),
    (VERB, 'log.info("sent", **values)', "None is no key"),
    (VERB, 'log.exception("failed")', "may write values"),
    (VERB, "log.bind(cid=cid)", "may write values"),
    ("tests/x.py", "x = 1  # TO" + "DO later", "open an issue"),
]
RIGHT = [
    ("src/morprom/intake/store.py", 'await tx.fetch("select 1")'),
    ("src/morprom/people/inbox_store.py", 'Q = "insert into inbox_notice values (1)"'),
    ("src/morprom/storage/vitals.py", 'await tx.fetchrow("select 1")'),
    (VERB, '"""Select the visits of a day, update nothing."""'),
    (VERB, "try:\n    x()\nexcept BaseException:\n    y()\n    raise"),
    ("src/morprom/access/rules.py", "p = Permit(person)"),
    ("src/morprom/cli/say.py", "print(text)"),
    (VERB, 'log.warning("storage_unavailable", error=type(error).__name__)'),
    (FACE, f'"""Room."""\nfrom a import b\n__all__ = {[f"n{number}" for number in range(14)]}'),
]


@pytest.mark.parametrize(("name", "text", "words"), FAULTS)
def test_a_fault_is_found(name: str, text: str, words: str) -> None:
    assert any(words in fault for fault in HOUSE.faults(name, text))


@pytest.mark.parametrize(("name", "text"), RIGHT)
def test_what_is_right_passes(name: str, text: str) -> None:
    assert list(HOUSE.faults(name, text)) == []


@pytest.mark.parametrize("name", ["check_house", "check_sizes"])
def test_the_tree_has_no_fault(name: str) -> None:
    assert tool(name).main() == 0


def test_whoever_may_catch_everything_is_still_there() -> None:
    for name, function in HOUSE.OUTERMOST:
        assert f"def {function}(" in (ROOT / name).read_text("utf-8")
