"""Who asked for a card, whether somebody pressed the button, and what goes to whom. One asks at a time.

ask → waiting → the button in the station's own window → go → nonce → reading. The nonce comes after the button, so
that its minute is spent on reading; the card must be the one that was there at the button.
"""

import asyncio
import base64
import secrets
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

from morprom_agent import __version__
from morprom_agent.card.enrolled import Enrolled
from morprom_agent.card.model import CardFault, Contents, Fault, Reader, Seen, Step
from morprom_agent.card.patience import read_patiently
from morprom_agent.card.signing import signed_reading
from morprom_agent.card.words import FAULTS, STATES, WAITING

NONCE_SECONDS: Final = 15.0
LONGEST_NONCE: Final = 200
OUT: Final = ("empty", "no-reader", "no-service")
"""What a card that is seen afterwards was put in after: PC/SC begins to count anew with each reader and each start."""

Message = dict[str, Any]
Send = Callable[[Message], None]
Phase = Literal["waiting", "pressed", "reading"]


class Page:
    """A counter page that proved that it was paired, from the site that its browser says."""

    def __init__(self, station: Enrolled, send: Send) -> None:
        self.station = station
        self.send = send


class _Ask:
    """A page's wish to have a card read."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.phase: Phase = "waiting"
        self.card = Seen("empty")
        self.insertion = ""
        self.patience: asyncio.TimerHandle | None = None


class Desk:
    """The station's state. Everything here runs on the event loop."""

    def __init__(self, reader: Reader, stations: Mapping[str, Enrolled], pairing: Callable[[str], str]) -> None:
        self.stations = stations
        self._reader = reader
        self._pairing = pairing
        self._seen = Seen("no-reader")
        self._inside = ""  # the insertion, as the reader counts, that was seen last and not out since
        self._insertion = ""  # what pages know it by; never twice, whatever is unplugged or started anew
        self._pages: set[Page] = set()
        self._windows: set[Send] = set()
        self._ask: _Ask | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # The reader

    def saw(self, seen: Seen) -> None:
        """Reader or card changed."""
        self._seen = seen
        if seen.state in OUT:
            self._inside = ""
        elif seen.state == "card" and seen.insertion != self._inside:
            self._inside, self._insertion = seen.insertion, secrets.token_urlsafe(12)
        for send in (*(page.send for page in self._pages), *self._windows):
            self._say(send, self._state())

    # Counter pages

    def join(self, page: Page) -> None:
        """A page was paired."""
        self._pages.add(page)
        station = page.station
        self._say(page.send, {
            "type": "hello", "public_key": base64.b64encode(station.key.public).decode(),
            "fingerprint": station.fingerprint, "name": station.name, "version": __version__,
        })  # fmt: skip
        self._say(page.send, self._state())

    def leave(self, page: Page) -> None:
        """A page was closed; what it asked is void."""
        self._pages.discard(page)
        self.cancel(page)

    def ask(self, page: Page) -> None:
        """A page wishes for a card. Of two pages of one site the later one has it: that one is looked at now."""
        held = self._ask
        if held and held.page is not page and (held.phase != "waiting" or held.page.station is not page.station):
            self._fail(page.send, "busy")
            return
        if held and held.phase != "waiting":
            return  # its own: the button was pressed
        if held is None or held.page is not page:
            self._ask = _Ask(page)
            self._show()
        self._say(page.send, {"type": "waiting", **WAITING._asdict()})
        if held and held.page is not page:
            self._fail(held.page.send, "busy")

    def cancel(self, page: Page) -> None:
        """A page no longer wishes for one. A reading that runs comes to nothing."""
        if self._ask and self._ask.page is page:
            self._end(self._ask)

    def nonce(self, page: Page, nonce: str, station_id: UUID) -> None:
        """A page answers the button. Without a press just before, it is nothing."""
        ask = self._ask
        if ask is None or ask.page is not page or ask.phase != "pressed" or not 0 < len(nonce) <= LONGEST_NONCE:
            return
        ask.phase = "reading"
        if ask.patience:
            ask.patience.cancel()
        self._show()
        self._run(self._read(ask, nonce, station_id))

    # The station's own window and console

    def open_window(self, send: Send) -> None:
        """The station's window was opened."""
        self._windows.add(send)
        stations = [
            {
                "origin": one.origin, "name": one.name, "fingerprint": one.fingerprint,
                "public_key": base64.b64encode(one.key.public).decode(), "open": self._pairing(one.origin),
            }
            for one in self.stations.values()
        ]  # fmt: skip
        self._say(send, {"type": "stations", "stations": stations, "version": __version__})
        self._say(send, self._state())
        self._say(send, self._asked())

    def close_window(self, send: Send) -> None:
        """It was closed."""
        self._windows.discard(send)

    def press(self) -> Fault | None:
        """Somebody pressed the button. Why nothing is read, if nothing is."""
        ask = self._ask
        if ask is None or ask.phase != "waiting":
            return None
        if self._seen.state != "card":
            for send in self._windows:
                self._fail(send, self._seen.state)
            return self._seen.state
        ask.phase, ask.card, ask.insertion = "pressed", self._seen, self._insertion
        ask.patience = asyncio.get_running_loop().call_later(NONCE_SECONDS, self._failed, ask, "no-nonce")
        self._say(ask.page.send, {"type": "go"})
        self._show()
        return None

    @property
    def asking(self) -> str:
        """The site that waits for the button; empty when none does."""
        return self._ask.page.station.origin if self._ask and self._ask.phase == "waiting" else ""

    # Within

    async def _read(self, ask: _Ask, nonce: str, station_id: UUID) -> None:
        def progress(step: Step) -> None:
            for send in (ask.page.send, *self._windows):
                self._say(send, {"type": "progress", "done": step.done, "of": step.of})

        try:
            contents = await read_patiently(self._reader, ask.card, progress)
        except CardFault as fault:
            self._failed(ask, fault.code)
            return
        if self._ask is ask:
            self._hand_over(ask, contents, nonce, station_id)

    def _hand_over(self, ask: _Ask, contents: Contents, nonce: str, station_id: UUID) -> None:
        reading = signed_reading(
            ask.page.station.key, contents, station_id=station_id, nonce=nonce, now=datetime.now(UTC),
            is_simulated=self._reader.is_simulated,
        )  # fmt: skip
        self._say(ask.page.send, {"type": "reading", "reading": reading, "insertion": ask.insertion})
        for send in self._windows:
            self._say(send, {"type": "done"})
        self._end(ask)

    def _failed(self, ask: _Ask, code: Fault) -> None:
        if self._ask is not ask:
            return
        for send in (ask.page.send, *self._windows):
            self._fail(send, code)
        self._end(ask)

    def _end(self, ask: _Ask) -> None:
        if ask.patience:
            ask.patience.cancel()
        self._ask = None
        self._show()

    def _show(self) -> None:
        for send in self._windows:
            self._say(send, self._asked())

    def _asked(self) -> Message:
        ask = self._ask
        return {"type": "asked", "by": ask.page.station.origin if ask else "", "phase": ask.phase if ask else ""}

    def _state(self) -> Message:
        insertion = self._insertion if self._seen.state == "card" else ""
        said = STATES[self._seen.state]._asdict()
        return {"type": "state", "state": self._seen.state, "reader": self._seen.reader, "insertion": insertion, **said}

    def _fail(self, send: Send, code: Fault) -> None:
        self._say(send, {"type": "failed", "code": code, **FAULTS[code]._asdict()})

    def _say(self, send: Send, message: Message) -> None:
        send(message | {"is_simulated": self._reader.is_simulated})

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
