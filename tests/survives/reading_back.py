"""What is there in the end, seen as everybody sees it: the hospital, the reader with a code, the history."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date

from platform_process import Platform, refs_of, web_app


def refs_on_platform(platform: Platform, hcode: str, days: Iterable[date]) -> list[str]:
    """Every ref that the hospital's reconciliation finds, in one list: what is there twice is in it twice."""
    client = platform.client(hcode)
    return [ref for day in days for ref in refs_of(client, hcode, day.isoformat())]


def amounts_by_ref(platform: Platform, hcode: str, cid: str) -> list[tuple[str, float]]:
    """A person's visits as a reader with the person's code sees them."""
    client = platform.client(hcode)
    rows = web_app(client, cid, platform.ask_for_code(client, cid), "Encounter")
    return [(row["encounter_ref_code"], row["finance_total_amount"]) for row in rows]


def receipts(platform: Platform, cid: str) -> Counter[str]:
    """What the lines of a person's history say of uploads: new, same, changed, moved."""
    said: Counter[str] = Counter()
    for line in platform.operator("history", "prove", cid).splitlines():
        row = json.loads(line)
        if row["basis"] == "upload":
            said.update({name: row[name] for name in ("new", "same", "changed", "moved")})
    return said


def history_holds(platform: Platform) -> bool:
    """Whether every line, root and signature of the history is as it was sealed."""
    return json.loads(platform.operator("history", "verify", "--json"))["holds"]
