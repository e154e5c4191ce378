"""Sizes and names that the house keeps: modules of at most 450 lines, functions of at most 60, no junk-drawer names.

Prints one line per fault and ends with 1 when there is any. Modules that are tables are named in TABLES.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

MODULE_LINES = 450
FUNCTION_LINES = 60
NAMES_REFUSED = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
TABLES = {
    "agent/src/morprom_agent/export/columns.py",
    "src/morprom/mophphr/catalogue.py",
    "src/morprom/synth/cast.py",
    "src/morprom/synth/complaints.py",
    "src/morprom/synth/names.py",
}
ROOTS = ("src", "agent/src", "tools", "bench", "tests")


def faults(path: Path, name: str) -> Iterator[str]:
    """Everything that is wrong with one module."""
    text = path.read_text("utf-8")
    lines = text.count("\n")
    if path.stem in NAMES_REFUSED:
        yield f"{name}: a module called {path.stem} holds anything; name what it is for"
    if lines > MODULE_LINES and name not in TABLES:
        yield f"{name}: {lines} lines, at most {MODULE_LINES}; find the missing idea"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not name.startswith("tests/"):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}"


def main() -> int:
    """Check every module of the repository."""
    here = Path(__file__).resolve().parents[1]
    found = [
        fault
        for root in ROOTS
        for path in sorted((here / root).rglob("*.py"))
        for fault in faults(path, path.relative_to(here).as_posix())
    ]
    print("\n".join(found) or "sizes and names: ok")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
