"""Claims of JWTs that clients sign: assertions and proofs."""

from typing import Any, Final

from joserfc import jwk, jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

Key = jwk.ECKey | jwk.RSAKey | jwk.OKPKey

LONGEST_HEADER: Final = 4_000
"""A proof brings its key: one of RSA is beyond the 512 bytes that the library would take."""


class _Headers(JWSRegistry):
    max_header_length = LONGEST_HEADER


def claims_of(token: str, key: Key, algorithm: str) -> dict[str, Any] | None:
    """The claims, when that key signed them by that algorithm; None otherwise.

    Members of the header that nobody knows are passed over (RFC 7515, section 4); callers refuse `crit`.
    """
    registry = _Headers(algorithms=[algorithm], strict_check_header=False)
    try:
        return jwt.decode(token, key, registry=registry).claims
    except (JoseError, ValueError, RecursionError):
        return None
