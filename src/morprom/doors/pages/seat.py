"""Who sits before a page, and the way to a higher level without losing it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from morprom.accounts import Account, Session, session_of
from morprom.assurance import Aal
from morprom.doors.pages.cookies import SESSION, take_cookie
from morprom.doors.wire import Call
from morprom.kernel import Category, Problem, Words

SIGN_IN: Final = "/id/sign-in"


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who is signed in."""

    session: Session
    account: Account

    def is_at(self, aal: Aal, max_age: int | None, now: datetime) -> bool:
        """Whether they signed in at that level, no longer ago than `max_age` seconds.

        Who came through an upstream that knows them less well than this platform has one factor here, whatever it says.
        """
        age = (now - self.session.authenticated_at).total_seconds()
        is_known_less = self.session.levels(self.account).ial < self.account.ial
        reached = Aal.ONE_FACTOR if is_known_less else self.session.aal
        return reached >= aal and (max_age is None or age <= max_age)


class NotSeated(Problem):
    """Sign in, or sign in higher, and come back: pages answer it with the way there."""

    def __init__(self, aal: Aal, max_age: int | None, *, is_signed_in: bool, back: str = "") -> None:
        words = Words("โปรดเข้าสู่ระบบ", "sign in first")
        if is_signed_in:
            words = Words("โปรดยืนยันตัวตนอีกครั้งในระดับที่สูงขึ้น", "confirm again that it is you, at a higher level")
        super().__init__(Category.UNAUTHENTICATED, "NOT_SEATED", words)
        self.aal = aal
        self.max_age = max_age
        self.back = back  # where to after signing in, for a form that cannot be sent again by itself

    def way(self, back: str) -> str:
        """Where to sign in, and where to come back to: a path of this site."""
        asked = {"aal": str(self.aal), "next": back}
        return f"{SIGN_IN}?{urlencode(asked | ({'max_age': self.max_age} if self.max_age is not None else {}))}"


async def seat_of(request: Call) -> Seat | None:
    """Who sits there; None for nobody."""
    services = request.services
    async with services.identity.transaction() as tx:
        found = await session_of(tx, services.ring, take_cookie(request, SESSION), services.clock())
    return Seat(*found) if found else None


async def demand_seat(request: Call, aal: Aal = Aal.ONE_FACTOR, max_age: int | None = None, *, back: str = "") -> Seat:
    """Who sits there at that level at least. Raises NotSeated, which leads to signing in and back."""
    seat = await seat_of(request)
    if seat is None or not seat.is_at(aal, max_age, request.services.clock()):
        raise NotSeated(aal, max_age, is_signed_in=seat is not None, back=back)
    return seat


ANYBODYS: Final = ("/oidc/ask", "/oauth/redirect", "/v1/oauth2/authorize")
"""Pages that ask whoever sits there whether a programme may sign them in, and say who that is."""


def is_anybodys(path: str) -> bool:
    """Whether a page is for whoever signed in, and not one's own that another was on the way to."""
    return path.partition("?")[0] in ANYBODYS


def own_path(text: str, otherwise: str = "/id") -> str:
    """A path of this site that somebody may be sent on to; anything else is `otherwise` (RFC 9700, 4.11)."""
    is_path = text.startswith("/") and not text.startswith(("//", "/\\")) and "\\" not in text
    return text if is_path and text.isprintable() and len(text) <= 2000 else otherwise
