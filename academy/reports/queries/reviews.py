"""What learners thought of one module, for everybody, and of the modules of one provider, for who works there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.kernel.errors import NotFound
from academy.kernel.small_groups import by_fives
from academy.kernel.text import Localized
from academy.reports.facts import Experience, Section, View
from academy.reports.kinds import Side
from academy.reports.queries.experience import experience_section
from academy.reports.queries.opinions import ASKED, opinions, scores_of, settled_of
from academy.reports.queries.outcomes import batches_of, parted_together, results_of
from academy.reports.queries.reach import require_office
from academy.reports.rules.asking import LEAST, WAVES
from academy.reports.rules.batches import Batch, settled
from academy.reports.rules.quarters import before, first_day, last_day, quarter_of, quarters_until, with_years, year_of
from academy.reports.rules.shares import share_of
from academy.reports.sources import experience as source
from academy.reports.sources.experience import ClassFacts

_SIDE: Final = Side.LEARNER
_PEOPLE: Final = LEAST[_SIDE]
_AFTER: Final = (_SIDE, WAVES[-1])
_QUARTERS: Final = 8  # that can be chosen


@dataclass(frozen=True)
class Reviews:
    """What learners of a module said when it was over, and how many passed, in tenths of a per cent; `answered` by fives, None where it would tell of fewer than ten."""

    title: Localized
    provider_name: str
    said: Experience
    answered: int | None
    graded: int | None
    passed: int | None


@dataclass(frozen=True)
class ModuleOpinion:
    """What learners said of one module of a provider; numbers by fives."""

    title: Localized
    slug: str
    answered: int | None
    scores: dict[str, int | None]


@dataclass(frozen=True)
class AtProvider:
    """What was said of all classes of a provider, and of the modules of which it may be told."""

    workspace: catalogue.Workspace
    answered: int | None
    scores: dict[str, int | None]
    modules: tuple[ModuleOpinion, ...]


def _by_module(one: ClassFacts) -> str:
    return one.module_id.hex


def reviews_of(session: Session, slug: str, *, now: datetime) -> Reviews:
    """Return what learners said of a public module. Raises NotFound. Seven statements at most."""
    found = source.public_module(session, slug)
    if found is None:
        raise NotFound
    module_id, title, provider_name = found
    today = amsterdam_day(now)
    classes = source.classes_of(session, module_id=module_id)
    batches = opinions(session, classes, before=today, part=_by_module, sides=(_SIDE,)).get(_AFTER, [])
    told = settled_of(_SIDE, batches)
    reached = settled(batches_of(classes, results_of(session, classes, before=today), part=_by_module), least=_PEOPLE)
    said = Experience(_SIDE, sum(each.sums[ASKED] for each in told), sum(each.number for each in told), scores_of(_SIDE, told))
    return Reviews(title, provider_name, said, _number(told), _number(reached), share_of([parted_together(reached)]))


def _number(told: Sequence[Batch]) -> int | None:
    return by_fives(sum(each.number for each in told)) if told else None


def at_provider(session: Session, actor: Actor, provider_slug: str, *, now: datetime) -> AtProvider:
    """Return what learners said of the modules of a provider, for who works there. Raises ProviderNotFound. Eight statements at most."""
    workspace = catalogue.workspace_for_reading(session, actor, provider_slug)
    classes = source.classes_of(session, provider_id=workspace.provider.id)
    batches = opinions(session, classes, before=amsterdam_day(now), part=_by_module, sides=(_SIDE,)).get(_AFTER, [])
    told = {part: there for part in {each.part for each in batches} if (there := settled_of(_SIDE, [each for each in batches if each.part == part]))}
    # All together are what everybody reads of each module, and no more: else what is hidden of one follows from the others.
    whole = [batch for there in told.values() for batch in there]
    named = {_by_module(each): each for each in classes}
    modules = [ModuleOpinion(named[part].module_title, named[part].module_slug, _number(there), scores_of(_SIDE, there)) for part, there in told.items()]
    return AtProvider(workspace, _number(whole), scores_of(_SIDE, whole), tuple(sorted(modules, key=lambda each: each.slug)))


def periods(today: date) -> list[str]:
    """Return the periods of which classes can be looked at, the newest first: years, each before its quarters."""
    return with_years(quarters_until(quarter_of(today), number=_QUARTERS))


def chosen_period(wanted: str, today: date) -> str:
    """Return the period that is asked for, where it can be; else the year of the quarter before this one: of what began lately nothing is known yet."""
    return wanted if wanted in periods(today) else year_of(before(quarter_of(today)))


def experience_at_office(session: Session, actor: Actor, period: str, *, now: datetime) -> Section:
    """Return the monitor of classes that started in a period, for the programme office. Raises NotFound. Eleven statements at most."""
    require_office(session, actor)
    return experience_section(session, view=View(period), from_on=first_day(period), until_on=last_day(period), as_of=amsterdam_day(now))
