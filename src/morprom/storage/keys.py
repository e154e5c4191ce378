"""Which key service an instance uses."""

import os
from pathlib import Path

from morprom.kernel import Category, Mode, Problem, Settings, Words
from morprom.storage.keyring import KeyRing
from morprom.storage.provider import FileKeyProvider, KeyProvider


def open_keys(settings: Settings) -> KeyRing:
    """The ring of an instance."""
    return KeyRing(_provider(settings))


def _provider(settings: Settings) -> KeyProvider:
    place = settings.keys or f"file:{Path(settings.data) / 'keys'}"
    scheme, _, rest = place.partition(":")
    if scheme == "file" and settings.mode is not Mode.PRODUCTION:
        return FileKeyProvider(Path(rest))
    if scheme in {"vault+https", "vault+http"}:
        from morprom.storage.vault import VaultKeyProvider  # an HTTP client, which few commands need

        token_file = os.environ.get("MORPROM_VAULT_TOKEN_FILE", "/run/secrets/vault-token")
        return VaultKeyProvider(place.removeprefix("vault+"), Path(token_file), ca_file=os.environ.get("SSL_CERT_FILE"))
    raise Problem(
        Category.INCORRECT,
        "KEYS_INVALID",
        Words(
            "MORPROM_KEYS ใช้ไม่ได้ ตัวอย่าง vault+https://vault.example.go.th/v1/secret/morprom",
            "MORPROM_KEYS names no key service, for example vault+https://vault.example.go.th/v1/secret/morprom",
        ),
    )
