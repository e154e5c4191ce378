"""The door of administrators: staff whom the operator named look after the relying parties of units."""

from morprom.doors.admin.routes import handlers

__all__ = ["handlers"]
