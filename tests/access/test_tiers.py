"""Cell by cell: tier × basis × IAL × AAL × age of the sign-in. The tables stand here in the words of the order, not of
the policy: whoever changes one has to change the other.
"""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final, Literal, NamedTuple
from uuid import UUID

import msgspec
import pytest

from morprom.access.model import Actor, Ground, Permit, Refusal, Request, Sharing, Tier
from morprom.access.policy import Policy, current_policy
from morprom.access.rules import decide
from morprom.assurance import Aal, Ial, Levels
from morprom.kernel import Secret
from morprom.people import Person
from morprom.storage import DataKey

NOW: Final = datetime(2026, 5, 1, 3, tzinfo=UTC)
PERSON: Final = Person(UUID(int=1), DataKey(1, Secret(bytes(32))))
ACTOR: Final = Actor(UUID(int=2), "10670", "เคาน์เตอร์ 1")
POLICY: Final = current_policy()
ALL_OFFERED: Final = msgspec.structs.replace(
    POLICY, ground=tuple(msgspec.structs.replace(row, offered=True) for row in POLICY.ground)
)

IALS: Final = ("none", "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3")
AALS: Final = ("none", "1", "2.1", "2.2", "3")
AGES: Final = {"now": 0.0, "4:59": 299.0, "5:00": 300.0, "just after": 300.000001, "5:01": 301.0, "long ago": 40_000.0}


class Needs(NamedTuple):
    """What a tier asks of who signs in; "none" asks nothing. `seconds` since then, at most."""

    ial: str
    aal: str
    seconds: int | None


TIERS: Final = {
    0: Needs("none", "none", None),
    1: Needs("1.3", "1", None),
    2: Needs("2.1", "2.1", None),
    3: Needs("2.3", "2.1", None),
    4: Needs("2.3", "2.2", 300),
}


class Basis(NamedTuple):
    """From which tier to which, and whose sign-in counts."""

    lowest: int
    highest: int
    asks: Literal["the levels", "the levels where known", "nothing", "staff at AAL 2.1"]
    is_open: bool = True


BASES: Final = {
    "self": Basis(0, 4, "the levels"),
    "otp": Basis(0, 3, "the levels where known"),
    "card": Basis(0, 3, "nothing"),
    "card-reported": Basis(0, 2, "nothing"),
    "health-id": Basis(0, 3, "the levels"),
    "health-id-code": Basis(0, 3, "the levels"),
    "controls": Basis(3, 4, "the levels"),
    "referral": Basis(0, 3, "nothing"),
    "caregiver": Basis(0, 2, "the levels", is_open=False),
    "caregiver-granted": Basis(0, 3, "the levels", is_open=False),
    "emergency": Basis(2, 3, "staff at AAL 2.1", is_open=False),
}

Cell = tuple[int, str, str, str]
"""Tier, IAL, AAL, age."""

CELLS: Final[list[Cell]] = list(product(TIERS, IALS, AALS, AGES))


def expected(name: str, cell: Cell) -> str | tuple[str, ...]:
    """ "permitted", "ceiling", or what lacks."""
    tier, ial, aal, age = cell
    basis, needs = BASES[name], TIERS[tier]
    if not basis.lowest <= tier <= basis.highest:
        return "ceiling"
    is_known = "none" not in (ial, aal)  # a sign-in has both levels, or there is none
    if basis.asks == "nothing" or (basis.asks == "the levels where known" and not is_known):
        return "permitted"
    if basis.asks == "staff at AAL 2.1":
        needs = Needs("none", "2.1", None)
    if not is_known:
        ial, aal, age = "none", "none", "long ago"
    lacks = (
        *(["ial"] if IALS.index(ial) < IALS.index(needs.ial) else []),
        *(["aal"] if AALS.index(aal) < AALS.index(needs.aal) else []),
        *(["max_age"] if needs.seconds is not None and AGES[age] > needs.seconds else []),
    )
    return lacks or "permitted"


def asked(name: str, cell: Cell, policy: Policy = ALL_OFFERED) -> Permit | Refusal:
    tier, ial, aal, age = cell
    known = "none" not in (ial, aal)
    levels = Levels(Ial(ial), Aal(aal), NOW - timedelta(seconds=AGES[age])) if known else None
    return decide(policy, Request(PERSON, ACTOR, Ground(name), Tier(tier), Sharing(), levels), NOW)


def said(answer: Permit | Refusal) -> str | tuple[str, ...]:
    if isinstance(answer, Permit):
        return "permitted"
    if answer.code == "ABOVE_CEILING":
        return "ceiling"
    assert answer.code == "LEVELS_TOO_LOW" and answer.missing
    return answer.missing.lacks


def test_the_tables_here_name_every_tier_basis_and_level_that_there_is() -> None:
    assert set(BASES) == set(Ground) and set(TIERS) == set(Tier)
    assert set(IALS) == {"none", *Ial} and set(AALS) == {"none", *Aal}
    assert len(CELLS) * len(BASES) == 5 * 8 * 5 * 6 * 11


@pytest.mark.parametrize("name", BASES)
def test_every_cell_is_as_the_tables_say(name: str) -> None:
    wrong = [(cell, found) for cell in CELLS if (found := said(asked(name, cell))) != expected(name, cell)]
    assert wrong == []


@pytest.mark.parametrize("name", [name for name, basis in BASES.items() if not basis.is_open])
def test_what_nothing_leads_to_yet_is_refused_in_every_cell(name: str) -> None:
    answers = [asked(name, cell, POLICY) for cell in CELLS]
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {"NOT_OFFERED"}
    assert not [answer for answer in answers if isinstance(answer, Permit)]


@pytest.mark.parametrize("name", [name for name, basis in BASES.items() if basis.is_open])
def test_what_is_open_answers_alike_by_the_policy_that_counts(name: str) -> None:
    assert all(said(asked(name, cell, POLICY)) == expected(name, cell) for cell in CELLS)


@pytest.mark.parametrize("name", BASES)
def test_sensitive_and_masked_visits_are_seen_by_the_owner_at_t4_alone(name: str) -> None:
    for cell in CELLS:
        answer = asked(name, cell)
        if isinstance(answer, Permit):
            is_owner_at_t4 = name == "self" and expected("self", (4, *cell[1:])) == "permitted"
            assert (answer.seeing.sensitive, answer.seeing.masked) == (is_owner_at_t4, is_owner_at_t4), cell


@pytest.mark.parametrize("name", BASES)
def test_every_refusal_says_what_lacks_in_two_languages(name: str) -> None:
    for cell in CELLS:
        answer = asked(name, cell)
        if not isinstance(answer, Refusal):
            continue
        assert answer.words.th and answer.words.en and answer.words.en.isascii()
        if answer.missing:
            needs = TIERS[cell[0]]
            lacks = answer.missing.lacks
            assert ("counter" in answer.words.en and "จุดยืนยันตัวตน" in answer.words.th) is ("ial" in lacks)
            assert (f"IAL {needs.ial}" in answer.words.en) is ("ial" in lacks)
            assert ("sign in" in answer.words.en) is ("aal" in lacks)
            assert ("5 minutes" in answer.words.en and "5 นาที" in answer.words.th) is ("max_age" in lacks)


@pytest.mark.parametrize(
    ("cell", "acr_values"),
    [
        ((3, "2.2", "2.2", "now"), "ial2.3"),
        ((3, "2.3", "1", "now"), "aal2.1"),
        ((3, "1.3", "1", "now"), "ial2.3 aal2.1"),
        ((4, "2.3", "2.1", "now"), "aal2.2"),
        ((4, "2.3", "3", "5:01"), "aal2.2"),  # never a lower sign-in than is needed
        ((4, "none", "none", "now"), "ial2.3 aal2.2"),
    ],
)
def test_a_step_up_asks_for_what_lacks(cell: Cell, acr_values: str) -> None:
    answer = asked("self", cell)
    assert isinstance(answer, Refusal) and answer.missing
    assert answer.missing.acr_values == acr_values


@pytest.mark.parametrize(("proofed", "helps"), [("2.3", True), ("3", True), ("2.2", False), (None, False)])
def test_whoever_signed_in_elsewhere_below_their_own_level_is_not_sent_to_a_counter(
    proofed: str | None, *, helps: bool
) -> None:
    levels = Levels(Ial("2.1"), Aal("2.1"), NOW)
    account = Ial(proofed) if proofed else None
    answer = decide(POLICY, Request(PERSON, None, Ground.SELF, Tier.T3, Sharing(), levels, proofed=account), NOW)
    assert isinstance(answer, Refusal) and answer.missing and answer.missing.lacks == ("ial",)
    assert answer.missing.acr_values == ("aal2.1" if helps else "ial2.3")
    assert ("passkey" in answer.words.en and "พาสคีย์" in answer.words.th) is helps
    assert ("counter" in answer.words.en) is not helps


@pytest.mark.parametrize("name", BASES)
def test_a_frozen_account_opens_nothing_that_hangs_on_it(name: str) -> None:
    levels = Levels(Ial("2.3"), Aal("3"), NOW)
    request = Request(PERSON, ACTOR, Ground(name), Tier.T3, Sharing(), levels, is_frozen=True)
    answer = decide(ALL_OFFERED, request, NOW)
    stays = {"card", "referral", "emergency"}
    if name in stays:
        assert isinstance(answer, Permit)
    elif name in ("card-reported", "caregiver"):
        assert isinstance(answer, Refusal)
    else:
        assert isinstance(answer, Refusal) and answer.code == "ACCOUNT_FROZEN"


@pytest.mark.parametrize(("seconds", "is_open"), [(-1, False), (0, True), (1, True)])
@pytest.mark.parametrize("name", ["self", "controls"])
def test_t4_stays_closed_for_the_day_after_a_proofing_or_recovery(name: str, seconds: int, *, is_open: bool) -> None:
    levels = Levels(Ial("2.3"), Aal("2.2"), NOW)
    opens_at = NOW - timedelta(seconds=seconds)
    asking = [
        decide(POLICY, Request(PERSON, None, Ground(name), tier, Sharing(), levels, t4_opens_at=opens_at), NOW)
        for tier in (Tier.T3, Tier.T4)
    ]
    assert isinstance(asking[0], Permit) and asking[0].seeing.masked is (is_open and name == "self")
    if is_open:
        assert isinstance(asking[1], Permit)
    else:
        assert isinstance(asking[1], Refusal) and asking[1].code == "T4_WAITS"
