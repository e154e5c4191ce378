"""People who work at units: Provider ID, licences, positions. Each is a person, never a shared account."""

from morprom.staff.listed import (
    account_of_position,
    add_position,
    demand_officer,
    end_position,
    list_provider,
    positions_of,
    provider_of,
    staff_of,
)
from morprom.staff.model import Licence, Names, Position, Provider, Rights, Work

__all__ = [
    "Licence",
    "Names",
    "Position",
    "Provider",
    "Rights",
    "Work",
    "account_of_position",
    "add_position",
    "demand_officer",
    "end_position",
    "list_provider",
    "positions_of",
    "provider_of",
    "staff_of",
]
