"""What a permit lets see, when a ground ends, and what closes it. Tier by level: test_tiers.py."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
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
ALL_OFFERED = msgspec.structs.replace(
    POLICY, ground=tuple(msgspec.structs.replace(row, offered=True) for row in POLICY.ground)
)
"""As when something leads to every row: the rows that wait are tried as well."""
FULL = Levels(Ial.CHIP_AND_FACE, Aal.CRYPTOGRAPHIC, NOW)
WITH_TEXT = Seeing(sensitive=False, free_text=True, masked=False)
NOTHING = Seeing(sensitive=False, free_text=False, masked=False)
REFERRAL = Seeing(sensitive=False, free_text=True, masked=False, recipient="10670")


def ask(
    ground: Ground, tier: Tier, levels: Levels | None = None, *, share: bool = True, until: datetime | None = None
) -> Permit | Refusal:
    return decide(ALL_OFFERED, Request(PERSON, ACTOR, ground, tier, Sharing(share), levels, until=until), NOW)


LOWEST = {Ground.EMERGENCY: Tier.T2, Ground.CONTROLS: Tier.T3}


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
