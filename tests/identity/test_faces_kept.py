"""What the faces keep, and for how long."""

from datetime import datetime, timedelta

from doors.face_clients import BACK, MALEE, WIPA, street_on
from morprom.identity.face_model import PROVIDER_ID
from morprom.identity.face_purge import purge
from morprom.identity.upstream import send_off
from morprom.storage import Database, KeyRing

KEPT = ("face_code", "health_id_session", "provider_session", "provider_refresh", "thaid_request")
SESSIONS = {"health_id_session": 1, "provider_session": 1, "provider_refresh": 1}


AFTER = [
    (timedelta(minutes=14), SESSIONS | {"face_code": 2, "thaid_request": 1}),
    (timedelta(minutes=16), SESSIONS | {"face_code": 2}),
    (timedelta(hours=25), SESSIONS),
    (timedelta(days=31), {}),
]


async def test_codes_sessions_and_people_on_their_way_are_forgotten(
    database: Database, database_url: str, ring: KeyRing
) -> None:
    async with street_on(database, database_url, ring) as street:
        await street.hire()
        await street.token(await street.client(), MALEE)
        provider = await street.client(PROVIDER_ID)
        code = await street.code(provider, WIPA)
        assert (await provider.newer(grant_type="authorization_code", code=code, redirect_uri=BACK)).status_code == 200
        now: datetime = street.time.now()
        async with street.services.identity.transaction() as tx:
            await send_off(tx, ring, purpose="sign-in", onward="/id", device="", session=None, now=now)
        for after, left in AFTER:
            async with street.services.identity.transaction() as tx:
                await purge(tx, now + after)
            async with database.transaction() as tx:
                found = {table: await tx.fetchval(f"select count(*) from {table}") for table in KEPT}
            assert found == dict.fromkeys(KEPT, 0) | left, after
