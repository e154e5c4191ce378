"""The faces that real clients know: Health ID, Provider ID, and signing in through ThaID. Each can be switched off."""

from morprom.doors.faces.routes import handlers

__all__ = ["handlers"]
