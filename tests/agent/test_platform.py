"""Signing in, patience, and certificates."""

import base64
import json
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from morprom_agent.ledger import Note
from morprom_agent.platform import Link, Password, UploadToken, credentials_of
from morprom_agent.platform.credentials import Bearer, lifetime
from morprom_agent.platform.link import LONGEST_PAUSE, retry_after
from morprom_agent.platform.platform import notes_of
from morprom_agent.settings import Settings
from morprom_agent.stop import Exit, Stop
from morprom_wire.sign_in import password_hash


def jwt(**claims: float) -> str:
    return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.c2ln"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("life", "renewed_after"), [(4 * 3600, 4 * 3600 - 900), (3600, 2700), (600, 300)])
def test_a_token_is_renewed_when_under_fifteen_minutes_remain(life: int, renewed_after: int) -> None:
    clock, fetched = Clock(), []

    def fetch() -> str:
        fetched.append(clock.now)
        return jwt(iat=5, exp=5 + life)

    bearer = Bearer(fetch, clock)
    for clock.now in (0, renewed_after - 1, renewed_after, renewed_after + 1):
        bearer.current()
    assert fetched == [0, renewed_after]


def test_a_refusal_of_an_older_token_renews_nothing() -> None:
    tokens = iter([jwt(iat=0, exp=3600, n=1), jwt(iat=0, exp=3600, n=2)])
    bearer = Bearer(lambda: next(tokens))
    old = bearer.current()
    bearer.refused(old)
    new = bearer.current()
    bearer.refused(old)
    assert bearer.current() == new != old


@pytest.mark.parametrize("token", ["", "abc", "a.b.c", jwt(exp=1), "10670:{x}"])
def test_a_token_that_does_not_say_how_long_it_lives_is_taken_for_an_hour(token: str) -> None:
    assert lifetime(token) == 3600


def test_retry_after_in_seconds_as_a_date_and_in_nonsense() -> None:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    assert retry_after("7", 1) == 7
    assert retry_after("Mon, 05 Jan 2026 00:00:09 GMT", 1, lambda: now) == 9
    assert retry_after("soon", 1.5) == 1.5
    assert retry_after("", 1.5) == 1.5
    assert retry_after("-3", 1) == 0
    assert retry_after("86400", 1) == LONGEST_PAUSE


def test_findings_of_a_reply_keep_code_and_place_alone() -> None:
    issue = {"severity": "warning", "code": "X", "path": "/Patient", "text_th": "นายมานะ", "text_en": "1990000000014"}
    assert notes_of({"processing_issue": [issue, "junk"]}) == (Note("X", "/Patient"),)
    assert notes_of({"processing_warning": ["นายมานะ"]}) == (Note("WARNING", ""),)
    assert notes_of({"processing_warning": []}) == ()
    assert len(notes_of({"processing_issue": [issue] * 500})) == 50


def test_only_the_hash_of_a_password_is_kept(tmp_path) -> None:
    file = tmp_path / "password.txt"
    file.write_bytes("\ufeffcorrect horse\r\n".encode())
    found = credentials_of(Settings(user="agent", password_file=file))
    assert found == Password("agent", password_hash("correct horse"))
    assert "horse" not in repr(found)
    assert found.hash not in repr(found)


@pytest.mark.parametrize("written", ["10670:{abc}", "abc"])
def test_an_upload_token_may_be_given_with_or_without_its_hospital(tmp_path, written) -> None:
    file = tmp_path / "token.txt"
    file.write_text(written)
    assert credentials_of(Settings(hcode="10670", token_file=file)) == UploadToken("10670:{abc}")


@pytest.mark.parametrize("given", [{}, {"user": "agent"}, {"user": "agent", "password_file": Path("/nowhere/p.txt")}])
def test_missing_credentials_are_named(given) -> None:
    with pytest.raises(Stop, match="password_file") as stop:
        credentials_of(Settings(**given))
    assert stop.value.code is Exit.SETTINGS


def self_signed(folder: Path) -> tuple[Path, Path]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    from ipaddress import ip_address

    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "ca.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pem, secret


def test_a_private_ca_is_trusted_when_named_and_not_otherwise(hospital, platform, agent, tmp_path) -> None:
    pem, secret = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    platform.server.socket = context.wrap_socket(platform.server.socket, server_side=True)
    source, url = hospital.folder(tmp_path / "in"), platform.url.replace("http:", "https:")
    assert agent("send", source, "--to", url).code == Exit.UNREACHABLE
    assert agent("send", source, "--to", url, "--ca-file", str(pem)).code == 0
    assert agent("send", source, "--to", url, "--ca-file", str(secret)).code == Exit.SETTINGS


def test_the_proxy_of_the_environment_is_used(monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    link = Link("http://phr.example.test")
    monkeypatch.setattr("morprom_agent.platform.link.FIRST_PAUSE", 0.001)
    assert link.call("GET", "/").status == 0
    link.close()
