"""The attacks on a counter, tried: strangers, other units, ended licences, forged readings, officers on their own."""

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from doors.counter_desk import CARD, JPEG, Counter, Officer, Station, cid, counter_on, later
from doors.test_counter import sealed
from morprom.accounts.contacts import keep_contact
from morprom.accounts.model import ContactKind
from morprom.assurance import Amr
from morprom.kernel import Mode, Secret, new_id
from morprom.proofing import slips
from morprom.proofing.model import Maker
from morprom.staff import end_position, positions_of
from morprom.storage import Database, KeyRing
from morprom_wire.card import fingerprint
from units.cast import SIRIRAJ


@pytest.fixture
async def counter(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Counter]:
    async with counter_on(database, database_url, ring) as counter:
        yield counter


@pytest.fixture
async def nurse(counter: Counter) -> Officer:
    officer = await counter.officer("51")
    await counter.enrol(officer, counter.station)
    return officer


async def events(counter: Counter) -> int:
    async with counter.database.transaction() as tx:
        return await tx.fetchval("select count(*) from proofing_event")


# Who may sit there


async def test_nobody_sees_a_counter_without_signing_in(counter: Counter) -> None:
    stranger = Officer(counter.services, counter.app)
    welcome = await stranger.get("/counter")
    assert welcome.status_code == 200
    assert "เข้าสู่ระบบ" in welcome.text
    for path in ("", "/stations", "/second", f"/case/{new_id()}"):
        led = await stranger.get(path)
        assert (led.status_code, led.headers["location"][:12]) == (303, "/id/sign-in?")
    for path in ("/case", "/stations", f"/case/{new_id()}/seal", f"/case/{new_id()}/nonce", f"/slip/{new_id()}"):
        assert (await stranger.post(path)).headers["location"].startswith("/id/sign-in?aal=2.1&next=%2Fcounter")


async def test_one_factor_is_not_enough(counter: Counter) -> None:
    officer = await counter.officer("51", amr=frozenset({Amr.PIN}))
    assert (await officer.get("")).headers["location"] == "/id/sign-in?aal=2.1&next=%2Fcounter%2F10670"


@pytest.mark.parametrize(
    "lacking",
    [
        {"appointed": False},
        {"may_proof": False},
        {"licence_until": date(2026, 3, 31)},
        {"unit": SIRIRAJ},
    ],
)
async def test_who_is_not_appointed_here_or_has_no_licence_is_refused(
    counter: Counter, lacking: dict[str, Any]
) -> None:
    officer = await counter.officer("51", **lacking)
    for path in ("/counter/10670", "/counter/10670/stations", "/counter/10670/second"):
        assert (await officer.get(path)).status_code == 403
    assert (await officer.post("/counter/10670/case", **{"path": "card"})).status_code == 403


async def test_an_appointment_that_ends_ends_the_counter_at_once(counter: Counter, nurse: Officer) -> None:
    case = await nurse.whole(counter.station)
    async with counter.database.transaction() as tx:
        (position,) = await positions_of(tx, counter.ring, nurse.person_id)
        await end_position(tx, unit="10670", position_id=position.position_id, now=counter.time.now())
    assert (await nurse.post(f"{case}/seal", sure="yes")).status_code == 403
    assert await events(counter) == 0


async def test_a_case_is_its_own_officers_business(counter: Counter, nurse: Officer) -> None:
    case = await nurse.whole(counter.station)
    colleague, stranger = await counter.officer("52"), await counter.officer("53", unit=SIRIRAJ)
    for path in (f"/counter/10670{case}", f"/counter/13814{case}"):
        for other in (colleague, stranger):
            assert (await other.get(path)).status_code in (403, 404)
            for act in ("seal", "give-up", "face", "contact", "code", "status", "typed", "reading", "nonce"):
                sent = await other.post(f"{path}/{act}", sure="yes", station_id=counter.station.station_id)
                assert sent.status_code in (403, 404)
    assert (await nurse.get(case)).status_code == 200


async def test_forms_of_other_sites_and_without_their_token_do_nothing(counter: Counter, nurse: Officer) -> None:
    case = await nurse.whole(counter.station)
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert (await nurse.post(f"{case}/seal", sure="yes", headers=headers)).status_code == 403
    for act in ("seal", "give-up", "face", "contact", "code", "status", "reading", "nonce", "reason", "documents"):
        assert (await nurse.post(f"{case}/{act}", token="", sure="yes")).status_code == 403
    for path in ("/case", "/stations", "/counter/pair", f"/second/{new_id()}", f"/slip/{new_id()}"):
        assert (await nurse.post(path, token="x" * 43)).status_code == 403
    assert await events(counter) == 0
    assert (await nurse.get(case)).status_code == 200


# Readings


async def test_a_forged_reading_is_refused(counter: Counter, nurse: Officer) -> None:
    station, other = counter.station, Station(counter.services)
    other.station_id = station.station_id
    victim = b64encode(msgspec.json.encode(msgspec.structs.replace(CARD, cid=cid("42")))).decode()
    forgeries: list[dict[str, str]] = [
        {"fields": victim},
        {"photo": b64encode(JPEG + b"x").decode()},
        {"nonce": "made-up"},
        {"read_at": "2026-04-01T00:00:00+00:00"},
        {"read_at": "2026-04-01T01:00:00"},
        {"signature": b64encode(bytes(70)).decode()},
        {"station_id": str(new_id())},
        {"is_simulated": "true"},
    ]
    for forged in forgeries:
        case = await nurse.begin()
        reading = station.reading(await nurse.nonce(case, station)) | forged
        refused = await nurse.post(f"{case}/reading", **reading)
        assert (refused.status_code, "อ่านใหม่" in refused.text) == (403, True), forged
    case = await nurse.begin()
    assert (await nurse.post(f"{case}/reading", **other.reading(await nurse.nonce(case, station)))).status_code == 403
    for broken in ({"fields": "!"}, {"read_at": "x"}, {"station_id": "x"}, {"signature": "ก"}, {"fields": ""}):
        reading = station.reading(await nurse.nonce(case, station)) | broken
        assert (await nurse.post(f"{case}/reading", **reading)).status_code in (400, 403)
    assert "1-9900" not in (await nurse.get(case)).text


async def test_a_reading_is_good_once_for_a_minute_and_at_its_own_unit(counter: Counter, nurse: Officer) -> None:
    first = await nurse.begin()
    reading = counter.station.reading(await nurse.nonce(first, counter.station))
    assert (await nurse.post(f"{first}/reading", **reading)).status_code == 303
    second = await nurse.begin()
    assert (await nurse.post(f"{second}/reading", **reading)).status_code == 403
    late = counter.station.reading(await nurse.nonce(second, counter.station))
    later(counter, seconds=61)
    assert (await nurse.post(f"{second}/reading", **late)).status_code == 403
    elsewhere = await counter.officer("53", unit=SIRIRAJ)
    case = await elsewhere.begin()
    assert (await elsewhere.post(f"{case}/nonce", station_id=counter.station.station_id)).status_code == 404
    ours = counter.station.reading(await nurse.nonce(second, counter.station))
    assert (await elsewhere.post(f"{case}/reading", **ours)).status_code == 403


async def test_a_station_that_was_taken_away_reads_nothing(counter: Counter, nurse: Officer) -> None:
    case = await nurse.begin()
    reading = counter.station.reading(await nurse.nonce(case, counter.station))
    assert (await nurse.post(f"/stations/{counter.station.station_id}/end")).status_code == 303
    assert (await nurse.post(f"{case}/reading", **reading)).status_code == 403
    assert (await nurse.post(f"{case}/nonce", station_id=counter.station.station_id)).status_code == 404


async def test_a_simulated_card_counts_in_a_demo_and_is_said_to_be_one(counter: Counter, nurse: Officer) -> None:
    case = await nurse.begin()
    reading = counter.station.reading(await nurse.nonce(case, counter.station), signed_simulated=True)
    assert (await nurse.post(f"{case}/reading", **reading)).status_code == 303
    assert 'class="simulated"' in (await nurse.get(case)).text


async def test_a_simulated_card_counts_nowhere_else(database: Database, database_url: str, ring: KeyRing) -> None:
    async with counter_on(database, database_url, ring, Mode.SANDBOX) as counter:
        nurse = await counter.officer("51")
        await counter.enrol(nurse, counter.station)
        case = await nurse.begin()
        reading = counter.station.reading(await nurse.nonce(case, counter.station), signed_simulated=True)
        refused = await nurse.post(f"{case}/reading", **reading)
        assert refused.status_code == 403
        assert "บัตรจำลอง ใช้ได้ในระบบสาธิตเท่านั้น" in refused.text
        assert "1-9900" not in refused.text


async def test_the_way_decides_what_may_say_who_it_is(counter: Counter, nurse: Officer) -> None:
    for way, act in (("card", "typed"), ("card", "documents"), ("card-unreadable", "documents"), ("child", "typed")):
        case = await nurse.begin(way)
        assert (await nurse.post(f"{case}/{act}", cid=cid("41"))).status_code == 409
    case = await nurse.begin("no-card")
    assert (await nurse.post(f"{case}/nonce", station_id=counter.station.station_id)).status_code == 409
    assert (await nurse.post("/case", **{"path": "shortcut"})).status_code == 400


@pytest.mark.parametrize("typed", ["", "AAAA-BBBB-CCCC-DDDD"])
async def test_a_station_is_enrolled_only_when_its_window_shows_the_same(counter: Counter, typed: str) -> None:
    nurse = await counter.officer("51")
    key = b64encode(counter.station.public).decode()
    assert (await nurse.post("/stations", public_key=key, fingerprint=typed)).status_code == 400
    broken = await nurse.post("/stations", public_key=b64encode(b"x").decode(), fingerprint=fingerprint(b"x"))
    assert broken.status_code == 400
    await counter.enrol(nurse, counter.station)
    again = await nurse.post("/stations", public_key=key, fingerprint=fingerprint(counter.station.public))
    assert again.status_code == 409


async def test_another_unit_takes_no_station_away(counter: Counter, nurse: Officer) -> None:
    elsewhere = await counter.officer("53", unit=SIRIRAJ)
    await elsewhere.post(f"/stations/{counter.station.station_id}/end")
    assert counter.station.station_id in (await nurse.get("/stations")).text


# Officers on their own


async def test_nobody_proofs_themself(counter: Counter, nurse: Officer) -> None:
    own = msgspec.structs.replace(CARD, cid=cid("51"))
    case = await nurse.begin()
    reading = counter.station.reading(await nurse.nonce(case, counter.station), own)
    refused = await nurse.post(f"{case}/reading", **reading)
    assert refused.status_code == 403
    assert "พิสูจน์ตัวตนของตนเองไม่ได้" in refused.text
    typed = await nurse.begin("card-unreadable")
    form = {
        "cid": cid("51"), "first": "ก", "last": "ข", "birth_on": "9/4/2530", "expires_on": "1/1/2573",
        "laser_code": "JT1234567890",
    }  # fmt: skip
    assert (await nurse.post(f"{typed}/typed", **form)).status_code == 403


async def test_an_officer_is_no_guardian_at_their_own_counter(counter: Counter, nurse: Officer) -> None:
    case = await nurse.begin("child")
    form = {
        "kind": "birth-certificate", "documents": "สูติบัตร", "cid": cid("61"), "first": "ก", "last": "ข",
        "birth_on": "1/1/2562", "guardian": cid("51"),
    }  # fmt: skip
    assert (await nurse.post(f"{case}/documents", **form)).status_code == 403


async def test_a_second_officer_is_another_and_not_the_person(counter: Counter, nurse: Officer) -> None:
    second = await counter.officer("52")
    card = msgspec.structs.replace(CARD, cid=cid("52"))
    case = await nurse.read(counter.station, card, path="home-visit")
    place = case.replace("/case/", "/second/")
    assert (await nurse.get(place)).status_code == 404
    mark = re.search(r'name="seen" value="(\w+)"', (await second.get(place)).text)
    assert mark
    for officer in (nurse, second):
        assert (await officer.post(place, seen=mark[1])).status_code == 403
    elsewhere = await counter.officer("53", unit=SIRIRAJ)
    assert (await elsewhere.post(place, seen=mark[1])).status_code == 404
    assert (await elsewhere.post(f"/counter/10670{place}", seen=mark[1])).status_code == 403


async def test_a_second_officer_confirms_what_they_saw_and_no_more(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station, path="home-visit")
    second = await counter.officer("52")
    place = case.replace("/case/", "/second/")
    mark = re.search(r'name="seen" value="(\w+)"', (await second.get(place)).text)
    assert mark
    await nurse.post(f"{case}/reason", documents="อีกบ้านหนึ่ง")
    for seen in (mark[1], "", "x" * 64):
        assert (await second.post(place, seen=seen)).status_code == 409


async def test_the_officers_own_number_is_no_contact(counter: Counter, nurse: Officer) -> None:
    async with counter.database.transaction() as tx:
        await keep_contact(
            tx, counter.ring, nurse.person_id, ContactKind.MOBILE, Secret("0899999999"), counter.time.now()
        )
    case = await nurse.read(counter.station)
    assert (await nurse.post(f"{case}/contact", mobile="089-999-9999")).status_code == 403


async def test_sealing_is_asked_once_and_happens_once(counter: Counter, nurse: Officer) -> None:
    case = await nurse.whole(counter.station)
    assert (await nurse.post(f"{case}/seal")).status_code == 400
    assert await events(counter) == 0
    await sealed(counter, nurse, case)
    assert (await nurse.post(f"{case}/seal", sure="yes")).status_code == 404
    assert await events(counter) == 1


async def test_a_slip_is_printed_anew_by_its_officer_alone_and_not_after_it_was_redeemed(
    counter: Counter, nurse: Officer
) -> None:
    await sealed(counter, nurse, await nurse.whole(counter.station))
    place = re.search(r"/slip/[0-9a-f-]{36}", (await nurse.get("")).text)
    assert place
    colleague, elsewhere = await counter.officer("52"), await counter.officer("53", unit=SIRIRAJ)
    for officer in (colleague, elsewhere):
        assert (await officer.post(place[0])).status_code == 404
    async with counter.database.transaction() as tx:
        await tx.execute("update proofing_event set redeemed_at = now()")
    assert (await nurse.post(place[0])).status_code == 409
    later(counter, hours=13)
    assert (await (await counter.officer("51")).post(place[0])).status_code == 404


async def test_the_slip_is_not_redeemed_in_the_officers_browser(counter: Counter, nurse: Officer) -> None:
    case = await nurse.whole(counter.station)
    await sealed(counter, nurse, case)
    async with counter.database.transaction() as tx:
        row = await tx.fetchrow("select event_id, maker from proofing_slip")
        assert row
        session_id: UUID = await tx.fetchval(
            "select session_id from person_session where person_id = $1", nurse.person_id
        )
    device = nurse.http.cookies.get("morprom-device") or ""
    assert len(device) == 43
    for maker in (Maker(str(session_id), "", ""), Maker("", device, ""), Maker("", "", "203.0.113.7")):
        assert set(slips._marks(maker)) <= {bytes(mark) for mark in row["maker"]}  # pyright: ignore[reportPrivateUsage]


async def test_what_is_shown_is_escaped(counter: Counter, nurse: Officer) -> None:
    card = msgspec.structs.replace(CARD, name_th="นาง#<script>x</script>##'\"><b>", address="<img src=x onerror=y>")
    case = await nurse.read(counter.station, card)
    for at in ("status", "face", "contact", "summary"):
        page = (await nurse.get(f"{case}?at={at}")).text
        assert "<script>x" not in page
        assert "<img src=x" not in page


async def test_odd_requests_are_answered_in_words(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station)
    odd: list[httpx.Response] = [
        await nurse.get(f"{case}?at=nowhere"),
        await nurse.get("/case/x"),
        await nurse.get(f"/case/{new_id()}"),
        await nurse.get("/counter/ก"),
        await nurse.get("/counter/99999"),
        await nurse.post(f"{case}/face", matches="maybe"),
        await nurse.post(f"{case}/face-service", live="%%%"),
        await nurse.post(f"{case}/contact", mobile="\0" * 100),
        await nurse.post(f"{case}/code", code="9" * 5000),
        await nurse.post(f"{case}/typed", cid="ก" * 5000),
        await nurse.post(f"{case}/nonce", station_id="ก"),
        await nurse.post("/stations", public_key="ก", fingerprint="ก" * 500),
    ]
    assert [reply.status_code for reply in odd if reply.status_code >= 500] == []
