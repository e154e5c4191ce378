"""A code system as a file: CSV, or a FHIR CodeSystem, either of which can be imported again."""

import csv
import io
from typing import Any, Final

import msgspec

from morprom.codes.model import CodeRow, CodeSystem, Published

OURS: Final = ("code", "display", "display_en")


def as_csv(published: Published) -> str:
    """CSV in UTF-8, with a row of column names."""
    rows = msgspec.json.decode(published.rows, type=list[CodeRow])
    extra = {name: None for row in rows for name in row if name not in OURS}
    out = io.StringIO()
    writer = csv.DictWriter(out, [*OURS, *extra], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def as_fhir(published: Published, public_url: str) -> str:
    """A FHIR CodeSystem (R4), concepts side by side, what is not FHIR's as properties."""
    rows = msgspec.json.decode(published.rows, type=list[CodeRow])
    resource = _resource(published.about, public_url) | {"concept": [_concept(row) for row in rows]}
    return msgspec.json.format(msgspec.json.encode(resource), indent=1).decode()


def _resource(about: CodeSystem, public_url: str) -> dict[str, Any]:
    return {
        "resourceType": "CodeSystem",
        "url": f"{public_url}/api/CodingSystem?System={about.system}",
        "version": about.version,
        "name": about.system,
        "title": about.title_en or about.title_th,
        "status": "active",
        "date": about.date.isoformat(),
        "content": "complete",
        "count": about.count,
    }


def _concept(row: CodeRow) -> dict[str, Any]:
    languages = [("th", row["display"]), ("en", row["display_en"])]
    concept: dict[str, Any] = {
        "code": row["code"],
        "display": row["display"],
        "designation": [{"language": language, "value": text} for language, text in languages if text],
    }
    if "definition" in row:
        concept["definition"] = row["definition"]
    properties = [
        {"code": name, "valueString": text} for name, text in row.items() if name not in (*OURS, "definition")
    ]
    return concept | ({"property": properties} if properties else {})
