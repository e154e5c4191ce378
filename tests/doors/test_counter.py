"""At the counter: a whole case, every exception, what the person is told, and what an officer reads when refused."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from uuid import UUID

import msgspec
import pytest

from doors.counter_desk import CARD, Counter, Officer, Silent, cid, counter_on, later
from morprom.accounts import account_of
from morprom.accounts.contacts import keep_contact
from morprom.accounts.events import events_of as account_events
from morprom.accounts.model import ContactKind
from morprom.audit import Outcome, read_history
from morprom.audit.model import Line
from morprom.kernel import Secret
from morprom.outside import Outside, Sent
from morprom.people import Identifier, Inbox, Notice, Person, Scheme, find
from morprom.proofing import events_of
from morprom.storage import Database, KeyRing


@pytest.fixture
async def counter(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Counter]:
    async with counter_on(database, database_url, ring) as counter:
        yield counter


@pytest.fixture
async def nurse(counter: Counter) -> Officer:
    officer = await counter.officer("51")
    await counter.enrol(officer, counter.station)
    return officer


async def person_of(counter: Counter, number: str = CARD.cid) -> Person:
    async with counter.database.transaction() as tx:
        person = await find(tx, counter.ring, Identifier(Scheme.CID, number))
    assert person
    return person


async def told(counter: Counter, number: str = CARD.cid) -> tuple[list[Line], list[Notice]]:
    """A person's history and inbox."""
    person = await person_of(counter, number)
    async with counter.database.transaction() as tx:
        lines = await read_history(tx, person.person_id, person.data_key)
        return lines, await Inbox().notices(tx, person)


async def sealed(counter: Counter, officer: Officer, case: str) -> str:
    reply = await officer.post(f"{case}/seal", sure="yes")
    assert reply.status_code == 200, reply.text
    return reply.text


# The usual case


async def test_a_card_becomes_a_sealed_proofing_and_a_slip(counter: Counter, nurse: Officer) -> None:
    case = await nurse.whole(counter.station)
    summary = (await nurse.get(case)).text
    assert "2.3" in summary
    assert "เจ้าหน้าที่เทียบกับรูปในชิป" in summary
    slip = await sealed(counter, nurse, case)
    assert re.search(r'class="slip-digits number">\d{4} \d{4}<', slip)
    assert "<svg" in slip
    assert CARD.cid not in slip.replace("-", "")
    assert "สมมติ<" not in slip.partition('class="slip-name"')[2][:60]
    person = await person_of(counter)
    async with counter.database.transaction() as tx:
        (event,) = await events_of(tx, counter.ring, person.person_id)
    assert (event.derived.level, event.event.officer, event.event.inside.licence) == ("2.3", nurse.person_id, "พย.51")
    gone = await nurse.get(case)
    assert gone.status_code == 404 and 'href="/counter"' in gone.text


async def test_the_person_reads_who_proofed_them_where_and_is_told(counter: Counter, nurse: Officer) -> None:
    await counter.person(CARD.cid)
    await sealed(counter, nurse, await nurse.whole(counter.station))
    lines, notices = await told(counter)
    said = [(line.entry.content.action, line.entry.outcome, line.entry.content.reason) for line in lines]
    assert said == [
        ("Proofing", Outcome.PERMITTED, "มีบัตรประชาชน / ID card"),
        ("Proofing", Outcome.WRITTEN, "มีบัตรประชาชน IAL 2.3 / ID card, IAL 2.3"),
    ]
    assert all(line.entry.unit == "10670" and "พยาบาล51" in line.entry.content.who for line in lines)
    assert [notice.kind for notice in notices] == ["proofing"]
    assert "2.3" in notices[0].text_th


async def test_nothing_of_the_person_stands_in_addresses_or_titles(counter: Counter, nurse: Officer) -> None:
    case = await nurse.whole(counter.station)
    for path in (case, "", "/second", f"{case}?at=seal", f"{case}?at=face"):
        page = await nurse.get(path)
        title = page.text.partition("<title>")[2].partition("</title>")[0]
        assert "มะลิ" not in title
        assert CARD.cid not in str(page.url)
        assert page.headers["cache-control"] == "no-store"
        assert not re.search(rf'(href|action|src)="[^"]*({CARD.cid}|0800000041)', page.text)


async def test_the_pages_show_what_the_chip_said(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station)
    page = (await nurse.get(f"{case}?at=face")).text
    for text in ("นางมะลิ สมมติ", "Mrs. Mali Sommut", "1-9900-00000-41-", "9 เมษายน 2502", "1 มกราคม 2573", "99/9 หมู่ 9"):
        assert text in page
    assert 'src="data:image/jpeg;base64,' in page


async def test_a_page_may_speak_to_the_station_that_opened_it_and_to_nobody_else(
    counter: Counter, nurse: Officer
) -> None:
    assert "ws://" not in (await nurse.get("")).headers["content-security-policy"]
    assert (await nurse.post("/counter/pair", port="40123")).status_code == 200
    policy = (await nurse.get("")).headers["content-security-policy"]
    assert "connect-src 'self' ws://127.0.0.1:40123;" in policy
    for port in ("80", "99999", "40123 *", "x", ""):
        assert (await nurse.post("/counter/pair", port=port)).status_code == 400


async def test_a_new_case_leaves_the_open_one_in_the_list(counter: Counter, nurse: Officer) -> None:
    first = await nurse.read(counter.station)
    second = await nurse.begin()
    assert first != second
    board = (await nurse.get("")).text
    assert first in board
    assert "นาง มะลิ ส•••" in board
    assert second == await nurse.begin()  # an empty one is used again


async def test_the_same_person_twice_is_told(counter: Counter, nurse: Officer) -> None:
    first = await nurse.read(counter.station)
    second = await nurse.read(counter.station)
    assert first in (await nurse.get(f"{second}?at=summary")).text


async def test_a_case_that_is_given_up_is_gone(counter: Counter, nurse: Officer) -> None:
    await counter.person(CARD.cid)
    case = await nurse.read(counter.station)
    assert (await nurse.post(f"{case}/give-up")).status_code == 303
    gone = await nurse.get(case)
    assert gone.status_code == 404 and 'href="/counter"' in gone.text
    lines, notices = await told(counter)
    assert [line.entry.outcome for line in lines] == [Outcome.PERMITTED, Outcome.REFUSED]
    assert notices == []
    async with counter.database.transaction() as tx:
        assert await tx.fetchval("select count(*) from proofing_case") == 0


async def test_an_idle_session_ends_and_the_open_case_waits(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station)
    later(counter, minutes=31)
    led = await nurse.get(case)
    assert led.status_code == 303
    assert led.headers["location"].startswith("/id/sign-in?aal=2.1&next=%2Fcounter%2F10670%2Fcase%2F")
    sent = await nurse.post(f"{case}/face", matches="yes")
    assert sent.headers["location"] == "/id/sign-in?aal=2.1&next=%2Fcounter%2F10670"
    again = await counter.officer("51")
    assert (await again.get(case)).status_code == 200


# What others say


async def test_a_card_that_dopa_refuses_is_sealed_as_one_that_did_not_pass(counter: Counter, nurse: Officer) -> None:
    card = msgspec.structs.replace(CARD, cid=cid("404"))
    case = await nurse.read(counter.station, card)
    page = (await nurse.get(case)).text
    assert "บัตรใช้ไม่ได้" in page
    assert 'class="slip' not in await sealed(counter, nurse, case)
    lines, notices = await told(counter, card.cid)
    assert lines[-1].entry.outcome is Outcome.REFUSED
    assert "ไม่ผ่าน" in notices[0].text_th


async def test_whom_dopa_says_to_be_dead_nobody_signs_in_as(counter: Counter, nurse: Officer) -> None:
    dead, living = cid("410"), cid("41")
    people = [await counter.person(one) for one in (dead, living)]
    case = await nurse.read(counter.station, msgspec.structs.replace(CARD, cid=dead))
    assert 'class="slip' not in await sealed(counter, nurse, case)
    await nurse.whole(counter.station)
    async with counter.database.transaction() as tx:
        accounts = [await account_of(tx, person_id, counter.time.now()) for person_id in people]
        events = await account_events(tx, counter.ring, people[0])
    assert [bool(account and account.frozen_at) for account in accounts] == [True, False]
    assert "เสียชีวิต" in events[0].th


async def test_dopa_out_of_reach_is_no_yes_and_can_be_asked_again(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station, msgspec.structs.replace(CARD, cid=cid("503")))
    page = (await nurse.get(case)).text
    assert "ติดต่อกรมการปกครองไม่ได้" in page
    assert (await nurse.post(f"{case}/status")).status_code == 303
    await nurse.post(f"{case}/face", matches="yes")
    assert '<span class="number">2.1</span>' in (await nurse.get(f"{case}?at=summary")).text


async def test_a_chip_without_its_number_needs_the_code_on_the_back(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station, msgspec.structs.replace(CARD, chip_no="", request_no=""))
    assert 'name="laser_code"' in (await nurse.get(case)).text
    wrong = await nurse.post(f"{case}/status", laser_code="12345")
    assert wrong.status_code == 400
    assert 'value="12345"' in wrong.text
    assert (await nurse.post(f"{case}/status", laser_code="jt1-2345678-90")).status_code == 303
    assert "ใช่คนเดียวกันหรือไม่" in (await nurse.get(case)).text


async def test_a_face_that_does_not_match_is_sealed_without_a_slip(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station)
    await nurse.post(f"{case}/face", matches="no")
    assert "สรุปก่อนปิดผนึก" in (await nurse.get(case)).text
    assert 'class="slip' not in await sealed(counter, nurse, case)


async def test_the_face_service_compares_and_keeps_nothing(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station)
    assert (await nurse.post(f"{case}/face-service", live="bm90IGEgcGljdHVyZQ==")).status_code == 400
    live = "/9j/4AAQbGl2ZQ=="
    assert (await nurse.post(f"{case}/face-service", live=live)).status_code == 303
    page = (await nurse.get(case)).text
    assert "ใบหน้าตรง: บริการเทียบใบหน้า" in page
    assert live not in page


async def test_a_face_service_out_of_reach_notes_nothing(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station, msgspec.structs.replace(CARD, cid=cid("503")))
    reply = await nurse.post(f"{case}/face-service", live="/9j/4AAQbGl2ZQ==")
    assert reply.status_code == 503
    assert "เทียบด้วยตาแทน" in reply.text
    assert "ยังไม่ได้เทียบใบหน้า" in (await nurse.get(f"{case}?at=summary")).text


async def test_wrong_codes_are_counted_and_said(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station)
    await nurse.post(f"{case}/contact", mobile="080-000-0041")
    for _ in range(5):
        assert (await nurse.post(f"{case}/code", code="x")).status_code == 403
    assert "ยังไม่ได้ยืนยันเบอร์มือถือ" in (await nurse.get(f"{case}?at=summary")).text


@pytest.mark.parametrize("number", ["", "12", "0212345678", "08000000411", "+66800000041"])
async def test_only_a_mobile_number_is_sent_a_code(counter: Counter, nurse: Officer, number: str) -> None:
    case = await nurse.read(counter.station)
    assert (await nurse.post(f"{case}/contact", mobile=number)).status_code == 400


async def test_codes_cannot_be_sent_without_end(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station)
    sent = [(await nurse.post(f"{case}/contact", mobile="0800000041")).status_code for _ in range(7)]
    assert sent[0] == 200
    assert sent[-1] == 429
    later(counter, minutes=10)
    await nurse.verify_contact(case)


async def test_without_sms_there_is_no_code_and_no_slip(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station)
    object.__setattr__(counter.services, "outside", Outside(sms=Silent()))
    reply = await nurse.post(f"{case}/contact", mobile="0800000041")
    assert reply.status_code == 503
    assert "ส่ง SMS ไม่สำเร็จ" in reply.text and "was sent to" not in reply.text
    assert 'class="slip' not in await sealed(counter, nurse, case)


# Exceptions


TYPED = {
    "cid": "", "title": "นาง", "first": "มะลิ", "last": "สมมติ", "birth_on": "9/4/2502", "expires_on": "1/1/2573",
    "laser_code": "JT1-2345678-90",
}  # fmt: skip


async def test_a_card_whose_chip_is_broken_is_typed_and_asked_about(counter: Counter, nurse: Officer) -> None:
    case = await nurse.begin("card-unreadable")
    reply = await nurse.post(f"{case}/typed", **{**TYPED, "cid": cid("41")})
    assert reply.status_code == 303, reply.text
    await nurse.post(f"{case}/face", matches="yes")
    assert '<span class="number">2.1</span>' in (await nurse.get(f"{case}?at=summary")).text


@pytest.mark.parametrize(
    "wrong",
    [{"cid": "1990000000410"}, {"birth_on": "31/2/2502"}, {"first": ""}, {"laser_code": "1"}, {"expires_on": "x"}],
)
async def test_what_is_typed_wrongly_stays_in_the_form(counter: Counter, nurse: Officer, wrong: dict[str, str]) -> None:
    case = await nurse.begin("card-unreadable")
    reply = await nurse.post(f"{case}/typed", **{**TYPED, "cid": cid("41"), **wrong})
    assert reply.status_code == 400
    assert 'value="สมมติ"' in reply.text


async def test_an_expired_card_is_refused_in_words(counter: Counter, nurse: Officer) -> None:
    case = await nurse.begin("card-unreadable")
    reply = await nurse.post(f"{case}/typed", **{**TYPED, "cid": cid("41"), "expires_on": "1/1/2560"})
    assert "บัตรหมดอายุแล้ว" in reply.text
    case = await nurse.begin()
    old = msgspec.structs.replace(CARD, expires_on=date(2020, 1, 1))
    read = await nurse.post(f"{case}/reading", **counter.station.reading(await nurse.nonce(case, counter.station), old))
    assert read.status_code == 400
    assert "บัตรหมดอายุแล้ว" in read.text


async def test_a_second_officer_confirms_in_their_own_session(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station, path="name-changed")
    assert "หลักฐานการเปลี่ยนชื่อ" in (await nurse.get(case)).text
    await nurse.post(f"{case}/reason", documents="ช.3 เลขที่ 1/2569 เป็น มะลิวัลย์")
    await nurse.post(f"{case}/face", matches="yes")
    await nurse.verify_contact(case)
    refused = await nurse.post(f"{case}/seal", sure="yes")
    assert refused.status_code == 409
    second = await counter.officer("52")
    await confirm(second, case)
    assert 'class="slip' in await sealed(counter, nurse, case)
    person = await person_of(counter)
    async with counter.database.transaction() as tx:
        (event,) = await events_of(tx, counter.ring, person.person_id)
    assert event.event.second_officer == second.person_id


async def confirm(second: Officer, case: str) -> None:
    place = case.replace("/case/", "/second/")
    assert place in (await second.get("/second")).text
    page = (await second.get(place)).text
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert seen
    assert (await second.post(place, seen=seen[1])).status_code == 303


async def test_a_case_that_changes_after_the_second_officer_waits_for_one_again(
    counter: Counter, nurse: Officer
) -> None:
    case = await nurse.read(counter.station, path="name-changed")
    await nurse.post(f"{case}/reason", documents="ช.3 เลขที่ 1/2569")
    await nurse.post(f"{case}/face", matches="yes")
    second = await counter.officer("52")
    await confirm(second, case)
    await nurse.verify_contact(case)  # another number than the second officer saw
    assert (await nurse.post(f"{case}/seal", sure="yes")).status_code == 409


async def test_a_child_is_proofed_with_a_guardian(counter: Counter, nurse: Officer) -> None:
    case = await nurse.begin("child")
    form = {
        "kind": "birth-certificate", "documents": "สูติบัตรเลขที่ 1", "cid": cid("61"), "title": "ด.ช.", "first": "ต้น",
        "last": "สมมติ", "birth_on": "1/1/2562",
    }  # fmt: skip
    assert (await nurse.post(f"{case}/documents", **form, guardian=cid("61"))).status_code == 400
    assert (await nurse.post(f"{case}/documents", **form, guardian=cid("62"))).status_code == 303
    await nurse.verify_contact(case)
    await confirm(await counter.officer("52"), case)
    assert '<span class="number">2.1</span>' in (await nurse.get(f"{case}?at=summary")).text
    page = await sealed(counter, nurse, case)
    assert 'class="slip' not in page and "younger than 15" in page


async def test_without_a_card_no_account_can_be_opened(counter: Counter, nurse: Officer) -> None:
    case = await nurse.begin("no-card")
    form = {"kind": "house-registration", "documents": "ท.ร.14", "cid": cid("41"), "first": "มะลิ", "last": "สมมติ"}
    assert (await nurse.post(f"{case}/documents", **form, birth_on="9/4/2502")).status_code == 303
    await nurse.verify_contact(case)
    await confirm(await counter.officer("52"), case)
    assert 'class="slip' not in await sealed(counter, nurse, case)


async def test_a_home_visit_says_where_and_with_whom(counter: Counter, nurse: Officer) -> None:
    case = await nurse.read(counter.station, path="home-visit")
    assert "อสม." in (await nurse.get(case)).text
    await nurse.post(f"{case}/reason", documents="บ้านเลขที่ 9 กับ อสม. สมศรี")
    await nurse.post(f"{case}/face", matches="yes")
    await confirm(await counter.officer("52"), case)
    assert '<span class="number">2.3</span>' in (await nurse.get(f"{case}?at=summary")).text


async def test_every_way_says_what_level_it_comes_to(nurse: Officer) -> None:
    board = (await nurse.get("")).text
    assert re.findall(r'class="reach">IAL ([\d.]+)<', board) == ["2.3", "2.1", "2.3", "1.1", "2.1", "2.3"]


# The slip


async def test_a_slip_is_shown_once_and_a_new_one_ends_it(counter: Counter, nurse: Officer) -> None:
    first = await sealed(counter, nurse, await nurse.whole(counter.station))
    board = (await nurse.get("")).text
    place = re.search(r"/slip/[0-9a-f-]{36}", board)
    assert place
    again = await nurse.post(place[0])
    assert again.status_code == 200
    digits = re.compile(r'slip-digits number">([\d ]{9})<')
    assert digits.findall(first) != digits.findall(again.text)
    async with counter.database.transaction() as tx:
        assert await tx.fetchval("select count(*) from proofing_slip where ended_at is null") == 1


async def test_a_slip_remembers_where_it_was_made(counter: Counter, nurse: Officer) -> None:
    await sealed(counter, nurse, await nurse.whole(counter.station))
    async with counter.database.transaction() as tx:
        assert len(await tx.fetchval("select maker from proofing_slip")) == 3


async def test_known_contacts_are_asked_to_open_the_app_and_learn_no_more(counter: Counter, nurse: Officer) -> None:
    sent: list[str] = []

    class Phone(Silent):
        is_simulated = True

        async def send(self, to: Secret[str], text: Secret[str], key: str) -> Sent:
            sent.append(f"{to.reveal()} {text.reveal()}")
            return await super().send(to, text, key)

    person_id: UUID = await counter.person(CARD.cid)
    async with counter.database.transaction() as tx:
        await keep_contact(tx, counter.ring, person_id, ContactKind.MOBILE, Secret("0811111111"), counter.time.now())
    case = await nurse.whole(counter.station)
    object.__setattr__(counter.services, "outside", replace(counter.services.outside, sms=Phone()))
    await sealed(counter, nurse, case)
    assert len(sent) == 1
    assert sent[0].startswith("0811111111 ")
    assert "โปรดเปิดแอป" in sent[0]
    assert "มะลิ" not in sent[0]
