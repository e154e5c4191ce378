"""What is asked of others, and what they answer. Personal values hide from repr."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from morprom.kernel import Cid, Secret


class CardState(StrEnum):
    """What DOPA says of a card."""

    VALID = "valid"
    NOT_VALID = "not-valid"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, repr=False)
class CardQuestion:
    """A card as it was read: by its chip (`chip_no`, `request_no`: bp1no) or by the laser code on its back."""

    cid: Cid
    first_name: str
    last_name: str
    birth_on: date | None
    laser_code: str = ""
    chip_no: str = ""
    request_no: str = ""

    def __repr__(self) -> str:
        return "CardQuestion(…)"


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """`code` is the service's own; it names a reason, not a person. `is_deceased`: it says that the person has died."""

    state: CardState
    code: str = ""
    is_simulated: bool = False
    is_deceased: bool = False


@dataclass(frozen=True, slots=True)
class FaceAnswer:
    """`score` and `threshold` as the service gives them, 0 to 100. Unreachable: `reached` is False, nothing matches."""

    reached: bool
    matches: bool = False
    score: float | None = None
    threshold: float | None = None
    liveness: bool = False
    is_simulated: bool = False


class Sent(StrEnum):
    """What became of a message."""

    SENT = "sent"
    REFUSED = "refused"  # the service took it and says that it cannot be delivered
    UNREACHABLE = "unreachable"


class CardStatus(Protocol):
    """DOPA's card status service."""

    is_simulated: bool

    async def ask(self, question: CardQuestion) -> CardAnswer: ...


class FaceMatch(Protocol):
    """A face comparison service. Photos are JPEG; nothing of them is kept by the client."""

    is_simulated: bool

    async def compare(self, cid: Cid, chip_photo: Secret[bytes], live_photo: Secret[bytes]) -> FaceAnswer: ...


class Messenger(Protocol):
    """SMS or LINE. `key` makes a repeated send one message; `text` carries no code and no health datum for LINE."""

    is_simulated: bool

    async def send(self, to: Secret[str], text: Secret[str], key: str) -> Sent: ...


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """Somebody on their way to ThaID and back. `verifier` never leaves us before the code is exchanged."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class UpstreamSaid:
    """What ThaID said of this sign-in. `ial` is "" where it said none; `amr` are its own words."""

    cid: Cid = field(repr=False)
    ial: str
    amr: frozenset[str]
    name_th: str = field(default="", repr=False)  # title, first, middle and last name, by "#"
    name_en: str = field(default="", repr=False)
    birth_on: date | None = field(default=None, repr=False)
    is_simulated: bool = False


class UpstreamRefused(StrEnum):
    """Why nobody is known after coming back."""

    UNREACHABLE = "unreachable"
    NOT_BELIEVED = "not-believed"  # an answer that does not hold: signature, audience, nonce, time, number


class ThaId(Protocol):
    """DOPA's ThaID: OpenID Connect, with us as its client."""

    is_simulated: bool

    async def address(self, asked: UpstreamRequest) -> str | None:
        """Where to send the browser; None while ThaID does not answer."""
        ...

    async def exchange(self, code: Secret[str], asked: UpstreamRequest) -> UpstreamSaid | UpstreamRefused: ...


@dataclass(frozen=True, slots=True)
class Outside:
    """All of them, as the settings say. None: not set up, so that what needs it is not offered."""

    card_status: CardStatus | None = field(default=None, repr=False)
    face: FaceMatch | None = field(default=None, repr=False)
    sms: Messenger | None = field(default=None, repr=False)
    line: Messenger | None = field(default=None, repr=False)
    thaid: ThaId | None = field(default=None, repr=False)
