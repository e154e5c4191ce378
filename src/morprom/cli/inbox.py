"""`morprom inbox CID`: what a person was told. In production only the person reads it, so there is no such command."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from morprom.cli.say import DataOption, give_json
from morprom.kernel import Category, Cid, Mode, Problem, Settings, Words
from morprom.people import Identifier, Inbox, Scheme, find

if TYPE_CHECKING:
    from morprom.people import Notice

CidArgument = Annotated[str, typer.Argument(help="เลขประจำตัวประชาชน / citizen number", metavar="CID")]


def inbox(cid: CidArgument, data: DataOption = None) -> None:
    """ข้อความถึงบุคคล ใหม่สุดอยู่ท้าย (demo และ sandbox) / Notices of a person as JSON lines, newest last."""
    for notice in asyncio.run(_notices(data, person_number(cid))):
        give_json(notice)


def person_number(text: str) -> Identifier:
    """The person a command is about. Raises Problem CID_INVALID."""
    cid = Cid.parse(text)
    if cid is None:
        raise Problem(
            Category.INCORRECT, "CID_INVALID", Words("เลขประจำตัวประชาชนไม่ถูกต้อง", "that is not a citizen number")
        )
    return Identifier(Scheme.CID, cid.digits)


def demand_simulation(settings: Settings) -> None:
    """Raise Problem PRODUCTION_REFUSED in production: an operator does not open what is one person's."""
    if settings.mode is Mode.PRODUCTION:
        words = Words("คำสั่งนี้ใช้ได้เฉพาะ demo และ sandbox", "this command is for demo and sandbox only")
        raise Problem(Category.FORBIDDEN, "PRODUCTION_REFUSED", words)


async def _notices(data: Path | None, identifier: Identifier) -> "list[Notice]":
    from morprom.cli.instance import open_instance

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        demand_simulation(instance.settings)
        person = await find(tx, instance.ring, identifier)
        return await Inbox().notices(tx, person) if person else []
