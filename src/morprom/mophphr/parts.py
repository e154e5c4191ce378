"""Reads one part of an upload: typed, after telling what of it does not fit and what is not as expected."""

from morprom.mophphr.findings import Findings
from morprom.mophphr.lenient import decode_leniently
from morprom.mophphr.shape import PartKind, Rules, compare
from morprom.mophphr.top_level import Slice
from morprom.mophphr.variants import tell_texts


def read_part(sent: Slice, rules: Rules[PartKind], findings: Findings) -> PartKind:
    """The part in `sent`; what is no object at all is read as an empty one, and told once."""
    part = rules.decode_exact(sent.raw) or _widely(sent, rules, findings)
    tell_texts(sent.raw, part, sent.path, findings)
    return part


def _widely(sent: Slice, rules: Rules[PartKind], findings: Findings) -> PartKind:
    part, misfits = decode_leniently(sent.raw, rules.kind)
    for steps in misfits:
        path = sent.path
        for step in steps:
            path = (path, step)
        findings.add("WRONG_TYPE", path)
    if () not in misfits:
        compare(part, rules.expected, sent.path, findings)
    return part
