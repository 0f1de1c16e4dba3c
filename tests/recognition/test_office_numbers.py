"""What the programme office reads of recognition: true numbers of people and clocks, nothing of fewer than ten people, and no file."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, OrganisationKind, Role, register_organisation
from academy.accounts.models import Membership
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.kernel.formats import short_day
from academy.kernel.ids import new_id
from academy.recognition.kinds import DecisionGround, DecisionState, FileState, Judgement, Route, Who
from academy.recognition.models import FileStep, RecognitionFile
from academy.recognition.pages.office import numbers_values
from academy.recognition.queries.office import Numbers, Phase, numbers
from academy.recognition.service.booking import About, Answered, book_decision
from tests.recognition.world import NO, YES, World, make_world

F = FileState
DAY = timedelta(days=1)
PAGE = "/nl/office/recognition"


@pytest.fixture
def office(world: World) -> Actor:
    return officer(world)


def officer(world: World) -> Actor:
    with world.database.writing() as session:
        owner = register_organisation(session, slug="bureau", name="Bureau", kind=OrganisationKind.OFFICE)
    return world.person("Otto", Role.OFFICE, at=owner)


def read(world: World, actor: Actor) -> Numbers:
    with world.database.reading() as session:
        return numbers(session, actor, now=world.now)


def decided(world: World, *judgements: Judgement, learner: Actor | None = None, sent_days_ago: int = 7) -> None:
    """Let the board have decided now on the file of somebody, who sent it so many days ago."""
    file = world.file(F.EXEMPTION_REQUESTED, of=learner or world.person("Iemand"))
    about = About(file.person_id, file.module_id, file.provider_id, DecisionGround.FILE, file_id=file.id)
    answers = [Answered(each.id, each.wording, each.worth, said, reason="gezien") for each, said in zip(world.module.outcomes, judgements, strict=True)]
    decision_id = world.run(book_decision, about=about, answers=answers, signers=[world.board.person_id])
    state = F.GRANTED if set(judgements) == {YES} else F.REFUSED if set(judgements) == {NO} else F.PARTIALLY_GRANTED
    with world.database.writing() as session:
        session.execute(update(RecognitionFile).where(RecognitionFile.id == file.id).values(state=state, decision_id=decision_id))
        session.add(FileStep(
            id=new_id(), file_id=file.id, from_state=F.PORTFOLIO_OPEN, to_state=F.PORTFOLIO_SUBMITTED, at=world.now - sent_days_ago * DAY, by_id=file.person_id,
            who=Who.LEARNER,
        ))


def test_only_the_programme_office_reads_them(world: World) -> None:
    for actor in (world.learner, world.board, world.owner):
        with pytest.raises(NotFound):
            read(world, actor)


def test_people_are_counted_by_where_their_files_are_each_once(world: World, office: Actor) -> None:
    for state in (F.DRAFT, F.PORTFOLIO_INCOMPLETE, F.SECOND_DONE, F.REPORT_ISSUED, F.EXEMPTION_REQUESTED, F.WITHDRAWN):
        world.file(state, of=world.person("Iemand"))
    twice = world.person("Twee")
    for route in Route:
        world.file(F.ASSESSED, of=twice, route=route)
    world.file(F.REPORT_ISSUED, of=world.person("Klaar"), route=Route.LABOUR_MARKET)  # a certificate is the end
    (there,) = read(world, office).providers
    assert there.phases == {Phase.PREPARING: 2, Phase.ASSESSING: 2, Phase.REPORTED: 1, Phase.DECIDING: 1}
    assert there.name == "Windesheim in Almere"


def test_what_was_decided_in_a_year_is_counted_by_its_first_decision_and_the_working_days_it_took(world: World, office: Actor) -> None:
    for days in (7, 7, 7, 7, 7, 7, 14, 14, 14):
        decided(world, YES, YES, YES, sent_days_ago=days)
    assert read(world, office).providers[0].days is None, "of nine people it may tell whose it is"
    decided(world, NO, NO, NO)
    (there,) = read(world, office).providers
    assert there.decided == {DecisionState.GRANTED: 9, DecisionState.REFUSED: 1}
    assert there.days == 5
    world.pass_time(days=366)
    assert read(world, office).providers == ()


def test_who_is_late_is_shown_with_the_day_on_which_the_first_should_have_been_done(world: World, office: Actor) -> None:
    world.file(F.EXEMPTION_REQUESTED, since=world.now - 30 * DAY)
    world.file(F.EXEMPTION_REQUESTED, of=world.person("Nog"), since=world.now - 60 * DAY)
    world.file(F.PORTFOLIO_SUBMITTED, of=world.person("Net"))
    (late,) = read(world, office).providers[0].late
    assert (late.who, late.people) == (Who.EXAM_BOARD, 2)
    (values,) = numbers_values(read(world, office))["late"]
    assert values["people"] == "< 10"
    assert late.until < world.now
    assert values["since"] == short_day(last_working_day(world.now - 60 * DAY))


def last_working_day(asked: datetime) -> date:
    """Return the tenth working day after a request, counted by hand: none of those days is a holiday in the tests' year."""
    day = asked.date()
    for _number in range(10):
        day += DAY
        while day.weekday() >= 5:
            day += DAY
    return day


def test_a_part_that_nobody_has_is_missing_only_where_somebody_waits_for_it(world: World, office: Actor) -> None:
    world.file(F.PORTFOLIO_OPEN)
    with world.database.writing() as session:
        session.execute(delete(Membership).where(Membership.role.in_([Role.EXAM_BOARD, Role.ASSESSOR])))
    assert read(world, office).providers[0].missing == ()
    world.file(F.INTAKE_PLANNED, of=world.person("Een"))
    world.file(F.EXEMPTION_REQUESTED, of=world.person("Twee"))
    assert read(world, office).providers[0].missing == (Who.ASSESSOR, Who.EXAM_BOARD)


def test_an_outcome_that_ten_people_did_not_get_is_demand_and_one_of_nine_stays_hidden(world: World, office: Actor) -> None:
    for _number in range(9):
        decided(world, YES, NO, NO)
    assert read(world, office).refused == ()
    decided(world, YES, YES, NO)
    (refused,) = read(world, office).refused
    assert (refused.people, refused.wording.nl, refused.module_slug) == (10, world.module.outcomes[2].wording.nl, world.module.slug)


# The page


@pytest.fixture
def there(app: Flask, database: Database) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    return make_world(database, datetime.now(UTC))  # noqa: TID251 - requests read the real clock


def client_of(app: Flask, world: World, actor: Actor) -> FlaskClient:
    client = app.test_client()
    with world.database.writing() as session:
        row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=world.now, is_twofold=True)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client


def test_the_page_and_its_file_show_no_small_number_and_no_code_of_a_file(
    app: Flask, there: World, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    client = client_of(app, there, officer(there))
    assert "Nog niemand vroeg erkenning" in client.get(PAGE).get_data(as_text=True)
    files = [there.file(F.EXEMPTION_REQUESTED, since=there.now - 40 * DAY), there.file(F.DRAFT, of=there.person("Sanne"))]
    for _number in range(10):
        decided(there, YES, YES, NO, learner=there.person("Iemand"))
    with queries(14):
        page = client.get(PAGE).get_data(as_text=True)
    file = client.get(f"{PAGE}.csv").get_data(as_text=True)
    for seen in (page, file):
        assert "Windesheim in Almere" in seen
        assert all(each.code not in seen for each in files)
        assert "Sanne" not in seen
    assert "&lt; 10" in page
    assert "< 10" in file
    assert there.module.outcomes[2].wording.nl in page


def test_the_page_is_closed_to_everyone_else(app: Flask, there: World) -> None:
    for actor in (there.learner, there.board, there.owner):
        client = client_of(app, there, actor)
        assert {client.get(PAGE).status_code, client.get(f"{PAGE}.csv").status_code} == {404}
