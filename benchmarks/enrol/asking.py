"""The process that asks: so many clients at once, each on a connection that stays open, each asking again as soon as it is answered.

One thread and requests made beforehand, so that asking leaves the processors to who answers.
"""

import json
import re
import selectors
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

SEE_OTHER: Final = 303
_PATIENCE: Final = 60  # seconds
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE: Final = re.compile(rb"\r\nset-cookie: *academy_session=([^;\r]+)", re.IGNORECASE)
_LOCATION: Final = re.compile(rb"\r\nlocation: *(?:https?://[^/]+)?([^\r]+)", re.IGNORECASE)
_TOKEN: Final = re.compile(rb'name="csrf_token"[^>]* value="([^"]+)"')
_KEY: Final = re.compile(rb'name="request_key"[^>]* value="([^"]+)"')


@dataclass(frozen=True)
class Person:
    """Who is signed in, with the cookie and the token that a form of theirs carries."""

    cookie: str
    token: str


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    @property
    def location(self) -> str:
        found = _LOCATION.search(self.head)
        return found[1].decode() if found else ""


# Yields the name of a step and its request, and is sent what was answered.
Visit = Generator[tuple[str, bytes], Answer, None]


def hold(person: Person, offering: str) -> Visit:
    """Ask for a seat."""
    yield "hold", _post(f"/nl/offerings/{offering}/enrol", person.cookie, csrf_token=person.token, request_key=str(uuid4()))


def journey(person: Person, module: str, offering: str) -> Visit:
    """Look at a module, ask for a seat in one of its classes, and confirm it, as a browser does: cookie and token come with the pages."""
    answer = yield "module", _get(f"/nl/modules/{module}", person.cookie)
    answer = yield "enrol", _get(f"/nl/offerings/{offering}/enrol", person.cookie)
    cookie = _cookie(answer) or person.cookie
    answer = yield "hold", _post(f"/nl/offerings/{offering}/enrol", cookie, csrf_token=_found(_TOKEN, answer), request_key=_found(_KEY, answer))
    cookie, path = _cookie(answer) or cookie, answer.location
    answer = yield "check", _get(path, cookie)
    cookie = _cookie(answer) or cookie
    yield "confirm", _post(path, cookie, csrf_token=_found(_TOKEN, answer))


def bare(number: int) -> Visit:
    """Ask the bare application for a seat."""
    yield "bare", _post(f"/hold/{number}", "")


def _get(path: str, cookie: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: academy_session={cookie}\r\n\r\n".encode()


def _post(path: str, cookie: str, **form: str) -> bytes:
    body = "&".join(f"{name}={value}" for name, value in form.items())
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: academy_session={cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _cookie(answer: Answer) -> str:
    found = _COOKIE.search(answer.head)
    return found[1].decode() if found else ""


def _found(what: re.Pattern[bytes], answer: Answer) -> str:
    found = what.search(answer.body)
    if found is None:
        raise RuntimeError(f"{answer.status}: no {what.pattern!r} on the page")
    return found[1].decode()


@dataclass
class _Client:
    """One connection and the visit that it is on."""

    connection: socket.socket
    visit: Visit
    step: str = ""
    asked_at: float = 0.0
    came: bytearray = field(default_factory=bytearray)

    def ask(self, step: str, request: bytes) -> None:
        self.step, self.asked_at = step, time.perf_counter()
        self.came.clear()
        self.connection.sendall(request)

    def answer(self) -> Answer | None:
        """Take what came in; returns the answer when it is whole."""
        piece = self.connection.recv(65536)
        if not piece:
            raise RuntimeError(f"{self.step}: the server closed the connection")
        self.came += piece
        ends = self.came.find(b"\r\n\r\n")
        if ends < 0:
            return None
        head = bytes(self.came[:ends])
        length = _LENGTH.search(head)
        if length is None:
            raise RuntimeError(f"{self.step}: an answer of unknown length")
        body = bytes(self.came[ends + 4 :])
        return Answer(int(head[9:12]), head, body) if len(body) >= int(length[1]) else None


def ask(port: int, visits: deque[Visit], clients: int) -> dict[str, Any]:
    """Make all visits, `clients` at a time; returns how many seconds that took, and of each request its step, status and milliseconds."""
    found: list[tuple[str, int, float]] = []
    with selectors.DefaultSelector() as selector:
        started = time.perf_counter()
        for _number in range(min(clients, len(visits))):
            client = _Client(socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE), visits.popleft())
            client.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(client.connection, selectors.EVENT_READ, client)
            client.ask(*next(client.visit))
        while selector.get_map():
            ready = selector.select(_PATIENCE)
            if not ready:
                raise RuntimeError("no answer")
            for key, _events in ready:
                client = key.data
                answer = client.answer()
                if answer is None:
                    continue
                found.append((client.step, answer.status, (time.perf_counter() - client.asked_at) * 1000))
                if not _goes_on(client, answer, visits):
                    selector.unregister(client.connection)
                    client.connection.close()
        return {"seconds": time.perf_counter() - started, "requests": found}


def _goes_on(client: _Client, answer: Answer, visits: deque[Visit]) -> bool:
    """Have the client ask what comes next, of this visit or the next one; False when there is nothing left."""
    try:
        if answer.status < 400:  # noqa: PLR2004 - what was refused ends the visit
            client.ask(*client.visit.send(answer))
            return True
    except StopIteration:
        pass
    if not visits:
        return False
    client.visit = visits.popleft()
    client.ask(*next(client.visit))
    return True


_KINDS: Final[dict[str, Callable[..., Visit]]] = {"hold": hold, "journey": journey, "bare": bare}


def _visits(kind: str, asked: list[list[Any]]) -> Iterator[Visit]:
    for of in asked:
        yield _KINDS[kind](*(Person(*each) if isinstance(each, list) else each for each in of))


if __name__ == "__main__":
    wish = json.load(sys.stdin)
    json.dump(ask(wish["port"], deque(_visits(wish["kind"], wish["asked"])), wish["clients"]), sys.stdout)
