"""Registering a relying party: its terms are checked here, the rest by the registry."""

from collections.abc import Sequence
from typing import Any, Final

from morprom.federation.client_auth import OF_KEY
from morprom.federation.dpop import PRIVATE, public_key
from morprom.federation.model import OPENID, Terms
from morprom.federation.offers import SCOPES, TIER_WORDS
from morprom.identity import clients
from morprom.identity.card_model import Registered
from morprom.identity.clients import is_redirect_uri
from morprom.kernel import Category, Hcode, Mode, Problem, Words
from morprom.storage import Tx

MOST_KEYS: Final = 10
LONGEST_SECTOR: Final = 200


async def register_party(
    tx: Tx, name: str, hcode: Hcode, redirect_uris: Sequence[str], terms: Terms, mode: Mode
) -> Registered:
    """Register a relying party of a unit.

    Raises Problem TERMS_INVALID, and what the registry raises: CLIENT_NAME, REDIRECT_URI_INVALID, UNIT_UNKNOWN.
    """
    for why in (_of_profile(terms), _of_keys(terms), _of_offers(terms), _of_addresses(terms, mode)):
        if why:
            raise Problem(Category.INCORRECT, "TERMS_INVALID", Words("เงื่อนไขของโปรแกรมไม่ถูกต้อง: " + why, why))
    has_secret = terms.auth != "private_key_jwt"
    return await clients.register(tx, name, hcode, redirect_uris, mode, kind=OPENID, terms=terms, has_secret=has_secret)


def _of_profile(terms: Terms) -> str:
    if terms.profile == "fapi2" and (terms.auth != "private_key_jwt" or terms.id_token_alg != "ES256"):
        return "fapi2 takes private_key_jwt, and ID tokens by ES256 (FAPI 2.0, 5.3.2 and 5.4)"
    return ""


def _of_keys(terms: Terms) -> str:
    if terms.auth != "private_key_jwt":
        return "" if terms.jwks is None else "keys are for private_key_jwt"
    keys: Any = (terms.jwks or {}).get("keys")
    if not isinstance(keys, list) or not 1 <= len(keys) <= MOST_KEYS:  # pyright: ignore[reportUnknownArgumentType]
        return "private_key_jwt needs a JSON Web Key Set with 1 to 10 keys"
    return "" if all(map(_is_public_key, keys)) else "every key is public: P-256, Ed25519, or RSA of 2048 bits and more"  # pyright: ignore[reportUnknownArgumentType]


def _is_public_key(key: Any) -> bool:
    if not isinstance(key, dict) or not PRIVATE.isdisjoint(key):  # pyright: ignore[reportUnknownArgumentType]
        return False
    return key.get("kty") in OF_KEY and public_key(key) is not None  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def _of_offers(terms: Terms) -> str:
    if not terms.scopes or not set(terms.scopes) <= set(SCOPES):
        return f"scopes are {' '.join(SCOPES)}"
    if terms.tier not in TIER_WORDS:
        return "the tier is 0 to 4"
    return "" if len(terms.sector) <= LONGEST_SECTOR and terms.sector.isprintable() else "the sector is a short name"


def _of_addresses(terms: Terms, mode: Mode) -> str:
    given = [
        *terms.post_logout_redirect_uris,
        *([terms.backchannel_logout_uri] if terms.backchannel_logout_uri else []),
    ]
    return (
        "" if all(is_redirect_uri(uri, mode) for uri in given) else "addresses after signing out are whole https ones"
    )
