"""The process that asks: requests made beforehand, each a visit of its own."""

import json
import sys
from collections import deque
from collections.abc import Callable
from typing import Final

from benchmarks.enrol.asking import Visit, ask, bare


def start(cookie: str, token: str, code: str) -> Visit:
    """Press the button that leads to the bank."""
    body = f"csrf_token={token}"
    yield "start", (
        f"POST /nl/payments/{code} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: academy_session={cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def notice(body: str, signature: str) -> Visit:
    """Bring a notice."""
    yield "notice", (
        f"POST /payments/notices HTTP/1.1\r\nHost: 127.0.0.1\r\nStripe-Signature: {signature}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"
    ).encode()


_KINDS: Final[dict[str, Callable[..., Visit]]] = {"start": start, "notice": notice, "bare": bare}

if __name__ == "__main__":
    wish = json.load(sys.stdin)
    json.dump(ask(wish["port"], deque(_KINDS[wish["kind"]](*of) for of in wish["asked"]), wish["clients"]), sys.stdout)
