"""What a programme asks of the card page (RFC 6749, sections 4.1.1 and 4.1.2.1), and where the answer may go.

Nobody is sent to an address that the client did not register letter for letter; whatever else is wrong is told there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from morprom.doors.pages.away import answered_at, origin_of
from morprom.doors.wire import Call, read_body
from morprom.identity import Client, clients
from morprom.kernel.pkce import is_challenge

CLIENT_ID: Final = re.compile(r"[0-9a-f-]{36}")
SCOPE: Final = "read"
LONGEST_STATE: Final = 2_000
MOST_FIELDS: Final = 50

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a known client, to be answered at an address of its own. `error` is "" when it may go on."""

    client: Client
    redirect_uri: str
    state: str | None
    challenge: str | None
    error: str = ""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the address."""
        return origin_of(self.redirect_uri)

    def answered(self, **members: str) -> str:
        """The address with an answer in its query, and the state as it came."""
        return answered_at(self.redirect_uri, self.state, **members)


async def asked_of(request: Call) -> Asked | None:
    """The request; None when client or address is not registered, and so nobody is there to answer to."""
    pairs = query_of(request)
    client_id, redirect_uri = only(pairs, "client_id"), only(pairs, "redirect_uri")
    if client_id is None or redirect_uri is None or not CLIENT_ID.fullmatch(client_id):
        return None
    async with request.services.reader.transaction() as tx:
        client = await clients.find_client(tx, client_id)
    if client is None or redirect_uri not in client.redirect_uris:
        return None
    state = only(pairs, "state")
    challenge = only(pairs, "code_challenge")
    kept = state if state is None or len(state) <= LONGEST_STATE else None
    return Asked(client, redirect_uri, kept, challenge, _error(pairs, state, challenge))


def query_of(request: Call) -> Pairs:
    """The query's parameters as they came, bytes that are no UTF-8 included, so that a state goes back unchanged."""
    return pairs_of(request.scope["query_string"].decode("ascii", "surrogateescape"))


async def form_of(request: Call) -> Pairs:
    """The body as form data, whatever content type it claims."""
    body = await read_body(request.scope, request.receive, request.services.settings)
    return pairs_of(body.decode("utf-8", "surrogateescape"))


def pairs_of(text: str) -> Pairs:
    """Parameters of a query or a form; nothing when there are absurdly many."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=MOST_FIELDS)
    except ValueError:
        return []


def only(pairs: Pairs, name: str) -> str | None:
    """The parameter of that name; None when there is none, or more than one (RFC 6749, section 3.1)."""
    values = [value for key, value in pairs if key == name]
    return values[0] if len(values) == 1 else None


def repeated(pairs: Pairs) -> bool:
    """Whether a parameter comes twice."""
    return len({key for key, _ in pairs}) < len(pairs)


def _error(pairs: Pairs, state: str | None, challenge: str | None) -> str:
    """The code of what is wrong with a request that can be answered; "" when nothing is."""
    response_type = only(pairs, "response_type")
    scope = only(pairs, "scope")
    if repeated(pairs) or not response_type or len(state or "") > LONGEST_STATE:
        return "invalid_request"
    if response_type != "code":
        return "unsupported_response_type"
    if scope and scope.split() != [SCOPE]:
        return "invalid_scope"
    if challenge is None:
        return "invalid_request" if only(pairs, "code_challenge_method") else ""
    return "" if is_challenge(challenge, only(pairs, "code_challenge_method")) else "invalid_request"
