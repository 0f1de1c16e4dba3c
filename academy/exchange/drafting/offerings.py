"""Rows in our own columns for offerings: a module at given dates."""

from dataclasses import dataclass
from typing import Final

from academy.catalogue.api import DeliveryMode, OfferingDraft, OfferingState, PartOfDay, PeriodDraft, TargetGroup
from academy.exchange import timetable, values
from academy.exchange.checking import offering_fault
from academy.exchange.drafting.own import word_of
from academy.exchange.drafting.row import Row
from academy.exchange.values import BadValue

_LONGEST_LANGUAGE: Final = 10


@dataclass(frozen=True)
class OfferingOfModule:
    """An offering with the module it is of, by that module's external id or code."""

    module: str
    draft: OfferingDraft

    @property
    def external_id(self) -> str:
        """Return what makes it the same offering: the module together with the offering's own key."""
        return f"{self.module} {self.draft.external_id}"


def offering(row: Row) -> OfferingOfModule:
    """Return the offering; without a key of its own it is known by the day on which it starts."""
    starts_on, price = timetable.parse_date(row.raw("starts_on")), row.price("price_eur", in_euros=True)
    module = row.words("module", "external_id")
    found = OfferingOfModule(module, OfferingDraft(
        external_id=row.words("external_id", "external_id") or starts_on.isoformat(),
        state=word_of(row, "state", OfferingState) or OfferingState.ACTIVE,
        starts_on=starts_on, ends_on=timetable.parse_date(row.raw("ends_on")),
        flexible_from=row.given("flexible_from", timetable.parse_date), flexible_until=row.given("flexible_until", timetable.parse_date),
        weekdays=row.given("weekdays", timetable.parse_weekdays) or (),
        part_of_day=word_of(row, "part_of_day", PartOfDay) or PartOfDay.ANY,
        mode=word_of(row, "mode", DeliveryMode) or DeliveryMode.ONLINE, language=_language(row),
        place_key=row.words("place", "code") or None, sessions=row.given("sessions", timetable.parse_meetings) or (),
        min_seats=row.given("min_seats", values.parse_whole) or 0, seats=row.given("seats", values.parse_whole) or 0,
        decides_on=row.given("decides_on", timetable.parse_date), guaranteed=row.given("guaranteed", values.parse_yes) or False,
        price=price.amount, price_note=price.note, periods=_periods(row),
        cancel_free_days=1 if (days := row.given("cancel_free_days", values.parse_whole)) is None else days,
        cancel_late_percent=row.given("cancel_late_percent", values.parse_whole) or 0,
    ))
    fault = offering_fault(found.draft)
    if fault is not None:
        row.refuse(fault.column, fault.code, fault.reason)
    return found


def _language(row: Row) -> str:
    codes = row.languages("language")
    if len(codes) != 1 or len(codes[0]) > _LONGEST_LANGUAGE:
        row.refuse("language", "not-one-language", "an offering is given in one language")
        return ""
    return codes[0]


def _periods(row: Row) -> tuple[PeriodDraft, ...]:
    """Return when one can enrol; without a last day nobody can."""
    closes_on = row.given("enrol_until", timetable.parse_date)
    if closes_on is None:
        return ()
    has_queue, queue_max = _queue(row)
    return (PeriodDraft(
        closes_on=closes_on, opens_on=row.given("enrol_from", timetable.parse_date), has_queue=has_queue, queue_max=queue_max,
        target_group=word_of(row, "target_group", TargetGroup) or TargetGroup.PUBLIC,
    ),)


def _queue(row: Row) -> tuple[bool, int | None]:
    """Return whether there is a waiting list, and its length where a number is given above one."""
    text = row.raw("queue")
    if values.is_nothing(text):
        return False, None
    try:
        return values.parse_yes(text), None
    except BadValue:
        pass
    try:
        return True, values.parse_whole(text)
    except BadValue:
        row.refuse("queue", "not-a-queue", "ja, nee or the length of the waiting list is expected")
        return False, None
