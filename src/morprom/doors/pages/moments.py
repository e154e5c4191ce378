"""How days and instants are said to people: Thai months of the Buddhist Era, English beside; the clock of Bangkok."""

from datetime import date, datetime

from morprom.kernel import BANGKOK, Words
from morprom.kernel.thai_text import long_date


def day(on: date) -> Words:
    """`1 เมษายน 2569`, `1 Apr 2026`."""
    return Words(long_date(on), f"{on:%-d %b %Y}")


def moment(at: datetime | None) -> Words:
    """`1 เมษายน 2569 08:00 น.`, `1 Apr 2026 08:00`; "never" for none."""
    if at is None:
        return Words("ยังไม่เคย", "never")
    here = at.astimezone(BANGKOK)
    on = day(here)
    return Words(f"{on.th} {here:%H:%M} น.", f"{on.en} {here:%H:%M}")
