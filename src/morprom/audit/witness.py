"""Who is shown every signed head, so that a history that is rewritten later contradicts what somebody else holds."""

import asyncio
import os
from pathlib import Path
from typing import Protocol

import httpx
import msgspec

from morprom.audit.model import Head
from morprom.kernel import Settings


class Witness(Protocol):
    """The face of a witness."""

    async def show(self, head: Head) -> None:
        """Hand over a head. Raises OSError or httpx.HTTPError when it was not taken; the caller tries again."""
        ...

    def notes(self) -> list[str]:
        """The heads it holds as notes, oldest first, as far as it can be asked."""
        ...


class FileWitness:
    """Appends heads to a file as JSON lines: worth as much as the disk it lies on is out of the operator's reach."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def show(self, head: Head) -> None:
        line = msgspec.json.encode({"day": head.day, "size": head.size, "head": head.note}) + b"\n"
        await asyncio.to_thread(self._append, line)

    def _append(self, line: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def notes(self) -> list[str]:
        """A line that is no head (a torn write) is passed over."""
        if not self.path.exists():
            return []
        return [note for line in self.path.read_bytes().splitlines() if (note := _note(line))]


class HttpWitness:
    """Posts heads to an address, as they are (text/plain); any 2xx takes them."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def show(self, head: Head) -> None:
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.post(
                self._url, content=head.note.encode(), headers={"Content-Type": "text/plain; charset=utf-8"}
            )
        answer.raise_for_status()

    def notes(self) -> list[str]:
        """None: what such a witness holds is compared by whoever runs it."""
        return []


def witness_of(settings: Settings) -> Witness:
    """The witness of the settings: an https address, a file, or by default `witness.jsonl` in the data folder."""
    if settings.witness.startswith(("https://", "http://")):
        return HttpWitness(settings.witness)
    return FileWitness(Path(settings.witness) if settings.witness else Path(settings.data) / "witness.jsonl")


def _note(line: bytes) -> str | None:
    try:
        return msgspec.json.decode(line, type=dict[str, object]).get("head")  # type: ignore[return-value]
    except msgspec.DecodeError:
        return None
