"""Reads the body of the chronic register's `mode=remove`: a JSON array of references."""

from typing import Any, cast

from morprom.mophphr.body import read_json
from morprom.mophphr.findings import Findings, finding
from morprom.mophphr.lenient import decode_plain
from morprom.mophphr.members import is_array
from morprom.mophphr.model import Rejected
from morprom.mophphr.numbers import LONGEST_REF, printable


def read_ref_list(body: bytes, *, nesting_limit: int) -> tuple[str, ...] | Rejected:
    """The references in `body`, each once, `hcode:ref` or bare as they were sent; () when the array is empty.

    The empty array removes everything, so an item that is no reference is a fault and never passed over.
    """
    findings = Findings()
    minified = read_json(body, nesting_limit, findings)
    if isinstance(minified, Rejected):
        return minified
    if not is_array(minified):
        return Rejected(400, (finding("NOT_A_LIST", None),))
    refs: dict[str, None] = {}
    for index, sent in enumerate(cast("list[Any]", decode_plain(minified))):
        ref = printable(sent) if isinstance(sent, str | int) and not isinstance(sent, bool) else ""
        if not ref:
            findings.add("REF_UNREADABLE", (None, index))
        elif len(ref) > LONGEST_REF:
            findings.add("REF_TOO_LONG", (None, index))
        refs[ref] = None
    return Rejected(422, findings.faults) if findings.faults else tuple(refs)
