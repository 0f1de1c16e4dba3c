"""An identity provider on this machine that can be told to lie, and the one that others made for tests of honest sign-ins."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "academy", "shared-with-the-provider"
_KEYS = [RSAKey.generate_key(2048, {"kid": name, "use": "sig"}) for name in ("one", "two")]
_OF_A_STRANGER = RSAKey.generate_key(2048)
Claims = dict[str, Any]


@dataclass
class Provider:
    """What it tells, and how it lies. Every change of `answer` is one lie; the rest is as it should be."""

    url: str = ""
    person: Claims = field(default_factory=lambda: {"sub": "noor-1", "name": "Noor de Vries", "email": "noor@school.example"})
    token: Claims = field(default_factory=dict)  # other claims in the ID token
    answer: dict[str, Callable[[], tuple[int, bytes]]] = field(default_factory=dict)  # whole answers by path
    described: Claims = field(default_factory=dict)  # other words in the description
    came_back_with: dict[str, str] = field(default_factory=dict)  # other parameters on the way back
    sign: Callable[[Claims], str] | None = None
    key: int = 0
    knows_key: tuple[int, ...] = (0,)
    asked: list[str] = field(default_factory=list)  # paths
    pause: float = 0.0  # seconds between two bytes
    departures: list[Claims] = field(default_factory=list)
    codes: dict[str, Claims] = field(default_factory=dict)

    def description(self) -> Claims:
        return {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo", "jwks_uri": f"{self.url}/jwks", **self.described,
        }

    def authorize(self, query: Claims) -> str:
        """Return the address to which someone who signed in is sent back."""
        self.departures.append(query)
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], **self.came_back_with})}"

    def exchange(self, form: Claims, authorization: str) -> tuple[int, Claims]:
        """Return the tokens for a code, which is good once and only with its verifier."""
        departure = self.codes.pop(form.get("code", ""), None)
        if authorization != "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode():
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if departure is None or (departure["code_challenge"], departure["code_challenge_method"]) != (_base64(digest), "S256"):
            return 400, {"error": "invalid_grant"}
        if departure["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "sub": self.person["sub"], "iat": now, "exp": now + 300, "nonce": departure["nonce"]}
        signed = (self.sign or self.signed)({**claims, **self.token})
        return 200, {"access_token": "secret-token", "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def signed(self, claims: Claims) -> str:
        key = _KEYS[self.key]
        return jwt.encode({"alg": "RS256", "kid": str(key.kid)}, {name: value for name, value in claims.items() if value is not None}, key)

    def keys(self) -> Claims:
        return {"keys": [_KEYS[number].as_dict(private=False) for number in self.knows_key]}


def unsigned(claims: Claims) -> str:
    """Return a token of algorithm `none`."""
    return _part({"alg": "none", "kid": "one"}) + "." + _part(claims) + "."


def signed_with_the_public_key(claims: Claims) -> str:
    """Return a token signed with what everybody may know, as if it were a shared secret."""
    signing = _part({"alg": "HS256", "kid": "one"}) + "." + _part(claims)
    digest = hmac.digest(_KEYS[0].as_pem(private=False), signing.encode(), "sha256")
    return f"{signing}.{_base64(digest)}"


def _part(value: Claims) -> str:
    return _base64(json.dumps(value).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def signed_by_a_stranger(claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, _OF_A_STRANGER)


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """Let `provider` answer over HTTP on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def back_from(url: str) -> str:
    """Let someone sign in at the address to which the academy sent them; returns the address to which they are sent back."""
    parts = urlsplit(url)
    line = HTTPConnection(parts.netloc, timeout=5)
    line.request("GET", f"{parts.path}?{parts.query}")
    location = line.getresponse().getheader("Location") or ""
    line.close()
    return location


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        asked = provider

    return Handler


class _Handler(BaseHTTPRequestHandler):
    asked: Provider

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self._answer(parts.path, {
            "/authorize": lambda: (302, {"location": self.asked.authorize(query)}),
            "/.well-known/openid-configuration": lambda: (200, self.asked.description()),
            "/jwks": lambda: (200, self.asked.keys()),
            "/userinfo": lambda: (200, self.asked.person) if self.headers["Authorization"] == "Bearer secret-token" else (401, {}),
        })

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        sent = {name: values[0] for name, values in form.items()}
        self._answer(self.path, {"/token": lambda: self.asked.exchange(sent, self.headers["Authorization"] or "")})

    def _answer(self, path: str, honest: dict[str, Callable[[], tuple[int, Claims]]]) -> None:
        self.asked.asked.append(path)
        if path in self.asked.answer:
            status, body = self.asked.answer[path]()
        else:
            status, value = honest.get(path, lambda: (404, {}))()
            body = json.dumps(value).encode()
        location = json.loads(body).get("location", "") if 300 <= status < 400 else ""
        self.send_response(status)
        for name, words in {"Content-Type": "application/json", "Content-Length": str(len(body)), "Location": location}.items():
            self.send_header(name, words)
        self.end_headers()
        self._write(body)

    def _write(self, body: bytes) -> None:
        """Send the body; one byte at a time, as long as someone waits, when told to."""
        pieces = [bytes([byte]) for byte in body] if self.asked.pause else [body]
        try:
            for piece in pieces:
                self.wfile.write(piece)
                time.sleep(self.asked.pause)
        except OSError:
            self.close_connection = True  # who asked did not wait
