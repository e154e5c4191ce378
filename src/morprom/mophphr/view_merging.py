"""One row for what several senders told: statements that share a key are one, and each of them is kept.

Which keys make two statements one is each view's own rule; docs/merging.md lists them.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from morprom.mophphr import normal
from morprom.mophphr.normal import Coding

S = TypeVar("S")


def grouped(statements: Iterable[tuple[S, Iterable[Hashable]]]) -> list[list[S]]:
    """Statements that share a key, also through a third one, together; groups and members in the order given."""
    group_of: dict[Hashable, int] = {}
    groups: dict[int, list[tuple[int, S]]] = {}
    keys_of: dict[int, set[Hashable]] = {}
    for place, (statement, told) in enumerate(statements):
        keys = set(told)
        joined = sorted({group_of[key] for key in keys if key in group_of})
        members = [(place, statement)]
        for former in joined:
            members += groups.pop(former)
            keys |= keys_of.pop(former)
        number = joined[0] if joined else place
        groups[number], keys_of[number] = members, keys
        group_of.update(dict.fromkeys(keys, number))
    return [[statement for _, statement in sorted(groups[number], key=_place)] for number in sorted(groups)]


def _place(member: tuple[int, object]) -> int:
    return member[0]


def shared_codes(value: object, systems: Sequence[str]) -> list[str]:
    """The codes of a concept that mean the same everywhere: of `systems`, zeros excepted, which say "not known"."""
    return [coding.code for coding in normal.codings(value) if _is_shared(coding, systems)]


def plain_name(value: object) -> str:
    """The name of a concept without what differs from typist to typist: case and blanks."""
    return "".join(normal.concept_text(value).casefold().split())


def _is_shared(coding: Coding, systems: Sequence[str]) -> bool:
    system = coding.system.lower()
    return bool(coding.code.strip("0")) and any(name in system for name in systems)
