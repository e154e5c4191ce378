"""Every call of the wire protocol that answers: what all suites of this folder are driven from.

A call that the application serves and this table does not know fails `test_every_call_is_in_the_table`.
"""

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from conformance.uploads import CID, HCODE, REF, UPLOADS
from morprom.access import current_policy
from payloads import invented_cid

Json = Any


@dataclass(frozen=True, slots=True)
class WireCall:
    """A path with a request that it understands. `token` is the kind that it wants; `section` the protocol's."""

    section: int
    path: str
    methods: tuple[str, ...]
    token: str
    query: dict[str, str] = field(default_factory=dict)
    body: Json = None
    bare: bool = False
    """A good reply is no envelope."""

    @property
    def target(self) -> str:
        """Path and query of the good request."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def is_upload(self) -> bool:
        """Whether it takes what section 3 describes."""
        return self.path in UPLOADS


GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
_SIGN_IN = {"user": "agent", "password_hash": "0" * 64, "hospital_code": HCODE}
_WITH_CODE = {"cid": invented_cid(4_100_009), "otp": "AB000000"}
"""A wrong code, for somebody whose right code no test needs: five tries end it."""

_ALL: Final[tuple[WireCall, ...]] = (
    WireCall(2, "/token", BOTH, "none", {"Action": "get_moph_access_token"}, _SIGN_IN, bare=True),
    *(WireCall(3, path, POST, "sender", {}, body) for path, body in UPLOADS.items()),
    WireCall(5, "/api/RequestTokenv1", POST, "reader", {}, {"cid": CID}),
    WireCall(5, "/api/WebApp", BOTH, "reader", {"Action": "ValidateOTP"}, _WITH_CODE),
    *(WireCall(6, "/api/WebApp", BOTH, "reader", {"Action": name}, _WITH_CODE) for name in current_policy().action),
    WireCall(8, "/api/OrganizationSummary", GET, "reader", {"date": "2026-03-01", "data": "encounter_ref_code"}),
    WireCall(8, "/api/OrganizationSummary", GET, "reader", {"month": "2026-03", "data": "month_summary"}),
    WireCall(
        8, "/api/OrganizationSummary", GET, "reader", {"data": "patient_chronic_registry", "cd_code": "001"}
    ),
    WireCall(
        8, "/api/RemoveEncounter", ("GET", "POST", "DELETE"), "sender",
        {"hospital_code": HCODE, "encounter_ref_code": f"{HCODE}:{REF}"},
    ),
    WireCall(
        8, "/api/UpdateAgentStatus", POST, "sender", {},
        {"hospital_code": HCODE, "agent_status": "idle", "agent_computer_name": "PC-1", "most_client_version": "1",
         "agent_version": "1"},
    ),
    WireCall(8, "/api/GetAgentComputerName", POST, "sender", {}, {"hospital_code": HCODE}),
)  # fmt: skip

NOT_YET: Final = frozenset(UPLOADS) - {"/api/UpdatePHRv1", "/api/OrgEncounterSummary"}
CALLS: Final = tuple(call for call in _ALL if call.path not in NOT_YET)
PATHS: Final = {call.path: call.methods for call in CALLS}
"""Every path with its methods."""
