"""What pages forbid browsers: code, styles and connections from anywhere else, being framed, being kept.

A page that shows health data must not run what stands in it; the policy holds even where our code errs (ASVS 5, 3.4).
"""

from collections.abc import Sequence
from typing import Final

SELF: Final = "'self'"
OWN: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "frame-ancestors 'none'"
)
NO_MARKUP: Final = "; require-trusted-types-for 'script'; trusted-types 'none'"


def policy(*, connect: Sequence[str] = (), form_action: Sequence[str] = (), scripts_write_markup: bool = False) -> str:
    """A content security policy; `connect` and `form_action` are origins beside our own.

    Scripts make no markup out of text, wherever the browser can see to that; swagger-ui cannot do without.
    """
    own = f"{OWN}; connect-src {' '.join([SELF, *connect])}; form-action {' '.join([SELF, *form_action])}"
    return own if scripts_write_markup else own + NO_MARKUP


def guarded(content_policy: str, *, kept: bool = False) -> dict[str, str]:
    """The headers of a page, or of what says nothing about anybody and browsers may keep."""
    return {
        "cache-control": "no-cache" if kept else "no-store",
        "content-security-policy": content_policy,
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(self), geolocation=(), microphone=()",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
