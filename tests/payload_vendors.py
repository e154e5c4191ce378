# ruff: noqa: E501 (a document is easier to read in few long lines)
"""Four systems that are not ours, each with the habits of payload-variants: what differs is said at each.

Key order, spacing of texts, spare keys and what is left out differ on purpose: a dictionary trained on one shape
must not flatter itself with the others.
"""

from typing import Any

from payload_facts import Person, Visit

Json = dict[str, Any]

ICD = "http://hl7.org/fhir/sid/icd-10"
HCODE = "https://bps.moph.go.th/hcode/5"


def hosxp(person: Person, visit: Visit, hcode: str, ref: str) -> Json:
    """HOSxP's sender: false Z times, type "VN", priority and marital status as its own numbers, zero end dates."""
    start, end = _false_utc(visit.start), _false_utc(visit.end)
    return {
        "managingOrganization": {"type": "Organization", "identifier": {"use": "official", "system": HCODE, "value": hcode}, "display": f"โรงพยาบาล {hcode}", "agent": "HOSxP-PHR 4.65.9.9"},
        "Patient": {
            "identifier": [
                {"use": "official", "system": "https://www.dopa.go.th", "type": "CID", "value": person.cid, "period": {"start": "1990"}},
                {"use": "usual", "system": "https://sil-th.org/hn", "type": "HN", "value": person.hn, "assigner": {"use": "official", "system": HCODE, "value": hcode, "display": ""}},
            ],
            "active": True,
            "name": [
                {"use": "official", "languageCode": "TH", "text": f"{_prefix(person)}{person.given} {person.family}", "family": f"{person.given} {person.family}", "given": [person.given], "prefix": [_prefix(person)], "suffix": [person.family]},
                {"use": "official", "languageCode": "EN", "text": "undefined.", "family": "", "given": [""], "prefix": ["-"], "suffix": [""]},
            ],
            "telecom": [{"system": "phone", "value": person.phone, "use": "mobile", "rank": "1"}, {"system": "phone", "value": "", "use": "home", "rank": "2"}],
            "gender": "male" if person.is_male else "female",
            "birthDate": f"{person.born_on}T00:00:00.000Z",
            "deceasedBoolean": False,
            "nationality": _concept("https://phr1.moph.go.th/api/CodingSystem?System=nationality", "99", "ไทย"),
            "maritalStatus": _concept("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "2" if person.is_married else "1", "คู่" if person.is_married else "โสด"),
            "address": [{"use": "home", "type": "both", "text": f"{person.house} ต.{person.tambon}", "line": [person.house], "city": "เมือง", "district": person.tambon, "state": "ขอนแก่น", "postalCode": "", "country": "TH", "address_code": 400104}],
            "contact": [{"relationship": [{"text": "ญาติ"}], "name": [{"text": f"{person.given} {person.family}"}], "telecom": []}],
        },
        "AllergyIntolerance": [],
        "CarePlan": [],
        "Encounter": [
            {
                "identifier": [{"use": "official", "system": "https://bps.moph.go.th/vn", "type": "VN", "value": ref}],
                "managingOrganization": {"type": "Organization", "identifier": {"use": "official", "system": HCODE, "value": hcode}, "display": ""},
                "status": "finished",
                "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB", "display": "ambulatory"},
                "subclass": {"system": "https://bps.moph.go.th/subclass", "code": "16", "display": "เวชปฏิบัติทั่วไป"},
                "division": {"system": "https://bps.moph.go.th/division", "code": "099", "display": "ห้องตรวจ 3"},
                "type": _concept("https://spd.moph.go.th/43file_version2.3", "0101", "มาตามนัด"),
                "priority": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActPriority", "code": "0", "display": "ปกติ"},
                "period": {"start": start, "end": end if visit.pulse % 3 else "0000-00-00T00:00:00.000Z"},
                "subject": {"reference": f"Patient/{person.hn}"},
                "screen_allergy": {"system": "https://bps.moph.go.th/screen_allergy", "code": "2", "display": "ไม่มีประวัติแพ้"},
                "screen_smoking": {"system": "https://bps.moph.go.th/screen_smoking", "code": "1", "display": "ไม่สูบ"},
                "screen_drinking": {"system": "https://bps.moph.go.th/screen_smoking", "code": "1", "display": "ไม่ดื่ม"},
                "participant": [{"individual": {"type": {"text": "แพทย์ผู้ตรวจ"}, "reference": f"{visit.licence}  ", "display": visit.doctor}}],
                "reason": [{"text": f"{visit.complaint}   "}],
                "financeTotalAmount": f"{visit.charged:.2f}",
                "financeReimbursementAmount": f"{visit.charged:.2f}",
                "financePaidAmount": "0",
                "Coverage": [
                    {
                        "identifier": [{"system": "https://nhso.go.th/authcode", "value": f"PP{visit.pulse * 91_337 + visit.systolic * 7_919:010d}"}],
                        "status": "active",
                        "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "PUBLICPOL", "display": "public healthcare"}]},
                        "relationship": {"coding": [{"code": "self"}]},
                        "period": {"start": "2023-10-01", "end": "0000-00-00"} if visit.pulse % 2 else {"start": "2023-10-01", "end": None},
                        "payor": [{"reference": "NHSO"}],
                        "class": [{"type": {"coding": {"code": "group"}}, "value": visit.right[0], "name": visit.right[1]}, {"type": {"coding": {"code": "subgroup"}}, "value": visit.right[2], "name": visit.right[3]}],
                        "reimbursementAmount": "0",
                        "contract": [{"reference": "MainHospital", "identifier": hcode, "display": f"โรงพยาบาล {hcode}"}],
                    }
                ],
                "vital_signs": {
                    "body_weight": _vital(visit.weight, "kg"), "body_height": _vital(visit.height, "cm"), "body_temp": _vital(visit.temperature, "cel"),
                    "bp_systolic": _vital(visit.systolic, "mmHg"), "bp_diastolic": _vital(visit.diastolic, "mmHg"), "pulse": _vital(visit.pulse, "/min"), "respiratory_rate": _vital(visit.breaths, "/min"),
                },
                "Observation": [
                    {"status": "final", "issued": _false_utc(result.issued), "effectiveDateTime": _false_utc(result.issued), "category": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory", "display": "Laboratory"}]}, "code": {"coding": [{"system": "http://loinc.org", "code": result.lab.loinc[0], "display": result.lab.name}], "text": result.lab.name.upper()}, "valueQuantity": {"value": result.value, "unit": result.lab.unit}, "profile_group": "CHEMISTRY", "referenceRange": {"low": result.low, "high": result.high, "text": f"{result.low:g} - {result.high:g}"}, "asserter": {"reference": "", "display": "นักเทคนิคการแพทย์"}}
                    for result in visit.results
                ],
                "Condition": [
                    {"clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/conditionclinical", "code": "active"}]}, "verificationStatus": {"coding": [{"code": "confirmed"}]}, "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "439401001", "display": "Diagnosis"}]}], "code": {"coding": [{"system": ICD, "code": code, "display": display}], "text": thai}, "bodySite": [{"text": ""}], "recordedDate": end, "asserter": {"reference": visit.licence, "display": visit.doctor}}
                    for code, display, thai in visit.diagnoses
                ]
                + [{"clinicalStatus": {"coding": [{"code": "Inactive"}]}, "verificationStatus": None, "category": [{"text": "Chief complaint"}], "severity": None, "code": {"coding": [{"code": "cc"}], "text": visit.complaint}}],
                "Medication": [
                    {"category": "medication", "code": {"coding": [{"system": "https://www.this.or.th/tmt/gp", "code": line.code, "display": line.name}], "text": line.name}, "form": {"text": line.unit}, "finance": {"qty": line.quantity, "unitPrice": line.price, "totalPrice": line.quantity * line.price, "null": None}, "statement": {"status": "active", "category": {"coding": [{"code": "outpatient"}]}, "effectiveDateTime": end, "note": [{"text": ""}], "dosage": [{"sequence": 1, "text": line.dose, "patientInstruction": visit.advice, "timing": {"repeat": {}}, "route": {"text": "PO"}, "doseAndRate": []}]}}
                    for line in visit.dispensed
                ],
                "Claim": [], "Appointment": [{"status": "booked", "start": _false_utc(visit.appointment), "end": None, "created": str(visit.start.date()), "serviceType": [{"text": "ตรวจโรคทั่วไป"}], "description": visit.advice, "note": [], "patientInstruction": [visit.advice], "participant": []}],
                "Immunization": [], "DiagnosticReport": [],
            }
        ],
    }  # fmt: skip


def flat(person: Person, visit: Visit, hcode: str, ref: str) -> Json:
    """A small PHP sender: flat vital signs, short coverage, `Observations`, hcode in front of the VN, no managing unit."""
    return {
        "Patient": {
            "name": {"languageCode": "TH", "prefix": [_prefix(person)], "given": [person.given], "family": person.family, "text": f"{person.given} {person.family}"},
            "identifier": [{"type": "CID", "system": "https://www.dopa.go.th", "value": person.cid}, {"type": "HN", "value": person.hn}],
            "gender": "1" if person.is_male else "2",
            "birthDate": f"{person.born_on.year + 543}-{person.born_on:%m-%d}",
            "nationality": {"coding": [{"code": "099"}]},
            "address": {"line": person.house, "district": person.tambon, "city": "เมือง", "state": "ขอนแก่น", "address_code": "400105"},
            "telecom": [{"system": "phone", "value": person.phone}],
        },
        "managingOrganization": {"identifier": {"system": "http://bps.moph.go.th/new_bps/", "value": hcode}, "display": "รพ.", "agent": "php-phr", "scope": ""},
        "Encounter": [
            {
                "identifier": [{"system": HCODE, "value": f"{hcode}:{ref}"}],
                "class": {"code": "AMB"},
                "type": [{"coding": [{"code": "1", "display": "ผู้ป่วยนอก"}]}],
                "period": {"start": f"{visit.start:%Y-%m-%d %H:%M:%S}", "end": "null"},
                "status": "finished",
                "reason": [f"{visit.complaint} / {visit.history}"],
                "division": {"code": "01", "display": "OPD   "},
                "financeTotalAmount": str(visit.charged),
                "Coverage": [{"class_group": {"value": visit.right[0], "name": visit.right[1]}, "class_subgroup": {"value": visit.right[2], "name": visit.right[3]}}],
                "vital_signs": {
                    "body_weight_kg": f"{visit.weight}", "body_height_cm": visit.height, "body_temp_cel": visit.temperature, "bp_systolic_mmhg": visit.systolic,
                    "bp_diastolic_mmhg": visit.diastolic, "body_mass_index": round(visit.weight / (visit.height / 100) ** 2, 6), "respiratory_rate": visit.breaths, "pulse": visit.pulse,
                },
                "Observations": [
                    {"effectiveDateTime": f"{result.issued:%Y-%m-%d %H:%M:%S}", "status": "final", "category": {"coding": {"code": "laboratory"}}, "code": {"coding": [], "text": result.lab.name}, "valueQuantity": {"value": str(result.value), "unit": result.lab.unit}, "lab_items_normal_value": f"{result.low:g}-{result.high:g} {result.lab.unit}", "lab_order_number": visit.pulse * 10_007 + number, "reporter_name": visit.doctor, "approve": "Y"}
                    for number, result in enumerate(visit.results)
                ],
                "Condition": [
                    {"code": {"coding": [{"system": ICD, "code": f"{code[:3]}.{code[3:]}".rstrip("."), "display": display}], "text": thai}, "category": [{"coding": [{"code": "439401001"}]}], "diagtype": str(number), "doctor": visit.doctor, "recordedDate": f"{visit.end:%Y-%m-%d %H:%M:%S}"}
                    for number, (code, display, thai) in enumerate(visit.diagnoses, 1)
                ]
                + [{"code": {"coding": [{"code": "diagtext"}], "text": " ".join(thai for _, _, thai in visit.diagnoses)}, "category": []}, {"code": {"coding": [{"code": "hpi"}], "text": f"{visit.history} {visit.advice} ตรวจร่างกาย: {visit.systolic}/{visit.diastolic} mmHg ชีพจร {visit.pulse} ครั้ง/นาที หายใจ {visit.breaths} ครั้ง/นาที"}, "category": []}],
                "Medication": [
                    {"category": "medication", "status": "active", "code": {"coding": [{"system": "https://www.this.or.th/tmt/gp", "code": "00000", "display": line.name}], "text": line.name}, "qty": line.quantity, "finance": {"qty": str(line.quantity), "unitPrice": str(line.price), "totalPrice": f"{line.quantity * line.price:.2f}"}, "drugusage": line.dose, "usage_line1": line.dose[:40], "usage_line2": visit.advice, "icode": f"1{line.code}", "doctor": visit.doctor}
                    for line in visit.dispensed
                ],
                "appointments": [{"start": f"{visit.appointment:%Y-%m-%d %H:%M:%S}", "note": [visit.advice], "clinic": "คลินิกโรคเรื้อรัง"}],
                "opdscreen": {"cc": visit.complaint, "hpi": visit.history, "pe": "GA: good consciousness, HEENT: not pale, no jaundice, Heart: normal S1 S2, Lungs: clear", "waist": round(visit.weight * 1.2), "depcode": "010", "staff": visit.doctor},
            }
        ],
    }  # fmt: skip


def jhcis(person: Person, visit: Visit, hcode: str, ref: str) -> Json:
    """A health-promoting hospital: lists where objects belong, strings where lists do, vital signs in a list, "null"."""

    def code(system: str, value: str, display: str) -> list[Json]:
        return [{"system": system, "code": value, "display": display, "userSelected": "false", "version": "null"}]

    day, clock = f"{visit.start:%Y-%m-%d}", f"{visit.start:%H:%M:%S}"
    return {
        "managingOrganization": {"type": "รพ.สต.", "identifier": {"use": "official", "system": HCODE, "value": hcode}, "display": f"รพ.สต. {person.tambon}", "agent": "JHCIS 3.2"},
        "Patient": {
            "identifier": [{"use": "official", "system": "https://www.dopa.go.th", "type": "CID", "value": person.cid}, {"use": "official", "system": "", "type": "HN", "value": person.hn.lstrip("0") or "0"}],
            "active": "true",
            "name": [{"use": "official", "languageCode": "TH", "text": f"{_prefix(person)}  {person.given}  {person.family}", "prefix": [_prefix(person)], "given": [person.given], "family": person.family, "suffix": ""}],
            "telecom": "", "gender": "M" if person.is_male else "F", "birthDate": str(person.born_on), "deceasedBoolean": "false",
            "nationality": {"coding": code("http://thcc.or.th/download/person/nation.xls", "TH", "ไทย"), "text": "ไทย"},
            "maritalStatus": "null",
            "address": [{"use": "home", "type": "both", "text": "", "line": f"บ้านเลขที่ {person.house} ต.{person.tambon} อ.เมือง จ.ขอนแก่น", "postalCode": 40000, "country": "TH", "period": {"start": "0000-00-00"}, "address_code": "400106"}],
            "contact": [],
        },
        "AllergyIntolerance": "",
        "Encounter": [
            {
                "managingOrganization": {"identifier": {"value": hcode}}, "identifier": [{"use": "official", "system": "https://bps.moph.go.th/vn", "value": ref}, {"use": "official", "system": "https://sil-th.org/hn", "value": person.hn}],
                "status": "finished", "class": {"system": "https://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB", "display": "ambulatory"},
                "type": [{"coding": code("https://phr1.moph.go.th/api/CodingSystem?System=encounter_type", "1", "ในเวลาราชการ"), "text": "ในเวลาราชการ"}],
                "priority": {"code": "R", "display": "routine"}, "subject": f"Patient/{person.cid}", "period": {"start": f"{day}T{clock}+07:00", "end": ""},
                "participant": [], "reason": [visit.complaint], "screen_smoking": "1", "screen_drinking": "1",
                "Coverage": [{"status": "active", "class": [{"type": {"coding": code("", "group", "")}, "value": visit.right[0], "name": visit.right[1]}], "period": {"start": "null", "end": "null"}, "payor": []}],
                "vital_signs": [
                    {
                        key: {"status": "final", "valueQuantity": {"value": str(value), "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}, "interpretation": {"text": "ปกติ", "coding": []}, "effectiveDateTime": f"{day}T{clock}"}
                        for key, value, unit in (("body_weight", visit.weight, "kg"), ("body_height", visit.height, "cm"), ("body_temp", visit.temperature, "cel"), ("bp_systolic", visit.systolic, "mmHg"), ("bp_diastolic", visit.diastolic, "mmHg"), ("pulse", visit.pulse, "bpm"))
                    }
                ],
                "Observation": [
                    {"status": "final", "issued": f"{result.issued:%Y-%m-%dT%H:%M:%S}", "category": [{"coding": code("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "Laboratory")}], "code": {"coding": code("http://loinc.org", result.lab.loinc[0], result.lab.name), "text": result.lab.name}, "valueString": str(result.value), "valueQuantity": {"value": str(result.value), "unit": result.lab.unit, "code": result.lab.old or "null"}, "referenceRange": [{"low": {"value": result.low}, "high": {"value": result.high}, "text": "null"}], "note": "null", "asserter": [{"reference": "null", "display": visit.doctor}]}
                    for result in visit.results
                ],
                "Condition": [
                    {"code": {"coding": code(ICD, icd, display), "text": thai}, "clinicalStatus": code("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active"), "verificationStatus": "confirmed", "category": "Diagnosis", "severity": "", "recordedDate": day, "bodySite": "", "note": visit.advice}
                    for icd, display, thai in visit.diagnoses
                ],
                "Medication": [
                    {"code": {"coding": code("https://www.this.or.th/tmt/tpu", f"1{line.code.zfill(23)}", line.name), "text": f"{line.name}  "}, "form": line.unit, "statement": [{"status": "active", "dosage": [{"sequence": str(number), "text": line.dose, "patientInstruction": visit.advice}], "note": [{"text": line.dose}]}], "finance": {"qty": str(line.quantity), "unitPrice": f"{line.price:.4f}", "totalPrice": f"{line.quantity * line.price:.4f}"}}
                    for number, line in enumerate(visit.dispensed, 1)
                ],
                "Appointment": [], "Immunization": [], "DiagnosticReport": [], "Claim": [],
            }
        ],
    }  # fmt: skip


def fhirish(person: Person, visit: Visit, hcode: str, ref: str) -> Json:
    """A FHIR house: identifier arrays, newer system addresses, coded types, offsets, `meta` and `id` everywhere."""
    unit = {
        "resourceType": "Organization",
        "identifier": [{"use": "official", "system": "https://terms.sil-th.org/id/th-moph-hcode", "value": hcode}],
        "name": f"Hospital {hcode}",
        "active": True,
    }

    def when(moment: Any) -> str:
        return f"{moment:%Y-%m-%dT%H:%M:%S}+07:00"

    return {
        "resourceType": "Bundle",
        "meta": {"profile": ["https://fhir-ig.sil-th.org/th/extensions/StructureDefinition/bundle-phr"], "lastUpdated": when(visit.end)},
        "managingOrganization": unit,
        "Patient": {
            "resourceType": "Patient",
            "identifier": [
                {"use": "official", "type": {"coding": [{"system": "https://terms.sil-th.org/CodeSystem/cs-th-identifier-type", "code": "cid", "display": "เลขประจำตัวประชาชน"}]}, "system": "https://terms.sil-th.org/id/th-cid", "value": person.cid},
                {"use": "usual", "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}, "system": f"https://terms.sil-th.org/hcode/5/{hcode}/HN", "value": person.hn, "assigner": {"identifier": unit["identifier"][0]}},
            ],
            "active": True,
            "name": [{"use": "official", "languageCode": "TH", "text": f"{_prefix(person)}{person.given} {person.family}", "family": person.family, "given": [person.given], "prefix": [_prefix(person)]}],
            "telecom": [{"system": "phone", "value": f"+66{person.phone[1:]}", "use": "mobile", "rank": 1}],
            "gender": "male" if person.is_male else "female", "birthDate": str(person.born_on), "deceasedBoolean": False,
            "nationality": _concept("https://terms.sil-th.org/CodeSystem/cs-th-nationality", "099", "ไทย"),
            "maritalStatus": _concept("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "M" if person.is_married else "S", "Married" if person.is_married else "Never Married"),
            "address": [{"use": "home", "type": "physical", "text": f"{person.house} {person.tambon} ขอนแก่น", "line": [person.house], "district": person.tambon, "city": "เมืองขอนแก่น", "state": "ขอนแก่น", "postalCode": "40000", "country": "TH", "extension": [{"url": "https://fhir-ig.sil-th.org/th/extensions/StructureDefinition/ex-th-address-code", "valueString": "400107"}]}],
        },
        "Encounter": [
            {
                "resourceType": "Encounter", "id": f"enc-{visit.pulse}{visit.systolic}{visit.diastolic}-{ref}", "managingOrganization": unit,
                "identifier": [{"use": "official", "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "VN", "display": "Visit number"}]}, "system": f"https://terms.sil-th.org/hcode/5/{hcode}/VN", "value": ref}],
                "status": "finished", "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB", "display": "ambulatory"},
                "type": [_concept("https://terms.sil-th.org/CodeSystem/cs-43plus-encounter-type-in", "1", "มารับบริการเอง")],
                "priority": _concept("http://terminology.hl7.org/CodeSystem/v3-ActPriority", "R", "routine"),
                "period": {"start": when(visit.start), "end": when(visit.end)}, "subject": {"reference": f"Patient/{person.hn}", "type": "Patient"},
                "participant": [{"type": [{"coding": [{"code": "ATND"}]}], "individual": {"reference": f"Practitioner/{visit.licence}", "display": visit.doctor}}], "reason": [{"text": visit.complaint}],
                "financeTotalAmount": visit.charged,
                "Coverage": [{"resourceType": "Coverage", "status": "active", "type": _concept("https://terms.sil-th.org/CodeSystem/cs-th-coverage", visit.right[0], visit.right[1]), "class": [{"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/coverage-class", "code": "group"}]}, "value": visit.right[0], "name": visit.right[1]}], "period": {"start": "2024-01-01"}, "payor": [{"display": visit.right[1]}]}],
                "vital_signs": {"0": {"body_weight": _vital(visit.weight, "kg")}, "body_weight": _vital(visit.weight, "kg"), "body_height": _vital(visit.height, "cm"), "body_temp": _vital(visit.temperature, "cel"), "bp_systolic": _vital(visit.systolic, "mm[Hg]"), "bp_diastolic": _vital(visit.diastolic, "mm[Hg]"), "pulse": _vital(visit.pulse, "/min")},
                "Observation": [
                    {"resourceType": "Observation", "id": f"obs-{ref}-{number}", "status": "final", "category": [_concept("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "Laboratory")], "code": {"coding": [{"system": "http://loinc.org", "code": result.lab.loinc[0], "display": result.lab.name}, {"system": "https://www.this.or.th/tmlt", "code": result.lab.new or "", "display": result.lab.name}], "text": result.lab.name}, "effectiveDateTime": when(visit.start), "issued": when(result.issued), "valueQuantity": {"value": result.value, "unit": result.lab.unit, "system": "http://unitsofmeasure.org", "code": result.lab.unit}, "interpretation": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "N"}]}], "referenceRange": [{"low": {"value": result.low, "unit": result.lab.unit}, "high": {"value": result.high, "unit": result.lab.unit}}]}
                    for number, result in enumerate(visit.results)
                ],
                "Condition": [
                    {"resourceType": "Condition", "id": f"con-{ref}-{number}", "clinicalStatus": _concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active"), "verificationStatus": _concept("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed", "Confirmed"), "category": [_concept("http://terminology.hl7.org/CodeSystem/condition-category", "encounter-diagnosis", "Encounter Diagnosis")], "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-tm", "code": icd, "display": display}], "text": thai}, "recordedDate": when(visit.end), "recorder": {"display": visit.doctor}}
                    for number, (icd, display, thai) in enumerate(visit.diagnoses)
                ],
                "Medication": [
                    {"resourceType": "Medication", "code": {"coding": [{"system": "https://www.this.or.th/tmt/gpu", "code": line.code, "display": line.name}], "text": line.name}, "form": {"coding": [{"code": line.unit}], "text": line.unit}, "statement": {"status": "completed", "category": _concept("http://terminology.hl7.org/CodeSystem/medication-statement-category", "outpatient", "Outpatient"), "effectiveDateTime": when(visit.end), "dosage": [{"sequence": 1, "text": line.dose, "patientInstruction": visit.advice, "route": {"coding": [{"system": "http://snomed.info/sct", "code": "26643006", "display": "Oral route"}]}, "doseAndRate": [{"doseQuantity": {"value": line.quantity / 10, "unit": line.unit}}]}]}, "finance": {"qty": line.quantity, "unitPrice": line.price, "totalPrice": line.quantity * line.price}}
                    for line in visit.dispensed
                ],
                "note": [{"text": f"{visit.complaint} {visit.history}"}],
            }
        ],
    }  # fmt: skip


def _prefix(person: Person) -> str:
    return "นาย" if person.is_male else "นาง" if person.is_married else "น.ส."


def _false_utc(moment: Any) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def _concept(system: str, code: str, display: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def _vital(value: float, unit: str) -> Json:
    return {"status": "final", "valueQuantity": {"value": value, "unit": unit}, "interpretation": {"text": ""}}


STYLES = {"hosxp": hosxp, "flat": flat, "jhcis": jhcis, "fhirish": fhirish}
