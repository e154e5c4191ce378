"""Where the counter's pages are."""

from collections.abc import Sequence

from litestar import Router
from litestar.handlers import HTTPRouteHandler

from morprom.doors.counter import (
    board,
    case,
    checking,
    contact,
    enrolling,
    entering,
    reading,
    sealing,
    second,
    start,
)
from morprom.doors.pages import asset_routes, paged


def handlers() -> Sequence[Router | HTTPRouteHandler]:
    """Every page and form of the counter, and the files that they load."""
    return [
        *paged(
            start.start, start.start_second, start.pair, board.board, board.begin, case.case_page, case.drop,
            reading.nonce, reading.reading, entering.typed, entering.documents, entering.reason, checking.status,
            checking.face, checking.face_service, contact.contact, contact.code_back, sealing.seal, sealing.reprint,
            second.second, second.second_case, second.confirm, enrolling.stations, enrolling.add, enrolling.end,
        ),
        asset_routes("/counter/assets", "morprom.doors.counter"),
    ]  # fmt: skip
