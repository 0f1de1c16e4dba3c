"""The engine is away: the pages come from the database and say so, and the worker makes the index anew by itself."""

import json
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from academy.app import create_worker
from academy.catalogue import api as catalogue
from academy.catalogue.models import Module, PublicationState
from academy.config import Settings
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.kernel.errors import StorageUnavailable
from academy.kernel.text import Localized
from academy.search import service
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.gateway import EngineUnavailable, SearchQuery
from tests import builders

AWAY = "zoekmachine is even weg"


@pytest.fixture
def client(client: FlaskClient, database: Database) -> FlaskClient:
    """Give a client of an application with a supply and no index."""
    now = utc_now()  # requests read the real clock
    with database.writing() as session:
        provider_id = builders.provider(session)
        builders.offering(session, now, seats=2)
        for number in range(40):
            builders.module(session, now, provider_id=provider_id, external_id=f"V{number}", title=Localized(f"Vak {number:02} zorg"))
        builders.module(session, now, provider_id=provider_id, external_id="Weg", title=Localized("Zorg van vroeger"))
        session.execute(update(Module).where(Module.external_id == "Weg").values(state=PublicationState.ARCHIVED))
        builders.programme(session, now, ("NET-01", 1), provider_id=provider_id, title="AD Inhoud", ec=None, nlqf="")
        builders.programme(session, now, provider_id=provider_id, title="AD Kaal", ec=None, nlqf="")
    return client


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.data_dir / "search"


def index_in(folder: Path) -> Path:
    return folder / str(json.loads((folder / "current").read_bytes())["directory"])


def titles(html: str) -> list[str]:
    return [re.sub(r"</?mark>", "", title) for title in re.findall(r'academy-card__title"><a[^>]*>(.*?)</a>', html)]


def _whole(_folder: Path) -> None:
    """Leave it as it is: there never was an index."""


def _gone(folder: Path) -> None:
    service.rebuild()
    shutil.rmtree(folder)


def _pointer_is_nonsense(folder: Path) -> None:
    service.rebuild()
    (folder / "current").write_bytes(b"\xff{")


def _meta_is_empty(folder: Path) -> None:
    service.rebuild()
    (index_in(folder) / "meta.json").write_text("")


def _files_are_zeroed(folder: Path) -> None:
    service.rebuild()
    for file in index_in(folder).iterdir():
        if file.suffix in {".term", ".store", ".idx", ".fast", ".pos"}:
            file.write_bytes(bytes(file.stat().st_size))


@pytest.fixture(params=[_whole, _gone, _pointer_is_nonsense, _meta_is_empty, _files_are_zeroed])
def away(client: FlaskClient, folder: Path, request: pytest.FixtureRequest) -> FlaskClient:
    """Give the client with an index that is missing or damaged in some way."""
    request.param(folder)
    return client


def test_the_page_of_results_comes_from_the_database(away: FlaskClient) -> None:
    answer = away.get("/nl/search?q=netwerkbeheer")
    assert answer.status_code == 200
    assert AWAY in answer.text
    assert titles(answer.text) == ["Netwerkbeheer"]
    assert "1 resultaat" in answer.text
    assert away.get("/en/search?q=network").status_code == 200
    answer = away.get("/nl/")
    assert answer.status_code == 200
    assert "AD Inhoud" in answer.text
    assert "AD Kaal" not in answer.text


@pytest.mark.parametrize("address", [
    "/nl/search", "/en/search?q=zzz", "/nl/search?q=%25", "/nl/search?q=!!!", "/nl/search?q=%22zorg%22&sector=ict&provider=windesheim",
    "/nl/search?sort=price&page=99", "/nl/search?q=%00%ff", "/en/", "/nl/search?q=de+het+een",
])
def test_no_question_breaks_the_page(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200


def test_a_card_looks_the_same_as_from_the_index(client: FlaskClient) -> None:
    def cards() -> list[str]:
        return re.findall(r"<article.*?</article>", client.get("/nl/search?q=netwerkbeheer").text, re.DOTALL)

    from_database = cards()
    service.rebuild()
    # The engine also knows the parts of a compound, and so marks more words.
    assert [re.sub("</?mark>", "", card) for card in from_database] == [re.sub("</?mark>", "", card) for card in cards()]
    assert "<mark>Netwerkbeheer</mark>" in from_database[0]
    assert "Nog 2 plekken" in from_database[0]


def test_all_words_must_be_in_the_title_and_pages_go_on(client: FlaskClient) -> None:
    assert titles(client.get("/nl/search?q=de+zorg+07").text) == ["Vak 07 zorg"]
    first = client.get("/nl/search?q=zorg").text
    assert "40 resultaten" in first
    assert len(titles(first)) == 30
    assert "page=2" in first
    second = titles(client.get("/nl/search?q=zorg&page=2").text)
    assert second == [f"Vak {number} zorg" for number in range(30, 40)]
    assert titles(client.get("/nl/search?q=zorg&page=9").text) == second


def test_without_filters_or_numbers_nothing_is_counted(client: FlaskClient) -> None:
    html = client.get("/nl/search").text
    assert "academy-filters" not in html
    assert "41 resultaten" in html
    assert 'id="sectors-title"' not in client.get("/nl/").text


def test_no_more_than_three_pages_are_read(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_MOST_WITHOUT_ENGINE", 35)
    assert "35 resultaten" in client.get("/nl/search?q=zorg").text


def test_the_database_is_asked_little(
    client: FlaskClient, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    with queries(5):
        client.get("/nl/search?q=zorg")
    with queries(1):
        client.get("/nl/")


def test_seats_are_those_of_this_moment(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        (facts,) = (module for module in catalogue.module_facts(session, today=amsterdam_day(utc_now())) if module.offerings)
        actor = builders.actor(session, utc_now())
        builders.enrol(session, actor=actor, offering_code=facts.offerings[0].code, now=utc_now())
    assert "Nog 1 plek<" in client.get("/nl/search?q=netwerkbeheer").text


def test_with_the_database_away_as_well_the_visitor_gets_a_sentence(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_database(_self: Database) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(Database, "reading", no_database)
    for address in ("/nl/", "/nl/search?q=zorg"):
        assert client.get(address).status_code == 503


# By itself again


@contextmanager
def working(app: Flask) -> Iterator[None]:
    """Run the worker of the application in a thread, with its jobs in quick succession."""
    with app.app_context():
        worker = create_worker()
    for job in worker.jobs:
        if job.name == "index-usable":
            job.interval = timedelta(milliseconds=50)

    def work() -> None:
        with app.app_context():
            worker.run(pause_seconds=0.02)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()


def take_away(path: Path, to: Path) -> None:
    """Delete at one stroke: the worker may be writing in it."""
    shutil.rmtree(path.rename(to), ignore_errors=True)


def becomes_usable(engine: EmbeddedEngine) -> bool:
    """Tell whether the module is found within a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            engine.check()
            if engine.search(SearchQuery("netwerkbeheer")).total == 1:
                return True
        except EngineUnavailable:
            pass
        time.sleep(0.02)
    return False


def test_an_index_that_is_deleted_under_a_working_worker_comes_back(
    app: Flask, client: FlaskClient, folder: Path, tmp_path: Path,
) -> None:
    other = EmbeddedEngine(folder)  # another web process
    with working(app):
        assert becomes_usable(other)
        take_away(folder, tmp_path / "gone")
        assert becomes_usable(other)
        take_away(index_in(folder), tmp_path / "gone-too")
        assert becomes_usable(other)
        next(file for file in index_in(folder).iterdir() if file.suffix == ".store").unlink()
        assert becomes_usable(EmbeddedEngine(folder))
    assert AWAY not in client.get("/nl/search?q=netwerkbeheer").text
    other.close()


def test_jobs_of_the_index_are_there(app: Flask) -> None:
    intervals = {job.name: job.interval for job in create_worker().jobs}
    assert intervals["index-usable"] <= timedelta(seconds=15)
    assert intervals["index-of-the-hour"] <= timedelta(seconds=1)  # a piece at a time


def test_the_jobs_of_the_worker_keep_the_index_right(client: FlaskClient, database: Database) -> None:
    now = utc_now()
    jobs: dict[str, Callable[[datetime], None]] = {job.name: job.run for job in create_worker().jobs}
    jobs["index-usable"](now)
    made = service.engine().contents()
    assert len(made) == 43
    jobs["index-usable"](now)  # changes nothing
    with database.writing() as session:
        session.execute(update(Module).where(Module.external_id == "V1").values(state=PublicationState.ARCHIVED))
    jobs["index-usable"](now)
    assert service.engine().contents() == made
    jobs["index-of-the-hour"](now)
    assert len(service.engine().contents()) == 42
