"""Address and Telecom: as every hospital has them, each with the hospital it comes from, the newest marked."""

import msgspec

from morprom.mophphr import normal
from morprom.mophphr.view_items import visible_items
from morprom.mophphr.view_record import Reading, Row, visible_visits
from morprom.mophphr.view_shapes import PlainVisit
from morprom.mophphr.view_sources import Source, visible_sources
from morprom.mophphr.view_values import Sent, day_text, first_object, objects, words

_VISIT = msgspec.json.Decoder(PlainVisit)


def addresses(reading: Reading) -> list[Row]:
    """One row for each address of each hospital."""
    return [
        _address(sent) | source.origin(reading)
        for source in _sources(reading)
        for sent in objects(source.patient.address)
    ]


def telecoms(reading: Reading) -> list[Row]:
    """One row for each telephone number or address of each hospital; empty ones are left out."""
    return [
        _telecom(sent) | source.origin(reading)
        for source in _sources(reading)
        for sent in objects(source.patient.telecom)
        if normal.text(sent.get("value"))
    ]


def _sources(reading: Reading) -> list[Source]:
    return visible_sources(reading, visible_visits(reading, _VISIT), visible_items(reading))


def _address(sent: Sent) -> Row:
    lines = [*words(sent.get("line")), "", "", ""]
    return {
        "address_use": normal.text(sent.get("use")),
        "text": normal.text(sent.get("text")),
        **{f"line{place + 1}": lines[place] for place in range(3)},
        "city": normal.text(sent.get("city")),
        "district": normal.text(sent.get("district")),
        "state": normal.text(sent.get("state")),
        "postal_code": normal.text(sent.get("postalCode")),
        "country_code": normal.text(sent.get("country")),
        "address_code": normal.text(sent.get("address_code")),
        **_dates(sent),
    }


def _telecom(sent: Sent) -> Row:
    return {
        "telecom_system": normal.text(sent.get("system")),
        "telecom_use": normal.text(sent.get("use")),
        "value": normal.text(sent.get("value")),
        **_dates(sent),
    }


def _dates(sent: Sent) -> Row:
    period = first_object(sent.get("period"))
    return {"date_start": day_text(period.get("start")), "date_end": day_text(period.get("end"))}
