"""The desk of who guides and judges: files by clock, one file with what can be done, and what stays closed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, Role, add_membership, person
from academy.accounts.models import Membership, TrailEntry
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import FileState, InstrumentKind, Who
from academy.recognition.models import FileParty, FileStep, InstrumentUse, RecognitionFile
from academy.recognition.service import guiding
from academy.recognition.service.evidence import share_file
from tests import builders
from tests.recognition.test_judging import becomes_employer
from tests.recognition.world import SLUG, World, make_world

F = FileState
DESK = f"/nl/provider/{SLUG}/recognition"
Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    return make_world(database, datetime.now(UTC))  # noqa: TID251 - requests read the real clock


@pytest.fixture
def at_work(app: Flask, world: World) -> Callable[[Actor], FlaskClient]:
    def sign_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        with world.database.writing() as session:
            row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=world.now, is_twofold=True)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = row.id.hex
        return client

    return sign_in


@pytest.fixture
def guide(world: World, at_work: Callable[[Actor], FlaskClient]) -> FlaskClient:
    return at_work(world.guide)


def text(client: FlaskClient, address: str = DESK, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def asked(world: World, name: str = "Sam de Vries", *, days_ago: int = 0, **values: object) -> FileFacts:
    """Return a file of somebody new whose learner asked for a guide so many days ago."""
    learner = world.person(name)
    since = world.now - timedelta(days=days_ago)
    columns: dict[str, Any] = {"since": since, "learner_signed_at": None, "stated_at": None} | values
    return world.file(F.INTAKE_PLANNED, of=learner, **columns)


def sent_to(world: World, file: FileFacts) -> str:
    """Return the address of the learner."""
    with world.database.reading() as session:
        return person(session, file.person_id).email


def address(file: FileFacts, page: str = "") -> str:
    return f"{DESK}/{file.code}" + (f"/{page}" if page else "")


def test_an_empty_desk_says_what_will_come_here(guide: FlaskClient) -> None:
    assert "Je hebt nu geen aanvragen" in text(guide)
    assert "Er wacht nu niemand" in text(guide, f"{DESK}?tab=open")
    assert "Er loopt nu geen aanvraag" in text(guide, f"{DESK}?tab=all")


def test_what_is_late_stands_first_and_says_so_in_words(world: World, guide: FlaskClient) -> None:
    new, late = asked(world, "Nieuw Nieuwsma"), asked(world, "Laat Laatsma", days_ago=40)
    page = text(guide, f"{DESK}?tab=open")
    assert page.index(late.code) < page.index(new.code)
    assert ("Laatsma" in page, "Nieuwsma" in page) == (False, False)
    assert page.count("te laat: kon tot en met") == 1
    assert "Op te pakken (2)" in page
    assert "Nog van niemand" in page


def test_a_guide_finds_their_own_files_first_where_it_is_their_turn(world: World, guide: FlaskClient) -> None:
    world.file(F.INTAKE_DONE, of=world.person("Anna Anders"))
    asked(world, "Bert Beurt", guide_id=world.guide.person_id)
    asked(world, "Van Ander", guide_id=world.assessor.person_id)
    page = text(guide)
    assert page.index("Bert Beurt") < page.index("Anna Anders")
    assert "Jij bent aan zet" in page
    assert "Wacht op: cursist" in page
    assert "Van Ander" not in page
    assert "Van mij (2)" in page


def test_a_file_whose_guide_left_waits_for_another(world: World, guide: FlaskClient) -> None:
    file = asked(world, guide_id=world.assessor.person_id)
    assert file.code not in text(guide, f"{DESK}?tab=open")
    text(guide, address(file), status=404)
    with world.database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == world.assessor.person_id))
    assert file.code in text(guide, f"{DESK}?tab=open")
    assert "Jij kunt het overnemen" in text(guide, address(file))


def test_an_assessor_finds_what_they_judge_and_who_guides_it_does_not_judge(world: World, at_work: Callable[[Actor], FlaskClient], guide: FlaskClient) -> None:
    world.file(F.ASSESSMENT_PLANNED, of=world.person("Bij Assessor"))
    sent = world.file(F.PORTFOLIO_SUBMITTED, of=world.person("Net Verstuurd"))
    assert "je beoordeelt" in text(at_work(world.assessor))
    assert address(sent, "judge") in text(at_work(world.assessor), f"{DESK}?tab=open")
    page = text(guide, f"{DESK}?tab=open")
    assert sent.code not in page
    assert "Nog 1 aanvraag wacht op een collega" in page


def test_what_is_of_ones_employer_or_ones_own_is_not_offered_nor_shown(world: World, guide: FlaskClient) -> None:
    employer = world.employer()
    file, own = asked(world, "Van Bakkerij"), world.file(F.INTAKE_PLANNED, of=world.guide)
    with world.database.writing() as session:
        session.add(FileParty(file_id=file.id, organisation_id=employer))
        add_membership(session, person_id=world.guide.person_id, organisation_id=employer, role=Role.OWNER)
    assert file.code not in text(guide, f"{DESK}?tab=open")
    for each in (file, own):
        text(guide, address(each), status=404)


def test_a_long_list_is_shown_a_page_at_a_time_at_the_same_cost(world: World, guide: FlaskClient, queries: Budget) -> None:
    with world.database.writing() as session:
        people = [builders.person(session, world.now, name=f"Cursist {number:02}") for number in range(27)]
    for number, each in enumerate(people):
        world.file(F.INTAKE_PLANNED, of=Actor(each, new_id(), "", "", "nl"), since=world.now - timedelta(minutes=number), evidence=[])
    with queries(9):
        page = text(guide, f"{DESK}?tab=open")
    assert page.count("academy-tasks__item") == 25
    assert 'rel="next"' in page
    assert text(guide, f"{DESK}?tab=open&page=2").count("academy-tasks__item") == 2
    assert text(guide, f"{DESK}?tab=open&page=99").count("academy-tasks__item") == 2


@pytest.mark.parametrize("role", [Role.OWNER, Role.PLANNER, Role.EXAM_BOARD])
def test_who_manages_or_decides_sees_numbers_and_clocks_and_no_file(world: World, at_work: Callable[[Actor], FlaskClient], role: Role) -> None:
    file = asked(world, "Gea Heim", days_ago=40)
    client = at_work(world.person("Piet", role))
    for query in ("?tab=mine", "?tab=open", "?tab=nonsense"):
        page = text(client, DESK + query)
        assert ("Gea Heim" in page, file.code in page) == (False, False)
    text(client, address(file), status=404)
    page = text(client)
    assert "Gesprek gevraagd" in page
    assert ("Voorwaarden" in page) is (role is not Role.EXAM_BOARD)
    assert ("/results" in page) is (role is Role.EXAM_BOARD)


def test_a_desk_is_of_its_own_people(world: World, at_work: Callable[[Actor], FlaskClient]) -> None:
    file = asked(world)
    for actor in (world.stranger, world.person("Lezer", Role.READER), world.learner):
        text(at_work(actor), status=404)
        text(at_work(actor), address(file), status=404)


def test_a_board_without_members_is_told_of_and_decides_nothing(world: World, at_work: Callable[[Actor], FlaskClient]) -> None:
    file = world.file(F.EXEMPTION_REQUESTED)
    with world.database.writing() as session:
        session.execute(delete(Membership).where(Membership.role == Role.EXAM_BOARD))
    page = text(at_work(world.owner))
    assert "Er wacht 1 aanvraag op de examencommissie, en die heeft geen leden" in page
    assert world.facts(file.id).state is F.EXEMPTION_REQUESTED


def test_a_file_shows_what_its_learner_says_and_that_is_on_record_once(world: World, guide: FlaskClient, queries: Budget) -> None:
    file = asked(world, "Sanne Smit", guide_id=world.guide.person_id)
    page = text(guide, address(file))
    for words in ("Sanne Smit", "Je beveiligt een netwerk.", "Kan dit al: Deels", "Elke week.", "Mijn werk"):
        assert words in page
    assert sent_to(world, file) in page
    with queries(13):
        text(guide, address(file))
    with world.database.reading() as session:
        looks = session.scalars(select(TrailEntry).where(TrailEntry.act == "file-seen")).all()
    assert [(each.person_id, each.actor_id, each.about_id) for each in looks] == [(file.person_id, world.guide.person_id, file.id)]


def test_before_somebody_takes_it_a_file_says_what_is_claimed_and_not_by_whom(world: World, guide: FlaskClient) -> None:
    file = asked(world, "Sanne Smit", employer="Bakkerij De Smit")
    page = text(guide, address(file))
    assert "Je beveiligt een netwerk." in page
    for words in ("Sanne", "Kan dit al", "Elke week.", "Mijn werk", "De Smit"):
        assert words not in page
    with world.database.reading() as session:
        assert not session.scalars(select(TrailEntry).where(TrailEntry.act == "file-seen")).all()


def test_a_file_goes_from_hand_to_hand_with_one_click_each(world: World, guide: FlaskClient) -> None:
    file = asked(world)
    assert "Ik begeleid deze aanvraag" in text(guide, address(file))
    page = guide.post(address(file, "take"), follow_redirects=True).get_data(as_text=True)
    assert "Positief advies en tekenen" in page
    assert "Geef de aanvraag terug" in page
    page = guide.post(address(file, "hand-back"), follow_redirects=True).get_data(as_text=True)
    assert "Een collega kan haar oppakken" in page
    assert world.facts(file.id).guide_id is None


def test_one_click_advises_and_signs_and_sends_what_was_ready(world: World, guide: FlaskClient) -> None:
    file = asked(world, guide_id=world.guide.person_id, learner_signed_at=world.now, stated_at=world.now)
    assert "gaat het portfolio meteen naar een assessor" in text(guide, address(file))
    answer = guide.post(address(file, "advice"), data={"act": "for-and-sign", "reason": ""}, follow_redirects=True)
    assert answer.status_code == 200
    assert world.facts(file.id).state is F.PORTFOLIO_SUBMITTED


def test_an_advice_against_asks_why_and_the_learner_who_signed_before_signs_again(world: World, guide: FlaskClient) -> None:
    file = asked(world, guide_id=world.guide.person_id, learner_signed_at=world.now)
    answer = guide.post(address(file, "advice"), data={"act": "against", "reason": " "})
    assert (answer.status_code, "Schrijf waarom je advies negatief is." in answer.get_data(as_text=True)) == (422, True)
    assert guide.post(address(file, "advice"), data={"act": "nonsense", "reason": "x"}).status_code == 422
    page = guide.post(address(file, "advice"), data={"act": "against", "reason": "Nog te vroeg."}, follow_redirects=True).get_data(as_text=True)
    assert "Het advies is negatief." in page
    assert "Nog te vroeg." in page
    assert "Nog niemand tekende de afspraak." in page
    guide.post(address(file, "sign"))
    assert world.facts(file.id).state is F.INTAKE_DONE


def test_who_judges_in_a_file_sees_it_and_does_not_guide_it(world: World, at_work: Callable[[Actor], FlaskClient]) -> None:
    file = asked(world)
    with world.database.writing() as session:
        session.add(InstrumentUse(
            id=new_id(), file_id=file.id, kind=InstrumentKind.TEST, assessor_id=world.assessor.person_id, begun_at=world.now, planned_at=world.now,
        ))
    client = at_work(world.assessor)
    assert "Ik begeleid deze aanvraag" not in text(client, address(file))
    answer = client.post(address(file, "take"))
    assert (answer.status_code, "Je kunt hier niet begeleiden" in answer.get_data(as_text=True)) == (409, True)


def test_evidence_that_is_shown_is_on_record_also_for_who_has_no_other_part(world: World, at_work: Callable[[Actor], FlaskClient]) -> None:
    file = world.file(F.PORTFOLIO_SUBMITTED)
    world.run(share_file, actor=world.learner, code=file.code, assessor_id=world.assessor.person_id)
    assert "Mijn werk" in text(at_work(world.assessor), address(file))
    with world.database.reading() as session:
        assert session.scalars(select(TrailEntry.actor_id).where(TrailEntry.act == "file-seen")).all() == [world.assessor.person_id]


def test_who_judges_and_became_the_employer_reads_no_name_no_advice_and_no_history(world: World, at_work: Callable[[Actor], FlaskClient]) -> None:
    file, client = world.file(F.ASSESSMENT_PLANNED, advice_reason="Sam redt dit."), at_work(world.assessor)
    for is_shown in (True, False):
        page = text(client, address(file))
        assert [words in page for words in ("Sam de Vries", "Sam redt dit.", "Aanvraag begonnen", "Mijn werk")] == [is_shown] * 4
        if is_shown:
            becomes_employer(world, file)


def test_the_words_of_an_appeal_are_for_the_board_and_of_what_ended_no_words_are_left(world: World, guide: FlaskClient) -> None:
    file = world.file(F.INTAKE_DONE, advice_reason="Sam redt dit.")
    with world.database.writing() as session:
        for was, becomes, why in ((F.REFUSED, F.APPEALED, "Ik was ziek."), (F.INTAKE_PLANNED, F.INTAKE_DONE, "Goed gesprek.")):
            session.add(FileStep(id=new_id(), file_id=file.id, from_state=was, to_state=becomes, at=world.now, by_id=file.person_id, who=Who.LEARNER, why=why))
            session.flush()
    for is_over in (False, True):
        page = text(guide, address(file))
        assert ("Ik was ziek." in page, "Goed gesprek." in page, "Sam redt dit." in page) == (False, not is_over, not is_over)
        with world.database.writing() as session:
            session.get_one(RecognitionFile, file.id).state = F.WITHDRAWN


def test_a_colleague_who_has_no_part_in_a_file_that_is_taken_does_not_see_it(world: World, at_work: Callable[[Actor], FlaskClient]) -> None:
    file = asked(world, guide_id=world.guide.person_id)
    client = at_work(world.other_assessor)
    text(client, address(file), status=404)
    world.run(guiding.hand_back_file, actor=world.guide, provider_slug=SLUG, code=file.code)
    text(client, address(file))


@pytest.mark.parametrize("state", [F.WITHDRAWN, F.LAPSED])
def test_of_a_file_that_ended_the_words_of_the_learner_are_gone(world: World, guide: FlaskClient, state: FileState) -> None:
    file = world.file(state, guide_id=world.guide.person_id)
    page = text(guide, address(file))
    assert "Deze aanvraag is gestopt" in page
    assert "Elke week." not in page


def test_the_menu_leads_who_assesses_or_decides_to_their_desk(world: World, at_work: Callable[[Actor], FlaskClient]) -> None:
    for actor, desk, address_there in ((world.guide, {"assessor": SLUG}, DESK), (world.board, {"exam_board": SLUG}, f"/nl/provider/{SLUG}/exam-board")):
        client = at_work(actor)
        with client.session_transaction() as cookie:
            cookie["desk"] = desk
        page = text(client, "/nl/my/account")
        assert page.count(f'href="{address_there}"') == 2  # in the menu, and at the organisation that one works for
        text(client, address_there)
