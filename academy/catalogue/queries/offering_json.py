"""Offerings as the database writes them in JSON, and facts made of that: what stands in a row comes with all that hangs on it in one statement."""

from datetime import date, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from academy.catalogue import facts
from academy.catalogue.models import (
    ClassSession,
    DeliveryMode,
    EnrolmentPeriod,
    Offering,
    OfferingState,
    PartOfDay,
    Place,
    PlaceKind,
    TargetGroup,
)
from academy.catalogue.queries.copying import localized
from academy.kernel.db import rows_as_json
from academy.kernel.money import Money

_PLACE: Final = (
    Place.id, Place.key, Place.name, Place.kind, Place.street_address, Place.city, Place.capacity, Place.step_free,
    Place.accessibility, Place.latitude, Place.longitude,
)
_OFFERING: Final = (
    Offering.id, Offering.code, Offering.module_id, Offering.state, Offering.starts_on, Offering.ends_on, Offering.flexible_from,
    Offering.flexible_until, Offering.weekdays, Offering.part_of_day, Offering.mode, Offering.language, Offering.min_seats,
    Offering.seats, Offering.decides_on, Offering.guaranteed, Offering.price, Offering.price_note,
    Offering.cancel_free_days, Offering.cancel_late_percent,
)
_PERIOD: Final = (
    EnrolmentPeriod.target_group, EnrolmentPeriod.opens_on, EnrolmentPeriod.closes_on, EnrolmentPeriod.has_queue,
    EnrolmentPeriod.queue_max, EnrolmentPeriod.website,
)
_SESSION: Final = (
    ClassSession.position, ClassSession.part_of_day, ClassSession.weekday, ClassSession.on_date, ClassSession.starts_at,
    ClassSession.ends_at, ClassSession.about,
)


def offering_cells(session: Session, *, with_sessions: bool) -> tuple[InstrumentedAttribute[Any] | ScalarSelect[Any], ...]:
    """Return the cells of which `offering_from` makes facts; the FROM has the offering and, where it has one, its place."""
    return (*_OFFERING, *_PLACE, _periods(session), *((_sessions(session),) if with_sessions else ()))


def offering_sessions(session: Session, offering_id: UUID) -> tuple[facts.SessionFacts, ...]:
    """Return the meetings of an offering in order, each with its own place where it has one."""
    rows = session.scalar(
        select(_sessions(session)).select_from(Offering).where(Offering.id == offering_id),
    )
    return tuple(_session_facts(row) for row in sorted(rows or []))


def _periods(session: Session) -> ScalarSelect[Any]:
    return rows_as_json(
        session, *_PERIOD, of=lambda found: found.where(EnrolmentPeriod.offering_id == Offering.id), correlate=Offering,
    )


def _sessions(session: Session) -> ScalarSelect[Any]:
    where = Place.__table__.alias("meeting_place")
    return rows_as_json(
        session, *_SESSION, *(where.c[column.key] for column in _PLACE),
        of=lambda found: found.select_from(ClassSession).outerjoin(where, where.c.id == ClassSession.place_id).where(
            ClassSession.offering_id == Offering.id,
        ),
        correlate=Offering,
    )


def offering_from(cells: list[Any]) -> facts.OfferingFacts:
    """Return the offering that the cells of `offering_cells` say."""
    row = dict(zip((column.key for column in _OFFERING), cells, strict=False))
    place, (periods, *more) = cells[len(_OFFERING) :][: len(_PLACE)], cells[len(_OFFERING) + len(_PLACE) :]
    sessions = sorted(more[0], key=lambda meeting: int(meeting[0])) if more else []
    return facts.OfferingFacts(
        id=UUID(row["id"]), code=row["code"], module_id=UUID(row["module_id"]), state=OfferingState(row["state"]),
        starts_on=date.fromisoformat(row["starts_on"]), ends_on=date.fromisoformat(row["ends_on"]),
        flexible_from=_day(row["flexible_from"]), flexible_until=_day(row["flexible_until"]), weekdays=tuple(row["weekdays"]),
        part_of_day=PartOfDay(row["part_of_day"]), mode=DeliveryMode(row["mode"]), language=row["language"],
        min_seats=row["min_seats"], seats=row["seats"], decides_on=_day(row["decides_on"]), guaranteed=bool(row["guaranteed"]),
        price=money_from(row["price"]), price_note=row["price_note"], place=_place_facts(place),
        periods=tuple(_period_facts(period) for period in sorted(periods, key=lambda period: str(period[2]))),
        sessions=tuple(_session_facts(meeting) for meeting in sessions),
        cancel_free_days=row["cancel_free_days"], cancel_late_percent=row["cancel_late_percent"],
    )


def _period_facts(cells: list[Any]) -> facts.PeriodFacts:
    group, opens_on, closes_on, has_queue, queue_max, website = cells
    return facts.PeriodFacts(
        TargetGroup(group), _day(opens_on), date.fromisoformat(closes_on), bool(has_queue), queue_max, website,
    )


def _session_facts(cells: list[Any]) -> facts.SessionFacts:
    _position, part, weekday, on_date, starts_at, ends_at, about = cells[: len(_SESSION)]
    return facts.SessionFacts(
        PartOfDay(part), weekday, _day(on_date), _clock(starts_at), _clock(ends_at), localized(about),
        _place_facts(cells[len(_SESSION):]),
    )


def _place_facts(cells: list[Any]) -> facts.PlaceFacts | None:
    if cells[0] is None:
        return None
    place_id, key, name, kind, street, city, capacity, step_free, accessibility, latitude, longitude = cells
    return facts.PlaceFacts(
        UUID(place_id), key, localized(name), PlaceKind(kind), street, city, capacity,
        None if step_free is None else bool(step_free), localized(accessibility), latitude, longitude,
    )


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _clock(value: str | None) -> time | None:
    return None if value is None else time.fromisoformat(value)


def money_from(cents: int | None) -> Money | None:
    return None if cents is None else Money(cents)


def credits_from(tenths: int | None) -> Decimal | None:
    return None if tenths is None else Decimal(tenths) / 10
