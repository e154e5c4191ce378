"""What every door of a process shares: pools by role, keys, units, who is calling, and the writer."""

import time
from dataclasses import dataclass, field

from morprom.accounts.pins import PinCheck
from morprom.identity import HealthIdGate, ProviderTokens
from morprom.intake import Writer
from morprom.kernel import Clock, Settings, utc_now
from morprom.outside import Outside
from morprom.storage import Database, KeyRing
from morprom.units import Directory, Gate, SignInDesk


@dataclass(frozen=True, slots=True)
class Services:
    """Opened once a process by `app`; tests open their own."""

    settings: Settings
    ring: KeyRing
    intake: Database
    reader: Database
    identity: Database
    oversight: Database
    directory: Directory
    gate: Gate
    health_ids: HealthIdGate
    providers: ProviderTokens
    desk: SignInDesk
    writer: Writer
    outside: Outside = field(default_factory=Outside)
    pins: PinCheck = field(default_factory=PinCheck)
    clock: Clock = utc_now
    started_at: float = field(default_factory=time.monotonic)
