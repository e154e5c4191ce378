"""The dirt of real exports, on request: faults of rows, of persons' numbers, and of whole files.

Which faults, and where they were seen, is in docs/synthetic-people.md.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from morprom.synth.chance import between, happens, pick
from morprom.synth.columns import FILES
from morprom.synth.export import Layout, current_layouts
from morprom.synth.model import Person, Row, Sink

_DATES = (
    "BIRTH",
    "DATE_SERV",
    "DATETIME_ADMIT",
    "DATETIME_DISCH",
    "D_UPDATE",
    "APDATE",
    "DATE_DIAG",
    "DATERECORD",
    "STARTDATE",
)
_SPARE_DATES = (
    "BIRTH",
    "EXPIREDATE",
    "APDATE",
    "DATE_DIAG",
    "DATERECORD",
    "MOVEIN",
    "DATESTART",
    "STARTDATE",
    "D_UPDATE",
)
_TEXTS = (
    "CHIEFCOMP",
    "DNAME",
    "INSTRUCTION",
    "PAT_INSTRUCTION",
    "SYMPTOM_TEXT",
    "ADDRESS_LINE1",
    "HOUSENO",
    "NAME",
    "LNAME",
)
_SPARE = (
    "CHIEFCOMP", "SBP", "DBP", "BTEMP", "PR", "PROVIDER", "UNIT_PACKING", "INSTYPE", "LNAME", "BIRTH", "SEX",
    "TIME_SERV", "CLINIC", "DIDSTD",
    "DIAGTYPE", "CID", "LABRESULT", "VACCINENAME", "APDATE", "MAIN", "DRUGPRICE",
)  # fmt: skip
_Fault = Callable[[Random, Row], Row]


def _changed(row: Row, **columns: str) -> Row:
    return {**row, **columns}


def _present(rng: Random, row: Row, names: tuple[str, ...]) -> str:
    found = [name for name in names if row.get(name)]
    return pick(rng, found) if found else ""


def buddhist_year(rng: Random, row: Row) -> Row:
    """A date of the Buddhist Era: 2569 for 2026."""
    name = _present(rng, row, _DATES)
    return _changed(row, **{name: f"{int(row[name][:4]) + 543}{row[name][4:]}"}) if name else row


def zero_date(rng: Random, row: Row) -> Row:
    """A date of zeros, which means none."""
    name = _present(rng, row, _SPARE_DATES)
    return _changed(row, **{name: pick(rng, ("00000000", "0000-00-00", "00000000000000"))}) if name else row


def trailing_blanks(rng: Random, row: Row) -> Row:
    """Cells padded as CHAR columns are, keys among them."""
    names = rng.sample(sorted(row), min(3, len(row)))
    return _changed(row, **{name: row[name] + " " * between(rng, 1, 12) for name in names})


def missing_value(rng: Random, row: Row) -> Row:
    """A value left out, or written as "-", "null" or "NULL"."""
    name = _present(rng, row, _SPARE)
    return _changed(row, **{name: pick(rng, ("", "", "-", "null", "NULL"))}) if name else row


def dash_prefix(_rng: Random, row: Row) -> Row:
    """A prefix of "-", where the code list of the software had none."""
    return _changed(row, PRENAME="-") if "PRENAME" in row else row


def swapped_pressure(_rng: Random, row: Row) -> Row:
    """Systolic and diastolic pressure in each other's place."""
    return _changed(row, SBP=row["DBP"], DBP=row["SBP"]) if row.get("SBP") and "DBP" in row else row


def stray_mark(rng: Random, row: Row) -> Row:
    """A `|`, a tab or a line break inside a text: the format has no quoting, so columns shift or the row breaks."""
    name = _present(rng, row, _TEXTS)
    if not name:
        return row
    text = row[name]
    at = between(rng, 0, len(text))
    return _changed(row, **{name: text[:at] + pick(rng, ("|", "|", "\t", "\r\n", "\n")) + text[at:]})


def impossible_number(rng: Random, row: Row) -> Row:
    """A measure nobody has, or one with a comma or letters."""
    name = _present(rng, row, ("SBP", "BTEMP", "LABRESULT", "WEIGHT", "PRICE", "AMOUNT", "BWEIGHT"))
    return _changed(row, **{name: pick(rng, ("0", "999", "-1", "1,234.00", "N/A", ">1000"))}) if name else row


def dotted_code(_rng: Random, row: Row) -> Row:
    """A diagnosis with the dot that the standard leaves out, or in lower case."""
    code = row.get("DIAGCODE", "")
    return _changed(row, DIAGCODE=f"{code[:3]}.{code[3:]}" if len(code) > 3 else code.lower()) if code else row


def zero_drug_code(_rng: Random, row: Row) -> Row:
    """A medicine whose 24-digit code is zeros."""
    return _changed(row, DIDSTD="0" * 24) if row.get("DIDSTD") else row


ROW_FAULTS: tuple[_Fault, ...] = (
    buddhist_year, zero_date, trailing_blanks, trailing_blanks, missing_value, missing_value, dash_prefix,
    swapped_pressure, stray_mark,
    impossible_number, dotted_code, zero_drug_code,
)  # fmt: skip


class Dirt:
    """A sink in front of a sink: a share of its rows gets one fault, is doubled, or has an orphan beside it."""

    def __init__(self, share: float, seed: int, hcode: str, sink: Sink) -> None:
        self._share, self._hcode, self._sink = share, hcode, sink
        self._rng = Random(f"dirt {seed} {hcode} {share}")
        self.count = 0

    def add(self, name: str, row: Row) -> None:
        """Pass the row on, perhaps spoilt."""
        rng = self._rng
        if rng.random() >= self._share:
            self._sink(name, row)
            return
        self.count += 1
        if happens(rng, 0.08):
            self._sink(name, row)
            self._sink(name, row)
        elif happens(rng, 0.06) and "SEQ" in row and name not in ("SERVICE", "ADMISSION"):
            self._sink(name, row)
            self._sink(
                name, _changed(row, SEQ=f"9{between(rng, 0, 99_999_999):08d}", AN=row.get("AN", "") and "990000000")
            )
        else:
            columns = {column: row[column] for column in FILES[name].all if column in row}
            self._sink(name, _fault(rng, columns))

    def misnumber(self, person: Person) -> None:
        """Give the person, sometimes, a number that the hospital made up, mistyped or never asked for."""
        rng = self._rng
        if rng.random() >= self._share:
            return
        self.count += 1
        cid = person.cid
        person.cid = pick(rng, (
            f"00000{between(rng, 0, 99_999_999):08d}", f"{self._hcode[:5]}{between(rng, 0, 99_999_999):08d}",
            f"{cid[:12]}{(int(cid[12]) + between(rng, 1, 9)) % 10}", cid[:12], "",
            f"{cid[0]}-{cid[1:5]}-{cid[5:10]}-{cid[10:12]}-{cid[12]}",
        ))  # fmt: skip


def _fault(rng: Random, row: Row) -> Row:
    """One fault that this row can have."""
    for fault in rng.sample(ROW_FAULTS, len(ROW_FAULTS)):
        spoilt = fault(rng, row)
        if spoilt != row:
            return spoilt
    return row


def spoilt_layouts(seed: int, hcode: str) -> dict[str, Layout]:
    """Files of a patchwork of exporters: some in cp874, some old, some without header, some with bare LF."""
    layouts = current_layouts()
    rng = Random(f"layouts {seed} {hcode}")
    names = rng.sample(sorted(FILES), len(FILES))
    for name in names[0:5]:
        layouts[name] = replace(layouts[name], encoding="cp874")
    for name in names[3:7]:
        layouts[name] = replace(layouts[name], columns=FILES[name].classic)
    for name in names[6:9]:
        layouts[name] = replace(layouts[name], has_header=False)
    for name in names[8:12]:
        layouts[name] = replace(layouts[name], line_end="\n")
    for name in names[12:14]:
        layouts[name] = replace(layouts[name], has_mark=True)
    for name in names[14:16]:
        columns = FILES[name].all
        layouts[name] = replace(layouts[name], columns=columns[:2] + tuple(rng.sample(columns[2:], len(columns) - 2)))
    return layouts
