"""DOPA's card status service, CheckCardService: SOAP 1.1 over a private line of the state.

`CheckCardByLaser` (PID, FirstName, LastName, BirthDay as yyyymmdd of the Buddhist era, Laser) and `CheckCardByCID`
(ChipNo, pid, bp1no). An answer has IsError, ErrorMessage, Code and Desc; Code 0 is a card in order, 1 to 5 one that is
lost, ended, cancelled, or does not fit; 4 and up have grown over the years, so all but 0 are not valid. That its person
has died stands in Desc alone, in words.
"""

from datetime import date
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from morprom.kernel.thai_text import BUDDHIST_ERA
from morprom.outside.calls import Service
from morprom.outside.model import CardAnswer, CardQuestion, CardState

NAMESPACE: Final = "http://tempuri.org/"
DECEASED: Final = ("เสียชีวิต", "ถึงแก่กรรม", "ตาย")
ENVELOPE: Final = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    '<{operation} xmlns="{namespace}">{members}</{operation}></soap:Body></soap:Envelope>'
)


class DopaCardStatus:
    """Asks DOPA. `url` is the service's address."""

    is_simulated = False

    def __init__(self, url: str, service: Service) -> None:
        self._url = url
        self._service = service

    async def ask(self, question: CardQuestion) -> CardAnswer:
        """VALID only for an answer that says so in full."""
        operation, members = _by_chip(question) if question.chip_no else _by_laser(question)
        body = ENVELOPE.format(
            operation=operation,
            namespace=NAMESPACE,
            members="".join(f"<{name}>{escape(value)}</{name}>" for name, value in members.items()),
        )
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{NAMESPACE}{operation}"'}
        answer = await self._service.post(self._url, content=body.encode(), headers=headers)
        if answer is None or answer.status_code != 200:
            return CardAnswer(CardState.UNREACHABLE)
        return _read(answer.content)


def _by_chip(question: CardQuestion) -> tuple[str, dict[str, str]]:
    members = {"ChipNo": question.chip_no, "pid": question.cid.digits, "bp1no": question.request_no}
    return "CheckCardByCID", members


def _by_laser(question: CardQuestion) -> tuple[str, dict[str, str]]:
    return "CheckCardByLaser", {
        "PID": question.cid.digits,
        "FirstName": question.first_name,
        "LastName": question.last_name,
        "BirthDay": _birth_day(question.birth_on),
        "Laser": question.laser_code.replace("-", "").upper(),
    }


def _birth_day(born: date | None) -> str:
    return f"{born.year + BUDDHIST_ERA:04}{born:%m%d}" if born else ""


def _read(content: bytes) -> CardAnswer:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return CardAnswer(CardState.UNREACHABLE, "NOT_XML")
    try:
        tree = ElementTree.fromstring(content)  # noqa: S314 (no DTD, a megabyte at most, from a private line)
    except ElementTree.ParseError:
        return CardAnswer(CardState.UNREACHABLE, "NOT_XML")
    said = {element.tag.rpartition("}")[2]: (element.text or "").strip() for element in tree.iter()}
    code = said.get("Code", "")
    if said.get("IsError", "").lower() != "false" or not code:
        return CardAnswer(CardState.UNREACHABLE, code[:8])
    if code == "0":
        return CardAnswer(CardState.VALID, code)
    is_deceased = any(word in said.get("Desc", "") for word in DECEASED)
    return CardAnswer(CardState.NOT_VALID, code[:8], is_deceased=is_deceased)
