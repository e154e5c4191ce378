"""Reading a card, command by command, over whatever carries commands."""

from collections.abc import Callable
from typing import Final, Protocol

from morprom_agent.card.model import CardFault, Contents, Step
from morprom_wire.card import (
    FIELDS,
    GET_CHIP_NO,
    PHOTO_BLOCK,
    PHOTO_BLOCKS,
    REQUEST_NO,
    SELECT,
    SELECT_ISSUER,
    ChipField,
    card_says,
    get_response,
    jpeg_of,
    photo_offset,
    read_command,
)

TRIES: Final = 3
CPLC_SERIAL: Final = slice(3 + 12, 3 + 20)
"""Batch and serial number within GlobalPlatform's CPLC, behind its three bytes of tag and length."""


class Chip(Protocol):
    """Carries commands to a chip."""

    @property
    def atr(self) -> bytes:
        """What the chip said at power-on."""
        ...

    def transmit(self, command: bytes) -> bytes:
        """The whole answer, status word last. Raises CardFault."""
        ...


def read_card(chip: Chip, answered: Callable[[Step], None], *, with_numbers: bool) -> Contents:
    """Everything that is read of a card. Raises CardFault."""

    def step(done: int) -> None:
        answered(Step(done, PHOTO_BLOCKS))

    numbers = _numbers(chip) if with_numbers else {}
    _choose(chip)
    step(0)
    raw: dict[str, bytes] = {}
    for field in FIELDS:
        raw[field.name] = _file(chip, field)
        step(0)
    if with_numbers:
        numbers["request_no"] = _optional(chip, REQUEST_NO)
    said = card_says(raw | numbers)
    if said is None:
        raise CardFault("unreadable")
    photo = bytearray()
    for block in range(PHOTO_BLOCKS):
        photo += _file(chip, ChipField("photo", photo_offset(block), PHOTO_BLOCK))
        step(block + 1)
    return Contents(said, jpeg_of(bytes(photo)))


def _choose(chip: Chip) -> None:
    """Choose the ID card's applet; a chip that refuses it is another card's."""
    for _ in range(TRIES):
        answer = chip.transmit(SELECT)
        if answer:
            break
    else:
        raise CardFault("unreadable")
    if not _is_done(answer):
        raise CardFault("wrong-card")


def _file(chip: Chip, field: ChipField) -> bytes:
    """A field's bytes; a hesitating chip is asked again."""
    for _ in range(TRIES):
        found = _asked(chip, read_command(field.offset, field.length), field.length)
        if len(found) == field.length:
            return found
    raise CardFault("unreadable")


def _asked(chip: Chip, command: bytes, length: int) -> bytes:
    """What a command gives; empty when it is refused. Some readers fetch the response by themselves."""
    answer = chip.transmit(command)
    if answer[-2:-1] == b"\x61" or answer == b"\x90\x00":
        answer = chip.transmit(get_response(length, chip.atr))
    return answer[:-2] if answer[-2:] == b"\x90\x00" else b""


def _optional(chip: Chip, field: ChipField) -> bytes:
    return _asked(chip, read_command(field.offset, field.length), field.length)


def _numbers(chip: Chip) -> dict[str, bytes]:
    """The chip's serial number in hexadecimal, from another applet, before the card's own is chosen."""
    if not _is_done(chip.transmit(SELECT_ISSUER)):
        return {}
    serial = _asked(chip, GET_CHIP_NO, GET_CHIP_NO[-1])[CPLC_SERIAL]
    return {"chip_no": serial.hex().encode()} if len(serial) == 8 else {}


def _is_done(answer: bytes) -> bool:
    return answer[-2:-1] == b"\x61" or answer[-2:] == b"\x90\x00"
