"""Whose data an upload is: only the hospital of the token sends (wire protocol, section 3)."""

from typing import Final, NamedTuple

from morprom.mophphr import Finding, finding
from morprom.units import Directory

HERE: Final = (((None, "managingOrganization"), "identifier"), "value")


class WrongHospital(NamedTuple):
    """The status and the fault of an upload that cannot be this token's."""

    status: int
    fault: Finding


async def wrong_hospital(directory: Directory, named: str, own: str) -> WrongHospital | None:
    """What is wrong with the hospital `named` in an upload; None when it is the token's `own`."""
    if named == own:
        return None  # whoever holds its token is known to be there
    if await directory.unit(named) is None:
        return WrongHospital(422, finding("HCODE_UNKNOWN", HERE))
    return WrongHospital(403, finding("OTHER_HOSPITAL", HERE))
