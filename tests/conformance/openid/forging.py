"""Signed messages that no library would make."""

import hmac
import json
from typing import Any

from joserfc import jws

from doors.relying import b64


def signed(header: dict[str, Any], claims: dict[str, Any] | bytes, key: Any, algorithm: str = "") -> str:
    """A JWS of whatever header and payload, which no library would make; signed as the header says, or by `algorithm`.

    A secret is bytes, whatever they are.
    """
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    part = f"{b64(json.dumps(header).encode())}.{b64(payload)}"
    if isinstance(key, bytes):
        digest = f"sha{header['alg'][2:]}"
        return f"{part}.{b64(hmac.digest(key, part.encode(), digest))}"
    signer = jws.JWSRegistry.algorithms[algorithm or header["alg"]]
    return f"{part}.{b64(signer.sign(part.encode(), key))}"


def deep(claims: dict[str, Any]) -> bytes:
    """Claims that say the same, with more brackets in one of them than a parser follows."""
    return json.dumps(claims)[:-1].encode() + b', "deep": ' + b"[" * 1100 + b"]" * 1100 + b"}"
