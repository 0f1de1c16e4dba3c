"""The pages of feeds and imports: for who keeps the supply of a provider, and for the programme office; for anybody else they are not there."""

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.accounts import api as accounts
from academy.accounts import service
from academy.exchange import feeds, pages, queries
from academy.exchange.findings import Notice, Problem
from academy.exchange.models import Feed, FeedKind, ImportRun
from academy.exchange.report import ImportReport
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from tests import builders

PROBLEMS = (
    Problem(2, "level", "=HYPERLINK(1)", "word-unknown", "this is no level of OOAPI v5", "courses, page 1"),
    Problem(None, "", "", "other", "something else", "@courses"),
)
REPORT = ImportReport(
    kind="supply", file="", shape="ooapi", encoding="", provider="windesheim", source="ooapi/map", dry_run=False, rows=5, merged=0, new=3,
    changed=1, same=0, archived=0, withheld=0, refused=1, new_keys=(), changed_keys=(), archived_keys=(), problems=PROBLEMS,
    notices=(Notice("no-words", "description", "a text without a letter", 4, 3, "x.json: .."),),
)


@pytest.fixture
def people(database: Database) -> dict[str, UUID]:
    """Make one person per way of belonging, and the providers windesheim and aeres."""
    now = utc_now()
    with database.writing() as session:
        windesheim, aeres = builders.provider(session), builders.provider(session, "aeres", "Aeres")
        office = accounts.register_organisation(session, slug="bureau", name="Bureau", kind=accounts.OrganisationKind.OFFICE)
        made = {}
        for name, organisation, role in (
            ("owner", windesheim, accounts.Role.OWNER), ("editor", windesheim, accounts.Role.EDITOR),
            ("teacher", windesheim, accounts.Role.TEACHER), ("elsewhere", aeres, accounts.Role.OWNER),
            ("office", office, accounts.Role.OFFICE),
        ):
            made[name] = builders.person(session, now)
            accounts.add_membership(session, person_id=made[name], organisation_id=organisation, role=role)
        made["learner"] = builders.person(session, now)
    return made


@pytest.fixture
def as_(app: Flask, people: dict[str, UUID], database: Database) -> Callable[[str], FlaskClient]:
    def client_of(name: str) -> FlaskClient:
        client = app.test_client()
        with database.writing() as session:
            row = service.start_sign_in(session, person_id=people[name], device="", now=utc_now(), is_twofold=True)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = row.id.hex
        return client

    return client_of


def keep_feed(database: Database) -> str:
    with database.writing() as session:
        return feeds.add_feed(
            session, provider_slug="windesheim", kind=FeedKind.OOAPI6, url="https://ooapi.example/v6?key=geheim", now=utc_now(),
        )


def keep_import(database: Database, report: ImportReport = REPORT) -> str:
    with database.writing() as session:
        return feeds.record_import(session, report, kind="ooapi", started_at=utc_now(), now=utc_now())


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("who", "status"), [
    ("owner", 200), ("editor", 200), ("office", 200), ("teacher", 404), ("elsewhere", 404), ("learner", 404),
])
def test_only_who_keeps_the_supply_and_the_office_find_these_pages(
    as_: Callable[[str], FlaskClient], app: Flask, database: Database, who: str, status: int,
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    feed, run = keep_feed(database), keep_import(database)
    client = as_(who)
    for address in ("feeds", f"imports/{run}", f"imports/{run}/problems.csv"):
        assert client.get(f"/nl/provider/windesheim/{address}").status_code == status, address
    asked = client.post(f"/nl/provider/windesheim/feeds/{feed}/run")
    assert asked.status_code == (303 if status == 200 else 404)


def test_a_visitor_is_asked_to_sign_in(client: FlaskClient, people: dict[str, UUID]) -> None:
    assert client.get("/nl/provider/windesheim/feeds").status_code == 303


def test_the_runs_and_feeds_of_another_provider_are_not_there(as_: Callable[[str], FlaskClient], app: Flask, database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    feed, run = keep_feed(database), keep_import(database)
    client = as_("elsewhere")
    assert client.get(f"/nl/provider/aeres/imports/{run}").status_code == 404
    assert client.post(f"/nl/provider/aeres/feeds/{feed}/run").status_code == 404


def test_without_a_feed_the_page_says_how_to_connect(as_: Callable[[str], FlaskClient]) -> None:
    page = as_("editor").get("/nl/provider/windesheim/feeds").get_data(as_text=True)
    assert "Er is nog geen koppeling" in page
    assert "OOAPI-endpoint" in page
    assert "<table" not in page


def test_a_feed_is_shown_without_its_key_and_can_be_fetched_now(as_: Callable[[str], FlaskClient], database: Database) -> None:
    code = keep_feed(database)
    with database.writing() as session:
        session.scalars(select(Feed)).one().next_run_at = utc_now() + timedelta(hours=5)
    client = as_("editor")
    page = client.get("/nl/provider/windesheim/feeds").get_data(as_text=True)
    assert "https://ooapi.example/v6?key=…" in page
    assert "geheim" not in page
    answer = client.post(f"/nl/provider/windesheim/feeds/{code}/run", data={"csrf_token": token(page)}, follow_redirects=True)
    assert "Het ophalen begint binnen een minuut." in answer.get_data(as_text=True)
    with database.reading() as session:
        assert len(queries.due_feeds(session, now=utc_now())) == 1


def test_a_feed_that_pauses_says_why_and_can_be_let_go_on(as_: Callable[[str], FlaskClient], database: Database) -> None:
    code = keep_feed(database)
    with database.writing() as session:
        feed = session.scalars(select(Feed)).one()
        for _time in range(5):
            order = feeds.begin_run(session, feed.id, now=utc_now())
            feeds.fail_run(session, order, [Problem(None, "", "", "server-error", "500")], now=utc_now())
    client = as_("editor")
    page = client.get("/nl/provider/windesheim/feeds").get_data(as_text=True)
    assert "mislukte 5 keer achter elkaar" in page
    assert "Nu ophalen" not in page
    client.post(f"/nl/provider/windesheim/feeds/{code}/resume", data={"csrf_token": token(page)})
    assert "Nu ophalen" in client.get("/nl/provider/windesheim/feeds").get_data(as_text=True)


def test_the_log_shows_counts_reasons_and_notices(as_: Callable[[str], FlaskClient], database: Database) -> None:
    page = as_("editor").get(f"/nl/provider/windesheim/imports/{keep_import(database)}").get_data(as_text=True)
    for words in ("courses, page 1, nummer 2", "Dit woord kent de standaard niet.", '<span lang="en">something else</span>', "Geweigerd"):
        assert words in page, words
    assert page.count("<h1") == 1
    assert page.count('<table class="academy-table" aria-labelledby=') == 2
    assert "hx-trigger" not in page.split("<main")[1], "what is finished does not ask again"


def test_a_rehearsal_and_a_clean_run_say_so(as_: Callable[[str], FlaskClient], database: Database) -> None:
    code = keep_import(database, replace(REPORT, dry_run=True, problems=(), notices=(), refused=0))
    page = as_("editor").get(f"/nl/provider/windesheim/imports/{code}").get_data(as_text=True)
    assert "Dit was een proef" in page
    assert "Alles is geladen" in page
    assert "problems.csv" not in page


def test_a_run_in_hand_shows_how_far_it_is_with_and_without_javascript(as_: Callable[[str], FlaskClient], database: Database) -> None:
    keep_feed(database)
    with database.writing() as session:
        order = feeds.begin_run(session, session.scalars(select(Feed.id)).one(), now=utc_now())
        feeds.keep_run(session, order, now=utc_now(), step="fetch courses", done=3, total=8)
    client = as_("editor")
    page = client.get(f"/nl/provider/windesheim/imports/{order.code}").get_data(as_text=True)
    assert "Ophalen: 3 van 8" in page
    assert 'hx-trigger="every 3s"' in page
    assert f'href="/nl/provider/windesheim/imports/{order.code}"' in page
    assert "Nu ophalen" not in client.get("/nl/provider/windesheim/feeds").get_data(as_text=True)


def test_the_problems_come_as_a_csv_that_no_spreadsheet_takes_for_formulas(as_: Callable[[str], FlaskClient], database: Database) -> None:
    code = keep_import(database)
    answer = as_("editor").get(f"/nl/provider/windesheim/imports/{code}/problems.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="import-{code}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row["value"] for row in rows] == ["'=HYPERLINK(1)", ""]
    assert [row["source"] for row in rows] == ["courses, page 1", "'@courses"]
    assert rows[0]["reason"] == "this is no level of OOAPI v5"


def test_every_cell_that_could_begin_a_formula_is_text() -> None:
    cells = ["=1", "+1", "-1", "@x", "\t=1", "\r=1"]
    found = pages.problems_csv(Problem(1, "", cell, "c", "r") for cell in cells)
    assert [row["value"][0] for row in csv.DictReader(io.StringIO(found.removeprefix("\ufeff"), newline=""))] == ["'"] * 6


def test_the_pages_stay_within_their_budget(
    as_: Callable[[str], FlaskClient], database: Database, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    client = as_("editor")
    keep_feed(database)
    runs = [keep_import(database) for _time in range(3)]
    with queries(6):
        client.get("/nl/provider/windesheim/feeds")
    with queries(4):
        client.get(f"/nl/provider/windesheim/imports/{runs[0]}")


def test_both_languages_are_there(as_: Callable[[str], FlaskClient], database: Database) -> None:
    keep_import(database)
    for language in ("nl", "en"):
        assert as_("office").get(f"/{language}/provider/windesheim/feeds").status_code == 200


def test_only_the_first_two_hundred_problems_are_kept(database: Database, people: dict[str, UUID]) -> None:
    keep_import(database, replace(REPORT, problems=PROBLEMS * 150))
    with database.reading() as session:
        assert len(session.scalars(select(ImportRun.problems)).one()) == 200
