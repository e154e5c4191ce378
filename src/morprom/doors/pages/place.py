"""Where somebody sits, as a slip remembers it: it is not redeemed from where it was made."""

from morprom.doors.pages.cookies import device_of
from morprom.doors.pages.seat import Seat
from morprom.doors.wire import Call
from morprom.kernel import Mode
from morprom.proofing.model import Maker


def maker_of(request: Call, seat: Seat | None) -> Maker:
    """Session, browser and network of a request. A demo is one machine, so there the network says nothing."""
    device, _ = device_of(request)
    network = "" if request.services.settings.mode is Mode.DEMO else request.address
    return Maker(str(seat.session.session_id) if seat else "", device.key, network)
