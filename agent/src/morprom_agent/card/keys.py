"""A station's own P-256 key, made here and kept where the operating system keeps such things.

Windows: a file that DPAPI encrypts for the signed-in user. macOS: the keychain. Linux has no store that every desktop
and service session shares, so there it is a file that only the user may open; `warning` says so.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from morprom_agent.card.words import Say
from morprom_agent.stop import Exit, Stop

SERVICE: Final = "morprom-agent card"


class KeyStore(Protocol):
    """Keeps one private key (PKCS #8, DER) for each platform."""

    @property
    def place(self) -> str:
        """Where, for a person."""
        ...

    @property
    def warning(self) -> Say | None:
        """What whoever runs it should know."""
        ...

    def load(self, name: str) -> bytes | None:
        """The key of that name."""
        ...

    def save(self, name: str, key: bytes) -> None:
        """Keep it, in place of an earlier one."""
        ...


class StationKey:
    """Signs, and shows its public half."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private

    @classmethod
    def made_in(cls, store: KeyStore, name: str) -> "StationKey":
        """A new key, kept before it is used."""
        private = ec.generate_private_key(ec.SECP256R1())
        encoding, form = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
        store.save(name, private.private_bytes(encoding, form, serialization.NoEncryption()))
        return cls(private)

    @classmethod
    def loaded(cls, store: KeyStore, name: str) -> "StationKey | None":
        """The key of that name; None when there is none that can be read."""
        kept = store.load(name)
        if kept is None:
            return None
        try:
            private = serialization.load_der_private_key(kept, None)
        except ValueError:
            return None
        return cls(private) if isinstance(private, ec.EllipticCurvePrivateKey) else None

    @property
    def public(self) -> bytes:
        """SubjectPublicKeyInfo, DER."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self._private.public_key().public_bytes(serialization.Encoding.DER, form)

    def sign(self, message: bytes) -> bytes:
        """ECDSA with SHA-256, DER."""
        return self._private.sign(message, ec.ECDSA(hashes.SHA256()))


class FileKeys:
    """Files that only this user may open."""

    warning: Say | None = Say(
        "กุญแจของเครื่องเก็บเป็นไฟล์ที่เปิดได้เฉพาะผู้ใช้นี้ ผู้ดูแลเครื่องและผู้ที่ถอดดิสก์ไปอ่านได้ ควรเข้ารหัสดิสก์",
        "the station's key is a file that this user alone may open; whoever administers the computer or takes its disk"
        " can read it: encrypt the disk",
    )

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._folder)

    def load(self, name: str) -> bytes | None:
        """The key of that name."""
        try:
            return self._opened((self._folder / name).read_bytes())
        except FileNotFoundError:
            return None

    def save(self, name: str, key: bytes) -> None:
        """Keep it; a crash leaves the old one or the new one."""
        path = self._folder / name
        new = path.with_suffix(".new")
        write_private(new, self._closed(key))
        new.replace(path)

    def _closed(self, key: bytes) -> bytes:
        return key

    def _opened(self, kept: bytes) -> bytes:
        return kept


class DpapiKeys(FileKeys):
    """Files that Windows encrypts for the signed-in user."""

    warning = None

    @property
    def place(self) -> str:
        """Where."""
        return "Windows DPAPI"

    def _closed(self, key: bytes) -> bytes:
        from morprom_agent.card import dpapi

        return dpapi.protect(key)

    def _opened(self, kept: bytes) -> bytes:
        from morprom_agent.card import dpapi

        return dpapi.unprotect(kept)


class KeychainKeys:
    """The keychain of macOS, by its `security` tool. The key goes over stdin: others can list command lines."""

    warning: Say | None = None
    place = "macOS keychain"

    def load(self, name: str) -> bytes | None:
        """The key of that name."""
        found = _security(["find-generic-password", "-s", SERVICE, "-a", name, "-w"])
        return bytes.fromhex(found.stdout.strip()) if found.returncode == 0 else None

    def save(self, name: str, key: bytes) -> None:
        """Keep it."""
        command = f'add-generic-password -U -s "{SERVICE}" -a {name} -w {key.hex()}\n'
        if _security(["-i"], command).returncode != 0 or self.load(name) != key:
            raise Stop(Exit.SETTINGS, "เก็บกุญแจใน keychain ไม่ได้", "the keychain does not keep the key")


def _security(arguments: list[str], told: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["security", *arguments], input=told, capture_output=True, text=True, check=False)


def keys_of(folder: Path, system: str = sys.platform) -> KeyStore:
    """Where this computer keeps keys."""
    if system == "win32":
        return DpapiKeys(folder)
    return KeychainKeys() if system == "darwin" else FileKeys(folder)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only this user may open, from its first byte on."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
