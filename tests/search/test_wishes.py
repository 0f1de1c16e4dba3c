"""Saving a search and leaving a wish over HTTP: with an account at once, with an address after a letter, and always to be stopped."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.accounts import service as accounts
from academy.catalogue.models import Module
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.worker import Worker
from academy.notices import service as notices
from academy.notices.file_gateway import FileCarrier, StoredLetter
from academy.search import links, looking, memory_forms
from academy.search.gateway import Hit, SearchQuery, SearchResult
from academy.search.memory import saved
from academy.search.models import SavedKind, SavedSearch, SavedState
from tests import builders

Budget = Callable[[int], AbstractContextManager[list[str]]]
SAM = "sam.zoekt@voorbeeld.nl"
QUESTION = {"q": "lassen", "part_of_day": "evening"}


class Engine:
    """Stands in for the search engine: finds these documents whatever is asked."""

    def __init__(self) -> None:
        self.documents: list[str] = []
        self.away = False
        self.asked: list[SearchQuery] = []

    def __call__(self, query: SearchQuery, *, now: datetime) -> SearchResult:
        self.asked.append(query)
        if self.away:
            return SearchResult(degraded=True)
        first = (query.page - 1) * query.per_page
        hits = tuple(Hit(each, "", {}, "", "") for each in self.documents[first : first + query.per_page])
        return SearchResult(hits, len(self.documents), page=query.page, pages=max(1, -(-len(self.documents) // query.per_page)))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine()
    monkeypatch.setattr("academy.search.service.find", made)
    return made


@pytest.fixture
def house(app: Flask, engine: Engine) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def mailbox(house: Flask, tmp_path: Path) -> FileCarrier:
    carrier = FileCarrier(tmp_path / "mail", sender="AD Academy <noreply@academie.example>")
    notices.set_carrier(carrier)
    return carrier


@pytest.fixture
def sam(house: Flask, database: Database) -> FlaskClient:
    client = house.test_client()
    now = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    with database.writing() as session:
        row = accounts.start_sign_in(session, person_id=builders.person(session, now, email=SAM), device="", now=now)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client


def rows(database: Database) -> list[SavedSearch]:
    with database.reading() as session:
        return list(session.scalars(select(SavedSearch).order_by(SavedSearch.created_at, SavedSearch.id)))


def text(client: FlaskClient, address: str, *, status: int = 200, **more: Any) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == status, address
    return unescape(answer.get_data(as_text=True))


def letters(house: Flask, database: Database, mailbox: FileCarrier) -> list[StoredLetter]:
    with house.app_context():
        Worker(database, []).drain()
    return mailbox.letters()


def link_in(letter: StoredLetter) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/(?:nl|en)/searches/link/\S+)", letter.text)
    assert found
    return found.group(1)


# Saving


def test_who_is_signed_in_saves_with_one_press_and_sees_it_in_the_list(sam: FlaskClient, database: Database, engine: Engine) -> None:
    page = text(sam, "/nl/searches/save", query_string={**QUESTION, "sort": "price", "page": "3"})
    assert f"We mailen naar {SAM}." in page
    assert 'name="email"' not in page
    answer = sam.post("/nl/searches/save", data=QUESTION)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/nl/my/searches")
    (row,) = rows(database)
    assert (row.kind, row.state, row.query, row.parameters) == (SavedKind.SEARCH, SavedState.ACTIVE, "lassen", [["part_of_day", "evening"]])
    assert engine.asked[0].filters == (("part_of_day", ("evening",)),)
    listed = text(sam, "/nl/my/searches")
    assert "“lassen” · 1 keuze" in listed
    assert 'href="/nl/search?q=lassen&part_of_day=evening"' in listed


def test_who_is_not_proves_the_address_first(
    house: Flask, database: Database, mailbox: FileCarrier, engine: Engine,
) -> None:
    visitor = house.test_client()
    assert 'value="lassen"' in text(visitor, "/nl/searches/save", query_string=QUESTION)
    answer = visitor.post("/nl/searches/save", data={**QUESTION, "email": f" {SAM.upper()} "})
    assert answer.headers["Location"] == "/nl/searches/sent"
    assert SAM in text(visitor, "/nl/searches/sent")
    (letter,) = letters(house, database, mailbox)
    assert letter.to == SAM
    assert "lassen" not in letter.text + letter.html  # a stranger's words
    link = link_in(letter)
    elsewhere = house.test_client()  # the letter is opened on another device
    assert "Wil je hierover e-mail?" in text(elsewhere, link)
    assert rows(database)[0].state is SavedState.WAITING  # looking changes nothing: mail programs fetch links
    assert elsewhere.post(f"{link}/confirm").headers["Location"] == link
    assert rows(database)[0].state is SavedState.ACTIVE
    assert "“lassen” · 1 keuze" in text(elsewhere, link)


def test_the_answer_does_not_tell_whether_an_address_saved_this_before(house: Flask, database: Database, sam: FlaskClient) -> None:
    sam.post("/nl/searches/save", data=QUESTION)
    seen = []
    for email in (SAM, "niemand@voorbeeld.nl"):
        visitor = house.test_client()
        answer = visitor.post("/nl/searches/save", data={**QUESTION, "email": email})
        seen.append((answer.status_code, answer.headers["Location"], text(visitor, "/nl/searches/sent").replace(email, "…").partition("<main")[2]))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("email", ["", "geen adres", "a@b", "x" * 300 + "@voorbeeld.nl"])
def test_a_wrong_address_comes_back_with_the_question(house: Flask, database: Database, email: str) -> None:
    answer = house.test_client().post("/nl/searches/save", data={**QUESTION, "email": email})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert 'name="part_of_day" value="evening"' in page
    assert rows(database) == []


def test_what_fits_too_much_is_refused_and_an_engine_that_is_away_says_so(sam: FlaskClient, database: Database, engine: Engine) -> None:
    engine.documents = [f"module:{new_id()}" for _ in range(saved.MOST_KNOWN + 1)]
    assert sam.post("/nl/searches/save", data=QUESTION).status_code == 422
    assert sam.post("/nl/searches/save", data={"q": ""}).status_code == 422
    engine.away = True
    assert sam.post("/nl/searches/save", data=QUESTION).status_code == 503
    assert rows(database) == []


def test_one_network_is_slowed_down(house: Flask) -> None:
    visitor = house.test_client()
    statuses = [visitor.post("/nl/searches/save", data={"q": f"woord{number}", "email": SAM}).status_code for number in range(6)]
    assert statuses == [303] * 5 + [429]


# Wishing


def test_a_wish_without_an_address_is_demand(house: Flask, database: Database, engine: Engine) -> None:
    visitor = house.test_client()
    page = text(visitor, "/nl/searches/wish", query_string={**QUESTION, "sector": "techniek"})
    assert 'value="lassen"' in page
    assert '<option selected value="evening">' in page
    form = {"q": "Lassen onder water", "part_of_day": "", "people": "4", "email": "", "sector": "techniek"}
    answer = visitor.post("/nl/searches/wish", data=form, follow_redirects=True)
    assert "Het programmabureau leest wat je zoekt" in answer.get_data(as_text=True)
    (row,) = rows(database)
    assert (row.kind, row.state, row.email, row.query, row.people) == (SavedKind.WISH, SavedState.ACTIVE, None, "Lassen onder water", 4)
    assert row.parameters == [["sector", "techniek"]]
    assert engine.asked == []


@pytest.mark.parametrize(("tell", "email"), [({"tell": "y"}, SAM), ({}, None)])
def test_who_is_signed_in_chooses_whether_to_be_told(sam: FlaskClient, database: Database, tell: dict[str, str], email: str | None) -> None:
    assert f"We mailen naar {SAM}." in text(sam, "/nl/searches/wish")
    assert sam.post("/nl/searches/wish", data={"q": "Lassen onder water", **tell}).status_code == 303
    (row,) = rows(database)
    assert (row.email, row.state) == (email, SavedState.ACTIVE)


@pytest.mark.parametrize("wrong", [
    {"q": ""}, {"q": "x" * 201}, {"people": "0"}, {"people": "-3"}, {"people": "2,5"}, {"people": "veel"}, {"people": "99999999999"},
    {"email": "geen adres"}, {"part_of_day": "nacht"},
])
def test_a_wrong_field_comes_back_with_the_rest(house: Flask, database: Database, wrong: dict[str, str]) -> None:
    form = {"q": "Lassen", "part_of_day": "evening", "people": "2", "email": SAM, "sector": "techniek", **wrong}
    answer = house.test_client().post("/nl/searches/wish", data=form)
    assert answer.status_code == 422
    assert 'name="sector" value="techniek"' in answer.get_data(as_text=True)
    assert rows(database) == []


def test_the_same_wish_stuffed_into_the_box_is_stopped(house: Flask, database: Database) -> None:
    visitor = house.test_client()
    statuses = [visitor.post("/nl/searches/wish", data={"q": words}).status_code for words in ["Lassen", "lassen!"] * 3]
    assert statuses == [303] * 5 + [429]


def test_hostile_words_become_no_element(sam: FlaskClient, database: Database) -> None:
    words = "<script>alert(1)</script>\"'\x02"
    sam.post("/nl/searches/wish", data={"q": words, "tell": "y", "people": "1"})
    assert "<script>alert" not in sam.get("/nl/my/searches").get_data(as_text=True)
    assert "<script>alert" not in sam.get("/nl/searches/wish", query_string={"q": words}).get_data(as_text=True)


# One's own


def test_my_list_costs_two_statements_and_an_empty_one_leads_on(sam: FlaskClient, queries: Budget) -> None:
    with queries(2):
        assert "Je bewaart geen zoekvragen" in text(sam, "/nl/my/searches")


def test_what_is_taken_away_can_be_put_back(sam: FlaskClient, database: Database, queries: Budget) -> None:
    sam.post("/nl/searches/save", data=QUESTION)
    token = links.token_for(rows(database)[0].id)
    answer = sam.post(f"/nl/searches/link/{token}/stop")
    assert answer.headers["Location"] == f"/nl/my/searches?stopped={token}"
    with queries(3):
        page = text(sam, answer.headers["Location"])
    assert "Weggehaald: “lassen” · 1 keuze" in page
    assert "Je bewaart geen zoekvragen" in page
    assert sam.post(f"/nl/searches/link/{token}/put-back").headers["Location"] == "/nl/my/searches"
    assert "Teruggezet." in text(sam, f"/nl/my/searches?stopped={token}")
    assert rows(database)[0].state is SavedState.ACTIVE


def test_somebody_else_s_list_shows_nothing_of_it(house: Flask, sam: FlaskClient, database: Database) -> None:
    sam.post("/nl/searches/save", data=QUESTION)
    token = links.token_for(rows(database)[0].id)
    sam.post(f"/nl/searches/link/{token}/stop")
    now = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    stranger = house.test_client()
    with database.writing() as session:
        row = accounts.start_sign_in(session, person_id=builders.person(session, now), device="", now=now)
    with stranger.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    assert "lassen" not in text(stranger, f"/nl/my/searches?stopped={token}").partition("<main")[2]


@pytest.mark.parametrize("token", ["onzin", "ImFiYyI.x", "a" * 300])
def test_a_link_that_we_never_made_is_gone(house: Flask, token: str) -> None:
    visitor = house.test_client()
    assert visitor.get(f"/nl/searches/link/{token}").status_code == 410
    assert [visitor.post(f"/nl/searches/link/{token}/{act}").status_code for act in ("confirm", "stop", "put-back")] == [410] * 3


def test_a_link_to_sign_in_opens_no_saved_search(sam: FlaskClient, database: Database) -> None:
    from academy.accounts.links import token_for  # noqa: PLC0415 - the other kind of link

    sam.post("/nl/searches/save", data=QUESTION)
    assert sam.get(f"/nl/searches/link/{token_for(rows(database)[0].id)}").status_code == 410


# The letter about something new


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_what_is_new_is_told_once_in_a_letter_with_a_way_out(
    house: Flask, sam: FlaskClient, database: Database, mailbox: FileCarrier, engine: Engine, lang: str,
) -> None:
    sam.post(f"/{lang}/searches/save", data=QUESTION)
    now = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    with database.writing() as session:
        builders.offering(session, now)
        module_id = session.scalars(select(Module.id)).one()
    engine.documents = [f"module:{module_id}", f"module:{new_id()}"]  # the second was withdrawn before the letter was written
    later = now + saved.BETWEEN_LETTERS + saved.BETWEEN_LETTERS

    def find(query: SearchQuery) -> SearchResult:
        return engine(query, now=later)

    assert [looking.tell_about_new(question=memory_forms.question_of, find=find, now=later) for _ in range(2)] == [1, 0]
    (letter,) = letters(house, database, mailbox)
    assert letter.to == SAM
    assert "lassen" in letter.subject
    assert ("Netwerkbeheer" if lang == "nl" else "Network management") in letter.text
    assert f"http://127.0.0.1:8000/{lang}/modules/netwerkbeheer" in letter.text
    assert f"http://127.0.0.1:8000/{lang}/search?q=lassen&part_of_day=evening" in letter.text
    assert f"\nList-Unsubscribe: <http://127.0.0.1:8000{link_in(letter)}>\n" in (mailbox.folder / letter.name).read_text()
    visitor = house.test_client()
    link = link_in(letter)
    assert visitor.post(f"{link}/stop").headers["Location"] == link
    assert ("Weggehaald" if lang == "nl" else "Removed") in text(visitor, link)


def test_nothing_is_written_about_what_is_gone_before_the_letter(
    house: Flask, sam: FlaskClient, database: Database, mailbox: FileCarrier, engine: Engine,
) -> None:
    sam.post("/nl/searches/save", data=QUESTION)
    later = datetime.now(UTC) + saved.BETWEEN_LETTERS  # noqa: TID251
    engine.documents = [f"module:{new_id()}", f"programme:{new_id()}", "place:almere"]
    found = looking.tell_about_new(question=memory_forms.question_of, find=lambda query: engine(query, now=later), now=later)
    assert found == 1
    assert letters(house, database, mailbox) == []
