"""`morprom person slip`: in demo mode, a proofing that nobody did, to try what a person does with its slip."""

import asyncio
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from morprom.cli.inbox import CidArgument, person_number
from morprom.cli.say import DataOption, JsonOption, give, give_json, tell
from morprom.kernel import BANGKOK, Category, Problem, Secret, Words, utc_now
from morprom.people import Identifier

if TYPE_CHECKING:
    from morprom.proofing.model import Slip

app = typer.Typer(help="บุคคลสมมุติ (demo) / Invented people of a demo", no_args_is_help=True)
SIMULATED = "จำลองการพิสูจน์ตัวตน ไม่มีใครตรวจบัตร / SIMULATED proofing: nobody looked at a card"


@app.command()
def slip(
    cid: CidArgument,
    born: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="วันเกิด ค.ศ. ตัวละคร demo ไม่ต้องใส่ / date of birth; known of the demo's people",
            show_default=False,
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="ชื่อ / name as on a card, parts divided by #", show_default=False)] = "",
    mobile: Annotated[str, typer.Option(help="โทรศัพท์ / mobile number")] = "0800000000",
    unit: Annotated[str, typer.Option(help="หน่วยบริการ / hospital code")] = "99010",
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """พิมพ์ใบยืนยันตัวตนจำลอง (demo เท่านั้น) / A simulated slip, for /id/redeem; demo mode only."""
    from morprom.demo import known_person

    identifier = person_number(cid)
    known = known_person(identifier.value, utc_now().astimezone(BANGKOK).date())
    birth = born.date() if born else known.born if known else None
    if birth is None:
        words = Words("โปรดใส่วันเกิด --born", "say the date of birth with --born")
        raise Problem(Category.INCORRECT, "BORN_MISSING", words)
    card_name = name or (known.name if known else "คุณ#สมมุติ##ทดสอบ")
    printed, url = asyncio.run(_slip(data, identifier, birth, card_name, mobile, unit))
    tell(SIMULATED)
    told = {"digits": printed.digits.reveal(), "url": f"{url}/id/redeem#{printed.qr.reveal()}", "simulated": True}
    give_json(told) if as_json else give(f"{told['digits']}\n{told['url']}")


async def _slip(
    data: Path | None, identifier: Identifier, born: date, name: str, mobile: str, unit: str
) -> "tuple[Slip, str]":
    from morprom.cli.instance import open_instance
    from morprom.people import ensure
    from morprom.proofing.model import CardFields
    from morprom.proofing.simulated import simulated_slip

    async with open_instance(data) as instance, instance.database.transaction() as tx:
        person = await ensure(tx, instance.ring, identifier)
        card = CardFields(cid=identifier.value, name_th=name, birth_on=born)
        printed = await simulated_slip(
            tx, instance.ring, instance.settings, person.person_id, card=card, contact=Secret(mobile), unit=unit,
            now=utc_now(),
        )  # fmt: skip
        return printed, instance.settings.public_url
