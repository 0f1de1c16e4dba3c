"""Younger than sixteen: enrolling waits for a parent, guardian or dean, whose link works once and for thirty days."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import links, pages
from academy.accounts import service as accounts
from academy.accounts.errors import ApprovalGone, ApprovalNeeded, SignInNeeded, TooManyAttempts
from academy.accounts.models import Approval, ApprovalState, Person, TrailEntry
from academy.accounts.queries import Actor
from academy.accounts.queries.minors import AskedFacts
from academy.accounts.rules import APPROVAL_LIFETIME, APPROVALS_PER_WINDOW, address_of_nobody
from academy.accounts.service import minors
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.worker import Worker
from academy.notices import service as notices
from academy.notices.file_gateway import FileCarrier
from tests import builders

PARENT = "ouder@voorbeeld.nl"
NOW = datetime.now(UTC)  # noqa: TID251 - requests read the real clock


def minor(session: Session, now: datetime) -> Actor:
    actor = builders.actor(session, now, email="tim@voorbeeld.nl", name="Tim Jong")
    minors.declare_age(session, actor=actor, is_minor=True, now=now)
    return actor


def ask(session: Session, actor: Actor, now: datetime) -> UUID:
    minors.ask_approval(session, actor=actor, email=PARENT, name="Ouder de Jong", now=now)
    return session.scalars(select(Approval.id).order_by(Approval.asked_at.desc(), Approval.id.desc()).limit(1)).one()


def may_enrol(session: Session, actor: Actor) -> bool:
    try:
        minors.check_may_enrol(session, actor.person_id)
    except ApprovalNeeded:
        return False
    return True


def test_a_minor_enrols_after_a_yes_and_not_before(session: Session, now: datetime) -> None:
    actor, offering = minor(session, now), builders.offering(session, now)
    with pytest.raises(ApprovalNeeded) as refused:
        builders.enrol(session, actor=actor, offering_code=offering, now=now)
    assert [link.endpoint for link in refused.value.links()] == ["privacy.approval"]
    approval_id = ask(session, actor, now)
    assert not may_enrol(session, actor)
    minors.answer_approval(session, approval_id=approval_id, is_given=True, now=now)
    assert builders.enrol(session, actor=actor, offering_code=offering, now=now)


def test_who_is_sixteen_or_older_needs_nobody(session: Session, now: datetime) -> None:
    actor = minor(session, now)
    minors.declare_age(session, actor=actor, is_minor=False, now=now)
    assert may_enrol(session, actor)
    assert may_enrol(session, builders.actor(session, now))


def test_the_last_answer_counts(session: Session, now: datetime) -> None:
    actor = minor(session, now)
    mother, father = ask(session, actor, now), ask(session, actor, now)
    minors.answer_approval(session, approval_id=mother, is_given=True, now=now)
    minors.answer_approval(session, approval_id=father, is_given=False, now=now + timedelta(hours=1))
    assert not may_enrol(session, actor)
    minors.answer_approval(session, approval_id=ask(session, actor, now), is_given=True, now=now + timedelta(hours=2))
    assert may_enrol(session, actor)


def test_a_link_is_answered_once(session: Session, now: datetime) -> None:
    actor = minor(session, now)
    approval_id = ask(session, actor, now)
    minors.answer_approval(session, approval_id=approval_id, is_given=False, now=now)
    for wrong in (approval_id, new_id(), None):
        with pytest.raises(ApprovalGone):
            minors.answer_approval(session, approval_id=wrong, is_given=True, now=now)
    assert not may_enrol(session, actor)


@pytest.mark.parametrize(("early", "works"), [(timedelta(minutes=1), True), (timedelta(), False)])
def test_a_link_works_for_thirty_days(session: Session, now: datetime, early: timedelta, works: bool) -> None:
    actor = minor(session, now)
    approval_id, then = ask(session, actor, now), now + APPROVAL_LIFETIME - early
    if works:
        minors.answer_approval(session, approval_id=approval_id, is_given=True, now=then)
    else:
        with pytest.raises(ApprovalGone):
            minors.answer_approval(session, approval_id=approval_id, is_given=True, now=then)
    assert may_enrol(session, actor) == works


def test_a_few_letters_a_day_and_no_more(session: Session, now: datetime) -> None:
    actor = minor(session, now)
    for _each in range(APPROVALS_PER_WINDOW):
        ask(session, actor, now)
    with pytest.raises(TooManyAttempts):
        ask(session, actor, now)
    ask(session, actor, now + timedelta(days=1))


def test_what_was_said_asked_and_answered_stands_in_the_trail(session: Session, now: datetime) -> None:
    actor = minor(session, now)
    minors.declare_age(session, actor=actor, is_minor=True, now=now)  # again: nothing new
    minors.answer_approval(session, approval_id=ask(session, actor, now), is_given=True, now=now)
    acts = session.execute(select(TrailEntry.act, TrailEntry.actor_id, TrailEntry.person_id).order_by(TrailEntry.number)).all()
    assert acts == [
        ("age-declared", actor.person_id, actor.person_id), ("approval-asked", actor.person_id, actor.person_id),
        ("approval-given", None, actor.person_id),
    ]


def test_who_has_just_left_enrols_in_nothing(session: Session, now: datetime) -> None:
    actor, offering = builders.actor(session, now), builders.offering(session, now)
    session.get_one(Person, actor.person_id).erased_at = now
    with pytest.raises(SignInNeeded):
        builders.enrol(session, actor=actor, offering_code=offering, now=now)


def test_of_a_parent_who_left_the_page_shows_the_answer_and_no_address(now: datetime) -> None:
    line = pages.asked_line(AskedFacts("", address_of_nobody(new_id()), ApprovalState.GIVEN, now, now), now=now)
    assert (line["name"], line["email"], line["state"]) == ("Iemand die niet meer bij AD Academy is", "", "zei ja")


def test_from_the_question_to_the_answer_over_the_pages_and_the_letter(app: Flask, database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client, parent = app.test_client(), app.test_client()
    with database.writing() as session:
        person_id = builders.person(session, NOW, email="tim@voorbeeld.nl", name="Tim Jong")
        row = accounts.start_sign_in(session, person_id=person_id, device="", now=NOW)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    page = "/nl/my/privacy/approval"
    assert client.post("/nl/my/privacy/age", data={}).status_code == 422
    assert "Vraag toestemming" in client.post("/nl/my/privacy/age", data={"under_sixteen": "yes"}, follow_redirects=True).get_data(as_text=True)
    for mine in ("TIM@voorbeeld.nl", "tim+moeder@voorbeeld.nl"):
        own = client.post(page, data={"name": "Ouder", "email": mine})
        assert own.status_code == 422
        assert "Dit is je eigen adres" in own.get_data(as_text=True)
    assert "nog geen antwoord" in client.post(page, data={"name": "Ouder", "email": PARENT}, follow_redirects=True).get_data(as_text=True)
    with app.app_context():
        Worker(database, []).drain()
    carrier = notices.carrier()
    assert isinstance(carrier, FileCarrier)
    (letter,) = carrier.letters()
    assert letter.to == PARENT
    assert "Tim" not in letter.text + letter.html  # nothing that someone typed
    found = re.search(r"/nl/approvals/\S+", letter.text)
    assert found is not None
    assert "Tim Jong" in parent.get(found.group()).get_data(as_text=True)
    assert parent.get(found.group()).status_code == 200  # looking does not answer
    assert parent.post(found.group(), data={}).status_code == 422
    assert "kan zich nu inschrijven" in parent.post(found.group(), data={"answer": "yes"}).get_data(as_text=True)
    assert parent.post(found.group(), data={"answer": "no"}).status_code == 410
    assert parent.get("/nl/approvals/vervalst").status_code == 410
    assert links.approval_id_of("vervalst") is None
    assert "zei ja" in client.get(page).get_data(as_text=True)
