"""Settings: where they come from, what wins, and what is said of a wrong one."""

from pathlib import Path

import pytest

from morprom_agent.given import gather, pairs
from morprom_agent.settings import KEYS, Night, Settings
from morprom_agent.stop import Exit, Stop

README = Path(__file__).parents[2] / "agent" / "README.md"


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path) -> None:
    file = tmp_path / "agent.toml"
    file.write_text('hcode = "10670"\nuser = "from file"\nconnections = 2\nskip_icd10 = ["B20-B24", "Z21"]\n')
    environ = {"MORPROM_AGENT_USER": "from environment", "MORPROM_AGENT_CONNECTIONS": "3"}
    found = gather({"connections": "4", "to": None}, environ, file)
    assert (found.hcode, found.user, found.connections) == ("10670", "from environment", 4)
    assert found.skip_icd10 == ("B20-B24", "Z21")


def test_an_env_file_may_leave_the_prefix_away_and_use_quotes(tmp_path) -> None:
    file = tmp_path / "agent.env"
    file.write_bytes('\ufeff# ตั้งค่า\nMORPROM_AGENT_HCODE=10670\nexport USER="ผู้ส่ง"\n\nSEND_MADE_UP_CID=true\n'.encode())
    found = gather({}, {"MORPROM_AGENT_CONFIG": str(file)}, None)
    assert (found.hcode, found.user, found.send_made_up_cid) == ("10670", "ผู้ส่ง", True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("hcode", "1067"), ("hcode", "โรงพยาบาล"), ("to", "phr.example.go.th"), ("to", "https://user:pw@phr.example.go.th"),
     ("connections", "0"), ("connections", "many"), ("ref", "vn"), ("delay_hours", "-1"), ("skip_icd10", "B20-"),
     ("send_made_up_cid", "perhaps"), ("night", "20"), ("every_minutes", "")],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_key_reason_and_example_in_both_languages(name, value) -> None:
    with pytest.raises(Stop) as stop:
        gather({name: value}, {}, None)
    assert stop.value.code is Exit.SETTINGS
    for words in (stop.value.th, stop.value.en):
        assert f"--{name.replace('_', '-')}" in words
        assert KEYS[name].example in words


def test_an_unknown_key_is_refused_with_the_file_it_stands_in(tmp_path) -> None:
    file = tmp_path / "agent.toml"
    file.write_text('hopital = "10670"\n')
    with pytest.raises(Stop, match="hopital") as stop:
        gather({}, {}, file)
    assert "agent.toml" in stop.value.en


@pytest.mark.parametrize("content", [None, b"hcode = ", b"\xff\xfe"])
def test_a_settings_file_that_cannot_be_read_is_named(tmp_path, content) -> None:
    file = tmp_path / "agent.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Stop, match=r"agent\.toml"):
        gather({}, {}, file)


def test_any_setting_can_be_given_as_a_pair() -> None:
    assert pairs(["delay-hours=0", "night=22:00-05:00"]) == {"delay_hours": "0", "night": "22:00-05:00"}
    with pytest.raises(Stop):
        pairs(["delay_hours"])


def test_a_night_may_span_midnight() -> None:
    from datetime import time

    night = gather({"night": "20:00-06:00"}, {}, None).night
    assert [night.covers(time(hour)) for hour in (19, 20, 23, 0, 5, 6, 12)] == [
        False,
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    assert not Night(time(1), time(2)).covers(time(2))


def test_secrets_do_not_show() -> None:
    assert "hunter2" not in repr(Settings(password="hunter2"))


def test_the_manual_lists_every_setting_and_exit_code() -> None:
    manual = README.read_text("utf-8")
    missing = [name for name in KEYS if f"`{name}`" not in manual]
    assert not missing
    for code in Exit:
        assert f"| {int(code)} |" in manual
