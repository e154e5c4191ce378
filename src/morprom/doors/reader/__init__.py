"""The door of readers: hospital software asks a person for a code and reads with it (wire protocol, 5 and 6)."""

from morprom.doors.reader.routes import handlers

__all__ = ["handlers"]
