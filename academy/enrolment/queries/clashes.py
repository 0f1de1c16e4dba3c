"""What else a person has to be at, at the hours of a class."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment.kinds import LIVE_STATES, EnrolmentState
from academy.enrolment.models import Enrolment
from academy.enrolment.rules.clashes import PARTS, Appointment, first_clash
from academy.kernel.clock import amsterdam_day
from academy.kernel.text import Localized

_LAST_HOUR: Final = 23


@dataclass(frozen=True)
class Clash:
    """Another class of the same person, of whichever provider, and the first day on which both meet."""

    title: Localized
    provider_name: str
    day: date


def clashes(session: Session, person_id: UUID, of_class: catalogue.OfferingOfModule, *, now: datetime) -> list[Clash]:
    """Return the classes that the person is in, or may come to be in, and that meet at the hours of this one; the first day first."""
    offering, today = of_class.offering, amsterdam_day(now)
    ids = session.scalars(
        select(Enrolment.offering_id).where(
            Enrolment.person_id == person_id, Enrolment.state.in_(LIVE_STATES), Enrolment.state != EnrolmentState.FINISHED,
            Enrolment.offering_id != offering.id,
        ),
    ).all()
    others = [of for of in catalogue.offerings_by_id(session, ids).values() if _overlap(of.offering, offering, today)] if ids else []
    if not others:
        return []
    mine, *theirs = catalogue.with_meetings(session, [of_class, *others])
    meetings = tuple(_meetings(mine.offering))
    found = [(of, first_clash(meetings, _meetings(of.offering))) for of in theirs]
    met = [Clash(of.module_title, of.provider_name, day) for of, day in found if day is not None]
    return sorted(met, key=lambda clash: clash.day)


def _overlap(one: catalogue.OfferingFacts, other: catalogue.OfferingFacts, today: date) -> bool:
    return max(one.starts_on, other.starts_on, today) <= min(one.ends_on, other.ends_on)


def _meetings(offering: catalogue.OfferingFacts) -> Iterator[Appointment]:
    """Yield when a class meets; of one at one's own pace, nothing."""
    for each in offering.sessions:
        hours = _hours(each)
        if hours is None:
            continue
        if each.on_date is not None:
            yield Appointment(each.on_date, each.on_date, None, *hours)
        elif each.weekday in catalogue.WEEKDAYS:
            yield Appointment(offering.starts_on, offering.ends_on, catalogue.WEEKDAYS.index(each.weekday), *hours)
    part = PARTS.get(offering.part_of_day)
    if not offering.sessions and part is not None:
        for weekday in offering.weekdays:
            if weekday in catalogue.WEEKDAYS:
                yield Appointment(offering.starts_on, offering.ends_on, catalogue.WEEKDAYS.index(weekday), *part)


def _hours(meeting: catalogue.SessionFacts) -> tuple[time, time] | None:
    """Return from when until when; an hour where no end is known, the part of the day where no hour is."""
    begins = meeting.starts_at
    if begins is None:
        return PARTS.get(meeting.part_of_day)
    after = time(begins.hour + 1, begins.minute) if begins.hour < _LAST_HOUR else time.max
    return begins, meeting.ends_at or after
