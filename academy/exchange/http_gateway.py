"""Pages over HTTP; the only file that speaks it. Trusts nobody: not the address, not the answer, not its speed."""

import http.client
import ipaddress
import logging
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property, partial
from typing import Final
from urllib.parse import urlencode, urljoin

from typing_extensions import override
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ReadTimeoutError, SSLError
from urllib3.response import HTTPResponse
from urllib3.util import Url, parse_url

from academy.exchange.gateway import HarvestStopped, Page, PageRequest, stopped
from academy.exchange.payloads import NotAPayload, parsed
from academy.kernel.clock import utc_now

logging.getLogger("urllib3").setLevel(logging.CRITICAL)  # its warnings quote addresses, and those may hold a key

_PORTS: Final = {"http": 80, "https": 443}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS: Final = 3
_MOST_ADDRESSES: Final = 4
_CHUNK: Final = 64 * 1024
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")  # RFC 4291, section 2.4
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")  # IPv4 behind a translator (RFC 6052)

Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much: seconds to connect, for one read and for the whole answer; bytes of a page once unpacked; attempts."""

    connect_seconds: float = 5
    read_seconds: float = 20
    answer_seconds: float = 60
    page_bytes: int = 20 * 1024 * 1024
    attempts: int = 4
    first_pause_seconds: float = 1
    longest_pause_seconds: float = 60


class _MayPass(Exception):
    """A fault that may be over at the next attempt; `wait_seconds` is what the server asked for."""

    def __init__(self, stop: HarvestStopped, wait_seconds: float | None = None) -> None:
        super().__init__()
        self.stop = stop
        self.wait_seconds = wait_seconds


class HttpGateway:
    """Fetches over HTTP and HTTPS. `allow_private` opens the machine's own network: for local development and tests only.

    `resolve` turns a host and port into addresses; every one of them is checked, and the connection goes to an address that was.
    """

    def __init__(
        self, limits: Limits | None = None, *, allow_private: bool = False, resolve: Resolve | None = None,
        certificates: ssl.SSLContext | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._allow_private = allow_private
        self._resolve = resolve or _addresses_of
        self._given_certificates = certificates

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        return self._given_certificates or ssl.create_default_context()

    def fetch(self, request: PageRequest, *, deadline: float) -> Page:
        """Return the page. Tries again, with a growing pause, what may pass. Raises HarvestStopped."""
        limits = self._limits
        for attempt in range(1, limits.attempts + 1):
            try:
                return self._attempt(request, deadline)
            except _MayPass as fault:
                growing = min(limits.first_pause_seconds * 2 ** (attempt - 1), limits.longest_pause_seconds)
                pause = growing if fault.wait_seconds is None else fault.wait_seconds
                last = attempt == limits.attempts or pause > limits.longest_pause_seconds
                if last or time.monotonic() + pause >= deadline:
                    raise fault.stop from fault
            time.sleep(pause)
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _attempt(self, request: PageRequest, deadline: float) -> Page:
        until = min(deadline, time.monotonic() + self._limits.answer_seconds)
        url = self._checked(request, request.url)
        if request.params:
            url = self._checked(request, f"{url.url}{'&' if url.query else '?'}{urlencode(request.params)}")
        for _hop in range(_MOST_REDIRECTS + 1):
            answer = self._ask(request, url, until)
            if isinstance(answer, Page):
                return answer
            url = self._redirected(request, url, answer)
        raise stopped(request, "redirect-refused", f"the endpoint redirects more than {_MOST_REDIRECTS} times")

    # Where to ------------------------------------------------------------------------------------------------------------------------

    @staticmethod
    def _checked(request: PageRequest, address: str) -> Url:
        try:
            url = parse_url(address)
        except ValueError:  # its text quotes the address
            raise stopped(request, "address-not-valid", "this is not an address") from None
        if url.scheme not in _PORTS or not url.host:
            raise stopped(request, "address-not-valid", "an address begins with https:// or http:// and names a host")
        if url.auth is not None:
            raise stopped(request, "address-not-valid", "user and password do not belong in the address but in a credential")
        return url._replace(fragment=None)

    def _redirected(self, request: PageRequest, url: Url, location: str) -> Url:
        """Return where to go; the credential goes along, so only to the same host, and not from HTTPS back to HTTP."""
        try:
            to = self._checked(request, urljoin(url.url, location))
        except ValueError:
            raise stopped(request, "redirect-refused", "the endpoint redirects to what is not an address") from None
        upgraded = (url.scheme, _port(url), to.scheme, _port(to)) == ("http", 80, "https", 443)
        if to.host != url.host or not (upgraded or (to.scheme, _port(to)) == (url.scheme, _port(url))):
            raise stopped(request, "redirect-refused", "the endpoint redirects to another host, which is not followed")
        return to

    def _addresses(self, request: PageRequest, url: Url, until: float) -> Sequence[str]:
        """Return the addresses of the host. One private address is enough to refuse: the name is not what it seems."""
        host = (url.host or "").strip("[]")
        seconds = min(self._limits.connect_seconds, until - time.monotonic())
        try:
            found = _within(seconds, lambda: self._resolve(host, _port(url)))
        except TimeoutError as error:
            raise _MayPass(stopped(request, "timed-out", "the name of the host was not found in time")) from error
        except (OSError, UnicodeError) as error:
            raise _MayPass(stopped(request, "host-unknown", "the name of the host is not known")) from error
        if not self._allow_private and not all(map(_is_public, found)):
            raise stopped(request, "address-refused", "the host is on a private network, and those are not fetched from")
        return found[:_MOST_ADDRESSES]

    # There and back ------------------------------------------------------------------------------------------------------------------

    def _ask(self, request: PageRequest, url: Url, until: float) -> Page | str:
        """Return the page, or the place a redirect points to."""
        with self._line_to(request, url, until) as line:
            line.connect()
            line.timeout = self._limits.read_seconds
            line.request("GET", url.request_uri, headers=_headers_of(request), preload_content=False)
            with closing(line.getresponse()) as response:
                if response.status in _REDIRECTS:
                    return str(response.headers.get("Location", ""))
                _check_status(request, response)
                body = self._body(request, response)
                if line.cut:  # without a Content-Length the end that we made looks like the end
                    raise TimeoutError
        return _page(request, response, body)

    @contextmanager
    def _line_to(self, request: PageRequest, url: Url, until: float) -> Iterator["_Line"]:
        """Give a line that is not open yet; what goes wrong on it is raised in our words."""
        kind = _Line if url.scheme == "http" else partial(_SafeLine, ssl_context=self._certificates)
        line = kind((url.host or "").strip("[]"), _port(url), timeout=self._limits.connect_seconds)
        line.addresses, line.until = self._addresses(request, url, until), until
        try:
            yield line
        except (OSError, http.client.HTTPException, HTTPError) as error:
            code, reason = _fault(error, cut=line.cut)
            stop = stopped(request, code, reason)
            raise (stop if code == "tls-refused" else _MayPass(stop)) from error
        finally:
            line.end()

    def _body(self, request: PageRequest, response: HTTPResponse) -> bytes:
        most = self._limits.page_bytes
        pieces, size = [], 0
        while piece := response.read1(_CHUNK, decode_content=True):  # the limit counts what comes out of a compressed page
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise stopped(request, "too-large", f"the page is larger than {most:,} bytes")
        return b"".join(pieces)


class _Line(HTTPConnection):
    """A connection to an address that was checked, cut when its time is over: also in a handshake or a header that drips."""

    addresses: Sequence[str] = ()
    until: float = 0
    cut = False
    _knife: threading.Timer | None = None
    _double: socket.socket | None = None

    @override
    def _new_conn(self) -> socket.socket:
        fault: OSError = TimeoutError()
        for address in self.addresses:
            seconds = self.until - time.monotonic()
            if seconds <= 0:
                break
            try:
                line = socket.create_connection((address, self.port), min(float(self.timeout or seconds), seconds))
            except OSError as error:
                fault = error
                continue
            self._double = line.dup()  # stays valid while TLS wraps the original
            self._knife = threading.Timer(seconds, self._cut)
            self._knife.daemon = True
            self._knife.start()
            return line
        raise fault

    def _cut(self) -> None:
        self.cut = True
        if self._double is not None:
            with suppress(OSError):  # the other side was first
                self._double.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Close the line and put the knife away; `close` is not the place, http.client calls it while the answer is still to be read."""
        if self._knife is not None:
            self._knife.cancel()
        if self._double is not None:
            self._double.close()
        self.close()


class _SafeLine(_Line, HTTPSConnection):
    """The same under TLS; the certificate is checked against the name of the host."""


def _headers_of(request: PageRequest) -> dict[str, str]:
    headers = {
        "Accept": "application/json", "Accept-Encoding": "gzip", "Connection": "close", "User-Agent": "ad-academy-harvest",
        **dict(request.headers),
    }
    secret = request.credential
    if secret is not None:
        if not secret.value.isascii() or not secret.value.isprintable():  # the library would quote it in its error
            raise stopped(request, "credential-refused", f"{secret.setting} holds characters that do not go into a header")
        headers[secret.header] = secret.value
    return headers


# What went wrong ---------------------------------------------------------------------------------------------------------------------


def _fault(error: Exception, *, cut: bool) -> tuple[str, str]:
    """Return code and reason of what went wrong on the line."""
    if cut or isinstance(error, TimeoutError | ReadTimeoutError):
        return "timed-out", "the endpoint did not answer in time"
    if isinstance(error, ssl.SSLError | SSLError):
        return "tls-refused", "the certificate of the endpoint is not in order, or it does not speak TLS"
    if isinstance(error, OSError) and not isinstance(error, ConnectionResetError | BrokenPipeError):
        return "not-reached", "the endpoint refuses the connection or can not be reached"
    return "half-answer", "the endpoint broke the answer off, or it is no HTTP"


def _check_status(request: PageRequest, response: HTTPResponse) -> None:
    """Raise what a status other than 200 means; the body of a refusal is not read: it may repeat what we sent."""
    status = response.status
    match status:
        case 200:
            return
        case 401 | 403:
            setting = "the feed's credential" if request.credential is None else request.credential.setting
            raise stopped(request, "credential-refused", f"the endpoint answered {status}: check {setting}")
        case 404 | 405 | 410 | 501:
            raise stopped(request, "not-found", f"the endpoint answered {status}: it does not have this")
        case 406:
            raise stopped(request, "version-not-offered", "the endpoint answered 406: it does not offer this version of OOAPI")
        case 429 | 503:
            wait = _seconds_to_wait(response.headers.get("Retry-After", ""))
            said = "" if wait is None else f" and asks to wait {wait:.0f} s"
            raise _MayPass(stopped(request, "busy", f"the endpoint answered {status}{said}"), wait)
        case 408 | 500 | 502 | 504:
            raise _MayPass(stopped(request, "server-error", f"the endpoint answered {status}"))
    raise stopped(request, "status-unexpected", f"the endpoint answered {status}")


def _seconds_to_wait(text: str) -> float | None:
    """Read Retry-After: seconds, or a date (RFC 9110, section 10.2.3)."""
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
        return max(0, (moment - utc_now()).total_seconds())
    except (TypeError, ValueError):  # neither, or a date without a zone
        return None


def _page(request: PageRequest, response: HTTPResponse, body: bytes) -> Page:
    content_type = str(response.headers.get("Content-Type", ""))
    try:
        found = parsed(body, content_type)
    except NotAPayload as fault:
        stop = stopped(request, fault.code, fault.reason)
        raise (_MayPass(stop) if fault.code in {"empty-answer", "half-answer"} else stop) from fault
    etag = str(response.headers.get("ETag", ""))
    return Page(body, found.value, response.status, content_type, found.encoding, found.notices, etag)


# Where it is -------------------------------------------------------------------------------------------------------------------------


def _port(url: Url) -> int:
    return url.port or _PORTS[url.scheme or "https"]


def _addresses_of(host: str, port: int) -> Sequence[str]:
    return tuple(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def _within(seconds: float, ask: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Return what `ask` returns; raise TimeoutError when that takes longer. The system's resolver has no time limit to set."""
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put(ask())
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        answer = answers.get(timeout=max(0, seconds))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _is_public(address: str) -> bool:
    """Say whether this is an address on the open internet, and not a private one in the clothes of IPv6."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast
    if ip in _TRANSLATED:
        return _is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip in _GLOBAL_UNICAST and ip.is_global and ip.sixtofour is None and ip.teredo is None
