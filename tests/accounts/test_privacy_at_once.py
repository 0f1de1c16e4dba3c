"""Two who leave at once, or one who leaves and joins: two open transactions, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import select

from academy import app as house
from academy.accounts import api as accounts
from academy.accounts import personal
from academy.accounts.errors import CannotLeaveYet
from academy.accounts.models import Erasure, OrganisationKind, Person
from academy.accounts.service import privacy
from academy.enrolment import service as enrolment
from academy.kernel.db import Database
from tests import builders


@pytest.fixture(autouse=True)
def _rooms() -> None:
    personal.set_rooms(house.PERSONAL)


def test_of_two_who_erase_at_once_one_does_it(database: Database, now: datetime) -> None:
    with database.writing() as session:
        actor = builders.actor(session, now)
    for _each in range(2):
        with database.writing() as session:
            privacy.erase_person(session, actor=actor, language="nl", now=now)
    with database.reading() as session:
        assert len(session.scalars(select(Erasure)).all()) == 1


def test_who_enrols_in_the_moment_of_leaving_does_one_of_the_two(database: Database, now: datetime) -> None:
    with database.writing() as session:
        actor, offering = builders.actor(session, now), builders.offering(session, now)

    def leave() -> str:
        try:
            with database.writing() as session:
                privacy.erase_person(session, actor=actor, language="nl", now=now)
        except CannotLeaveYet:
            return "stays"
        return "left"

    with ThreadPoolExecutor(1) as other:
        with database.writing() as session:
            enrolment.enrol(session, actor=actor, offering_code=offering, now=now)
            leaving = other.submit(leave)
            with pytest.raises(TimeoutError):  # it waits for the row of the person
                leaving.result(timeout=0.5)
        assert leaving.result(timeout=10) == "stays"
    with database.reading() as session:
        assert session.get_one(Person, actor.person_id).erased_at is None


def test_of_two_owners_who_erase_at_once_the_second_stays(database: Database, now: datetime) -> None:
    with database.writing() as session:
        firm = accounts.register_organisation(session, slug="firma", name="Firma", kind=OrganisationKind.EMPLOYER)
        owners = [builders.actor(session, now, email=f"{name}@voorbeeld.nl") for name in ("een", "twee")]
        for owner in owners:
            accounts.add_membership(session, person_id=owner.person_id, organisation_id=firm, role=accounts.Role.OWNER)

    def leave() -> str:
        try:
            with database.writing() as session:
                privacy.erase_person(session, actor=owners[1], language="nl", now=now)
        except CannotLeaveYet:
            return "stays"
        return "left"

    with ThreadPoolExecutor(1) as other:
        with database.writing() as session:
            privacy.erase_person(session, actor=owners[0], language="nl", now=now)
            leaving = other.submit(leave)
            with pytest.raises(TimeoutError):  # it waits for the row of the organisation
                leaving.result(timeout=0.5)
        assert leaving.result(timeout=10) == "stays"
