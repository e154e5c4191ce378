"""PKCE by S256 and nothing else (RFC 7636; RFC 9700, 2.1.1), alike for who asks here and where we ask."""

import base64
import hashlib
import re
from typing import Final

CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")  # base64url of SHA-256: RFC 7636, section 4.2


def challenge_of(verifier: str) -> str:
    """The challenge of a verifier (section 4.2)."""
    digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_challenge(challenge: str | None, method: str | None) -> bool:
    """Whether it is one, and said to be by S256: `plain` is what a method that is not said would mean."""
    return method == "S256" and bool(CHALLENGE.fullmatch(challenge or ""))
