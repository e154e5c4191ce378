"""Every action of `/api/WebApp` that reads (wire protocol, section 6): from opened documents to the reply's result."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from morprom.mophphr.view_allergies import allergy_rows
from morprom.mophphr.view_conditions import condition_rows, condition_totals
from morprom.mophphr.view_contacts import addresses, telecoms
from morprom.mophphr.view_coverage import coverage_rows, coverage_totals
from morprom.mophphr.view_encounter import encounter_rows
from morprom.mophphr.view_home import cared_for, caregivers, self_observation_rows
from morprom.mophphr.view_immunizations import immunization_rows
from morprom.mophphr.view_items import ITEM_KINDS
from morprom.mophphr.view_medications import medication_rows, medication_totals
from morprom.mophphr.view_observations import observation_rows, observation_totals
from morprom.mophphr.view_patient import patient_summary
from morprom.mophphr.view_plans import appointment_rows, report_rows
from morprom.mophphr.view_pregnancy import pregnancy_rows
from morprom.mophphr.view_prescriptions import prescription_rows, problem_rows
from morprom.mophphr.view_record import Reading
from morprom.mophphr.view_referrals import referral_rows
from morprom.mophphr.view_registers import register_rows
from morprom.mophphr.view_vitals import vital_sign_rows
from morprom.record import Document, Kind, Organization, Seeing

View = Callable[[Reading, str], object]


@dataclass(frozen=True, slots=True)
class UnknownAction:
    """No view has this name."""

    action: str


@dataclass(frozen=True, slots=True)
class _Action:
    """What one action answers in each mode ("" where no other is named), and which documents it reads.

    `recipient_sees`: also for the unit that a referral is addressed to, for whom nothing else of the record is there.
    """

    modes: Mapping[str, View]
    kinds: frozenset[Kind]
    recipient_sees: bool = False


_VISITS = frozenset((Kind.VISIT, Kind.CONTROLS))
_PATIENT = _VISITS | {Kind.PATIENT}
_EVERYTHING = _PATIENT | {Kind.ALLERGY} | ITEM_KINDS


def _whole(view: Callable[[Reading], object]) -> View:
    """A view that takes no visit's ref."""
    return lambda reading, _: view(reading)


_ACTIONS: Mapping[str, _Action] = {
    "PatientSummary": _Action({"": _whole(patient_summary)}, _EVERYTHING),
    "Address": _Action({"": _whole(addresses)}, _EVERYTHING),
    "Telecom": _Action({"": _whole(telecoms)}, _EVERYTHING),
    "Coverage": _Action({"": _whole(coverage_totals), "detail": _whole(coverage_rows)}, _VISITS),
    "Encounter": _Action({"": _whole(encounter_rows)}, _PATIENT),
    "VitalSign": _Action({"": _whole(vital_sign_rows)}, _VISITS),
    "Condition": _Action({"": _whole(condition_totals), "encounter": condition_rows}, _VISITS),
    "Observation": _Action(
        {"": _whole(observation_totals), "detail": _whole(observation_rows), "encounter": observation_rows}, _VISITS
    ),
    "Medication": _Action({"": _whole(medication_totals), "encounter": medication_rows}, _VISITS),
    "Appointment": _Action({"": _whole(appointment_rows)}, _VISITS),
    "Immunization": _Action({"": _whole(immunization_rows)}, _VISITS | {Kind.IMMUNIZATION}),
    "Allergy": _Action({"": _whole(allergy_rows)}, _VISITS | {Kind.ALLERGY, Kind.ALLERGY_REPORT}),
    "DiagnosticReport": _Action({"": _whole(report_rows), "encounter": report_rows}, _VISITS),
    "NCD": _Action({"": _whole(register_rows)}, _VISITS | {Kind.CHRONIC_REGISTER}),
    "Referral": _Action({"": _whole(referral_rows)}, _VISITS | {Kind.REFERRAL}, recipient_sees=True),
    "SelfObservation": _Action({"": _whole(self_observation_rows)}, _VISITS | {Kind.SELF_OBSERVATION}),
    "Pregnancy": _Action({"": _whole(pregnancy_rows)}, _VISITS),
    "CareGiver": _Action(
        {"": _whole(cared_for), "1": _whole(caregivers), "2": _whole(cared_for)},
        _VISITS | {Kind.CAREGIVER, Kind.CARED_FOR},
    ),
    "MedicationRequest": _Action({"": _whole(prescription_rows)}, _VISITS | {Kind.PRESCRIPTION}),
    "DrugRelatedProblem": _Action({"": _whole(problem_rows)}, _VISITS | {Kind.DRUG_PROBLEM}),
    "ProfileImage": _Action({"": lambda _reading, _ref: None}, frozenset()),
}

MODES: Mapping[str, tuple[str, ...]] = {name: tuple(action.modes) for name, action in _ACTIONS.items()}
"""Action, as the protocol writes it, to the lower-case modes that it answers; "" is none."""

_BY_NAME = {name.lower(): action for name, action in _ACTIONS.items()}

KINDS_NEEDED: Mapping[str, frozenset[Kind]] = {name: action.kinds for name, action in _BY_NAME.items()}
"""Lower-case action to the kinds of documents that it reads. All need the visits: they vouch for the rest."""


def render(
    action: str,
    mode: str,
    code: str,
    documents: Sequence[Document],
    *,
    seeing: Seeing,
    cid: str,
    organizations: Mapping[str, Organization],
    row_key: Callable[[bytes], str],
    today: date,
) -> object | UnknownAction:
    """The `result` of a read, ready for JSON. Action and mode are matched without regard to case.

    `code` is a visit's `hcode:ref` for the modes that take one, "" for all visits. A mode that the action does not
    have answers as no mode. `row_key` turns a row's own name into an opaque identifier, keyed for this person.
    """
    found = _BY_NAME.get(action.lower())
    if found is None:
        return UnknownAction(action)
    view = found.modes.get(mode.lower(), found.modes[""])
    kinds = found.kinds if found.recipient_sees or not seeing.recipient else frozenset[Kind]()
    read = [document for document in documents if document.kind in kinds]
    return view(Reading(read, seeing, cid, organizations, row_key, today), code)
