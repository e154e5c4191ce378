"""A KV v2 secrets engine on loopback, as its API documentation describes it: versions, check-and-set, destroy."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "s.test-token"


class Engine:
    """The stored versions: path → list of contents, None for a destroyed one."""

    def __init__(self) -> None:
        self.versions: dict[str, list[dict[str, Any] | None]] = {}
        self.lock = threading.Lock()

    def read(self, path: str) -> tuple[int, dict[str, Any]]:
        with self.lock:
            found = self.versions.get(path)
            if not found or found[-1] is None:
                return 404, {"errors": []}
            return 200, {"data": {"data": found[-1], "metadata": {"version": len(found), "destroyed": False}}}

    def write(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self.lock:
            versions = self.versions.setdefault(path, [])
            if body["options"]["cas"] != len(versions):
                return 400, {"errors": ["check-and-set parameter did not match the current version"]}
            versions.append(body["data"])
            return 200, {"data": {"version": len(versions)}}

    def destroy(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self.lock:
            for version in body["versions"]:
                self.versions[path][version - 1] = None
            return 204, {}


@contextmanager
def vault() -> Iterator[tuple[str, Engine]]:
    """The address of a path on a running engine, and the engine."""
    engine = Engine()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            _, _, _, kind, path = self.path.split("/", 4)
            if self.headers["X-Vault-Token"] != TOKEN:
                status, value = 403, {"errors": ["permission denied"]}
            elif self.command == "GET":
                status, value = engine.read(path)
            else:
                status, value = engine.write(path, body) if kind == "data" else engine.destroy(path, body)
            text = json.dumps(value).encode() if status != 204 else b""
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/secret/morprom", engine
    finally:
        server.shutdown()
        server.server_close()
