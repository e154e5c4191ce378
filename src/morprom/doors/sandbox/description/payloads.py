"""What uploads hold (wire protocol, sections 3 and 4): the shape that earns no warning. Variants are accepted too."""

from typing import Final

from morprom.doors.sandbox.description.model import Schema
from morprom.doors.sandbox.description.schemas import (
    COUNT,
    DAY,
    INSTANT,
    NUMBER,
    REF,
    TEXT,
    TRUTH,
    one,
    ref,
    some,
    told,
)

CODED: Final = ref("CodeableConcept")
CODE: Final = ref("Coding")
ISSUER: Final = ref("Organization")
NUMBERS: Final = some(ref("Identifier"))
ANYTHING: Final[Schema] = {}
_SUPPORTING: Final = ("diagnosis", "vital_sign", "medication", "observation", "social_problem", "present_illness")


def payload(array: str, item: Schema, th: str, en: str) -> Schema:
    """The outer shape: who sends, about whom, what."""
    return one(managingOrganization=ISSUER, Patient=ref("Patient"), **{array: told(some(item), th, en)})


SHARED: Final[dict[str, Schema]] = {
    "Coding": one(system=TEXT, code=TEXT, display=TEXT),
    "CodeableConcept": one(coding=some(CODE), text=TEXT),
    "Identifier": one(use=TEXT, system=TEXT, type=TEXT, value=TEXT),
    "Quantity": one(value=NUMBER, unit=TEXT),
    "Period": one(start=INSTANT, end=INSTANT),
    "Organization": one(
        type=TEXT,
        identifier=told(
            ref("Identifier"),
            "ระบบ https://bps.moph.go.th/hcode/5 ค่าเป็นรหัส 5 หลัก",
            "system https://bps.moph.go.th/hcode/5, value is the 5-digit code",
        ),
        display=TEXT,
        agent=told(TEXT, "ชื่อและรุ่นของโปรแกรมที่ส่ง", "name and version of the sending program"),
        scope=told(
            TEXT,
            "ALL แปลว่านี่คือทุกการรับบริการของคนนี้ที่นี่ ที่ไม่อยู่ในนี้จะถูกลบ",
            "ALL: these are all visits of the person here, what is not among them is removed",
        ),
    ),
    "HumanName": one(
        use=TEXT, languageCode=TEXT, text=TEXT, family=TEXT, given=some(TEXT), prefix=some(TEXT), suffix=some(TEXT)
    ),
    "Address": one(
        use=TEXT, type=TEXT, text=TEXT, line=some(TEXT), city=TEXT, district=TEXT, state=TEXT, postalCode=TEXT,
        country=TEXT, period=ref("Period"), address_code=told(TEXT, "รหัสตำบล 6 หลัก", "6 digits of the subdistrict"),
    ),
    "Patient": one(
        identifier=told(
            NUMBERS,
            'เลขประชาชน: ระบบ https://www.dopa.go.th type "CID" · HN: https://sil-th.org/hn type "HN"',
            'the citizen number: system https://www.dopa.go.th, type "CID"; HN: https://sil-th.org/hn, type "HN"',
        ),
        active=TRUTH, name=some(ref("HumanName")),
        telecom=some(one(system=TEXT, value=TEXT, use=TEXT, rank=COUNT)),
        gender=told(TEXT, "male หรือ female", "male or female"), birthDate=DAY, deceasedBoolean=TRUTH,
        nationality=CODED, maritalStatus=CODED, address=some(ref("Address")), contact=some({"type": "object"}),
    ),
    "VitalSigns": one(
        **{
            name: one(status=TEXT, valueQuantity=ref("Quantity"))
            for name in (
                "body_weight", "body_height", "body_temp", "bp_systolic", "bp_diastolic", "pulse", "respiratory_rate"
            )
        }
    ),
    "Encounter": one(
        managingOrganization=ISSUER,
        identifier=told(
            NUMBERS, 'ระบบ https://bps.moph.go.th/vn type "VN" (หรือ AN)', 'system https://bps.moph.go.th/vn, type "VN"'
        ),
        status=TEXT, **{"class": CODE}, subclass=CODE, division=CODE, type=CODED, priority=CODE,
        period=told(ref("Period"), "period.start จำเป็น", "period.start is needed"), subject=one(reference=TEXT),
        screen_allergy=CODE, screen_smoking=CODE, screen_drinking=CODE,
        participant=some(one(individual=one(type=CODED, reference=TEXT, display=TEXT))), reason=some(one(text=TEXT)),
        financeTotalAmount=NUMBER, financeReimbursementAmount=NUMBER, financePaidAmount=NUMBER,
        Coverage=some({"type": "object"}), vital_signs=ref("VitalSigns"), Observation=some(ref("Observation")),
        Condition=some(ref("Condition")), Medication=some(ref("Medication")), Claim=some({"type": "object"}),
        Appointment=some(one(status=TEXT, start=INSTANT, end=INSTANT, created=DAY, description=TEXT)),
        Immunization=some({"type": "object"}), DiagnosticReport=some({"type": "object"}),
    ),
    "Observation": one(
        status=TEXT, issued=INSTANT, category=CODED, code=CODED, valueQuantity=ref("Quantity"), valueString=TEXT,
        interpretation={}, referenceRange=some({"type": "object"}),
    ),
    "Condition": one(
        code=told(CODED, "ICD-10", "ICD-10"), clinicalStatus=CODED, verificationStatus=CODED, category=some(CODED),
        severity=CODED, recordedDate=INSTANT, asserter=one(reference=TEXT, display=TEXT),
    ),
    "Medication": one(
        code=told(CODED, "TMT หรือรหัส 24 หลัก", "TMT, or the 24-digit code"), form=CODED,
        finance=one(qty=NUMBER, unitPrice=NUMBER, totalPrice=NUMBER),
        statement=one(status=TEXT, category=CODED, effectiveDateTime=INSTANT, note=some(one(text=TEXT)),
                      dosage=some(one(sequence=COUNT, text=TEXT, patientInstruction=TEXT))),
    ),
}  # fmt: skip

ITEMS: Final[dict[str, Schema]] = {
    "AllergyIntolerance": one(
        managingOrganization=ISSUER, identifier=NUMBERS, clinicalStatus=CODED, verificationStatus=CODED, type=TEXT,
        category=told(some(TEXT), "medication, food …", "medication, food …"), criticality=TEXT, code=CODED,
        seriousness=CODED, allergyGroup=CODED, allergyInformationSource=CODED, allergyResult=CODED,
        naranjoResult=CODED, preventable=TRUTH, preventableScore={}, recordedDate=INSTANT,
        recordOfficer=one(reference=TEXT, identifier=TEXT, display=TEXT),
        reaction=some(one(manifestation=some(CODED))),
    ),
    "ChronicDiseaseRegister": one(
        managingOrganization=ISSUER, code=told(CODED, "001 = เบาหวาน", "001 = diabetes"), clinicalStatus=CODED,
        chronic_ref_code=REF, clinicalText=TEXT, registerDate=DAY, dischargeDate=DAY, recordedDate=INSTANT,
        description=some(TEXT), condition=some(one(system=TEXT, code=TEXT, display=TEXT, text=TEXT)),
    ),
    "Immunization": one(
        managingOrganization=ISSUER, status=TEXT, vaccineCode=CODED, encounterRefCode=REF, occurrenceDateTime=INSTANT,
        primarySource=TRUTH, location={}, manufacturer={}, lotNumber=TEXT, expirationDate=DAY, site={}, route={},
        doseQuantity=ref("Quantity"), note=some({}), reasonCode=some({}), performer=one(license_no=TEXT, name=TEXT),
    ),
    "ReferralRequest": one(
        managingOrganization=ISSUER, recipientOrganization=ISSUER, encounterRefCode=REF, referralRefCode=REF,
        status=TEXT, intent=TEXT, type=CODED, priority=TEXT, serviceRequested=CODED, context={},
        occurrenceDateTime=INSTANT, occurrencePeriod=ref("Period"), authoredOn=INSTANT, requester=one(agent={}),
        specialty=CODED, description=TEXT, note={},
        **{f"supporting_info_{name}": ANYTHING for name in _SUPPORTING},
    ),
    "SelfObservation": one(
        system_name=TEXT, location_gis=one(latitude=TEXT, longitude=TEXT), observation_ref_code=TEXT,
        person=one(cid=TEXT, prefix=TEXT, first_name=TEXT, last_name=TEXT, birth_date=DAY, gender=TEXT),
        observation=one(
            reference_id=TEXT, loinc_code=TEXT, loinc_display=TEXT, effective_datetime=INSTANT, device_display=TEXT,
            performer_display=TEXT, observation_value=TEXT, observation_unit=TEXT,
        ),
    ),
    "CareGiver": one(
        identifier=NUMBERS, active=TRUTH, intent=TEXT, name=ref("HumanName"), care_giver_name={}, telecom_phone=TEXT,
        qualification=CODED,
    ),
    "MedicationRequest": one(
        identifier=NUMBERS, status=TEXT, intent=TEXT, medication=CODED, encounter_ref_code=REF, authoredOn=INSTANT,
        requester=told({"type": "object"}, "providerToken ของ Provider ID", "with a providerToken of Provider ID"),
        note={}, dosageInstruction=some({"type": "object"}), dispenseRequest={"type": "object"},
    ),
    "DrugRelatedProblem": one(
        drp_ref_code=REF, active=TRUTH, intent=TEXT, medication=CODED, category=CODED, description=TEXT,
        recordedDate=INSTANT,
    ),
    "EncounterSummary": one(
        period_start=DAY, opd_encounter_count=COUNT, ipd_encounter_count=COUNT, ipd_discharge_count=COUNT
    ),
}  # fmt: skip
