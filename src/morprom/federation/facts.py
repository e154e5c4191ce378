"""What the platform knows of a person that a client may be told: what stands in the best proofing that counts."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from morprom.accounts.contacts import contacts_of
from morprom.accounts.model import ContactKind
from morprom.assurance import Checks
from morprom.kernel import BANGKOK
from morprom.proofing import events_of
from morprom.proofing.model import CardFields, SealedEvent, chip_name
from morprom.storage import KeyRing, Tx

LANGUAGES: Final = ("th", "en")
GENDERS: Final = {"M": "male", "F": "female"}


@dataclass(frozen=True, slots=True)
class Facts:
    """Nothing is known of somebody of whom no proofing counts: `card` is None."""

    card: CardFields | None = field(default=None, repr=False)
    mobile: str = field(default="", repr=False)
    checks: Checks = field(default=Checks(), repr=False)
    level: str = ""
    table: str = ""
    path: str = ""
    proofed_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    language: str = "th"

    def claims(self) -> dict[str, Any]:
        """Claims by name, names of persons in `language` and in each language by its tag. What is not known is not
        there.
        """
        found: dict[str, Any] = {}
        if self.mobile:
            found |= {"phone_number": _international(self.mobile), "phone_number_verified": True}
        if self.card is None:
            return found
        named = {"th": _names(self.card.name_th), "en": _names(self.card.name_en)}
        for language, names in named.items():
            found |= {f"{claim}#{language}": value for claim, value in names.items()}
        found |= named[self.language] or named["th"]
        found["pid"] = self.card.cid
        if self.card.birth_on:
            is_whole = self.card.birth_known == "day"
            found["birthdate"] = self.card.birth_on.isoformat() if is_whole else f"{self.card.birth_on:%Y}"
        if self.card.gender:
            found["gender"] = GENDERS[self.card.gender]
        if self.card.address:
            found["address"] = {"formatted": " ".join(self.card.address.replace("#", " ").split()), "country": "TH"}
        return found


def _worth(one: SealedEvent) -> tuple[str, bool, datetime]:
    """Of equal levels a counter's proofing says more than ThaID's, which saw no card; then the latest."""
    return one.derived.level, one.event.inside.path != "thaid", one.event.at


async def facts_of(tx: Tx, ring: KeyRing, person_id: UUID, now: datetime, *, language: str = "th") -> Facts:
    """What is known of a person."""
    today = now.astimezone(BANGKOK).date()
    counting = [one for one in await events_of(tx, ring, person_id) if one.event.counts(today)]
    best = max(counting, key=_worth, default=None)
    numbers = [one for one in await contacts_of(tx, ring, person_id) if one.kind is ContactKind.MOBILE]
    mobile = numbers[0].value.reveal() if numbers else ""
    if best is None:
        return Facts(mobile=mobile, language=language)
    inside = best.event.inside
    return Facts(
        inside.card, mobile, inside.checks, best.derived.level, best.derived.table, inside.path, best.event.at, language
    )


def language_of(locales: tuple[str, ...]) -> str:
    """The first language that we have names in (OpenID Connect Core, section 5.2); Thai otherwise."""
    return next((tag for locale in locales if (tag := locale.lower()[:2]) in LANGUAGES), "th")


def _names(chip: str) -> dict[str, str]:
    name = chip_name(chip)
    named = {"name": name.said, "given_name": name.first, "middle_name": name.middle, "family_name": name.last}
    return {claim: value for claim, value in named.items() if value}


def _international(number: str) -> str:
    """E.164, as OpenID Connect Core recommends."""
    digits = "".join(character for character in number if character.isdigit())
    if digits.startswith("0"):
        return f"+66{digits[1:]}"
    return f"+{digits}"
