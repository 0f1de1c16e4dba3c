"""Pages of remote courses that count: the board publishes, the module's page tells of it, a learner books in one screen, an assessor judges both at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from academy.accounts.api import Actor
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.recognition.errors.evidence import EvidenceNotFound
from academy.recognition.kinds import LocalTestState
from academy.recognition.models import AssessorSlot, Evidence, Terms
from academy.recognition.queries.library import evidence_to_see
from tests.recognition.clients import page, send, signed_in
from tests.recognition.hosting import Hosting, make_hosting
from tests.recognition.world import SLUG, World, make_world

Budget = Callable[[int], AbstractContextManager[list[str]]]
SignIn = Callable[[Actor], FlaskClient]
BOARD = f"/nl/provider/{SLUG}/exam-board/mappings"
DESK = f"/nl/provider/{SLUG}/recognition/tests"


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    return make_world(database, datetime.now(UTC))  # noqa: TID251 - requests read the real clock


@pytest.fixture
def hosting(world: World) -> Hosting:
    return make_hosting(world)


@pytest.fixture
def at(app: Flask, world: World) -> SignIn:
    return lambda actor: signed_in(app, world, actor)


def publish(hosting: Hosting, board: FlaskClient, *, status: int = 200, **changes: object) -> str:
    today = hosting.world.now.date()
    said = {
        "mooc": hosting.mooc_slug, "module": hosting.world.module.slug, "outcomes": [hosting.world.outcomes[0].hex], "valid_from": today.isoformat(),
        "valid_until": (today + timedelta(days=100)).isoformat(),
    }
    return send(board, f"{BOARD}/new?mooc_words=netwerken&module_words=netwerkbeheer", status=status, **(said | changes))


def began(hosting: Hosting) -> None:
    """Let every test have begun an hour ago; requests read the real clock."""
    with hosting.world.database.writing() as session:
        starts = hosting.world.now - timedelta(hours=1)
        session.execute(update(AssessorSlot).values(starts_at=starts, ends_at=starts + timedelta(hours=1)))


def test_a_board_publishes_in_two_screens_and_both_modules_tell_of_it(app: Flask, hosting: Hosting, at: SignIn, queries: Budget) -> None:
    board, stranger = at(hosting.world.board), app.test_client()
    beside = f"/nl/modules/{hosting.world.module.slug}/local-test"
    with queries(3):
        assert "geen toets na een online cursus" in page(stranger, beside)
    assert "We vonden geen online cursus (MOOC) met “servers”." in page(board, f"{BOARD}/new?mooc_words=servers&module_words=netwerkbeheer")
    assert "Kies minstens één leeruitkomst." in publish(hosting, board, status=422, outcomes=[])
    assert "Kies een dag na de eerste dag" in publish(hosting, board, status=422, valid_until="2024-01-01")
    assert "Bewaard." in publish(hosting, board)
    sentence = "Met het certificaat van Netwerken online en een toets in Almere krijg je 1,7 EC voor Netwerkbeheer."
    for slug in (hosting.world.module.slug, hosting.mooc_slug):
        with queries(7):
            assert sentence in page(stranger, f"/nl/modules/{slug}/local-test")
    assert sentence not in page(stranger, f"/nl/modules/{hosting.slug}/local-test")
    assert "/local-test" in page(stranger, f"/nl/modules/{hosting.world.module.slug}")


def test_where_two_sign_the_second_signs_with_one_click(hosting: Hosting, at: SignIn) -> None:
    world = hosting.world
    with world.database.writing() as session:
        session.add(Terms(
            provider_id=world.provider_id, most_ec=None, signatures=2, fee=Money(0), changed_at=world.now, changed_by=world.owner.person_id,
        ))
    first = at(world.board)
    assert "Wacht op de tweede handtekening" in publish(hosting, first)
    assert "Teken als tweede" not in page(first, BOARD)
    second = at(world.other_of_board)
    action = page(second, BOARD).split('action="')[1:]
    (address,) = {each.split('"')[0] for each in action if "/sign" in each.split('"')[0] and "/mappings/" in each.split('"')[0]}
    assert "De regeling telt." in send(second, address)


def test_ending_it_takes_the_sentence_away(app: Flask, hosting: Hosting, at: SignIn) -> None:
    of, board = hosting.publish(), at(hosting.world.board)
    assert "Gestopt." in send(board, f"{BOARD}/{of}/end")
    assert "geen toets na een online cursus" in page(app.test_client(), f"/nl/modules/{hosting.world.module.slug}/local-test")


def test_a_learner_books_a_test_and_gives_the_place_back(hosting: Hosting, at: SignIn) -> None:
    of, learner = hosting.publish(), at(hosting.world.learner)
    address = f"/nl/my/local-tests/new/{of}"
    assert "Zet eerst het certificaat bij je bewijs." in page(learner, address)
    paper = hosting.certificate()
    assert "Er is nu geen moment vrij." in page(learner, address)
    slot = hosting.slot()
    assert "Kies een moment." in send(learner, address, status=422, certificate=paper.hex)
    told = send(learner, address, certificate=paper.hex, slot=slot)
    assert "Geboekt." in told
    code = told.split("Toets ")[1][:8]
    assert hosting.taken(slot) == 1
    assert code in page(learner, "/nl/my/local-tests")
    page(at(hosting.world.stranger), f"/nl/my/local-tests/{code}", status=404)
    assert "De plek is weer vrij" in send(learner, f"/nl/my/local-tests/{code}/call-off")
    assert hosting.taken(slot) == 0


def booked(hosting: Hosting, learner: FlaskClient) -> str:
    of, slot, paper = hosting.publish(), hosting.slot(), hosting.certificate()
    with hosting.world.database.writing() as session:
        session.execute(update(Evidence).where(Evidence.id == paper).values(title="Certificaat Netwerken"))
    return send(learner, f"/nl/my/local-tests/new/{of}", certificate=paper.hex, slot=slot).split("Toets ")[1][:8]


def test_an_assessor_judges_certificate_and_test_in_one_form(hosting: Hosting, at: SignIn, queries: Budget) -> None:
    learner, assessor = at(hosting.world.learner), at(hosting.world.assessor)
    code = booked(hosting, learner)
    assert "Na het begin van de toets geef je hier de uitslag door." in page(assessor, f"{DESK}/{code}")
    began(hosting)
    with queries(16):
        assert "Sam de Vries: Netwerkbeheer" in page(assessor, DESK).replace("<span>", "").replace("</span>", "")
    with queries(16):
        assert "Certificaat Netwerken" in page(assessor, f"{DESK}/{code}")
    assert hosting.trail("evidence-seen") == [("evidence-seen", hosting.world.assessor.person_id)]
    assert "Zonder gezien certificaat" in send(assessor, f"{DESK}/{code}", status=422, result="passed")
    assert "Schrijf waarom niet." in send(assessor, f"{DESK}/{code}", status=422, result="failed", is_certificate_seen="y")
    assert "De uitslag is bewaard." in send(assessor, f"{DESK}/{code}", result="passed", is_certificate_seen="y")
    assert hosting.test(code).state is LocalTestState.PASSED
    page(assessor, f"{DESK}/{code}", status=404)
    assert "Gehaald. Er tellen 1,7 EC mee" in page(learner, f"/nl/my/local-tests/{code}")


def test_who_fails_reads_why_and_finds_the_way_to_a_new_moment(hosting: Hosting, at: SignIn) -> None:
    learner, assessor = at(hosting.world.learner), at(hosting.world.assessor)
    code = booked(hosting, learner)
    began(hosting)
    send(assessor, f"{DESK}/{code}", result="failed", reason="Nog te weinig over adressen.")
    told = page(learner, f"/nl/my/local-tests/{code}")
    assert "Nog te weinig over adressen." in told
    assert "Kies een nieuw moment" in told


def test_an_assessor_calls_off_their_own_moment(hosting: Hosting, at: SignIn) -> None:
    code = booked(hosting, at(hosting.world.learner))
    assert "kan opnieuw boeken" in send(at(hosting.world.assessor), f"{DESK}/{code}/call-off")
    assert hosting.test(code).state is LocalTestState.CALLED_OFF


def test_only_who_judges_there_sees_tests_and_only_the_board_publishes(hosting: Hosting, at: SignIn) -> None:
    code = booked(hosting, at(hosting.world.learner))
    for who in (hosting.world.board, hosting.world.owner, hosting.world.learner):
        page(at(who), f"{DESK}/{code}", status=404)
    for who in (hosting.world.assessor, hosting.world.owner, hosting.host_board):
        page(at(who), BOARD, status=404)


def test_the_certificate_is_seen_by_who_judges_the_test_until_it_is_judged(hosting: Hosting, at: SignIn) -> None:
    code = booked(hosting, at(hosting.world.learner))
    paper = hosting.test(code).evidence_id
    assert paper is not None

    def may_see(who: Actor) -> bool:
        with hosting.world.database.reading() as session:
            try:
                return evidence_to_see(session, who, paper).provider_id == hosting.world.provider_id
            except EvidenceNotFound:
                return False

    assert may_see(hosting.world.assessor)
    assert not may_see(hosting.world.board)
    assert not may_see(hosting.host_board)
    began(hosting)
    send(at(hosting.world.assessor), f"{DESK}/{code}", result="failed", reason="Nee.")
    assert not may_see(hosting.world.assessor)
