"""What every page has in common: its frame, what it forbids browsers, its forms, who sits before it."""

from morprom.doors.pages.assets import asset_routes
from morprom.doors.pages.cookies import device_of, put_cookie, take_cookie
from morprom.doors.pages.forms import Form, form_of
from morprom.doors.pages.page import PageCall, Pages, paged, see_other
from morprom.doors.pages.seat import Seat, demand_seat, seat_of

__all__ = [
    "Form",
    "PageCall",
    "Pages",
    "Seat",
    "asset_routes",
    "demand_seat",
    "device_of",
    "form_of",
    "paged",
    "put_cookie",
    "seat_of",
    "see_other",
    "take_cookie",
]
