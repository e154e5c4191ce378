"""Laboratory columns of an Encounter row, by LOINC and by the code of the 43-file standard."""

from collections.abc import Iterable

from morprom.mophphr import normal
from morprom.mophphr.view_observations import ValueShape, value_of
from morprom.mophphr.view_record import Row
from morprom.mophphr.view_shapes import Concept, laboratory
from morprom.mophphr.view_values import unit
from morprom_wire.labs import BY_43_FILE_CODE, BY_LOINC

COLUMNS = (
    "fbs", "dtx", "hba1c", "tg", "tc", "hdl", "ldl", "glucurine", "bun", "creatinine", "ast", "alt", "cholesterol",
    "sodium", "chloride", "potassium", "tco2", "spo2", "o2sat", "egfr", "urine_albumin", "urine_creatinine",
)  # fmt: skip

_SATURATION = {"59408-5": "spo2", "2708-6": "o2sat"}  # LOINC: by pulse oximetry; of arterial blood
_OTHER_SYSTEMS = ("loinc", "snomed", "tmlt", "icd")


def lab_columns(observations: Iterable[ValueShape]) -> Row:
    """`lab_…` of each column: the last result of the visit, null for none. Only `lab_glucurine` may be words."""
    row: Row = {f"lab_{column}": None for column in COLUMNS}
    for item in observations:
        column = _column(laboratory(item.code))
        amount = value_of(item)
        if column == "glucurine" and amount is None:
            row["lab_glucurine"] = normal.text(item.value_string) or row["lab_glucurine"]
        elif column and amount is not None:
            row[f"lab_{column}"] = amount
    row["lab_tc"] = row["lab_cholesterol"]  # the two names of total cholesterol
    return row


def _column(found: Concept) -> str:
    for coding in found.codings:
        code = coding.code
        if code in _SATURATION:
            return _SATURATION[code]
        if code in BY_LOINC:
            return BY_LOINC[code].column
        if code in BY_43_FILE_CODE and _is_43_file(coding.system, code):
            return BY_43_FILE_CODE[code].column
    return ""


def _is_43_file(system: str, code: str) -> bool:
    """Seven digits are unmistakable; two may be a hospital's own number unless no other system claims them."""
    return len(code) == 7 or not any(name in system.lower() for name in _OTHER_SYSTEMS)


def observation_text(item: ValueShape) -> str:
    """`FBS 126 mg/dL`."""
    amount = value_of(item)
    result = normal.text(item.value_string) if amount is None else f"{amount} {unit(item.value_quantity)}"
    return f"{laboratory(item.code).text} {result}".strip()
