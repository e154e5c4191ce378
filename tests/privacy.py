"""What may appear in no log: citizen numbers, the people of the demo and of the tests, codes, tokens, secrets."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
import structlog

from morprom.synth import CAST
from morprom_wire.cid import is_cid

NAMES: Final = {name for one in CAST for name in (one.given, one.surname, *one.english)} | {"มาลี", "ใจดี"}
SHAPES: Final = {
    "a JWT": re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}"),
    "a bearer token": re.compile(r"bearer\s+[\w.:-]{8,}", re.IGNORECASE),
    "an upload token": re.compile(r"\b\d{5}:[\w-]{43}\b"),
    "a password": re.compile(r"password_hash\W{1,4}[0-9A-Fa-f]{8}|\$argon2id\$"),
    "a code": re.compile(r"(?<![\w/-])[A-HJ-NP-Z]{2}\d{6}(?![\w/-])"),
}
UUID_SHAPE: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")  # ends in twelve digits now and then
THIRTEEN_DIGITS: Final = re.compile(r"(?<!\d)\d(?:-?\d{4}-?\d{5}-?\d{2}-?\d)(?!\d)")


def found_in(text: str) -> list[str]:
    """What of a person or a secret is in `text`, named by its kind."""
    kinds = [kind for kind, shape in SHAPES.items() if shape.search(text)]
    if any(is_cid(number.replace("-", "")) for number in THIRTEEN_DIGITS.findall(UUID_SHAPE.sub("", text))):
        kinds.append("a citizen number")
    if any(name in text for name in NAMES):
        kinds.append("a name of the cast")
    return kinds


def bad_words(log: str) -> list[str]:
    """What no log of a platform holds however badly it was treated; more digits than a time of day has by chance."""
    return re.findall(r"unforeseen|Bearer|Traceback.*|\b19900\d{4}", log)


class _Recorder(logging.Handler):
    """Keeps what logging would write at its most talkative: message, arguments, exception."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.NOTSET)
        self._lines = lines
        self._formatter = logging.Formatter("%(levelname)s %(name)s %(message)s")

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self._formatter.format(record))


@contextmanager
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every line that structlog and logging write meanwhile; they are written all the same."""
    lines: list[str] = []
    write = structlog.PrintLogger.msg

    def kept(self: structlog.PrintLogger, message: str) -> None:
        lines.append(message)
        write(self, message)

    for method in ("msg", "log", "debug", "info", "warning", "error", "critical", "exception"):
        monkeypatch.setattr(structlog.PrintLogger, method, kept)
    recorder = _Recorder(lines)
    root: Any = logging.getLogger()
    handlers = root.handlers[:]
    root.addHandler(recorder)
    try:
        yield lines
    finally:
        root.handlers[:] = handlers  # a command that ran in the test has set up its own, on streams that are gone
        structlog.reset_defaults()
