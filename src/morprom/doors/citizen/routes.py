"""The pages of this door, as `app` mounts them."""

from collections.abc import Sequence

from litestar import Router
from litestar.handlers import HTTPRouteHandler

from morprom.doors.citizen import (
    bind,
    contacts,
    first,
    history,
    keys,
    record,
    recover,
    redeem,
    security,
    sessions,
    sharing,
    sign_in,
    thaid,
    thaid_simulated,
    told,
    trouble,
)
from morprom.doors.pages import asset_routes, paged


def handlers() -> Sequence[Router | HTTPRouteHandler]:
    """The pages of this door, and the files they need."""
    pages = (
        *first.PAGES, *redeem.PAGES, *bind.PAGES, *sign_in.PAGES, *recover.PAGES, *security.PAGES, *keys.PAGES,
        *sessions.PAGES, *contacts.PAGES, *trouble.PAGES, *record.PAGES, *history.PAGES,
        *thaid.PAGES, *thaid_simulated.PAGES,
        *told.PAGES, *sharing.PAGES,
    )  # fmt: skip
    return [*paged(*pages), asset_routes("/id/assets", "morprom.doors.citizen")]
