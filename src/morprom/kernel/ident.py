"""Identifiers of persons and hospitals as values."""

from morprom_wire.cid import TEST_CID, is_cid, is_made_up


class Cid:
    """A citizen number whose text appears nowhere by accident: repr, str and format hide it.

    Read it with `digits`, and only to hash it, seal it or answer the person who sent it.
    """

    __slots__ = ("digits",)
    digits: str

    def __init__(self, digits: str) -> None:
        """Raise ValueError, without the digits, unless the checksum holds."""
        if not is_cid(digits):
            raise ValueError("not a citizen number")
        self.digits = digits

    @classmethod
    def parse(cls, text: object) -> "Cid | None":
        """The number in `text`, tolerant of spaces and hyphens as people write them; None when it is not one."""
        if not isinstance(text, str):
            return None
        digits = text.strip().replace("-", "").replace(" ", "")
        return cls(digits) if is_cid(digits) else None

    @property
    def is_test(self) -> bool:
        """Whether this is the ministry's shared test person."""
        return self.digits == TEST_CID

    def is_made_up_by(self, hcode: str) -> bool:
        """Whether hospital `hcode` made this number up for a person who showed none."""
        return is_made_up(self.digits, hcode)

    def __repr__(self) -> str:
        return "Cid(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cid) and other.digits == self.digits

    def __hash__(self) -> int:
        return hash(self.digits)


class Hcode(str):
    """A hospital code: 5 digits, or the older 9 characters. Public, so it shows itself."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> "Hcode | None":
        """The code in `text`, or None when it has neither shape."""
        if isinstance(text, int) and not isinstance(text, bool):
            text = str(text)
        if not isinstance(text, str):
            return None
        code = text.strip().upper()
        plain = code.isascii() and code.isalnum()
        return cls(code) if plain and ((len(code) == 5 and code.isdigit()) or len(code) == 9) else None
