"""Notes that one programme of a hospital leaves for another: read once, gone after an hour (wire protocol, section 9).

What is kept is sealed by a key that is derived from the note's code, and of the code its hash alone: who has the
database reads nothing.
"""

from morprom.pasteboard.leave import leave
from morprom.pasteboard.purge import purge
from morprom.pasteboard.rules import LARGEST
from morprom.pasteboard.take import take

__all__ = ["LARGEST", "leave", "purge", "take"]
