"""Values of an invented hospital's year: people, visits, stays. Mutable, because a life is written as it goes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

Row = dict[str, str]
Sink = Callable[[str, Row], None]
"""Takes the name of a 43-file and the columns that have a value."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days that an export covers, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Home:
    """Where a household lives. The district is 99, which no province has."""

    house_id: str
    house_number: str
    village: int
    tambon: int
    phone: str


@dataclass(slots=True)
class Person:
    """One invented person. `sex` is "1" man or "2" woman; `conditions` maps a chronic condition to its diagnosis day.

    `frailty` scales how often chance makes them ill: 1 for most, 0 for those whose story is written.
    """

    number: int
    cid: str
    hn: str
    sex: str
    born: date
    given: str
    surname: str
    home: Home
    prename: str = ""
    marital: str = "1"
    father: str = ""
    mother: str = ""
    couple: str = ""
    english: tuple[str, str] = ("", "")
    instype: str = "0100"
    religion: str = "01"
    education: str = "02"
    occupation: str = ""
    blood: str = "4"
    weight: float = 60.0
    height: int = 160
    frailty: float = 1.0
    conditions: dict[str, date] = field(default_factory=dict[str, date])
    allergies: tuple[str, ...] = ()
    pregnant_since: date | None = None
    died: datetime | None = None

    def age(self, on: date) -> int:
        """Whole years lived."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))


@dataclass(frozen=True, slots=True)
class Medicine:
    """One item of the formulary. `doses`: how it is taken and how many units a day; price in baht a unit."""

    name: str
    packing: str
    price: float
    doses: tuple[tuple[str, float], ...]
    family: str = ""


@dataclass(frozen=True, slots=True)
class Prescription:
    """A medicine as given: how much, and what the label says."""

    medicine: Medicine
    amount: int
    instruction: str


@dataclass(frozen=True, slots=True)
class Test:
    """A laboratory result, by the two-digit LABFU code."""

    code: str
    value: float


@dataclass(frozen=True, slots=True)
class Procedure:
    """Something done, by its ICD-9-CM code, in baht."""

    code: str
    price: int


@dataclass(frozen=True, slots=True)
class Appointment:
    """The day a person is asked to come again, and for what."""

    on: date
    kind: str
    reason: str


@dataclass(slots=True)
class Stay:
    """An admission that ended. `status` and `how` are DISCHSTATUS and DISCHTYPE."""

    until: datetime
    ward: str
    diagnoses: list[tuple[str, str]]
    in_ward: list[Prescription]
    home: list[Prescription]
    procedures: list[Procedure]
    status: str = "2"
    how: str = "1"
    refer_to: str = ""


@dataclass(slots=True)
class Visit:
    """One outpatient contact. `diagnoses` are (DIAGTYPE, ICD-10 without dot), the principal one first.

    `antenatal` is (number of the visit, weeks, which pregnancy)."""

    at: datetime
    clinic: str
    complaint: str
    diagnoses: list[tuple[str, str]]
    prescriptions: list[Prescription] = field(default_factory=list[Prescription])
    tests: list[Test] = field(default_factory=list[Test])
    procedures: list[Procedure] = field(default_factory=list[Procedure])
    vaccines: list[str] = field(default_factory=list[str])
    appointment: Appointment | None = None
    stay: Stay | None = None
    was_appointed: bool = False
    is_emergency: bool = False
    is_outside: bool = False
    is_telemedicine: bool = False
    is_traffic_accident: bool = False
    is_chronic_care: bool = False
    is_screening: bool = False
    antenatal: tuple[int, int, int] | None = None
    refer_from: str = ""
    refer_to: str = ""
    advice: str = ""
    temperature: float = 36.6
    systolic: int = 0
    diastolic: int = 0
    weight: float = 0.0
