"""The guard of the logs guards: what it must see it sees, and what it must let pass it lets pass."""

import logging

import pytest
import structlog

from morprom.kernel.log import configure
from morprom_wire.cid import check_digit
from privacy import found_in

CID = "199000000001" + str(check_digit("199000000001"))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (f'{{"cid": "{CID}"}}', "a citizen number"),
        (f"cid {CID[0]}-{CID[1:5]}-{CID[5:10]}-{CID[10:12]}-{CID[12]}", "a citizen number"),
        ("ผู้ป่วย สมศรี มา", "a name of the cast"),
        ("authorization: Bearer abcdefgh12345678", "a bearer token"),
        ("token eyJhbGciOiJSUzUxMiJ9.eyJzdWIiOiJ4In0.x", "a JWT"),
        (f"10670:{'x' * 43}", "an upload token"),
        ("the code is KP123456.", "a code"),
        ("GET /token?password_hash=0a1b2c3d4e", "a password"),
    ],
)
def test_what_is_personal_or_secret_is_found(line: str, kind: str) -> None:
    assert kind in found_in(line)


@pytest.mark.parametrize(
    "line",
    [
        '{"event": "signed_in", "hcode": "10670", "account": "0198c0de-0000-4000-8000-000000000001"}',
        '{"event": "purged", "documents": 12, "timestamp": "2026-04-01T03:00:00.000000Z"}',
        f"the number {CID[:-1]}{(int(CID[-1]) + 1) % 10} is no citizen's",
        "2026-04-01 10670:690401080000",
    ],
)
def test_what_operators_need_passes(line: str) -> None:
    assert found_in(line) == []


def test_lines_of_structlog_and_logging_are_both_seen(logged: list[str]) -> None:
    structlog.get_logger().warning("storage_unavailable", error="OSError")
    logging.getLogger("somebody.else").warning("a library's line of %s", "text")
    assert any("storage_unavailable" in line for line in logged)
    assert any("a library's line of text" in line for line in logged)


def test_a_library_s_line_reaches_standard_error_without_its_text(capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().handlers.clear()
    configure("info")
    try:
        raise ValueError("text of an exception")
    except ValueError:
        logging.getLogger("asyncio").exception("text of a library")
    structlog.get_logger().info("signed_in", hcode="10670")
    err = capfd.readouterr().err
    assert "ERROR asyncio" in err and "ValueError" in err and "signed_in" in err
    assert "text of" not in err
