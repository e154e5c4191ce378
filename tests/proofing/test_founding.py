"""The first officer's account opens a counter and closes the way by which it was opened."""

import pytest

from morprom.accounts.account import freeze
from morprom.accounts.authenticators import keep
from morprom.accounts.model import AuthenticatorKind, Inside
from morprom.assurance import Ial
from morprom.kernel import Problem, Secret, Words
from morprom.outside import CardAnswer, CardState
from morprom.proofing import cases, count_redeemed, events, founding
from morprom.proofing.model import Slip
from morprom.staff import Licence, Names, Work, add_position, list_provider
from morprom.storage import KeyRing, Tx
from proofing.desk import CARD, NOW, UNIT, Counter, code_of, redeemed

TYPED = cases.with_laser_code(CARD, "JC1-2345678-90")


@pytest.fixture
async def counter(tx: Tx, ring: KeyRing) -> Counter:
    made = Counter(tx, ring)
    await list_provider(tx, ring, made.person_id, Names(first_th="มาลี"), NOW)
    work = Work(title="พยาบาล", may_proof=True, licence=Licence(council="02", number="6500000001"))
    await add_position(tx, ring, made.person_id, UNIT, work, NOW)
    return made


async def first_slip(counter: Counter) -> Slip:
    case = await founding.start_first(counter.tx, counter.ring, counter.person_id, UNIT, TYPED, NOW)
    case = await founding.note_dopa(counter.tx, counter.ring, case, CardAnswer(CardState.VALID, "0"))
    case = await counter.with_contact(case)
    return await founding.seal_first(counter.tx, counter.ring, case, NOW)


async def test_what_an_operator_saw_opens_a_counter_and_no_record(counter: Counter) -> None:
    person_id = await redeemed(counter, await first_slip(counter))
    level, until = await events.level_on(counter.tx, counter.ring, person_id, NOW.date())
    assert (level, until) == (Ial.CARD_CHECKED, CARD.expires_on)
    assert await count_redeemed(counter.tx, person_id) == 0


async def test_whoever_can_sit_down_at_a_counter_ends_the_way_around_it(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    person_id = await redeemed(counter, await first_slip(counter))
    await first_slip(counter)  # the phone was lost before anything was bound to it
    await keep(tx, ring, person_id, AuthenticatorKind.PASSKEY, Inside(), NOW)
    with pytest.raises(Problem) as refused:
        await first_slip(counter)
    assert code_of(refused) == "OFFICER_EXISTS"
    await freeze(tx, ring, person_id, why=Words("แจ้ง", "reported"), now=NOW)
    assert await first_slip(counter)


async def test_nobody_becomes_second_by_starting_before_the_first_was_done(counter: Counter) -> None:
    tx, ring = counter.tx, counter.ring
    case = await founding.start_first(tx, ring, counter.person_id, UNIT, TYPED, NOW)
    case = await founding.note_dopa(tx, ring, case, CardAnswer(CardState.VALID, "0"))
    case = await counter.with_contact(case)
    await keep(tx, ring, await redeemed(counter, await first_slip(counter)), AuthenticatorKind.PASSKEY, Inside(), NOW)
    with pytest.raises(Problem) as refused:
        await founding.seal_first(tx, ring, case, NOW)
    assert code_of(refused) == "OFFICER_EXISTS"


@pytest.mark.parametrize("state", [CardState.NOT_VALID, CardState.UNREACHABLE])
async def test_no_answer_of_dopa_is_taken_for_a_yes(counter: Counter, state: CardState) -> None:
    case = await founding.start_first(counter.tx, counter.ring, counter.person_id, UNIT, TYPED, NOW)
    with pytest.raises(Problem) as refused:
        await founding.note_dopa(counter.tx, counter.ring, case, CardAnswer(state))
    assert code_of(refused) == "CARD_NOT_VALID"


async def test_a_mobile_number_has_to_answer(counter: Counter) -> None:
    case = await founding.start_first(counter.tx, counter.ring, counter.person_id, UNIT, TYPED, NOW)
    case = await founding.note_dopa(counter.tx, counter.ring, case, CardAnswer(CardState.VALID, "0"))
    case, _ = await cases.ask_contact(counter.tx, counter.ring, case, Secret("0800000041"), NOW)
    with pytest.raises(Problem) as refused:
        await founding.seal_first(counter.tx, counter.ring, case, NOW)
    assert code_of(refused) == "NO_CONTACT"
