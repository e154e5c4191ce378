"""The sandbox's door: only where people are invented, nothing of anybody else, every call described as it answers."""

import gzip
import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from doors.calling import Caller, services_on
from morprom.app.asgi import DOORS, doors_of
from morprom.doors import faces
from morprom.doors.sandbox.description import CALLS, Language, document
from morprom.doors.sandbox.description.model import CallEntry, statuses_of
from morprom.doors.services import Services
from morprom.kernel import Mode, Problem, Settings
from morprom.mophphr.explain import CALLS as EXPLAINED
from morprom.storage import Database, KeyRing
from morprom_wire import paths
from units.cast import Time, agent_of, two_hospitals

ROOT = Path(__file__).parents[2]
DOOR = ROOT / "src/morprom/doors/sandbox"
VENDORED = [DOOR / "assets/vendor", ROOT / "tests/browser/vendor"]
PAGES = ["/sandbox", "/sandbox/checklist", "/docs"]
CALLED = ("/api/", "/token", "/oauth/", "/oauth2/", "/idp/")
"""Where programmes call; pages for people are elsewhere."""
OWN = [*DOOR.glob("assets/*.js"), *DOOR.glob("assets/*.css"), *DOOR.glob("assets/*.svg"), *DOOR.glob("templates/*")]


@pytest.fixture
async def services(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[Services]:
    await two_hospitals(database, ring)
    await agent_of(database, may_read=True)
    async with services_on(database_url, ring, Time()) as opened:
        yield opened


@pytest.fixture
def caller(services: Services) -> Caller:
    return Caller(services)


# Where it is


def test_it_is_served_by_default_where_people_are_invented_and_nowhere_else() -> None:
    assert doors_of(Settings()) == doors_of(Settings(mode=Mode.DEMO)) == list(DOORS)
    assert doors_of(Settings(mode=Mode.PRODUCTION)) == [door for door in DOORS if door != "sandbox"]
    assert doors_of(Settings(mode=Mode.PRODUCTION), "units") == ["units"]


@pytest.mark.parametrize(
    ("mode", "asked", "code"),
    [(Mode.PRODUCTION, "units,sandbox", "SANDBOX_REFUSED"), (Mode.SANDBOX, "units,attic", "DOOR_UNKNOWN")],
)
def test_a_door_that_may_not_be_there_is_refused(mode: Mode, asked: str, code: str) -> None:
    with pytest.raises(Problem) as raised:
        doors_of(Settings(mode=mode), asked)
    assert raised.value.code == code


@pytest.mark.parametrize("path", [*PAGES, "/openapi.json", "/sandbox/examples", "/sandbox/assets/frame.css"])
async def test_production_has_none_of_its_pages(database_url: str, ring: KeyRing, path: str) -> None:
    async with services_on(database_url, ring, Time(), Settings(mode=Mode.PRODUCTION)) as services:
        assert (await Caller(services).http.get(path)).status_code == 404


# The pages and their files


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_lets_nothing_in(caller: Caller, path: str) -> None:
    reply = await caller.http.get(path)
    assert reply.status_code == 200 and reply.headers["content-type"] == "text/html; charset=utf-8"
    policy = dict(part.strip().split(" ", 1) for part in reply.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["connect-src"] == "'self'" and policy["frame-ancestors"] == "'none'"
    assert reply.headers["x-content-type-options"] == "nosniff" and reply.headers["referrer-policy"] == "same-origin"
    for tag in re.findall(r"<script\b[^>]*>", reply.text):
        assert ' src="/sandbox/assets/' in tag
    assert not re.search(r"<style|\son\w+=|\sstyle=|javascript:", reply.text)
    for address in re.findall(r'(?:src|href)="([^"]*)"', reply.text):
        if address.startswith("/sandbox/assets/"):
            assert (await caller.http.get(address)).status_code == 200, address


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.name)
def test_nothing_is_fetched_from_anybody_else(file: Path) -> None:
    addresses = re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"'`)]*", file.read_text("utf-8"))
    assert all(address.startswith("http://www.w3.org/") for address in addresses), addresses  # a namespace, not fetched


@pytest.mark.parametrize(
    "name",
    [
        "vendor/SHA256SUMS",
        "vendor/README.md",
        "vendor/sarabun/LICENSE",
        "../pages.py",
        "%2e%2e/pages.py",
        "x.js",
        "/etc/hosts",
    ],
)
async def test_only_files_of_the_pages_are_served(caller: Caller, name: str) -> None:
    assert (await caller.http.get(f"/sandbox/assets/{name}")).status_code == 404


async def test_a_file_is_sent_packed_and_once(caller: Caller) -> None:
    plain = await caller.http.get("/sandbox/assets/tree.js", headers={"accept-encoding": "identity"})
    packed = await caller.http.send(
        caller.http.build_request("GET", "/sandbox/assets/tree.js", headers={"accept-encoding": "gzip"}), stream=True
    )
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(b"".join([piece async for piece in packed.aiter_raw()])) == plain.content
    again = await caller.http.get("/sandbox/assets/tree.js", headers={"if-none-match": plain.headers["etag"]})
    assert again.status_code == 304 and again.content == b""


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.parent.name)
def test_files_of_others_are_what_they_were(folder: Path) -> None:
    listed = dict(reversed(line.split("  ", 1)) for line in (folder / "SHA256SUMS").read_text().splitlines())
    kept = {str(file.relative_to(folder)): file for file in folder.glob("*/*")}
    assert sorted(listed) == sorted(kept)
    for name, file in kept.items():
        assert hashlib.sha256(file.read_bytes()).hexdigest() == listed[name], name
    about = (folder / "README.md").read_text("utf-8")
    for package in {file.parent for file in kept.values()}:
        assert (package / "LICENSE").exists() and f"{package.name}/" in about
    assert re.search(r"\d+\.\d+\.\d+", about)


# The document


def routes() -> set[tuple[str, str]]:
    """What every door answers: path and method."""
    found = {
        (route.path, method)
        for handlers in DOORS.values()
        for router in handlers()
        for route in getattr(router, "routes", ())
        for method in route.methods  # type: ignore[union-attr]
        if method not in ("HEAD", "OPTIONS")
    }
    return found | {(paths.UPDATE_PHR, "POST")}


def test_every_call_that_answers_is_described_and_no_other() -> None:
    described = {(call.path, method) for call in CALLS for method in call.methods}
    others = {route.path for router in faces.handlers() for route in router.routes}  # docs/faces.md describes those
    called = {(path, method) for path, method in routes() if path.startswith(CALLED)}
    assert described == {(path, method) for path, method in called if path not in others}


def test_operations_have_names_of_their_own() -> None:
    assert len({call.operation for call in CALLS}) == len(CALLS)
    described = document(Language.ENGLISH, CALLS, {})
    names = [operation["operationId"] for methods in described["paths"].values() for operation in methods.values()]
    assert len(set(names)) == len(names)


def test_what_can_be_explained_is_what_can_be_uploaded() -> None:
    assert {call.upload for call in CALLS if call.upload} == set(EXPLAINED)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.operation)
def test_a_call_says_what_it_is_and_how_it_can_fail(call: CallEntry) -> None:
    assert call.words.th != call.words.en and re.search("[ก-๛]", call.words.th)
    assert bool(call.about.th) == bool(call.about.en)
    assert {200, 400, 500, 503} <= set(statuses_of(call))
    assert (
        ({401, 403} <= set(statuses_of(call))) == call.signed
        or {401} & set(call.statuses)
        or {403} & set(call.statuses)
    )


async def test_the_document_is_in_either_language_or_both(caller: Caller) -> None:
    texts = {
        lang: (await caller.http.get("/openapi.json", params={"lang": lang} if lang else {})).json()
        for lang in ("", "th", "en")
    }
    summaries = {lang: text["paths"]["/api/UpdatePHRv1"]["post"]["summary"] for lang, text in texts.items()}
    assert summaries == {
        "": "ส่งการรับบริการ / Visits of a person", "th": "ส่งการรับบริการ", "en": "Visits of a person"
    }  # fmt: skip
    own_words = [text for text in _words(texts["en"]["info"]) if re.search("[ก-๛]", text)]
    assert not own_words


def test_everything_that_the_document_names_is_in_it() -> None:
    described = document(Language.ENGLISH, CALLS, {})
    for name in set(_refs(described)):
        at: Any = described
        for step in name.removeprefix("#/").split("/"):
            assert step in at, name
            at = at[step]


@pytest.mark.parametrize("language", Language)
def test_the_document_is_openapi_3_1(language: Language) -> None:
    import schemathesis

    described = document(language, CALLS, {})
    schema = schemathesis.openapi.from_dict(described)
    assert sum(1 for _ in schema.get_all_operations()) == sum(len(methods) for methods in described["paths"].values())


def _refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from ([value["$ref"]] if isinstance(value.get("$ref"), str) else [])
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _refs(inner)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _words(inner)


# Examples


async def test_examples_are_listed_in_the_order_of_the_protocol(caller: Caller) -> None:
    listed = (await caller.http.get("/sandbox/examples")).json()
    order = [call.operation for call in CALLS]
    assert [one["operation"] for one in listed] == sorted((one["operation"] for one in listed), key=order.index)
    one = (await caller.http.get("/sandbox/examples/UpdatePHRv1")).json()
    assert {"name", "th", "en", "method", "query", "body", "status", "answer", "warnings"} == set(one[0])
    assert (await caller.http.get("/sandbox/examples/Nothing")).status_code == 404
