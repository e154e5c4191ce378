"""The door of vendors' programmers: what became of a payload and why, every call described, what is left to try.

Mounted in demo and sandbox mode only; production answers 404 on its paths.
"""

from morprom.doors.sandbox.routes import handlers

__all__ = ["handlers"]
