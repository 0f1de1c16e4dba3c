"""Letters about a provider's work: checked by the programme office, and a class that is called off."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.models import PublicationStep
from academy.catalogue.service import publishing
from academy.enrolment import queries, service
from academy.enrolment.events import SeatWithdrawn
from academy.notices import letters
from academy.notices.enrolment_letters import leaving
from tests import builders
from tests.catalogue.workplace import Workplace, office, open_at

REASON = "Schrijf <b>duidelijker</b>."


@pytest.fixture
def place(app: Flask, session: Session, now: datetime) -> Workplace:
    return open_at(session, now)


def last_step(session: Session) -> PublicationStep:
    session.flush()
    return session.scalars(select(PublicationStep).order_by(PublicationStep.at.desc(), PublicationStep.id.desc())).all()[0]


@pytest.mark.parametrize("approved", [True, False])
def test_who_submitted_a_module_hears_what_the_office_decided(
    app: Flask, place: Workplace, session: Session, now: datetime, approved: bool,
) -> None:
    slug, checker = place.start(), office(session, now)
    place.publish(slug)
    if approved:
        publishing.approve(session, actor=checker, module_slug=slug, seen=place.work(slug).digest, now=now)
    else:
        publishing.send_back(session, actor=checker, module_slug=slug, reason=REASON, now=now)
    with app.app_context():
        letter = letters.check_letter(session, last_step(session).id)
    assert letter is not None
    assert letter.to == place.editor.email
    assert ("staat online" if approved else "nog niet klaar") in letter.subject
    assert (f"/nl/modules/{slug}" if approved else f"/nl/provider/windesheim/modules/{slug}") in letter.text
    assert (REASON in letter.text) is not approved
    assert "<b>duidelijker" not in letter.html


def test_who_was_enrolled_hears_why_a_class_is_called_off(app: Flask, place: Workplace, session: Session, now: datetime) -> None:
    place.trust()
    slug = place.start()
    place.publish(slug)
    offering = place.work(slug).offerings[0]
    learner = builders.actor(session, now)
    code = builders.enrol(session, actor=learner, offering_code=offering.code, now=now)
    service.call_off(session, actor=place.editor, provider_slug=place.slug, code=offering.code, reason=REASON, people=1, now=now)
    service.withdraw_seats(session, offering_id=offering.id, now=now)
    session.expire_all()
    facts = queries.my_enrolment(session, learner, code)
    with app.app_context():
        (letter,) = leaving.called_off(session, SeatWithdrawn(facts.id), now)
    assert letter.to == learner.email
    assert "gaat niet door" in letter.subject
    assert REASON in letter.text
    assert facts.of.offering.state is catalogue.OfferingState.CANCELLED
