"""What an officer types where no chip can be read: the face of a card, other documents, the reason of an exception."""

from datetime import date
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath

from morprom.doors.counter import telling
from morprom.doors.counter.case import act_on, on
from morprom.doors.counter.checking import ask_dopa
from morprom.doors.counter.desk import Desk, demand_other
from morprom.doors.counter.reading import demand_source
from morprom.doors.counter.steps import Step
from morprom.doors.pages import Form, PageCall
from morprom.kernel import Category, Cid, Problem, Words
from morprom.kernel.thai_text import day_said
from morprom.proofing.cases import LASER_CODE, note_documents, note_reason, note_typed_card, unreadable
from morprom.proofing.model import CardFields, OpenCase
from morprom.storage import Tx


@post("/counter/{unit:str}/case/{case_id:uuid}/typed", status_code=303)
async def typed(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """The face of a card, and the code on its back; DOPA is asked at once."""
    services = request.services

    async def take(tx: Tx, desk: Desk, open_case: OpenCase, form: Form) -> OpenCase:
        demand_source(open_case, "typed")
        card = _card(form, laser_code=_laser_code(form))
        await demand_other(tx, services.ring, card.cid, desk.officer)
        return await note_typed_card(tx, services.ring, open_case, card, services.clock())

    done = await act_on(request, unit, case_id, take, back=Step.IDENTITY)
    if isinstance(done, Response):
        return done
    desk, noted = done
    await telling.note_started(services, desk, noted)
    await ask_dopa(services, desk, noted)
    return on(desk, noted)


@post("/counter/{unit:str}/case/{case_id:uuid}/documents", status_code=303)
async def documents(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """Another document than a card, shown by the person or, of a child, by a guardian."""
    services = request.services

    async def take(tx: Tx, desk: Desk, open_case: OpenCase, form: Form) -> OpenCase:
        demand_source(open_case, "documents")
        card, guardian = _card(form), _guardian(form, open_case)
        for cid in filter(None, (card.cid, guardian.digits if guardian else "")):
            await demand_other(tx, services.ring, cid, desk.officer)
        return await note_documents(
            tx, services.ring, open_case, card, kind=form.text("kind", 40), documents=form.text("documents"),
            guardian=guardian, now=services.clock(),
        )  # fmt: skip

    done = await act_on(request, unit, case_id, take, back=Step.IDENTITY)
    if isinstance(done, Response):
        return done
    desk, noted = done
    await telling.note_started(services, desk, noted)
    return on(desk, noted)


@post("/counter/{unit:str}/case/{case_id:uuid}/reason", status_code=303)
async def reason(request: PageCall, unit: FromPath[str], case_id: FromPath[UUID]) -> Response[bytes]:
    """What was shown beside the card, or where the visit was and who came along."""
    services = request.services

    async def take(tx: Tx, _: Desk, open_case: OpenCase, form: Form) -> OpenCase:
        return await note_reason(tx, services.ring, open_case, form.text("documents"))

    done = await act_on(request, unit, case_id, take, back=Step.REASON)
    return done if isinstance(done, Response) else on(*done)


def day_typed(text: str) -> date | None:
    """`9/4/2502` as it is written on a card, in either era; None when it is no date."""
    parts = text.replace("-", "/").replace(".", "/").replace(" ", "").split("/")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    day, month, year = map(int, parts)
    return day_said(year, month, day)


def _card(form: Form, laser_code: str = "") -> CardFields:
    cid, born = Cid.parse(form.text("cid", 30)), day_typed(form.text("birth_on", 20))
    first, last = form.text("first", 80), form.text("last", 80)
    if cid is None or born is None or not first or not last or "#" in first + last:
        raise unreadable()
    lifelong = form.text("lifelong", 3) == "yes"
    expires = day_typed(form.text("expires_on", 20))
    if expires is None and not lifelong and form.text("expires_on", 20):
        raise unreadable()
    title = form.text("title", 30).replace("#", "")
    return CardFields(
        cid=cid.digits, name_th=f"{title}#{first}##{last}", birth_on=born,
        expires_on=None if lifelong else expires, laser_code=laser_code,
    )  # fmt: skip


def _laser_code(form: Form) -> str:
    code = form.text("laser_code", 40).replace("-", "").replace(" ", "").upper()
    is_dated = form.text("lifelong", 3) == "yes" or day_typed(form.text("expires_on", 20)) is not None
    if not LASER_CODE.fullmatch(code) or not is_dated:
        words = Words(
            "พิมพ์เลขหลังบัตร (อักษร 2 ตัว เลข 10 ตัว) และวันหมดอายุให้ครบ",
            "type the code on the card's back (2 letters, 10 digits) and until when the card is good",
        )
        raise Problem(Category.INCORRECT, "LASER_CODE_INVALID", words)
    return code


def _guardian(form: Form, open_case: OpenCase) -> Cid | None:
    if open_case.case.path != "child":
        return None
    guardian = Cid.parse(form.text("guardian", 30))
    if guardian is None or guardian.digits == form.text("cid", 30).replace("-", "").replace(" ", ""):
        words = Words("เลขประจำตัวของผู้ปกครองไม่ถูกต้อง", "the guardian's number is not right")
        raise Problem(Category.INCORRECT, "GUARDIAN_INVALID", words)
    return guardian
