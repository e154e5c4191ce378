"""The benches run: their instance and their people are made with the platform as it is now."""

import asyncio
from pathlib import Path

from bench import instance
from bench.people import PIN, code_at, place_on


def test_the_benches_make_their_instance_and_people_who_sign_in(data: Path) -> None:
    async def signed_in() -> int:
        async with place_on(data) as place:
            (one,) = await place.people(1)
            code = code_at(one.secret, place.services.clock().timestamp())
            typed = {"cid": one.cid, "pin": PIN, "code": code}
            return (await place.form("/id/sign-in/pin", typed)).status

    instance.prepare(data)
    assert asyncio.run(signed_in()) == 303
