"""A stand-in for a Meilisearch server on this machine: the documented calls over HTTP, and every way to misbehave.

It ranks with its own simple code, so that it can be compared with. Settings of newer releases can be made unknown to it.
"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.search.stub.errors import Refusal, bad
from tests.search.stub.routes import Routes

KEY = "only-a-key-for-tests"


class MeilisearchStub:
    """A server at `url` that knows one key.

    `answers_after` is in seconds; `status` an answer it gives to everything; `garbled` makes its answers no JSON; at the next
    `hangs_up` requests it closes the connection and says nothing. `requests` are the
    method, path and header fields of what came in.
    """

    def __init__(self) -> None:
        self.routes = Routes()
        self.answers_after = 0.0
        self.status = 0
        self.garbled = False
        self.hangs_up = 0
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.connections = 0
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.routes.queue.stop()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, address: str, header: dict[str, str], payload: bytes) -> tuple[int, bytes]:
        """Return status and body."""
        split = urlsplit(address)
        self.requests.append((method, address, header))
        if self.answers_after:
            time.sleep(self.answers_after)
        try:
            _be_in_trouble(self.status)
            _check_key(header, split.path)
            answer = self.routes.find(method, unquote(split.path))
            status, body = answer(parse_qs(split.query, strict_parsing=bool(split.query)), _read(method, header, payload))
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
        return status, b"<html>" if self.garbled else json.dumps(body).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up."""


def _be_in_trouble(status: int) -> None:
    if status:
        raise Refusal(status, "internal", kind="internal")


def _check_key(header: dict[str, str], path: str) -> None:
    given = header.get("authorization", "")
    if path == "/health":
        return
    if not given:
        raise Refusal(401, "missing_authorization_header", kind="auth")
    if given != f"Bearer {KEY}":
        raise Refusal(403, "invalid_api_key", "The provided API key is invalid.", kind="auth")


def _read(method: str, header: dict[str, str], payload: bytes) -> Any:
    if method in {"GET", "DELETE"}:
        return None
    kind = header.get("content-type")
    if kind is None:
        raise Refusal(415, "missing_content_type", "A Content-Type header is missing. Accepted values are: `application/json`")
    if kind.partition(";")[0].strip() != "application/json":
        raise Refusal(415, "invalid_content_type")
    if not payload:
        raise bad("missing_payload")
    try:
        return json.loads(payload)
    except ValueError:
        raise bad("malformed_payload") from None


def _handler(stub: MeilisearchStub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            stub.connections += 1
            super().setup()

        def _answer(self) -> None:
            payload = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if stub.hangs_up:
                stub.hangs_up -= 1
                self.close_connection = True
                return
            header = {name.lower(): value for name, value in self.headers.items()}
            status, body = stub.answer(self.command, self.path, header, payload)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - the names of the base class

        def log_message(self, *_arguments: object) -> None:
            """Keep tests quiet."""

    return Handler
