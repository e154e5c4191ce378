"""docs/findings.md is what the catalogue says."""

import importlib.util
from pathlib import Path
from types import ModuleType

from morprom.mophphr.catalogue import CATALOGUE, TOPICS

ROOT = Path(__file__).resolve().parents[2]


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_findings", ROOT / "tools/write_findings.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_the_catalogue() -> None:
    assert (ROOT / "docs/findings.md").read_text("utf-8") == tool().page(), "make docs"


def test_every_topic_begins_at_a_code_and_the_first_code_has_one() -> None:
    assert set(TOPICS) <= set(CATALOGUE)
    assert next(iter(CATALOGUE)) in TOPICS
    order = list(CATALOGUE)
    assert list(TOPICS) == sorted(TOPICS, key=order.index)


def test_every_code_says_in_both_languages_what_it_is_and_how_to_mend_it() -> None:
    for code, explanation in CATALOGUE.items():
        assert all(explanation), code
        assert any("\u0e00" <= letter <= "\u0e7f" for letter in explanation.th), code
        assert explanation.en.isascii() or "…" in explanation.en, code
