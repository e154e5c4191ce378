"""How far it is, on stderr: a bar with rate and time left on a terminal, a plain line every few seconds elsewhere."""

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Task as RichTask
from rich.text import Text

EVERY_SECONDS = 5.0


class RateColumn(TextColumn):
    """Visits a second."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: RichTask) -> Text:
        """The rate, once there is one."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


class Teller:
    """Says what happens. Use as a context; `total` counts visits."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._bar = _bar() if sys.stderr.isatty() and not quiet else None
        self._task: TaskID | None = None
        self._total = self._done = 0
        self._began = self._told = time.monotonic()

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pause()

    def pause(self) -> None:
        """Leave the terminal alone, to ask something."""
        if self._bar:
            self._bar.stop()

    def say(self, words: str) -> None:
        """One line."""
        if self._bar:
            self._bar.console.print(words, highlight=False, markup=False)
        elif not self._quiet:
            sys.stderr.write(f"{words}\n")
            sys.stderr.flush()

    def begin(self, words: str, total: int) -> None:
        """Start counting visits."""
        self._total, self._done, self._began = total, 0, time.monotonic()
        if self._bar:
            self._task = self._bar.add_task(words, total=total)
        else:
            self.say(f"{words}: {total:,}")

    def advance(self) -> None:
        """One visit more."""
        self._done += 1
        if self._bar and self._task is not None:
            self._bar.advance(self._task)
        elif not self._quiet and time.monotonic() - self._told >= EVERY_SECONDS:
            self._told = time.monotonic()
            self.say(self._line())

    def _line(self) -> str:
        rate = self._done / max(time.monotonic() - self._began, 0.001)
        left = (self._total - self._done) / rate if rate else 0
        return f"{self._done:,}/{self._total:,} · {rate:,.0f}/s · {left / 60:,.1f} min"


def _bar() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
