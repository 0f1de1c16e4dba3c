"""Who waits in the demo for a seat in classes that cost nothing: lines that grow over three quarters, of enough people to be told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.demo.demand import into_quarter
from academy.demo.paid_year import people
from academy.demo.people import WINDESHEIM
from academy.demo.reading import offering_draft
from academy.enrolment import api as enrolment
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id
from academy.kernel.money import FREE

_CLASS: Final = {
    "starts_in_weeks": 8, "weeks": 6, "weekdays": ["thu"], "part_of_day": "evening", "mode": "on_campus", "place": "windesheim-almere",
    "language": "nl", "seats": 1,
}


@dataclass(frozen=True)
class _Line:
    """A class of one seat, and how many were in its line by how many quarters ago; the newest number is of now. `slots`: when they can."""

    module: str
    waiting: tuple[int, ...]  # now, a quarter ago, two quarters ago
    slots: tuple[str, ...]


# Of modules of which the gap is large. Where few wait elsewhere, their line would hide the smallest of these: the three of `learning` wait for the second too.
_LINES: Final = (_Line("ENG-07", (22, 17, 11), ("tue-evening", "thu-evening")), _Line("ICT-06", (16, 13, 10), ("mon-evening",)))


def load_waiting(session: Session, *, now: datetime) -> bool:
    """Let people stand in line, once; returns whether they did now. The catalogue is there already."""
    first, *others = (_actor(session, each, now=into_quarter(now, ago=len(_LINES[0].waiting))) for each in people())
    if any(each.state is enrolment.EnrolmentState.WAITING for each in enrolment.my_enrolments(session, others[0])):
        return False
    provider = catalogue.provider_by_slug(session, WINDESHEIM.slug)
    for line in _LINES:
        draft = offering_draft(_CLASS, price=FREE, today=amsterdam_day(now))
        offering = catalogue.open_offering(session, provider_id=provider.id, module_external_id=line.module, draft=draft, is_news=False)
        since = into_quarter(now, ago=len(line.waiting) - 1)
        enrolment.confirm(session, actor=first, code=enrolment.hold_seat(session, actor=first, offering_code=offering, request_key=None, now=since), now=since)
        came = 0
        for ago, number in reversed(list(enumerate(line.waiting))):
            at = into_quarter(now, ago=ago) if ago else now - timedelta(days=2)
            for actor in others[came:number]:
                enrolment.join_waiting_list(session, actor=actor, offering_code=offering, when_can_you=line.slots, most_price=None, request_key=None, now=at)
            came = number
    return True


def _actor(session: Session, who: tuple[str, str], *, now: datetime) -> Actor:
    name, email = who
    return Actor(accounts.register_person(session, email=email, name=name, password=None, language="nl", now=now), new_id(), name, email, "nl")
