"""Values of an upload: what was read, what was found odd, why it was refused.

Values that hold personal data hide it from repr; `content` is JSON as the sender wrote it, without white space.
"""

from datetime import date
from typing import Literal

import msgspec

from morprom.kernel import Cid, Hcode
from morprom.mophphr.item_calls import ItemCall

Severity = Literal["error", "warning", "information"]
Scheme = Literal["cid", "local", "hn", "passport"]


class Finding(msgspec.Struct, frozen=True):
    """Something odd at `path`, a JSON pointer (RFC 6901) into what was sent. Encodes as one `processing_issue`.

    For a missing key the pointer names where it should have been.
    """

    severity: Severity
    path: str
    code: str
    th: str = msgspec.field(name="text_th")
    en: str = msgspec.field(name="text_en")


class PersonNumber(msgspec.Struct, frozen=True):
    """A number that names a person. All schemes but `cid` mean something at the sending hospital only."""

    scheme: Scheme
    value: str

    def __repr__(self) -> str:
        return f"PersonNumber({self.scheme}, …)"


class VisitPart(msgspec.Struct, frozen=True):
    """One visit: `ref` is `hcode:ref`, `day` the local day of `period.start`, `content` the Encounter object."""

    ref: str
    day: date
    is_inpatient: bool
    content: bytes

    def __repr__(self) -> str:
        return f"VisitPart({len(self.content)} bytes)"


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A whole UpdatePHRv1 payload.

    The first of `identifiers` is the person's key: a `cid`, or a `local` number that the hospital made up.
    `patient` is the top level without Encounter and AllergyIntolerance; `allergies` the array, None when absent or
    empty. `is_whole_history`: visits of that hospital which are not in `visits` are to be removed.
    """

    hcode: Hcode
    identifiers: tuple[PersonNumber, ...]
    patient: bytes
    visits: tuple[VisitPart, ...]
    allergies: bytes | None
    is_whole_history: bool
    agent: str
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return f"Upload({self.hcode}, {len(self.visits)} visits, {len(self.findings)} findings)"


class ItemPart(msgspec.Struct, frozen=True):
    """One item of an upload.

    `ref` is its key without the hospital's code in front; of an immunization `{ref of the visit}|{vaccine}`, of a
    caregiver what its identifier says. `day` is the local day that the item is of, None when it does not tell.
    `sent` is the upload cut down to this item: the top level as it was sent, its array holding the item alone.
    `label` is the disease's code (cd_code) of a register, `caregiver` the citizen number of a caregiver when it is
    one that holds everywhere, `provider_token` what an e-prescription brought; "" elsewhere.
    """

    ref: str
    day: date | None
    sent: bytes
    label: str = ""
    caregiver: str = ""
    provider_token: str = ""

    def __repr__(self) -> str:
        return f"ItemPart({len(self.sent)} bytes)"


class ItemsUpload(msgspec.Struct, frozen=True, kw_only=True):
    """A whole payload of one of ITEM_CALLS; the first of `identifiers` is the person's key, as in Upload.

    `hcode` is None only of a SelfObservation that names no hospital: the token's is meant, see `at`.
    `is_whole_list`: an array was sent, and what is not in `items` is to be removed; so an absent array removes nothing.
    """

    call: ItemCall
    hcode: Hcode | None
    identifiers: tuple[PersonNumber, ...]
    items: tuple[ItemPart, ...]
    is_whole_list: bool
    agent: str
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return f"ItemsUpload({self.call.name}, {self.hcode}, {len(self.items)} items, {len(self.findings)} findings)"

    def at(self, hcode: Hcode) -> "ItemsUpload":
        """The same as of the token's hospital, when it named none itself."""
        if self.hcode is not None:
            return self
        first, *others = self.identifiers
        if first.scheme == "cid" and Cid(first.value).is_made_up_by(hcode):
            first = PersonNumber("local", first.value)
        items = [msgspec.structs.replace(item, ref=item.ref.removeprefix(f"{hcode}:")) for item in self.items]
        return msgspec.structs.replace(self, hcode=hcode, identifiers=(first, *others), items=tuple(items))


class Rejected(msgspec.Struct, frozen=True):
    """Nothing of the body can be stored. `status` is the HTTP status; `faults` are all of them, not the first.

    `told` is what else was found odd on the way, for who wants to mend everything at once.
    """

    status: Literal[400, 413, 422]
    faults: tuple[Finding, ...]
    told: tuple[Finding, ...] = ()


class DayCount(msgspec.Struct, frozen=True):
    """One day as the hospital itself counts it; None is a count that was not sent."""

    day: date
    opd_encounters: int | None
    ipd_encounters: int | None
    ipd_discharges: int | None


class CountsUpload(msgspec.Struct, frozen=True):
    """An OrgEncounterSummary payload: the last row of a day counts."""

    hcode: Hcode
    days: tuple[DayCount, ...]
    findings: tuple[Finding, ...]
