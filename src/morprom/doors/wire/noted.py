"""What a door lets the layer around it know of a call: whose it was and what was particular about it.

The layer puts a `Noted` into the request's scope, and looks at it when the reply has left. It asks for the traits only
when the hospital is one whose calls are watched, so that for all others they cost nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from morprom.oversight import Trait

SCOPE_KEY: Final = "morprom.noted"


@dataclass(slots=True)
class Noted:
    """`hcode` is for calls that carry no token; "" where the token tells."""

    hcode: str = ""
    traits: Callable[[], Iterable[Trait]] = tuple


def noted_in(scope: Mapping[str, Any]) -> Noted:
    """Where to note of the request of this scope; nobody looks at it when nobody watches."""
    return scope.get(SCOPE_KEY) or Noted()
