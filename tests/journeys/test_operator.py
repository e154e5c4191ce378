"""What an operator does with an instance, and what it says when something is in the way."""

import json
import re
import signal
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import certifi
import pytest

from payloads import invented_cid, visit_body
from platform_process import Platform, alive, free_port, morprom, password_of, refs_of, until, web_app

HCODE = "10670"
ON = date(2026, 10, 5)

pytestmark = pytest.mark.xdist_group("operator")

PRODUCTION = {
    "MORPROM_MODE": "production",
    "MORPROM_DATABASE_URL": f"postgresql://morprom_{{role}}@127.0.0.1:1/morprom?sslmode=verify-full&sslrootcert={certifi.where()}",
    "MORPROM_KEYS": "vault+https://127.0.0.1:1/v1/secret/morprom",
    "MORPROM_PUBLIC_URL": "https://phr.example",
    "MORPROM_WITNESS": "https://witness.example/heads",
}


@pytest.fixture
def platform(data: Path) -> Iterator[Platform]:
    with Platform(data) as platform:
        yield platform


def test_from_an_empty_folder_to_a_visit_that_outlives_a_restart(platform: Platform) -> None:
    cid = invented_cid(200)
    assert platform.operator("unit", "add", HCODE, "โรงพยาบาลขอนแก่น", "--province", "40") == ""
    given = platform.operator(
        "account", "add", "desk", "--unit", HCODE, "--permission", "MOPH_PHR_HIE", "--may", "send,read",
        "--password-stdin", stdin=password_of(HCODE) + "\n",
    )  # fmt: skip
    assert given == ""
    client = platform.client(HCODE)
    body = visit_body("hosxp", Random(1), hcode=HCODE, cid=cid, ref="v1", on=ON)
    assert client.post("/api/UpdatePHRv1", content=body).status_code == 200
    (notice_of,) = [json.loads(line) for line in platform.operator("account", "list", "--json").splitlines()]
    assert (notice_of["user"], notice_of["may"]) == ("desk", ["send", "read"])

    running = platform.processes()
    assert platform.stop() == 0
    until(lambda: not alive(running))
    assert "หยุดแล้ว / stopped" in platform.said()

    platform.start()
    client = platform.client(HCODE)
    assert client.post("/api/UpdatePHRv1", content=body).json()["result"]["same"] == 1
    assert refs_of(client, HCODE, str(ON)) == ["10670:v1"]
    assert len(web_app(client, cid, platform.ask_for_code(client, cid), "Encounter")) == 1
    assert json.loads(platform.operator("history", "verify", "--json"))["holds"]


def test_commands_work_on_an_instance_that_is_not_running(data: Path) -> None:
    Platform(data).operator("migrate")
    Platform(data).operator("unit", "add", HCODE, "โรงพยาบาลขอนแก่น")
    listed = Platform(data).operator("unit", "list", "--json")
    assert json.loads(listed)["hcode"] == HCODE
    assert Platform(data).postmaster() is None


def test_a_second_start_on_the_same_data_is_told_so(server: Platform) -> None:
    second = morprom("up", "--data", str(server.data), "--port", str(free_port()))
    assert second.returncode == 4
    assert "ALREADY_RUNNING" in second.stderr
    assert str(server.data) in second.stderr
    assert second.stdout == ""
    assert server.is_ready()


def test_a_taken_port_is_told_before_anything_is_made(server: Platform, tmp_path: Path) -> None:
    second = morprom("up", "--data", str(tmp_path / "other"), "--port", str(server.port))
    assert second.returncode == 4
    assert "PORT_TAKEN" in second.stderr
    assert "--port" in second.stderr
    assert not (tmp_path / "other" / "pg").exists()


@pytest.mark.parametrize(
    ("name", "weak"),
    [
        ("MORPROM_KEYS", ""),
        ("MORPROM_KEYS", "file:///etc/keys"),
        ("MORPROM_PUBLIC_URL", "http://phr.example"),
        ("MORPROM_WITNESS", ""),
        ("MORPROM_DATABASE_URL", ""),
        ("MORPROM_DATABASE_URL", "postgresql://morprom_{role}@127.0.0.1:1/x?sslmode=verify-full"),
    ],
)
def test_production_refuses_weak_settings_by_name_and_with_an_example(name: str, weak: str, tmp_path: Path) -> None:
    refused = morprom(
        "serve", "--data", str(tmp_path), "--port", str(free_port()), **PRODUCTION | {name: weak, "HOME": "/nowhere"}
    )
    assert refused.returncode == 1
    assert name in refused.stderr
    assert "SETTINGS_INVALID" in refused.stderr
    assert re.search("ตัวอย่าง.*for example", refused.stderr, re.DOTALL)
    assert "Traceback" not in refused.stderr


def test_production_says_what_does_not_answer(tmp_path: Path) -> None:
    refused = morprom("serve", "--data", str(tmp_path), "--port", str(free_port()), **PRODUCTION)
    assert refused.returncode == 3
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("up", "--port", "99999"), "MORPROM_PORT"),
        (("unit", "add", "1", "ก"), "HCODE_INVALID"),
        (("doctor",), "INSTANCE_UNKNOWN"),
        (("inbox", "1234567890123"), "CID_INVALID"),
    ],
)
def test_a_mistake_is_answered_in_words_and_never_with_a_traceback(
    data: Path, arguments: tuple[str, ...], code: str
) -> None:
    answered = morprom(*arguments, "--data", str(data))
    assert answered.returncode == 1
    assert code in answered.stderr
    assert answered.stdout == ""
    assert "Traceback" not in answered.stderr
    assert "1234567890123" not in answered.stderr
    assert not data.exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("token", "new", "10999"), "UNIT_UNKNOWN"),
        (("account", "disable", "nobody"), "ACCOUNT_UNKNOWN"),
        (("history", "verify", "--witness", "/no/such/file"), "FILE_UNUSABLE"),
        (("history", "verify", "--witness", __file__), "WITNESS_EMPTY"),
        (
            ("client", "add-face", "ก", "--face", "health-id", "--unit", HCODE, "--redirect-uri", "https://a.example/",
             "--key", "/"),
            "FILE_UNUSABLE",
        ),
        (("staff", "first-officer", invented_cid(203), "--unit", HCODE), "SERVICE_MISSING"),
    ],
)  # fmt: skip
def test_a_mistake_on_a_running_instance_is_answered_in_words(
    server: Platform, arguments: tuple[str, ...], code: str
) -> None:
    answered = morprom(*arguments, "--data", str(server.data))
    assert answered.returncode in (1, 3)
    assert f"[{code}]" in answered.stderr
    assert "Traceback" not in answered.stderr
    assert answered.stdout == ""


def test_a_terminal_of_tis_620_is_told_too(server: Platform) -> None:
    told = morprom("doctor", "--data", str(server.data), PYTHONIOENCODING="ascii")
    assert "Traceback" not in told.stderr
    assert "they open what this database holds" in told.stdout


@pytest.mark.survives
def test_a_disabled_account_s_token_ends_within_a_minute(server: Platform) -> None:
    server.hospital(HCODE)
    client = server.client(HCODE)
    query = {"data": "month_summary", "month": "2026-10"}
    assert client.get("/api/OrganizationSummary", params=query).status_code == 200
    server.operator("account", "disable", "desk", "--unit", HCODE)
    disabled_at = time.monotonic()
    while client.get("/api/OrganizationSummary", params=query).status_code == 200:
        assert time.monotonic() - disabled_at < 60
        time.sleep(1)
    assert client.get("/api/OrganizationSummary", params=query).status_code == 401
    body = visit_body("agent", Random(1), hcode=HCODE, cid=invented_cid(201), ref="late", on=ON)
    assert client.post("/api/UpdatePHRv1", content=body).status_code == 401


def test_a_service_manager_stops_all_of_it(platform: Platform) -> None:
    running = platform.processes()
    assert platform.stop(signal.SIGTERM) == 0
    until(lambda: not alive(running))
