"""DPoP: proof that a client holds the key that its tokens are bound to (RFC 9449).

A proof counts once: its `jti` is kept for as long as its `iat` would be taken. Server nonces (section 8) are not asked
for: with `iat` within a minute and every proof counted once there is nothing left for them to prevent here.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jwk
from joserfc.errors import JoseError

from morprom.federation import shown
from morprom.federation.keys import header_of
from morprom.federation.model import Refused
from morprom.federation.signed import claims_of
from morprom.kernel import Secret, Words
from morprom.storage import Tx

ALGORITHMS: Final = ("ES256", "PS256", "EdDSA", "Ed25519")
SKEW: Final = 60  # seconds between the clocks of a client and ours
LONGEST: Final = 4_000
LONGEST_JTI: Final = 500
PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "oth"})


@dataclass(frozen=True, slots=True)
class Use:
    """What a proof must be for. `token` is the access token that it comes with, None where there is none yet."""

    method: str
    url: str
    token: Secret[str] | None = None


def thumbprint_of(proof: str, use: Use, now: datetime) -> tuple[str, str] | Refused:
    """Thumbprint of the key that proves (RFC 7638) and the number of the proof."""
    header = header_of(proof) if len(proof) <= LONGEST else {}
    key = _key(header)
    if key is None or header.get("typ") != "dpop+jwt" or header.get("alg") not in ALGORITHMS or "crit" in header:
        return refused("the DPoP proof's header is not as RFC 9449 has it")
    claims = claims_of(proof, key, header["alg"])
    if claims is None:
        return refused("the DPoP proof's signature is wrong")
    if why := _fault(claims, use, int(now.timestamp())):
        return refused(why)
    return key.thumbprint(), claims["jti"]


async def proven(tx: Tx, proof: str, use: Use, now: datetime) -> str | Refused:
    """The thumbprint of a proof that comes for the first time."""
    found = thumbprint_of(proof, use, now)
    if isinstance(found, Refused):
        return found
    thumbprint, jti = found
    if not await shown.is_first(tx, ("dpop", thumbprint, jti), now + timedelta(seconds=2 * SKEW)):
        return refused("the DPoP proof was used before")
    return thumbprint


def refused(why: str) -> Refused:
    """The error of RFC 9449, section 5."""
    return Refused("invalid_dpop_proof", Words("หลักฐาน DPoP ใช้ไม่ได้", why))


def hash_of_token(token: Secret[str]) -> str:
    """`ath`: base64url of SHA-256 of the access token (section 4.2)."""
    return base64.urlsafe_b64encode(token.digest()).rstrip(b"=").decode()


def _fault(claims: dict[str, Any], use: Use, now: int) -> str:
    """Why a proof that is signed is of no use (section 4.3); "" when it is of use."""
    jti, issued = claims.get("jti"), claims.get("iat")
    if not isinstance(jti, str) or not 1 <= len(jti) <= LONGEST_JTI:
        return "the DPoP proof has no jti"
    if not isinstance(issued, int) or isinstance(issued, bool) or abs(now - issued) > SKEW:
        return "the DPoP proof's iat is not now"
    if not _is_in_time(claims, now):
        return "the DPoP proof is not valid now"
    if claims.get("htm") != use.method or _bare(claims.get("htu")) != use.url:
        return "the DPoP proof is for another call"
    if use.token is not None and claims.get("ath") != hash_of_token(use.token):
        return "the DPoP proof is for another token"
    return ""


def _is_in_time(claims: dict[str, Any], now: int) -> bool:
    ends, begins = claims.get("exp", now), claims.get("nbf", now)
    return isinstance(ends, int | float) and isinstance(begins, int | float) and begins - SKEW <= now <= ends + SKEW


def _bare(url: object) -> str:
    """`htu` is compared without query and fragment (section 4.3)."""
    return url.partition("#")[0].partition("?")[0] if isinstance(url, str) else ""


def _key(header: dict[str, Any]) -> jwk.ECKey | jwk.RSAKey | jwk.OKPKey | None:
    """The public key in the header; None for a private or symmetric one, or one that is too weak."""
    given = header.get("jwk")
    if not isinstance(given, dict) or not PRIVATE.isdisjoint(given):  # pyright: ignore[reportUnknownArgumentType]
        return None
    return public_key(given)  # pyright: ignore[reportUnknownArgumentType]


def public_key(given: dict[str, Any]) -> jwk.ECKey | jwk.RSAKey | jwk.OKPKey | None:
    """A key as FAPI 2.0 allows (section 5.4): P-256, Ed25519, or RSA of 2048 bits and more."""
    try:
        key = jwk.import_key(given)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    match key:
        case jwk.ECKey():
            return key if given.get("crv") == "P-256" else None
        case jwk.OKPKey():
            return key if given.get("crv") == "Ed25519" else None
        case jwk.RSAKey():
            return key if key.public_key.key_size >= 2048 else None
        case _:
            return None
