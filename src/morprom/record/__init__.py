"""The record of a person: its documents, what may be seen of it, what in it is sensitive, and where it was made."""

from morprom.record.model import Document, Kind, Organization, Seeing

__all__ = ["Document", "Kind", "Organization", "Seeing"]
