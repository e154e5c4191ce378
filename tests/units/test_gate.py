"""Who is calling: what a token proves, for how long, and the tokens that prove nothing."""

import base64
import hashlib
import hmac
import json
from contextlib import AbstractAsyncContextManager

import pytest
from joserfc import jwk, jwt

from morprom.kernel import Problem, Secret, Settings
from morprom.storage import Database, KeyKind, KeyRing, Tx
from morprom.units import Account, Gate, Permission, SignInDesk, jwks
from morprom.units.administration import accounts, upload_tokens
from units.cast import KHON_KAEN, SIRIRAJ, Time, agent_of, attempt, two_hospitals


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
async def agent(database: Database, ring: KeyRing) -> Account:
    await two_hospitals(database, ring)
    return await agent_of(database)


@pytest.fixture
def gate(database: Database, ring: KeyRing, settings: Settings, clock: Time) -> Gate:
    return Gate(database.transaction, ring, settings, clock.seconds)


@pytest.fixture
async def token(database: Database, ring: KeyRing, settings: Settings, clock: Time, agent: Account) -> str:
    answer = await SignInDesk(database.transaction, ring, settings, clock.now).sign_in(attempt())
    assert isinstance(answer, Secret)
    return answer.reveal()


def bearer(token: str) -> bytes:
    return f"Bearer {token}".encode()


def payload(token: str) -> dict[str, object]:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


async def refusal(gate: Gate, authorization: bytes | None) -> str:
    with pytest.raises(Problem) as raised:
        await gate.account(authorization)
    return raised.value.code


async def test_a_token_is_its_account(gate: Gate, token: str, agent: Account) -> None:
    assert await gate.account(bearer(token)) == agent
    assert await gate.account(b"bearer   " + token.encode()) == agent
    assert await gate.sender(bearer(token)) == agent


async def test_a_token_says_what_the_ministry_s_tokens_say(token: str, agent: Account, settings: Settings) -> None:
    claims = payload(token)
    assert claims["client"] == {
        "user_id": str(agent.account_id),
        "login": "agent",
        "name": "agent",
        "hospital_code": "10670",
        "hospital_name": "โรงพยาบาลขอนแก่น",
        "scope": [{"code": "MOPH_PHR_HIE:1"}],
        "role": [],
    }
    assert {"iss", "sub", "aud", "iat", "exp", "jti"} <= claims.keys()
    assert claims["iss"] == f"{settings.public_url}/token"


async def test_a_token_ends(gate: Gate, token: str, clock: Time) -> None:
    await gate.account(bearer(token))
    clock.unix += 240 * 60 + 1
    assert await refusal(gate, bearer(token)) == "TOKEN_REFUSED"


async def test_a_disabled_account_s_token_is_refused_within_a_minute(
    gate: Gate, token: str, clock: Time, database: Database
) -> None:
    await gate.account(bearer(token))
    async with database.transaction() as tx:
        await accounts.disable(tx, "agent", KHON_KAEN, clock.now())
    clock.unix += 31
    assert await refusal(gate, bearer(token)) == "TOKEN_REFUSED"


async def test_a_new_password_ends_the_tokens_of_the_old_one(
    gate: Gate, token: str, clock: Time, database: Database
) -> None:
    async with database.transaction() as tx:
        await accounts.renew_password(tx, "agent", None, Secret("quite another one"), "$jwt@moph#")
    assert await refusal(gate, bearer(token)) == "TOKEN_REFUSED"


@pytest.mark.parametrize("header", [None, b"", b"Bearer", b"Bearer ", b"Basic YTpi", b"Bearer \xff", b"token"])
async def test_without_a_bearer_token_nobody_is_known(gate: Gate, header: bytes | None) -> None:
    assert await refusal(gate, header) == "TOKEN_MISSING"


@pytest.mark.parametrize("junk", ["a.b.c", "..", "e30.e30.", "x" * 4000, "10670:abc", "::", "\x00.\x00"])
async def test_junk_is_refused(gate: Gate, junk: str) -> None:
    assert await refusal(gate, bearer(junk)) == "TOKEN_REFUSED"


def forged(ring: KeyRing, header: dict[str, str], claims: dict[str, object], key: bytes) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    signed = f"{part(header)}.{part(claims)}"
    signature = hmac.new(key, signed.encode(), hashlib.sha512).digest() if key else b""
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


async def test_alg_none_is_refused(gate: Gate, token: str, ring: KeyRing) -> None:
    for header in ({"alg": "none"}, {"alg": "none", "kid": "1"}, {"alg": "None", "kid": "1"}):
        assert await refusal(gate, bearer(forged(ring, header, payload(token), b""))) == "TOKEN_REFUSED"


async def test_hs512_with_the_public_key_is_refused(gate: Gate, token: str, ring: KeyRing) -> None:
    public = jwk.RSAKey.import_key(ring.current(KeyKind.TOKEN_SIGNING)[1].reveal()).as_pem(private=False)
    header = {"alg": "HS512", "kid": "1", "typ": "JWT"}
    assert await refusal(gate, bearer(forged(ring, header, payload(token), public))) == "TOKEN_REFUSED"


async def test_a_key_of_the_forger_in_the_header_is_not_used(gate: Gate, token: str) -> None:
    own = jwk.RSAKey.generate_key(2048)
    header = {"alg": "RS512", "kid": "1", "jwk": own.as_dict(private=False)}
    stolen = jwt.encode(header, payload(token), own, algorithms=["RS512"])
    assert await refusal(gate, bearer(stolen)) == "TOKEN_REFUSED"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://elsewhere.example/token"},
        {"aud": "another"},
        {"exp": None},
        {"exp": "later"},
        {"sub": "nobody"},
        {"sub": 7},
        {"gen": None},
        {"gen": 0},
    ],
)
async def test_claims_that_are_not_ours_are_refused_even_when_we_signed_them(
    gate: Gate, token: str, ring: KeyRing, change: dict[str, object]
) -> None:
    claims = {name: value for name, value in {**payload(token), **change}.items() if value is not None}
    key_id, pem = ring.current(KeyKind.TOKEN_SIGNING)
    key = jwk.RSAKey.import_key(pem.reveal())
    signed = jwt.encode({"alg": "RS512", "kid": str(key_id)}, claims, key, algorithms=["RS512"])
    assert await refusal(gate, bearer(signed)) == "TOKEN_REFUSED"


async def test_a_rotated_key_still_verifies_until_it_is_retired(
    gate: Gate, token: str, ring: KeyRing, clock: Time
) -> None:
    ring.make_current(KeyKind.TOKEN_SIGNING, ring.accept_new(KeyKind.TOKEN_SIGNING))
    await gate.account(bearer(token))
    assert [key["kid"] for key in jwks(ring)["keys"]] == ["1", "2"]
    assert not any("d" in key for key in jwks(ring)["keys"])
    ring.retire(KeyKind.TOKEN_SIGNING, 1)
    clock.unix += 31
    assert await refusal(gate, bearer(token)) == "TOKEN_REFUSED"


async def test_an_upload_token_sends_for_its_hospital_and_signs_in_nowhere(
    gate: Gate, agent: Account, database: Database, clock: Time
) -> None:
    async with database.transaction() as tx:
        made = (await upload_tokens.make(tx, KHON_KAEN, clock.now())).reveal()
    sender = await gate.sender(bearer(made))
    assert sender.hcode == KHON_KAEN
    assert not isinstance(sender, Account)
    assert await refusal(gate, bearer(made)) == "TOKEN_REFUSED"


async def test_an_upload_token_is_of_no_use_for_another_hospital(
    gate: Gate, agent: Account, database: Database, clock: Time
) -> None:
    async with database.transaction() as tx:
        made = (await upload_tokens.make(tx, KHON_KAEN, clock.now())).reveal()
    with pytest.raises(Problem, match="TOKEN_REFUSED"):
        await gate.sender(bearer(made.replace(KHON_KAEN, SIRIRAJ)))


async def test_a_new_upload_token_ends_the_one_before_and_each_ends_after_a_year(
    gate: Gate, agent: Account, database: Database, clock: Time
) -> None:
    async with database.transaction() as tx:
        first = (await upload_tokens.make(tx, KHON_KAEN, clock.now())).reveal()
        second = (await upload_tokens.make(tx, KHON_KAEN, clock.now())).reveal()
    with pytest.raises(Problem, match="TOKEN_REFUSED"):
        await gate.sender(bearer(first))
    await gate.sender(bearer(second))
    clock.unix += 366 * 86400
    with pytest.raises(Problem, match="TOKEN_REFUSED"):
        await gate.sender(bearer(second))


async def test_a_revoked_upload_token_is_refused_within_a_minute(
    gate: Gate, agent: Account, database: Database, clock: Time
) -> None:
    async with database.transaction() as tx:
        made = (await upload_tokens.make(tx, KHON_KAEN, clock.now())).reveal()
    await gate.sender(bearer(made))
    async with database.transaction() as tx:
        assert await upload_tokens.revoke(tx, KHON_KAEN, clock.now())
        assert not await upload_tokens.revoke(tx, KHON_KAEN, clock.now())
    clock.unix += 31
    with pytest.raises(Problem, match="TOKEN_REFUSED"):
        await gate.sender(bearer(made))


def test_an_account_does_what_it_is_permitted_and_no_more(agent: Account) -> None:
    agent.demand_sending()
    agent.demand_unit("10670")
    for refused in (
        agent.demand_reading,
        lambda: agent.demand(Permission.IDP, Permission.REPORT),
        lambda: agent.demand_unit("13814"),
        lambda: agent.demand_unit(None),
    ):
        with pytest.raises(Problem) as raised:
            refused()
        assert raised.value.category.value == "forbidden"


async def test_an_account_without_the_permission_is_no_sender(
    gate: Gate, agent: Account, database: Database, ring: KeyRing, clock: Time
) -> None:
    await agent_of(database, KHON_KAEN, Permission.REPORT, login="viewer")
    answer = await SignInDesk(database.transaction, ring, Settings(), clock.now).sign_in(attempt(login="viewer"))
    assert isinstance(answer, Secret)
    with pytest.raises(Problem, match="PERMISSION_MISSING"):
        await gate.sender(bearer(answer.reveal()))


async def test_a_token_that_was_just_good_is_found_without_a_transaction(
    database: Database, ring: KeyRing, settings: Settings, clock: Time, token: str
) -> None:
    transactions = 0

    def counted() -> AbstractAsyncContextManager[Tx]:
        nonlocal transactions
        transactions += 1
        return database.transaction()

    gate = Gate(counted, ring, settings, clock.seconds)
    header = bearer(token)
    for _ in range(1000):
        await gate.sender(header)
    assert transactions == 1
