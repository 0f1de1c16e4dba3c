"""The end of every import, whether of a file, a feed or an endpoint: the provider, the upserts, what vanished, the links and the news."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.exchange.checking import offering_fault
from academy.exchange.errors import ProviderSlugNotValid, ProviderUnknown
from academy.exchange.findings import KEPT_PROBLEMS, Problem
from academy.exchange.report import ImportReport, Tally
from academy.exchange.supply import Supply

_BATCH: Final = 500
_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])$")
# A source that loses more than half of what it had, and not just a handful, has more probably broken than shrunk.
_GUARDED_FROM: Final = 10
_GUARDED_SHARE: Final = 0.5
_CIRCLE_SHOWN: Final = 12  # modules of a circle named in a reason


class Archive(StrEnum):
    """What happens to what came from the same source before and is not in it now."""

    GUARDED = "guarded"  # archived, unless it is more than half of the source and at least ten
    ALL = "all"
    NOTHING = "nothing"


class _Rehearsed(Exception):
    """The dry run is over: the way out of a savepoint that is to leave nothing."""


@contextmanager
def rehearsal(session: Session, *, dry_run: bool) -> Iterator[None]:
    """Do what is inside in the caller's transaction; a dry run does all of it and takes it back."""
    with suppress(_Rehearsed), session.begin_nested():
        yield
        if dry_run:
            raise _Rehearsed


def require_provider(session: Session, slug: str, name: str) -> None:
    """Check that the provider exists, or may be made. Raises ProviderUnknown or ProviderSlugNotValid."""
    known = sorted(provider.slug for provider in catalogue.providers(session))
    if slug in known:
        return
    if not name.strip():
        raise ProviderUnknown(slug, known)
    if not _SLUG.match(slug):
        raise ProviderSlugNotValid(slug)


@dataclass
class Loading:
    """A provider's supply on its way into the catalogue, in the caller's transaction; counts what happens to it."""

    session: Session
    provider_slug: str
    source: str
    now: datetime
    provider_id: UUID = field(init=False)
    tally: Tally = field(default_factory=Tally)
    withheld: int = 0

    def find_provider(self, name: str, kind: catalogue.ProviderKind) -> None:
        """Find the provider, or make it. Raises ProviderUnknown or ProviderSlugNotValid."""
        require_provider(self.session, self.provider_slug, name)
        try:
            self.provider_id = catalogue.provider_by_slug(self.session, self.provider_slug).id
        except catalogue.ProviderNotFound:
            draft = catalogue.ProviderDraft(slug=self.provider_slug, name=name.strip(), kind=kind, country="")
            self.provider_id = catalogue.register_provider(self.session, draft)

    def put_modules(self, drafts: Sequence[catalogue.ModuleDraft | catalogue.PackedModule]) -> None:
        self.tally.add(catalogue.upsert_modules(
            self.session, provider_id=self.provider_id, drafts=drafts, now=self.now, source=self.source,
        ))

    def put_programmes(self, drafts: Sequence[catalogue.ProgrammeDraft]) -> None:
        self.tally.add(catalogue.upsert_programmes(
            self.session, provider_id=self.provider_id, drafts=drafts, now=self.now, source=self.source,
        ))

    def put_offerings(self, drafts: Sequence[tuple[str, catalogue.OfferingDraft]]) -> None:
        for start in range(0, len(drafts), _BATCH):
            self.tally.add(catalogue.upsert_offerings(
                self.session, provider_id=self.provider_id, drafts=drafts[start : start + _BATCH], source=self.source, now=self.now,
            ))

    def archive_missing(self, is_seen: Callable[[str], bool], archive: Archive) -> None:
        """Archive what vanished from this source; what the guard keeps back is counted in `withheld`."""
        if archive is Archive.NOTHING:
            return
        missing = catalogue.missing_supply(self.session, provider_id=self.provider_id, source=self.source, is_seen=is_seen)
        if archive is Archive.GUARDED and missing.count >= _GUARDED_FROM and missing.count > missing.known * _GUARDED_SHARE:
            self.withheld = missing.count
            return
        self.tally.add(catalogue.UpsertCount(archived=catalogue.archive_missing(self.session, missing, now=self.now)))

    def switch_off_missing(self, is_seen: Callable[[str, str], bool], archive: Archive) -> None:
        """Make offerings inactive that vanished from this source before they began; nothing when the guard kept modules back."""
        if archive is Archive.NOTHING or self.withheld:
            return
        self.tally.add(catalogue.UpsertCount(archived=catalogue.switch_off_missing_offerings(
            self.session, provider_id=self.provider_id, source=self.source, is_seen=is_seen, now=self.now,
        )))

    def link_and_announce(self) -> tuple[tuple[str, str], ...]:
        """Look up what prerequisites name and, when anything differs, tell so once; returns (module, needed) where that is not there."""
        link = catalogue.finish_import if self.tally.differs else catalogue.link_prerequisites
        return link(self.session, provider_id=self.provider_id)


def load_supply(
    session: Session, supply: Supply, *, provider_slug: str, provider_name: str, provider_kind: catalogue.ProviderKind, source: str,
    dry_run: bool, archive: Archive, now: datetime,
) -> ImportReport:
    """Load the whole supply of a source in the caller's transaction, and archive what it no longer has; a dry run takes it back.

    Places and modules come first, then programmes, whose requirements name modules, then offerings. A record that names what is not
    there is reported and left out; a programme is then loaded without changing its requirements. `supply` itself stays as it is.
    Raises ProviderUnknown, or ProviderSlugNotValid for a new provider.
    """
    loading = Loading(session, provider_slug, source, now)
    with rehearsal(session, dry_run=dry_run):
        loading.find_provider(provider_name, provider_kind)
        checked = _Checked(loading, supply)
        for place in supply.places:
            catalogue.register_place(session, place)
        loading.put_modules(checked.modules())
        loading.put_programmes(checked.programmes())
        loading.put_offerings(checked.offerings())
        loading.archive_missing(frozenset(supply.keys()).__contains__, archive)
        loading.switch_off_missing(supply.has_offering(), archive)
        checked.report_unknown(loading.link_and_announce())
    tally = loading.tally
    return ImportReport(
        kind="supply", file="", encoding="", shape=supply.shape, provider=provider_slug, source=source, dry_run=dry_run,
        rows=supply.rows, merged=0, refused=supply.refused + checked.refused, withheld=loading.withheld, **tally.counts(),
        problems=tuple(checked.problems), notices=supply.notices.all(),
    )


class _Checked:
    """The records of a supply that fit what is in the catalogue by then, with the problems of the others."""

    def __init__(self, loading: Loading, supply: Supply) -> None:
        self._loading = loading
        self._supply = supply
        self.problems = list(supply.problems)
        self.refused = 0

    def modules(self) -> list[catalogue.ModuleDraft]:
        """Return the modules but those that need each other in a circle."""
        own = ("", self._loading.provider_slug)
        graph = {
            draft.external_id: frozenset(
                leaf.external_id for leaf in catalogue.modules_in(draft.prerequisites) if leaf.provider in own
            )
            for draft in self._supply.modules if draft.prerequisites is not None
        }
        around = {module: circle for circle in catalogue.circles(graph) for module in circle}
        for module, circle in around.items():
            self._refuse("prerequisites", module, "prerequisites-circle", circle_reason(circle))
        return [draft for draft in self._supply.modules if draft.external_id not in around]

    def programmes(self) -> list[catalogue.ProgrammeDraft]:
        """Return the programmes; one whose requirements name a module that is not there keeps the requirements it had."""
        slug = self._loading.provider_slug
        named = {draft.external_id: _modules_asked(draft, slug) for draft in self._supply.programmes}
        there = self._there({name for names in named.values() for name in names})
        found = []
        for draft in self._supply.programmes:
            unknown = [f"{provider}/{key}" for provider, key in named[draft.external_id] if (provider, key) not in there]
            if unknown:
                reason = f"the programme asks {', '.join(unknown[:10])}, and that is no module here; its requirements stay as they were"
                self._report("requirements", draft.external_id, "requirement-unknown", reason)
            found.append(replace(draft, requirements=None) if unknown else draft)
        return found

    def offerings(self) -> list[tuple[str, catalogue.OfferingDraft]]:
        """Return the offerings of modules that are there, at places that are there."""
        slug = self._loading.provider_slug
        there = self._there({(slug, module) for module, _draft in self._supply.offerings})
        places = catalogue.place_keys(self._loading.session)
        found = []
        for module, draft in self._supply.offerings:
            fault = offering_fault(draft, places)
            if (slug, module) not in there:
                self._refuse("module", draft.external_id, "module-unknown", f"{module} is no module of this provider")
            elif fault is not None:
                self._refuse(fault.column, draft.external_id, fault.code, fault.reason)
            else:
                found.append((module, draft))
        return found

    def report_unknown(self, unknown: Sequence[tuple[str, str]]) -> None:
        """Report the prerequisites of this supply's modules that name a module which is not there."""
        brought = {draft.external_id for draft in self._supply.modules}
        for module, needed in unknown:
            if module in brought:
                self._report("prerequisites", module, "prerequisite-unknown", unknown_reason(needed))

    def _there(self, names: set[tuple[str, str]]) -> Mapping[tuple[str, str], UUID]:
        return catalogue.modules_by_name(self._loading.session, names)

    def _refuse(self, column: str, value: str, code: str, reason: str) -> None:
        self.refused += 1
        self._report(column, value, code, reason)

    def _report(self, column: str, value: str, code: str, reason: str) -> None:
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(Problem(None, column, value, code, reason))


def _modules_asked(draft: catalogue.ProgrammeDraft, own: str) -> list[tuple[str, str]]:
    """Return the modules that the requirements name, as (provider's slug, external id)."""
    waiting, found = [] if draft.requirements is None else [draft.requirements], []
    while waiting:
        part = waiting.pop()
        waiting += part.items
        if part.kind is catalogue.RequirementKind.MODULE:
            found.append((part.provider or own, part.module))
    return found


def circle_reason(circle: Sequence[str]) -> str:
    """Name a circle of prerequisites: `NET-01 needs NET-02 needs NET-01`."""
    shown = circle if len(circle) <= _CIRCLE_SHOWN else (*circle[: _CIRCLE_SHOWN - 1], "…", circle[-1])
    return " needs ".join(shown)


def unknown_reason(needed: str) -> str:
    return f"{needed} is asked beforehand, and that is no module here"

