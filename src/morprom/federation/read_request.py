"""A request for authorization, read against its client (RFC 6749, 4.1.1; OpenID Connect Core, 3.1.2.1; RFC 9700).

Two steps, because an error may be told to a client only where its answer may go: `way_of` finds that, `request_of`
the rest. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from morprom.federation.claims import UnreadableError, read_claims
from morprom.federation.model import Party, Refused, Request, ResponseMode
from morprom.federation.offers import SCOPES
from morprom.kernel import Words
from morprom.kernel.pkce import is_challenge

THUMBPRINT: Final = re.compile(r"[A-Za-z0-9_-]{43}")  # RFC 7638: base64url of SHA-256
PROMPTS: Final = frozenset({"none", "login", "consent", "select_account"})
MODES: Final[tuple[ResponseMode, ...]] = ("query", "form_post")
LONGEST_TEXT: Final = 4_000
LONGEST_AGE: Final = 10**9


@dataclass(frozen=True, slots=True)
class Asked:
    """Parameters by name. One without a value counts as left out (RFC 6749, 3.1); `repeated` are there twice."""

    values: dict[str, str]
    repeated: frozenset[str] = frozenset()

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]]) -> "Asked":
        """From a query or a form."""
        values: dict[str, str] = {}
        repeated: set[str] = set()
        for name, value in pairs:
            if name in values:
                repeated.add(name)
            elif value:
                values[name] = value
        return cls(values, frozenset(repeated))

    def one(self, name: str) -> str:
        """A parameter that stands there once; "" otherwise."""
        return "" if name in self.repeated else self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class Way:
    """Where an answer goes, an error too."""

    redirect_uri: str
    response_mode: ResponseMode
    state: str | None


def way_of(asked: Asked, party: Party) -> Way | None:
    """None when the client did not register that address letter for letter: nobody is sent anywhere."""
    redirect_uri = asked.one("redirect_uri")
    if redirect_uri not in party.client.redirect_uris:
        return None
    state = asked.one("state") or None
    mode = "form_post" if asked.one("response_mode") == "form_post" else "query"
    return Way(redirect_uri, mode, state if state and len(state) <= LONGEST_TEXT else None)


def request_of(asked: Asked, party: Party, way: Way) -> Request | Refused:
    """The request, or what is wrong with it."""
    if fault := _unsupported(asked) or _shape(asked) or _proof_key(asked):
        return fault
    scopes = tuple(dict.fromkeys(s for s in asked.one("scope").split() if s in SCOPES and s in party.terms.scopes))
    if not scopes:
        return _error("invalid_scope", "ไม่มี scope ที่โปรแกรมนี้ขอได้", "there is no scope that this client may ask for")
    prompt = tuple(dict.fromkeys(asked.one("prompt").split()))
    max_age = asked.one("max_age")
    try:
        claims = read_claims(asked.one("claims")) if asked.one("claims") else {}
    except UnreadableError:
        return invalid("claims is not as OpenID Connect Core, section 5.5, has it")
    return Request(
        redirect_uri=way.redirect_uri,
        response_mode=way.response_mode,
        scopes=scopes,
        state=way.state,
        nonce=asked.one("nonce") or None,
        challenge=asked.one("code_challenge"),
        prompt=prompt,
        max_age=int(max_age) if max_age else None,
        acr_values=tuple(asked.one("acr_values").split()),
        claims=claims,
        id_token_hint=asked.one("id_token_hint"),
        login_hint=asked.one("login_hint"),
        claims_locales=tuple((asked.one("claims_locales") or asked.one("ui_locales")).split()),
        dpop_jkt=asked.one("dpop_jkt"),
    )


def invalid(why: str) -> Refused:
    """`invalid_request`."""
    return _error("invalid_request", "คำขอไม่ถูกต้อง", why)


def _error(error: str, th: str, en: str) -> Refused:
    return Refused(error, Words(th, en))


def _unsupported(asked: Asked) -> Refused | None:
    """What this provider does not take (OpenID Connect Core, sections 6 and 7.2.1)."""
    for name, error in (
        ("request", "request_not_supported"),
        ("request_uri", "request_uri_not_supported"),
        ("registration", "registration_not_supported"),
    ):
        if name in asked.values:
            return _error(error, f"ไม่รองรับ {name}", f"{name} is not supported")
    return None


def _shape(asked: Asked) -> Refused | None:
    """Faults of single parameters."""
    if asked.repeated:
        return invalid("a parameter stands there twice")
    if any(len(value) > LONGEST_TEXT for name, value in asked.values.items() if name != "claims"):
        return invalid("a parameter is too long")
    response_type = asked.one("response_type")
    if response_type != "code":
        error = "unsupported_response_type" if response_type else "invalid_request"
        return _error(error, "response_type ต้องเป็น code", "response_type is code")
    if asked.one("response_mode") not in ("", *MODES):
        return invalid("response_mode is query or form_post")
    prompt = asked.one("prompt").split()
    if not PROMPTS.issuperset(prompt) or ("none" in prompt and len(set(prompt)) > 1):
        return invalid("prompt is none alone, or of login, consent and select_account")
    max_age = asked.one("max_age")
    if max_age and not (max_age.isascii() and max_age.isdigit() and int(max_age) <= LONGEST_AGE):
        return invalid("max_age is a number of seconds")
    if asked.one("dpop_jkt") and not THUMBPRINT.fullmatch(asked.one("dpop_jkt")):
        return invalid("dpop_jkt is a thumbprint of a key (RFC 9449, section 10)")
    return None


def _proof_key(asked: Asked) -> Refused | None:
    """PKCE, S256, for every client (RFC 7636; RFC 9700, 2.1.1)."""
    if not is_challenge(asked.one("code_challenge"), asked.one("code_challenge_method")):
        return invalid("code_challenge with code_challenge_method=S256 is required (RFC 7636)")
    return None
