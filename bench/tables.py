"""Markdown for docs/performance.md, and what it was measured on."""

import os
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import TypeVar

from bench.processors import model

Value = TypeVar("Value")
ROOT = Path(__file__).parents[1]


def heading(text: str) -> None:
    """A section."""
    print(f"\n## {text}\n", flush=True)


def say(text: str) -> None:
    """A line."""
    print(text, flush=True)


def table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; numbers are rounded to three digits that matter."""
    print(f"| {' | '.join(names)} |")
    print(f"|{'|'.join('---' if place == 0 else '---:' for place in range(len(names)))}|")
    for row in rows:
        print(f"| {' | '.join(map(shown, row))} |")
    print(flush=True)


def shown(cell: object) -> str:
    """A cell."""
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def verdict(is_met: bool) -> str:
    """Whether a target is met."""
    return "met" if is_met else "**missed**"


def middle(values: Sequence[Value], of: Callable[[Value], float]) -> float:
    """The median of the rounds."""
    return median([of(value) for value in values])


def where() -> str:
    """Processor, cores and commit."""
    commit, changed = _git("rev-parse", "--short", "HEAD"), _git("status", "--porcelain", "src")
    load = os.getloadavg()[0]
    return (
        f"Commit {commit or 'unknown'}{' with uncommitted changes' if changed else ''}, "
        f"{len(os.sched_getaffinity(0))} cores, {model()}, load before {load:.1f}."
    )


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
