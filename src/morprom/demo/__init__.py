"""The demo: invented units and people, a month of visits sent by the agent, and how to read one person's record."""

from morprom.demo.people import known_person
from morprom.demo.show import show

__all__ = ["known_person", "show"]
