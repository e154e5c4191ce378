"""Cards that are made up, for a demo without a reader. Every message and the signature itself say so.

A file of JSON: one card or a list, each with `cid` (of the district 9900, which does not exist), `name_th`, and what
else a reading has; `photo` is the path of a JPEG beside it. After each reading the next card is in the reader.
"""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Lock
from typing import Any, Final, cast

from morprom_agent.card.model import CardFault, Contents, Seen, Step
from morprom_agent.stop import Exit, Stop
from morprom_wire.card import PHOTO_BLOCKS, CardSays
from morprom_wire.cid import is_cid

NAME: Final = "เครื่องอ่านจำลอง · simulated reader"
INVENTED: Final = "19900"
BLOCK_SECONDS: Final = 0.03
BETWEEN_SECONDS: Final = 0.6


class SimulatedReader:
    """A reader whose cards stand in a file."""

    is_simulated = True

    def __init__(self, path: Path) -> None:
        self._cards = _cards(path)
        self._insertion = 1
        self._is_between = False
        self._lock = Lock()
        self._moved = Event()

    def watch(self, tell: Callable[[Seen], None], stop: Event) -> None:
        """One card after another."""
        while not stop.is_set():
            tell(self._seen())
            while not self._moved.wait(0.1):
                if stop.is_set():
                    return
            self._moved.clear()
            tell(Seen("empty", NAME))
            stop.wait(BETWEEN_SECONDS)
            self._is_between = False

    def read(self, expected: Seen, answered: Callable[[Step], None]) -> Contents:
        """The card's own words, at the pace of a quick card."""
        with self._lock:
            if self._is_between:
                raise CardFault("removed")
            if expected != self._seen():
                raise CardFault("changed")
            for block in range(PHOTO_BLOCKS):
                time.sleep(BLOCK_SECONDS)
                answered(Step(block + 1, PHOTO_BLOCKS))
            contents = self._cards[(self._insertion - 1) % len(self._cards)]
            self._insertion += 1
            self._is_between = True
            self._moved.set()
            return contents

    def _seen(self) -> Seen:
        return Seen("card", NAME, str(self._insertion))


def _cards(path: Path) -> list[Contents]:
    try:
        said: Any = json.loads(path.read_text("utf-8"))
        listed = cast("list[Mapping[str, Any]]", said if isinstance(said, list) else [said])
        found = [_card(one, path.parent) for one in listed]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        found = []
    if not found:
        raise Stop(
            Exit.SETTINGS,
            f"ไฟล์บัตรจำลอง {path} ใช้ไม่ได้: ต้องมี cid ที่ขึ้นต้นด้วย 19900 และ name_th",
            f"{path} holds no simulated card: each needs a cid that starts with 19900, and name_th",
        )
    return found


def _card(said: Mapping[str, Any], folder: Path) -> Contents:
    cid = str(said["cid"])
    if not cid.startswith(INVENTED) or not is_cid(cid):
        raise ValueError("no invented person")
    photo = (folder / str(said["photo"])).read_bytes() if said.get("photo") else b""
    fields = CardSays(
        cid=cid, name_th=str(said["name_th"]), name_en=str(said.get("name_en", "")), birth_on=said.get("birth_on"),
        birth_known=said.get("birth_known", "day"), gender=str(said.get("gender", "")),
        address=str(said.get("address", "")), issuer=str(said.get("issuer", "")), issued_on=said.get("issued_on"),
        expires_on=said.get("expires_on"), chip_no=str(said.get("chip_no", "")),
        request_no=str(said.get("request_no", "")),
    )  # fmt: skip
    return Contents(fields, photo)
