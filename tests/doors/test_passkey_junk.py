"""Answers of authenticators that no authenticator gives: refused, never a fault, for whoever is not signed in too."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from accounts.virtual_key import VirtualKey, b64, unb64
from doors.citizens import ORIGIN, Browser, Town, cid_of, town_on
from morprom.storage import Database, KeyRing
from units.cast import Time

PATHS = {"use": "/id/sign-in", "make": "/id/bind"}


@pytest.fixture
async def town(database_url: str, database: Database, ring: KeyRing) -> AsyncIterator[Town]:
    async with town_on(database_url, database, ring, Time()) as town:
        yield town


async def answered(phone: Browser, path: str, answer: Any) -> int:
    """What a script's answer comes to."""
    reply = await phone.speak(f"{path}/passkey", {"answer": answer, "name": "x"}, path)
    return reply.status_code


async def test_brackets_without_end_are_no_answer(town: Town) -> None:
    """RFC 8259, 9: in what the browser signed, and in what the authenticator says of itself (WebAuthn 3, 6.5)."""
    phone = town.browser()
    key = await town.with_passkey(phone, cid_of(41))
    for how, path in PATHS.items():
        for deep in (b"[" * 3000 + b"]" * 3000, b"[" * 3000):
            options = (await phone.speak(f"{path}/options", {}, path)).json()
            answer = key.use(options) if how == "use" else VirtualKey(ORIGIN).make(options)
            said = unb64(answer["response"]["clientDataJSON"])
            answer["response"]["clientDataJSON"] = b64(said[:-1] + b', "deep": ' + deep + b"}")
            assert await answered(phone, path, answer) == 401
    for byte in (b"\x81", b"\x9f", b"\xa1\x00", b"\xc0", b"\xd8\x1c\x81"):  # CBOR: arrays, maps, tags within themselves
        options = (await phone.speak("/id/bind/options", {}, "/id/bind")).json()
        answer = VirtualKey(ORIGIN).make(options)
        answer["response"]["attestationObject"] = b64(byte * 20_000)
        assert await answered(phone, "/id/bind", answer) == 401


async def test_an_answer_cut_short_anywhere_is_none(town: Town) -> None:
    """WebAuthn 3, 7.1 and 7.2: whatever is missing of the authenticator's own bytes."""
    phone = town.browser()
    key = await town.with_passkey(phone, cid_of(41))
    for how, path, name in (("use", "/id/sign-in", "authenticatorData"), ("make", "/id/bind", "attestationObject")):
        for length in (0, 1, 31, 32, 33, 36, 37, 54, 55, 60, 100, 150):
            options = (await phone.speak(f"{path}/options", {}, path)).json()
            answer = key.use(options) if how == "use" else VirtualKey(ORIGIN).make(options)
            whole = unb64(answer["response"][name])
            answer["response"][name] = b64(whole[:length])
            expected = 401 if length < len(whole) else 200
            assert await answered(phone, path, answer) == expected, (name, length, len(whole))
