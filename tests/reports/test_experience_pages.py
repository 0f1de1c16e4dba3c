"""Questions are answered by the link in a letter, without signing in; opinions are read by everybody, by the provider and by the programme office, each as far as they may."""

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.accounts.api import OrganisationKind, Role, add_membership
from academy.accounts.models import Membership, Organisation
from academy.catalogue.models import Module, Provider, PublicationState
from academy.kernel.db import Database
from academy.notices.gateway import Letter
from academy.notices.report_letters import LETTERS
from academy.reports.events import QuestionnaireAsked, QuestionnaireReminded
from academy.reports.kinds import Side
from academy.reports.links import questionnaire_token_for
from academy.reports.models import QuestionnaireAnswer
from academy.reports.rules.asking import QUESTIONS
from academy.reports.service import monitoring
from tests.reports.browsing import signed_in, text
from tests.reports.monitored import Monitor
from tests.reports.world import Rows

Queries = Callable[[int], AbstractContextManager[list[str]]]
ANSWERS = dict.fromkeys(QUESTIONS[Side.LEARNER], "4")


@pytest.fixture
def monitor(app: Flask, database: Database) -> Monitor:
    """Pages read the real clock, so this is what stands around them."""
    app.config["WTF_CSRF_ENABLED"] = False
    return Monitor(database, datetime.now(UTC))  # noqa: TID251 - requests read the real clock


def somebody(app: Flask, monitor: Monitor, *, role: Role | None = None) -> FlaskClient:
    """Return the browser of somebody, of the programme office when that is the role."""
    with monitor.database.writing() as session:
        rows = Rows(session, monitor.now)
        person_id = rows.person()
        if role is Role.OFFICE:
            add_membership(session, person_id=person_id, organisation_id=rows.firm(kind=OrganisationKind.OFFICE), role=role)
        return signed_in(app, session, person_id)


def asked(monitor: Monitor, *, side: Side = Side.LEARNER) -> UUID:
    """Ask about a class of three; returns the invite of one of them."""
    monitor.run(monitoring.open_wave, monitor.a_class(monitor.provider(), 3, firms=[monitor.firm()]), 1)
    return monitor.invites(side)[0].id


def address_of(invite_id: UUID) -> str:
    return f"/nl/questions/{questionnaire_token_for(invite_id)}"


def judged(monitor: Monitor, number: int) -> tuple[UUID, str]:
    """Let so many people judge a module that is over; returns its provider and its address."""
    provider_id = monitor.provider("Windesheim")
    module_id = monitor.module(provider_id)
    offering_id = monitor.a_class(provider_id, number, module_id=module_id, starts_on=monitor.today - timedelta(days=100), weeks=6)
    monitor.said(offering_id, *[4] * number)
    with monitor.database.reading() as session:
        return provider_id, session.scalars(select(Module.slug).where(Module.id == module_id)).one()


# Answering


@pytest.mark.parametrize("side", Side)
def test_each_side_answers_its_own_five_questions_without_signing_in(client: FlaskClient, monitor: Monitor, side: Side) -> None:
    address = address_of(asked(monitor, side=side))
    page = client.get(address)
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.get_data(as_text=True).count("<fieldset") == 5
    answer = client.post(address, data=dict.fromkeys(QUESTIONS[side], "4"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/nl/questions/thanks")
    assert "zonder je naam" in text(client, "/nl/questions/thanks")
    with monitor.database.reading() as session:
        assert session.scalars(select(QuestionnaireAnswer.scores)).all() == [dict.fromkeys(QUESTIONS[side], 4)]


def test_a_question_that_was_skipped_is_named_and_the_others_are_kept(client: FlaskClient, monitor: Monitor) -> None:
    answer = client.post(address_of(asked(monitor)), data=ANSWERS | {"teaching": "", "use": "6"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.findall(r'href="#(\w+)-0"', page) == ["teaching", "use"]
    assert page.count(" checked ") == 3


def test_a_link_is_good_once(client: FlaskClient, monitor: Monitor) -> None:
    first = address_of(asked(monitor))
    assert client.post(first, data=ANSWERS).status_code == 303
    assert "Je hebt al geantwoord" in text(client, first, status=409)
    assert client.post(first, data=ANSWERS).status_code == 409


def test_a_link_of_a_questionnaire_that_is_closed_says_so(client: FlaskClient, monitor: Monitor) -> None:
    monitor.now -= timedelta(days=22)
    assert "gesloten" in text(client, address_of(asked(monitor)), status=410)


def test_a_link_that_was_made_up_leads_nowhere(client: FlaskClient, monitor: Monitor) -> None:
    token = questionnaire_token_for(asked(monitor))
    text(client, f"/nl/questions/{token[:-2]}xx", status=404)


def test_the_page_asks_for_little_of_the_database(client: FlaskClient, monitor: Monitor, queries: Queries) -> None:
    address = address_of(asked(monitor))
    with queries(3):
        client.get(address)


# Letters


def letters(app: Flask, monitor: Monitor, event: QuestionnaireAsked | QuestionnaireReminded) -> list[Letter]:
    (write,) = [write for kind, write in LETTERS.values() if kind is type(event)]
    with app.app_context(), monitor.database.reading() as session:
        return list(write(session, event, monitor.now))


@pytest.mark.parametrize("event", [QuestionnaireAsked, QuestionnaireReminded])
@pytest.mark.parametrize("side", Side)
def test_the_letter_leads_to_the_questions_and_tells_until_when(
    app: Flask, client: FlaskClient, monitor: Monitor, side: Side, event: type[QuestionnaireAsked | QuestionnaireReminded],
) -> None:
    invite_id = asked(monitor, side=side)
    (letter,) = letters(app, monitor, event(invite_id))
    assert ("Herinnering" in letter.subject) is (event is QuestionnaireReminded)
    (path,) = re.findall(r"https?://[^/]+(/nl/questions/\S+)", letter.text)
    assert "Vijf vragen" in text(client, path)


def test_no_letter_goes_to_who_answered_or_once_it_is_closed(app: Flask, monitor: Monitor) -> None:
    invite_id = asked(monitor)
    monitor.run(monitoring.answer, invite_id=invite_id, scores=dict.fromkeys(QUESTIONS[Side.LEARNER], 3))
    assert letters(app, monitor, QuestionnaireReminded(invite_id)) == []
    other = monitor.invites(Side.LEARNER)[1].id
    monitor.pass_days(22)
    assert letters(app, monitor, QuestionnaireAsked(other)) == []
    monitor.run(monitoring.close)
    assert letters(app, monitor, QuestionnaireReminded(other)) == []


# Reading


@pytest.mark.parametrize(("number", "told"), [(9, False), (12, True)])
def test_everybody_reads_what_ten_or_more_learners_thought(client: FlaskClient, monitor: Monitor, number: int, told: bool) -> None:
    _provider_id, slug = judged(monitor, number)
    page = text(client, f"/nl/modules/{slug}/reviews")
    assert ("gemiddeld een 4,0 van 5" in page) is told
    assert ("ongeveer 10 mensen" in page) is told
    assert ("nog te weinig antwoorden" in page) is not told


def test_a_module_that_is_not_public_has_no_reviews(client: FlaskClient, monitor: Monitor) -> None:
    text(client, "/nl/modules/bestaat-niet/reviews", status=404)
    _provider_id, slug = judged(monitor, 12)
    with monitor.database.writing() as session:
        session.scalars(select(Module).where(Module.slug == slug)).one().state = PublicationState.ARCHIVED
    text(client, f"/nl/modules/{slug}/reviews", status=404)


def test_the_page_of_a_module_leads_to_its_reviews(client: FlaskClient, monitor: Monitor) -> None:
    _provider_id, slug = judged(monitor, 10)
    assert f"/nl/modules/{slug}/reviews" in text(client, f"/nl/modules/{slug}")


def test_a_provider_reads_of_its_own_classes_only(app: Flask, monitor: Monitor, queries: Queries) -> None:
    provider_id, _slug = judged(monitor, 12)
    with monitor.database.writing() as session:
        own = session.get_one(Provider, provider_id).slug
        client = signed_in(app, session, session.scalars(select(Membership.person_id).where(Membership.organisation_id == provider_id)).one())
    address = f"/nl/provider/{own}/experience"
    assert "ongeveer 10 cursisten" in text(client, address)
    assert address in text(client, f"/nl/provider/{own}")
    with queries(12):
        client.get(address)
    text(somebody(app, monitor), address, status=404)
    with monitor.database.reading() as session:
        other = session.scalars(select(Organisation.slug).where(Organisation.id == monitor.provider())).one()
    text(client, f"/nl/provider/{other}/experience", status=404)


def test_the_office_reads_every_table_on_the_page_and_as_a_file(app: Flask, monitor: Monitor, queries: Queries) -> None:
    judged(monitor, 12)
    year = (monitor.today - timedelta(days=100)).year
    client = somebody(app, monitor, role=Role.OFFICE)
    page = text(client, f"/nl/office/experience?period={year}")
    assert "gemiddeld een 4,0 van 5" in page
    with queries(15):
        client.get(f"/nl/office/experience?period={year}")
    files = re.findall(r'href="(/nl/office/experience/([\w-]+)\.csv[^"]*)"', page)
    assert "asked" in {name for _address, name in files}
    for address, _name in files:
        answer = client.get(address)
        assert answer.content_type == "text/csv; charset=utf-8"
        assert list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))[1:]
    text(client, "/nl/office/experience/bestaat-niet.csv", status=404)
    text(somebody(app, monitor), "/nl/office/experience", status=404)


def test_of_a_period_of_which_nothing_is_known_the_page_says_so(app: Flask, monitor: Monitor) -> None:
    page = text(somebody(app, monitor, role=Role.OFFICE), f"/nl/office/experience?period={monitor.today.year}")
    assert "nog te weinig bekend" in page
    assert page.count("Hierover is niets te melden") == 5
