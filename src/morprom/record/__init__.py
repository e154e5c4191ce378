"""The record of a person: its documents, what may be seen of it, what in it is sensitive, and where it was made."""

from morprom.record.model import Document, Kind, Organization, Seeing
from morprom.record.regions import PROVINCES, region_of
from morprom.record.rules import DEFAULT_RULES, Facts, Ruleset
from morprom.record.sensitive import RULES, Rule

__all__ = [
    "DEFAULT_RULES",
    "PROVINCES",
    "RULES",
    "Document",
    "Facts",
    "Kind",
    "Organization",
    "Rule",
    "Ruleset",
    "Seeing",
    "region_of",
]
