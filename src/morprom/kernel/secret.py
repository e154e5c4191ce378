"""Secrets that do not print themselves."""

import hashlib
import hmac
from typing import Generic, TypeVar

Material = TypeVar("Material", str, bytes)


class Secret(Generic[Material]):
    """A secret in memory. `reveal()` is the only way to it, so that a search finds every use."""

    __slots__ = ("_material",)

    def __init__(self, material: Material) -> None:
        self._material: Material = material

    def reveal(self) -> Material:
        """The secret itself."""
        return self._material

    def digest(self) -> bytes:
        """SHA-256: what is kept of 128 random bits or more, and found again by; too little for what people choose."""
        material = self._material
        return hashlib.sha256(material if isinstance(material, bytes) else material.encode("utf-8", "replace")).digest()

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        mine, theirs = self._material, other._material  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        mine = mine.encode() if isinstance(mine, str) else mine
        theirs = theirs.encode() if isinstance(theirs, str) else theirs  # pyright: ignore[reportUnknownVariableType]
        return isinstance(theirs, bytes) and hmac.compare_digest(mine, theirs)

    __hash__ = None  # type: ignore[assignment]
