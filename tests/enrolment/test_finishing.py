"""The day after the last day of a class its people have finished it: once, whatever the clock does."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.catalogue.models import Offering, OfferingState
from academy.enrolment import queries, rounds
from academy.enrolment import service as enrolment
from academy.enrolment.kinds import EnrolmentState, Why
from academy.enrolment.models import Enrolment, EnrolmentStep
from academy.enrolment.service import finishing
from academy.kernel.db import Database
from tests import builders
from tests.enrolment.races import at_the_same_time

ENDS = datetime.fromisoformat("2026-12-08T23:59:59+01:00")  # the last day of the builder's class, and its last second
AFTER = ENDS + timedelta(seconds=1)


def _people(database: Database, now: datetime, number: int) -> list[str]:
    with database.writing() as session:
        code = builders.offering(session, now)
        return [builders.enrol(session, actor=builders.actor(session, now), offering_code=code, now=now) for _ in range(number)]


def _states(session: Session) -> list[EnrolmentState]:
    return list(session.scalars(select(Enrolment.state).order_by(Enrolment.id)))


def test_nobody_finishes_before_the_day_after_the_last_and_then_everybody_does(database: Database, now: datetime) -> None:
    _people(database, now, 2)
    rounds.finish_classes(ENDS)
    with database.reading() as session:
        assert set(_states(session)) == {EnrolmentState.CONFIRMED}
    for _again in range(2):
        rounds.finish_classes(AFTER)
    with database.reading() as session:
        assert set(_states(session)) == {EnrolmentState.FINISHED}
        assert session.scalars(select(EnrolmentStep.by_id).where(EnrolmentStep.why == Why.CLASS_ENDED)).all() == [None, None]
        assert queries.audit(session) == []


def test_more_people_than_one_batch_all_finish(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finishing, "_MOST_AT_ONCE", 2)
    _people(database, now, 5)
    with database.writing() as session:
        assert finishing.finish_ended(session, now=AFTER) == 2
    rounds.finish_classes(AFTER)
    with database.reading() as session:
        assert set(_states(session)) == {EnrolmentState.FINISHED}


def test_who_left_or_waits_and_who_is_in_a_class_that_was_called_off_finishes_nothing(database: Database, now: datetime) -> None:
    with database.writing() as session:
        code = builders.offering(session, now, seats=1)
        sam, noor = builders.actor(session, now), builders.actor(session, now)
        mine = builders.enrol(session, actor=sam, offering_code=code, now=now)
        enrolment.join_waiting_list(session, actor=noor, offering_code=code, when_can_you=[], most_price=None, request_key=None, now=now)
        session.execute(update(Offering).values(state=OfferingState.CANCELLED))
    rounds.finish_classes(AFTER)
    with database.writing() as session:
        assert _states(session) == [EnrolmentState.CONFIRMED, EnrolmentState.WAITING]
        session.execute(update(Offering).values(state=OfferingState.ACTIVE))
        enrolment.cancel(session, actor=sam, code=mine, now=now)
    rounds.finish_classes(AFTER)
    with database.reading() as session:
        assert EnrolmentState.FINISHED not in _states(session)


def test_two_clocks_at_once_finish_each_once(database: Database, now: datetime) -> None:
    _people(database, now, 2)
    at_the_same_time(
        database, lambda session: finishing.finish_ended(session, now=AFTER), lambda session: finishing.finish_ended(session, now=AFTER),
    )
    with database.reading() as session:
        assert len(session.scalars(select(EnrolmentStep).where(EnrolmentStep.why == Why.CLASS_ENDED)).all()) == 2
