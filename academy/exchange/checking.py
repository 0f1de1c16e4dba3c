"""Whether a draft fits what the catalogue keeps; pure. A table would refuse it too, but without saying which record and why."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from academy.catalogue.api import MOST_CANCEL_DAYS, WHOLE_PRICE, OfferingDraft, PeriodDraft, SessionDraft

_FIRST, _LAST = date(1900, 1, 1), date(2100, 12, 31)  # 9999-12-31 stands for "not known", and no clock goes a day beyond it


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: the column, a stable code and a sentence."""

    column: str
    code: str
    reason: str


def offering_fault(draft: OfferingDraft, places: Collection[str] | None = None) -> Fault | None:
    """Return the first thing that can not be with an offering, or None; `places` are the keys of the places that exist, where known."""
    return next(_offering_faults(draft, places), None)


def _offering_faults(draft: OfferingDraft, places: Collection[str] | None) -> Iterator[Fault]:
    yield from _day_faults(draft)
    if draft.ends_on < draft.starts_on:
        yield Fault("ends_on", "ends-before-start", f"it ends before it starts, on {draft.starts_on}")
    if draft.seats < 0:
        yield Fault("seats", "too-few", "there can not be fewer than no seats")
    if not 0 <= draft.min_seats <= max(draft.seats, 0):
        yield Fault("min_seats", "min-above-max", f"the least number of people must be between 0 and the {draft.seats} seats there are")
    if draft.price is not None and draft.price.cents < 0:
        yield Fault("price_eur", "negative", "a price is not below zero")
    if draft.flexible_from and draft.flexible_until and draft.flexible_until < draft.flexible_from:
        yield Fault("flexible_until", "ends-before-start", f"this is before flexible entry begins, on {draft.flexible_from}")
    yield from _cancel_faults(draft)
    for period in draft.periods:
        yield from _period_faults(period, draft.ends_on)
    for meeting in draft.sessions:
        yield from _meeting_faults(meeting)
    for place in (draft.place_key, *(meeting.place_key for meeting in draft.sessions)):
        if place is not None and places is not None and place not in places:
            yield Fault("place", "place-unknown", f'there is no place "{place}"')


def _day_faults(draft: OfferingDraft) -> Iterator[Fault]:
    for column, day in _days(draft):
        if day is not None and not _FIRST <= day <= _LAST:
            yield Fault(column, "not-of-this-time", f"a day between {_FIRST.year} and {_LAST.year} is expected, not {day}")


def _days(draft: OfferingDraft) -> Iterator[tuple[str, date | None]]:
    yield from (("starts_on", draft.starts_on), ("ends_on", draft.ends_on), ("decides_on", draft.decides_on))
    yield from (("flexible_from", draft.flexible_from), ("flexible_until", draft.flexible_until))
    for period in draft.periods:
        yield from (("enrol_from", period.opens_on), ("enrol_until", period.closes_on))
    for meeting in draft.sessions:
        yield "sessions", meeting.on_date


def _cancel_faults(draft: OfferingDraft) -> Iterator[Fault]:
    if not 1 <= draft.cancel_free_days <= MOST_CANCEL_DAYS:
        yield Fault("cancel_free_days", "not-within-two-months", f"a number from 1 to {MOST_CANCEL_DAYS} is expected")
    if not 0 <= draft.cancel_late_percent <= WHOLE_PRICE:
        yield Fault("cancel_late_percent", "not-a-percentage", "giving a seat back costs nothing to its whole price: 0 to 100")


def _period_faults(period: PeriodDraft, ends_on: date) -> Iterator[Fault]:
    if period.closes_on > ends_on:
        yield Fault("enrol_until", "closes-after-end", f"enrolment closes after the offering has ended, on {ends_on}")
    if period.opens_on and period.closes_on < period.opens_on:
        yield Fault("enrol_until", "ends-before-start", f"enrolment closes before it opens, on {period.opens_on}")
    if period.queue_max is not None and period.queue_max < 1:
        yield Fault("queue", "too-few", "a waiting list has at least one place")


def _meeting_faults(meeting: SessionDraft) -> Iterator[Fault]:
    if (meeting.weekday is None) == (meeting.on_date is None):
        yield Fault("sessions", "weekday-or-date", "a meeting is on a weekday or on a date")
    if meeting.starts_at and meeting.ends_at and meeting.ends_at <= meeting.starts_at:
        yield Fault("sessions", "ends-before-start", f"a meeting ends before it starts, at {meeting.starts_at:%H:%M}")
