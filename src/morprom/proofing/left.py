"""What goes by itself: at a counter where nobody opens another case, too, for a card's name and photo are in it."""

from datetime import datetime, timedelta
from typing import Final

from morprom.proofing import left_store
from morprom.storage import Tx

CASES_KEPT: Final = timedelta(days=1)
SLIPS_KEPT: Final = timedelta(days=30)
SHOWN_KEPT: Final = timedelta(hours=1)


async def drop_left(tx: Tx, now: datetime) -> None:
    """Forget open cases, slips, redemptions and nonces whose time is over. Needs the role identity."""
    await left_store.drop_left(
        tx, cases_before=now - CASES_KEPT, slips_before=now - SLIPS_KEPT, shown_before=now - SHOWN_KEPT
    )
