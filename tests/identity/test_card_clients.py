"""Programmes that may ask for an ID card: how they are registered, by the operator's commands too."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from morprom.identity import clients
from morprom.kernel import Mode, Problem, Secret
from morprom.kernel.pkce import challenge_of
from morprom.storage import Database, KeyRing, Tx
from units.cast import KHON_KAEN, SIRIRAJ, two_hospitals

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`morprom …` on a database of this test's own."""
    from morprom.cli.root import app

    monkeypatch.setenv("MORPROM_DATABASE_URL", database_url)
    monkeypatch.setenv("MORPROM_DATA", str(tmp_path))
    return lambda *arguments: CliRunner().invoke(app, arguments)


@pytest.mark.parametrize(
    ("uri", "in_sandbox", "in_production"),
    [
        ("https://his.example/back", True, True),
        ("https://his.example:8443/back?a=1&b=%20", True, True),
        ("https://his.example", True, True),
        ("http://localhost:3000/back", True, True),
        ("http://127.0.0.1/back", True, True),
        ("http://10.0.0.5/back", True, False),
        ("http://localhost.evil.example/", True, False),
        ("https://his.example/back#part", False, False),
        ("https://user@his.example/", False, False),
        ("https://his.example\\@evil.example/", False, False),
        ("https://his.example/a b", False, False),
        ("https://his.example/\r\nx: 1", False, False),
        ("https://his.example/back\n", False, False),
        ("https://his.example/;script-src", False, False),
        ("https://his.example/'\"", False, False),
        ("https://โรงพยาบาล.example/", False, False),
        ("https:///back", False, False),
        ("//his.example/back", False, False),
        ("javascript:alert(1)", False, False),
        ("myhis://back", False, False),
        ("https://his.example/" + "a" * 500, False, False),
        ("", False, False),
    ],
)
def test_where_a_code_may_be_sent(uri: str, in_sandbox: bool, in_production: bool) -> None:
    assert clients.is_redirect_uri(uri, Mode.SANDBOX) is in_sandbox
    assert clients.is_redirect_uri(uri, Mode.PRODUCTION) is in_production


def test_the_challenge_is_that_of_the_standard_s_example() -> None:
    # RFC 7636, appendix B
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


async def test_a_client_signs_in_with_its_secret_until_it_is_revoked(database: Database, ring: KeyRing, tx: Tx) -> None:
    await two_hospitals(database, ring)
    made = await clients.register(
        tx, "  HIS   one ", KHON_KAEN, ["https://a.example/", "https://a.example/"], Mode.DEMO
    )
    assert (made.client.name, made.client.redirect_uris) == ("HIS one", ("https://a.example/",))
    assert made.secret.reveal() not in repr(made)
    client_id = made.client.client_id
    assert await clients.authenticate(tx, client_id, made.secret) == made.client
    for wrong in ("", made.secret.reveal()[:-1], "ก\udcff"):
        assert await clients.authenticate(tx, client_id, Secret(wrong)) is None
    assert await clients.authenticate(tx, "nobody", made.secret) is None
    assert [await clients.revoke(tx, client_id), await clients.revoke(tx, client_id)] == [True, False]
    assert await clients.authenticate(tx, client_id, made.secret) is None
    assert await clients.find_client(tx, client_id) is None


@pytest.mark.parametrize(
    ("name", "hcode", "uris", "code"),
    [
        (" ", KHON_KAEN, ["https://a.example/"], "CLIENT_NAME"),
        ("a\x1b[0m", KHON_KAEN, ["https://a.example/"], "CLIENT_NAME"),
        ("a" * 101, KHON_KAEN, ["https://a.example/"], "CLIENT_NAME"),
        ("a", KHON_KAEN, [], "REDIRECT_URI_INVALID"),
        ("a", KHON_KAEN, ["https://a.example/", "ftp://b"], "REDIRECT_URI_INVALID"),
        ("a", "99998", ["https://a.example/"], "UNIT_UNKNOWN"),
    ],
)
async def test_what_is_no_client_is_refused(
    database: Database, ring: KeyRing, tx: Tx, name: str, hcode: str, uris: list[str], code: str
) -> None:
    await two_hospitals(database, ring)
    with pytest.raises(Problem) as raised:
        await clients.register(tx, name, hcode, uris, Mode.SANDBOX)  # type: ignore[arg-type]
    assert raised.value.code == code
    assert await clients.listed(tx) == []


def test_the_commands_register_list_and_revoke(run: Run) -> None:
    run("unit", "add", KHON_KAEN, "โรงพยาบาลขอนแก่น")
    run("unit", "add", SIRIRAJ, "โรงพยาบาลศิริราช")
    added = run("client", "add", "HIS", "--unit", KHON_KAEN, "--redirect-uri", "https://a.example/", "--json")
    told = json.loads(added.stdout)
    assert (added.exit_code, told["unit"], len(told["client_secret"])) == (0, KHON_KAEN, 43)
    plain = run(
        "client", "add", "Other", "--unit", SIRIRAJ, "--redirect-uri", "https://b.example/1", "--redirect-uri",
        "http://localhost/2",
    )  # fmt: skip
    client_id, secret = plain.stdout.strip().split("\t")
    assert len(secret) == 43 and "แสดงครั้งเดียว" in plain.stderr
    listed = [json.loads(line) for line in run("client", "list", "--json").stdout.splitlines()]
    assert [(row["unit"], row["name"], row["redirect_uris"]) for row in listed] == [
        (KHON_KAEN, "HIS", ["https://a.example/"]),
        (SIRIRAJ, "Other", ["https://b.example/1", "http://localhost/2"]),
    ]
    assert secret not in str(listed) + run("client", "list").stdout
    assert json.loads(run("client", "revoke", client_id, "--json").stdout) == {"revoked": True}
    assert json.loads(run("client", "revoke", client_id, "--json").stdout) == {"revoked": False}
    assert "\trevoked " in run("client", "list", "--unit", SIRIRAJ).stdout
    refused = run("client", "add", "HIS", "--unit", KHON_KAEN, "--redirect-uri", "nonsense")
    assert refused.exit_code == 1
