"""What these pages forbid themselves: code, styles and connections from anywhere else, and being framed.

A page into which payloads are pasted must not run what stands in them; the policy holds even where our code errs.
"""

from typing import Final

_OWN: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_POLICY: Final = f"{_OWN}; require-trusted-types-for 'script'; trusted-types 'none'"
SWAGGER_POLICY: Final = _OWN
"""swagger-ui writes markup by itself, so it cannot do without the text of scripts being free; inline ones are not."""


def guarded(policy: str) -> dict[str, str]:
    """The headers of a page or a file under `policy`."""
    return {
        "cache-control": "no-cache",
        "content-security-policy": policy,
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
