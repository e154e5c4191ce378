"""Persons: who a number means, the key to a person's documents, and the inbox where notices wait for them."""

from morprom.people import notices
from morprom.people.find import demand_own_keys, ensure, find, get
from morprom.people.inbox import Inbox, Notice, Notifier, code_notice
from morprom.people.model import Identifier, Person, Scheme

__all__ = [
    "Identifier",
    "Inbox",
    "Notice",
    "Notifier",
    "Person",
    "Scheme",
    "code_notice",
    "demand_own_keys",
    "ensure",
    "find",
    "get",
    "notices",
]
