"""Builds what the platform takes (wire protocol, section 4) from a visit's 43-file rows. Pure: no I/O, no clock.

A row that is filled in as the standard asks gives a payload that earns no warning.
"""

from morprom_agent.payload.build import Hospital, Parcel, build

__all__ = ["Hospital", "Parcel", "build"]
