"""From the bytes of a request to one minified JSON object, or to the reason why there is none.

White space is all that is taken away: duplicate keys, 1.10 and 1e308 stay as the sender wrote them.
"""

from itertools import accumulate

import msgspec

from morprom.mophphr.findings import Findings, finding
from morprom.mophphr.model import Rejected

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_BRACKETS = bytes.maketrans(b"[]", b"{}")
_ROUNDS = 8
_STEPS = {ord("{"): 1, ord("}"): -1}
_ALL_BUT_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"'))


def read_object(body: bytes, nesting_limit: int, findings: Findings) -> bytes | Rejected:
    """The minified object in `body`. What is no JSON object is a 400, what is nested too deeply a 422."""
    minified = read_json(body, nesting_limit, findings)
    if isinstance(minified, Rejected) or minified.startswith(b"{"):
        return minified
    return _refused(400, "NOT_AN_OBJECT")


def read_json(body: bytes, nesting_limit: int, findings: Findings) -> bytes | Rejected:
    """The minified value in `body`, of whatever kind."""
    if body.startswith(BYTE_ORDER_MARK):
        findings.add("BYTE_ORDER_MARK", None)
        body = body[len(BYTE_ORDER_MARK) :]
    try:
        body.decode()  # msgspec checks the text only where it makes a str of it
    except UnicodeDecodeError:
        return _refused(400, "NOT_UTF8")
    if is_deeper_than(nesting_limit, body):
        return _refused(422, "TOO_DEEP")
    try:
        return msgspec.json.format(body, indent=-1)
    except msgspec.DecodeError:
        return _refused(400, "NOT_JSON")


def _refused(status: int, code: str) -> Rejected:
    return Rejected(422 if status == 422 else 400, (finding(code, None),))


def is_deeper_than(limit: int, body: bytes) -> bool:
    """Whether objects and arrays are nested more than `limit` deep, before any recursive parser sees them.

    Keeps only brackets and quotes, then takes away innermost pairs, one level a round, until few are left; the rest
    is counted. Of what is not well-formed the part before the fault is judged, which is as far as a parser goes.
    """
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    skeleton = body.translate(_BRACKETS, _ALL_BUT_STRUCTURE)
    if 2 * skeleton.count(b'""') == skeleton.count(b'"'):
        skeleton = skeleton.translate(None, b'"')
    else:  # some text has brackets in it: of those texts the quotes remain, and what is between them goes
        skeleton = b"".join(skeleton.replace(b'""', b"").split(b'"')[::2])
    for rounds in range(_ROUNDS):
        if rounds + skeleton.count(b"{") <= limit:  # as deep as that at most
            return False
        skeleton = skeleton.replace(b"{}", b"")
    return _ROUNDS + max(accumulate(map(_STEPS.__getitem__, skeleton)), default=0) > limit
