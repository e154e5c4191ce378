"""Tokens as strings: JWTs signed with the ring's RSA keys of one kind, several of which verify at once."""

import binascii
from typing import Any, Final

import msgspec
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from morprom.kernel import Secret
from morprom.storage import KeyKind, KeyRing
from morprom.units.rules import AUDIENCE

ALGORITHM: Final = "RS512"
LONGEST_KEY_ID: Final = 9


class Signer:
    """Signs with the current key and verifies with any live one. Keys are parsed once a process.

    An issuer has its own kind of key and one algorithm, so no token of one passes for a token of another. `audience`
    None: some text, which the caller compares.
    """

    def __init__(
        self,
        ring: KeyRing,
        issuer: str,
        kind: KeyKind = KeyKind.TOKEN_SIGNING,
        algorithm: str = ALGORITHM,
        audience: str | None = AUDIENCE,
    ) -> None:
        self._ring = ring
        self._kind = kind
        self._algorithm = algorithm
        self._audience = audience
        self.issuer: Final = issuer
        self._parsed: dict[int, jwk.RSAKey] = {}

    def sign(self, claims: dict[str, Any]) -> Secret[str]:
        """The token of these claims."""
        key_id, pem = self._ring.current(self._kind)
        header = {"alg": self._algorithm, "kid": str(key_id), "typ": "JWT"}
        return Secret(jwt.encode(header, claims, self._key(key_id, pem), algorithms=[self._algorithm]))

    def verify(self, token: str, now: float) -> dict[str, Any] | None:
        """The claims of a token that one of the live keys signed for us and that has not ended; else None."""
        live = self._ring.all(self._kind)
        key_id = _key_id(token)
        if key_id is None or key_id not in live:
            return None
        expected = jwt.JWTClaimsRegistry(
            now=lambda: int(now),
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._audience} if self._audience else {"essential": True},
            exp={"essential": True},
        )
        try:
            decoded = jwt.decode(token, self._key(key_id, live[key_id]), algorithms=[self._algorithm])
            expected.validate(decoded.claims)
        except (JoseError, ValueError):
            return None
        return decoded.claims

    def _key(self, key_id: int, pem: Secret[bytes]) -> jwk.RSAKey:
        if key_id not in self._parsed:
            self._parsed[key_id] = jwk.RSAKey.import_key(pem.reveal())
        return self._parsed[key_id]


def jwks(ring: KeyRing) -> dict[str, list[dict[str, Any]]]:
    """The public halves of every live signing key, as a JSON Web Key Set (RFC 7517)."""
    return {
        "keys": [
            {
                **jwk.RSAKey.import_key(pem.reveal()).as_dict(private=False),
                "kid": str(key_id), "use": "sig", "alg": ALGORITHM,
            }
            for key_id, pem in ring.all(KeyKind.TOKEN_SIGNING).items()
        ]
    }  # fmt: skip


def public_pem(ring: KeyRing, kind: KeyKind) -> bytes:
    """The public half of the current signing key of a kind, as PEM."""
    return jwk.RSAKey.import_key(ring.current(kind)[1].reveal()).as_pem(private=False)


def _key_id(token: str) -> int | None:
    """The key a token says it is signed with: not trusted, only looked up."""
    head = token.partition(".")[0]
    try:
        header = msgspec.json.decode(binascii.a2b_base64(head.translate(_URL_SAFE) + "=="))
    except (ValueError, msgspec.DecodeError, RecursionError):
        return None
    kid = header.get("kid") if isinstance(header, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return int(kid) if isinstance(kid, str) and kid.isascii() and kid.isdigit() and len(kid) <= LONGEST_KEY_ID else None


_URL_SAFE: Final = str.maketrans("-_", "+/")
