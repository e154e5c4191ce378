"""Settings: environment over file over defaults, refused with key, reason and example in plain words."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from morprom.kernel import Category, Mode, Problem, Settings, load_settings
from morprom.kernel.settings import EXAMPLES

STRONG = {
    "mode": "production",
    "database_url": "postgresql://morprom_{role}@db.example.go.th/morprom?sslmode=verify-full",
    "keys": "vault+https://vault.example.go.th/v1/secret/morprom",
    "public_url": "https://phr.example.go.th",
    "witness": "https://witness.example.go.th/heads",
}

TOML_OF: dict[str, Any] = {name: int(example) if example.isdigit() else example for name, example in EXAMPLES.items()}


def refusal(environ: dict[str, str], toml_file: Path | None = None, **given: object) -> Problem:
    with pytest.raises(Problem) as refused:
        load_settings(environ, toml_file, **given)
    assert (refused.value.category, refused.value.code) == (Category.INCORRECT, "SETTINGS_INVALID")
    return refused.value


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "morprom.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_without_anything_given_it_is_a_sandbox_on_this_machine() -> None:
    assert load_settings({}) == Settings()
    assert (Settings().mode, Settings().host, Settings().port) == (Mode.SANDBOX, "127.0.0.1", 8000)


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_every_key_is_read_from_the_environment_from_the_file_and_from_a_flag(name: str, tmp_path: Path) -> None:
    strong = {f"MORPROM_{key.upper()}": value for key, value in STRONG.items()}
    by_environment = load_settings(strong | {f"MORPROM_{name.upper()}": EXAMPLES[name]})
    file = written(tmp_path, f"{name} = {msgspec.json.encode(TOML_OF[name]).decode()}")
    by_file = load_settings(strong, file)
    by_flag = load_settings(strong, None, **{name: TOML_OF[name]})
    assert str(getattr(by_environment, name)) == EXAMPLES[name]
    assert by_environment == by_file == by_flag


def test_a_flag_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, "port = 1001\nworkers = 2\nheld_days = 30")
    environ = {"MORPROM_CONFIG": str(file), "MORPROM_PORT": "1002", "MORPROM_WORKERS": "3", "UNRELATED": "x"}
    settings = load_settings(environ, port=1003, workers=None)
    assert (settings.port, settings.workers, settings.held_days) == (1003, 3, 30)


WANTED = [
    ("mode", "live", "must be one of demo, sandbox, production", "ต้องเป็นคำใดคำหนึ่งใน demo, sandbox, production"),
    ("port", "http", "must be a whole number from 1 to 65535", "ต้องเป็นจำนวนเต็ม 1 ถึง 65535"),
    ("port", "0", "must be a whole number from 1 to 65535", ""),
    ("port", "", "must be a whole number from 1 to 65535", ""),
    ("workers", "0", "must be a whole number of at least 1", "ต้องเป็นจำนวนเต็มตั้งแต่ 1 ขึ้นไป"),
    ("workers", "2.5", "must be a whole number of at least 1", ""),
    ("token_minutes", "241", "must be a whole number from 5 to 240", ""),
    ("body_limit_bytes", "6MB", "must be a whole number of at least 1", ""),
    ("nesting_limit", "1000", "must be a whole number from 16 to 512", ""),
    ("log_level", "loud", "must be one of debug, info, warning, error", ""),
    ("public_url", "phr.example.go.th", "must be http:// or https:// and a host", "ต้องเป็น http:// หรือ https://"),
    ("public_url", "https://phr.example.go.th/", "must be http:// or https:// and a host", ""),
    ("database_url", "mysql://his", "must begin with postgresql://", "ต้องขึ้นต้นด้วย postgresql://"),
]


@pytest.mark.parametrize(("name", "value", "en", "th"), WANTED)
def test_a_refusal_says_which_key_why_and_an_example(name: str, value: str, en: str, th: str) -> None:
    words = refusal({f"MORPROM_{name.upper()}": value}).words
    for text, why in ((words.en, en), (words.th, th)):
        assert f"MORPROM_{name.upper()}" in text and why in text and EXAMPLES[name] in text


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_no_refusal_speaks_of_types(name: str, tmp_path: Path) -> None:
    words = str(refusal({}, written(tmp_path, f"{name} = [1]")).words)
    assert "must be" in words and EXAMPLES[name] in words
    assert not any(word in words for word in ("`", "Expected", "int", "str "))


def test_a_refusal_does_not_repeat_what_was_given() -> None:
    assert "s3cr3t" not in str(refusal({"MORPROM_DATABASE_URL": "mysql://morprom:s3cr3t@his/morprom"}).words)


def test_a_key_that_does_not_exist_is_refused_with_the_one_that_was_meant(tmp_path: Path) -> None:
    assert "workers = 3" in refusal({}, written(tmp_path, "worker = 3")).words.en
    assert "docs/settings.md" in refusal({}, written(tmp_path, "zzz = 3")).words.en


@pytest.mark.parametrize(
    ("content", "why"),
    [("port = ", "is not TOML"), (b"data = '\xff'", "is not UTF-8"), (None, "cannot be read")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: str | bytes | None, why: str) -> None:
    path = tmp_path / "morprom.toml"
    if content is not None:
        written(tmp_path, content)
    words = refusal({"MORPROM_CONFIG": str(path)}).words
    assert "MORPROM_CONFIG" in words.en and str(path) in words.en and why in words.en


def test_production_starts_with_strong_settings() -> None:
    assert load_settings({}, None, **STRONG).mode is Mode.PRODUCTION


@pytest.mark.parametrize(
    "url",
    ["postgresql://morprom_{role}@/morprom?host=/run/postgresql", "postgresql://morprom_{role}@127.0.0.1/morprom"],
)
def test_a_database_on_the_same_machine_needs_no_tls(url: str) -> None:
    assert load_settings({}, None, **(STRONG | {"database_url": url})).database_url == url


@pytest.mark.parametrize(
    ("name", "weak", "why"),
    [
        ("keys", "", "key service"),
        ("keys", "file:/var/lib/morprom/keys", "not in a file"),
        ("keys", "vault+http://vault.example.go.th/v1/secret/morprom", "by https"),
        ("public_url", "http://phr.example.go.th", "https only"),
        ("witness", "", "witness"),
        ("database_url", "", "PostgreSQL server of its own"),
        ("database_url", "postgresql://morprom@db.example.go.th/morprom?sslmode=verify-full", "by {role}"),
        ("database_url", "postgresql://morprom_{role}@db.example.go.th/morprom", "sslmode=verify-full"),
        ("database_url", "postgresql://morprom_{role}@db.example.go.th/morprom?sslmode=require", "sslmode=verify-full"),
        ("witness", "http://witness.example.go.th", "by https"),
        ("trusted_proxies", "*", "names the proxies"),
    ],
)
def test_production_refuses_what_is_weak_and_the_sandbox_does_not(name: str, weak: str, why: str) -> None:
    words = refusal({}, None, **(STRONG | {name: weak})).words
    assert f"MORPROM_{name.upper()}" in words.en and why in words.en and EXAMPLES[name] in words.en
    assert "ระบบจริง" in words.th
    assert load_settings({}, None, **(STRONG | {name: weak, "mode": "sandbox"})).mode is Mode.SANDBOX
