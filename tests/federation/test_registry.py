"""The registry of relying parties: what is taken and what is not, by the operator's commands; every change is kept."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from joserfc import jwk
from typer.testing import CliRunner

from doors.relying import CID, House, relying
from morprom.federation import Terms, find_party
from morprom.federation.register import change_party, demand_terms
from morprom.identity import clients
from morprom.kernel import Mode, Problem
from morprom.storage import Database, KeyRing
from units.cast import KHON_KAEN, two_hospitals

Run = Callable[..., Any]
BACK = "https://rp.example/back"
PUBLIC = jwk.ECKey.generate_key("P-256").as_dict(private=False)
GOOD: dict[str, Any] = {"profile": "old", "auth": "client_secret_basic", "scopes": ("openid",)}
SIGNS: dict[str, Any] = {**GOOD, "auth": "private_key_jwt", "jwks": {"keys": [PUBLIC]}}


CASES: list[tuple[dict[str, Any], str]] = [
    (GOOD, ""),
    (SIGNS, ""),
    (SIGNS | {"profile": "fapi2"}, ""),
    (GOOD | {"profile": "fapi2"}, "fapi2 takes private_key_jwt"),
    (SIGNS | {"profile": "fapi2", "id_token_alg": "RS256"}, "fapi2 takes private_key_jwt"),
    (GOOD | {"jwks": {"keys": [PUBLIC]}}, "keys are for private_key_jwt"),
    (SIGNS | {"jwks": None}, "needs a JSON Web Key Set"),
    (SIGNS | {"jwks": {"keys": []}}, "needs a JSON Web Key Set"),
    (SIGNS | {"jwks": {"keys": [PUBLIC] * 11}}, "needs a JSON Web Key Set"),
    (SIGNS | {"jwks": {"keys": [jwk.ECKey.generate_key("P-256").as_dict(private=True)]}}, "every key is public"),
    (SIGNS | {"jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}}, "every key is public"),
    (SIGNS | {"jwks": {"keys": ["key"]}}, "every key is public"),
    (GOOD | {"scopes": ()}, "scopes are"),
    (GOOD | {"scopes": ("openid", "admin")}, "scopes are"),
    (GOOD | {"tier": 5}, "the tier is 0 to 4"),
    (GOOD | {"sector": "a\nb"}, "the sector is"),
    (GOOD | {"purpose": "ก" * 201}, "at most 200"),
    (GOOD | {"name_en": "a\tb"}, "at most 200"),
    (GOOD | {"post_logout_redirect_uris": ("https://rp.example/#part",)}, "after signing out"),
    (GOOD | {"post_logout_redirect_uris": ("http://rp.example/",)}, "after signing out"),
    (GOOD | {"backchannel_logout_uri": "https://rp.example/told"}, ""),
    (GOOD | {"backchannel_logout_uri": "https://rp.xn--o3cw4h/told"}, ""),
    (GOOD | {"backchannel_logout_uri": "http://rp.example/told"}, "told of signing out"),
    (GOOD | {"backchannel_logout_uri": "https://127.0.0.1/told"}, "told of signing out"),
    (GOOD | {"backchannel_logout_uri": "http://localhost/told"}, "told of signing out"),
    (GOOD | {"backchannel_logout_uri": "https://169.254.169.254/told"}, "told of signing out"),
    (GOOD | {"backchannel_logout_uri": "https://intranet/told"}, "told of signing out"),
    (GOOD | {"backchannel_logout_uri": "https://localhost./told"}, "told of signing out"),
    (GOOD | {"backchannel_logout_uri": "https://a.localhost/told"}, "told of signing out"),
    (GOOD | {"backchannel_logout_uri": "https://127.1/told"}, "told of signing out"),
    (GOOD | {"backchannel_logout_uri": "https://0177.0.0.1/told"}, "told of signing out"),
    (GOOD | {"backchannel_logout_uri": "https://0x7f.0x1/told"}, "told of signing out"),
    (GOOD | {"backchannel_logout_uri": "https://127.0.0.1./told"}, "told of signing out"),
]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`morprom …` on a database of this test's own."""
    from morprom.cli.root import app

    monkeypatch.setenv("MORPROM_DATABASE_URL", database_url)
    monkeypatch.setenv("MORPROM_DATA", str(tmp_path))
    others = ("staff", "inbox")
    return lambda *arguments: CliRunner().invoke(app, arguments if arguments[0] in others else ["client", *arguments])


@pytest.mark.parametrize(("terms", "why"), CASES)
def test_terms_that_are_taken_in_production(terms: dict[str, Any], why: str) -> None:
    if not why:
        demand_terms(Terms(**terms), Mode.PRODUCTION)
        return
    with pytest.raises(Problem) as raised:
        demand_terms(Terms(**terms), Mode.PRODUCTION)
    assert raised.value.code == "TERMS_INVALID" and why in raised.value.words.en and raised.value.words.th


async def test_an_operator_looks_after_a_client_from_the_first_day_to_the_last(
    run: Run, database: Database, ring: KeyRing
) -> None:
    await two_hospitals(database, ring)
    director = ("staff", "add", CID, "--unit", KHON_KAEN, "--position", "ผอ.", "--name", "นาย#ก#ข", "--director")
    assert (await in_thread(run, *director)).exit_code == 0
    first = await in_thread(
        run, "add", "แอปตัวอย่าง", "--unit", KHON_KAEN, "--redirect-uri", BACK, "--openid", "old", "--name-en", "Example",
        "--purpose", "จองคิว", "--purpose-en", "to book", "--scope", "openid phone", "--tier", "2", "--logout-uri",
        "https://rp.example/left", "--backchannel-uri", "https://rp.example/told", "--sector", "s", "--json",
    )  # fmt: skip
    assert first.exit_code == 0, repr(first.exception)
    made = json.loads(first.stdout)
    client_id = made["client_id"]
    assert made["terms"] == {
        "profile": "old", "auth": "client_secret_basic", "scopes": ["openid", "phone"], "tier": 2, "sector": "s",
        "id_token_alg": "RS256", "post_logout_redirect_uris": ["https://rp.example/left"], "purpose": "จองคิว",
        "backchannel_logout_uri": "https://rp.example/told", "name_en": "Example", "purpose_en": "to book",
    }  # fmt: skip
    changed = await in_thread(
        run, "change", client_id, "--name", "แอปใหม่", "--redirect-uri", f"{BACK}2", "--tier", "1", "--json"
    )
    after = json.loads(changed.stdout)
    assert (after["name"], after["redirect_uris"]) == ("แอปใหม่", [f"{BACK}2"])
    assert after["terms"]["scopes"] == ["openid", "phone"] and "tier" not in after["terms"]
    for command in ("disable", "enable"):
        assert (await in_thread(run, command, client_id)).exit_code == 0
    secret = (await in_thread(run, "secret", client_id)).stdout.strip().split("\t")
    assert secret[0] == client_id and secret[1] != made["client_secret"]
    assert (await in_thread(run, "revoke", client_id)).exit_code == 0
    shown = json.loads((await in_thread(run, "show", client_id, "--json")).stdout)
    whats = [change["what"] for change in reversed(shown["changes"])]
    assert whats == ["added", "changed", "disabled", "enabled", "new-secret", "removed"]
    assert shown["changes"][-1]["after"]["name"] == "แอปตัวอย่าง" and shown["revoked_at"]
    for change in shown["changes"]:
        assert change["position"] is None and secret[1] not in json.dumps(change)
    words = (await in_thread(run, "show", client_id)).stdout
    assert (
        "จองคิว" in words
        and "tier\t1\n" in words
        and "removed\toperator" in words
        and "revoked" in (await in_thread(run, "list")).stdout
    )
    told = [json.loads(line)["text_en"] for line in (await in_thread(run, "inbox", CID)).stdout.splitlines()]
    assert len(told) == 6 and all("by the operator of the platform" in text for text in told)
    for command in ("change", "disable", "enable", "secret"):
        gone = await in_thread(run, command, client_id)
        assert isinstance(gone.exception, Problem) and gone.exception.code == "CLIENT_REVOKED", command


async def test_what_does_not_fit_changes_nothing(run: Run, database: Database, ring: KeyRing, tmp_path: Path) -> None:
    await two_hospitals(database, ring)
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": [PUBLIC]}))
    add = ("add", "แอป", "--unit", KHON_KAEN, "--redirect-uri", BACK, "--json")
    signs = json.loads((await in_thread(run, *add, "--openid", "fapi2", "--keys", str(keys))).stdout)["client_id"]
    card = json.loads((await in_thread(run, *add)).stdout)["client_id"]
    for code, arguments in (
        ("CLIENT_HAS_KEY", ("secret", signs)),
        *(
            ("CLIENT_UNKNOWN", (command, "00000000-0000-0000-0000-000000000000"))
            for command in ("show", "change", "disable", "enable", "secret", "revoke")
        ),
        ("TERMS_INVALID", ("change", signs, "--scope", "everything")),
        ("REDIRECT_URI_INVALID", ("change", signs, "--redirect-uri", "javascript:x")),
        ("NOT_OPENID", ("change", card, "--tier", "2")),
        ("TERMS_INVALID", (*add, "--openid", "fapi2")),
        ("UNIT_UNKNOWN", ("add", "แอป", "--unit", "00001", "--redirect-uri", BACK, "--openid", "old")),
    ):
        result = await in_thread(run, *arguments)
        assert isinstance(result.exception, Problem) and result.exception.code == code, arguments
    assert (await in_thread(run, "change", card, "--name", "อีกชื่อ")).exit_code == 0
    shown = json.loads((await in_thread(run, "show", signs, "--json")).stdout)
    assert [change["what"] for change in shown["changes"]] == ["added"]
    plain = dict(line.split("\t", 1) for line in (await in_thread(run, "show", signs)).stdout.splitlines())
    assert json.loads(plain["jwks"]) == shown["terms"]["jwks"]


async def in_thread(run: Run, *arguments: str) -> Any:
    """Commands have a loop of their own."""
    return await asyncio.to_thread(run, *arguments)


@pytest.fixture
async def house(database: Database, database_url: str, ring: KeyRing) -> AsyncIterator[House]:
    async with relying(database, database_url, ring) as opened:
        yield opened


async def test_a_disabled_client_and_what_it_holds_do_nothing_until_it_is_enabled(house: House) -> None:
    party, browser = await house.party(), house.browser()
    await house.sign_in(browser)
    tokens = await house.tokens(browser, party, scope="openid offline_access")
    async with house.database.transaction() as tx:
        assert await clients.disable(tx, party.client_id)
    assert (await party.userinfo(tokens["access_token"])).status_code == 401
    assert (await party.renew(tokens["refresh_token"])).json()["error"] == "invalid_client"
    assert (await browser.get(await party.start())).reply.status_code == 400
    async with house.database.transaction() as tx:
        assert await clients.enable(tx, party.client_id)
    assert (await party.userinfo(tokens["access_token"])).status_code == 200
    assert (await party.renew(tokens["refresh_token"])).status_code == 200


@pytest.mark.parametrize(
    ("changed", "ends"),
    [({"tier": 2}, True), ({"purpose": "โฆษณา"}, True), ({"tier": 0}, False), ({"name_en": "Another"}, False)],
)
async def test_whom_people_agreed_to_for_less_asks_anew(house: House, changed: dict[str, Any], ends: bool) -> None:
    made, browser = await house.party(purpose="จองคิว"), house.browser()
    await house.sign_in(browser)
    tokens = await house.tokens(browser, made)
    async with house.database.transaction() as tx:
        party = await find_party(tx, made.client_id)
        assert party is not None
        terms = msgspec.structs.replace(party.terms, **changed)
        await change_party(tx, party, party.client.name, (BACK,), terms, Mode.DEMO, house.time.now())
    assert (await made.userinfo(tokens["access_token"])).status_code == (401 if ends else 200)
    answer = await browser.get(await made.start(prompt="none"))
    assert answer.error == ("consent_required" if ends else "")
    assert ("แอปตัวอย่าง" in (await browser.get("/id/grants")).reply.text) is not ends


async def test_a_new_secret_ends_the_one_before(house: House) -> None:
    party = await house.party()
    async with house.database.transaction() as tx:
        secret = await clients.new_secret(tx, party.client_id)
    old = await party.call("/oidc/introspect", {"token": "x"})
    assert (old.status_code, old.json()["error"]) == (401, "invalid_client")
    party.secret = secret.reveal()
    assert await party.introspected("x") == {"active": False}
