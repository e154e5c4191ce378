"""How a client of the Account Center states its password (wire protocol, section 2.1)."""

import hashlib
import hmac

PUBLISHED_HASH_KEY = "$jwt@moph#"
"""Printed in the ministry's public manuals: it hides nothing, but every client uses it."""


def password_hash(password: str, key: str = PUBLISHED_HASH_KEY) -> str:
    """Lower-case hex HMAC-SHA256 of the password, the value that travels as `password_hash`."""
    return hmac.new(key.encode(), password.encode(), hashlib.sha256).hexdigest()
