"""The root of the command line, and what a failed command says."""

import sys
from errno import ENOSPC
from io import TextIOWrapper
from typing import NoReturn

import typer

from morprom.cli import (
    account,
    administrator,
    client,
    codes,
    doctor,
    face_client,
    first_officer,
    history,
    inbox,
    keys,
    migrate,
    person,
    removal,
    serve,
    staff,
    station,
    synth,
    token,
    unit,
    up,
)
from morprom.cli.say import tell
from morprom.kernel import Category, Problem, Words

EXIT_CODES = {Category.UNAVAILABLE: 3, Category.CONFLICT: 4}
"""1 is every other refusal, 2 is how Typer answers wrong usage."""

app = typer.Typer(
    name="morprom",
    help="แพลตฟอร์มข้อมูลสุขภาพส่วนบุคคล (PHR) / A personal health record platform that speaks MOPH-PHR.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("up")(up.up)
app.command("serve")(serve.serve)
app.command("migrate")(migrate.migrate)
app.command("doctor")(doctor.doctor)
app.command("inbox")(inbox.inbox)
app.command("synth")(synth.synth)
app.add_typer(unit.app, name="unit")
app.add_typer(account.app, name="account")
app.add_typer(token.app, name="token")
app.add_typer(person.app, name="person")
client.app.command("add-face")(face_client.add_face)
staff.app.command("administrator")(administrator.administrator)
staff.app.command("first-officer")(first_officer.first_officer)
app.add_typer(client.app, name="client")
app.add_typer(staff.app, name="staff")
app.add_typer(station.app, name="station")
app.add_typer(codes.app, name="codes")
app.add_typer(keys.app, name="keys")
app.add_typer(removal.app, name="removal")
app.add_typer(history.app, name="history")


def main() -> None:
    """Run a command; a Problem, and a file or disk that is not as it should be, become words and an exit code."""
    for stream in (sys.stdout, sys.stderr):  # a terminal of TIS-620 has no ✓
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except Problem as problem:
        _refuse(problem)
    except OSError as error:
        if not error.filename and error.errno != ENOSPC:
            raise
        _refuse(_of_a_file(error))


def _refuse(problem: Problem) -> NoReturn:
    tell(f"✗ {problem.words.th}\n  {problem.words.en}  [{problem.code}]")
    sys.exit(EXIT_CODES.get(problem.category, 1))


def _of_a_file(error: OSError) -> Problem:
    name = error.filename2 or error.filename or "ผลลัพธ์ / the result"
    words = Words(f"อ่านหรือเขียน {name} ไม่ได้ ({error.strerror})", f"{name} cannot be read or written: {error.strerror}")
    return Problem(Category.INCORRECT, "FILE_UNUSABLE", words)
