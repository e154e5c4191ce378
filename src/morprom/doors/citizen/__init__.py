"""The door of people: take a proofing to one's own phone, sign in, look after the account, read one's own record."""

from morprom.doors.citizen.routes import handlers

__all__ = ["handlers"]
