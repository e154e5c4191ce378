"""Where the administrators' pages are."""

from collections.abc import Sequence

from litestar import Router
from litestar.handlers import HTTPRouteHandler

from morprom.doors.admin import acting, clients, editing
from morprom.doors.pages import asset_routes, paged


def handlers() -> Sequence[Router | HTTPRouteHandler]:
    """Every page and form, and the files that they load."""
    return [
        *paged(
            clients.list_page, clients.client_page, clients.confirmed_page, editing.add_page, editing.add,
            editing.change_page, editing.change, acting.disable, acting.enable, acting.new_secret, acting.remove,
        ),
        asset_routes("/admin/assets", "morprom.doors.admin"),
    ]  # fmt: skip
