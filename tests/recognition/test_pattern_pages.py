"""In the pages: a board lets a pattern go and publishes what counts, everybody reads it, and who has the paper uses it in one click."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor
from academy.accounts.models import TrailEntry
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.money import FREE
from academy.recognition.kinds import DecisionGround
from academy.recognition.models import Credit, Decision, Equivalence, PatternApproval, Terms
from academy.recognition.service.equivalences import publish_equivalence
from tests.recognition.deciding_before import CREBO, decide, pattern
from tests.recognition.test_equivalences import certificate, draft
from tests.recognition.world import SLUG, YES, World, make_world

BOARD = f"/nl/provider/{SLUG}/exam-board"
PUBLIC = "/nl/recognition/equivalences"
Budget = Callable[[int], AbstractContextManager[list[str]]]
Visit = Callable[[Actor], FlaskClient]


@pytest.fixture
def here(app: Flask, database: Database) -> World:
    """Return the world at this moment: pages read the real clock."""
    app.config["WTF_CSRF_ENABLED"] = False
    return make_world(database, datetime.now(UTC))  # noqa: TID251


@pytest.fixture
def visit(app: Flask, here: World) -> Visit:
    def sign_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        with here.database.writing() as session:
            row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=here.now, is_twofold=True)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = row.id.hex
        return client

    return sign_in


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    page = unescape(answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")
    assert answer.status_code == status, page[:2000]
    return page


def sent(client: FlaskClient, address: str, *, status: int = 303, **data: Any) -> str:
    answer = client.post(address, data=data)
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == status, page[:2000]
    return answer.headers.get("Location", page)


def ahead(world: World, days: int = 365) -> str:
    return (amsterdam_day(world.now) + timedelta(days=days)).isoformat()


def rule(world: World, **values: Any) -> str:
    today = amsterdam_day(world.now)
    found = draft(world, **({"valid_from": today, "valid_until": today + timedelta(days=365)} | values))
    return str(world.run(publish_equivalence, actor=world.board, provider_slug=SLUG, draft=found))


def test_a_board_lets_a_pattern_go_by_itself_and_stops_it(here: World, visit: Visit, queries: Budget) -> None:
    for _time in range(2):
        decide(here, (YES, YES, YES), CREBO)
    member, key = visit(here.board), pattern(here, CREBO).key
    with queries(14):
        assert "al 2 keer ja" in text(member, f"{BOARD}/patterns")
    form = f"{BOARD}/patterns/new/{key}"
    assert here.module.outcomes[0].wording.nl in text(member, form)
    page = sent(member, form, status=422, about="", fewest_parents="0", until="2020-01-01")
    assert "Schrijf kort welk bewijs dit is." in page
    assert "Kies een dag die nog komt" in page
    sent(member, form, about="mbo-diploma 25648", fewest_parents="2", until=ahead(here))
    shown = text(member, f"{BOARD}/patterns")
    assert "mbo-diploma 25648" in shown
    assert "gaat vanzelf" in shown
    with here.database.reading() as session:
        code = session.scalars(select(PatternApproval.code)).one()
    sent(member, f"{BOARD}/patterns/{code}/end")
    assert "gestopt" in text(member, f"{BOARD}/patterns")
    assert text(member, f"{BOARD}/patterns/new/{'0' * 64}", status=404)


def test_where_two_sign_a_second_member_does(here: World, visit: Visit) -> None:
    with here.database.writing() as session:
        session.add(Terms(provider_id=here.provider_id, most_ec=None, signatures=2, fee=FREE, changed_at=here.now))
    decide(here, (YES, YES, YES), CREBO)
    first, second = visit(here.board), visit(here.other_of_board)
    sent(first, f"{BOARD}/patterns/new/{pattern(here, CREBO).key}", about="mbo-diploma 25648", fewest_parents="1", until=ahead(here))
    mine = text(first, f"{BOARD}/patterns")
    assert "wacht op een tweede handtekening" in mine
    assert "Teken ook" not in mine
    assert "Teken ook" in text(second, f"{BOARD}/patterns")
    with here.database.reading() as session:
        code = session.scalars(select(PatternApproval.code)).one()
    sent(second, f"{BOARD}/patterns/{code}/sign")
    assert "wacht op een tweede handtekening" not in text(second, f"{BOARD}/patterns")


def test_a_board_publishes_what_counts_and_everybody_reads_it(here: World, visit: Visit, app: Flask, queries: Budget) -> None:
    member = visit(here.board)
    assert "Netwerkbeheer" in text(member, f"{BOARD}/equivalences/new")
    form = f"{BOARD}/equivalences/new/{here.module.slug}"
    text(member, form)
    page = sent(member, form, status=422, kind="mooc", valid_from=ahead(here, 9), valid_until=ahead(here, 3))
    assert "Kies minstens één leeruitkomst." in page
    assert "De laatste dag komt na de eerste." in page
    there = sent(
        member, form, kind="company-course", title="Netwerken in de praktijk", source="Zilvermeeuw Techniek", source_code="NET-2", reason="=De toets is dezelfde.",
        outcomes=[str(each) for each in here.outcomes[:2]], valid_from=ahead(here, 0), valid_until=ahead(here),
    )
    assert "3,4 EC" in text(member, there)
    assert "Netwerken in de praktijk" in text(member, f"{BOARD}/equivalences")
    stranger = app.test_client()
    with queries(8):
        table = text(stranger, f"{PUBLIC}?q=zilvermeeuw")
    assert "3,4 EC" in table
    assert "geldt" in table
    assert "Niets gevonden" in text(stranger, f"{PUBLIC}?q=iets+anders")
    answer = stranger.get(f"{PUBLIC}.csv?q=netwerken")
    assert answer.status_code == 200
    lines = answer.get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert "'=De toets is dezelfde." in lines[1]


def test_an_ended_rule_is_shown_as_ended(here: World, visit: Visit, app: Flask) -> None:
    code = rule(here)
    sent(visit(here.board), f"{BOARD}/equivalences/{code}/end")
    assert "gestopt op" in text(app.test_client(), PUBLIC)


def test_who_has_the_paper_has_it_count_in_one_click_and_reads_the_decision(here: World, visit: Visit, queries: Budget) -> None:
    code, piece = rule(here), certificate(here)
    learner = visit(here.learner)
    with queries(10):
        assert "Dit telt direct mee: 3,4 EC" in text(learner, f"/nl/my/evidence/{piece}/counts")
    assert "Zet hier een vinkje" in sent(learner, f"/nl/my/evidence/{piece}/counts/{code}", status=422)
    decision = sent(learner, f"/nl/my/evidence/{piece}/counts/{code}", is_agreed="y")
    text(learner, decision)
    with here.database.reading() as session:
        assert session.scalars(select(Decision.ground)).one() is DecisionGround.EQUIVALENCE
    assert "Deze leeruitkomsten tellen al voor jou." in sent(learner, f"/nl/my/evidence/{piece}/counts/{code}", status=409, is_agreed="y")
    assert "Dit telt niet vanzelf mee" in text(learner, f"/nl/my/evidence/{here.diploma()}/counts")
    text(visit(here.stranger), f"/nl/my/evidence/{piece}/counts", status=404)


def test_a_board_looks_at_the_paper_on_record_and_takes_back_what_is_not_true(here: World, visit: Visit) -> None:
    code, piece = rule(here), certificate(here)
    sent(visit(here.learner), f"/nl/my/evidence/{piece}/counts/{code}", is_agreed="y")
    member = visit(here.board)
    page = text(member, f"{BOARD}/equivalences/{code}")
    assert "Sam de Vries" in page
    with here.database.reading() as session:
        number = session.scalars(select(Decision.number)).one()
    use = f"{BOARD}/equivalences/{code}/uses/{number}"
    assert member.get(f"{use}/paper").headers["Location"] == "https://voorbeeld.nl/certificaat"
    with here.database.reading() as session:
        looks = session.scalar(select(func.count()).select_from(TrailEntry).where(TrailEntry.act == "evidence-seen", TrailEntry.about_id == piece))
    assert looks == 1
    assert "Neem besluit" in text(member, f"{use}/back")
    assert "Schrijf op waarom." in sent(member, f"{use}/back", status=422)
    sent(member, f"{use}/back", reason="Dit certificaat is niet van deze cursus.")
    assert "teruggenomen" in text(member, f"{BOARD}/equivalences/{code}")
    text(member, f"{use}/paper", status=404)
    with here.database.reading() as session:
        assert not session.scalars(select(Credit.id).where(Credit.ended_at.is_(None))).all()


def test_who_does_not_sit_in_the_board_finds_none_of_its_pages(here: World, visit: Visit) -> None:
    code = rule(here)
    for actor in (here.assessor, here.owner, here.learner):
        client = visit(actor)
        for address in ("patterns", f"patterns/new/{'0' * 64}", "equivalences", "equivalences/new", f"equivalences/new/{here.module.slug}", f"equivalences/{code}"):
            text(client, f"{BOARD}/{address}", status=404)
    with here.database.reading() as session:
        assert session.scalars(select(Equivalence.ended_at)).one() is None
