"""Making a pathway: its goal, somebody's life, the route they choose and what they change in it.

Whether a route is possible is found out before, outside a transaction; what is written here is whole: a choice, with its steps.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.pathways.errors import PathwayKept
from academy.pathways.facts import Gathered
from academy.pathways.kinds import Limit, Option, StepReason
from academy.pathways.models import Pathway, PathwayStep, PathwayWithout
from academy.pathways.problem import MOST_HOURS, Route
from academy.pathways.queries.aiming import Goal
from academy.pathways.queries.pathways import time_word
from academy.pathways.rules.reasons import reasons
from academy.pathways.service.blocking import end_of
from academy.pathways.service.changing import changed
from academy.pathways.service.noting import settle

_KEY_BYTES: Final = 24
_PARTS: Final = 3  # of a day


@dataclass(frozen=True)
class Life:
    """What somebody has room for. `times` are (weekday, part of the day), none for all of them; `distance` in km, one way; money in all."""

    hours: int
    times: frozenset[tuple[int, int]] = frozenset()
    postcode: str = ""
    distance: int | None = None
    own_money: Money | None = None
    employer_money: Money | None = None
    starts_on: date | None = None


@dataclass(frozen=True)
class Step:
    """A course of a route, as it is kept."""

    module_id: UUID
    offering_id: UUID | None
    course_key: str
    first_on: date
    last_on: date
    price: Money | None
    distance: int | None
    is_locked: bool
    reason: StepReason


def make_pathway(session: Session, *, goal: Goal, owner: UUID | None, now: datetime) -> str:
    """Begin a pathway to this goal, in somebody's account or in none. Returns the key with which it may be changed."""
    row = Pathway(
        id=new_id(), edit_key=secrets.token_urlsafe(_KEY_BYTES), read_key=secrets.token_urlsafe(_KEY_BYTES), person_id=owner, goal=goal.kind,
        programme_id=goal.programme_id, occupation_uri=goal.occupation_uri, skills=list(goal.skills), made_at=now, changed_at=now, seen_at=now,
    )
    session.add(row)
    return row.edit_key


def tell_life(session: Session, *, key: str, version: int, life: Life, now: datetime) -> None:
    """Keep what somebody has room for. The route that was chosen fitted the life before: only what is locked stays of it.

    Raises PathwayNotFound and PathwayChanged, as all below do.
    """
    row = changed(session, key, version, now)
    row.hours, row.parts = life.hours, [time_word(*each) for each in sorted(life.times)]
    row.postcode, row.distance = life.postcode, life.distance
    row.own_money, row.employer_money, row.starts_on = life.own_money, life.employer_money, life.starts_on
    _forget_route(row)
    settle(session, row.id, now=now)


def choose(session: Session, *, key: str, version: int, option: Option, steps: Sequence[Step], now: datetime) -> None:
    """Make this route the pathway, in the order of its steps. What had changed for the one before is looked after."""
    row = changed(session, key, version, now)
    _take(row, option, steps)
    settle(session, row.id, now=now)


def swap(
    session: Session, *, key: str, version: int, option: Option | None, steps: Sequence[Step], without: Collection[UUID], now: datetime,
) -> None:
    """Make this route the pathway, which does without these modules from now on."""
    row = changed(session, key, version, now)
    _take(row, option, steps)
    settle(session, row.id, now=now)
    session.execute(
        delete(PathwayWithout).where(PathwayWithout.pathway_id == row.id, PathwayWithout.module_id.not_in(list(without)))
        .execution_options(synchronize_session=False),
    )
    for module_id in without:
        if session.get(PathwayWithout, (row.id, module_id)) is None:
            session.add(PathwayWithout(pathway_id=row.id, module_id=module_id))


def open_limit(session: Session, *, key: str, version: int, limit: Limit, value: int, now: datetime) -> None:
    """Give the life the room with which a route is possible: hours a week, kilometres, cents, or a time of the week (weekday * 3 + part). Choices are let go."""
    row = changed(session, key, version, now)
    if limit is Limit.HOURS:
        row.hours = max(1, min(value, MOST_HOURS))
    elif limit is Limit.DISTANCE:
        row.distance = max(0, value)
    elif limit is Limit.MONEY:
        row.own_money = Money(max(0, value))
    elif limit is Limit.PARTS and row.parts:
        weekday, part = divmod(value % (7 * _PARTS), _PARTS)
        row.parts = sorted({*row.parts, time_word(weekday, part)})
    elif limit is Limit.CHOICE:
        row.steps.clear()
        session.execute(delete(PathwayWithout).where(PathwayWithout.pathway_id == row.id).execution_options(synchronize_session=False))
    _forget_route(row)
    settle(session, row.id, now=now)


def leave(session: Session, *, key: str, version: int, now: datetime) -> None:
    """Leave the route as it is: what had changed when this version was shown is looked after."""
    settle(session, changed(session, key, version, now).id, now=now)


def keep_in_account(session: Session, *, actor: Actor, key: str, version: int, now: datetime) -> str:
    """Make the pathway the actor's own: what they have learned counts in it from now on. Raises PathwayKept when it is somebody else's.

    Both links are new from then on, so that who made it, or was sent it before, does not see what the actor learned. Returns the new edit key.
    """
    row = changed(session, key, version, now)
    if row.person_id not in {None, actor.person_id}:
        raise PathwayKept
    row.person_id = actor.person_id
    return _with_new_links(row)


def renew_links(session: Session, *, key: str, version: int, now: datetime) -> str:
    """Give the pathway other links, so that the old ones stop: the one to read too, which who has the edit link has seen. Returns the new edit key."""
    return _with_new_links(changed(session, key, version, now))


def remove(session: Session, *, key: str, version: int, now: datetime) -> None:
    """Take the pathway away with all that was said in it; its links lead nowhere from now on, and what stood in its way does so for nobody any more."""
    row = changed(session, key, version, now)
    end_of(session, row.id, now=now)
    session.delete(row)


def steps_of(gathered: Gathered, route: Route) -> list[Step]:
    """Return the courses of a route as steps, each with its reason; those that are locked in the problem stay so."""
    why = reasons(gathered.problem, route)
    found = [(key, gathered.courses[key]) for key in route.courses]
    return [
        Step(
            each.module_id, each.offering_id, key, each.first_on, each.last_on, each.price, each.distance, key in gathered.problem.locked, why[key],
        ) for key, each in found
    ]


def is_seen(session: Session, *, key: str, now: datetime) -> bool:
    """Tell whether somebody looked today already."""
    return session.scalar(select(Pathway.seen_at).where(Pathway.edit_key == key, Pathway.seen_at >= _midnight(now))) is not None


def note_seen(session: Session, *, key: str, now: datetime) -> bool:
    """Note that somebody looked today: a pathway that nobody looks at goes. Returns whether it was the first time today."""
    return bool(rows_changed(
        session, update(Pathway).where(Pathway.edit_key == key, Pathway.seen_at < _midnight(now)).values(seen_at=now).execution_options(synchronize_session=False),
    ))


def _midnight(now: datetime) -> datetime:
    return datetime.combine(amsterdam_day(now), time(), AMSTERDAM).astimezone(UTC)


def _with_new_links(row: Pathway) -> str:
    row.edit_key, row.read_key = secrets.token_urlsafe(_KEY_BYTES), secrets.token_urlsafe(_KEY_BYTES)
    return row.edit_key


def _forget_route(row: Pathway) -> None:
    row.chosen = None
    row.steps = [each for each in row.steps if each.is_locked]


def _take(row: Pathway, option: Option | None, steps: Sequence[Step]) -> None:
    """Write the steps over those of the same modules: of a module there is one, at any moment."""
    there = {each.module_id: each for each in row.steps}
    row.steps = [_written(there.get(step.module_id) or PathwayStep(id=new_id(), module_id=step.module_id), position, step) for position, step in enumerate(steps)]
    row.chosen = option


def _written(row: PathwayStep, position: int, step: Step) -> PathwayStep:
    row.position, row.offering_id, row.course_key = position, step.offering_id, step.course_key
    row.first_on, row.last_on, row.price, row.distance = step.first_on, step.last_on, step.price, step.distance
    row.is_locked, row.reason = step.is_locked, step.reason
    return row
