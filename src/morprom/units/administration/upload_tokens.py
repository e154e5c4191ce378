"""Upload tokens as their unit makes them (wire protocol, section 2.2)."""

import secrets
from datetime import datetime

from morprom.kernel import Hcode, Secret, new_id
from morprom.storage import Tx
from morprom.units import store
from morprom.units.model import UploadToken
from morprom.units.ref_keys import unknown_unit
from morprom.units.rules import UPLOAD_TOKEN_LIFE


async def make(tx: Tx, hcode: Hcode, now: datetime) -> Secret[str]:
    """A new token as the unit's software sends it, `HCODE:TOKEN`; the one before it ends. Raises UNIT_UNKNOWN."""
    if await store.unit(tx, hcode) is None:
        raise unknown_unit(hcode)
    await store.revoke_upload_tokens(tx, hcode, now)
    secret = Secret(secrets.token_urlsafe(32))  # so a plain hash of it is enough
    await store.insert_upload_token(tx, UploadToken(new_id(), hcode), secret.digest(), now + UPLOAD_TOKEN_LIFE)
    return Secret(f"{hcode}:{secret.reveal()}")


async def revoke(tx: Tx, hcode: Hcode, now: datetime) -> bool:
    """End the unit's token; whether it had one."""
    return await store.revoke_upload_tokens(tx, hcode, now) > 0
