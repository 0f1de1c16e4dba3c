"""How many SQL statements each step to a seat may take, from the cookie of who asks to the last message that is written."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from academy.accounts import service as accounts
from academy.catalogue.models import Offering, OfferingState
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests import builders

MOST = 15  # the promise; what it takes today stands at each test, so that no statement slips in unseen
Budget = Callable[[int], AbstractContextManager[list[str]]]


@dataclass
class Learner:
    """Somebody who is signed in and looks at a class."""

    client: FlaskClient
    code: str

    @property
    def enrol_path(self) -> str:
        return f"/nl/offerings/{self.code}/enrol"

    def hold(self) -> str:
        """Ask for a seat; returns where one goes from there."""
        answer = self.client.post(self.enrol_path, data={"request_key": str(new_id())})
        assert answer.status_code == 303
        return answer.headers["Location"]


@pytest.fixture
def learner(app: Flask, database: Database) -> Learner:
    app.config["WTF_CSRF_ENABLED"] = False  # the token costs no statement
    now = datetime.now(UTC)  # noqa: TID251 - the views read the real clock
    with database.writing() as session:
        code = builders.offering(session, now)
        first, second = (
            accounts.start_sign_in(session, person_id=builders.person(session, now), device="", now=now).id.hex for _ in range(2)
        )
    others = Learner(_signed_in(app, first), code)
    others.hold()  # the first one in a class also makes its pool
    return Learner(_signed_in(app, second), code)


def _signed_in(app: Flask, sign_in_id: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = sign_in_id
    return client


def test_looking_at_a_class_before_enrolling_takes_few_statements(learner: Learner, queries: Budget) -> None:
    with queries(3):
        assert learner.client.get(learner.enrol_path).status_code == 200


def test_asking_for_a_seat_takes_few_statements(learner: Learner, queries: Budget) -> None:
    with queries(9) as seen:
        learner.hold()
    assert len(seen) <= MOST
    assert "seat_pool" in seen[-1], "the row that people fight over is held as briefly as can be"


def test_the_first_in_a_class_stays_within_the_budget(app: Flask, database: Database, learner: Learner, queries: Budget) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the views read the real clock
    with database.writing() as session:
        learner.code = builders.offering(session, now, external_id=builders.module(session, now))
    with queries(11):
        learner.hold()


def test_asking_for_a_seat_in_a_full_class_stays_within_the_budget(database: Database, learner: Learner, queries: Budget) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the views read the real clock
    with database.writing() as session:
        learner.code = builders.offering(session, now, seats=0)
    with queries(MOST):
        assert learner.client.post(learner.enrol_path).status_code == 409


def test_checking_and_confirming_take_few_statements(database: Database, learner: Learner, queries: Budget) -> None:
    path = learner.hold()
    with queries(4):
        assert learner.client.get(path).status_code == 200
    with queries(7):
        assert learner.client.post(path).status_code == 303
    with database.reading() as session:
        assert EnrolmentState.CONFIRMED in session.scalars(select(Enrolment.state)).all()


def test_an_offering_that_changed_is_read_anew(database: Database, learner: Learner) -> None:
    """What the database says of an offering is remembered by what it says, so nobody enrols on an old answer."""
    assert learner.client.get(learner.enrol_path).status_code == 200
    with database.writing() as session:
        session.execute(update(Offering).where(Offering.code == learner.code).values(state=OfferingState.CANCELLED))
    assert learner.client.post(learner.enrol_path).status_code == 409
