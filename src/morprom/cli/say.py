"""Talking to the operator: standard error for words, standard output for results."""

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", help="โฟลเดอร์ข้อมูล / folder of the instance (else MORPROM_DATA, else var)", show_default=False
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="ผลลัพธ์เป็น JSON / results as JSON")]


def tell(text: str) -> None:
    """Say something to the operator."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def give(text: str) -> None:
    """A line of result."""
    print(text, flush=True)  # noqa: T201


def give_json(value: Any) -> None:
    """A result as one line of JSON."""
    give(msgspec.json.encode(value).decode())
