"""What an owner set about their record, as values: the content of the document of kind CONTROLS."""

from datetime import datetime

import msgspec


class Report(msgspec.Struct, frozen=True):
    """A visit that its owner says is wrong. `ref` is `hcode:ref`; `at` in UTC."""

    ref: str
    reason: str
    at: datetime

    def __repr__(self) -> str:
        return "Report(…)"


class Controls(msgspec.Struct, frozen=True):
    """Everything that an owner set; `masked` are `hcode:ref` of the visits that only they see."""

    share_phr: bool = True
    masked: tuple[str, ...] = ()
    reported: tuple[Report, ...] = ()

    def __repr__(self) -> str:
        return "Controls(…)"

    def sharing(self, share: bool) -> "Controls":
        """With the switch turned."""
        return msgspec.structs.replace(self, share_phr=share)

    def masking(self, ref: str, masked: bool) -> "Controls":
        """With one visit hidden, or shown again."""
        if masked == (ref in self.masked):
            return self
        others = tuple(other for other in self.masked if other != ref)
        return msgspec.structs.replace(self, masked=(*others, ref) if masked else others)

    def reporting(self, ref: str, report: Report | None) -> "Controls":
        """With one visit reported, in place of an earlier report of it; None takes that back."""
        others = tuple(one for one in self.reported if one.ref != ref)
        return msgspec.structs.replace(self, reported=(*others, report) if report else others)

    def is_about(self, ref: str) -> bool:
        """Whether the owner hid or reported that visit."""
        return ref in self.masked or any(one.ref == ref for one in self.reported)
