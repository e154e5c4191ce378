"""What an administrator does to units: their list, their accounts, their upload tokens, the wrapping of their keys."""

from morprom.units.administration import accounts, roster, upload_tokens
from morprom.units.administration.roster_file import RosterFile, province_code, read_roster
from morprom.units.model import UnitEntry
from morprom.units.ref_keys import rewrap_keys

__all__ = [
    "RosterFile",
    "UnitEntry",
    "accounts",
    "province_code",
    "read_roster",
    "rewrap_keys",
    "roster",
    "upload_tokens",
]
