"""Registering a relying party, and changing one: its terms are checked here, the rest by the registry."""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from morprom.federation import consent
from morprom.federation.ceilings import demand_administrator, demand_within
from morprom.federation.client_auth import OF_KEY
from morprom.federation.dpop import PRIVATE, public_key
from morprom.federation.model import OPENID, Party, Terms
from morprom.federation.offers import SCOPES, TIER_WORDS
from morprom.identity import clients
from morprom.identity.card_model import Registered
from morprom.identity.clients import is_redirect_uri
from morprom.kernel import Category, Hcode, Mode, Problem, Words
from morprom.staff import Position
from morprom.staff.listed import is_of_platform
from morprom.storage import Tx

KEY: Final = "private_key_jwt"
MOST_KEYS: Final = 10
LONGEST_SECTOR: Final = 200
LONGEST_WORDS: Final = 200
MOST_URIS: Final = 20


async def register_party(
    tx: Tx, name: str, hcode: Hcode, redirect_uris: Sequence[str], terms: Terms, mode: Mode, *,
    by: Position | None = None,
) -> Registered:  # fmt: skip
    """Register a relying party of a unit. `by` is in which position an administrator does; None: the operator.

    Raises Problem TERMS_INVALID, BEYOND_UNIT, NOT_AN_ADMINISTRATOR, and what the registry raises: CLIENT_NAME,
    REDIRECT_URI_INVALID, UNIT_UNKNOWN.
    """
    demand_terms(terms, mode)
    demand_administrator(by, hcode)
    demand_within(by, terms, None)
    return await clients.register(
        tx, name, hcode, redirect_uris, mode, kind=OPENID, terms=terms, has_secret=terms.auth != KEY,
        by=by.position_id if by else None,
    )  # fmt: skip


async def change_party(
    tx: Tx, party: Party, name: str, redirect_uris: Sequence[str], terms: Terms, mode: Mode, now: datetime, *,
    by: Position | None = None,
) -> None:  # fmt: skip
    """Replace what is known of a relying party. What it holds stays, and works within the new terms; but when people
    agreed to less, or to another purpose, that ends, and they are asked anew.

    Whether it has a secret or a key stays with it: who changes that registers another client. Raises as registering
    does, and CLIENT_UNKNOWN.
    """
    demand_terms(terms, mode)
    demand_administrator(by, party.client.hcode)
    demand_within(by, terms, party.terms)
    if (terms.auth == KEY) != (party.terms.auth == KEY):
        raise _wrong(
            Words(
                "เปลี่ยนระหว่างรหัสลับกับกุญแจไม่ได้ โปรดลงทะเบียนโปรแกรมใหม่",
                "a client keeps to a secret or to a key of its own; register another one",
            )
        )
    await clients.change(tx, party.client_id, name, redirect_uris, mode, terms=terms, by=by.position_id if by else None)
    if terms.tier > party.terms.tier or _purpose(terms) != _purpose(party.terms):
        await consent.end_all_of(tx, party.client_id, now)


async def enable_party(tx: Tx, client_id: str, by: UUID) -> bool:
    """Let a disabled relying party work again; False when there is none.

    Raises Problem DISABLED_BY_PLATFORM: what the platform stopped is not a unit's to start again.
    """
    since = takewhile(lambda change: change.what != "enabled", await clients.changes(tx, client_id))
    stops = [change.position_id for change in since if change.what == "disabled"]
    if not await is_of_platform(tx, by) and any([await is_of_platform(tx, one) for one in stops]):
        words = Words(
            "ผู้ดูแลแพลตฟอร์มเป็นผู้ปิดใช้โปรแกรมนี้ โปรดติดต่อผู้ดูแลแพลตฟอร์มเพื่อเปิด",
            "the operator of the platform disabled this program; ask them to enable it",
        )
        raise Problem(Category.FORBIDDEN, "DISABLED_BY_PLATFORM", words)
    return await clients.enable(tx, client_id, by)


def _purpose(terms: Terms) -> tuple[str, str]:
    return terms.purpose, terms.purpose_en


def demand_terms(terms: Terms, mode: Mode) -> None:
    """Raise Problem TERMS_INVALID for terms that nobody can be registered with."""
    faults = (_of_profile(terms), _of_keys(terms), _of_offers(terms), _of_words(terms), _of_addresses(terms, mode))
    for why in faults:
        if why:
            raise _wrong(why)


def _wrong(why: Words) -> Problem:
    return Problem(Category.INCORRECT, "TERMS_INVALID", why)


def _of_profile(terms: Terms) -> Words | None:
    if terms.profile == "fapi2" and (terms.auth != KEY or terms.id_token_alg != "ES256"):
        return Words(
            "แบบ fapi2 ใช้ private_key_jwt และ ID token แบบ ES256 เท่านั้น",
            "fapi2 takes private_key_jwt, and ID tokens by ES256 (FAPI 2.0, 5.3.2 and 5.4)",
        )
    return None


def _of_keys(terms: Terms) -> Words | None:
    if terms.auth != KEY:
        return None if terms.jwks is None else Words("กุญแจใช้กับ private_key_jwt เท่านั้น", "keys are for private_key_jwt")
    keys: Any = (terms.jwks or {}).get("keys")
    if not isinstance(keys, list) or not 1 <= len(keys) <= MOST_KEYS:  # pyright: ignore[reportUnknownArgumentType]
        return Words(
            "private_key_jwt ต้องมี JSON Web Key Set ที่มีกุญแจ 1 ถึง 10 ดอก",
            "private_key_jwt needs a JSON Web Key Set with 1 to 10 keys",
        )
    if not all(map(_is_public_key, keys)):  # pyright: ignore[reportUnknownArgumentType]
        return Words(
            "ทุกกุญแจต้องเป็นกุญแจสาธารณะ: P-256, Ed25519 หรือ RSA 2048 บิตขึ้นไป",
            "every key is public: P-256, Ed25519, or RSA of 2048 bits and more",
        )
    return None


def _is_public_key(key: Any) -> bool:
    if not isinstance(key, dict) or not PRIVATE.isdisjoint(key):  # pyright: ignore[reportUnknownArgumentType]
        return False
    return key.get("kty") in OF_KEY and public_key(key) is not None  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def _of_offers(terms: Terms) -> Words | None:
    if not terms.scopes or not set(terms.scopes) <= set(SCOPES):
        return Words(f"scope เลือกได้จาก {' '.join(SCOPES)}", f"scopes are {' '.join(SCOPES)}")
    if terms.tier not in TIER_WORDS:
        return Words("ชั้นข้อมูลคือ 0 ถึง 4", "the tier is 0 to 4")
    if len(terms.sector) > LONGEST_SECTOR or not terms.sector.isprintable():
        return Words("sector เป็นชื่อสั้น ๆ", "the sector is a short name")
    return None


def _of_words(terms: Terms) -> Words | None:
    if all(
        len(text) <= LONGEST_WORDS and text.isprintable() for text in (terms.name_en, terms.purpose, terms.purpose_en)
    ):
        return None
    return Words(
        "ชื่อภาษาอังกฤษและวัตถุประสงค์ ยาวไม่เกิน 200 ตัวอักษร บรรทัดเดียว",
        "the English name and the purpose are one line of at most 200 characters",
    )


def _of_addresses(terms: Terms, mode: Mode) -> Words | None:
    leads, told = terms.post_logout_redirect_uris, terms.backchannel_logout_uri
    if len(leads) > MOST_URIS or not all(is_redirect_uri(uri, mode) for uri in leads):
        return Words(
            "ที่อยู่หลังออกจากระบบต้องเป็น https:// เต็ม ไม่เกิน 20 รายการ",
            "addresses after signing out are whole https ones, 20 at most",
        )
    if told and not (is_redirect_uri(told, mode) and (mode is not Mode.PRODUCTION or _is_elsewhere(told))):
        return Words(
            "ที่อยู่รับแจ้งการออกจากระบบต้องเป็น https:// ที่เป็นชื่อโดเมน",
            "the address that is told of signing out is a whole https one with a domain name",
        )
    return None


def _is_elsewhere(uri: str) -> bool:
    """Whether this server may be made to call that: by https and a name, never itself or a bare address."""
    host = urlsplit(uri).hostname or ""
    is_name = "." in host and host.rpartition(".")[2][:1].isalpha()  # no "127.1" nor "localhost."
    return uri.startswith("https://") and is_name and not host.endswith(".localhost")
