"""What came of an upload, as its reply tells it and as it is counted."""

from typing import Final

from morprom.doors.units.tally import Tally
from morprom.intake import Received
from morprom.intake.model import Receipt

Result = dict[str, object]

ITEMS: Final = Tally(
    "morprom_items", "Items of other uploads received, by call and by what they were", "call", "outcome"
)


def result_of(received: Received) -> Result:
    """`{receipt_id, new, same, changed, moved, removed}`."""
    receipt = received.receipt
    removed = received.removed.count if received.removed else 0
    return {"receipt_id": receipt.receipt_id, **dict(outcomes(receipt)), "removed": removed}


def outcomes(receipt: Receipt) -> tuple[tuple[str, int], ...]:
    """How many were what."""
    return ("new", receipt.new), ("same", receipt.same), ("changed", receipt.changed), ("moved", receipt.moved)


def count_items(call: str, received: Received) -> None:
    """Add them to the counters."""
    removed = received.removed.count if received.removed else 0
    for outcome, count in (*outcomes(received.receipt), ("removed", removed)):
        if count:
            ITEMS.add(call, outcome, count=count)
