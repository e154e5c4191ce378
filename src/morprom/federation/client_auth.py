"""Who calls: a relying party by its secret or by an assertion that it signed.

RFC 6749, section 2.3; RFC 7523; FAPI 2.0 security profile, section 5.3.2.

A client uses the one way that it is registered for. Secrets are 256 random bits, so there is nothing to guess.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from morprom.federation import shown
from morprom.federation.dpop import public_key
from morprom.federation.keys import header_of
from morprom.federation.model import OPENID, Party, Refused, Terms
from morprom.federation.signed import claims_of
from morprom.identity import Client, clients
from morprom.kernel import Secret, Words
from morprom.storage import Tx

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS: Final = ("ES256", "PS256", "EdDSA", "Ed25519")
OF_KEY: Final = {"EC": ("ES256",), "RSA": ("PS256",), "OKP": ("EdDSA", "Ed25519")}
SKEW: Final = 10  # seconds; FAPI 2.0, 5.3.2.1: up to 10 accepted, more than 60 refused
LONGEST_LIFE: Final = 3_600
LONGEST: Final = 8_000


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a caller shows. `client_id` is what the body says, or the user name of HTTP Basic."""

    client_id: str = ""
    basic: Secret[str] | None = field(default=None, repr=False)
    secret: Secret[str] | None = field(default=None, repr=False)
    assertion: str = field(default="", repr=False)
    assertion_type: str = ""

    @property
    def ways(self) -> list[str]:
        """Every way in which it shows something."""
        given = {
            "client_secret_basic": self.basic is not None,
            "client_secret_post": self.secret is not None,
            "private_key_jwt": bool(self.assertion or self.assertion_type),
        }
        return [way for way, is_given in given.items() if is_given]


def party_of(client: Client) -> Party:
    """A client with its terms."""
    return Party(client, msgspec.json.decode(client.terms, type=Terms))


async def find_party(tx: Tx, client_id: str) -> Party | None:
    """The relying party of that name, unless it was revoked."""
    client = await clients.find_client(tx, client_id, OPENID) if client_id.isascii() and "\0" not in client_id else None
    return party_of(client) if client else None


async def authenticate(tx: Tx, credentials: Credentials, issuer: str, now: datetime) -> Party | Refused:
    """Who calls; one and the same answer for whatever is wrong."""
    ways = credentials.ways
    if len(ways) > 1:
        words = Words("แสดงตัวได้เพียงวิธีเดียว", "a client authenticates in one way (RFC 6749, section 2.3)")
        return Refused("invalid_request", words)
    if ways == ["private_key_jwt"]:
        return await _by_assertion(tx, credentials, issuer, now)
    secret = credentials.basic or credentials.secret
    if secret is None or not credentials.client_id.isascii() or "\0" in credentials.client_id:
        return wrong()
    client = await clients.authenticate(tx, credentials.client_id, secret, OPENID)
    party = party_of(client) if client else None
    return party if party and [party.terms.auth] == ways else wrong()


def wrong() -> Refused:
    """What is said to somebody who is not a client."""
    return Refused("invalid_client", Words("ไม่รู้จักโปรแกรม หรือพิสูจน์ตัวไม่ถูกต้อง", "client authentication failed"))


async def _by_assertion(tx: Tx, credentials: Credentials, issuer: str, now: datetime) -> Party | Refused:
    assertion = credentials.assertion
    if credentials.assertion_type != ASSERTION_TYPE or len(assertion) > LONGEST:
        return wrong()
    named = _unverified_subject(assertion)
    party = await find_party(tx, named)
    if party is None or party.terms.auth != "private_key_jwt" or credentials.client_id not in ("", named):
        return wrong()
    claims = _verified(assertion, party.terms)
    if claims is None or not _counts(claims, party.client_id, issuer, int(now.timestamp())):
        return wrong()
    ends_at = datetime.fromtimestamp(claims["exp"], UTC) + timedelta(seconds=SKEW)
    is_first = await shown.is_first(tx, ("assertion", party.client_id, claims["jti"]), ends_at)
    return party if is_first else wrong()


def _verified(assertion: str, terms: Terms) -> dict[str, Any] | None:
    """The claims, when a registered key signed them. Keys that the assertion itself brings are not looked at."""
    header = header_of(assertion)
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS or "crit" in header:
        return None
    for given in (terms.jwks or {}).get("keys", []):
        key = public_key(given)
        is_meant = header.get("kid") in (None, given.get("kid"))
        if key is None or not is_meant or algorithm not in OF_KEY[given["kty"]]:
            continue
        if given.get("alg") in (None, algorithm) and (claims := claims_of(assertion, key, algorithm)) is not None:
            return claims
    return None


def _counts(claims: dict[str, Any], client_id: str, issuer: str, now: int) -> bool:
    """RFC 7523, section 3, with FAPI 2.0, 5.3.2.1: `aud` is our issuer as a string and nothing else."""
    jti = claims.get("jti")
    ends, begins, issued = _time(claims.get("exp")), _time(claims.get("nbf", now)), _time(claims.get("iat", now))
    if ends is None or begins is None or issued is None:
        return False
    return (
        claims.get("iss") == client_id
        and claims.get("sub") == client_id
        and claims.get("aud") == issuer
        and isinstance(jti, str)
        and 1 <= len(jti) <= LONGEST
        and now - SKEW < ends <= now + LONGEST_LIFE
        and max(begins, issued) <= now + SKEW
    )


def _time(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if abs(value) < 1e11 else None  # beyond that it is no Unix time


def _unverified_subject(assertion: str) -> str:
    """Whose assertion it says that it is: only to find the keys by."""
    payload = header_of(assertion.partition(".")[2])
    subject = payload.get("sub")
    return subject if isinstance(subject, str) else ""
