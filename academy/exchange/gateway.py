"""Another house's endpoint in our words: ask for a page, get a page, or stop and say where and why."""

import re
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, quote, urlsplit

from typing_extensions import override

from academy.kernel.errors import Refusal
from academy.kernel.translation import _

# What may be read in a log; the value of any other parameter could be a token.
_SHOWN_PARAMETERS: Final = frozenset({"consumer", "expand", "pageNumber", "pageSize", "since", "state", "until"})
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LONG_WORD: Final = 20  # a part of a path this long, with digits and no UUID, may be a key


@dataclass(frozen=True, slots=True)
class Credential:
    """A header that opens the endpoint. `setting` is the name under which people find it when it is refused."""

    header: str
    value: str = field(repr=False)
    setting: str


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted: address and parameters as they go over the line, `page` counted from 1 as the log names it."""

    url: str = field(repr=False)
    params: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    credential: Credential | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """An answer that holds JSON: as bytes and as a value whose numbers with a point are text. `notices` are keys of payloads.NOTICES."""

    body: bytes = field(repr=False)
    value: Any = field(repr=False)
    status: int
    content_type: str
    encoding: str
    notices: tuple[str, ...] = ()
    etag: str = ""


@dataclass(frozen=True, slots=True)
class FetchProblem:
    """Why a page did not come or can not be used; `url` is without secrets, `code` is stable, `reason` is a sentence."""

    url: str
    page: int
    code: str
    reason: str


class HarvestStopped(Refusal):
    """The harvest stops here; what was fetched stays, and the next run goes on with this page."""

    code = "harvest-stopped"
    status = 502

    def __init__(self, problem: FetchProblem) -> None:
        super().__init__(f"{problem.code}: {problem.reason} (page {problem.page} of {problem.url})")
        self.problem = problem

    @override
    def sentence(self) -> str:
        return _("Het ophalen is gestopt. In de catalogus is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Lees bij welke pagina het misging en waarom. Herstel het, of vraag het de aanbieder, en start het ophalen opnieuw.")


class Gateway(Protocol):
    """Fetches one page at a time."""

    def fetch(self, request: PageRequest, *, deadline: float) -> Page:
        """Return the page, or raise HarvestStopped; never later than `deadline`, a moment of `time.monotonic()` in seconds."""


def stopped(request: PageRequest, code: str, reason: str) -> HarvestStopped:
    """Return the refusal for `request`, with its address made safe to show."""
    return HarvestStopped(problem_at(request, code, reason))


def problem_at(request: PageRequest, code: str, reason: str) -> FetchProblem:
    """Return the problem for `request`, with its address made safe to show."""
    return FetchProblem(without_secrets(request.url, request.params), request.page, code, reason)


def without_secrets(url: str, params: tuple[tuple[str, str], ...] = ()) -> str:
    """Return the address for a log: no user and password, no fragment, "…" for what could be a key or a token."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # no address at all
        return "…"
    place = f"[{host}]" if ":" in host else host
    path = "/".join(map(_shown_part, parts.path.split("/")))
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *params]
    query = "&".join(f"{quote(name)}={quote(value, safe=':') if name in _SHOWN_PARAMETERS else '…'}" for name, value in pairs)
    return f"{parts.scheme}://{place}{f':{port}' if port else ''}{path}{f'?{query}' if query else ''}"


def _shown_part(part: str) -> str:
    rest = _UUID.sub("", part)
    return "…" if len(rest) >= _LONG_WORD and any(char.isdigit() for char in rest) else part
