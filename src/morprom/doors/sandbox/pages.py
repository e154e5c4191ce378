"""The pages themselves. What they show they fetch by the calls that every client has; templates hold words only."""

from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response, get

from morprom.doors.pages.guard import guarded, policy
from morprom.doors.wire import Call

TEMPLATES: Final = Environment(
    loader=PackageLoader("morprom.doors.sandbox"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


@get("/sandbox")
async def sandbox_page(request: Call) -> Response[bytes]:
    """What the server understood of a payload."""
    return _page(request, "sandbox.html")


@get("/sandbox/checklist")
async def checklist_page(request: Call) -> Response[bytes]:
    """What a vendor's test hospital has tried, and what is left."""
    return _page(request, "checklist.html")


@get("/docs")
async def docs_page(request: Call) -> Response[bytes]:
    """Every call, from /openapi.json."""
    return _page(request, "docs.html", policy(scripts_write_markup=True))


def _page(request: Call, template: str, content_policy: str = "") -> Response[bytes]:
    settings = request.services.settings
    body = TEMPLATES.get_template(template).render(
        mode=str(settings.mode), hash_key=settings.password_hash_key, body_limit=settings.body_limit_bytes
    )
    headers = guarded(content_policy or policy(), kept=True)
    return Response(body.encode(), media_type="text/html", headers=headers)
