"""Every cell of the tiers and ceilings."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from morprom.access.model import Actor, Ground, Permit, Refusal, Request, Sharing, Tier
from morprom.access.policy import current_policy
from morprom.access.rules import decide
from morprom.assurance import Aal, Ial, Levels
from morprom.audit import Basis
from morprom.kernel import Secret
from morprom.people import Person
from morprom.record import Seeing
from morprom.storage import DataKey

NOW = datetime(2026, 5, 1, 3, tzinfo=UTC)
PERSON = Person(UUID(int=1), DataKey(1, Secret(bytes(32))))
ACTOR = Actor(UUID(int=2), "10670", "เคาน์เตอร์ 1")
POLICY = current_policy()
FULL = Levels(Ial.CHIP_AND_FACE, Aal.CRYPTOGRAPHIC, NOW)
WITH_TEXT = Seeing(sensitive=False, free_text=True, masked=False)
NOTHING = Seeing(sensitive=False, free_text=False, masked=False)
REFERRAL = Seeing(sensitive=False, free_text=True, masked=False, recipient="10670")


def ask(
    ground: Ground, tier: Tier, levels: Levels | None = None, *, share: bool = True, until: datetime | None = None
) -> Permit | Refusal:
    return decide(POLICY, Request(PERSON, ACTOR, ground, tier, Sharing(share), levels, until=until), NOW)


CEILINGS = {
    Ground.SELF: Tier.T4,
    Ground.OTP: Tier.T3,
    Ground.CARD: Tier.T3,
    Ground.CARD_REPORTED: Tier.T2,
    Ground.HEALTH_ID: Tier.T3,
    Ground.HEALTH_ID_CODE: Tier.T3,
    Ground.CONTROLS: Tier.T4,
    Ground.REFERRAL: Tier.T3,
    Ground.CAREGIVER: Tier.T2,
    Ground.CAREGIVER_GRANTED: Tier.T3,
    Ground.EMERGENCY: Tier.T3,
}
LOWEST = {Ground.EMERGENCY: Tier.T2, Ground.CONTROLS: Tier.T3}


@pytest.mark.parametrize(("ground", "tier"), list(product(Ground, Tier)))
def test_a_ground_opens_up_to_its_ceiling_and_not_above(ground: Ground, tier: Tier) -> None:
    answer = ask(ground, tier, FULL)
    if LOWEST.get(ground, Tier.T0) <= tier <= CEILINGS[ground]:
        assert isinstance(answer, Permit)
    else:
        assert isinstance(answer, Refusal) and answer.code == "ABOVE_CEILING"


@pytest.mark.parametrize(
    ("ground", "ial", "aal"), list(product([Ground.SELF, Ground.HEALTH_ID, Ground.HEALTH_ID_CODE], Ial, Aal))
)
@pytest.mark.parametrize(
    ("tier", "least_ial", "least_aal"),
    [(Tier.T1, "1.3", "1"), (Tier.T2, "2.1", "2.1"), (Tier.T3, "2.3", "2.1"), (Tier.T4, "2.3", "2.2")],
)
def test_a_session_opens_a_tier_only_at_its_levels(
    ground: Ground, ial: Ial, aal: Aal, *, tier: Tier, least_ial: str, least_aal: str
) -> None:
    answer = ask(ground, tier, Levels(ial, aal, NOW))
    if tier > CEILINGS[ground]:
        assert isinstance(answer, Refusal)
    elif float(ial) >= float(least_ial) and float(aal) >= float(least_aal):
        assert isinstance(answer, Permit)
    else:
        assert isinstance(answer, Refusal) and answer.code == "LEVELS_TOO_LOW"
        assert answer.missing and answer.missing.acr_values == f"ial{least_ial} aal{least_aal}"


def test_t4_asks_for_a_sign_in_of_the_last_five_minutes() -> None:
    aged = Levels(FULL.ial, FULL.aal, NOW - timedelta(seconds=301))
    answer = ask(Ground.SELF, Tier.T4, aged)
    assert isinstance(answer, Refusal) and answer.missing and answer.missing.max_age == 300
    assert isinstance(ask(Ground.SELF, Tier.T3, aged), Permit)


@pytest.mark.parametrize(
    ("ground", "levels", "seeing"),
    [
        (Ground.SELF, FULL, Seeing(sensitive=True, masked=True, free_text=True)),
        (
            Ground.SELF,
            Levels(Ial.CHIP_AND_FACE, Aal.TWO_FACTORS, NOW),
            WITH_TEXT,
        ),
        (
            Ground.SELF,
            Levels(FULL.ial, FULL.aal, NOW - timedelta(hours=1)),
            WITH_TEXT,
        ),
        (Ground.OTP, FULL, NOTHING),
        (Ground.OTP, None, NOTHING),
        (Ground.CARD, FULL, NOTHING),
        (Ground.HEALTH_ID, FULL, WITH_TEXT),
        (Ground.HEALTH_ID_CODE, FULL, NOTHING),
        (Ground.CONTROLS, FULL, NOTHING),
        (Ground.REFERRAL, FULL, REFERRAL),
        (Ground.CAREGIVER_GRANTED, FULL, NOTHING),
        (Ground.EMERGENCY, FULL, WITH_TEXT),
    ],
)
def test_only_the_owner_at_t4_sees_what_is_sensitive_or_masked(
    ground: Ground, levels: Levels | None, seeing: Seeing
) -> None:
    answer = ask(ground, Tier.T3, levels)
    assert isinstance(answer, Permit)
    assert answer.seeing == seeing


@pytest.mark.parametrize("ground", Ground)
def test_sharing_off_closes_all_but_the_owner_and_the_emergency(ground: Ground) -> None:
    answer = ask(ground, LOWEST.get(ground, Tier.T2), FULL, share=False)
    if ground in (Ground.SELF, Ground.EMERGENCY, Ground.CONTROLS):
        assert isinstance(answer, Permit)
    else:
        assert isinstance(answer, Refusal) and answer.code == "SHARING_OFF"


def test_an_emergency_asks_for_staff_at_two_factors() -> None:
    answer = ask(Ground.EMERGENCY, Tier.T3, Levels(Ial.SELF_ASSERTED, Aal.ONE_FACTOR, NOW))
    assert isinstance(answer, Refusal) and answer.missing and answer.missing.acr_values == "aal2.1"
    assert isinstance(ask(Ground.EMERGENCY, Tier.T3, Levels(Ial.SELF_ASSERTED, Aal.TWO_FACTORS, NOW)), Permit)


def test_a_ground_ends_at_its_time() -> None:
    assert isinstance(ask(Ground.OTP, Tier.T3, until=NOW + timedelta(seconds=1)), Permit)
    assert isinstance(ask(Ground.OTP, Tier.T3, until=NOW), Refusal)


def test_the_tables_are_whole_and_explained_in_two_languages() -> None:
    assert {row.tier for row in POLICY.tier} == set(Tier)
    assert {row.ground for row in POLICY.ground} == set(Ground)
    for row in (*POLICY.tier, *POLICY.ground):
        assert row.words.th and row.words.en
    for row in POLICY.ground:
        assert row.audited_as in Basis


def test_a_permit_names_the_policy_that_gave_it() -> None:
    answer = ask(Ground.OTP, Tier.T3)
    assert isinstance(answer, Permit) and answer.policy == POLICY.version and answer.basis is Basis.OTP


def test_a_referral_is_shown_to_a_unit_alone() -> None:
    answer = decide(POLICY, Request(PERSON, None, Ground.REFERRAL, Tier.T3, Sharing()), NOW)
    assert isinstance(answer, Refusal) and answer.code == "ABOVE_CEILING"


@pytest.mark.parametrize("ground", Ground)
def test_a_refusal_names_the_basis_of_who_was_refused(ground: Ground) -> None:
    until = NOW - timedelta(seconds=1)
    answer = ask(ground, LOWEST.get(ground, Tier.T2), FULL, until=until)
    assert isinstance(answer, Refusal) and answer.basis is POLICY.ground_row(ground).audited_as
