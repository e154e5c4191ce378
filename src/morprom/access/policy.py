"""The policy tables: tiers, ceilings, actions, limits of codes. Data with a version, read once."""

from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from morprom.access.model import Ground, Tier
from morprom.assurance import Aal, Ial
from morprom.audit import Basis
from morprom.kernel import Words


class TierRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one tier asks of the person who signs in; `max_age` is in seconds."""

    tier: Tier
    th: str
    en: str
    ial: Ial | None = None
    aal: Aal | None = None
    max_age: int | None = None

    @property
    def words(self) -> Words:
        """What it holds."""
        return Words(self.th, self.en)


class GroundRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one ground opens at most."""

    ground: Ground
    basis: str
    tier: Tier
    th: str
    en: str
    lowest_tier: Tier = Tier.T0
    offered: bool = True
    by_levels: bool = False
    by_known_levels: bool = False
    aal: Aal | None = None
    sensitive: bool = False
    masked: bool = False
    free_text: bool = False
    referral_only: bool = False
    closed_by_owner: bool = True
    closed_by_freeze: bool = True

    @property
    def words(self) -> Words:
        """The row in words, for refusals and for the page that explains them."""
        return Words(self.th, self.en)

    @property
    def audited_as(self) -> Basis:
        """The basis that the history names."""
        return Basis[self.basis]


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At most `most` requests for codes of one person in `seconds`, by one user, by one unit, or by all."""

    scope: Literal["user", "unit", "person"]
    most: int
    seconds: int


class OtpRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a code lives and what it bears."""

    first_use_seconds: int
    life_seconds: int
    tries: int
    limit: tuple[Limit, ...]


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of all tables."""

    version: int
    tier: tuple[TierRow, ...]
    ground: tuple[GroundRow, ...]
    action: dict[str, Tier]
    otp: OtpRules

    def action_of(self, text: str) -> tuple[str, Tier] | None:
        """The name and tier of an action of the wire protocol, in whatever case it is written; None for no action."""
        return next(((name, tier) for name, tier in self.action.items() if name.lower() == text.lower()), None)

    def tier_row(self, tier: Tier) -> TierRow:
        """The row of a tier."""
        return next(row for row in self.tier if row.tier is tier)

    def ground_row(self, ground: Ground) -> GroundRow:
        """The row of a ground."""
        return next(row for row in self.ground if row.ground is ground)


@cache
def current_policy() -> Policy:
    """The newest version in `policies/`."""
    folder = resources.files("morprom.access") / "policies"
    newest = max((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return msgspec.toml.decode(newest.read_bytes(), type=Policy)
