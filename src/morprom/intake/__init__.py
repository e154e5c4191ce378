"""What units send: uploads become submissions, submissions are written many at a time, visits are taken back."""

from morprom.intake.model import Receipt, Removal, RemovalState, Submission
from morprom.intake.receive import Received, Sender, receive
from morprom.intake.remove import Removed, confirm, remove, restore
from morprom.intake.writer import Writer

__all__ = [
    "Receipt",
    "Received",
    "Removal",
    "RemovalState",
    "Removed",
    "Sender",
    "Submission",
    "Writer",
    "confirm",
    "receive",
    "remove",
    "restore",
]
