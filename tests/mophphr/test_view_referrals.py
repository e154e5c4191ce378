"""What the receiving hospital of a referral sees: that document, for as long as it is its business, nothing else."""

from typing import Any

import pytest

from mophphr.view_documents import KHON_KAEN, NAN, Json, diagnosis, read, visit
from mophphr.view_uploads import controls, ordinary, referral, stored, visits
from mophphr.withholding import READS
from morprom.record import Seeing

RECIPIENT = Seeing(sensitive=False, free_text=True, masked=False, recipient=NAN)


def seen(**members: Any) -> list[Json]:
    return read("Referral", stored([referral(**members)]), seeing=RECIPIENT)


def test_the_recipient_sees_the_referral_and_nothing_else() -> None:
    documents = stored([*ordinary(), referral(to="11111", referralRefCode="R2")])
    for action, mode in READS:
        answer = read(action, documents, mode, seeing=RECIPIENT)
        if action == "referral":
            assert [row["referral_ref_code"] for row in answer] == [f"{KHON_KAEN}:R1"]
        else:
            assert answer == read(action, [], mode, seeing=RECIPIENT)
    (row,) = read("Referral", documents, seeing=RECIPIENT)
    assert row["patient_name_text"] == "นายสมชาย ใจดี" and row["description"] == "ตามัวมาสามเดือน"


def test_a_referral_to_oneself_opens_nothing() -> None:
    assert read("Referral", stored([referral(NAN, to=NAN)]), seeing=RECIPIENT) == []


@pytest.mark.parametrize(
    ("status", "arrived", "is_seen"),
    [
        ("active", 0, True), ("active", 200, True), ("completed", 12, True), ("completed", 11, True),
        ("completed", 10, True), ("Completed", -12, False), ("cancelled", -30, False),
    ],
)  # fmt: skip
def test_a_closed_referral_is_seen_for_30_days_more(status: str, arrived: int, *, is_seen: bool) -> None:
    """Today is 19 days after ARRIVAL."""
    documents = stored([referral(status=status)], day=arrived)
    assert bool(read("Referral", documents, seeing=RECIPIENT)) is is_seen


def test_a_referral_whose_period_is_over_is_closed() -> None:
    over = {"start": "2026-01-01", "end": "2026-03-20"}
    assert not seen(occurrencePeriod=over)
    assert seen(occurrencePeriod=over | {"end": "2026-03-21"})
    assert seen(occurrencePeriod=over | {"end": "2026-12-31"})


def test_a_referral_that_is_withheld_is_withheld_from_its_recipient_too() -> None:
    assert seen(description="F20.0") == []
    hidden = visits(visit("OLD2", Condition=[diagnosis("B20", "-")]))
    assert read("Referral", stored([hidden, referral()]), seeing=RECIPIENT) == []
    masked = [*stored([referral()]), controls([f"{KHON_KAEN}:OLD2"])]
    assert read("Referral", masked, seeing=RECIPIENT) == []


def test_a_recipient_with_its_zeros_lost_is_known() -> None:
    to = {"identifier": [{"value": 716}], "display": "น่าน"}
    few = Seeing(sensitive=False, free_text=True, masked=False, recipient="00716")
    assert len(read("Referral", stored([referral(recipientOrganization=to)]), seeing=few)) == 1
