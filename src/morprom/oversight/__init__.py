"""Units, and those who answer for them, watch the sending: agents, counts, what arrived of each day.

`exercise` is what the software of a test hospital tried, and what of its checklist is left.
"""

from morprom.oversight import exercise
from morprom.oversight.model import (
    AgentReport,
    AnotherSends,
    DaySummary,
    HospitalCount,
    Noted,
    TooSoon,
    Trait,
    Tried,
)
from morprom.oversight.report import report_error, report_status, sending_agent
from morprom.oversight.summarise import keep_counts, month_summary

__all__ = [
    "AgentReport",
    "AnotherSends",
    "DaySummary",
    "HospitalCount",
    "Noted",
    "TooSoon",
    "Trait",
    "Tried",
    "exercise",
    "keep_counts",
    "month_summary",
    "report_error",
    "report_status",
    "sending_agent",
]
