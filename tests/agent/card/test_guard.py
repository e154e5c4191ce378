"""Nobody but a page of an enrolled site, in this user's browser, gets anything from the station."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from agent.card.station import OTHER, SITE, Station, Wire, running
from agent.card.virtual_card import cid
from morprom_agent.card.server import MOST
from morprom_agent.card.simulator import SimulatedReader
from morprom_wire.card import fingerprint
from platform_process import PATIENCE


@pytest.fixture
async def station(tmp_path: Path) -> AsyncIterator[Station]:
    """A station whose reader is simulated."""
    cards = tmp_path / "cards.json"
    cards.write_text(json.dumps([{"cid": cid(41), "name_th": "นาง#มาลี##สมมติ", "birth_on": "1959-04-09"}] * 2))
    async with running(SimulatedReader(cards), tmp_path, SITE, OTHER) as made:
        yield made


async def refusal(station: Station, path: str, origin: str | None, host: str = "") -> int:
    extra = {"additional_headers": {"Host": host}} if host else {}
    with pytest.raises(InvalidStatus) as refused:
        async with station.socket(path, origin, **extra):
            pass
    return refused.value.response.status_code


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example", "null", None, "http://phr.example.go.th", "https://phr.example.go.th:8443",
        "https://phr.example.go.th.evil.example", "http://127.0.0.1:1", "file://", "HTTPS://PHR.EXAMPLE.GO.TH",
    ],
)  # fmt: skip
async def test_a_page_of_another_site_opens_no_socket(station: Station, origin: str | None) -> None:
    assert await refusal(station, "/counter", origin) == 403
    assert await refusal(station, "/station", origin) == 403


async def test_an_enrolled_site_does_not_get_the_window_with_the_button(station: Station) -> None:
    assert await refusal(station, "/station", SITE) == 403
    assert await refusal(station, "/counter", f"http://127.0.0.1:{station.port}") == 403


@pytest.mark.parametrize("host", ["evil.example", "localhost:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}"])
async def test_a_name_that_was_bound_to_this_address_opens_nothing(station: Station, host: str) -> None:
    """DNS rebinding: the browser says the name that it was sent to."""
    named = host.format(port=station.port)
    url = f"http://127.0.0.1:{station.port}/"
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(url, headers={"Host": named})).status_code == 421
    raw = f"GET /counter HTTP/1.1\r\nHost: {named}\r\nOrigin: {SITE}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    assert b" 421 " in await said_to(
        station, raw + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + "A" * 22 + "=="
    )


@pytest.mark.parametrize("twice", ["Host: 127.0.0.1:{port}", "Origin: https://evil.example"])
async def test_a_header_that_is_said_twice_is_refused(station: Station, twice: str) -> None:
    here = f"127.0.0.1:{station.port}"
    head = f"GET /counter HTTP/1.1\r\nHost: {here}\r\nOrigin: {SITE}\r\n{twice.format(port=station.port)}"
    assert (await said_to(station, head)).split(b" ", 2)[1] in (b"421", b"403")


async def said_to(station: Station, head: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", station.port)
    writer.write(f"{head}\r\n\r\n".encode())
    line = await reader.readline()
    writer.close()
    return line


@pytest.mark.parametrize("secret", ["", "x" * 43, "the window's", None, 7])
async def test_another_user_of_this_computer_lacks_the_secret(station: Station, secret: object) -> None:
    """A program can claim any Origin; the secret stands in a file that others may not open."""
    said = station.secrets.station if secret == "the window's" else secret
    async with station.socket("/counter", SITE) as socket:
        wire = Wire(socket)
        await wire.say(type="hello", secret=said)
        with pytest.raises(ConnectionClosed) as closed:
            await wire.hear("hello")
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401


async def test_nothing_is_done_before_hello(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    async with station.window() as window, station.socket("/counter", SITE) as silent:
        await window.hear("asked")
        await Wire(silent).say(type="ask")
        assert await window.is_silent("asked")
        with pytest.raises(ConnectionClosed):
            await silent.recv()
    monkeypatch.setattr("morprom_agent.card.server.HELLO_SECONDS", 0.1)
    async with station.socket("/counter", SITE) as silent:
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(ConnectionClosed):
                await silent.recv()


async def test_the_socket_listens_to_this_computer_alone(station: Station) -> None:
    tables = [await asyncio.to_thread(Path(f"/proc/net/{name}").read_text, "ascii") for name in ("tcp", "tcp6")]
    places = [line.split()[1] for line in "".join(tables).splitlines() if f":{station.port:04X}" in line.split()[1]]
    assert {place.partition(":")[0] for place in places} == {"0100007F"}


async def test_connections_are_few(station: Station) -> None:
    sockets = [station.socket("/counter", SITE) for _ in range(MOST)]
    for socket in sockets:
        await socket.__aenter__()
    assert await refusal(station, "/counter", SITE) == 503
    for socket in sockets:
        await socket.__aexit__(None, None, None)


@pytest.mark.parametrize("raw", ["", "null", "[1]", "{", '{"type": 1}', '{"type": "nonce", "nonce": "x"}',
                                 '{"type": "nonce", "nonce": "x", "station_id": "y"}', "[" * 4000])  # fmt: skip
async def test_nonsense_from_a_page_changes_nothing(station: Station, raw: str) -> None:
    async with station.page() as page:
        await page.hear("hello")
        await page.socket.send(raw)
        await page.say(type="ask")
        assert (await page.hear("waiting"))["is_simulated"] is True


async def test_chromes_older_question_is_answered_for_enrolled_sites(station: Station) -> None:
    url = f"http://127.0.0.1:{station.port}/counter"
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Private-Network": "true"}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.options(url, headers=asked | {"Origin": SITE})
        assert answer.status_code == 204
        assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
        assert answer.headers["Access-Control-Allow-Origin"] == SITE
        stranger = await client.options(url, headers=asked | {"Origin": "https://evil.example"})
        assert stranger.status_code == 403 and "Access-Control-Allow-Origin" not in stranger.headers


async def test_the_window_is_framed_by_nobody_and_runs_nobodys_script(station: Station) -> None:
    async with httpx.AsyncClient(trust_env=False, base_url=f"http://127.0.0.1:{station.port}") as client:
        for path in ("/", "/station.js", "/station.css"):
            answer = await client.get(path)
            policy = answer.headers["Content-Security-Policy"]
            assert answer.status_code == 200 and "unsafe" not in policy and "frame-ancestors 'none'" in policy
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert station.secrets.counter not in answer.text and station.secrets.station not in answer.text
        assert (await client.post("/")).status_code == 405
        assert (await client.get("/../keys.py")).status_code == 404


# Who asks, and the button


async def test_nothing_is_read_before_the_button(station: Station) -> None:
    async with station.window() as window, station.page() as page:
        await page.hear("state", state="card")
        await page.say(type="nonce", nonce="n", station_id="00000000-0000-0000-0000-000000000001")
        await page.say(type="ask")
        asked = await window.hear("asked", phase="waiting")
        assert asked["by"] == SITE
        await page.say(type="nonce", nonce="n", station_id="00000000-0000-0000-0000-000000000001")
        assert await page.is_silent("reading", "go", "progress")


async def test_a_page_cannot_press_the_button(station: Station) -> None:
    async with station.window() as window, station.page() as page:
        await page.say(type="ask")
        await window.hear("asked", phase="waiting")
        await page.say(type="press")
        assert await page.is_silent("go")


async def test_one_press_is_for_one_reading_of_the_one_that_asked(station: Station) -> None:
    async with station.window() as window, station.page() as page, station.page(OTHER) as other:
        await page.say(type="ask")
        await window.hear("asked", phase="waiting", by=SITE)
        await other.say(type="ask")
        assert (await other.hear("failed"))["code"] == "busy"
        await window.say(type="press")
        await page.hear("go")
        await other.say(type="nonce", nonce="n", station_id="00000000-0000-0000-0000-000000000001")
        assert await other.is_silent("reading", "progress")
        await page.say(type="nonce", nonce="n", station_id="00000000-0000-0000-0000-000000000001")
        assert (await page.hear("reading"))["reading"]["nonce"] == "n"
        await page.say(type="nonce", nonce="m", station_id="00000000-0000-0000-0000-000000000001")
        assert await page.is_silent("reading")


async def test_who_leaves_or_cancels_gives_the_place_to_the_next(station: Station) -> None:
    async with station.window() as window, station.page(OTHER) as other:
        async with station.page() as page:
            await page.say(type="ask")
            await window.hear("asked", phase="waiting", by=SITE)
        await window.hear("asked", phase="")
        await other.say(type="ask")
        await other.hear("waiting")
        await window.hear("asked", phase="waiting", by=OTHER)
        await other.say(type="cancel")
        await window.hear("asked", phase="")
        await window.say(type="press")
        assert await other.is_silent("go")


async def test_a_press_that_the_page_does_not_answer_lapses(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("morprom_agent.card.desk.NONCE_SECONDS", 0.2)
    async with station.window() as window, station.page() as page:
        await page.hear("state", state="card")
        await page.say(type="ask")
        await window.hear("asked", phase="waiting")
        await window.say(type="press")
        assert (await page.hear("failed"))["code"] == "no-nonce"
        await page.say(type="nonce", nonce="n", station_id="00000000-0000-0000-0000-000000000001")
        assert await page.is_silent("reading", "progress")


async def test_the_next_persons_card_is_told_to_every_page(station: Station) -> None:
    async with station.window() as window, station.page() as page:
        first = await page.hear("state", state="card")
        await page.say(type="ask")
        await window.hear("asked", phase="waiting")
        await window.say(type="press")
        await page.hear("go")
        await page.say(type="nonce", nonce="n", station_id="00000000-0000-0000-0000-000000000001")
        assert (await page.hear("progress"))["of"] == 20
        await page.hear("reading")
        assert (await page.hear("state", state="card"))["insertion"] != first["insertion"]


# Keys


async def test_each_site_has_a_key_of_its_own_that_both_screens_can_compare(station: Station) -> None:
    assert station.enrolled[SITE].key.public != station.enrolled[OTHER].key.public
    async with station.page() as page:
        hello = await page.hear("hello")
    assert hello["fingerprint"] == station.enrolled[SITE].fingerprint == fingerprint(station.enrolled[SITE].key.public)
