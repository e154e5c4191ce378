"""Where the keys live: a key service in production, a folder in development.

Every provider keeps a few named documents. `write` replaces a document only if it is still the one that was read
(two operators who rotate at once must not lose a key), and destroys what it replaced: an erased person's shard key
must be gone from the provider too.
"""

import os
from pathlib import Path
from typing import Protocol

from filelock import FileLock

from morprom.kernel import Category, Problem, Secret, Words


class KeyProvider(Protocol):
    """The face of a key service."""

    def read(self, name: str) -> "tuple[Secret[bytes], str] | None":
        """The document and the mark of its version, or None when there is none."""
        ...

    def write(self, name: str, content: Secret[bytes], expected: str | None) -> None:
        """Replace the version marked `expected` (None: there is none yet), and destroy it.

        Raises Problem KEYS_CHANGED when another writer was first.
        """
        ...


class FileKeyProvider:
    """A folder of files that only this user can read. For development: production refuses it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)

    def read(self, name: str) -> tuple[Secret[bytes], str] | None:
        path = self._folder / name
        try:
            with path.open("rb") as file:
                content = file.read()
                status = os.fstat(file.fileno())
        except FileNotFoundError:
            return None
        return Secret(content), f"{status.st_ino}-{status.st_mtime_ns}"

    def write(self, name: str, content: Secret[bytes], expected: str | None) -> None:
        path = self._folder / name
        with FileLock(self._folder / ".lock"):
            stored = self.read(name)
            if (stored[1] if stored else None) != expected:
                raise changed_meanwhile()
            fresh = self._folder / f".{name}.new"
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content.reveal())
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(path)
            directory = os.open(self._folder, os.O_RDONLY)
            os.fsync(directory)
            os.close(directory)


def changed_meanwhile() -> Problem:
    """What a provider says to the second of two writers."""
    return Problem(
        Category.CONFLICT,
        "KEYS_CHANGED",
        Words("มีผู้อื่นเปลี่ยนกุญแจในเวลาเดียวกัน โปรดลองอีกครั้ง", "someone else changed the keys at the same time; try again"),
    )
