"""Rounds of the demand side: what the clock does, each pool or request in a transaction of its own, so that one that stumbles keeps no other waiting."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from academy.employers import service
from academy.employers.queries import courses, due, requests
from academy.employers.service import accrediting, ending, guests, requesting
from academy.kernel.db import database


def decide_pools(now: datetime) -> None:
    """Decide about pools whose time is up: their class is founded, or their people hear that too few came."""
    _one_by_one(due.pools_to_decide, service.decide_pool, now)


def lapse_pools(now: datetime) -> None:
    """End pools that were short and with which nobody did anything for a week."""
    _one_by_one(due.pools_to_lapse, service.lapse_short_pool, now)


def start_pools(now: datetime) -> None:
    """Note which classes began."""
    _one_by_one(due.pools_to_start, service.start_pool, now)


def open_proposals(now: datetime) -> None:
    """Tell who asked for a tailored module that proposals can be read, and remind who did not choose yet."""
    _one_by_one(due.requests_to_open, requesting.open_proposals, now)
    _one_by_one(due.choices_to_remind, requesting.remind_choice, now)


def lapse_requests(now: datetime) -> None:
    """End requests for a tailored module that nobody answered or chose in time."""
    _one_by_one(requests.requests_to_lapse, requesting.lapse_request, now)


def remind_of_levels(now: datetime) -> None:
    """Remind who keeps company courses of levels that end within a year."""
    _one_by_one(courses.levels_to_tell, accrediting.remind_level, now)


def remind_pledges(now: datetime) -> None:
    """Remind who has yet to confirm."""
    _one_by_one(due.pledges_to_remind, service.remind_pledge, now)


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


def _one_by_one(due_now: Callable[..., Iterable[UUID]], act: Callable[..., object], now: datetime) -> None:
    """Do this for each that is due, in a transaction of its own; what went wrong is raised at the end, as one ExceptionGroup, and tried again the next turn."""
    with database().reading() as session:
        ids = list(due_now(session, now=now))
    wrong: list[Exception] = []
    for each in ids:
        try:
            with database().writing() as session:
                act(session, each, now=now)
        except Exception as error:  # noqa: BLE001 - raised below
            wrong.append(error)
    if wrong:
        message = "pools, pledges or requests for which the clock could not do its work"
        raise ExceptionGroup(message, wrong)
