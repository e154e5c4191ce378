"""Statements about what is left lying at counters and of slips."""

from datetime import datetime

from morprom.storage import Tx


async def drop_left(tx: Tx, *, cases_before: datetime, slips_before: datetime, shown_before: datetime) -> None:
    """Delete cases that nobody sealed, slips that are long over, and what was asked for to read or redeem once."""
    await tx.execute("delete from proofing_case where started_at < $1", cases_before)
    await tx.execute("delete from proofing_slip where made_at < $1", slips_before)
    await tx.execute("delete from redemption where started_at < $1", shown_before)
    await tx.execute("delete from card_nonce where made_at < $1", shown_before)
