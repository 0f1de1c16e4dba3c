"""Seats by lot as people meet them: having them drawn, taking part, what everybody reads, and the letters."""

import html
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from academy.accounts import service as accounts
from academy.accounts.queries import Actor
from academy.catalogue.models import Module
from academy.enrolment import rules
from academy.enrolment.cli import commands
from academy.enrolment.events import NotDrawn, PutInLine, SeatOffered
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment, SeatDraw
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.formats import moment_text
from academy.kernel.ids import new_id
from academy.notices.enrolment_letters import drawing as drawing_letters
from academy.notices.enrolment_letters import seats as seat_letters
from tests.enrolment.desk import SLUG, Desk, open_desk
from tests.enrolment.lots import SEED, at, by_lot, by_seed, draw, draw_day, entered, join

Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def desk(app: Flask, database: Database) -> Desk:
    app.config["WTF_CSRF_ENABLED"] = False
    return open_desk(database, datetime.now(UTC), seats=2)  # noqa: TID251 - requests read the real clock


@pytest.fixture
def browser(app: Flask, desk: Desk) -> Callable[[Actor | None], FlaskClient]:
    def open_browser(actor: Actor | None) -> FlaskClient:
        client = app.test_client()
        if actor is not None:
            with desk.database.writing() as session:
                row = accounts.start_sign_in(session, person_id=actor.person_id, device="", now=desk.now, is_twofold=True)
            with client.session_transaction() as cookie:
                cookie["_user_id"] = row.id.hex
        return client

    return open_browser


def words(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.get_data(as_text=True))).split())


def module_address(desk: Desk) -> str:
    with desk.database.reading() as session:
        return f"/nl/modules/{session.scalars(select(Module.slug)).one()}"


def plan_address(desk: Desk) -> str:
    return f"/nl/provider/{SLUG}/offerings/{desk.code}/draw"


Browser = Callable[[Actor | None], FlaskClient]


def test_a_planner_has_the_seats_drawn_reads_what_everybody_reads_and_takes_it_back(desk: Desk, browser: Browser) -> None:
    planner, work = browser(desk.planner), f"/nl/provider/{SLUG}/offerings/{desk.code}"
    assert "Verloot de plekken" in words(planner, work)
    assert "Spreek de loting af" in words(planner, plan_address(desk))
    answer = planner.post(plan_address(desk), data={"drawn_on": draw_day(desk).isoformat()}, follow_redirects=True)
    assert "De plekken worden verloot. Dat staat nu bij de module." in answer.get_data(as_text=True)
    assert "Bekijk de loting" in words(planner, work)
    assert moment_text(at(desk)) in words(planner, work)
    answer = planner.post(f"{plan_address(desk)}/take-back", follow_redirects=True)
    assert "Wie het eerst komt, heeft een plek" in answer.get_data(as_text=True)


def test_a_day_that_can_not_be_is_told_at_its_field(desk: Desk, browser: Browser) -> None:
    planner = browser(desk.planner)
    for day in ("", amsterdam_day(desk.now).isoformat(), desk.offering().starts_on.isoformat()):
        assert planner.post(plan_address(desk), data={"drawn_on": day}).status_code == 422
    with desk.database.reading() as session:
        assert session.scalars(select(SeatDraw)).all() == []


def test_who_does_not_plan_at_the_provider_can_not_have_seats_drawn(desk: Desk, browser: Browser) -> None:
    stranger = browser(desk.learner())
    assert stranger.get(plan_address(desk)).status_code in {403, 404}
    assert stranger.post(plan_address(desk), data={"drawn_on": draw_day(desk).isoformat()}).status_code in {403, 404}


def test_seats_that_are_promised_to_a_draw_are_not_offered_to_be_kept_apart(desk: Desk, browser: Browser) -> None:
    by_lot(desk)
    assert "De plekken voor iedereen worden verloot." in words(browser(desk.planner), f"/nl/provider/{SLUG}/offerings/{desk.code}/seats")


def test_the_module_page_says_when_lots_are_drawn_and_shows_the_fingerprint_but_not_the_seed(desk: Desk, browser: Browser) -> None:
    before = words(browser(None), module_address(desk))  # remembered as it was
    assert "Loting" not in before
    by_lot(desk)
    page = words(browser(None), module_address(desk))
    assert f"De plekken worden verloot op {moment_text(at(desk))}. Het maakt niet uit wie het eerst is." in page
    assert "Doe mee aan de loting" in page
    assert rules.fingerprint_of(SEED) in page
    assert SEED not in page
    draw(desk)
    assert "Nog 2 plekken" in words(browser(None), module_address(desk))


def test_the_module_page_of_a_draw_takes_no_statement_more(desk: Desk, browser: Browser, queries: Budget) -> None:
    by_lot(desk)
    stranger, address = browser(None), module_address(desk)
    for _twice in range(2):
        with queries(3):
            assert stranger.get(address).status_code == 200


def test_who_asks_for_a_seat_is_led_to_the_draw_takes_part_and_leaves(desk: Desk, browser: Browser) -> None:
    by_lot(desk)
    sam = desk.learner()
    client = browser(sam)
    assert "Doe mee aan de loting" in words(client, f"/nl/offerings/{desk.code}/enrol")
    answer = client.post(f"/nl/offerings/{desk.code}/enrol", data={"request_key": str(new_id())})
    assert answer.status_code == 409
    assert f"/nl/offerings/{desk.code}/waiting-list" in answer.get_data(as_text=True)
    line = f"/nl/offerings/{desk.code}/waiting-list"
    assert "Meld je aan, dan doe je mee." in words(client, line)
    answer = client.post(line, data={"request_key": str(new_id())}, follow_redirects=True)
    page = html.unescape(answer.get_data(as_text=True))
    assert "Je doet mee aan de loting. We sturen je ook een e-mail." in page
    assert f"Je doet mee aan de loting op {moment_text(at(desk))}." in page
    assert "Je staat op plaats" not in page
    for own in ("/nl/my", f"/nl/my/enrolments/{_code_of(desk, sam)}"):
        assert f"Je doet mee aan de loting op {moment_text(at(desk))}." in words(client, own)
    client.post(f"/nl/my/enrolments/{_code_of(desk, sam)}/leave-line")
    assert desk.row(_code_of(desk, sam)).state is EnrolmentState.CANCELLED


def _code_of(desk: Desk, actor: Actor) -> str:
    with desk.database.reading() as session:
        return session.scalars(select(Enrolment.code).where(Enrolment.person_id == actor.person_id)).one()


def test_after_the_draw_everybody_can_check_it_and_reads_no_name(desk: Desk, browser: Browser) -> None:
    by_lot(desk)
    sam = desk.learner("Sam de Loter")
    mine = join(desk, sam)
    codes = [mine, *entered(desk, 3)]
    address = f"/nl/offerings/{desk.code}/draw"
    before = words(browser(None), address)
    assert rules.fingerprint_of(SEED) in before
    assert SEED not in before
    draw(desk)
    page = words(browser(None), address)
    order = [rules.number_of(SEED, desk.row(code).id) for code in by_seed(desk, codes)]
    assert SEED in page
    assert "4 loten deden mee. 2 loten kregen een plek." in page
    assert [page.index(number) for number in order] == sorted(page.index(number) for number in order)
    assert [page.split(number)[1].split()[0] for number in order] == ["ja", "ja", "wacht", "wacht"]
    assert "Sam" not in page
    assert not any(str(desk.row(code).id) in page or code in page for code in codes)
    own = words(browser(sam), f"/nl/my/enrolments/{mine}")
    assert rules.number_of(SEED, desk.row(mine).id) in own
    assert f'printf \'%s\' "{SEED}:{desk.row(mine).id}" | sha256sum' in own


def test_a_class_without_a_draw_has_no_page_of_it(desk: Desk, browser: Browser) -> None:
    words(browser(None), f"/nl/offerings/{desk.code}/draw", status=404)


def test_the_letters_say_when_it_is_drawn_who_got_a_seat_and_who_waits(desk: Desk, app: Flask) -> None:
    by_lot(desk)
    codes = by_seed(desk, entered(desk, 4))
    with app.app_context(), desk.database.reading() as session:
        [told] = seat_letters.put_in_line(session, PutInLine(desk.row(codes[0]).id), desk.now)
    assert f"worden verloot op {moment_text(at(desk))}. Je doet mee." in told.text
    assert str(desk.row(codes[0]).id) in told.text
    assert "/waiting-list/leave/" in told.text
    draw(desk)
    with app.app_context(), desk.database.reading() as session:
        [won] = seat_letters.offered(session, SeatOffered(desk.row(codes[1]).id), at(desk))
        [lost] = drawing_letters.not_drawn(session, NotDrawn(desk.row(codes[3]).id), at(desk))
        none = drawing_letters.not_drawn(session, NotDrawn(desk.row(codes[1]).id), at(desk))
    assert "zijn verloot. Jouw lot kreeg een plek." in won.text
    assert "Jouw lot kwam op plaats 4. Er waren 2 plekken." in lost.text
    assert "Je bent nu nummer 2 op de wachtlijst." in lost.text
    assert none == []


def test_the_command_draws_once_more_and_says_whether_it_is_the_same(desk: Desk) -> None:
    by_lot(desk)
    entered(desk, 3)
    draw(desk)
    same = CliRunner().invoke(commands(nullcontext), ["redraw", desk.code])
    assert (same.exit_code, same.output) == (0, "3 lots, 2 with a seat: the same.\n")
    with desk.database.writing() as session:
        session.execute(update(SeatDraw).values(seed="0" * 64))
    wrong = CliRunner().invoke(commands(nullcontext), ["redraw", desk.code, "--json"])
    assert wrong.exit_code == 1
    assert "fingerprint" in json.loads(wrong.output)["differences"][0]
