"""Every call of the wire protocol that answers: what all suites of this folder are driven from.

A call that the application serves and this table does not know fails `test_every_call_that_is_served_is_in_the_table`.
Section 10 stands for calls that are ours alone.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlencode

from conformance.tokens import OWNER
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
    takes: Literal["object", "json", "form", "nothing"] = "object"
    """What its body is; any JSON may be left at the pasteboard."""
    bare: bool = False
    """A good reply is no envelope."""
    is_page: bool = False
    """It speaks to people: no reply is an envelope."""
    is_open: bool = False
    """It answers whoever shows no token too."""

    @property
    def target(self) -> str:
        """Path and query of the good request."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def __str__(self) -> str:
        named = "&".join(self.query[name] for name in self.query if name in ("Action", "mode", "data", "System"))
        return f"{self.path} {named} {self.token}".replace("/api/", "")

    @property
    def best_method(self) -> str:
        """The method by which the good request says all that it has to say."""
        return "POST" if "POST" in self.methods else self.methods[0]

    def encoded(self, method: str) -> bytes:
        """The body of the good request by that method."""
        if self.body is None or method in ("GET", "HEAD", "OPTIONS"):
            return b""
        return (
            urlencode(self.body).encode()
            if self.takes == "form"
            else json.dumps(self.body, ensure_ascii=False).encode()
        )

    @property
    def is_upload(self) -> bool:
        """Whether it takes what section 3 describes."""
        return self.path in UPLOADS and not self.query


GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
_SIGN_IN = {"user": "agent", "password_hash": "0" * 64, "hospital_code": HCODE}
_WITH_CODE = {"cid": invented_cid(4_100_009), "otp": "AB000000"}
"""A wrong code, for somebody whose right code no test needs: five tries end it."""

NO_PROGRAMME: Final = "00000000-0000-4000-8000-000000000000"
_DAY = {"date": "2026-03-01", "data": "encounter_ref_code"}
_PROGRAMME = {
    "response_type": "code",
    "client_id": NO_PROGRAMME,
    "redirect_uri": "https://his.example/back",
    "scope": "read",
}
_EXCHANGE = {"client_id": NO_PROGRAMME, "client_secret": "x", "grant_type": "authorization_code", "code": "x",
             "redirect_uri": "https://his.example/"}  # fmt: skip
_OWN_VISIT = {"cid": OWNER, "encounter_ref_code": f"{HCODE}:OWN"}

CALLS: Final[tuple[WireCall, ...]] = (
    WireCall(2, "/token", BOTH, "none", {"Action": "get_moph_access_token"}, _SIGN_IN, bare=True, is_open=True),
    *(WireCall(3, path, POST, "sender", {}, body) for path, body in UPLOADS.items()),
    WireCall(3, "/api/PatientChronicRegisterv1", POST, "sender", {"mode": "remove", "cd_code": "009"}, [], "json"),
    WireCall(5, "/api/RequestTokenv1", POST, "reader", {}, {"cid": CID}),
    WireCall(5, "/api/WebApp", BOTH, "reader", {"Action": "ValidateOTP"}, _WITH_CODE),
    WireCall(5, "/api/WebApp", POST, "reader", {"Action": "RequestOTP"}, {"idp_jwt": "x.y.z"}),
    WireCall(5, "/oauth2/auth", BOTH, "none", _PROGRAMME, {"cid": CID}, "form", bare=True, is_page=True, is_open=True),
    WireCall(5, "/oauth2/token", POST, "none", {}, _EXCHANGE, "form", is_open=True),
    WireCall(5, "/api/GetPHROTP", POST, "reader", {}, {"cid": CID, "access_token": "x"}),
    *(WireCall(6, "/api/WebApp", BOTH, "reader", {"Action": name}, _WITH_CODE) for name in current_policy().action),
    *(WireCall(6, "/api/WebApp", BOTH, "owner", {"Action": name, "cid": OWNER}, {"cid": OWNER})
      for name in current_policy().action),
    WireCall(7, "/api/PHRSetting", POST, "owner", {"mode": "get"}, {"cid": OWNER}),
    WireCall(7, "/api/PHRSetting", POST, "owner", {"mode": "set"}, {"cid": OWNER, "share_phr": True}),
    WireCall(7, "/api/MaskEncounter", POST, "owner", {"mode": "get"}, _OWN_VISIT),
    WireCall(7, "/api/MaskEncounter", POST, "owner", {"mode": "set"}, {**_OWN_VISIT, "mask": False}),
    WireCall(7, "/api/WebApp", BOTH, "owner", {"Action": "ReportEncounter", "mode": "LIST", "cid": OWNER},
             {"cid": OWNER}),
    WireCall(7, "/api/WebApp", POST, "owner", {"Action": "ReportEncounter", "mode": "ADD"},
             {**_OWN_VISIT, "reason_text": "ไม่เคยไป"}),
    WireCall(7, "/api/WebApp", POST, "owner", {"Action": "ReportEncounter", "mode": "DELETE"}, _OWN_VISIT),
    WireCall(8, "/api/OrganizationSummary", GET, "reader", _DAY),
    WireCall(8, "/api/OrganizationSummary", GET, "reader", {"month": "2026-03", "data": "month_summary"}),
    WireCall(8, "/api/OrganizationSummary", GET, "reader", {"data": "patient_chronic_registry", "cd_code": "001"}),
    WireCall(8, "/api/OrganizationSummary", GET, "reader", {"data": "disputed"}),
    WireCall(8, "/api/RemoveEncounter", ("GET", "POST", "DELETE"), "sender",
             {"hospital_code": HCODE, "encounter_ref_code": f"{HCODE}:{REF}"}),
    WireCall(8, "/api/UpdateAgentStatus", POST, "sender", {},
             {"hospital_code": HCODE, "agent_status": "idle", "agent_computer_name": "PC-1", "most_client_version": "1",
              "agent_version": "1"}),
    WireCall(8, "/api/UpdateAgentStatus", POST, "sender", {"mode": "Error"},
             {"hospital_code": HCODE, "agent_status": "no network"}),
    WireCall(8, "/api/GetAgentComputerName", POST, "sender", {}, {"hospital_code": HCODE}),
    WireCall(8, "/idp/api/check_ekyc", POST, "reader", {}, {"cid": CID}),
    WireCall(9, "/api/PasteJSON", POST, "reader", {"Action": "POST"}, {"any": ["json"]}, "json"),
    WireCall(9, "/api/PasteJSON", GET, "reader", {"Action": "GET", "code": "00000000-0000-4000-8000-000000000000"}),
    WireCall(9, "/api/CodingSystem", ("GET", "HEAD"), "none", is_open=True),
    WireCall(9, "/api/CodingSystem", ("GET", "HEAD"), "none", {"System": "chronic_disease"}, is_open=True),
    WireCall(10, "/api/Explain", POST, "sender", {"call": "UpdatePHRv1"}, UPLOADS["/api/UpdatePHRv1"], "json",
             is_open=True),
    WireCall(10, "/api/Conformance", GET, "sender", {"hospital_code": HCODE}),
)  # fmt: skip

PATHS: Final = {path: tuple({method for call in CALLS if call.path == path for method in call.methods}) for path in
                {call.path: None for call in CALLS}}  # fmt: skip
"""Every path with its methods."""
