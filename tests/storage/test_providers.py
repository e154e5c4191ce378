"""Key providers: both keep what they are given, let one of two writers win, and leave nothing of what was replaced."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from morprom.kernel import Mode, Problem, Secret, Settings
from morprom.storage import KeyKind, KeyProvider, KeyRing, open_keys
from morprom.storage.provider import FileKeyProvider
from morprom.storage.vault import VaultKeyProvider
from storage.vault_kv import TOKEN, Engine, vault


@pytest.fixture
def vault_place(tmp_path: Path) -> Iterator[tuple[VaultKeyProvider, Engine]]:
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n")
    with vault() as (address, engine):
        yield VaultKeyProvider(address, token), engine


@pytest.fixture(params=["file", "vault"])
def provider(request: pytest.FixtureRequest, tmp_path: Path) -> KeyProvider:
    if request.param == "file":
        return FileKeyProvider(tmp_path / "keys")
    place: tuple[VaultKeyProvider, Engine] = request.getfixturevalue("vault_place")
    return place[0]


def test_a_document_comes_back_and_one_of_two_writers_wins(provider: KeyProvider) -> None:
    assert provider.read("ring") is None
    provider.write("ring", Secret(b"first"), None)
    stored = provider.read("ring")
    assert stored
    content, mark = stored
    assert content.reveal() == b"first"
    provider.write("ring", Secret(b"second"), mark)
    with pytest.raises(Problem, match="KEYS_CHANGED"):
        provider.write("ring", Secret(b"third"), mark)
    with pytest.raises(Problem, match="KEYS_CHANGED"):
        provider.write("ring", Secret(b"fourth"), None)


def test_two_rings_on_one_provider_agree(provider: KeyProvider) -> None:
    one, two = KeyRing(provider), KeyRing(provider)
    assert one.current(KeyKind.PEPPER) == two.current(KeyKind.PEPPER)
    new_id = one.accept_new(KeyKind.PEPPER)
    two.refresh()
    assert new_id in two.all(KeyKind.PEPPER)
    version, wrapped = one.wrap(9, Secret(b"d" * 32))
    assert two.unwrap(9, version, wrapped).reveal() == b"d" * 32


def test_vault_keeps_nothing_of_what_was_replaced(vault_place: tuple[VaultKeyProvider, Engine]) -> None:
    provider, engine = vault_place
    ring = KeyRing(provider)
    ring.wrap(5, Secret(b"d" * 32))
    ring.add_shard_version(5)
    ring.destroy_shard_version(5, 1)
    assert all(version is None for path in engine.versions.values() for version in path[:-1])


def test_a_refused_token_is_told_without_the_token(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("wrong")
    with vault() as (address, _), pytest.raises(Problem) as caught:
        VaultKeyProvider(address, token).read("ring")
    assert caught.value.code == "KEY_SERVICE_UNAVAILABLE"
    assert "wrong" not in str(caught.value.words)


def test_key_files_are_this_users_alone(tmp_path: Path) -> None:
    provider = FileKeyProvider(tmp_path / "keys")
    provider.write("ring", Secret(b"x"), None)
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
    assert (tmp_path / "keys" / "ring").stat().st_mode & 0o077 == 0


def test_production_keeps_no_keys_in_files(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="KEYS_INVALID"):
        open_keys(Settings(mode=Mode.PRODUCTION, data=str(tmp_path), keys=f"file:{tmp_path}"))
