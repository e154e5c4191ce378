"""The door of units: hospital software and agents sign in, send, reconcile, take back (wire protocol, 2, 3 and 8)."""

from morprom.doors.units.routes import handlers

__all__ = ["handlers"]
