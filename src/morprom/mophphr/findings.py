"""Collects findings while a payload is walked; words and pointers are made only for what is found."""

from functools import lru_cache

from morprom.mophphr.catalogue import CATALOGUE
from morprom.mophphr.model import Finding

Path = tuple["Path | None", str | int]
"""A place in the payload as (parent, step): cheap to carry along, written out only for a finding."""

MOST_FINDINGS = 2_000
"""One reply lists no more (ours): a body of 6 MB could earn a reply of 100 MB."""


class Findings:
    """What is told of one upload, in the order in which it was met. Errors are kept apart: they are its faults."""

    __slots__ = ("_faults", "_told")

    def __init__(self) -> None:
        self._told: list[Finding] = []
        self._faults: list[Finding] = []

    def add(self, code: str, path: Path | None) -> None:
        """Note `code` of the catalogue at `path` (None: the whole body)."""
        kept = self._faults if CATALOGUE[code].severity == "error" else self._told
        if len(kept) < MOST_FINDINGS:
            kept.append(finding(code, path))
        elif len(kept) == MOST_FINDINGS:
            kept.append(finding("MORE_FINDINGS", None))

    @property
    def is_full(self) -> bool:
        """Whether no more is listed, so that there is no use in looking."""
        return len(self._told) > MOST_FINDINGS

    @property
    def told(self) -> tuple[Finding, ...]:
        """Warnings and information: what is stored all the same."""
        return tuple(self._told)

    @property
    def faults(self) -> tuple[Finding, ...]:
        """Errors: reasons to refuse."""
        return tuple(self._faults)


@lru_cache(maxsize=8_192)  # a hospital's software earns the same ones at every visit
def finding(code: str, path: Path | None) -> Finding:
    """The finding `code` of the catalogue at `path`, its words filled in."""
    steps = steps_of(path)
    key = next((step for step in reversed(steps) if not step.isdecimal()), "")
    return Finding(CATALOGUE[code].severity, pointer(steps), code, *_words(code, key))


def steps_of(path: Path | None) -> list[str]:
    """The steps from the root of the body to `path`."""
    steps: list[str] = []
    while path is not None:
        path, step = path
        steps.append(str(step))
    steps.reverse()
    return steps


def pointer(steps: list[str]) -> str:
    """The JSON pointer (RFC 6901); "" is the whole body."""
    plain = "".join([f"/{step}" for step in steps])
    if "~" not in plain and plain.count("/") == len(steps):
        return plain
    return "".join([f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps])


def _words(code: str, key: str) -> tuple[str, str]:
    explanation = CATALOGUE[code]
    return explanation.th.replace("{key}", key), explanation.en.replace("{key}", key)
