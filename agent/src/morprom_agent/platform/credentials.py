"""What the agent proves itself with: a password for a JWT of a few hours, or an upload token of a year."""

import base64
import binascii
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from morprom_agent.settings import Settings
from morprom_agent.stop import Exit, Stop
from morprom_wire.sign_in import password_hash

RENEW_BEFORE = 15 * 60
"""Seconds of life at which a token is renewed."""


@dataclass(frozen=True, slots=True)
class Password:
    """Signs in at the Account Center. Only the hash is kept."""

    user: str
    hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UploadToken:
    """`HCODE:{TOKEN}`: good for UpdatePHRv1 alone."""

    token: str = field(repr=False)


Credentials = Password | UploadToken


def credentials_of(settings: Settings) -> Credentials:
    """The token file when one is set, else user and password. Raises Stop naming what is missing."""
    if settings.token_file:
        token = _line_of(settings.token_file, "token_file")
        return UploadToken(token if ":" in token else f"{settings.hcode}:{{{token}}}")
    password = settings.password or (
        _line_of(settings.password_file, "password_file") if settings.password_file else ""
    )
    if not settings.user or not password:
        raise Stop(
            Exit.SETTINGS,
            "ต้องมี user และ password_file หรือ token_file ตัวอย่าง --user agent-10670 --password-file secret/password.txt",
            "user and password_file are needed, or token_file; for example --user agent-10670 "
            "--password-file secret/password.txt",
        )
    return Password(settings.user, password_hash(password, settings.password_hash_key))


def _line_of(path: Path, name: str) -> str:
    try:
        text = path.read_text("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8 text"
        raise Stop(Exit.SETTINGS, f"อ่าน {name} {path} ไม่ได้ ({why})", f"{name} {path} cannot be read ({why})") from None
    if not text:
        raise Stop(Exit.SETTINGS, f"{name} {path} ว่างเปล่า", f"{name} {path} is empty")
    return text.splitlines()[0].strip()


@dataclass(frozen=True, slots=True)
class _Held:
    token: str = field(repr=False)
    renew_at: float


class Bearer:
    """The token in use, shared by all connections and renewed by one of them at a time.

    Its remaining life is told from `exp - iat` on this machine's monotonic clock, so a wrong wall clock does no harm.
    """

    def __init__(self, fetch: Callable[[], str], clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._held: _Held | None = None

    def current(self) -> str:
        """A token with life left in it."""
        with self._lock:
            if self._held is None or self._clock() >= self._held.renew_at:
                self._held = self._renewed()
            return self._held.token

    def refused(self, token: str) -> None:
        """A reply said 401 to `token`: renew it, unless another connection already did."""
        with self._lock:
            if self._held is not None and self._held.token == token:
                self._held = self._renewed()

    def _renewed(self) -> _Held:
        token = self._fetch()
        life = lifetime(token)
        return _Held(token, self._clock() + max(life - RENEW_BEFORE, life / 2))


def lifetime(token: str) -> float:
    """Seconds between `iat` and `exp` of a JWT; an hour when it does not say."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return float(claims["exp"]) - float(claims["iat"])
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        return 3600.0
