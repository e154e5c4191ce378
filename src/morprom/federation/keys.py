"""ID tokens and logout tokens as strings: signed with the ring's keys for OpenID, which `jwks` shows (RFC 7517).

Two kinds of key, one for each algorithm: no signature of one can be taken for one of the other.
"""

import binascii
from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from morprom.kernel import Secret
from morprom.storage import KeyKind, KeyRing

Algorithm = Literal["ES256", "RS256"]
KINDS: Final[Mapping[Algorithm, KeyKind]] = {"ES256": KeyKind.OPENID_EC, "RS256": KeyKind.OPENID_RSA}
PREFIX: Final[Mapping[Algorithm, str]] = {"ES256": "es", "RS256": "rs"}
KEPT_SECONDS: Final = 60
"""How long a relying party may keep the keys; a new one is published for longer before it signs (app/rotation.py)."""
LONGEST: Final = 8_000

Key = jwk.RSAKey | jwk.ECKey


class IdTokens:
    """Signs for one issuer. Keys are parsed once a process."""

    def __init__(self, ring: KeyRing, issuer: str) -> None:
        self._ring = ring
        self.issuer: Final = issuer
        self._parsed: dict[str, Key] = {}

    def sign(self, algorithm: Algorithm, claims: dict[str, Any], *, typ: str = "JWT") -> Secret[str]:
        """The token of these claims and our `iss`."""
        key_id, pem = self._ring.current(KINDS[algorithm])
        kid = f"{PREFIX[algorithm]}{key_id}"
        header = {"alg": algorithm, "kid": kid, "typ": typ}
        return Secret(
            jwt.encode(header, {"iss": self.issuer, **claims}, self._key(kid, algorithm, pem), algorithms=[algorithm])
        )

    def hinted(self, token: str) -> dict[str, Any] | None:
        """The claims of an ID token of ours that comes back as a hint, ended or not; None for whatever is none."""
        kid = header_of(token).get("kid") if len(token) <= LONGEST else None
        for algorithm, kind in KINDS.items():
            for key_id, pem in self._ring.all(kind).items():
                if kid == f"{PREFIX[algorithm]}{key_id}":
                    return self._read(token, self._key(str(kid), algorithm, pem), algorithm)
        return None

    def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """The public halves of the next, the current and the former keys."""
        return {
            "keys": [
                self._key(kid, algorithm, pem).as_dict(private=False) | {"kid": kid, "use": "sig", "alg": algorithm}
                for algorithm, kind in KINDS.items()
                for key_id, pem in self._ring.all(kind).items()
                for kid in [f"{PREFIX[algorithm]}{key_id}"]
            ]
        }

    def _read(self, token: str, key: Key, algorithm: Algorithm) -> dict[str, Any] | None:
        try:
            decoded = jwt.decode(token, key, algorithms=[algorithm])
        except (JoseError, ValueError):
            return None
        is_id_token = decoded.header.get("typ") == "JWT" and decoded.claims.get("iss") == self.issuer
        return decoded.claims if is_id_token else None

    def _key(self, kid: str, algorithm: Algorithm, pem: Secret[bytes]) -> Key:
        if kid not in self._parsed:
            kind = jwk.ECKey if algorithm == "ES256" else jwk.RSAKey
            self._parsed[kid] = kind.import_key(pem.reveal())
        return self._parsed[kid]


def header_of(token: str) -> dict[str, Any]:
    """What a JWS says of itself: not trusted, only to find the key by; {} for what is none."""
    try:
        header = msgspec.json.decode(binascii.a2b_base64(token.partition(".")[0].translate(_URL_SAFE) + "=="))
    except (ValueError, msgspec.DecodeError, RecursionError):
        return {}
    return header if isinstance(header, dict) else {}  # pyright: ignore[reportUnknownVariableType]


_URL_SAFE: Final = str.maketrans("-_", "+/")
