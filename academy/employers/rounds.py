"""Rounds of the demand side: what the clock does, each pool in a transaction of its own, so that one that stumbles keeps no other waiting."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.employers import service
from academy.employers.queries import courses, due, requests
from academy.employers.service import accrediting, ending, guests, requesting
from academy.kernel.db import database


def decide_pools(now: datetime) -> None:
    """Decide about pools whose time is up: their class is founded, or their people hear that too few came."""
    with database().reading() as session:
        pool_ids = due.pools_to_decide(session, now=now)
    _one_by_one(pool_ids, lambda session, pool_id: service.decide_pool(session, pool_id, now=now))


def lapse_pools(now: datetime) -> None:
    """End pools that were short and with which nobody did anything for a week."""
    with database().reading() as session:
        pool_ids = due.pools_to_lapse(session, now=now)
    _one_by_one(pool_ids, lambda session, pool_id: service.lapse_short_pool(session, pool_id, now=now))


def start_pools(now: datetime) -> None:
    """Note which classes began."""
    with database().reading() as session:
        pool_ids = due.pools_to_start(session, now=now)
    _one_by_one(pool_ids, lambda session, pool_id: service.start_pool(session, pool_id, now=now))


def lapse_requests(now: datetime) -> None:
    """End requests for a tailored module that nobody answered or chose in time."""
    with database().reading() as session:
        request_ids = requests.requests_to_lapse(session, now=now)
    _one_by_one(request_ids, lambda session, request_id: requesting.lapse_request(session, request_id, now=now))


def remind_of_levels(now: datetime) -> None:
    """Remind who keeps company courses of levels that end within a year."""
    with database().reading() as session:
        course_ids = courses.levels_to_tell(session, now=now)
    _one_by_one(course_ids, lambda session, course_id: accrediting.remind_level(session, course_id, now=now))


def remind_pledges(now: datetime) -> None:
    """Remind who has yet to confirm."""
    with database().reading() as session:
        pledge_ids = due.pledges_to_remind(session, now=now)
    _one_by_one(pledge_ids, lambda session, pledge_id: service.remind_pledge(session, pledge_id, now=now))


def lapse_demands(now: datetime) -> None:
    """End demands whose day has passed, some at a time, until none is left. An idle turn only reads."""
    with database().reading() as session:
        due_now = ending.has_demands_to_lapse(session, now=now)
    while due_now:
        with database().writing() as session:
            due_now = ending.lapse_demands(session, now=now) > 0


def look_at_guests(now: datetime) -> None:
    """Remind who has yet to say whether they take the seat that is paid for them, and end and forget invitations, some at a time. An idle turn only reads."""
    with database().reading() as session:
        due_now = guests.has_due(session, now=now)
    while due_now:
        with database().writing() as session:
            due_now = guests.remind_due(session, now=now) + guests.lapse_due(session, now=now) > 0


def _one_by_one(ids: Iterable[UUID], act: Callable[[Session, UUID], object]) -> None:
    """Do this for each, in a transaction of its own; what went wrong is raised at the end, as one ExceptionGroup, and tried again the next turn."""
    wrong: list[Exception] = []
    for each in ids:
        try:
            with database().writing() as session:
                act(session, each)
        except Exception as error:  # noqa: BLE001 - raised below
            wrong.append(error)
    if wrong:
        message = "pools or pledges for which the clock could not do its work"
        raise ExceptionGroup(message, wrong)
