"""What units send: uploads become submissions, submissions are written many at a time, visits are taken back."""

from morprom.intake.model import Receipt, RemovalState, Submission
from morprom.intake.purge import purge
from morprom.intake.receive import Received, Sender, receive
from morprom.intake.remove import Removed, confirm, removals, remove, restore
from morprom.intake.writer import Writer

__all__ = [
    "Receipt",
    "Received",
    "RemovalState",
    "Removed",
    "Sender",
    "Submission",
    "Writer",
    "confirm",
    "purge",
    "receive",
    "removals",
    "remove",
    "restore",
]
