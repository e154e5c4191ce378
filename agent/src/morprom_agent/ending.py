"""How every command ends: with words on stderr and an exit code."""

from collections.abc import Generator
from contextlib import contextmanager

import typer

from morprom_agent.stop import Exit, Stop

GOES_ON = "หยุดแล้ว สั่งใหม่เมื่อใดก็ส่งต่อจากเดิม / stopped; it goes on from here next time"


@contextmanager
def ending(interrupted: str = GOES_ON) -> Generator[None]:
    """Turn what ended the run into words on stderr and an exit code."""
    try:
        yield
    except Stop as stop:
        typer.echo(f"{stop.th}\n{stop.en}", err=True)
        raise typer.Exit(stop.code) from None
    except KeyboardInterrupt:
        typer.echo(interrupted, err=True)
        raise typer.Exit(Exit.INTERRUPTED) from None
