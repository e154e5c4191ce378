"""Sign-ins and token calls through the real doors, against what their signatures alone cost.

A sign-in with a passkey is two calls (a challenge, its answer), with PIN and code generator one; a token call carries a
signed assertion and a DPoP proof and gives an ID token. What a browser or a client signs is signed beforehand.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import resource
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwk, jwt

from bench import instance, processors
from bench.people import PIN, UNIT, Place, Reply, Somebody, code_at, place_on
from bench.tables import heading, middle, say, table
from morprom.accounts import Device, start_session
from morprom.accounts.pins import HASHER
from morprom.assurance import Amr
from morprom.federation import Terms, register_party
from morprom.kernel.pkce import challenge_of

BACK = "https://rp.example/back"
SCOPES = ("openid", "offline_access")
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
BUSY = 8
BATCH = 40
"""Codes live for a minute, so few are made at a time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many of each, in so many rounds."""

    people: int = 60
    passkeys: int = 600
    tokens: int = 400
    rounds: int = 3


QUICK = Plan(20, 120, 80, 1)

Work = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Measured:
    """What so many cost, one after the other and several at once."""

    alone: list[float] = field(default_factory=list[float])
    rate: list[float] = field(default_factory=list[float])
    server: list[float] = field(default_factory=list[float])
    postgres: list[float] = field(default_factory=list[float])

    async def round(self, place: Place, work: Sequence[Work]) -> None:
        """Half of it alone, half of it busy. Processor time is of both, in milliseconds."""
        half = len(work) // 2
        before, used = processors.seconds(place.postmaster), _own_seconds()
        started = time.perf_counter()
        for one in work[:half]:
            await one()
        self.alone.append(1000 * (time.perf_counter() - started) / half)
        started = time.perf_counter()
        queue = iter(work[half:])

        async def take() -> None:
            for one in queue:
                await one()

        await asyncio.gather(*[take() for _ in range(BUSY)])
        self.rate.append((len(work) - half) / (time.perf_counter() - started))
        self.server.append(1000 * (_own_seconds() - used) / len(work))
        self.postgres.append(1000 * (processors.seconds(place.postmaster) - before) / len(work))

    def row(self, name: str, floor: float) -> list[object]:
        """A line of the table. `floor` is what the signatures alone take, in milliseconds."""
        server, postgres = middle(self.server, float), middle(self.postgres, float)
        return [name, middle(self.alone, float), middle(self.rate, float), server, postgres, floor, server / floor]


def measure(plan: Plan, *, sign_ins: bool = True, tokens: bool = True) -> None:
    """Prepare people and a client, then sign in and call."""
    heading("Signing in and tokens")
    with tempfile.TemporaryDirectory(prefix="morprom-bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        instance.prepare(folder / "run")
        rows = asyncio.run(_measured(plan, folder / "run", sign_ins, tokens))
    say(
        f"One process, {BUSY} at once for the rate, PostgreSQL beside it. Processor time of one sign-in or call; the"
        " floor is what its signatures (for the PIN its Argon2id) take, and nothing else.\n"
    )
    names = (
        "what",
        "ms, alone",
        f"a second, {BUSY} at once",
        "server ms",
        "PostgreSQL ms",
        "floor ms",
        "server / floor",
    )
    table(names, rows)


async def _measured(plan: Plan, data: Path, sign_ins: bool, tokens: bool) -> list[list[object]]:
    verify, sign, hashed = _floors()
    rows: list[list[object]] = []
    async with place_on(data) as place:
        people = await place.people(plan.people)
        if sign_ins:
            rows.append((await _passkeys(plan, place, people)).row("sign-in with a passkey", verify))
            rows.append((await _pins(plan, place, people)).row("sign-in with PIN and code generator", hashed))
        if tokens:
            client = await _client(place)
            rows.append((await _codes(plan, place, people, client)).row("tokens for a code", 2 * verify + sign))
            rows.append(
                (await _renewals(plan, place, people, client)).row("tokens for a refresh token", 2 * verify + sign)
            )
    say(
        f"Floors in this run: {1000 / verify:,.0f} ES256 verifications a second, {1000 / sign:,.0f} signatures,"
        f" {1000 / hashed:,.0f} Argon2id.\n"
    )
    return rows


def _floors() -> tuple[float, float, float]:
    """Milliseconds of one ES256 verification, one signature, one Argon2id of a PIN; the best of five."""
    key, message = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(300)
    kind = ec.ECDSA(hashes.SHA256())
    signature, public, kept = key.sign(message, kind), key.public_key(), HASHER.hash(PIN)
    return (
        _best(lambda: public.verify(signature, message, kind), 500),
        _best(lambda: key.sign(message, kind), 500),
        _best(lambda: HASHER.verify(kept, PIN), 10),
    )


def _best(work: Callable[[], object], times: int) -> float:
    found: list[float] = []
    for _ in range(5):
        started = time.process_time()
        for _ in range(times):
            work()
        found.append(1000 * (time.process_time() - started) / times)
    return min(found)


# Signing in


async def _passkeys(plan: Plan, place: Place, people: Sequence[Somebody]) -> Measured:
    found = Measured()
    for _ in range(plan.rounds):
        turns = [people[number % len(people)] for number in range(plan.passkeys)]
        await found.round(place, [_passkey(place, one) for one in turns])
    return found


def _passkey(place: Place, one: Somebody) -> Work:
    async def work() -> None:
        options = json.loads(_good(await place.speak("/id/sign-in/options", {})).body)
        answer = one.key.use(options)  # the phone's part: one signature
        _good(await place.speak("/id/sign-in/passkey", {"answer": answer, "next": "/id"}))

    return work


async def _pins(plan: Plan, place: Place, people: Sequence[Somebody]) -> Measured:
    """Once a person and round, each with the code of another step."""
    found, now = Measured(), time.time()
    for number in range(min(plan.rounds, 3)):
        at = now + 30 * (number - 1)  # a step before, this one, a step after: all are taken (RFC 6238, 5.2)
        await found.round(place, [_pin(place, one, code_at(one.secret, at)) for one in people])
    return found


def _pin(place: Place, one: Somebody, code: str) -> Work:
    async def work() -> None:
        _good(await place.form("/id/sign-in/pin", {"cid": one.cid, "pin": PIN, "code": code, "next": "/id"}), 303)

    return work


# Tokens


@dataclass(frozen=True, slots=True)
class Client:
    """A client of the FAPI 2.0 profile."""

    client_id: str
    issuer: str
    key: jwk.ECKey
    dpop: jwk.ECKey

    def credentials(self) -> dict[str, str]:
        """A fresh assertion."""
        now = int(time.time())
        said = {
            "iss": self.client_id, "sub": self.client_id, "aud": self.issuer, "iat": now, "exp": now + 300,
            "jti": secrets.token_hex(8),
        }  # fmt: skip
        return {"client_assertion_type": ASSERTION, "client_assertion": jwt.encode({"alg": "ES256"}, said, self.key)}

    def proof(self) -> str:
        """A fresh DPoP proof for the token endpoint."""
        said = {"jti": secrets.token_hex(8), "htm": "POST", "htu": f"{self.issuer}/oidc/token", "iat": int(time.time())}
        return jwt.encode({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.dpop.as_dict(private=False)}, said, self.dpop)


async def _client(place: Place) -> Client:
    services, key = place.services, jwk.ECKey.generate_key("P-256")
    terms = Terms(profile="fapi2", auth="private_key_jwt", scopes=SCOPES, jwks={"keys": [key.as_dict(private=False)]})
    async with place.owner.transaction() as tx:
        made = await register_party(tx, "แอปวัดความเร็ว", UNIT, (BACK,), terms, services.settings.mode)
    return Client(made.client.client_id, services.settings.public_url, key, jwk.ECKey.generate_key("P-256"))


async def _codes(plan: Plan, place: Place, people: Sequence[Somebody], client: Client) -> Measured:
    found = Measured()
    cookies = [await _seat(place, one) for one in people]
    for number in range(max(1, plan.rounds * plan.tokens // (4 * BATCH))):
        ways = [cookies[(number * BATCH + place_) % len(cookies)] for place_ in range(BATCH)]
        forms = [await _code(place, client, cookie) for cookie in ways]
        await found.round(place, [_call(place, client, form) for form in forms])
    return found


async def _renewals(plan: Plan, place: Place, people: Sequence[Somebody], client: Client) -> Measured:
    """Chains: what one call gives is what the next one shows."""
    found, chains = Measured(), [asyncio.Queue[str]() for _ in range(BUSY)]
    for chain, one in zip(chains, people, strict=False):
        form = await _code(place, client, await _seat(place, one))
        chain.put_nowait(await _tokens(place, client, form, client.credentials(), client.proof()))
    for _ in range(plan.rounds):
        await found.round(place, [_renewal(place, client, chains[n % BUSY]) for n in range(plan.tokens)])
    return found


def _renewal(place: Place, client: Client, chain: asyncio.Queue[str]) -> Work:
    signed, proof = client.credentials(), client.proof()

    async def work() -> None:
        form = {"grant_type": "refresh_token", "refresh_token": await chain.get()}
        chain.put_nowait(await _tokens(place, client, form, signed, proof))

    return work


def _call(place: Place, client: Client, form: dict[str, str]) -> Work:
    signed, proof = client.credentials(), client.proof()

    async def work() -> None:
        await _tokens(place, client, form, signed, proof)

    return work


async def _tokens(place: Place, client: Client, form: dict[str, str], signed: dict[str, str], proof: str) -> str:
    reply = _good(await place.send("POST", "/oidc/token", urlencode(form | signed).encode(), dpop=proof))
    return json.loads(reply.body)["refresh_token"]


async def _code(place: Place, client: Client, cookie: str) -> dict[str, str]:
    """A code, by the way that a browser goes, and what a client sends with it."""
    verifier = secrets.token_urlsafe(40)
    asked = {
        "response_type": "code", "client_id": client.client_id, "redirect_uri": BACK, "scope": " ".join(SCOPES),
        "state": "s", "nonce": "n", "code_challenge_method": "S256", "code_challenge": challenge_of(verifier),
        "prompt": "consent",
    }  # fmt: skip
    body = urlencode(asked | client.credentials()).encode()
    uri = json.loads(_good(await place.send("POST", "/oidc/par", body), 201).body)["request_uri"]
    query = urlencode({"client_id": client.client_id, "request_uri": uri})
    page = _good(await place.send("GET", f"/oidc/authorize?{query}", cookie=cookie)).body.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    reply = _good(await place.form("/oidc/ask", hidden | {"answer": "allow"}, cookie=cookie), 303)
    code = parse_qs(urlsplit(reply.headers["location"]).query)["code"][0]
    return {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": verifier}


async def _seat(place: Place, one: Somebody) -> str:
    """The cookies of somebody who is signed in."""
    services = place.services
    async with services.identity.transaction() as tx:
        started = await start_session(
            tx, services.ring, one.person_id, amr={Amr.SOFTWARE_KEY, Amr.USER}, device=Device(), now=services.clock()
        )
    form = base64.urlsafe_b64encode(hashlib.sha256(one.cid.encode()).digest()).rstrip(b"=").decode()
    return f"morprom={started.cookie.reveal()}; morprom-form={form}"


def _good(reply: Reply, status: int = 200) -> Reply:
    if reply.status != status:
        raise SystemExit(f"an answer that is not {status}: {reply.status} {reply.body[:300]!r}")
    return reply


def _own_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
