"""Rules of the house that no linter knows. Prints one line per fault and ends with 1 when there is any.

SQL stands in stores; faces hold no logic; only two places catch everything; permits are made in one place; what is
logged has a literal name and keys from a list; nothing is left to do.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

PLATFORM = "src/morprom/"
AGENT = "agent/src/"

SQL_PLACES = re.compile(
    r"src/morprom/(storage/\w+|.*/(\w+_)?store)\.py|agent/src/morprom_agent/(ledger|home|export/\w+)\.py"
)
SQL = re.compile(
    r"\s*(select\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\(|(create|alter|drop)\s+"
    r"(table|index|role|function|database)\s|grant\s+\w+\s+on\s|show\s+\w+$|truncate\s+\w+$)", re.IGNORECASE
)  # fmt: skip
STATEMENTS = {"execute", "executemany", "fetch", "fetchrow", "fetchval", "copy_records_to_table"}

OUTERMOST = {
    ("src/morprom/doors/units/upload.py", "__call__"): "the upload route stands in front of the framework",
}
"""Functions that may catch whatever is raised. The framework's own loop is doors/wire/routing.py, which catches nothing
by itself: it says what answers an exception."""

FACE_NAMES = 14
PERMIT_MAKERS = {"src/morprom/access/rules.py"}
SPEAKERS = {"src/morprom/cli/say.py"}

LOG_METHODS = {"debug", "info", "warning", "error", "critical"}
LOG_KEYS = {
    "account",  # id of an account
    "at",  # a function and line of ours
    "code",  # of a Problem
    "documents", "items",  # how many
    "error",  # class of an exception
    "hcode",
    "seconds",
    "service",  # of somebody else, by our name for it
    "status",  # an HTTP status
    "throttled",
}  # fmt: skip
LOG_EVENT = re.compile(r"[a-z]+(_[a-z]+)*")

LEFT_TO_DO = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def sql_outside_stores(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Statements, and calls that run them, anywhere but in stores."""
    if SQL_PLACES.fullmatch(name):
        return
    docstrings = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    prose = {id(value) for value in docstrings if isinstance(value, ast.Constant)}
    for node in ast.walk(tree):
        if id(node) in prose:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            yield node.lineno, "SQL stands in a store"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in STATEMENTS:
            yield node.lineno, f"{node.func.attr}() stands in a store"


def catching_everything(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """`except Exception` and its like, unless it raises again or its function is one of OUTERMOST."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    allowed = {id(node) for f in functions if (name, f.name) in OUTERMOST for node in ast.walk(f)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and id(node) not in allowed:
            last = node.body[-1]
            if _is_everything(node.type) and not (isinstance(last, ast.Raise) and last.exc is None):
                yield node.lineno, "catches everything; name what is expected, or let it crash"
        elif isinstance(node, ast.Call) and _called(node) == "suppress" and any(map(_is_everything, node.args)):
            yield node.lineno, "suppresses everything; name what is expected"


def _is_everything(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(map(_is_everything, caught.elts))
    return caught is None or (isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"})


def logic_in_faces(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """A face says what a room is for and names what others may use; nothing else."""
    if not name.endswith("/__init__.py"):
        return
    if not ast.get_docstring(tree):
        yield 1, "a room says what it is for"
    for node in tree.body:
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                pass
            case ast.Assign(targets=[ast.Name(id="__version__")]):
                pass
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=names)):
                if len(names) > FACE_NAMES:
                    yield node.lineno, f"{len(names)} names in a face, at most {FACE_NAMES}"
            case _:
                yield node.lineno, "a face holds no logic"


def permits_made_elsewhere(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Reading demands a Permit; one function makes them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == "Permit" and name not in PERMIT_MAKERS:
            yield node.lineno, "permits are made in access/rules.py alone"


def speaking(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Results and words of the platform leave by cli/say.py."""
    if name in SPEAKERS or name.startswith(AGENT):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield node.lineno, "print stands in cli/say.py; the platform logs"


def log_lines(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each line has a literal name in snake_case, keys from LOG_KEYS, and no exception's text."""
    if name.startswith(AGENT):
        return
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        on = node.func.value
        if not (isinstance(on, ast.Name) and on.id in {"log", "_log", "logger"}):
            continue
        if node.func.attr not in LOG_METHODS:
            yield node.lineno, f"log.{node.func.attr}() may write values"
            continue
        match node.args:
            case [ast.Constant(value=str(event))] if LOG_EVENT.fullmatch(event):
                pass
            case _:
                yield node.lineno, "the name of a log line is one literal in snake_case"
        for keyword in node.keywords:
            if keyword.arg not in LOG_KEYS:
                yield node.lineno, f"{keyword.arg} is no key of LOG_KEYS; is it sure to hold no personal data?"


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=called) | ast.Attribute(attr=called):
            return called
        case _:
            return ""


def left_to_do(text: str) -> Iterator[tuple[int, str]]:
    """Comments that put work off."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and LEFT_TO_DO.search(token.string):
            yield token.start[0], "do it, or open an issue"


RULES: list[Callable[[str, ast.Module], Iterator[tuple[int, str]]]] = [
    sql_outside_stores,
    catching_everything,
    logic_in_faces,
    permits_made_elsewhere,
    speaking,
    log_lines,
]
"""For the code that runs at hospitals and at the ministry; `left_to_do` is for everything."""


def faults(name: str, text: str) -> Iterator[str]:
    """Everything that is wrong with the module `name`."""
    found = list(left_to_do(text))
    if name.startswith((PLATFORM, AGENT)):
        tree = ast.parse(text)
        found += [fault for rule in RULES for fault in rule(name, tree)]
    for line, fault in sorted(found):
        yield f"{name}:{line}: {fault}"


def main() -> int:
    """Check every module of the repository."""
    here = Path(__file__).resolve().parents[1]
    found = [
        fault
        for root in ("src", "agent/src", "tools", "bench", "tests")
        for path in sorted((here / root).rglob("*.py"))
        for fault in faults(path.relative_to(here).as_posix(), path.read_text("utf-8"))
    ]
    print("\n".join(found) or "house rules: ok")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
