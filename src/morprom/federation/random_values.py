"""Codes, tokens and references: 256 random bits each, kept as their hash."""

import hashlib
import secrets

from morprom.kernel import Secret


def new_secret() -> Secret[str]:
    """256 random bits."""
    return Secret(secrets.token_urlsafe(32))


def kept(secret: Secret[str]) -> bytes:
    """What is kept of one."""
    return hashlib.sha256(secret.reveal().encode("utf-8", "replace")).digest()
