"""Keys in HashiCorp Vault or OpenBao: the KV secrets engine, version 2, over its HTTP API.

https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2. The check-and-set number is the mark of a version;
versions that a write replaces are destroyed, not merely deleted.
"""

import base64
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from morprom.kernel import Category, Problem, Secret, Words
from morprom.storage.provider import changed_meanwhile

SECONDS: Final = 10.0
NOT_FOUND: Final = 404
BAD_REQUEST: Final = 400


class VaultKeyProvider:
    """Documents under one path of a KV v2 mount."""

    def __init__(self, address: str, token_file: Path, *, ca_file: str | None = None) -> None:
        """`address`: `https://HOST/v1/MOUNT/PATH`. The token is read again at every call, because it is renewed."""
        parts = urlsplit(address)
        _, version, mount, path = parts.path.split("/", 3)
        self._mount = f"{parts.scheme}://{parts.netloc}/{version}/{mount}"
        self._path = path.strip("/")
        self._token_file = token_file
        self._client = httpx.Client(timeout=SECONDS, verify=ca_file or True)

    def read(self, name: str) -> tuple[Secret[bytes], str] | None:
        answer = self._call("GET", "data", name)
        if answer is None:
            return None
        document = answer["data"]
        return Secret(base64.b64decode(document["data"]["content"])), str(document["metadata"]["version"])

    def write(self, name: str, content: Secret[bytes], expected: str | None) -> None:
        body = {
            "options": {"cas": int(expected or 0)},
            "data": {"content": base64.b64encode(content.reveal()).decode()},
        }
        self._call("POST", "data", name, body)
        if expected:
            self._call("PUT", "destroy", name, {"versions": list(range(1, int(expected) + 1))})

    def _call(self, method: str, kind: str, name: str, body: dict[str, Any] | None = None) -> dict[str, Any] | None:
        url = f"{self._mount}/{kind}/{self._path}/{name}"
        try:
            token = self._token_file.read_text("utf-8").strip()
            answer = self._client.request(method, url, json=body, headers={"X-Vault-Token": token})
        except (httpx.HTTPError, OSError) as error:
            raise _unavailable() from error
        if answer.status_code == NOT_FOUND:
            return None
        if answer.status_code == BAD_REQUEST and "check-and-set" in answer.text:
            raise changed_meanwhile()
        if answer.is_error:
            raise _unavailable()
        return answer.json() if answer.content else {}


def _unavailable() -> Problem:
    return Problem(
        Category.UNAVAILABLE,
        "KEY_SERVICE_UNAVAILABLE",
        Words("ติดต่อบริการเก็บกุญแจไม่ได้ หรือถูกปฏิเสธ", "the key service does not answer, or refuses our token"),
    )
