"""Files of pages: known by name at the start, so that no name from outside ever becomes a path."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from morprom.doors.pages.guard import guarded, policy
from morprom.doors.wire import Call
from morprom.kernel import Category, Problem, Words

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
"""What is served; licences and lists beside it are not. The framework says that texts are UTF-8."""

COMPRESSED: Final = (".css", ".js", ".svg")


@dataclass(frozen=True, slots=True)
class _Asset:
    media_type: str
    tag: str
    body: bytes
    packed: bytes | None


def asset_routes(prefix: str, package: str, content_policy: str = "") -> HTTPRouteHandler:
    """The files in `assets` of a package, under a path."""

    @get(f"{prefix}/{{name:path}}", name=f"assets of {package}", request_class=Call)
    async def asset(request: Call, name: FromPath[str]) -> Response[bytes]:
        """One file; 304 when the client has it."""
        found = _assets(package).get(name.lstrip("/"))
        if found is None:
            raise Problem(Category.NOT_FOUND, "ASSET_UNKNOWN", Words("ไม่มีแฟ้มนี้", "there is no such file"))
        headers = guarded(content_policy or policy(), kept=True) | {"etag": found.tag, "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == found.tag:
            return Response(b"", status_code=304, headers=headers)
        if found.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            return Response(found.packed, media_type=found.media_type, headers=headers)
        return Response(found.body, media_type=found.media_type, headers=headers)

    return asset


@cache
def _assets(package: str) -> dict[str, _Asset]:
    found: dict[str, _Asset] = {}
    waiting: list[tuple[str, Traversable]] = [("", files(package) / "assets")]
    while waiting:
        prefix, folder = waiting.pop()
        for entry in folder.iterdir():
            if entry.is_dir():
                waiting.append((f"{prefix}{entry.name}/", entry))
            elif (suffix := PurePosixPath(entry.name).suffix) in TYPES:
                found[f"{prefix}{entry.name}"] = _read(entry, suffix)
    return found


def _read(entry: "Traversable", suffix: str) -> _Asset:
    body = entry.read_bytes()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return _Asset(TYPES[suffix], tag, body, gzip.compress(body, 6, mtime=0) if suffix in COMPRESSED else None)
