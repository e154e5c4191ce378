"""Codes, tokens and references: 256 random bits each; what is kept of one is its digest."""

import secrets

from morprom.kernel import Secret


def new_secret() -> Secret[str]:
    """256 random bits."""
    return Secret(secrets.token_urlsafe(32))
