"""The hospital's staff. Licence numbers begin with 99, beyond those of any council's register."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from morprom.synth import names
from morprom.synth.chance import between, pick
from morprom.synth.households import invented_cid
from morprom.synth.model import Sink

_KINDS = (
    ("01", "01", "ว", 14),  # physicians
    ("02", "04", "ท", 3),  # dentists
    ("03", "02", "พ", 14),  # nurses
    ("04", "05", "ก", 3),  # physiotherapists
    ("05", "06", "พท", 2),  # Thai traditional medicine
)
"""(provider type, council, licence prefix, how many at least)."""

_BY_CLINIC = {"01100": "02", "01300": "04", "01400": "05", "01500": "03", "00500": "03", "00300": "03"}


@dataclass(frozen=True, slots=True)
class Staff:
    """Providers by type; ask for one who works in a clinic."""

    by_type: dict[str, list[str]]

    def of(self, rng: Random, clinic: str) -> str:
        """The provider of a visit to that clinic."""
        return pick(rng, self.by_type[_BY_CLINIC.get(clinic, "01")])


def hire(seed: int, hcode: str, people: int, today: date, sink: Sink) -> Staff:
    """Write the PROVIDER file: the least staff, and one physician and nurse more for every 700 people."""
    rng = Random(f"staff {seed} {hcode}")
    by_type: dict[str, list[str]] = {}
    number = 0
    for kind, council, letter, least in _KINDS:
        count = least + (min(160, people // 700) if kind in ("01", "03") else 0)
        for _ in range(count):
            number += 1
            by_type.setdefault(kind, []).append(f"{number:05d}")
            sink("PROVIDER", _row(rng, hcode, number, kind, council, letter, today))
    return Staff(by_type)


def _row(rng: Random, hcode: str, number: int, kind: str, council: str, letter: str, today: date) -> dict[str, str]:
    sex = "2" if kind == "03" and number % 8 else pick(rng, "12")
    born = today.replace(day=1) - timedelta(days=between(rng, 25 * 365, 58 * 365))
    return {
        "HOSPCODE": hcode, "PROVIDER": f"{number:05d}", "REGISTERNO": f"{letter}99{between(rng, 0, 9)}{number:03d}",
        "COUNCIL": council,
        "CID": invented_cid(500 + number % 400), "PRENAME": "003" if sex == "1" else "004",
        "NAME": names.given_name(rng, sex, born.year),
        "LNAME": names.surname(rng), "SEX": sex, "BIRTH": f"{born:%Y%m%d}", "PROVIDERTYPE": kind,
        "STARTDATE": f"{today.year - between(rng, 1, 12)}0501", "D_UPDATE": f"{today.year - 1}0501090000",
    }  # fmt: skip
