"""Two who leave at once, or one who leaves and joins: two open transactions, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy import app as house
from academy.accounts import api as accounts
from academy.accounts import personal, queries
from academy.accounts import service as accounts_service
from academy.accounts.errors import CannotLeaveYet
from academy.accounts.gateway import Proof
from academy.accounts.models import Approval, Consent, Erasure, Identity, OrganisationKind, Person, Purpose
from academy.accounts.service import identities, minors, privacy
from academy.kernel.db import Database
from academy.kernel.errors import Refusal
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
            builders.enrol(session, actor=actor, offering_code=offering, now=now)
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


def test_who_signs_in_in_the_moment_of_leaving_is_nobody(database: Database, now: datetime) -> None:
    with database.writing() as session:
        actor = builders.actor(session, now)

    def sign_in() -> UUID:
        with database.writing() as session:  # the password was checked before this
            return accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=now).id

    with ThreadPoolExecutor(1) as other:
        with database.writing() as session:
            privacy.erase_person(session, actor=actor, language="nl", now=now)
            signing_in = other.submit(sign_in)
            with pytest.raises(TimeoutError):  # it waits for the row of the person, or for the only writer
                signing_in.result(timeout=0.5)
        sign_in_id = signing_in.result(timeout=10)
    with database.reading() as session:
        assert queries.actor_of(session, sign_in_id, now=now) is None


PROOF = Proof("https://eduid.example", "s1", validated_name="Noor Bakker")
Act = Callable[[Session, queries.Actor, UUID, datetime], object]
ACTS: dict[str, Act] = {
    "gives consent": lambda session, actor, firm, now: privacy.give_consent(
        session, actor=actor, organisation_id=firm, purpose=Purpose.RESULT_TO_EMPLOYER, now=now,
    ),
    "asks a parent": lambda session, actor, _firm, now: minors.ask_approval(session, actor=actor, email="ouder@voorbeeld.nl", name="Ouder", now=now),
    "says to be young": lambda session, actor, _firm, now: minors.declare_age(session, actor=actor, is_minor=True, now=now),
    "changes a name": lambda session, actor, _firm, _now: accounts_service.change_profile(session, actor=actor, name="Noor Bakker", language="nl"),
    "links eduID": lambda session, actor, _firm, now: identities.link_identity(session, actor=actor, proof=PROOF, email="noor@school.nl", now=now),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_was_under_way_when_someone_left_writes_nothing_about_them(database: Database, now: datetime, act: str) -> None:
    with database.writing() as session:
        actor = builders.actor(session, now)
        firm = accounts.register_organisation(session, slug="firma", name="Firma", kind=OrganisationKind.EMPLOYER)
        accounts.add_membership(session, person_id=actor.person_id, organisation_id=firm, role=accounts.Role.READER)

    def go_on() -> None:
        with suppress(Refusal), database.writing() as session:
            ACTS[act](session, actor, firm, now)

    with ThreadPoolExecutor(1) as other:
        with database.writing() as session:
            privacy.erase_person(session, actor=actor, language="nl", now=now)
            going_on = other.submit(go_on)
            with pytest.raises(TimeoutError):  # it waits for the row of the person, or for the only writer
                going_on.result(timeout=0.5)
        going_on.result(timeout=10)
    with database.reading() as session:
        person = session.get_one(Person, actor.person_id)
        assert (person.name, person.validated_name, person.is_minor) == ("", "", False)
        assert [session.scalars(select(table)).all() for table in (Approval, Consent, Identity)] == [[], [], []]
