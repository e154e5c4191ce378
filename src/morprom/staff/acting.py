"""Staff acting at the Account Center as themselves: the token of the account that goes with a position."""

from datetime import datetime, time, timedelta

from morprom.kernel import BANGKOK, Secret
from morprom.staff.listed import account_of_position
from morprom.staff.model import Position
from morprom.storage import Tx
from morprom.units import SignInDesk


async def staff_token(
    tx: Tx, desk: SignInDesk, position: Position, *, now: datetime, until: datetime
) -> Secret[str] | None:
    """A token until then at most; None where the position allows nothing, and once the licence behind it ended."""
    licence = position.work.licence
    if licence.number and not licence.holds(now.astimezone(BANGKOK).date()):
        return None
    if licence.number and licence.expires_on:
        until = min(until, datetime.combine(licence.expires_on + timedelta(days=1), time(), BANGKOK))
    account_id = await account_of_position(tx, position.position_id)
    return await desk.token_of(tx, account_id, until) if account_id else None
