"""What units send: uploads become submissions, submissions are written many at a time, items are taken back."""

from morprom.intake.compare import Difference, compare
from morprom.intake.purge import purge
from morprom.intake.receive import Received, Sender, receive
from morprom.intake.receive_items import receive_items
from morprom.intake.remove import Removed, confirm, removals, remove, restore
from morprom.intake.unregister import unregister
from morprom.intake.writer import Writer

__all__ = [
    "Difference",
    "Received",
    "Removed",
    "Sender",
    "Writer",
    "compare",
    "confirm",
    "purge",
    "receive",
    "receive_items",
    "removals",
    "remove",
    "restore",
    "unregister",
]
