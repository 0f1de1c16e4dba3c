"""A refusal undoes what was done for it, and not what it found out: a seat whose time ran out goes to who waits, also when no worker runs."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.queries import Actor
from academy.enrolment.errors import OfferingFull
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment
from academy.enrolment.rounds import ending_holds_of
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests import builders
from tests.enrolment.proofs.ground import check, do, enrol, hold, states, wait

AGO = timedelta(minutes=16)
NEWCOMERS = ("someone with an account", "a guest", "a guest who is in line", "a group")


def _full_class(database: Database) -> str:
    """Make a class of two: one seat is sure, the time of the other ran out a minute ago, and somebody waits for it."""
    now = utc_now()

    def make(session: Session) -> tuple[str, list[Actor]]:
        return builders.offering(session, now, seats=2), [builders.actor(session, now) for _ in range(3)]

    code, (sure, slow, waiting) = do(database, make)
    do(database, enrol(sure, code, now))
    do(database, hold(slow, code, now - AGO))
    do(database, wait(waiting, code, now))
    assert states(database) == ["confirmed", "held", "waiting"]
    return str(code)


def _asks_for_a_seat(app: Flask, database: Database, code: str, who: str) -> int:
    """Ask for a seat over HTTP, or for two; returns the status of the answer."""
    app.config["WTF_CSRF_ENABLED"] = False
    client, email = app.test_client(), "noor@voorbeeld.nl"
    as_guest = {"name": "Noor", "email": email}
    if who == "a guest":
        return client.post(f"/nl/offerings/{code}/enrol", data=as_guest).status_code
    noor = do(database, lambda session: builders.actor(session, utc_now(), email=email))
    if who == "a guest who is in line":
        do(database, wait(noor, code, utc_now()))
        return client.post(f"/nl/offerings/{code}/enrol", data=as_guest).status_code
    with client.session_transaction() as cookie:
        cookie["_user_id"] = noor.sign_in_id.hex
    if who == "a group":
        people = {"people-0-name": "Noor", "people-0-email": email, "people-1-name": "Piet", "people-1-email": "piet@voorbeeld.nl"}
        return client.post(f"/nl/offerings/{code}/enrol/group", data={**people, "request_key": str(new_id())}).status_code
    return client.post(f"/nl/offerings/{code}/enrol", data={"request_key": str(new_id())}).status_code


@pytest.mark.parametrize("who", NEWCOMERS)
def test_who_asks_too_late_is_refused_and_who_waits_has_the_seat(app: Flask, database: Database, who: str) -> None:
    code = _full_class(database)
    assert _asks_for_a_seat(app, database, code, who) == 409
    assert states(database)[:3] == ["confirmed", "expired", "offered"]


def test_a_refusal_ends_nothing_that_has_time_left_nor_anything_of_another_class(database: Database) -> None:
    now = utc_now()
    _full_class(database)

    def make(session: Session) -> tuple[str, list[Actor]]:
        return builders.offering(session, now, seats=1, external_id=builders.module(session, now, external_id="X", code="X")), [
            builders.actor(session, now) for _ in range(2)
        ]

    other, (noor, piet) = do(database, make)
    do(database, hold(noor, other, now))
    with pytest.raises(OfferingFull), ending_holds_of(other, now):
        do(database, hold(piet, other, now))
    check(database)
    with database.reading() as session:
        assert session.scalars(select(Enrolment.state).order_by(Enrolment.id)).all() == [
            EnrolmentState.CONFIRMED, EnrolmentState.HELD, EnrolmentState.WAITING, EnrolmentState.HELD,
        ]
