"""`morprom staff`: people who work at units, their licences, and what they may do at the Account Center."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from morprom.cli.inbox import CidArgument, person_number
from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.cli.unit import hcode_of
from morprom.kernel import Category, Hcode, Problem, Words, utc_now
from morprom.people import Identifier
from morprom.staff import Licence, Names, Rights, Work

if TYPE_CHECKING:
    from uuid import UUID

    from morprom.staff import Position, Provider

app = typer.Typer(help="เจ้าหน้าที่และ Provider ID / Staff and their Provider ID", no_args_is_help=True)
UnitOption = Annotated[str, typer.Option("--unit", help="รหัสหน่วยบริการ / hospital code")]
MaybeUnitOption = Annotated[str | None, typer.Option("--unit", help="รหัสหน่วยบริการ / hospital code", show_default=False)]
Day = typer.Option(formats=["%Y-%m-%d"], help="ใบอนุญาตหมดอายุ ค.ศ. / its last day", show_default=False)


@app.command()
def add(
    cid: CidArgument,
    unit: UnitOption,
    position: Annotated[str, typer.Option(help="ตำแหน่ง / what they are there")],
    name: Annotated[str, typer.Option(help="คำนำหน้า#ชื่อ#นามสกุล / title, first and last name, by #")] = "",
    name_en: Annotated[str, typer.Option(help="ภาษาอังกฤษ / the same in English")] = "",
    email: Annotated[str, typer.Option(help="อีเมล / e-mail")] = "",
    type_: Annotated[str, typer.Option("--type", help="ประเภทตำแหน่ง / position_type")] = "",
    licence: Annotated[str, typer.Option(help="สภา:เลขที่ใบอนุญาต / council and number, 02:6500000001")] = "",
    licence_until: Annotated[datetime | None, Day] = None,
    licence_verified: Annotated[
        bool, typer.Option("--licence-verified", help="ตรวจกับสภาแล้ว / seen by the council")
    ] = False,
    may_proof: Annotated[bool, typer.Option("--may-proof", help="พิสูจน์ตัวตนประชาชนได้ / may proof people")] = False,
    hr_admin: Annotated[bool, typer.Option("--hr-admin", help="ผู้ดูแลบุคลากร / looks after staff")] = False,
    director: Annotated[bool, typer.Option("--director", help="ผู้อำนวยการ / director")] = False,
    permission: Annotated[list[str] | None, typer.Option(help="สิทธิ Account Center / permission there, again")] = None,
    may: Annotated[str, typer.Option(help="send, read หรือทั้งสอง / send, read or both")] = "",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """เพิ่มตำแหน่งของเจ้าหน้าที่ / Say that somebody works at a unit; the first time with their name."""
    council, _, number = licence.rpartition(":")
    until = licence_until.date() if licence_until else None
    work = Work(
        title=position, type=type_, may_proof=may_proof, is_hr_admin=hr_admin, is_director=director,
        licence=Licence(council=council, number=number, expires_on=until, is_verified=licence_verified),
    )  # fmt: skip
    names = _names(name, name_en, email)
    rights = _rights(permission or [], may)
    provider, made = asyncio.run(_add(data, person_number(cid), hcode_of(unit), names, work, rights))
    tell(f"เพิ่มตำแหน่งแล้ว / listed {provider} at {unit}")
    give_json({"provider_id": provider, "position_id": str(made)}) if as_json else give(f"{provider}\t{made}")


@app.command("list")
def list_(unit: UnitOption, data: DataOption = None, as_json: JsonOption = False) -> None:
    """รายชื่อตำแหน่งของหน่วยบริการ / List a unit's positions by Provider ID; nobody is named."""
    for provider, position in asyncio.run(_list(data, hcode_of(unit))):
        row = _row(provider, position)
        give_json(row) if as_json else give("\t".join(str(value) for value in row.values()))


@app.command()
def remove(
    cid: CidArgument, unit: MaybeUnitOption = None, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """สิ้นสุดตำแหน่ง / End positions at a unit; without --unit all of them, and the Provider ID."""
    ended = asyncio.run(_remove(data, person_number(cid), hcode_of(unit) if unit else None))
    tell(f"สิ้นสุด {ended} ตำแหน่ง มีผลภายในหนึ่งนาที / ended {ended} positions; acts within a minute")
    if as_json:
        give_json({"ended": ended})


def _names(th: str, en: str, email: str) -> Names | None:
    """None: they are known already."""
    if not th:
        return None
    (title, first, last), (title_en, first_en, last_en) = _parts(th), _parts(en)
    return Names(
        title_th=title, first_th=first, last_th=last, title_en=title_en, first_en=first_en, last_en=last_en, email=email
    )


def _parts(name: str) -> tuple[str, str, str]:
    parts = [part.strip() for part in name.split("#")]
    if name and len(parts) != 3:
        words = Words("ชื่อต้องเป็น คำนำหน้า#ชื่อ#นามสกุล", "a name is title#first#last")
        raise Problem(Category.INCORRECT, "NAME_INVALID", words)
    return (parts[0], parts[1], parts[2]) if name else ("", "", "")


def _rights(named: list[str], may: str) -> Rights:
    from morprom.units import Permission

    allowed = {word.strip() for word in may.split(",")} - {""}
    if not set(named) <= set(Permission):
        raise typer.BadParameter(", ".join(Permission), param_hint="--permission")
    if not allowed <= {"send", "read"} or (allowed and not named):
        raise typer.BadParameter("send, read or send,read, with --permission", param_hint="--may")
    return Rights(frozenset(map(Permission, named)), may_send="send" in allowed, may_read="read" in allowed)


def _row(provider: "Provider", position: "Position") -> dict[str, object]:
    licence, rights = position.work.licence, position.rights
    may = [word for word, holds in (("send", rights.may_send), ("read", rights.may_read)) if holds]
    return {
        "position_id": str(position.position_id),
        "provider_id": provider.provider_id,
        "position": position.work.title,
        "since": position.since.date().isoformat(),
        "licence": f"{licence.council}:{licence.number}" if licence.number else "",
        "licence_until": licence.expires_on.isoformat() if licence.expires_on else "",
        "may_proof": position.work.may_proof,
        "is_hr_admin": position.work.is_hr_admin,
        "is_director": position.work.is_director,
        "permissions": " ".join(sorted(rights.permissions)),
        "may": ",".join(may),
    }


async def _add(
    data: Path | None, who: Identifier, unit: Hcode, names: Names | None, work: Work, rights: Rights
) -> "tuple[str, UUID]":
    from morprom.cli.instance import open_instance
    from morprom.people import ensure
    from morprom.staff import add_position, list_provider, provider_of
    from morprom.staff.listed import demand_unit, grant_rights, note_listed

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        await demand_unit(tx, unit)
        person, now = await ensure(tx, instance.ring, who), utc_now()
        provider = await provider_of(tx, instance.ring, person.person_id)
        if names is None and provider is None:
            words = Words("ครั้งแรกต้องระบุ --name", "the first time takes --name")
            raise Problem(Category.INCORRECT, "NAME_MISSING", words)
        if names is not None:
            provider = await list_provider(tx, instance.ring, person.person_id, names, now)
        position_id = await add_position(tx, instance.ring, person.person_id, unit, work, now)
        if rights.permissions:
            await grant_rights(tx, position_id, rights)
        await note_listed(tx, person, unit, "StaffListed")
        return provider.provider_id if provider else "", position_id


async def _list(data: Path | None, unit: Hcode) -> "list[tuple[Provider, Position]]":
    from morprom.cli.instance import open_instance
    from morprom.staff import staff_of

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        return await staff_of(tx, instance.ring, unit)


async def _remove(data: Path | None, who: Identifier, unit: Hcode | None) -> int:
    from morprom.cli.instance import open_instance
    from morprom.people import find
    from morprom.staff.listed import note_listed, remove_staff

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        person = await find(tx, instance.ring, who)
        if person is None:
            return 0
        ended = await remove_staff(tx, instance.ring, person.person_id, unit, utc_now())
        await note_listed(tx, person, unit or "", "StaffRemoved")
        return ended
