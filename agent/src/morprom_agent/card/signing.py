"""A reading, signed for the platform that asked."""

import base64
from datetime import UTC, datetime
from uuid import UUID

from morprom_agent.card.keys import StationKey
from morprom_agent.card.model import Contents
from morprom_wire.card import ReadingJson, fields_json, signed_bytes


def signed_reading(
    key: StationKey, contents: Contents, *, station_id: UUID, nonce: str, now: datetime, is_simulated: bool
) -> ReadingJson:
    """What the page hands to its platform. `now` in UTC."""
    read_at = now.astimezone(UTC).replace(microsecond=now.microsecond // 1000 * 1000)
    fields = fields_json(contents.fields)
    signature = key.sign(signed_bytes(station_id, nonce, read_at, fields, contents.photo, is_simulated=is_simulated))
    return ReadingJson(
        station_id=str(station_id), nonce=nonce, read_at=read_at.isoformat(timespec="milliseconds"),
        fields=_base64(fields), photo=_base64(contents.photo), signature=_base64(signature), is_simulated=is_simulated,
    )  # fmt: skip


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
