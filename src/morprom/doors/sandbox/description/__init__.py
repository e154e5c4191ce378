"""Every call of the platform in one table, and the OpenAPI document that is made of it."""

from morprom.doors.sandbox.description.calls import CALLS
from morprom.doors.sandbox.description.document import document
from morprom.doors.sandbox.description.model import CallEntry, Language

__all__ = ["CALLS", "CallEntry", "Language", "document"]
