"""The citizen number: 13 digits, the last one a check digit (Department of Provincial Administration)."""

from operator import mul

TEST_CID = "0000000000001"
"""The ministry's shared test person. It passes the checksum; the platform knows it in demo and sandbox only."""


def check_digit(first_twelve: str) -> int:
    """The 13th digit that belongs to twelve digits."""
    total = sum(map(mul, map(int, first_twelve), range(13, 1, -1)))
    return (11 - total % 11) % 10


def is_cid(text: str) -> bool:
    """Whether `text` is 13 ASCII digits whose checksum holds."""
    return len(text) == 13 and text.isascii() and text.isdigit() and check_digit(text[:12]) == int(text[12])


def is_made_up(text: str, hcode: str) -> bool:
    """Whether a hospital made this number up: it starts with its own hcode or with `00000`.

    Such numbers mean nothing outside that hospital. The ministry's test person is not one of them.
    """
    return text != TEST_CID and (text.startswith("00000") or (len(hcode) >= 5 and text.startswith(hcode[:5])))
