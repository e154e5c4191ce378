"""Cookies of pages: from this host alone, unseen by scripts, never sent along from other sites (ASVS 5, 3.3).

With https their names begin with `__Host-`, which a browser takes from this very host alone.
"""

import secrets
from typing import Any, Final, cast

from litestar.datastructures import Cookie

from morprom.accounts import Device
from morprom.doors.wire import Call
from morprom.kernel import Secret

SESSION: Final = "morprom"
DEVICE: Final = "morprom-device"
FORM: Final = "morprom-form"
REDEMPTION: Final = "morprom-redemption"
CHECK: Final = "morprom-check"
UPSTREAM: Final = "morprom-thaid"
DEVICE_LIFE: Final = 400 * 24 * 3600  # seconds; the most that browsers keep
LONGEST: Final = 200


def put_cookie(
    request: Call, name: str, value: Secret[str], *, max_age: int | None = None, lax: bool = False
) -> Cookie:
    """A cookie to send. `lax` lets it come along when somebody follows a link from elsewhere to us."""
    is_https = _is_https(request)
    return Cookie(
        _named(name, is_https), value=value.reveal(), path="/", secure=is_https, httponly=True, max_age=max_age,
        samesite="lax" if lax else "strict",
    )  # fmt: skip


def drop_cookie(request: Call, name: str) -> Cookie:
    """A cookie that ends the one of that name."""
    return put_cookie(request, name, Secret(""), max_age=0)


def take_cookie(request: Call, name: str) -> Secret[str] | None:
    """A cookie that came along."""
    value = request.cookies.get(_named(name, _is_https(request)), "")
    return Secret(value) if value and len(value) <= LONGEST and value.isascii() else None


def device_of(request: Call) -> tuple[Device, Cookie | None]:
    """Where somebody sits, and the cookie that makes this browser known from now on when it is new."""
    kept = take_cookie(request, DEVICE)
    scope = cast(dict[str, Any], request.scope)
    made = cast(Secret[str], scope.setdefault("morprom.device", Secret(secrets.token_urlsafe(32))))
    key = kept or made  # however often a request asks, it is one browser
    agent = request.headers.get("user-agent", "")[:200]
    device = Device(agent=agent, address=request.address, key=key.reveal())
    return device, None if kept else put_cookie(request, DEVICE, key, max_age=DEVICE_LIFE)


def device_was(request: Call, key: Secret[str]) -> None:
    """Who comes back from another site brings no strict cookie: it is the browser that was noted when it left."""
    cast(dict[str, Any], request.scope)["morprom.device"] = key


def _named(name: str, is_https: bool) -> str:
    return f"__Host-{name}" if is_https else name


def _is_https(request: Call) -> bool:
    return request.services.settings.public_url.startswith("https://")
