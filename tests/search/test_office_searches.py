"""What the programme office reads of what people sought: often enough asked to hide who asked, and never whose wish it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import service as accounts
from academy.accounts.models import Person
from academy.accounts.queries import Actor
from academy.demo import load_people
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.search.memory import demand, saved
from academy.search.memory.demand import AskedTerm, Found
from academy.search.memory.saved import SavedDraft
from academy.search.models import SavedKind, SearchEvent
from tests import builders
from tests.catalogue.workplace import office

Budget = Callable[[int], AbstractContextManager[list[str]]]
TODAY = date(2026, 9, 1)


@pytest.fixture
def reader(session: Session, now: datetime) -> Actor:
    return office(session, now)


_keys = iter(range(1, 1_000_000))


def asked(session: Session, terms: str, *ages: int, hits: int = 0, today: date = TODAY, **changes: Any) -> None:
    """Let `terms` be asked once for each age in days."""
    values: dict[str, Any] = {
        "language": "nl", "hour": 20, "redacted": False, "filters": {}, "choices": 0, "sort": "best", "looser": False, **changes,
    }
    session.add_all(
        SearchEvent(id=next(_keys), terms=terms, hits=hits, day=today - timedelta(days=age), **values) for age in ages
    )
    session.flush()


def listed(session: Session, reader: Actor, found: Found = Found.NOTHING, days: int = 30) -> list[str]:
    return [term.terms for term in demand.demand(session, reader, found=found, days=days, today=TODAY).terms]


@pytest.mark.parametrize(("ages", "is_shown"), [
    ((0, 1, 1), True), ((0, 29, 29), True), ((0, 1), False), ((0, 0, 0, 0), False), ((0, 0, 30), False), ((0,), False),
])
def test_a_term_is_shown_from_three_times_on_two_days_within_the_period(
    session: Session, reader: Actor, ages: tuple[int, ...], is_shown: bool,
) -> None:
    asked(session, "jan jansen", *ages)
    found = demand.demand(session, reader, found=Found.NOTHING, days=30, today=TODAY)
    assert bool(found.terms) is is_shown
    assert (found.rare_terms, found.rare_times) == ((0, 0) if is_shown else (1, len([age for age in ages if age < 30])))


def test_lists_are_what_found_nothing_few_or_anything(session: Session, reader: Actor) -> None:
    asked(session, "niets", 0, 1, 2)
    asked(session, "los", 0, 1, 2, hits=40, looser=True)
    asked(session, "een", 0, 1, 2, hits=1)
    asked(session, "twee", 0, 1, 2, hits=2)
    asked(session, "drie", 0, 1, 2, hits=3)
    asked(session, "", 0, 1, 2)
    assert sorted(listed(session, reader)) == ["los", "niets"]
    assert sorted(listed(session, reader, Found.FEW)) == ["een", "twee"]
    assert sorted(listed(session, reader, Found.ALL)) == ["drie", "een", "los", "niets", "twee"]


def test_a_line_says_how_often_when_and_what_was_found_at_last(session: Session, reader: Actor) -> None:
    asked(session, "lassen", 5, 4, 4)
    asked(session, "lassen", 3, choices=2, filters={"sector": ["ict", "zorg"]})
    asked(session, "lassen", 2, hits=7)  # something came
    asked(session, "lassen", 0, 1, 1, language="en")
    asked(session, "vaker", *range(9))
    found = demand.demand(session, reader, found=Found.NOTHING, days=30, today=TODAY)
    assert found.terms == (
        AskedTerm("vaker", "nl", 9, 0, 0, 0, TODAY),
        AskedTerm("lassen", "nl", 4, 1, 0, 7, TODAY - timedelta(days=3)),
        AskedTerm("lassen", "en", 3, 0, 0, 0, TODAY),
    )


def test_the_last_answer_is_that_of_the_last_hour(session: Session, reader: Actor) -> None:
    asked(session, "lassen", 0, 1, 1)
    asked(session, "lassen", 0, hits=5, hour=21)
    asked(session, "lassen", 0, hits=9, hour=22, looser=True)
    (term,) = demand.demand(session, reader, found=Found.ALL, days=7, today=TODAY).terms
    assert (term.fewest_hits, term.last_hits) == (0, 0)


def test_the_list_has_a_limit_and_the_rare_ones_stay_counted(session: Session, reader: Actor) -> None:
    for number in range(4):
        asked(session, f"woord{number}", 0, 1, *[2] * number, 3)
    asked(session, "zeldzaam", 0)
    found = demand.demand(session, reader, found=Found.NOTHING, days=30, today=TODAY, limit=2)
    assert [term.terms for term in found.terms] == ["woord3", "woord2"]
    assert (found.rare_terms, found.rare_times) == (1, 1)


def test_only_the_programme_office_reads_this(session: Session, now: datetime) -> None:
    stranger = builders.actor(session, now)
    with pytest.raises(NotFound):
        demand.demand(session, stranger, found=Found.ALL, days=7, today=TODAY)
    with pytest.raises(NotFound):
        demand.wishes(session, stranger)


def test_wishes_are_read_without_whose_they_are(session: Session, reader: Actor, now: datetime) -> None:
    for email, words in ((None, "Lassen onder water"), ("sam@voorbeeld.nl", "lassen ONDER water"), ("kim@voorbeeld.nl", "weggehaald")):
        draft = SavedDraft(SavedKind.WISH, words, (("part_of_day", "evening"),), "nl", people=4)
        saved.keep(session, draft=draft, email=email, proven=True, known=(), now=now)
    gone = saved.searches_of(session, "kim@voorbeeld.nl")[0]
    saved.stop(session, saved_search_id=gone.id, now=now)
    search = SavedDraft(SavedKind.SEARCH, "niet voor het bureau", (), "nl")
    saved.keep(session, draft=search, email="sam@voorbeeld.nl", proven=True, known=(), now=now)
    found = demand.wishes(session, reader)
    assert sorted((wish.words, wish.same, wish.people, wish.has_reader) for wish in found) == [
        ("Lassen onder water", 2, 4, False), ("lassen ONDER water", 2, 4, True),
    ]
    assert "@" not in repr(found)


# Over HTTP


@pytest.fixture
def house(app: Flask, database: Database) -> Flask:
    now = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    with database.writing() as session:
        load_people(session, now=now)
        today = amsterdam_day(now)
        asked(session, "=1+2 lassen", 0, 1, 2, today=today)
        asked(session, "<script>", 0, 1, 2, today=today)
        asked(session, "geheime naam", 0, today=today)
    return app


def as_role(app: Flask, database: Database, role: str) -> FlaskClient:
    client = app.test_client()
    with database.writing() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == f"{role}@demo.example")).one()
        row = accounts.start_sign_in(session, person_id=person_id, device="", now=datetime.now(UTC), is_twofold=True)  # noqa: TID251
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client


@pytest.mark.parametrize("show", ["", "nothing", "few", "all", "wishes", "onzin", "'--"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_office_page_costs_three_statements(house: Flask, database: Database, queries: Budget, lang: str, show: str) -> None:
    client = as_role(house, database, "office")
    with queries(3):
        assert client.get(f"/{lang}/office/searches", query_string={"show": show, "days": "90"}).status_code == 200


def test_the_office_page_says_what_it_leaves_out(house: Flask, database: Database) -> None:
    page = as_role(house, database, "office").get("/nl/office/searches").get_data(as_text=True)
    assert "=1+2 lassen" in page
    assert "minstens 3 keer" in page
    assert "Daarnaast is er 1 zeldzame zoekvraag, samen 1 keer gesteld." in page
    assert "geheime naam" not in page
    assert "<script>" not in page.partition("<tbody>")[2]


def test_the_spreadsheet_holds_no_formula_and_nothing_rare(house: Flask, database: Database) -> None:
    answer = as_role(house, database, "office").get("/nl/office/searches.csv?show=nothing&days=7")
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="zoekvragen-nothing-7.csv"'
    assert lines[0].startswith("Zoekwoorden;Taal;")
    assert sorted(line.partition(";")[0] for line in lines[1:]) == ["'=1+2 lassen", "<script>"]


@pytest.mark.parametrize("role", ["learner", "provider"])
def test_to_others_the_page_does_not_exist(house: Flask, database: Database, role: str) -> None:
    client = as_role(house, database, role)
    assert [client.get(f"/nl/office/searches{ending}").status_code for ending in ("", ".csv", "?show=wishes")] == [404] * 3
