"""A hospital with a handful of visits, and a platform in a thread that can be told to misbehave."""

import base64
import json
import threading
import time
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from morprom_agent.cli import app
from morprom_wire.cid import check_digit
from morprom_wire.files43 import FILES

HCODE = "10670"
Row = Mapping[str, str]


def cid(number: int) -> str:
    """A citizen number of the district that does not exist."""
    twelve = f"19900{number:07d}"
    return f"{twelve}{check_digit(twelve)}"


@dataclass
class HospitalExport:
    """43 files of an invented hospital, to be written in any dialect."""

    files: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def add(self, entity: str, **cells: str) -> "HospitalExport":
        self.files.setdefault(entity, []).append({"HOSPCODE": HCODE, **cells})
        return self

    def person(self, number: int, **cells: str) -> "HospitalExport":
        usual = {
            "CID": cid(number), "PID": f"P{number}", "HN": f"HN{number}", "PRENAME": "003", "NAME": f"มานะ{number}",
            "LNAME": "ใจดี", "SEX": "1", "BIRTH": "19800115", "MSTATUS": "2", "NATION": "099", "DISCHARGE": "9",
            "MOBILE": "0812345678",
        }  # fmt: skip
        return self.add("PERSON", **(usual | cells))

    def visit(self, number: int, seq: str, day: str, **cells: str) -> "HospitalExport":
        usual = {
            "PID": f"P{number}", "HN": f"HN{number}", "SEQ": seq, "DATE_SERV": day, "TIME_SERV": "081500",
            "INSTYPE": "0100", "TYPEIN": "1", "TYPEOUT": "1", "CHIEFCOMP": "ไข้ ไอ 2 วัน", "BTEMP": "37.5", "SBP": "120",
            "DBP": "80", "PR": "88", "RR": "20", "PRICE": "350.00", "PAYPRICE": "50.00", "ACTUALPAY": "50.00",
        }  # fmt: skip
        return self.add("SERVICE", **(usual | cells))

    def folder(
        self,
        place: Path,
        *,
        header: bool = True,
        encoding: str = "utf-8",
        newline: str = "\r\n",
        order: Callable[[Sequence[str]], Sequence[str]] = list,
        appended: bool = True,
        extra: str = "",
    ) -> Path:
        """Write one text file an entity."""
        place.mkdir(parents=True, exist_ok=True)
        for entity, rows in self.files.items():
            columns = FILES[entity]
            names = order(columns.all if appended else columns.classic)
            lines = ["|".join(names) + extra] if header else []
            lines += ["|".join(row.get(name, "") for name in names) + extra for row in rows]
            text = newline.join([*lines, ""])
            (place / f"{entity.lower()}.txt").write_bytes(text.encode(encoding))
        return place

    def zip(self, path: Path, **dialect: Any) -> Path:
        """Write a zip of them."""
        folder = self.folder(path.with_suffix(""), **dialect)
        with zipfile.ZipFile(path, "w") as archive:
            for file in sorted(folder.iterdir()):
                archive.write(file, f"F43_{HCODE}/{file.name}")
        return path


@pytest.fixture
def hospital() -> HospitalExport:
    """Two people, three visits of two days, one stay."""
    export = HospitalExport().person(1).person(2, SEX="2", PRENAME="005")
    export.visit(1, "1001", "20260105").visit(2, "1002", "20260105", TIME_SERV="0930").visit(1, "1003", "20260106")
    export.add("DIAGNOSIS_OPD", PID="P1", SEQ="1001", DIAGTYPE="1", DIAGCODE="J00", CLINIC="00100", PROVIDER="D1")
    export.add(
        "DRUG_OPD", PID="P1", SEQ="1001", DIDSTD="1" * 24, DNAME="Paracetamol 500 mg", AMOUNT="20", DRUGPRICE="0.5",
        UNIT_PACKING="เม็ด", DID_TMT="228416", INSTRUCTION="ครั้งละ 1 เม็ด เวลามีไข้",
    )  # fmt: skip
    export.add("LABFU", PID="P2", SEQ="1002", DATE_SERV="20260105", LABTEST="05", LABRESULT="6.50")
    export.add("PROVIDER", PROVIDER="D1", REGISTERNO="ว.12345", NAME="สมหญิง", LNAME="รักษา")
    export.add(
        "ADMISSION", PID="P2", SEQ="1002", AN="690000001", DATETIME_ADMIT="20260105100000",
        DATETIME_DISCH="20260108110000", WARDADMIT="10100", WARDDISCH="10100", INSTYPE="4200", TYPEIN="1",
        DISCHSTATUS="2", DISCHTYPE="1", PRICE="9000", PAYPRICE="0", ACTUALPAY="0",
    )  # fmt: skip
    return export


@dataclass
class Misbehaviour:
    """What the platform does instead of answering the next call of a path."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    hangs: float = 0.0
    drops: bool = False


class ScriptedPlatform:
    """Speaks the wire protocol from memory. `next_replies[path]` are used up first."""

    def __init__(self) -> None:
        self.visits: dict[str, Any] = {}
        self.days: dict[str, set[str]] = {}
        self.calls: Counter[str] = Counter()
        self.uploads: Counter[str] = Counter()
        self.bodies: list[bytes] = []
        self.urls: list[str] = []
        self.counts: list[dict[str, Any]] = []
        self.statuses: list[dict[str, Any]] = []
        self.next_replies: dict[str, deque[Misbehaviour]] = {}
        self.sending_computer = ""
        self.issues: list[dict[str, Any]] = []
        self.token_life = 4 * 3600
        self.good_tokens: set[str] = set()
        self.most_at_once = self._now = 0
        self._lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def misbehave(self, path: str, *, times: int = 1, **how: Any) -> None:
        self.next_replies.setdefault(path, deque()).extend([Misbehaviour(**how)] * times)

    def revoke_tokens(self) -> None:
        self.good_tokens.clear()

    def answer(self, method: str, path: str, query: Mapping[str, str], body: bytes, token: str) -> tuple[int, Any]:
        if path == "/token":
            claims = {"iat": 1000, "exp": 1000 + self.token_life, "n": self.calls[path]}
            part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
            made = f"e30.{part}.c2ln"
            self.good_tokens.add(made)
            return 200, made
        is_upload_token = token.startswith(f"{HCODE}:") and path == "/api/UpdatePHRv1"
        if token not in self.good_tokens and not is_upload_token:
            return 401, {"result": None}
        sent = json.loads(body) if body else {}
        return getattr(self, f"_{path.rsplit('/', 1)[1]}")(query, sent, body)

    def _UpdatePHRv1(self, query: Mapping[str, str], sent: Any, body: bytes) -> tuple[int, Any]:  # noqa: N802
        encounter = sent["Encounter"][0]
        ref = encounter["identifier"][0]["value"]
        with self._lock:
            self.visits[ref] = sent
            self.uploads[ref] += 1
            self.bodies.append(body)
            for refs in self.days.values():
                refs.discard(ref)
            self.days.setdefault(encounter["period"]["start"][:10], set()).add(ref)
        return 200, {"result": "ok", "processing_warning": [], "processing_issue": self.issues}

    def _OrganizationSummary(self, query: Mapping[str, str], sent: Any, body: bytes) -> tuple[int, Any]:  # noqa: N802
        return 200, {"result": [f"{HCODE}:{ref}" for ref in sorted(self.days.get(query["date"], set()))]}

    def _RemoveEncounter(self, query: Mapping[str, str], sent: Any, body: bytes) -> tuple[int, Any]:  # noqa: N802
        ref = query["encounter_ref_code"].partition(":")[2]
        for refs in self.days.values():
            refs.discard(ref)
        return 200, {"result": 1 if self.visits.pop(ref, None) else 0}

    def _OrgEncounterSummary(self, query: Mapping[str, str], sent: Any, body: bytes) -> tuple[int, Any]:  # noqa: N802
        assert len(sent["EncounterSummary"]) <= 31
        self.counts.extend(sent["EncounterSummary"])
        return 200, {"result": "ok"}

    def _UpdateAgentStatus(self, query: Mapping[str, str], sent: Any, body: bytes) -> tuple[int, Any]:  # noqa: N802
        self.statuses.append(sent | dict(query))
        return (409, {"result": None}) if self.sending_computer else (200, {"result": "ok"})

    def _GetAgentComputerName(self, query: Mapping[str, str], sent: Any, body: bytes) -> tuple[int, Any]:  # noqa: N802
        return 200, {"result": self.sending_computer}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet

            def do_GET(self) -> None:
                self._serve()

            def do_POST(self) -> None:
                self._serve()

            def _serve(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with platform._lock:
                    platform.calls[parts.path] += 1
                    platform.urls.append(self.path)
                    platform._now += 1
                    platform.most_at_once = max(platform.most_at_once, platform._now)
                try:
                    self._reply(parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()}, body)
                finally:
                    with platform._lock:
                        platform._now -= 1

            def _reply(self, path: str, query: Mapping[str, str], body: bytes) -> None:
                waiting = platform.next_replies.get(path)
                told = waiting.popleft() if waiting else None
                if told and told.drops:
                    self.close_connection = True
                    self.connection.close()
                    return
                if told and told.hangs:
                    time.sleep(told.hangs)
                if told and told.status:
                    status, result = told.status, told.body
                else:
                    token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
                    status, result = platform.answer(self.command, path, query, body, token)
                text = (result if isinstance(result, str) else json.dumps(result)).encode()
                self.send_response(status)
                for name, value in (told.headers if told else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


@pytest.fixture
def platform() -> Iterator[ScriptedPlatform]:
    """A platform on this machine."""
    scripted = ScriptedPlatform()
    yield scripted
    scripted.server.shutdown()
    scripted.server.server_close()


@dataclass(frozen=True)
class Ran:
    """How a command of the agent ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def agent(platform: ScriptedPlatform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs `morprom-agent` against that platform, with short pauses between tries."""
    from typer.testing import CliRunner

    monkeypatch.setattr("morprom_agent.platform.link.FIRST_PAUSE", 0.01)
    password = tmp_path / "password.txt"
    password.write_text("correct horse\n")

    def run(command: str, source: Path | None, *more: str) -> Ran:
        at = ["--to", platform.url, "--hcode", HCODE, "--state", str(tmp_path / "state"), "--json"]
        sign_in = ["--user", "agent", "--password-file", str(password)] if command in ("send", "plan", "watch") else []
        given = ["--source", str(source)] if source else []
        result = CliRunner().invoke(app, [command, *given, *at, *sign_in, *more])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run
