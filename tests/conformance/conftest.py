"""Houses for the tests of one file: one as vendors meet it, one in production."""

from collections.abc import Iterator

import pytest

from conformance.house import House, house_on
from conftest import KeysInMemory
from morprom.kernel import Mode, Settings
from morprom.storage import EmbeddedPostgres, KeyRing


@pytest.fixture(scope="module")
def house(postgres: EmbeddedPostgres) -> Iterator[House]:
    """The sandbox, for the tests of one file."""
    with house_on(postgres, KeyRing(KeysInMemory())) as opened:
        yield opened


@pytest.fixture(scope="module")
def production(postgres: EmbeddedPostgres) -> Iterator[House]:
    """The same in production mode."""
    with house_on(postgres, KeyRing(KeysInMemory()), Settings(mode=Mode.PRODUCTION)) as opened:
        yield opened


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the fuzzing came to, when this folder is run by itself (`make fuzz`)."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                if name == "fuzz":
                    terminalreporter.write_line(str(value))
