"""Letters about commissions: a provider is asked once, the office hears each answer, both in their own language and without typed text."""

from collections.abc import Iterable
from datetime import datetime

import pytest
from flask import Flask

from academy.accounts.api import Role, add_membership
from academy.kernel.db import Database
from academy.kernel.outbox import Event
from academy.notices.gateway import Letter
from academy.notices.report_letters import LETTERS
from academy.reports.events import CommissionAnswered, CommissionSent
from academy.reports.service import commissioning as service
from tests import builders
from tests.reports.commission_desk import NO, YES, Desk, open_desk

TYPED = "Bel Jan op 06"


@pytest.fixture(autouse=True)
def _in_application(app: Flask) -> Iterable[None]:
    with app.app_context():
        yield


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    return open_desk(database, now)


def letters(desk: Desk, event: Event) -> list[Letter]:
    (write,) = [write for kind, write in LETTERS.values() if kind is type(event)]
    with desk.database.reading() as session:
        written = list(write(session, event, desk.now))
    for letter in written:
        assert TYPED not in letter.subject + letter.text + letter.html
    return written


def sent(desk: Desk, code: str, slug: str) -> CommissionSent:
    return CommissionSent(desk.id_of(code), desk.providers[slug])


def test_who_plans_at_a_provider_is_asked_with_a_link_to_answer(desk: Desk) -> None:
    with desk.database.writing() as session:
        english = builders.actor(session, desk.now, name="Ed Planner", language="en")
        add_membership(session, person_id=english.person_id, organisation_id=desk.providers["windesheim"], role=Role.PLANNER)
    code = desk.asks(note=TYPED)
    found = letters(desk, sent(desk, code, "windesheim"))
    dutch = next(each for each in found if each.language == "nl")
    assert dutch.subject == "Kunnen jullie dit geven: cloudbeheer?"
    for words in ("cloudbeheer", "Almere (13)", "25 mensen", code, f"/nl/provider/windesheim/commissions/{code}"):
        assert words in dutch.text, words
    (other,) = [each for each in found if each.language == "en"]
    assert "cloud management" in other.subject
    assert f"/en/provider/windesheim/commissions/{code}" in other.text
    assert len({each.key for each in found}) == len(found)


def test_a_provider_where_nobody_plans_is_asked_by_its_owner(desk: Desk) -> None:
    with desk.database.writing() as session:
        provider_id = builders.provider(session, "nieuw", "Nieuwe opleider")
        owner = builders.actor(session, desk.now, name="Olga Eigenaar", email="olga@voorbeeld.nl")
        add_membership(session, person_id=owner.person_id, organisation_id=provider_id, role=Role.OWNER)
    desk.providers["nieuw"] = provider_id
    code = desk.asks("nieuw")
    assert [each.to for each in letters(desk, sent(desk, code, "nieuw"))] == ["olga@voorbeeld.nl"]


def test_nobody_is_asked_what_was_answered_closed_or_is_too_late(desk: Desk) -> None:
    code = desk.asks()
    desk.answers("roc", code, NO)
    assert letters(desk, sent(desk, code, "roc")) == []
    assert letters(desk, sent(desk, code, "aeres"))
    desk.pass_days(15)
    assert letters(desk, sent(desk, code, "aeres")) == []
    desk.pass_days(-15)
    desk.run(service.close_commission, actor=desk.office, code=code, reason="Weg.")
    assert letters(desk, sent(desk, code, "aeres")) == []
    assert letters(desk, CommissionSent(desk.office.person_id, desk.providers["roc"])) == []


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_the_office_hears_what_a_provider_answered(desk: Desk, answer: str) -> None:
    code = desk.asks()
    event = CommissionAnswered(desk.id_of(code), desk.providers["aeres"])
    assert letters(desk, event) == [], "it did not answer"
    if answer == "yes":
        desk.answers("aeres", code, note=TYPED)
    else:
        desk.answers("aeres", code, NO, note=TYPED)
    (letter,) = letters(desk, event)
    assert letter.subject == "Antwoord van Aeres Hogeschool: cloudbeheer"
    assert ("maakt er een module voor" if answer == "yes" else "doet het niet") in letter.text
    assert f"/nl/office/commissions/{code}" in letter.text
    desk.pass_days(1)
    desk.answers("aeres", code, NO if answer == "yes" else YES)
    assert letters(desk, event)[0].key != letter.key, "another answer is another letter"
