"""A real HTTP server on 127.0.0.1 that misbehaves on demand."""

import json
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What goes back. `drip` sends one byte per so many seconds; `raw` is sent instead of everything, the connection closed after it."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    length: int | None = None
    drip: float = 0
    silence: float = 0
    raw: bytes | None = None


Behave = Callable[[Asked], Answer]


def envelope(items: list[Any], *, page: int = 1, more: bool | None = False, size: int | None = 250) -> dict[str, Any]:
    made: dict[str, Any] = {"pageNumber": page, "hasPreviousPage": page > 1, "items": items}
    if size is not None:
        made["pageSize"] = size
    return made if more is None else made | {"hasNextPage": more}


def answered(value: Any, **how: Any) -> Answer:
    return Answer(json.dumps(value).encode(), **how)


def course(number: int) -> dict[str, Any]:
    return {"courseId": f"course-{number}", "name": "Cloud", "primaryCode": {"codeType": "identifier", "code": f"C{number}"}}


def pages_of(items: list[Any], size: int) -> Behave:
    """Return the behaviour of a good endpoint that gives `items` in pages of `size`."""

    def behave(asked: Asked) -> Answer:
        page = int(asked.params.get("pageNumber", 1))
        chosen = items[(page - 1) * size : page * size]
        return answered(envelope(chosen, page=page, more=page * size < len(items), size=size))

    return behave


class HostileServer:
    """Behaves as told and remembers what it was asked; the last of `turns` is repeated."""

    def __init__(self, *turns: Answer | Behave, certificate: ssl.SSLContext | None = None) -> None:
        self._turns = list(turns)
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who hangs up early is what we test
        if certificate is not None:
            self._server.socket = certificate.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        scheme = "http" if certificate is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"

    @property
    def fetched(self) -> Counter[str]:
        """Count the requests per path and page."""
        return Counter(f"{one.path} {one.params.get('pageNumber', '1')}" for one in self.asked)

    def __enter__(self) -> Self:
        threading.Thread(target=lambda: self._server.serve_forever(poll_interval=0.01), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            turn = self._turns[min(len(self.asked), len(self._turns)) - 1]
        return turn if isinstance(turn, Answer) else turn(asked)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                answer = server._answer(Asked(parts.path, dict(parse_qsl(parts.query)), dict(self.headers)))
                server._over.wait(answer.silence)
                if answer.raw is not None:
                    self._send(answer.raw, answer.drip)
                    return
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.content_type)
                if answer.length != -1:
                    self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self._send(answer.body, answer.drip)

            def _send(self, content: bytes, drip: float) -> None:
                if not drip:
                    self.wfile.write(content)
                    return
                for byte in content:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if server._over.wait(drip):
                        return

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def closed_port() -> Iterator[str]:
    """Give an address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))  # bound and not listening: nobody else takes it
        yield f"http://127.0.0.1:{probe.getsockname()[1]}"


@contextmanager
def dripping_handshake(drip: float) -> Iterator[str]:
    """Give an address that begins a TLS record of 16 kB and sends the rest of it one byte per `drip` seconds."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            line, _address = listening.accept()
            with line:
                line.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
                while not over.wait(drip):
                    try:
                        line.sendall(b"\x00")
                    except OSError:  # hung up
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        over.set()
        thread.join()
