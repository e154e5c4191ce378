"""Card readers through PC/SC: the operating system's service, reached by pyscard, which is there only with the extra.

pyscard's plain functions are used, not its classes: those watch readers in threads that nothing ends.
"""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from threading import Event
from typing import Any, Final

from morprom_agent.card.chip import read_card
from morprom_agent.card.model import CardFault, Contents, Fault, Seen, Step
from morprom_agent.stop import Exit, Stop

LOOK_MS: Final = 500  # a card is told at once; a reader that is plugged in, after this long
RETRY_SECONDS: Final = 1.0
RESETS: Final = 3
STATUS_WORD: Final = 2
NOTICE_SECONDS: Final = 1.5  # pcscd looks every 0.4 s


def scard() -> Any:
    """pyscard's functions. Raises Stop when it is not installed."""
    try:
        return import_module("smartcard.scard")
    except ImportError:
        raise Stop(
            Exit.CARD,
            'ยังไม่ได้ติดตั้งส่วนอ่านบัตร สั่ง: pip install "morprom-agent[card]"',
            'the card reader part is not installed: pip install "morprom-agent[card]"',
        ) from None


class PcscReader:
    """All readers of this computer, or the one whose name holds `wanted`."""

    is_simulated = False

    def __init__(self, wanted: str = "", *, with_numbers: bool = False) -> None:
        self._scard = scard()
        self._wanted = wanted.casefold()
        self._with_numbers = with_numbers
        self._faults = _faults(self._scard)

    def names(self) -> list[str]:
        """The readers that are plugged in. Raises CardFault `no-service`."""
        with self._context() as context:
            return self._names(context)

    def look(self) -> Seen:
        """What is in the readers now."""
        try:
            with self._context() as context:
                return self._seen(self._states(context))
        except CardFault as fault:
            return Seen("no-service" if fault.code == "no-service" else "no-reader")

    def watch(self, tell: Callable[[Seen], None], stop: Event) -> None:
        """Tell every change. The service may come and go meanwhile."""
        last: Seen | None = None

        def tell_change(seen: Seen) -> None:
            nonlocal last
            if seen != last:
                last = seen
                tell(seen)

        while not stop.is_set():
            try:
                with self._context() as context:
                    self._follow(context, tell_change, stop)
            except CardFault as fault:
                tell_change(Seen("no-service" if fault.code == "no-service" else "no-reader"))
                stop.wait(RETRY_SECONDS)

    def read(self, expected: Seen, answered: Callable[[Step], None]) -> Contents:
        """Read the card that was seen. No other program's commands come between."""
        with self._context() as context:
            for _ in range(RESETS):
                try:
                    return self._read(context, expected, answered)
                except _ResetError:
                    continue
        raise CardFault("taken")

    def _read(self, context: Any, expected: Seen, answered: Callable[[Step], None]) -> Contents:
        with _Connection.opened(self._scard, context, expected.reader, self._faults) as chip:
            now = self._seen(self._states(context))
            if now != expected:
                raise CardFault("changed" if now.state == "card" else _as_fault(now))
            return read_card(chip, answered, with_numbers=self._with_numbers)

    @contextmanager
    def _context(self) -> Generator[Any]:
        result, context = self._scard.SCardEstablishContext(self._scard.SCARD_SCOPE_USER)
        if result != self._scard.SCARD_S_SUCCESS:
            raise CardFault("no-service")
        try:
            yield context
        finally:
            self._scard.SCardReleaseContext(context)

    def _names(self, context: Any) -> list[str]:
        result, names = self._scard.SCardListReaders(context, [])
        if result == self._scard.SCARD_E_NO_READERS_AVAILABLE:
            return []
        if result != self._scard.SCARD_S_SUCCESS:
            raise CardFault("no-service")
        return [name for name in names if self._wanted in name.casefold()]

    def _states(self, context: Any, known: Any = None, wait: int = 0) -> Any:
        """(name, state, ATR) of every reader, at once, or when one differs from `known`. Raises CardFault."""
        names = self._names(context)
        if not names:
            time.sleep(wait / 1000)
            return []
        before = {name: state for name, state, _ in known or ()}
        asked = [(name, before.get(name, self._scard.SCARD_STATE_UNAWARE)) for name in names]
        result, states = self._scard.SCardGetStatusChange(context, wait, asked)
        if result not in (self._scard.SCARD_S_SUCCESS, self._scard.SCARD_E_TIMEOUT):
            raise CardFault(self._faults.get(result, "no-reader"))
        return states

    def _follow(self, context: Any, tell: Callable[[Seen], None], stop: Event) -> None:
        known = self._states(context)
        while not stop.is_set():
            tell(self._seen(known))
            known = self._states(context, known, LOOK_MS)

    def _seen(self, states: Any) -> Seen:
        if not states:
            return Seen("no-reader")
        present = [(name, state) for name, state, _ in states if state & self._scard.SCARD_STATE_PRESENT]
        if not present:
            return Seen("empty", states[0][0] if len(states) == 1 else "")
        if len(present) > 1:
            return Seen("several-cards")
        name, state = present[0]
        is_mute = state & self._scard.SCARD_STATE_MUTE
        # the high half counts how often cards were put in and pulled out
        return Seen("mute" if is_mute else "card", name, f"{state >> 16}@{name}")


class _ResetError(Exception):
    """Another program reset the card between two commands: begin again."""


class _Connection:
    """A card, for this reading alone."""

    def __init__(self, scard: Any, card: Any, protocol: int, atr: bytes, faults: dict[int, Fault]) -> None:
        self._scard = scard
        self._card = card
        self._header = scard.SCARD_PCI_T1 if protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0
        self.atr = atr
        self._faults = faults
        self._removed = (scard.SCARD_W_REMOVED_CARD, scard.SCARD_E_NO_SMARTCARD)

    @classmethod
    @contextmanager
    def opened(cls, scard: Any, context: Any, reader: str, faults: dict[int, Fault]) -> "Generator[_Connection]":
        """The card in that reader. Raises CardFault."""
        either = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        result, card, protocol = scard.SCardConnect(context, reader, scard.SCARD_SHARE_SHARED, either)
        _demand(scard, result, faults)
        try:
            _demand(scard, scard.SCardBeginTransaction(card), faults)
            result, _reader, _state, _protocol, atr = scard.SCardStatus(card)
            _demand(scard, result, faults)
            yield cls(scard, card, protocol, bytes(atr), faults)
        finally:
            scard.SCardEndTransaction(card, scard.SCARD_LEAVE_CARD)
            scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)

    def transmit(self, command: bytes) -> bytes:
        """The answer to one command; empty when the chip said nothing whole."""
        result, answer = self._scard.SCardTransmit(self._card, self._header, list(command))
        if result == self._scard.SCARD_S_SUCCESS and len(answer) >= STATUS_WORD:
            return bytes(byte & 0xFF for byte in answer)
        if self._is_gone():
            raise CardFault("removed")
        if result in self._faults or result == self._scard.SCARD_W_RESET_CARD:
            _demand(self._scard, result, self._faults)
        return b""

    def _is_gone(self) -> bool:
        """Whether the card was pulled out: the command that this interrupts fails first, the service notices later."""
        ends = time.monotonic() + NOTICE_SECONDS
        while time.monotonic() < ends:
            if self._scard.SCardStatus(self._card)[0] in self._removed:
                return True
            time.sleep(0.05)
        return False


def _demand(scard: Any, result: int, faults: dict[int, Fault]) -> None:
    if result == scard.SCARD_S_SUCCESS:
        return
    if result == scard.SCARD_W_RESET_CARD:
        raise _ResetError
    raise CardFault(faults.get(result, "unreadable"))


def _as_fault(seen: Seen) -> Fault:
    return "removed" if seen.state in ("empty", "card") else seen.state


def _faults(scard: Any) -> dict[int, Fault]:
    """What PC/SC's results mean here; those that are not named make a card unreadable."""
    return {
        scard.SCARD_E_NO_SERVICE: "no-service",
        scard.SCARD_E_SERVICE_STOPPED: "no-service",
        scard.SCARD_F_COMM_ERROR: "no-service",
        scard.SCARD_E_NO_READERS_AVAILABLE: "no-reader",
        scard.SCARD_E_READER_UNAVAILABLE: "no-reader",
        scard.SCARD_E_UNKNOWN_READER: "no-reader",
        scard.SCARD_E_NO_SMARTCARD: "removed",
        scard.SCARD_W_REMOVED_CARD: "removed",
        scard.SCARD_W_UNRESPONSIVE_CARD: "mute",
        scard.SCARD_W_UNPOWERED_CARD: "mute",
        scard.SCARD_W_UNSUPPORTED_CARD: "mute",
        scard.SCARD_E_PROTO_MISMATCH: "mute",
        scard.SCARD_E_SHARING_VIOLATION: "taken",
    }
