"""Medicines given: nobody receives what they are allergic to."""

import math
from collections.abc import Iterable
from random import Random

from morprom.synth.chance import between, pick
from morprom.synth.medicines import FORMULARY
from morprom.synth.model import Person, Prescription


def prescribe(person: Person, key: str, days: float, dose: int = 0) -> Prescription | None:
    """`days` of one medicine at its `dose`-th label; None when the person is allergic to its family."""
    medicine = FORMULARY[key]
    if medicine.family and medicine.family in person.allergies:
        return None
    instruction, daily = medicine.doses[dose % len(medicine.doses)]
    return Prescription(medicine, max(1, math.ceil(daily * days)), instruction)


def prescribe_all(person: Person, keys: Iterable[str], days: float, dose: int = 0) -> list[Prescription]:
    """The medicines of `keys` that the person tolerates, each once."""
    given = (prescribe(person, key, days, dose) for key in dict.fromkeys(keys))
    return [one for one in given if one]


_FOR_CHILDREN = {
    "paracetamol": "paracetamol_syrup", "chlorpheniramine": "cpm_syrup", "loratadine": "cpm_syrup",
    "amoxicillin": "amoxicillin_syrup",
    "coamoxiclav": "amoxicillin_syrup", "dicloxacillin": "amoxicillin_syrup", "bromhexine": "ambroxol_syrup",
    "domperidone": "domperidone_syrup", "dextromethorphan": "ambroxol_syrup", "ibuprofen": "paracetamol_syrup",
}  # fmt: skip
_SWALLOWED_WHOLE = ("เม็ด", "แคปซูล")


def _for_child(key: str) -> str | None:
    """What a child under eight gets instead of tablets: a syrup, or nothing."""
    instead = _FOR_CHILDREN.get(key, key)
    return None if FORMULARY[instead].packing in _SWALLOWED_WHOLE or instead == "brown_mixture" else instead


def prescribe_some(
    rng: Random, person: Person, age: int, keys: tuple[str, ...], least: int, most: int
) -> list[Prescription]:
    """A few of `keys` for a few days, at doses that vary and forms that fit the age."""
    if age < 8:
        keys = tuple(dict.fromkeys(instead for key in keys if (instead := _for_child(key))))
    chosen = rng.sample(keys, min(len(keys), between(rng, least, most)))
    given = (prescribe(person, key, pick(rng, (3, 5, 5, 7, 10)), between(rng, 0, 3)) for key in chosen)
    return [one for one in given if one]
