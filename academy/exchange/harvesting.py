"""The page loop: every page of every resource of an endpoint to a spool, politely and one at a time, going on where a kill left it."""

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from academy.exchange.findings import Notice, Progress
from academy.exchange.gateway import Credential, FetchProblem, Gateway, HarvestStopped, PageRequest, problem_at, stopped
from academy.exchange.payloads import Envelope, NotAPayload, Parent, envelope_of, identity_of
from academy.exchange.spool import PARENT_KINDS, Journal, Place, Spool, items
from academy.kernel.clock import amsterdam_day

EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)  # offerings from before do not interest anyone who looks for a course
_EACH: Final = "{id}"
_PATH: Final = re.compile(r"[a-z-]*|[a-z-]+/\{id\}/[a-z-]+")
_LONGEST_ID: Final = 200


@dataclass(frozen=True, slots=True)
class Resource:
    """A list of the endpoint. `path` "" is the address itself; `courses/{id}/offerings` is asked for every course that came before.

    `expand` names the properties to expand (nothing unless given). An `optional` resource may be absent from the endpoint.
    """

    path: str
    expand: tuple[str, ...] = ()
    optional: bool = False

    @property
    def above(self) -> str:
        """Return the path of the resource whose items it is asked for, or ""."""
        return self.path.partition(f"/{_EACH}/")[0] if _EACH in self.path else ""


RESOURCES: Final[Mapping[int, tuple[Resource, ...]]] = {
    5: (
        Resource("organizations", optional=True), Resource("education-specifications", optional=True), Resource("programs", optional=True),
        Resource("courses"), Resource("programs/{id}/offerings"), Resource("courses/{id}/offerings"),
    ),
    6: (
        Resource("organisations", optional=True), Resource("learning-outcomes", optional=True), Resource("programmes", optional=True),
        Resource("courses"), Resource("programmes/{id}/programme-offerings"), Resource("courses/{id}/course-offerings"),
    ),
}


@dataclass(frozen=True, slots=True)
class HarvestLimits:
    """Where a harvest ends whatever the endpoint says: pages of one list, bytes of all answers, seconds of one attempt."""

    pages: int = 2000
    bytes: int = 200 * 1024 * 1024
    seconds: float = 2 * 60 * 60


@dataclass(frozen=True, slots=True)
class HarvestPlan:
    """What to ask from whom. `version` is 5 or 6 of OOAPI, or None for a plain JSON feed at `address`.

    `since` is the earliest start of the offerings asked for; the endpoint's own default is today, so it is always sent (EVER when None).
    `route` is the endpoint's name at a SURFeduhub gateway. `page_size` is one of 10, 20, 50, 100 and 250.
    """

    address: str = field(repr=False)
    version: int | None
    resources: tuple[Resource, ...]
    credential: Credential | None = None
    route: str = ""
    since: datetime | None = None
    state: str = ""
    consumer: str = ""
    page_size: int = 250
    pause_seconds: float = 0.2
    limits: HarvestLimits = HarvestLimits()

    def __post_init__(self) -> None:
        """Refuse a plan that nobody can mean: a mistake of ours, not of the endpoint."""
        before: set[str] = set()
        for resource in self.resources:
            if not _PATH.fullmatch(resource.path) or (resource.above and resource.above not in before):
                message = f"{resource.path!r} is no resource, or stands before the one it is asked for"
                raise ValueError(message)
            before.add(resource.path)

    @property
    def digest(self) -> str:
        """Return what tells this plan from another: what is asked, not how fast or with which password."""
        asked = [self.address, self.version, [[each.path, each.expand] for each in self.resources], self.route, str(self.since),
                 self.state, self.consumer, self.page_size]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Collected:
    """What a harvest brought: pages and items per resource. Only when it is `whole` has what is not in it vanished at the source."""

    pages: dict[str, int]
    items: dict[str, int]
    started: datetime
    bytes: int
    whole: bool
    notices: tuple[Notice, ...]
    problems: tuple[FetchProblem, ...]


def collect(gateway: Gateway, plan: HarvestPlan, spool: Path, *, now: datetime, progress: Progress | None = None) -> Collected:
    """Bring every page of `plan` into the folder `spool`, which holds nothing else, and go on where an earlier attempt ended.

    Raises HarvestStopped; what was brought stays. `started` of the answer is the `now` of the first attempt. `progress` is told what is
    fetched, how many lists or pages are done and of how many (0: not known).
    """
    store = Spool(spool, plan=plan.digest, now=now)
    _Harvest(gateway, plan, store, progress).run()
    return _collected(plan, store.journal)


def _collected(plan: HarvestPlan, journal: Journal) -> Collected:
    return Collected(
        {path: place.pages for path, place in journal.places.items()}, {path: place.items for path, place in journal.places.items()},
        journal.started, journal.bytes, plan.since is None and not plan.state and not journal.problems,
        tuple(journal.notices), tuple(journal.problems),
    )


class _Seen:
    """Remembers what a list has brought, to know a page that comes again."""

    def __init__(self) -> None:
        self._digests: set[bytes] = set()
        self._ids: set[str] = set()
        self._empty = False

    def look(self, found: list[dict[str, Any]]) -> tuple[bool, int]:
        """Return whether nothing of this page is new, and how many items came before; and remember it."""
        if not found:
            again, self._empty = self._empty, True
            return again, 0
        self._empty = False
        digest = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).digest()
        ids = [identity_of(item) for item in found]
        known = sum(id_ in self._ids for id_ in ids)
        again = digest in self._digests or known == len(ids)
        self._digests.add(digest)
        self._ids.update(filter(None, ids))
        return again, known


class _Harvest:
    """One attempt."""

    def __init__(self, gateway: Gateway, plan: HarvestPlan, store: Spool, progress: Progress | None) -> None:
        self._gateway = gateway
        self._plan = plan
        self._store = store
        self._progress = progress
        self._deadline = time.monotonic() + plan.limits.seconds
        self._asked = False

    def run(self) -> None:
        for resource in self._plan.resources:
            place = self._store.place(resource.path)
            if place.done:
                continue
            for ident in islice(self._lists(resource), place.lists, None):
                if resource.above and not _fits_in_an_address(ident):
                    reason = "an item has no id that fits in an address: its offerings can not be asked for"
                    self._store.report(problem_at(self._request(resource, "", 1), "id-not-usable", reason))
                else:
                    self._bring(resource, ident, place)
                place.lists, place.page, place.next_guessed = place.lists + 1, 0, False
                self._store.save()
            place.done = True
            self._store.save()

    def _lists(self, resource: Resource) -> Iterator[str]:
        """Yield the id of each item that `resource` is asked for, in the order in which they came; "" for a list of its own."""
        if not resource.above:
            yield ""
            return
        given = set()
        for item in items(self._store.folder, resource.above):
            ident = identity_of(item.value)
            if ident not in given:
                given.add(ident)
                yield ident

    def _bring(self, resource: Resource, ident: str, place: Place) -> None:
        """Bring one list, from the page after the last complete one."""
        parent = Parent(PARENT_KINDS[resource.above], ident) if resource.above in PARENT_KINDS else None
        seen = _Seen()
        for page in self._store.last_pages(resource.path, place.page):
            seen.look(page)
        while True:
            request = self._request(resource, ident, place.page + 1)
            envelope = self._envelope(resource, request, place)
            if envelope is None or not self._is_new(resource, request, envelope, seen):
                return
            self._store.write_page(resource.path, envelope.items, page=request.page, parent=parent)
            self._tell(resource, place, envelope)
            if not self._has_next(envelope):
                return
            place.page, place.next_guessed = request.page, envelope.has_next is None
            self._store.save()

    def _envelope(self, resource: Resource, request: PageRequest, place: Place) -> Envelope | None:
        """Fetch a page; None where the endpoint does not have it and need not."""
        if request.page > self._plan.limits.pages:
            raise stopped(request, "too-many-pages", f"the list has more than {self._plan.limits.pages} pages")
        if self._asked:
            time.sleep(self._plan.pause_seconds)
        self._asked = True
        try:
            page = self._gateway.fetch(request, deadline=self._deadline)
        except HarvestStopped as stop:
            if stop.problem.code != "not-found" or not self._may_lack(resource, request, place, stop):
                raise
            return None
        journal = self._store.journal
        journal.bytes += len(page.body)
        if journal.bytes > self._plan.limits.bytes:
            raise stopped(request, "harvest-too-large", f"the answers together are larger than {self._plan.limits.bytes:,} bytes")
        try:
            envelope = envelope_of(page.value)
        except NotAPayload as fault:
            raise stopped(request, fault.code, fault.reason) from fault
        for code in (*page.notices, *envelope.notices, *self._size_noticed(envelope)):
            self._store.note(code, resource.path, request.page)
        for number, item in enumerate(envelope.items, start=1):
            if item is None:
                self._store.report(problem_at(request, "not-an-object", f"item {number} is no object"))
        return envelope

    def _may_lack(self, resource: Resource, request: PageRequest, place: Place, stop: HarvestStopped) -> bool:
        if request.page > 1:
            return place.next_guessed  # there was no next page after all
        if resource.above:  # the course went away between two pages, or has none
            self._store.report(stop.problem)
        elif resource.optional:
            self._store.note("not-offered", resource.path, request.page)
        return bool(resource.above) or resource.optional

    def _size_noticed(self, envelope: Envelope) -> tuple[str, ...]:
        asked = self._plan.page_size
        ignored = self._plan.version is not None and (envelope.page_size not in {None, asked} or len(envelope.items) > asked)
        return ("page-size-ignored",) if ignored else ()

    def _is_new(self, resource: Resource, request: PageRequest, envelope: Envelope, seen: _Seen) -> bool:
        """Say whether the page brings anything; stop when it does not and yet promises a next one, for that would never end."""
        again, known = seen.look(envelope.objects)
        if again and envelope.has_next:
            raise stopped(request, "same-page-again", f"page {request.page} brings nothing new and says there is a next one")
        if again:
            self._store.note("page-again", resource.path, request.page)
        elif known:
            self._store.note("seen-again", resource.path, request.page)
        return not again

    def _has_next(self, envelope: Envelope) -> bool:
        """Follow hasNextPage. Where it is missing a full page is taken to have a next one; totalPages is optional and not relied on."""
        if envelope.has_next is not None:
            return envelope.has_next
        return len(envelope.items) >= (envelope.page_size or self._plan.page_size)

    def _request(self, resource: Resource, ident: str, number: int) -> PageRequest:
        plan = self._plan
        path = resource.path.replace(_EACH, quote(ident, safe=""))
        accept = "application/json" if plan.version is None else f"application/json; version={plan.version}"
        headers = [("Accept", accept)]
        if plan.route:
            headers += [("X-Route", f"endpoint={plan.route}"), ("X-Envelope-Response", "false")]
        url = f"{plan.address.rstrip('/')}/{path}" if path else plan.address
        return PageRequest(url, self._params(resource, number), tuple(headers), plan.credential, number)

    def _params(self, resource: Resource, number: int) -> tuple[tuple[str, str], ...]:
        plan = self._plan
        if plan.version is None:  # a plain feed gets no parameters until it says that it has pages
            return (("pageNumber", str(number)),) if number > 1 else ()
        offerings = resource.path.endswith("offerings")
        params = {
            "pageSize": str(plan.page_size),
            "pageNumber": str(number),
            "consumer": plan.consumer,
            "expand": ",".join(resource.expand),
            "since": _since(plan) if offerings else "",
            "state": plan.state if offerings and plan.version > 5 else "",  # noqa: PLR2004 - v5 has no states
        }
        return tuple((name, value) for name, value in params.items() if value)

    def _tell(self, resource: Resource, place: Place, envelope: Envelope) -> None:
        if self._progress is None:
            return
        if resource.above:
            self._progress(f"fetch {resource.path}", place.lists + 1, self._store.place(resource.above).items)
        else:
            self._progress(f"fetch {resource.path}", place.pages, envelope.total_pages or 0)


def _since(plan: HarvestPlan) -> str:
    """Return a day for v5 and a moment for v6, as their specifications have it."""
    since = plan.since or EVER
    return amsterdam_day(since).isoformat() if plan.version == 5 else since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: PLR2004


def _fits_in_an_address(ident: str) -> bool:
    return 0 < len(ident) <= _LONGEST_ID and ident not in {".", ".."}
