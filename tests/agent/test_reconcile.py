"""What is done about a visit and a day, by what hospital, platform and ledger have."""

import pytest

from morprom_agent.ledger import Entry, State
from morprom_agent.reconcile import Absent, Verdict, absent, verdict


def entry(state: State, content: str = "h", *, is_stay: bool = False) -> Entry:
    return Entry("1", is_stay, content, state, 1, 200, "", "", "")


@pytest.mark.parametrize(
    ("known", "is_present", "expected"),
    [
        (None, False, Verdict.MISSING),
        (None, True, Verdict.UNKNOWN),
        (None, None, Verdict.MISSING),
        (entry(State.SENT), True, Verdict.SAME),
        (entry(State.WARNED), True, Verdict.SAME),
        (entry(State.SENT), None, Verdict.SAME),
        (entry(State.SENT), False, Verdict.MISSING),
        (entry(State.SENT, "other"), True, Verdict.CHANGED),
        (entry(State.SENT, "other"), None, Verdict.CHANGED),
        (entry(State.SENT, ""), True, Verdict.UNKNOWN),
        (entry(State.PENDING), True, Verdict.CHANGED),
        (entry(State.FAILED), True, Verdict.CHANGED),
        (entry(State.FAILED), None, Verdict.MISSING),
        (entry(State.REMOVED), True, Verdict.CHANGED),
    ],
)
def test_verdicts(known: Entry | None, is_present: bool | None, expected: Verdict) -> None:
    assert verdict("h", known, is_present) is expected


def refs(count: int) -> set[str]:
    return {f"{number:03}" for number in range(count)}


def judged(present: set[str], source: set[str], known: dict[str, Entry] | None = None, **more: bool) -> Absent:
    return absent(present, source, (known or {}).get, **({"may_lack_stays": False, "force": False} | more))


def test_nothing_is_absent_when_the_hospital_has_all_of_it() -> None:
    assert judged(refs(10), refs(12)) == Absent()


def test_five_per_cent_of_a_day_may_go_and_not_one_more() -> None:
    assert judged(refs(100), refs(100) - refs(5)).removable == ("000", "001", "002", "003", "004")
    held = judged(refs(100), refs(100) - refs(6))
    assert (len(held.removable), len(held.held), held.is_partial) == (0, 6, True)
    assert judged(refs(19), refs(19) - refs(1)).is_partial, "one of 19 is more than five per cent"


def test_force_removes_the_whole_day() -> None:
    assert len(judged(refs(10), set(), force=True).removable) == 10


def test_a_stay_that_is_absent_may_only_have_ended_after_the_export() -> None:
    known = {"000": entry(State.SENT, is_stay=True), "001": entry(State.SENT)}
    found = judged(refs(100), refs(100) - refs(2), known)
    assert (found.removable, found.held, found.is_partial) == (("001",), ("000",), False)


def test_what_nobody_here_sent_is_held_while_patients_of_that_day_may_still_be_admitted() -> None:
    assert judged(refs(100), refs(100) - refs(2), may_lack_stays=True).held == ("000", "001")
    assert judged(refs(100), refs(100) - refs(2), may_lack_stays=False).removable == ("000", "001")
