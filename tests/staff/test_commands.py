"""The commands of staff, and of the programmes that sign them and people in."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from joserfc import jwk
from typer.testing import CliRunner

from morprom_wire.cid import check_digit

Run = Callable[..., Result]
WIPA = "199000000072" + str(check_digit("199000000072"))
NURSE = ("--position", "พยาบาล", "--licence", "02:6500000001", "--licence-until", "2031-12-31", "--may-proof")


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`morprom …` on a database of this test's own, in which Khon Kaen is."""
    from morprom.cli.root import app

    monkeypatch.setenv("MORPROM_DATABASE_URL", database_url)
    monkeypatch.setenv("MORPROM_DATA", str(tmp_path))

    def invoked(*arguments: str) -> Result:
        return CliRunner().invoke(app, arguments)

    assert invoked("unit", "add", "10670", "โรงพยาบาลขอนแก่น", "--province", "40").exit_code == 0
    return invoked


def listed(run: Run) -> list[dict[str, object]]:
    return [json.loads(line) for line in run("staff", "list", "--unit", "10670", "--json").stdout.splitlines()]


def test_staff_are_listed_at_units_until_they_are_removed(run: Run) -> None:
    name = ("--name", "นาง#วิภา#ทดลอง", "--name-en", "Mrs.#Wipa#Thotlong")
    may = ("--permission", "MOPH_PHR_HIE", "--may", "read")
    added = run("staff", "add", WIPA, "--unit", "10670", *NURSE, *name, *may, "--director", "--json")
    assert added.exit_code == 0, added.output
    made = json.loads(added.stdout)
    again = run("staff", "add", WIPA, "--unit", "10670", "--position", "หัวหน้า", "--hr-admin", "--json")
    assert json.loads(again.stdout)["provider_id"] == made["provider_id"]
    first, second = listed(run)
    assert (first["position_id"], first["provider_id"]) == (made["position_id"], made["provider_id"])
    assert (first["licence"], first["licence_until"], first["may_proof"]) == ("02:6500000001", "2031-12-31", True)
    assert (first["permissions"], first["may"], first["is_director"]) == ("MOPH_PHR_HIE", "read", True)
    assert (second["position"], second["is_hr_admin"], second["may"]) == ("หัวหน้า", True, "")
    shown = run("staff", "list", "--unit", "10670")
    assert "วิภา" not in shown.output and WIPA not in shown.output and WIPA not in added.output
    assert json.loads(run("staff", "remove", WIPA, "--unit", "13814", "--json").stdout) == {"ended": 0}
    assert json.loads(run("staff", "remove", WIPA, "--json").stdout) == {"ended": 2}
    assert listed(run) == []
    unnamed = run("staff", "add", WIPA, "--unit", "10670", *NURSE)
    assert unnamed.exit_code == 1 and getattr(unnamed.exception, "code", "") == "NAME_MISSING"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("123", "--unit", "10670", *NURSE, "--name", "a#b#c"), "CID_INVALID"),
        ((WIPA, "--unit", "10670", *NURSE), "NAME_MISSING"),
        ((WIPA, "--unit", "10670", *NURSE, "--name", "วิภา ทดลอง"), "NAME_INVALID"),
        ((WIPA, "--unit", "99999", *NURSE, "--name", "a#b#c"), "UNIT_UNKNOWN"),
    ],
)
def test_what_is_missing_or_wrong_lists_nobody(run: Run, arguments: tuple[str, ...], code: str) -> None:
    refused = run("staff", "add", *arguments)
    assert refused.exit_code == 1 and getattr(refused.exception, "code", "") == code
    assert listed(run) == []


def test_rights_are_permissions_that_there_are(run: Run) -> None:
    for wrong in (("--permission", "EVERYTHING"), ("--may", "read"), ("--permission", "MOPH_PHR_HIE", "--may", "fly")):
        refused = run("staff", "add", WIPA, "--unit", "10670", *NURSE, "--name", "a#b#c", *wrong)
        assert refused.exit_code == 2
    assert listed(run) == []


def test_clients_of_the_faces_are_registered_with_their_terms(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_text(json.dumps(jwk.RSAKey.generate_key(2048).as_dict(private=False)))
    where = ("--unit", "10670", "--redirect-uri", "https://app.example/back")
    made = run("client", "add-face", "แอป", "--face", "health-id", *where, "--scope", "profile cid", "--key", str(file))
    assert made.exit_code == 0, made.output
    client_id, secret = made.stdout.strip().split("\t")
    staff = run("client", "add-face", "HIS", "--face", "provider-id", *where, "--staff-token", "--json")
    rows = {row["client_id"]: row for row in map(json.loads, run("client", "list", "--json").stdout.splitlines())}
    assert rows[client_id]["kind"] == "health-id" and rows[client_id]["terms"]["scopes"] == ["profile", "cid"]
    assert rows[client_id]["terms"]["encryption_key"]["kty"] == "RSA" and len(secret) == 43
    assert rows[json.loads(staff.stdout)["client_id"]]["terms"]["has_staff_token"] is True
    assert run("client", "revoke", client_id).exit_code == 0


def test_a_client_of_a_face_is_refused_with_wrong_terms(run: Run, tmp_path: Path) -> None:
    where = ("--unit", "10670", "--redirect-uri", "https://app.example/back")
    private, junk = tmp_path / "private.json", tmp_path / "junk.json"
    private.write_text(json.dumps(jwk.RSAKey.generate_key(2048).as_dict(private=True)))
    junk.write_text("[")
    for wrong, code in (
        (("--scope", "everything"), "SCOPE_UNKNOWN"), (("--key", str(private)), "ENCRYPTION_KEY"),
        (("--key", str(junk)), "ENCRYPTION_KEY"),
    ):  # fmt: skip
        refused = run("client", "add-face", "แอป", "--face", "health-id", *where, *wrong)
        assert getattr(refused.exception, "code", "") == code
    assert run("client", "add-face", "แอป", "--face", "health-id", *where, "--staff-token").exit_code == 2
    assert run("client", "list").stdout == ""
