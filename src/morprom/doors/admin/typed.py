"""What stands in the form of a relying party, read and shown again."""

from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from morprom.doors.pages import Form
from morprom.federation import Party, Terms
from morprom.federation.offers import SCOPES
from morprom.kernel import Category, Problem, Words

LONGEST: Final = 20_000
FIELDS: Final = (
    "unit", "name", "name_en", "purpose", "purpose_en", "redirect_uris", "logout_uris", "backchannel_uri", "profile",
    "auth", "keys", "tier", "sector",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as text, as the page shows them again when something is wrong."""

    fields: dict[str, str] = field(repr=False)
    scopes: tuple[str, ...]
    is_resource_server: bool = False

    def text(self, name: str) -> str:
        """A field; "" for one that is not there."""
        return self.fields.get(name, "")

    def lines(self, name: str) -> tuple[str, ...]:
        """A field of one address a line."""
        return tuple(dict.fromkeys(self.text(name).split()))

    def terms(self, before: Terms | None) -> Terms:
        """The terms. What this page does not ask about stays as it was. Raises Problem TERMS_INVALID."""
        profile = before.profile if before else self.text("profile") or "fapi2"
        auth = before.auth if before else "private_key_jwt" if profile == "fapi2" else self.text("auth")
        said: dict[str, Any] = {
            "profile": profile, "auth": auth, "scopes": self.scopes, "tier": int(self.text("tier") or 0),
            "jwks": self._keys() if auth == "private_key_jwt" else None, "sector": self.text("sector"),
            "id_token_alg": before.id_token_alg if before else "ES256" if profile == "fapi2" else "RS256",
            "post_logout_redirect_uris": self.lines("logout_uris"), "name_en": self.text("name_en"),
            "backchannel_logout_uri": self.text("backchannel_uri"), "is_resource_server": self.is_resource_server,
            "purpose": self.text("purpose"), "purpose_en": self.text("purpose_en"),
        }  # fmt: skip
        try:
            return msgspec.convert(said, Terms)
        except msgspec.ValidationError:
            raise _wrong("เลือกค่าที่ไม่มี", "a choice is none of those offered") from None

    def _keys(self) -> Any:
        try:
            return msgspec.json.decode(self.text("keys").encode())
        except (msgspec.DecodeError, RecursionError):
            raise _wrong("กุญแจต้องเป็น JSON Web Key Set", "the keys are a JSON Web Key Set") from None


def typed_in(form: Form) -> Typed:
    """From what was sent."""
    fields = {name: form.text(name, LONGEST) for name in FIELDS}
    if not fields["tier"].isdecimal():
        fields["tier"] = "1"
    return Typed(fields, tuple(s for s in SCOPES if form.text(f"scope-{s}")), bool(form.text("resource_server")))


def typed_of(party: Party) -> Typed:
    """What stands there before anything was typed."""
    terms, client = party.terms, party.client
    fields = {
        "unit": str(client.hcode), "name": client.name, "name_en": terms.name_en, "purpose": terms.purpose,
        "purpose_en": terms.purpose_en, "redirect_uris": "\n".join(client.redirect_uris), "tier": str(terms.tier),
        "logout_uris": "\n".join(terms.post_logout_redirect_uris), "backchannel_uri": terms.backchannel_logout_uri,
        "profile": terms.profile, "auth": terms.auth, "sector": terms.sector,
        "keys": msgspec.json.format(msgspec.json.encode(terms.jwks)).decode() if terms.jwks else "",
    }  # fmt: skip
    return Typed(fields, terms.scopes, terms.is_resource_server)


def _wrong(th: str, en: str) -> Problem:
    return Problem(Category.INCORRECT, "TERMS_INVALID", Words(th, en))
