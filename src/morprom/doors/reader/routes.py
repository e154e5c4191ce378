"""The calls of this door, as `app` mounts them."""

from collections.abc import Sequence

from litestar import Router

from morprom.doors.reader.card_otp import get_phr_otp
from morprom.doors.reader.card_page import card_page
from morprom.doors.reader.card_token import card_token
from morprom.doors.reader.coding import coding_system
from morprom.doors.reader.masking import mask_encounter
from morprom.doors.reader.paste import paste_json
from morprom.doors.reader.request_token import request_token
from morprom.doors.reader.setting import phr_setting
from morprom.doors.reader.web_app import web_app
from morprom.doors.wire import routed


def handlers() -> Sequence[Router]:
    """The calls of this door."""
    return routed(
        card_page,
        card_token,
        coding_system,
        get_phr_otp,
        mask_encounter,
        paste_json,
        phr_setting,
        request_token,
        web_app,
    )
