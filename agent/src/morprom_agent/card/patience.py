"""A reading in a thread of its own, with a limit on the wait for every single answer of the chip.

A command that hangs in the operating system cannot be taken back. Its thread is left behind, and does not keep the
program from ending.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import Final

from morprom_agent.card.model import CardFault, Contents, Reader, Seen, Step

SECONDS: Final = 8.0
"""A chip takes tenths of a second for a block; a dirty one, or a reader behind a slow hub, a few seconds."""

_Said = Step | Contents | CardFault


async def read_patiently(
    reader: Reader, seen: Seen, tell: Callable[[Step], None], *, seconds: float = SECONDS
) -> Contents:
    """Read the card that was seen. Raises CardFault, `slow` when one answer takes longer than `seconds`."""
    said: asyncio.Queue[_Said] = asyncio.Queue()
    _start(reader, seen, asyncio.get_running_loop(), said)
    while True:
        try:
            what = await asyncio.wait_for(said.get(), seconds)
        except TimeoutError:
            raise CardFault("slow") from None
        match what:
            case Step():
                tell(what)
            case Contents():
                return what
            case CardFault():
                raise what


def _start(reader: Reader, seen: Seen, loop: asyncio.AbstractEventLoop, said: "asyncio.Queue[_Said]") -> None:
    def post(what: _Said) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(said.put_nowait, what)

    def work() -> None:
        try:
            post(reader.read(seen, post))
        except CardFault as fault:
            post(fault)
        except BaseException:
            post(CardFault("unreadable"))
            raise

    threading.Thread(target=work, name="card", daemon=True).start()
