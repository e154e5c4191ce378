"""From the table of calls to an OpenAPI 3.1 document."""

from collections.abc import Mapping, Sequence
from typing import Any

from morprom.doors.sandbox.description.model import Language


def document(language: Language, origin: str, examples: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """The document in `language` for the platform at `origin`."""
    return {"openapi": "3.1.1", "info": {"title": "morprom", "version": "0.1.0"}, "paths": {}}
