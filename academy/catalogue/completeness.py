"""How complete a module is before it may be published, and what is wrong with an offering; pure.

The score is 0 to 100. Three quarters of it is what must always be there (`Lack.is_hard`): someone who lacks it can not choose. The rest
helps to choose. From 80 a module can be published; so with everything hard there, a class to join is enough, and without a class
some of the other text must be there. Springest's product score was the example: a number with a list of what to do next.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from academy.catalogue.drafts import ModuleDraft, OfferingDraft
from academy.catalogue.models import OfferingState, TargetGroup
from academy.catalogue.rules import WEEKDAYS

ENOUGH: Final = 80  # of 100
MOST_EC: Final = Decimal(60)  # a year of study; what is more is no module
MOST_HOURS: Final = 1680  # a year of study (OOAPI v6, studyLoad)
MANY_OUTCOMES: Final = 3
LONG_DESCRIPTION: Final = 200  # characters: three or four sentences


class Lacking(StrEnum):
    TITLE = "title"
    SUMMARY = "summary"
    OUTCOMES = "outcomes"
    SIZE = "size"
    SIZE_WRONG = "size-wrong"
    LEVEL = "level"
    KIND = "kind"
    LANGUAGE = "language"
    DELIVERY = "delivery"
    PRICE = "price"
    CODE_TAKEN = "code-taken"
    CLASS = "class"
    DESCRIPTION = "description"
    MORE_OUTCOMES = "more-outcomes"
    SKILLS = "skills"
    ENTRY = "entry"
    ASSESSMENT = "assessment"
    CERTIFICATE = "certificate"
    SECTOR = "sector"


# Points of 100, the most useful first within hard and not hard.
WEIGHTS: Final = {
    Lacking.TITLE: 10, Lacking.SUMMARY: 10, Lacking.OUTCOMES: 15, Lacking.SIZE: 10, Lacking.PRICE: 10, Lacking.LEVEL: 5,
    Lacking.DELIVERY: 5, Lacking.LANGUAGE: 5, Lacking.KIND: 5,
    Lacking.CLASS: 10, Lacking.DESCRIPTION: 4, Lacking.MORE_OUTCOMES: 3, Lacking.SKILLS: 3, Lacking.ENTRY: 2, Lacking.ASSESSMENT: 1,
    Lacking.CERTIFICATE: 1, Lacking.SECTOR: 1,
}
_HARD: Final = frozenset({
    Lacking.TITLE, Lacking.SUMMARY, Lacking.OUTCOMES, Lacking.SIZE, Lacking.SIZE_WRONG, Lacking.PRICE, Lacking.LEVEL, Lacking.DELIVERY,
    Lacking.LANGUAGE, Lacking.KIND, Lacking.CODE_TAKEN,
})


@dataclass(frozen=True)
class Lack:
    """Something that is not there yet; `points` is what it brings. Publishing waits for what is hard."""

    what: Lacking
    points: int
    is_hard: bool


@dataclass(frozen=True)
class Completeness:
    """`score` is 0 to 100; `lacks` has the hard ones first, then what brings most."""

    score: int
    lacks: tuple[Lack, ...]

    @property
    def is_enough(self) -> bool:
        """Tell whether the module may be published."""
        return self.score >= ENOUGH and not any(lack.is_hard for lack in self.lacks)


def completeness(
    draft: ModuleDraft, offerings: Sequence[OfferingDraft], *, today: date, is_code_taken: bool = False,
) -> Completeness:
    """Weigh a module with its offerings; `is_code_taken` says that another module of the provider has its code."""
    ahead = [one for one in offerings if one.state in {OfferingState.CONCEPT, OfferingState.ACTIVE} and one.ends_on >= today]
    lacking = set(_lacking(draft, ahead))
    if is_code_taken:
        lacking.add(Lacking.CODE_TAKEN)
    lacks = [Lack(what, WEIGHTS.get(what, 0), what in _HARD) for what in Lacking if what in lacking]
    lacks.sort(key=lambda lack: (not lack.is_hard, -lack.points))
    return Completeness(100 - sum(lack.points for lack in lacks), tuple(lacks))


def _lacking(draft: ModuleDraft, ahead: Sequence[OfferingDraft]) -> Iterator[Lacking]:
    yield from _hard(draft, ahead)
    absent = {
        Lacking.CLASS: not ahead,
        Lacking.DESCRIPTION: max(len(draft.description.nl), len(draft.description.en)) < LONG_DESCRIPTION,
        Lacking.MORE_OUTCOMES: len(draft.outcomes) < MANY_OUTCOMES,
        Lacking.SKILLS: not any(outcome.skills for outcome in draft.outcomes),
        Lacking.ENTRY: not draft.entry and draft.prerequisites is None,
        Lacking.ASSESSMENT: not draft.assessments,
        Lacking.CERTIFICATE: draft.certificate is None,
        Lacking.SECTOR: not draft.sectors,
    }
    yield from (what for what, is_absent in absent.items() if is_absent)


def _hard(draft: ModuleDraft, ahead: Sequence[OfferingDraft]) -> Iterator[Lacking]:
    absent = {
        Lacking.TITLE: not draft.title,
        Lacking.SUMMARY: not draft.summary,
        Lacking.OUTCOMES: not any(outcome.text for outcome in draft.outcomes),
        Lacking.SIZE: draft.ec is None and draft.hours is None,
        Lacking.LEVEL: draft.ec is not None and not draft.nlqf,
        Lacking.LANGUAGE: not draft.languages,
        Lacking.DELIVERY: not draft.modes and not ahead,
        Lacking.PRICE: not _has_price(draft, ahead),
        Lacking.SIZE_WRONG: not _is_sensible(draft.ec, MOST_EC) or not _is_sensible(draft.hours, MOST_HOURS),
    }
    yield from (what for what, is_absent in absent.items() if is_absent)


def _is_sensible(size: Decimal | int | None, most: Decimal | int) -> bool:
    return size is None or 0 <= size <= most


def _has_price(draft: ModuleDraft, ahead: Sequence[OfferingDraft]) -> bool:
    """Each class has its price, nothing included; the module's own counts where there is no class."""
    if draft.price is not None or draft.price_note:
        return True
    return bool(ahead) and all(one.price is not None or one.price_note for one in ahead)


# Offerings


class OfferingFault(StrEnum):
    ENDS_BEFORE_START = "ends-before-start"
    CLOSES_AFTER_END = "closes-after-end"
    CLOSES_BEFORE_OPENING = "closes-before-opening"
    MIN_ABOVE_MAX = "min-above-max"
    NO_SEATS = "no-seats"
    DECIDES_AFTER_START = "decides-after-start"
    WEEKDAY_NOT_IN_TERM = "weekday-not-in-term"
    STARTS_IN_PAST = "starts-in-past"
    CANCEL_DAYS = "cancel-days"
    CANCEL_COST = "cancel-cost"


MOST_CANCEL_DAYS: Final = 60  # before the start from which a class may ask money of who leaves
WHOLE_PRICE: Final = 100  # per cent: leaving costs no more
WARNINGS: Final = frozenset({OfferingFault.STARTS_IN_PAST})


def offering_faults(draft: OfferingDraft, *, today: date) -> tuple[OfferingFault, ...]:
    """Return what is wrong with an offering; what stands in `WARNINGS` may be so, but is worth a second look."""
    public = [period for period in draft.periods if period.target_group is TargetGroup.PUBLIC]
    wrong = {
        OfferingFault.ENDS_BEFORE_START: draft.ends_on < draft.starts_on,
        OfferingFault.CLOSES_AFTER_END: any(period.closes_on > draft.ends_on for period in public),
        OfferingFault.CLOSES_BEFORE_OPENING: any(period.opens_on is not None and period.closes_on < period.opens_on for period in public),
        OfferingFault.MIN_ABOVE_MAX: draft.min_seats > draft.seats,
        OfferingFault.NO_SEATS: draft.seats < 1,
        OfferingFault.DECIDES_AFTER_START: draft.decides_on is not None and draft.decides_on >= draft.starts_on,
        OfferingFault.WEEKDAY_NOT_IN_TERM: not set(draft.weekdays) <= weekdays_within(draft.starts_on, draft.ends_on),
        OfferingFault.STARTS_IN_PAST: draft.starts_on < today,
        OfferingFault.CANCEL_DAYS: not 1 <= draft.cancel_free_days <= MOST_CANCEL_DAYS,
        OfferingFault.CANCEL_COST: not 0 <= draft.cancel_late_percent <= WHOLE_PRICE,
    }
    return tuple(fault for fault, is_wrong in wrong.items() if is_wrong)


def weekdays_within(first: date, last: date) -> set[str]:
    """Return the weekdays that fall between two days, both included; all seven for a week or more."""
    return {WEEKDAYS[(first + timedelta(days=day)).weekday()] for day in range(min((last - first).days, 6) + 1)}


# The next term

_TERMS: Final = ((2, 1), (9, 1))  # month and day on which the half-years of Dutch higher education begin


def weeks_to_next_term(starts_on: date, *, today: date) -> int:
    """Return by how many whole weeks a class moves to begin in the first week of the next half-year, on the same weekday.

    The next one after its own start, but never one that has begun already.
    """
    after = max(starts_on, today)
    term = min(day for year in (after.year, after.year + 1) for day in (date(year, *term) for term in _TERMS) if day > after)
    return -((starts_on - term).days // 7)


def moved(draft: OfferingDraft, *, weeks: int) -> OfferingDraft:
    """Return the offering with all its days so many weeks later, as a concept that nobody has promised anything about."""
    by = timedelta(weeks=weeks)

    def later(day: date | None) -> date | None:
        return None if day is None else day + by

    return replace(
        draft, starts_on=draft.starts_on + by, ends_on=draft.ends_on + by, flexible_from=later(draft.flexible_from),
        flexible_until=later(draft.flexible_until), decides_on=later(draft.decides_on), external_id="",
        state=OfferingState.CONCEPT, guaranteed=False,
        periods=tuple(replace(one, opens_on=later(one.opens_on), closes_on=one.closes_on + by) for one in draft.periods),
        sessions=tuple(replace(one, on_date=later(one.on_date)) for one in draft.sessions),
    )
