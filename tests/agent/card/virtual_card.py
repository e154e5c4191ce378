"""A Thai ID card made of bytes, in a reader of vsmartcard's vpcd: the PC/SC service in front of it is the real one."""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from morprom_wire.cid import check_digit

ATR = bytes.fromhex("3B791800005448204E4944203137")  # of the cards of today; those of 3B 67 want P2 = 1
OLD_ATR = bytes.fromhex("3B6700005448204E4944")
APPLET = bytes.fromhex("A000000054480001")
ISSUER = bytes.fromhex("A000000003000000")
OK, NOT_FOUND, NO_INSTRUCTION, WRONG = b"\x90\x00", b"\x6a\x82", b"\x6d\x00", b"\x6f\x00"


def cid(number: int) -> str:
    """A citizen number of the district that does not exist."""
    twelve = f"19900{number:07d}"
    return twelve + str(check_digit(twelve))


def invented_jpeg(letter: bytes = b"a", length: int = 4000) -> bytes:
    """Starts and ends like a JPEG; what is between means nothing."""
    return b"\xff\xd8\xff\xe0" + letter * length + b"\xff\xd9"


@dataclass
class VirtualCard:
    """What the chip holds, and how it misbehaves."""

    number: int = 41
    name_th: str = "นาง#มาลี##สมมติ"
    name_en: str = "Mrs.#Malee##Sommut"
    born: str = "25020409"
    sex: str = "2"
    issuer: str = "ท้องถิ่นเขตสมมติ/กรุงเทพมหานคร"
    issued: str = "25660102"
    expires: str = "25741231"
    address: str = "99/9#หมู่ที่ 1##ซอยสมมติ#  ถนนสมมติ#ตำบลสมมติ#อำเภอสมมติ#จังหวัดสมมติ"
    photo: bytes = field(default_factory=invented_jpeg)
    digits: str = ""
    atr: bytes = ATR
    has_applet: bool = True
    seconds: float = 0.0  # before each answer
    stumbles: int = 0  # answers that are errors before one is right
    before: Callable[[int], None] = lambda _: None  # called with the number of the command

    def __post_init__(self) -> None:
        self._memory = bytearray(b" " * 0x1700)
        for offset, length, said in (
            (0x0000, 4, "0003"), (0x0004, 13, self.digits or cid(self.number)), (0x0011, 100, self.name_th),
            (0x0075, 100, self.name_en), (0x00D9, 8, self.born), (0x00E1, 1, self.sex), (0x00F6, 100, self.issuer),
            (0x0167, 8, self.issued), (0x016F, 8, self.expires), (0x1579, 100, self.address),
            (0x1619, 14, "9901-01-0123456"[:14]),
        ):  # fmt: skip
            raw = said.encode("tis-620")
            assert len(raw) <= length
            self._memory[offset : offset + len(raw)] = raw
        self._memory[0x017B : 0x017B + len(self.photo)] = self.photo
        self._waiting = b""
        self._selected = b""
        self.commands = 0

    def answer(self, command: bytes) -> bytes:
        """What the chip says to one command."""
        self.commands += 1
        self.before(self.commands)
        time.sleep(self.seconds)
        if self.stumbles and command[:2] == b"\x80\xb0":
            self.stumbles -= 1
            return WRONG
        if command[:4] == b"\x00\xa4\x04\x00":
            return self._select(command[5 : 5 + command[4]])
        if command[:2] == b"\x00\xc0":
            wanted = 1 if self.atr.startswith(b"\x3b\x67") else 0
            waiting, self._waiting = self._waiting, b""
            return waiting[: command[4]] + OK if command[3] == wanted and waiting else WRONG
        if command[:4] == b"\x80\xca\x9f\x7f" and self._selected == ISSUER:
            return b"\x9f\x7f\x2a" + bytes(range(42)) + OK
        if command[:2] == b"\x80\xb0" and self._selected == APPLET:
            offset, length = struct.unpack(">H", command[2:4])[0], command[6]
            self._waiting = bytes(self._memory[offset : offset + length])
            return bytes((0x61, length))
        return NO_INSTRUCTION

    def _select(self, applet: bytes) -> bytes:
        if applet not in (APPLET, ISSUER) or (applet == APPLET and not self.has_applet):
            return NOT_FOUND
        self._selected = applet
        return b"\x61\x0a"

    @property
    def birth(self) -> date:
        return date(int(self.born[:4]) - 543, int(self.born[4:6]), int(self.born[6:]))


class Slot:
    """One slot of a virtual reader: put a card in, pull it out. Speaks vpcd's protocol, lengths before messages."""

    POWER_OFF, POWER_ON, RESET, GET_ATR = 0, 1, 2, 4

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def insert(self, card: VirtualCard) -> VirtualCard:
        """Put it in; the reader is quick to notice."""
        self.pull()
        connected = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        self._socket = connected
        threading.Thread(target=self._serve, args=(connected, card), daemon=True).start()
        return card

    def pull(self) -> None:
        """Pull out whatever is in it."""
        if self._socket is not None:
            with suppress(OSError):  # the service is gone already
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None

    def _serve(self, connected: socket.socket, card: VirtualCard) -> None:
        try:
            while True:
                (length,) = struct.unpack(">H", _exactly(connected, 2))
                message = _exactly(connected, length)
                if length == 1:
                    if message[0] == self.GET_ATR:
                        _send(connected, card.atr)
                    continue
                _send(connected, card.answer(message))
        except OSError:
            return


def _exactly(connected: socket.socket, length: int) -> bytes:
    got = b""
    while len(got) < length:
        part = connected.recv(length - len(got))
        if not part:
            raise ConnectionError
        got += part
    return got


def _send(connected: socket.socket, message: bytes) -> None:
    connected.sendall(struct.pack(">H", len(message)) + message)
