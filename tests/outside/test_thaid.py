"""ThaID: the real client against a stand-in that follows its description, and the simulator's limits."""

import hmac
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from joserfc import jwk, jwt

from morprom.kernel import Cid, Mode, Problem, Secret, Settings
from morprom.kernel.pkce import challenge_of
from morprom.outside import UpstreamRequest, UpstreamSaid, open_outside
from morprom.outside.calls import FAILURES, Service
from morprom.outside.model import UpstreamRefused
from morprom.outside.simulated_thaid import SimulatedThaId, simulated_code
from morprom.outside.thaid import HttpThaId
from morprom.outside.thaid_said import ends_at, level_of
from morprom_wire.cid import check_digit

ISSUER, NOW = "https://thaid.example", 1_790_000_000.0
MALEE = "199000000071" + str(check_digit("199000000071"))
SOMCHAI = "199000000072" + str(check_digit("199000000072"))
ASKED = UpstreamRequest("state", "nonce", "v" * 43, "https://phr.example/id/thaid/back")
KEY = jwk.RSAKey.generate_key(2048, parameters={"kid": "1"})
OTHER = jwk.RSAKey.generate_key(2048, parameters={"kid": "1"})
Change = Callable[[dict[str, Any]], Any]


class StandIn:
    """ThaID as its description has it, but for what a test changes."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.beside: dict[str, Any] = {
            "access_token": "a token", "token_type": "Bearer", "expire_in": int(NOW) + 600, "pid": MALEE, "ial": 2.3,
            "name": "นางมาลี สมมติ", "given_name": "มาลี", "family_name": "สมมติ", "title": "นาง",
            "name_en": "Malee Sommut", "birthdate": "2502-04-09",
        }  # fmt: skip
        self.claims: dict[str, Any] = {
            "iss": ISSUER, "aud": "morprom", "sub": "s1", "nonce": "nonce", "iat": int(NOW), "exp": int(NOW) + 600,
            "pid": MALEE, "amr": ["pin", "swk"],
        }  # fmt: skip
        self.discovery: dict[str, Any] = {
            "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/api/v2/oauth2/auth/",
            "token_endpoint": f"{ISSUER}/api/v2/oauth2/token/",
            "introspection_endpoint": f"{ISSUER}/api/v2/oauth2/introspect/",
            "revocation_endpoint": f"{ISSUER}/api/v2/oauth2/revoke/", "jwks_uri": f"{ISSUER}/jwks/",
        }  # fmt: skip
        self.introspected: dict[str, Any] = {"active": True, "sub": "s1"}
        self.key, self.algorithm, self.status = KEY, "RS256", 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path
        if path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self.discovery)
        if path == "/jwks/":
            return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
        if path.endswith("/token/"):
            token = jwt.encode({"alg": self.algorithm, "kid": "1"}, self.claims, self.key, algorithms=[self.algorithm])
            return httpx.Response(self.status, json={"id_token": token} | self.beside)
        return httpx.Response(200, json=self.introspected if path.endswith("/introspect/") else {})

    @property
    def paths(self) -> list[str]:
        return [request.url.path.removeprefix("/api/v2/oauth2") for request in self.asked]


def client(stand_in: Callable[[httpx.Request], httpx.Response]) -> HttpThaId:
    service, keys = (
        Service("stand-in", transport=httpx.MockTransport(stand_in), repeats=False, clock=lambda: 0.0) for _ in range(2)
    )
    return HttpThaId(ISSUER, ("morprom", Secret("a secret")), service, keys, lambda: NOW)


async def exchanged(stand_in: StandIn, asked: UpstreamRequest = ASKED) -> UpstreamSaid | UpstreamRefused:
    return await client(stand_in).exchange(Secret("a code"), asked)


async def test_the_browser_is_sent_with_state_nonce_and_challenge() -> None:
    address = await client(StandIn()).address(ASKED)
    assert address
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert (parts.netloc, parts.path) == ("thaid.example", "/api/v2/oauth2/auth/")
    assert (query["response_type"], query["client_id"], query["state"], query["nonce"]) == (
        "code", "morprom", "state", "nonce",
    )  # fmt: skip
    assert query["code_challenge"] == challenge_of("v" * 43) and "v" * 43 not in address
    assert {"openid", "pid", "ial"} <= set(query["scope"].split())


async def test_who_signed_in_is_read_and_the_token_asked_about_and_given_back() -> None:
    stand_in = StandIn()
    said = await exchanged(stand_in)
    assert isinstance(said, UpstreamSaid) and not said.is_simulated
    assert (said.cid.digits, said.ial, said.amr) == (MALEE, "2.3", {"pin", "swk"})
    assert (said.name_th, said.name_en, said.birth_on) == ("นาง#มาลี##สมมติ", "#Malee##Sommut", date(1959, 4, 9))
    assert MALEE not in repr(said) and "มาลี" not in repr(said)
    assert stand_in.paths == ["/.well-known/openid-configuration", "/jwks/", "/token/", "/introspect/", "/revoke/"]
    for request in stand_in.asked[2:]:
        assert b64decode(request.headers["authorization"].split()[1]) == b"morprom:a secret"
    form = dict(parse_qsl(stand_in.asked[2].content.decode()))
    assert form == {
        "grant_type": "authorization_code", "code": "a code", "redirect_uri": ASKED.redirect_uri,
        "code_verifier": "v" * 43,
    }  # fmt: skip


def changed(where: str, **members: Any) -> Change:
    def change(stand_in: Any) -> None:
        setattr(stand_in, where, {**getattr(stand_in, where), **members})

    return change


@pytest.mark.parametrize(
    "change",
    [
        changed("claims", nonce="another"), changed("claims", aud="another"), changed("claims", aud=["morprom", "x"]),
        changed("claims", iss="https://evil.example"), changed("claims", exp=int(NOW) - 100),
        changed("claims", pid=SOMCHAI), changed("claims", ial="1.1"), changed("claims", nonce=None),
        changed("beside", expire_in=int(NOW) - 1), changed("beside", expire_in="x"), changed("beside", access_token=""),
        changed("beside", pid="123"), changed("beside", id_token="a.b.c"), changed("beside", id_token=None),
        changed("introspected", active=False), changed("introspected", active="true"),
        changed("introspected", sub="somebody else"),
        lambda it: setattr(it, "key", OTHER), lambda it: setattr(it, "status", 400),
    ],
)  # fmt: skip
async def test_an_answer_that_does_not_hold_in_full_is_nobodys(change: Change) -> None:
    stand_in = StandIn()
    change(stand_in)  # type: ignore[arg-type]
    assert await exchanged(stand_in) is UpstreamRefused.NOT_BELIEVED


def part(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


async def test_an_unsigned_token_and_one_signed_with_the_public_key_are_nobodys() -> None:
    stand_in = StandIn()
    payload = jwt.encode({"alg": "RS256"}, stand_in.claims, KEY).split(".")[1]
    by_secret, by_nobody = part(b'{"alg":"HS256","kid":"1"}'), part(b'{"alg":"none"}')
    signed = f"{by_secret}.{payload}"
    mac = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    for forged in (f"{by_nobody}.{payload}.", f"{signed}.{part(mac)}"):
        stand_in.beside["id_token"] = forged
        assert await exchanged(stand_in) is UpstreamRefused.NOT_BELIEVED


@pytest.mark.parametrize(
    "members",
    [
        {"issuer": "https://evil.example"}, {"token_endpoint": "https://evil.example/token/"}, {"jwks_uri": ""},
        {"authorization_endpoint": "https://thaid.example.evil.example/"},
    ],
)  # fmt: skip
async def test_addresses_of_another_site_are_not_believed(members: dict[str, str]) -> None:
    stand_in = StandIn()
    stand_in.discovery |= members
    assert await client(stand_in).address(ASKED) is None
    assert await exchanged(stand_in) is UpstreamRefused.UNREACHABLE
    assert "/token/" not in stand_in.paths


@pytest.mark.parametrize(
    "answer", [httpx.Response(503), httpx.Response(200, text="["), httpx.Response(200, text="[" * 100_000)]
)
async def test_silence_and_junk_are_unreachable(answer: httpx.Response) -> None:
    assert await client(lambda _: answer).address(ASKED) is None
    assert await client(lambda _: answer).exchange(Secret("c"), ASKED) is UpstreamRefused.UNREACHABLE


async def test_a_code_is_sent_once_and_a_dead_service_is_left_alone() -> None:
    asked: list[str] = []

    def dead(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        raise httpx.ConnectError("gone")

    thaid = client(dead)
    for _ in range(FAILURES + 3):
        assert await thaid.address(ASKED) is None
    assert len(asked) == FAILURES


def test_the_end_of_a_token_is_a_time_or_a_count_of_seconds() -> None:
    assert ends_at({"expire_in": NOW + 5}, NOW) == ends_at({"expires_in": 5}, NOW) == NOW + 5
    assert ends_at({"expire_in": str(int(NOW))}, NOW) == NOW
    for junk in ({}, {"expire_in": None}, {"expire_in": "x"}, {"expire_in": -1}, {"expire_in": []}):
        assert ends_at(junk, NOW) == 0


@pytest.mark.parametrize(
    ("said", "level"),
    [("2.3", "2.3"), (2.3, "2.3"), ("IAL2.3", "2.3"), ("ial 1.1", "1.1"), (3, "3"), (3.0, "3"), ("4", ""), (None, ""),
     ("2.9", ""), ([], ""), ("", "")],
)  # fmt: skip
def test_a_level_is_read_however_it_is_written(said: object, level: str) -> None:
    assert level_of(said) == level


async def test_the_simulator_tells_of_invented_people_what_was_chosen_for_that_request() -> None:
    thaid = SimulatedThaId(Settings(mode=Mode.DEMO))
    address = await thaid.address(ASKED)
    assert address and "/id/thaid/simulated?" in address
    code = simulated_code(Cid(MALEE), "2.1", ("pin",), challenge_of(ASKED.verifier), ASKED.nonce)
    said = await thaid.exchange(Secret(code), ASKED)
    assert isinstance(said, UpstreamSaid) and said.is_simulated
    assert (said.cid.digits, said.ial, said.amr) == (MALEE, "2.1", {"pin"}) and MALEE not in code
    other = UpstreamRequest("state", "nonce", "w" * 43, ASKED.redirect_uri)
    for wrong, asked in ((code, other), ("x", ASKED), ("", ASKED), (code[:-4], ASKED), ("ก", ASKED)):
        assert await thaid.exchange(Secret(wrong), asked) is UpstreamRefused.NOT_BELIEVED
    real = "110170020345" + str(check_digit("110170020345"))
    with pytest.raises(Problem) as refused:
        simulated_code(Cid(real), "2.1", (), "c", "n")
    assert refused.value.code == "NOT_INVENTED"


@pytest.mark.parametrize("mode", [Mode.SANDBOX, Mode.PRODUCTION])
async def test_the_simulator_refuses_outside_demo_mode(mode: Mode) -> None:
    with pytest.raises(Problem) as refused:
        SimulatedThaId(Settings(mode=mode))
    assert refused.value.code == "SIMULATOR_REFUSED"
    async with open_outside(Settings(mode=mode)) as outside:
        assert outside.thaid is None


async def test_it_is_opened_as_the_settings_say(tmp_path: Path) -> None:
    (tmp_path / "thaid").write_text("a secret")
    named = {"thaid_url": ISSUER, "thaid_client_id": "morprom", "outside_secrets": str(tmp_path)}
    async with open_outside(Settings(**named)) as outside:
        assert isinstance(outside.thaid, HttpThaId)
    async with open_outside(Settings(**named, faces="health-id")) as outside:
        assert outside.thaid is None
    async with open_outside(Settings(mode=Mode.DEMO)) as outside:
        assert outside.thaid and outside.thaid.is_simulated
    async with open_outside(Settings(mode=Mode.DEMO, faces="")) as outside:
        assert outside.thaid is None
