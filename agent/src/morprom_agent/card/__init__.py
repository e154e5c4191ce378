"""The card station of a counter: reads Thai ID cards over PC/SC, signs what it read, and hands it to its page.

Nothing is read before somebody presses the station's own button, and nothing that was read is kept here.
"""

from morprom_agent.card.cli import app

__all__ = ["app"]
