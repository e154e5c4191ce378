"""What an uploaded CareGiver says that may be kept at the caregiver's own record: nothing of the person cared for."""

from typing import Final

import msgspec

from morprom.mophphr.lenient import decode_plain
from morprom.mophphr.normal import codings, text
from morprom.mophphr.view_values import first_object

INACTIVE: Final = frozenset({"false", "0", "n", "no", "inactive"})
LONGEST_CODE: Final = 20
LONGEST_TEXT: Final = 60


class CareClaim(msgspec.Struct, frozen=True):
    """That somebody cares for a person: still, and in what relation (`caregiver_type`)."""

    active: bool
    qualification_code: str
    qualification_text: str


def care_claim(sent: bytes) -> CareClaim:
    """The claim in `sent`, an upload cut down to one CareGiver.

    Of the qualification the code and its display are taken, never the free text beside them, which may name people.
    """
    item = first_object(decode_plain(sent).get("CareGiver"))
    coded = next((coding for coding in codings(item.get("qualification")) if coding.code), None)
    return CareClaim(
        text(item.get("active")).lower() not in INACTIVE,
        coded.code[:LONGEST_CODE] if coded else "",
        coded.display[:LONGEST_TEXT] if coded else "",
    )
