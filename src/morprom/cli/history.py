"""`morprom history`: prove that the access history is what was sealed, and show a person's lines with their proofs."""

import asyncio
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from morprom.audit import Verdict, prove, read_history, verify
from morprom.cli.inbox import CidArgument, demand_simulation, person_number
from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.kernel import Category, Problem, Words
from morprom.people import Identifier, find

app = typer.Typer(help="ประวัติการเข้าถึง / The access history", no_args_is_help=True)


@app.command("verify")
def verify_(
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="เฉพาะวันนี้ / only this day", show_default=False)
    ] = None,
    witness: Annotated[
        Path | None, typer.Option(help="แฟ้มของพยาน / the witness's file, when not the setting's", show_default=False)
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """ตรวจทุกแถว ทุกหัว และพยาน / Recompute every leaf, root and signature; exit code 1 when anything is wrong."""
    verdict = asyncio.run(_verify(data, witness, day.date() if day else None))
    if as_json:
        give_json(_told(verdict))
    else:
        _tell(verdict)
    if verdict.faults:
        raise typer.Exit(1)


@app.command("prove")
def prove_(cid: CidArgument, data: DataOption = None) -> None:
    """ประวัติของบุคคลพร้อมหลักฐาน (demo และ sandbox) / A person's lines with proofs of inclusion, as JSON lines."""
    for line in asyncio.run(_proved(data, person_number(cid))):
        give_json(line)


async def _verify(data: Path | None, witness: Path | None, day: date | None) -> Verdict:
    from morprom.cli.instance import open_instance

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        settings = instance.settings
        if witness:
            witness.open().close()  # a file that is not there has nothing to say against the history
            settings = msgspec.structs.replace(settings, witness=str(witness))
        verdict = await verify(tx, instance.ring, settings, day)
        if witness and day is None and not verdict.witnessed and not verdict.faults:
            words = Words(f"{witness} ไม่มีหัวของพยาน", f"{witness} holds no head of a witness")
            raise Problem(Category.INCORRECT, "WITNESS_EMPTY", words)
        return verdict


async def _proved(data: Path | None, identifier: Identifier) -> list[dict[str, Any]]:
    from morprom.cli.instance import open_instance

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        demand_simulation(instance.settings)
        person = await find(tx, instance.ring, identifier)
        if person is None:
            return []
        lines = await read_history(tx, person.person_id, person.data_key)
        return [line.shown() | {"proof": await prove(tx, person.person_id, line.id)} for line in lines]


def _told(verdict: Verdict) -> dict[str, Any]:
    return {
        "holds": not verdict.faults, "rows": verdict.rows, "heads": verdict.heads, "witnessed": verdict.witnessed,
        "unsealed": verdict.unsealed,
        "faults": [
            {
                "code": fault.code, "day": fault.day, "position": fault.position, "id": fault.entry_id,
                "text_th": fault.words.th, "text_en": fault.words.en,
            }
            for fault in verdict.faults
        ],
    }  # fmt: skip


def _tell(verdict: Verdict) -> None:
    for fault in verdict.faults:
        place = " ".join(str(part) for part in (fault.day, fault.position, fault.entry_id) if part is not None)
        give(f"{fault.code}  {place}  {fault.words}")
    counts = f"{verdict.rows} rows, {verdict.heads} heads, {verdict.witnessed} witnessed, {verdict.unsealed} unsealed"
    holds = "✗ ประวัติถูกแก้ไข / the history does not hold" if verdict.faults else "✓ ประวัติครบถ้วน / the history holds"
    tell(f"{holds}: {counts}")
