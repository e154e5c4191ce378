"""Thai text of dates, ages and counts. The Buddhist Era is text at a door, never a stored value."""

from datetime import date, datetime

MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
SHORT_MONTHS = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
BUDDHIST_ERA = 543
FIRST_BUDDHIST_YEAR = 2400  # a year above it is of the Buddhist Era (wire protocol, section 1)


def day_said(year: int, month: int, day: int) -> date | None:
    """A day as people say it, its year in either era; None when there is no such day."""
    try:
        return date(year - BUDDHIST_ERA if year > FIRST_BUDDHIST_YEAR else year, month, day)
    except ValueError:
        return None


def long_date(day: date) -> str:
    """`14 พฤศจิกายน 2560`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + BUDDHIST_ERA}"


def short_date(day: date) -> str:
    """`14 พ.ย. 2560`."""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year + BUDDHIST_ERA}"


def long_datetime(moment: datetime) -> str:
    """`14 พฤศจิกายน 2560 08:15`, of a wall-clock time."""
    return f"{long_date(moment)} {moment:%H:%M}"


def full_age(born_on: date, today: date) -> str:
    """`45 ปี 3 เดือน 2 วัน`: whole years, months and days lived. "" for a birth in the future."""
    if born_on > today:
        return ""
    months = (today.year - born_on.year) * 12 + today.month - born_on.month
    if today.day < born_on.day:
        months -= 1
    since = _add_months(born_on, months)
    return f"{months // 12} ปี {months % 12} เดือน {(today - since).days} วัน"


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - date(year, month + 1, 1)).days if year < 9999 else 31
    return date(year, month + 1, min(day.day, last))
