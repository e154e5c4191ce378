"""Health ID tokens: what they prove, for how long, and every token that proves nothing."""

import base64
import hmac
import json
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from joserfc import jwk, jwt

from morprom.assurance import Aal, Ial, Levels
from morprom.audit import Basis, read_history
from morprom.identity import (
    HealthIdGate,
    HealthIdSession,
    ProviderTokens,
    end_session,
    health_id_token,
    simulated_health_id,
    simulated_provider,
    start_session,
)
from morprom.kernel import Mode, Problem, Secret, Settings, new_id
from morprom.people import Identifier, Person, Scheme, ensure
from morprom.storage import Database, KeyKind, KeyRing, Role
from morprom.units import SignInDesk
from morprom_wire.cid import check_digit
from units.cast import Time, agent_of, attempt, two_hospitals

MALEE = Identifier(Scheme.CID, "199000000001" + str(check_digit("199000000001")))
REFUSED = "TOKEN_REFUSED"


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
async def malee(database: Database, ring: KeyRing) -> Person:
    async with database.transaction() as tx:
        return await ensure(tx, ring, MALEE)


@pytest.fixture
async def session(database: Database, malee: Person, clock: Time) -> HealthIdSession:
    levels = Levels(Ial.CHIP_AND_FACE, Aal.CRYPTOGRAPHIC, clock.now())
    async with database.transaction() as tx:
        return await start_session(tx, malee, client_id="an-app", levels=levels)


@pytest.fixture
def gate(database: Database, ring: KeyRing, settings: Settings, clock: Time) -> HealthIdGate:
    return HealthIdGate(database.transaction, ring, settings, clock.seconds)


@pytest.fixture
def token(ring: KeyRing, settings: Settings, session: HealthIdSession, clock: Time) -> str:
    return health_id_token(ring, settings, session, clock.now()).reveal()


def bearer(token: str) -> bytes:
    return f"Bearer {token}".encode()


def payload(token: str) -> dict[str, object]:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def signed_by(ring: KeyRing, kind: KeyKind, claims: dict[str, object], algorithm: str = "RS256", **more: object) -> str:
    key_id, pem = ring.current(kind)
    header: dict[str, object] = {"alg": algorithm, "kid": str(key_id), "typ": "JWT", **more}
    return jwt.encode(header, claims, jwk.RSAKey.import_key(pem.reveal()), algorithms=[algorithm])


async def refusal(gate: HealthIdGate, token: str) -> str:
    with pytest.raises(Problem) as raised:
        await gate.session(bearer(token))
    return raised.value.code


async def test_a_token_is_its_session(gate: HealthIdGate, token: str, session: HealthIdSession) -> None:
    assert await gate.session(bearer(token)) == session
    assert await gate.session_of(token) == session
    assert gate.is_meant(bearer(token))


async def test_a_token_tells_clients_nothing_by_which_to_compare_people(
    ring: KeyRing, settings: Settings, session: HealthIdSession, clock: Time
) -> None:
    one, two = (payload(health_id_token(ring, settings, session, clock.now()).reveal()) for _ in range(2))
    assert one["sub"] != two["sub"]
    assert str(session.person_id) not in json.dumps(one)
    assert one["aud"] == "an-app" and one["scopes"] == ["phr.read"] and one["scopes_detail"] == {"ial": 2.3}


async def test_a_session_that_was_ended_is_over_at_once(
    gate: HealthIdGate, token: str, session: HealthIdSession, database: Database
) -> None:
    assert await gate.session(bearer(token)) == session
    async with database.transaction() as tx:
        await tx.execute("update health_id_session set ended_at = now()")
    assert await refusal(gate, token) == REFUSED


async def test_a_session_ends_once(database: Database, malee: Person, clock: Time) -> None:
    levels = Levels(Ial.CHIP_AND_FACE, Aal.CRYPTOGRAPHIC, Time().now().replace(year=2126))
    async with database.transaction() as tx:
        jti = (await start_session(tx, malee, client_id="an-app", levels=levels)).jti
        assert await end_session(tx, jti)
        assert not await end_session(tx, jti)
        assert not await end_session(tx, new_id())


async def test_a_token_ends_with_its_session(gate: HealthIdGate, token: str, clock: Time) -> None:
    await gate.session(bearer(token))
    clock.unix += 12 * 3600 + 1
    assert await refusal(gate, token) == REFUSED


@pytest.mark.parametrize("aal", Aal)
async def test_a_session_lasts_no_longer_than_twelve_hours(
    database: Database, malee: Person, clock: Time, aal: Aal
) -> None:
    levels = Levels(Ial.CHIP_AND_FACE, aal, clock.now())
    async with database.transaction() as tx:
        session = await start_session(tx, malee, client_id="an-app", levels=levels, life=timedelta(days=90))
    assert session.ends_at - clock.now() <= timedelta(hours=12)


async def test_what_a_session_is_worth_stands_in_its_row_and_not_in_its_token(
    gate: HealthIdGate, token: str, ring: KeyRing, database: Database
) -> None:
    async with database.transaction() as tx:
        await tx.execute("update health_id_session set ial = '1.3', aal = '1'")
    boastful = signed_by(ring, KeyKind.HEALTH_ID_SIGNING, {**payload(token), "scopes_detail": {"ial": 3.0}})
    session = await gate.session(bearer(boastful))
    assert (session.levels.ial, session.levels.aal) == (Ial.CARD_CHECKED, Aal.ONE_FACTOR)


async def test_without_the_owners_grant_to_read_a_session_is_of_no_use(
    gate: HealthIdGate, token: str, ring: KeyRing, database: Database
) -> None:
    async with database.transaction() as tx:
        await tx.execute("update health_id_session set scopes = '{openid}'")
    greedy = signed_by(ring, KeyKind.HEALTH_ID_SIGNING, {**payload(token), "scopes": ["phr.read"]})
    assert await refusal(gate, greedy) == "SCOPE_MISSING"


async def test_alg_none_is_refused_for_health_id(gate: HealthIdGate, token: str) -> None:
    for header in ({"alg": "none"}, {"alg": "none", "kid": "1"}, {"alg": "NONE", "kid": "1"}, {"kid": "1"}):
        assert await refusal(gate, f"{part(header)}.{part(payload(token))}.") == REFUSED


@pytest.mark.parametrize(("name", "digest"), [("HS256", "sha256"), ("HS512", "sha512")])
async def test_a_public_key_as_a_shared_secret_is_refused(
    gate: HealthIdGate, token: str, ring: KeyRing, name: str, digest: str
) -> None:
    public = jwk.RSAKey.import_key(ring.current(KeyKind.HEALTH_ID_SIGNING)[1].reveal()).as_pem(private=False)
    signed = f"{part({'alg': name, 'kid': '1'})}.{part(payload(token))}"
    mac = hmac.new(public, signed.encode(), digest).digest()
    assert await refusal(gate, f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}") == REFUSED


async def test_a_key_that_the_token_brings_along_is_not_used(gate: HealthIdGate, token: str) -> None:
    own = jwk.RSAKey.generate_key(2048)
    public = own.as_dict(private=False)
    for header in ({"jwk": public}, {"jku": "https://forger.example/jwks"}, {"x5u": "https://forger.example/x5"}):
        stolen = jwt.encode({"alg": "RS256", "kid": "1", **header}, payload(token), own, algorithms=["RS256"])
        assert await refusal(gate, stolen) == REFUSED


@pytest.mark.parametrize("kind", [KeyKind.TOKEN_SIGNING, KeyKind.PROVIDER_SIGNING])
async def test_a_key_of_another_kind_does_not_sign_for_health_id(
    gate: HealthIdGate, token: str, ring: KeyRing, kind: KeyKind
) -> None:
    assert await refusal(gate, signed_by(ring, kind, payload(token))) == REFUSED


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
async def test_no_algorithm_but_rs256_is_taken(gate: HealthIdGate, token: str, ring: KeyRing, algorithm: str) -> None:
    assert await refusal(gate, signed_by(ring, KeyKind.HEALTH_ID_SIGNING, payload(token), algorithm)) == REFUSED


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://elsewhere.example/health-id"},
        {"iss": "http://127.0.0.1:8000/token"},
        {"iss": None},
        {"aud": "another-app"},
        {"aud": ["an-app", "another-app"]},
        {"aud": None},
        {"exp": None},
        {"exp": 1},
        {"exp": "later"},
        {"jti": None},
        {"jti": 7},
        {"jti": "no uuid"},
        {"jti": str(UUID(int=5))},
    ],
)
async def test_claims_that_are_not_the_sessions_are_refused_even_when_we_signed_them(
    gate: HealthIdGate, token: str, ring: KeyRing, change: dict[str, object]
) -> None:
    claims = {name: value for name, value in {**payload(token), **change}.items() if value is not None}
    assert await refusal(gate, signed_by(ring, KeyKind.HEALTH_ID_SIGNING, claims)) == REFUSED


async def test_an_account_center_token_is_no_health_id_and_a_health_id_no_account_center_token(
    gate: HealthIdGate, token: str, database: Database, ring: KeyRing, settings: Settings, clock: Time
) -> None:
    from morprom.units import Gate

    await two_hospitals(database, ring)
    await agent_of(database)
    account = await SignInDesk(database.transaction, ring, settings, clock.now).sign_in(attempt())
    assert isinstance(account, Secret)
    assert not gate.is_meant(bearer(account.reveal()))
    assert await refusal(gate, account.reveal()) == REFUSED
    units = Gate(database.transaction, ring, settings, clock.seconds)
    with pytest.raises(Problem):
        await units.account(bearer(token))
    with pytest.raises(Problem):
        await units.sender(bearer(token))


@pytest.mark.parametrize("junk", ["a.b.c", "..", "e30.e30.", "x" * 3000, "10670:abc", "\x00.\x00", "[].[].[]"])
async def test_junk_is_no_health_id(gate: HealthIdGate, junk: str) -> None:
    assert not gate.is_meant(bearer(junk))
    assert await refusal(gate, junk) == REFUSED


@pytest.mark.parametrize("header", [None, b"", b"Bearer", b"Basic YTpi", b"Bearer \xff", b"Bearer a.\xff.c"])
async def test_what_is_no_bearer_token_is_none(gate: HealthIdGate, header: bytes | None) -> None:
    assert not gate.is_meant(header)
    with pytest.raises(Problem) as raised:
        await gate.session(header)
    assert raised.value.code in ("TOKEN_MISSING", REFUSED)


async def test_a_rotated_key_signs_and_the_former_one_still_verifies(
    gate: HealthIdGate, token: str, ring: KeyRing, settings: Settings, session: HealthIdSession, clock: Time
) -> None:
    ring.make_current(KeyKind.HEALTH_ID_SIGNING, ring.accept_new(KeyKind.HEALTH_ID_SIGNING))
    newer = health_id_token(ring, settings, session, clock.now()).reveal()
    for each in (token, newer):
        assert await gate.session_of(each) == session
    ring.retire(KeyKind.HEALTH_ID_SIGNING, 1)
    with pytest.raises(Problem):
        await gate.session_of(token)


async def test_the_role_of_sign_ins_looks_sessions_up_and_cannot_raise_them(
    database_url: str, session: HealthIdSession, token: str, ring: KeyRing, settings: Settings, clock: Time
) -> None:
    identity = await Database.connect(database_url, Role.IDENTITY, most=1)
    gate = HealthIdGate(identity.transaction, ring, settings, clock.seconds)
    assert await gate.session(bearer(token)) == session
    for change in (
        "aal = '3'",
        "ends_at = now() + interval '1 year'",
        "ended_at = null, person_id = gen_random_uuid()",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with identity.transaction() as tx:
                await tx.execute(f"update health_id_session set {change}")
    identity.terminate()


async def test_a_simulated_sign_in_is_in_the_persons_history_and_never_in_production(
    database: Database, ring: KeyRing, malee: Person
) -> None:
    async with database.transaction() as tx:
        token = await simulated_health_id(tx, ring, Settings(), malee, Ial.CHIP_AND_FACE, Aal.TWO_FACTORS)
        line = (await read_history(tx, malee.person_id, malee.data_key))[-1].entry
    assert (line.basis, line.content.action) == (Basis.OPERATOR, "HealthId") and "SIMULATED" in line.content.reason
    session = await HealthIdGate(database.transaction, ring, Settings()).session(bearer(token.reveal()))
    assert session.client_id == "simulated" and session.person_id == malee.person_id
    production = Settings(mode=Mode.PRODUCTION)
    with pytest.raises(Problem) as raised:
        async with database.transaction() as tx:
            await simulated_health_id(tx, ring, production, malee, Ial.CHIP_AND_FACE, Aal.TWO_FACTORS)
    assert raised.value.code == "PRODUCTION_REFUSED"
    with pytest.raises(Problem):
        simulated_provider(ring, production, "10670", "P1")


# Provider ID


@pytest.fixture
def providers(ring: KeyRing, settings: Settings, clock: Time) -> ProviderTokens:
    return ProviderTokens(ring, settings, clock.seconds)


def test_a_provider_is_verified_at_the_hospital_of_the_token_alone(providers: ProviderTokens, clock: Time) -> None:
    token = providers.sign("P-7", "10670", clock.now()).reveal()
    assert providers.verified_provider(token, "10670") == "P-7"
    assert providers.verified_provider(token, "13814") is None


def test_a_provider_token_ends_after_a_day(providers: ProviderTokens, clock: Time) -> None:
    token = providers.sign("P-7", "10670", clock.now(), timedelta(days=9)).reveal()
    clock.unix += 86_399
    assert providers.verified_provider(token, "10670") == "P-7"
    clock.unix += 2
    assert providers.verified_provider(token, "10670") is None


@pytest.mark.parametrize("kind", [KeyKind.TOKEN_SIGNING, KeyKind.HEALTH_ID_SIGNING])
def test_a_key_of_another_kind_vouches_for_no_provider(
    providers: ProviderTokens, clock: Time, ring: KeyRing, kind: KeyKind
) -> None:
    claims = payload(providers.sign("P-7", "10670", clock.now()).reveal())
    assert providers.verified_provider(signed_by(ring, KeyKind.PROVIDER_SIGNING, claims), "10670") == "P-7"
    assert providers.verified_provider(signed_by(ring, kind, claims), "10670") is None
    assert providers.verified_provider(signed_by(ring, KeyKind.PROVIDER_SIGNING, claims, "RS512"), "10670") is None


@pytest.mark.parametrize(
    "change", [{"iss": "x"}, {"aud": "y"}, {"organization": []}, {"organization": "10670"}, {"sub": 7}, {"sub": None}]
)
def test_odd_claims_vouch_for_no_provider(
    providers: ProviderTokens, clock: Time, ring: KeyRing, change: dict[str, object]
) -> None:
    claims = {**payload(providers.sign("P-7", "10670", clock.now()).reveal()), **change}
    claims = {name: value for name, value in claims.items() if value is not None}
    assert providers.verified_provider(signed_by(ring, KeyKind.PROVIDER_SIGNING, claims), "10670") is None


@pytest.mark.parametrize("junk", ["", "a.b.c", "x" * 100_000, "ก.ข.ค", "\ud800"])
def test_junk_vouches_for_no_provider(providers: ProviderTokens, junk: str) -> None:
    assert providers.verified_provider(junk, "10670") is None
