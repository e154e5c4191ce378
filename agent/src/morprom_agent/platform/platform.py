"""The platform's calls as the agent needs them (wire protocol, sections 2, 3 and 8)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Protocol, cast

from morprom_agent import __version__
from morprom_agent.export import Day
from morprom_agent.ledger import Note
from morprom_agent.payload.concepts import organization
from morprom_agent.platform.credentials import Bearer, Credentials, Password
from morprom_agent.platform.link import NO_REPLY, Link, Reply
from morprom_agent.stop import Exit, Stop
from morprom_wire import paths

MOST_NOTES = 50
MENDABLE = ("error", "warning")


class Body(Protocol):
    """What can be delivered."""

    @property
    def body(self) -> bytes:
        """The payload."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """How sending one visit went. `status` is that of the last reply, 0 for none."""

    status: int
    tries: int
    notes: tuple[Note, ...] = ()

    @property
    def arrived(self) -> bool:
        """Whether the platform has it on disk."""
        return self.status == 200

    @property
    def is_platforms_fault(self) -> bool:
        """Whether the visit itself may be in order: no reply, too many calls, a broken platform."""
        return self.status in (NO_REPLY, 429) or self.status >= 500


class Removal(Enum):
    """What came of taking a visit off the platform."""

    REMOVED = "removed"
    GONE = "gone"
    HELD = "held"


class Platform:
    """One hospital's way to a platform."""

    def __init__(self, link: Link, credentials: Credentials, hcode: str, computer_name: str) -> None:
        self._link = link
        self._credentials = credentials
        self._hcode = hcode
        self._computer = computer_name
        self._bearer = Bearer(self._fetch)
        self._refusal: Stop | None = None

    @property
    def can_reconcile(self) -> bool:
        """Whether the platform may be asked what it has: an upload token is good for uploads alone."""
        return isinstance(self._credentials, Password)

    def sign_in(self) -> None:
        """Get the first token. Raises Stop when there is none to be had."""
        self._bearer.current()

    def end(self) -> None:
        """The run is over: calls that wait for their next try give up."""
        self._link.end()

    def _fetch(self) -> str:
        if not isinstance(self._credentials, Password):
            return self._credentials.token
        who = {"user": self._credentials.user, "password_hash": self._credentials.hash, "hospital_code": self._hcode}
        query = {"Action": "get_moph_access_token"}
        reply = self._link.call("POST", paths.TOKEN, query=query, content=json.dumps(who).encode())
        token = reply.text.strip().strip('"')
        if reply.status == 200 and token.count(".") == 2:
            return token
        if reply.status in (400, 401, 403):
            raise Stop(
                Exit.SIGN_IN,
                "ลงชื่อเข้าใช้ไม่ได้ ตรวจ user, รหัสผ่าน และ hcode",
                "the platform refused the sign-in; check user, password and hcode",
            )
        raise _not_answering(reply)

    def deliver(self, parcel: Body) -> Delivery:
        """Send one visit. Raises Stop when no visit of this hospital would get through."""
        reply = self._ask("POST", paths.UPDATE_PHR, content=parcel.body)
        if 300 <= reply.status < 400 or reply.status in (404, 405):
            raise _not_a_platform()
        return Delivery(reply.status, reply.tries, notes_of(reply.body))

    def refs_on(self, day: date) -> set[str]:
        """The refs (without hospital code) that the platform has of a day."""
        query = {"date": day.isoformat(), "data": "encounter_ref_code", "hospital_code": self._hcode}
        reply = self._ask("GET", paths.ORGANIZATION_SUMMARY, query=query)
        refs: object = reply.result
        if reply.status != 200 or not isinstance(refs, list):
            raise _not_answering(reply)
        return {str(ref).removeprefix(f"{self._hcode}:") for ref in cast("list[object]", refs)}

    def remove(self, ref: str) -> Removal:
        """Take one visit off the platform. Raises Stop when it does not answer."""
        query = {"hospital_code": self._hcode, "encounter_ref_code": f"{self._hcode}:{ref}"}
        reply = self._ask("GET", paths.REMOVE_ENCOUNTER, query=query)
        if reply.status == 404:
            return Removal.GONE
        if reply.status >= 300 or reply.status == NO_REPLY:
            raise _not_answering(reply)
        return Removal.REMOVED if isinstance(reply.result, int) and reply.result > 0 else Removal.HELD

    def tell_counts(self, days: Iterable[Day]) -> bool:
        """Send the hospital's own daily counts (at most 31 days); whether they arrived."""
        summary = [
            {
                "period_start": day.on.isoformat(),
                "opd_encounter_count": day.outpatients,
                "ipd_encounter_count": day.admitted,
                "ipd_discharge_count": day.discharged,
            }
            for day in days
        ]
        payload = {"managingOrganization": organization(self._hcode, ""), "EncounterSummary": summary}
        return self._ask("POST", paths.ORG_ENCOUNTER_SUMMARY, content=json.dumps(payload).encode()).status == 200

    def tell_status(self, status: str) -> None:
        """Say what this agent does. Raises Stop when another computer sends for this hospital (409)."""
        report = {
            "hospital_code": self._hcode,
            "agent_status": status,
            "agent_computer_name": self._computer,
            "most_client_version": __version__,
            "agent_version": __version__,
        }
        reply = self._ask("POST", paths.UPDATE_AGENT_STATUS, content=json.dumps(report).encode(), tries=1)
        if reply.status == 409:
            other = self._other_computer()
            raise Stop(
                Exit.ANOTHER_AGENT,
                f"เครื่อง {other} กำลังส่งข้อมูลของหน่วยบริการนี้อยู่ รอให้เสร็จหรือปิดเครื่องนั้นก่อน",
                f"the computer {other} is sending for this hospital; wait for it or end it first",
            )

    def tell_error(self, status: str) -> None:
        """Say what went wrong, in codes and counts."""
        report = {"hospital_code": self._hcode, "agent_status": status}
        query = {"mode": "Error"}
        self._ask("POST", paths.UPDATE_AGENT_STATUS, query=query, content=json.dumps(report).encode(), tries=1)

    def _other_computer(self) -> str:
        asked = json.dumps({"hospital_code": self._hcode}).encode()
        name = self._ask("POST", paths.GET_AGENT_COMPUTER_NAME, content=asked, tries=1).result
        return name if isinstance(name, str) and name else "?"

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        content: bytes | None = None,
        tries: int = 3,
    ) -> Reply:
        """A call with the token; after a 401 once more with a new one, and then no other call on any connection."""
        token = self._allowed()
        reply = self._link.call(method, path, query=query, content=content, bearer=token, tries=tries)
        if reply.status == 401 and self.can_reconcile:
            self._bearer.refused(token)
            token = self._allowed()
            reply = self._link.call(method, path, query=query, content=content, bearer=token, tries=tries)
        if reply.status in (401, 403):
            self._refusal = Stop(
                Exit.SIGN_IN,
                f"แพลตฟอร์มไม่อนุญาต ({reply.status}) ตรวจสิทธิ์ของผู้ใช้หรือ token และ hcode",
                f"the platform does not allow it ({reply.status}); check the permission of the sign-in, and hcode",
            )
            raise self._refusal
        return reply

    def _allowed(self) -> str:
        if self._refusal is not None:
            raise self._refusal
        return self._bearer.current()


def notes_of(body: Mapping[str, Any]) -> tuple[Note, ...]:
    """What is to be mended, of the findings in a reply. A platform that lists sentences alone gives one bare note."""
    issues = body.get("processing_issue")
    if not isinstance(issues, list):
        return (Note("WARNING", ""),) if body.get("processing_warning") else ()
    found = [cast("dict[str, Any]", issue) for issue in cast("list[Any]", issues) if isinstance(issue, dict)]
    mendable = [issue for issue in found if issue.get("severity") in MENDABLE]
    return tuple(Note(str(issue.get("code", "")), str(issue.get("path", ""))) for issue in mendable[:MOST_NOTES])


def _not_answering(reply: Reply) -> Stop:
    if 300 <= reply.status < 400 or reply.status in (404, 405):
        return _not_a_platform()
    what = f"HTTP {reply.status}" if reply.status else "-"
    return Stop(
        Exit.UNREACHABLE,
        f"ติดต่อแพลตฟอร์มไม่ได้ ({what}) ตรวจอินเทอร์เน็ต, proxy, firewall 443 แล้วสั่งใหม่ ระบบส่งต่อจากเดิม",
        f"the platform does not answer ({what}); check network, proxy, firewall; started again, it goes on from here",
    )


def _not_a_platform() -> Stop:
    return Stop(
        Exit.SETTINGS,
        "ที่อยู่นี้ไม่ใช่แพลตฟอร์ม MOPH-PHR ตรวจค่า --to ตัวอย่าง https://phr.example.go.th",
        "there is no MOPH-PHR platform at this address; check --to, for example https://phr.example.go.th",
    )
