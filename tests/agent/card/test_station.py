"""From a card in a real reader to a case of the platform, on a real PostgreSQL; and the commands around it."""

import json
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from agent.card.pcsc_service import Service
from agent.card.station import SITE, Station, running
from agent.card.virtual_card import Slot, VirtualCard, cid, invented_jpeg
from morprom.kernel import Problem, new_id
from morprom.proofing import cases, stations
from morprom.storage import KeyRing, Tx
from morprom_agent.card import commands, enrolled, keys
from morprom_agent.card import running as run_module
from morprom_agent.card.model import Reader
from morprom_agent.card.pcsc import PcscReader
from morprom_agent.card.simulator import SimulatedReader
from morprom_agent.cli import app
from morprom_agent.stop import Exit, Stop
from platform_process import PATIENCE, until

UNIT = "10670"


def now() -> datetime:
    return datetime.now(UTC)


async def taken(tx: Tx, ring: KeyRing, station: Station, *, allowed: bool = False) -> Any:
    """A card is read for a nonce of the platform, and the platform takes what comes."""
    officer = new_id()
    key = station.enrolled[SITE].key.public
    station_id = await stations.enrol(tx, unit=UNIT, name="1", public_key=key, officer=officer, now=now())
    nonce = await stations.new_nonce(tx, unit=UNIT, station_id=station_id, now=now())
    async with station.window() as window, station.page() as page:
        said = await page.reading(window, station_id, nonce.reveal())
    reading = msgspec.json.decode(json.dumps(said), type=stations.Reading)
    case = await cases.start_case(tx, ring, unit=UNIT, officer=officer, path="card", now=now())
    return await cases.note_reading(tx, ring, case, reading, now(), simulated_allowed=allowed)


@pytest.mark.xdist_group("pcsc")
async def test_a_card_in_a_reader_becomes_a_case_of_the_platform(
    slot: Slot, tx: Tx, ring: KeyRing, tmp_path: Path
) -> None:
    card = slot.insert(VirtualCard())
    async with running(PcscReader(), tmp_path) as station:
        noted = await taken(tx, ring, station)
    said = noted.case.card
    assert (said.cid, said.name_th, said.birth_on, said.gender) == (cid(41), card.name_th, card.birth, "F")
    assert noted.case.photo == invented_jpeg()
    assert noted.case.checks.chip_read and noted.case.checks.station_signed and not noted.case.is_simulated
    assert cases.level_of(noted).level == "1.3"


@pytest.mark.xdist_group("pcsc")
async def test_a_card_that_is_swapped_between_button_and_nonce_is_not_read(slot: Slot, tmp_path: Path) -> None:
    slot.insert(VirtualCard())
    other = VirtualCard(number=42)
    async with running(PcscReader(), tmp_path) as station, station.window() as window, station.page() as page:
        await page.hear("state", state="card")
        await page.say(type="ask")
        await window.hear("asked", phase="waiting")
        await window.say(type="press")
        await page.hear("go")
        slot.pull()
        await page.hear("state", state="empty")
        slot.insert(other)
        await page.hear("state", state="card")
        await page.say(type="nonce", nonce="n", station_id=str(new_id()))
        failed = await page.hear("failed")
    assert failed["code"] == "changed" and failed["th"] and failed["en"]
    assert other.commands == 0


@pytest.mark.xdist_group("pcsc")
async def test_a_card_that_is_pulled_out_is_told_to_the_page_and_the_next_is_read(
    slot: Slot, tx: Tx, ring: KeyRing, tmp_path: Path
) -> None:
    card = VirtualCard()
    card.before = lambda number: slot.pull() if number == 30 else None
    slot.insert(card)
    async with running(PcscReader(), tmp_path) as station:
        async with station.window() as window, station.page() as page:
            await page.hear("state", state="card")
            await page.say(type="ask")
            await window.hear("asked", phase="waiting")
            await window.say(type="press")
            await page.hear("go")
            await page.say(type="nonce", nonce="n", station_id=str(new_id()))
            assert (await page.hear("failed"))["code"] == "removed"
        slot.insert(VirtualCard(number=43))
        assert (await taken(tx, ring, station)).case.card.cid == cid(43)


@pytest.fixture
def simulated(tmp_path: Path) -> Reader:
    """A reader of made-up cards."""
    file = tmp_path / "cards.json"
    file.write_text(json.dumps({"cid": cid(41), "name_th": "นาง#มาลี##สมมติ", "birth_on": "1959-04-09"}))
    return SimulatedReader(file)


async def test_a_simulated_card_is_taken_by_a_demo_alone(
    simulated: Reader, tx: Tx, ring: KeyRing, tmp_path: Path
) -> None:
    async with running(simulated, tmp_path) as station:
        with pytest.raises(Problem) as refused:
            await taken(tx, ring, station)
        assert refused.value.code == "READING_SIMULATED"
        assert (await taken(tx, ring, station, allowed=True)).case.is_simulated


async def test_that_a_card_is_simulated_cannot_be_taken_back(simulated: Reader, tx: Tx, tmp_path: Path) -> None:
    """It is in what is signed."""
    async with running(simulated, tmp_path) as station:
        key = station.enrolled[SITE].key.public
        station_id = await stations.enrol(tx, unit=UNIT, name="1", public_key=key, officer=new_id(), now=now())
        nonce = await stations.new_nonce(tx, unit=UNIT, station_id=station_id, now=now())
        async with station.window() as window, station.page() as page:
            said = await page.reading(window, station_id, nonce.reveal())
    assert said["is_simulated"] is True
    reading = msgspec.json.decode(json.dumps(said | {"is_simulated": False}), type=stations.Reading)
    with pytest.raises(Problem) as refused:
        await stations.demand_reading(tx, reading, unit=UNIT, now=now(), simulated_allowed=True)
    assert refused.value.code == "READING_REFUSED"


@pytest.mark.parametrize("said", ["", "{}", "[]", '{"cid": "1101700207030", "name_th": "ก"}', '{"cid": 5}', "[[]]"])
def test_a_simulated_card_is_of_an_invented_person(tmp_path: Path, said: str) -> None:
    file = tmp_path / "cards.json"
    file.write_text(said)
    with pytest.raises(Stop) as refused:
        SimulatedReader(file)
    assert refused.value.code == Exit.SETTINGS


# Commands


def command(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["card", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def test_enrolling_shows_a_key_and_what_to_compare_and_keeps_them(tmp_path: Path) -> None:
    given = ("enrol", "--to", f"{SITE}/counter", "--name", "เคาน์เตอร์ 1", "--state", str(tmp_path / "s"))
    code, out, err = command(*given)
    made = json.loads(command(*given, "--json")[1])
    assert code == 0 and made["public_key"] in out and made["fingerprint"] in out
    assert made["origin"] == SITE and made["enrol_at"] == f"{SITE}/counter"
    if sys.platform == "linux":
        assert "encrypt the disk" in err
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "s").iterdir()}
        assert set(modes.values()) == {0o600} and stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700
    anew = json.loads(command(*given, "--anew", "--json")[1])
    assert anew["public_key"] != made["public_key"]


@pytest.mark.parametrize("to", ["http://phr.example.go.th", "phr.example.go.th", "https://", "ftp://x", "https://a:b"])
def test_a_station_is_enrolled_with_https_alone(tmp_path: Path, to: str) -> None:
    code, _, err = command("enrol", "--to", to, "--state", str(tmp_path))
    assert code == Exit.SETTINGS and "https" in err
    assert not list(tmp_path.glob("*.key"))


def test_a_demo_on_this_computer_needs_no_https(tmp_path: Path) -> None:
    assert json.loads(command("enrol", "--to", "http://127.0.0.1:8000/", "--state", str(tmp_path), "--json")[1])[
        "origin"
    ] == ("http://127.0.0.1:8000")


def test_a_station_that_is_not_enrolled_says_so(tmp_path: Path) -> None:
    code, _, err = command("serve", "--state", str(tmp_path))
    assert code == Exit.SETTINGS and "card enrol" in err


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smartcard", None)
    monkeypatch.setitem(sys.modules, "smartcard.scard", None)
    code, _, err = command("readers")
    assert code == Exit.CARD and "morprom-agent[card]" in err and "ติดตั้ง" in err
    monkeypatch.setattr(commands, "find_spec", lambda _: None)
    code, out, _ = command("doctor", "--json")
    assert code == 1 and not any(check["ok"] for check in json.loads(out)["checks"])


@pytest.mark.xdist_group("pcsc")
def test_a_technician_reads_a_card_without_seeing_whose_it_is(slot: Slot, tmp_path: Path) -> None:
    assert command("read")[0] == Exit.CARD
    slot.insert(VirtualCard())
    _until_card()
    code, out, _ = command("read", "--photo", str(tmp_path / "p.jpg"))
    assert code == 0 and cid(41) not in out and "มาลี" not in out and "4006" in out
    assert (tmp_path / "p.jpg").read_bytes() == invented_jpeg()
    assert cid(41) in command("read", "--show", "--json")[1]
    code, out, _ = command("readers", "--json")
    assert len(json.loads(out)["readers"]) == 2
    command("enrol", "--to", SITE, "--state", str(tmp_path))
    code, out, _ = command("doctor", "--state", str(tmp_path), "--json")
    assert code == 0 and all(check["ok"] for check in json.loads(out)["checks"])


@pytest.mark.xdist_group("pcsc")
def test_a_technician_is_told_what_is_missing(stopped_service: Service, tmp_path: Path) -> None:
    code, _, err = command("readers")
    assert code == Exit.CARD and "pcscd" in err and "บริการ" in err
    stopped_service.start(readers=False)
    code, _, err = command("readers")
    assert code == Exit.CARD and "no card reader" in err
    code, out, _ = command("doctor", "--state", str(tmp_path), "--json")
    missing = [check["what"] for check in json.loads(out)["checks"] if not check["ok"]]
    assert code == 1 and missing == ["reader", "card", "station"]


def _until_card() -> None:
    until(lambda: PcscReader().look().state == "card")


def test_the_windows_secret_stands_in_a_file_and_in_no_command_line(tmp_path: Path) -> None:
    page = run_module._redirect(4711, "s3cret").decode()  # type: ignore[attr-defined]
    assert "http://127.0.0.1:4711/#s3cret" in page
    keys.write_private(tmp_path / "w.html", page.encode())
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "w.html").stat().st_mode) == 0o600


def test_the_keychain_gets_its_key_over_stdin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool in the place of macOS' `security` keeps what it is told, and how."""
    tool = tmp_path / "security"
    tool.write_text(
        "#!/bin/sh\n"
        f'echo "$@" >> {tmp_path}/arguments\n'
        'if [ "$1" = -i ]; then read -r line; echo "${line##* }" > ' + f"{tmp_path}/kept; "
        f"else cat {tmp_path}/kept 2>/dev/null || exit 44; fi\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    store = keys.keys_of(tmp_path, "darwin")
    assert keys.StationKey.loaded(store, "a.key") is None
    made = enrolled.enrol(tmp_path, store, address=SITE, name="", anew=False)
    kept = enrolled.enrolled(tmp_path, store)[SITE]
    assert kept.fingerprint == made.fingerprint
    assert not list(tmp_path.glob("*.key"))
    assert (tmp_path / "kept").read_text().strip() not in (tmp_path / "arguments").read_text()


def test_windows_keeps_keys_with_dpapi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("morprom_agent.card.dpapi.protect", lambda content: b"dpapi" + content[::-1])
    monkeypatch.setattr("morprom_agent.card.dpapi.unprotect", lambda content: content[5:][::-1])
    store = keys.keys_of(tmp_path, "win32")
    made = keys.StationKey.made_in(store, "a.key")
    assert (tmp_path / "a.key").read_bytes().startswith(b"dpapi")
    kept = keys.StationKey.loaded(store, "a.key")
    assert kept and kept.public == made.public


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_one_station_runs_at_a_time_and_leaves_no_secret_behind(tmp_path: Path) -> None:
    cards, folder = tmp_path / "cards.json", tmp_path / "s"
    cards.write_text(json.dumps({"cid": cid(41), "name_th": "นาง#มาลี##สมมติ"}))
    command("enrol", "--to", SITE, "--state", str(folder))
    serve = ["card", "serve", "--virtual", str(cards), "--no-browser", "--state", str(folder)]
    with subprocess.Popen([sys.executable, "-m", "morprom_agent", *serve], stderr=subprocess.PIPE) as running_one:
        window = folder / "station.html"
        until(window.exists)
        assert stat.S_IMODE(window.stat().st_mode) == 0o600
        code, _, err = command(*serve[1:])
        assert code == Exit.ANOTHER_AGENT and "already working" in err
        running_one.send_signal(signal.SIGTERM)
        assert running_one.wait(PATIENCE) == Exit.INTERRUPTED
        assert running_one.stderr is not None
        said = running_one.stderr.read().decode()
    assert not window.exists() and "SIMULATED" in said and "Traceback" not in said and cid(41) not in said
