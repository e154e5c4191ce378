"""Laboratory tests of the 43-file standard: old and new codes, LOINC, unit and the reader's lab column.

Columns are those of an Encounter row (wire protocol, section 6). Codes whose LOINC no public source confirmed
are marked; several LOINC codes may feed one column.
"""

from typing import NamedTuple


class Lab(NamedTuple):
    """One test. `old` is the two-digit LABFU code, `new` the seven-digit one, "" where none is known."""

    old: str
    new: str
    loinc: tuple[str, ...]
    column: str
    name: str
    unit: str


LABS = (
    Lab("01", "0531004", ("1558-6",), "fbs", "FBS (fasting, vein)", "mg/dL"),
    Lab("02", "0531002", ("2345-7", "15074-8"), "", "Glucose, serum (random)", "mg/dL"),
    Lab("03", "", ("41653-7", "2340-8"), "dtx", "DTX (fasting, capillary)", "mg/dL"),  # unverified
    Lab("04", "0531102", ("41653-7", "2340-8"), "dtx", "DTX (capillary)", "mg/dL"),  # unverified
    Lab("05", "0531601", ("4548-4",), "hba1c", "HbA1c", "%"),  # unverified
    Lab("06", "0546602", ("2571-8",), "tg", "Triglyceride", "mg/dL"),
    Lab("07", "0541602", ("2093-3",), "cholesterol", "Total cholesterol", "mg/dL"),
    Lab("08", "0541202", ("2085-9",), "hdl", "HDL-C", "mg/dL"),
    Lab("09", "0541402", ("13457-7", "18262-6"), "ldl", "LDL-C", "mg/dL"),  # 18262-6 unverified
    Lab("10", "", ("3094-0",), "bun", "BUN", "mg/dL"),  # unverified
    Lab("11", "0581902", ("2160-0",), "creatinine", "Creatinine", "mg/dL"),
    Lab("12", "0440204", ("14957-5",), "urine_albumin", "Microalbumin, urine", "mg/L"),  # unverified
    Lab("13", "0581903", ("2161-8",), "urine_creatinine", "Creatinine, urine", "mg/dL"),  # unverified
    Lab("14", "", (), "", "Macroalbumin, urine", "mg/dL"),
    Lab("15", "0581904", ("62238-1", "98979-8"), "egfr", "eGFR (CKD-EPI)", "mL/min/1.73m2"),  # unverified
    Lab("16", "", ("718-7",), "", "Hemoglobin", "g/dL"),  # unverified
    Lab("17", "0440205", (), "", "Protein/creatinine ratio, urine", "mg/g"),
    Lab("18", "", ("2823-3",), "potassium", "Potassium", "mmol/L"),
    Lab("19", "", ("2028-9",), "tco2", "Bicarbonate (TCO2)", "mmol/L"),  # unverified
    Lab("20", "", (), "", "Phosphate", "mg/dL"),
    Lab("21", "", (), "", "PTH", "pg/mL"),
    Lab("", "0440206", ("9318-7",), "", "Albumin/creatinine ratio, urine", "mg/g"),  # unverified
    Lab("", "0531003", (), "glucurine", "Glucose, urine", ""),
    Lab("", "", ("1920-8",), "ast", "AST", "U/L"),
    Lab("", "", ("1742-6",), "alt", "ALT", "U/L"),
    Lab("", "", ("2951-2",), "sodium", "Sodium", "mmol/L"),
    Lab("", "", ("2075-0",), "chloride", "Chloride", "mmol/L"),
)

BY_43_FILE_CODE = {code: lab for lab in LABS for code in (lab.old, lab.new) if code}
BY_LOINC = {loinc: lab for lab in reversed(LABS) for loinc in lab.loinc}
