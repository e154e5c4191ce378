"""What is to be done next in a case, from what was done."""

from enum import StrEnum

from morprom.doors.counter.ways import WAYS
from morprom.proofing.model import Case


class Step(StrEnum):
    """Pages of a case, in their order."""

    IDENTITY = "identity"
    REASON = "reason"
    STATUS = "status"
    FACE = "face"
    CONTACT = "contact"
    SUMMARY = "summary"
    SEAL = "seal"


NAMED_FACE = ("id-card", "passport")
"""Evidence with a picture of its holder."""


def next_step(case: Case, *, asks_dopa: bool) -> Step:
    """The first step that is not done. `asks_dopa`: whether card status can be asked here at all."""
    checks = case.checks
    if case.card is None:
        return Step.IDENTITY
    if WAYS[case.path].reason is not None and not case.documents:
        return Step.REASON
    if checks.dopa_status == "not-valid" or (checks.face != "none" and not checks.face_matches):
        return Step.SUMMARY  # nothing more is asked of somebody whose card or face does not fit
    is_open = checks.dopa_status == "unreachable" or (asks_dopa and checks.dopa_status == "not-asked")
    if checks.evidence == "id-card" and is_open and checks.face == "none":
        return Step.STATUS  # until the officer asks, or goes on without: whose face was compared was gone on with
    return after_status(case)


def after_status(case: Case) -> Step:
    """What follows when the card's status is known, or cannot be."""
    if case.checks.evidence in NAMED_FACE and case.checks.face == "none":
        return Step.FACE
    return Step.CONTACT if case.checks.contact == "none" else Step.SUMMARY


def may_show(step: Step, case: Case) -> bool:
    """Whether a step can be looked at now, in whatever order."""
    return step is Step.IDENTITY or case.card is not None
