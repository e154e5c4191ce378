"""A person is proofed by what was done, takes it to their own phone, and nobody else can."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from morprom.accounts import account_of
from morprom.assurance import Ial
from morprom.kernel import Cid, Problem, Secret, new_id
from morprom.outside import CardAnswer, CardState, FaceAnswer
from morprom.proofing import cases, events, slips, stations
from morprom.proofing.model import CardFields, Maker, NotRedeemed, Path, Shown
from morprom.storage import KeyRing, Tx
from proofing.desk import CARD, COUNTER, NOW, PHONE, UNIT, Counter, cid, code_of, redeemed


@pytest.fixture
async def counter(tx: Tx, ring: KeyRing) -> Counter:
    made = Counter(tx, ring)
    await made.enrol()
    return made


# At the counter


async def test_the_usual_case_comes_to_level_2_3_with_an_explanation(counter: Counter) -> None:
    case = await counter.whole()
    derived = cases.level_of(case)
    assert derived.level == "2.3"
    sealed = await counter.seal(case)
    assert sealed.derived == derived
    assert sealed.event.inside.licence == "ว.12345"
    assert await cases.cases_of(counter.tx, counter.ring, UNIT) == []


async def test_what_is_not_done_lowers_the_level(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    case = await counter.with_chip()
    assert cases.level_of(case).level == "1.3"
    case = await cases.note_officers_comparison(tx, ring, case, matches=True)
    assert cases.level_of(case).level == "2.1"
    refused = await cases.note_status(tx, ring, case, CardAnswer(CardState.NOT_VALID, "4"))
    assert cases.level_of(refused).level == "1.2"
    unreachable = await cases.note_status(tx, ring, case, CardAnswer(CardState.UNREACHABLE))
    assert cases.level_of(unreachable).level == "2.1"
    stranger = await cases.note_officers_comparison(tx, ring, unreachable, matches=False)
    assert cases.level_of(stranger).level == "1.3"


async def test_a_face_service_that_cannot_be_reached_notes_nothing(counter: Counter) -> None:
    case = await counter.with_chip()
    assert await cases.note_service_comparison(counter.tx, counter.ring, case, FaceAnswer(reached=False)) == case


@pytest.mark.parametrize(
    ("chip_no", "state", "is_authenticated"),
    [
        ("0123", CardState.VALID, True),
        ("0123", CardState.NOT_VALID, False),
        ("0123", CardState.UNREACHABLE, False),
        ("", CardState.VALID, False),
    ],
)
async def test_a_chip_is_authenticated_by_dopas_word_on_its_own_number_alone(
    counter: Counter, chip_no: str, state: CardState, is_authenticated: bool
) -> None:
    tx, ring = counter.tx, counter.ring
    card = msgspec.structs.replace(CARD, chip_no=chip_no)
    case = await cases.note_reading(tx, ring, await counter.start(), await counter.reading(card), NOW)
    assert not case.case.checks.chip_authenticated
    case = await cases.note_status(tx, ring, case, CardAnswer(state, "0"))
    assert case.case.checks.chip_authenticated is is_authenticated


async def test_no_chip_is_authenticated_that_was_not_read(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    case = await cases.note_typed_card(tx, ring, await counter.start(), CARD, NOW)
    case = await cases.note_status(tx, ring, case, CardAnswer(CardState.VALID, "0"))
    assert not case.case.checks.chip_authenticated


async def test_another_card_in_the_reader_starts_the_checks_anew(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    case = await counter.whole()
    other = msgspec.structs.replace(CARD, cid=cid("42"))
    case = await cases.note_reading(tx, ring, case, await counter.reading(other), NOW)
    assert (cases.level_of(case).level, case.case.contact, case.case.checks.face) == ("1.3", "", "none")


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (msgspec.structs.replace(CARD, expires_on=date(2026, 3, 31)), "CARD_EXPIRED"),
        (msgspec.structs.replace(CARD, cid="1990000000410"), "CARD_UNREADABLE"),
        (msgspec.structs.replace(CARD, name_th="###"), "CARD_UNREADABLE"),
        (msgspec.structs.replace(CARD, birth_on=None), "CARD_UNREADABLE"),
    ],
)
async def test_a_card_that_does_not_say_who_it_is_or_has_expired_is_refused(
    counter: Counter, card: CardFields, code: str
) -> None:
    with pytest.raises(Problem) as refused:
        await cases.note_reading(counter.tx, counter.ring, await counter.start(), await counter.reading(card), NOW)
    assert code_of(refused) == code


async def test_a_card_is_good_to_the_end_of_its_last_day_in_thailand(counter: Counter) -> None:
    reading = await counter.reading(msgspec.structs.replace(CARD, expires_on=date(2026, 3, 31)))
    midnight = datetime(2026, 3, 31, 17, 0, tzinfo=UTC)
    assert cases.card_of(reading, midnight - timedelta(seconds=1))
    with pytest.raises(Problem) as refused:
        cases.card_of(reading, midnight)
    assert code_of(refused) == "CARD_EXPIRED"


@pytest.mark.parametrize(
    "forged",
    [
        {"fields": msgspec.json.encode(msgspec.structs.replace(CARD, cid=cid("43")))},
        {"photo": b"another face"},
        {"nonce": "made up"},
        {"read_at": NOW + timedelta(minutes=1)},
        {"read_at": NOW - timedelta(hours=1)},
        {"signature": b"0" * 70},
        {"station_id": new_id()},
    ],
)
async def test_a_reading_that_the_station_did_not_sign_just_now_is_refused(
    counter: Counter, forged: dict[str, Any]
) -> None:
    with pytest.raises(Problem) as refused:
        await cases.note_reading(counter.tx, counter.ring, await counter.start(), await counter.reading(**forged), NOW)
    assert code_of(refused) == "READING_REFUSED"


async def test_a_station_whose_clock_is_more_than_five_minutes_off_is_refused_what_it_signed(counter: Counter) -> None:
    for minutes in (-5, 5):
        reading = await counter.reading(at=NOW + timedelta(minutes=minutes))
        await stations.demand_reading(counter.tx, reading, unit=UNIT, now=NOW)
    for minutes in (-6, 6):
        reading = await counter.reading(at=NOW + timedelta(minutes=minutes))
        with pytest.raises(Problem) as refused:
            await stations.demand_reading(counter.tx, reading, unit=UNIT, now=NOW)
        assert code_of(refused) == "READING_REFUSED"


async def test_a_reading_is_good_once_and_within_a_minute_at_its_own_unit(counter: Counter) -> None:
    tx = counter.tx
    used, late, elsewhere = [await counter.reading() for _ in range(3)]
    await stations.demand_reading(tx, used, unit=UNIT, now=NOW)
    for reading, unit, now in ((used, UNIT, NOW), (late, UNIT, NOW + timedelta(seconds=61)), (elsewhere, "10671", NOW)):
        with pytest.raises(Problem) as refused:
            await stations.demand_reading(tx, reading, unit=unit, now=now)
        assert code_of(refused) == "READING_REFUSED"


async def test_a_station_that_was_taken_away_reads_nothing_more(counter: Counter) -> None:
    reading = await counter.reading()
    assert not await stations.end_station(counter.tx, unit="10671", station_id=counter.station_id, now=NOW)
    assert await stations.end_station(counter.tx, unit=UNIT, station_id=counter.station_id, now=NOW)
    with pytest.raises(Problem):
        await stations.demand_reading(counter.tx, reading, unit=UNIT, now=NOW)


async def test_only_a_p256_key_is_enrolled(counter: Counter) -> None:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    other = ec.generate_private_key(ec.SECP384R1()).public_key().public_bytes(serialization.Encoding.DER, form)
    for key in (b"", b"no key", other):
        with pytest.raises(Problem):
            await stations.enrol(counter.tx, unit=UNIT, name="", public_key=key, officer=counter.officer, now=NOW)


async def test_five_wrong_codes_end_the_contact_check(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    case, code = await cases.ask_contact(tx, ring, await counter.with_chip(), Secret("0800000041"), NOW)
    wrong = Secret("000000" if code.reveal() != "000000" else "111111")
    for _ in range(5):
        case, is_right = await cases.note_contact(tx, ring, case, wrong, NOW)
        assert not is_right
    case, is_right = await cases.note_contact(tx, ring, case, code, NOW)
    assert not is_right
    assert case.case.checks.contact == "none"


async def test_a_code_to_the_contact_lives_ten_minutes(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    case, code = await cases.ask_contact(tx, ring, await counter.with_chip(), Secret("0800000041"), NOW)
    for passed, fits in ((601, False), (599, True)):
        case, is_right = await cases.note_contact(tx, ring, case, code, NOW + timedelta(seconds=passed))
        assert is_right is fits


@pytest.mark.parametrize("path", sorted(cases.DUAL))
async def test_every_exception_takes_a_second_officer_who_is_not_the_first(counter: Counter, path: Path) -> None:
    tx, ring = counter.tx, counter.ring
    case = await counter.with_chip(path)
    with pytest.raises(Problem) as refused:
        await counter.seal(case)
    assert code_of(refused) == "SECOND_OFFICER_NEEDED"
    with pytest.raises(Problem) as refused:
        await cases.confirm_beside(tx, ring, case, counter.officer)
    assert code_of(refused) == "SAME_OFFICER"
    second = new_id()
    sealed = await counter.seal(await cases.confirm_beside(tx, ring, case, second))
    assert sealed.event.second_officer == second


async def test_a_child_is_proofed_by_documents_a_guardian_and_two_officers(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    case = await cases.note_documents(
        tx, ring, await counter.start("child"), CARD, kind="birth-certificate", documents="สูติบัตรเลขที่ 1",
        guardian=Cid(cid("44")), now=NOW,
    )  # fmt: skip
    assert cases.level_of(case).level == "1.1"
    case = await cases.confirm_beside(tx, ring, case, new_id())
    assert cases.level_of(case).level == "2.1"


async def test_a_case_is_another_units_business_for_nobody(counter: Counter) -> None:
    case = await counter.start()
    with pytest.raises(Problem) as unknown:
        await cases.case_of(counter.tx, counter.ring, case.case_id, unit="10671")
    assert code_of(unknown) == "CASE_UNKNOWN"
    with pytest.raises(Problem):
        await cases.case_of(counter.tx, counter.ring, case.case_id, unit=UNIT, officer=new_id())


# The slip


async def test_a_slip_opens_its_persons_account_at_the_level_of_what_was_done(counter: Counter) -> None:
    slip = await counter.slip()
    assert await events.count_redeemed(counter.tx, counter.person_id) == 0
    assert await redeemed(counter, slip) == counter.person_id
    account = await account_of(counter.tx, counter.person_id, NOW)
    assert account
    assert (account.ial, account.t4_opens_at) == (Ial.CHIP_AND_FACE, NOW + timedelta(hours=24))
    assert await events.count_redeemed(counter.tx, counter.person_id) == 1


async def test_a_slip_says_little_to_a_finder(counter: Counter) -> None:
    slip = await counter.slip()
    assert slip.masked_name == "นาง มาลี ส•••"
    assert CARD.cid not in slip.masked_cid


async def test_digits_work_only_with_number_and_birth_date(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    slip = await counter.slip()
    wrong = Secret(f"{(int(slip.digits.reveal()) + 1) % 10**8:08}")
    for person_id, born, digits in (
        (None, CARD.birth_on, slip.digits),
        (new_id(), CARD.birth_on, slip.digits),
        (counter.person_id, date(1960, 4, 9), slip.digits),
        (counter.person_id, CARD.birth_on, wrong),
    ):
        answer = await slips.show_digits(tx, ring, person_id, born, digits, PHONE, NOW)
        assert answer == NotRedeemed("SLIP_REFUSED")
    right = await slips.show_digits(tx, ring, counter.person_id, CARD.birth_on, slip.digits, PHONE, NOW)
    assert isinstance(right, Shown)


async def test_ten_wrong_digits_destroy_a_slip(counter: Counter) -> None:
    slip = await counter.slip()
    for _ in range(10):
        await slips.show_digits(
            counter.tx, counter.ring, counter.person_id, CARD.birth_on, Secret("00000000x"), PHONE, NOW
        )
    right = await slips.show_digits(counter.tx, counter.ring, counter.person_id, CARD.birth_on, slip.digits, PHONE, NOW)
    assert right == NotRedeemed("SLIP_REFUSED")


async def test_a_slip_is_good_for_a_day_and_a_later_one_ends_it(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    first, second = await counter.slip(), await counter.slip()
    assert await slips.show_qr(tx, ring, first.qr, PHONE, NOW) == NotRedeemed("SLIP_REFUSED")
    late = NOW + timedelta(hours=24, seconds=1)
    assert await slips.show_qr(tx, ring, second.qr, PHONE, late) == NotRedeemed("SLIP_REFUSED")
    assert isinstance(await slips.show_qr(tx, ring, second.qr, PHONE, NOW + timedelta(hours=23)), Shown)


async def test_a_slip_is_redeemed_once(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    slip = await counter.slip()
    shown = [await slips.show_qr(tx, ring, slip.qr, PHONE, NOW) for _ in range(2)]
    cookies: list[Secret[str]] = []
    for one in shown:
        assert isinstance(one, Shown)
        await slips.confirm_contact(tx, ring, one.cookie, one.code, NOW)
        cookies.append(one.cookie)
    await slips.redeem(tx, ring, cookies[0], NOW)
    for cookie in cookies:
        with pytest.raises(Problem) as refused:
            await slips.redeem(tx, ring, cookie, NOW)
        assert code_of(refused) == "SLIP_REFUSED"


@pytest.mark.parametrize(
    ("maker", "still_good"),
    [
        (Maker("officer's session", "", "198.51.100.9"), False),
        (Maker("", "counter computer", "198.51.100.9"), False),
        (Maker("", "malee's phone", "203.0.113.7"), True),
    ],
)
async def test_a_slip_is_not_redeemed_from_where_it_was_made(counter: Counter, maker: Maker, still_good: bool) -> None:
    tx, ring = counter.tx, counter.ring
    slip = await counter.slip()
    refused = await slips.show_qr(tx, ring, slip.qr, maker, NOW)
    assert isinstance(refused, NotRedeemed)
    assert refused.code == "SAME_PLACE"
    assert refused.event and (refused.event.unit, refused.event.person_id) == (UNIT, counter.person_id)
    again = await slips.show_qr(tx, ring, slip.qr, PHONE, NOW)
    assert isinstance(again, Shown) is still_good


async def test_without_the_code_to_the_verified_contact_a_slip_opens_nothing(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    shown = await slips.show_qr(tx, ring, (await counter.slip()).qr, PHONE, NOW)
    assert isinstance(shown, Shown)
    wrong = Secret("000000" if shown.code.reveal() != "000000" else "111111")
    for _ in range(5):
        assert await slips.confirm_contact(tx, ring, shown.cookie, wrong, NOW) == NotRedeemed("CODE_WRONG")
    assert await slips.confirm_contact(tx, ring, shown.cookie, shown.code, NOW) == NotRedeemed("CODE_WRONG")
    assert await slips.person_redeeming(tx, shown.cookie, NOW) is None
    with pytest.raises(Problem):
        await slips.redeem(tx, ring, shown.cookie, NOW)


async def test_no_slip_is_printed_for_less_than_a_checked_card_or_without_a_contact(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    typed = await cases.note_typed_card(tx, ring, await counter.start("card-unreadable"), CARD, NOW)
    for case, code in ((typed, "NOTHING_TO_REDEEM"), (await counter.with_chip(), "NO_CONTACT")):
        sealed = await counter.seal(case)
        with pytest.raises(Problem) as refused:
            await slips.print_slip(tx, ring, sealed.event, COUNTER, NOW)
        assert code_of(refused) == code


@pytest.mark.parametrize(("born", "may"), [(date(2011, 4, 2), False), (date(2011, 4, 1), True)])
async def test_a_child_younger_than_fifteen_has_a_proofing_and_no_slip(
    counter: Counter, born: date, *, may: bool
) -> None:
    event = (await counter.seal(await counter.whole())).event
    card = msgspec.structs.replace(CARD, birth_on=born)
    event = dataclasses.replace(event, inside=msgspec.structs.replace(event.inside, card=card))
    if may:
        assert (await slips.print_slip(counter.tx, counter.ring, event, COUNTER, NOW)).digits
        return
    with pytest.raises(Problem) as young:
        await slips.print_slip(counter.tx, counter.ring, event, COUNTER, NOW)
    assert code_of(young) == "TOO_YOUNG" and "15" in young.value.words.th
