"""The index follows the catalogue and the seats."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from academy.catalogue import api as catalogue
from academy.catalogue.models import Module, Programme, PublicationState
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.kernel.text import Localized
from academy.kernel.worker import Worker
from academy.search import rounds, service, subscribers
from academy.search.embedded_engine import EmbeddedEngine
from academy.search.gateway import SearchQuery
from academy.search.rounds import Round
from tests import builders


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedEngine:
    """Give the engine of this process, without an index yet."""
    made = EmbeddedEngine(tmp_path / "search")
    service.set_engine(made)
    subscribers.register()
    return made


def total(engine: EmbeddedEngine, text: str) -> int:
    return engine.search(SearchQuery(text)).total


def test_the_first_question_of_a_process_is_its_own(
    database: Database, index: EmbeddedEngine, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    service.ask_first_question()  # there is no index: nothing happens
    with database.writing() as session:
        builders.offering(session, now)
    service.rebuild()
    service.ask_first_question()
    monkeypatch.setattr("academy.search.embedded_engine.engine.Vocabulary", None)  # whoever reads the words now breaks
    assert total(index, "netwerk") == 1


def test_a_rebuild_makes_the_catalogue_findable(database: Database, index: EmbeddedEngine, now: datetime) -> None:
    assert service.needs_rebuild()
    with database.writing() as session:
        builders.offering(session, now)
    steps: list[tuple[int, int]] = []
    assert service.rebuild(progress=lambda done, of: steps.append((done, of)), now=now) == 1
    assert steps == [(0, 1), (1, 1)]
    assert not service.needs_rebuild()
    assert total(index, "netwerkbeheer") == total(index, "network") == 1
    assert service.audit(now=now).is_none


def test_the_worker_brings_what_changed_into_the_index(database: Database, index: EmbeddedEngine, now: datetime) -> None:
    service.rebuild(now=now)
    with database.writing() as session:
        builders.offering(session, now)
    Worker(database, []).drain()
    assert total(index, "netwerkbeheer") == 1


def test_the_first_news_without_an_index_makes_one(database: Database, index: EmbeddedEngine, now: datetime) -> None:
    with database.writing() as session:
        builders.offering(session, now)
    Worker(database, []).drain()
    assert total(index, "netwerkbeheer") == 1


def test_an_import_writes_what_differs_and_drops_what_is_gone(database: Database, index: EmbeddedEngine, now: datetime) -> None:
    with database.writing() as session:
        provider_id = builders.provider(session)
        for number in range(3):
            builders.module(session, now, provider_id=provider_id, external_id=f"M{number}", title=Localized(f"Vak{number}nummer"))
    service.rebuild(now=now)
    with database.writing() as session:
        builders.module(session, now, provider_id=provider_id, external_id="M0", title=Localized("Iets anders"))
        session.execute(update(Module).where(Module.external_id == "M1").values(state=PublicationState.ARCHIVED))
        catalogue.finish_import(session, provider_id=provider_id)
    found = service.audit(now=now)
    assert (len(found.missing), len(found.stale), len(found.extra)) == (0, 1, 1)
    Worker(database, []).drain()
    assert service.audit(now=now).is_none
    assert [total(index, text) for text in ("vak0nummer", "anders", "vak1nummer", "vak2nummer")] == [0, 1, 0, 1]


def test_a_module_published_no_more_leaves_the_index(database: Database, index: EmbeddedEngine, now: datetime) -> None:
    with database.writing() as session:
        builders.offering(session, now)
        (module_id,) = catalogue.published_module_ids(session)
    service.rebuild(now=now)
    with database.writing() as session:
        session.execute(update(Module).values(state=PublicationState.ARCHIVED))
    service.refresh_modules([module_id], now=now)
    service.refresh_modules([module_id], now=now)
    assert total(index, "netwerkbeheer") == 0


def test_seats_that_change_are_seen_in_the_index(database: Database, index: EmbeddedEngine) -> None:
    now = utc_now()  # the worker reads the clock itself
    with database.writing() as session:
        code = builders.offering(session, now, seats=2)
        actor = builders.actor(session, now)
    service.rebuild(now=now)
    assert index.search(SearchQuery()).hits[0].card["seats"] == 2
    with database.writing() as session:
        builders.enrol(session, actor=actor, offering_code=code, now=now)
    Worker(database, []).drain()
    assert index.search(SearchQuery()).hits[0].card["seats"] == 1


def whole_round(going: Round, now: datetime) -> int:
    """Take turns until the round is over; returns how many."""
    turns = 0
    while turns == 0 or going.is_under_way:
        going.turn(now)
        turns += 1
    return turns


def test_a_start_that_closes_with_the_day_is_stale_until_the_hourly_refresh(
    database: Database, index: EmbeddedEngine, now: datetime,
) -> None:
    with database.writing() as session:
        builders.offering(session, now, starts_on=amsterdam_day(now) + timedelta(days=4))
    service.rebuild(now=now)
    later = now + timedelta(days=2)
    assert len(service.audit(now=later).stale) == 1
    whole_round(Round(), later)
    assert service.audit(now=later).is_none
    assert index.search(SearchQuery()).hits[0].card["seats"] is None


def test_the_number_of_modules_of_a_programme_reaches_its_card(database: Database, index: EmbeddedEngine, now: datetime) -> None:
    def count() -> int:
        return int(index.search(SearchQuery("ict", filters=(("kind", ("programme",)),))).hits[0].card["module_count"])

    with database.writing() as session:
        provider_id = builders.provider(session)
        builders.module(session, now, provider_id=provider_id)
        builders.programme(session, now, provider_id=provider_id)
    service.rebuild(now=now)
    assert count() == 0
    with database.writing() as session:
        builders.programme(session, now, ("NET-01", 1), provider_id=provider_id)
    Worker(database, []).drain()
    assert count() == 1
    assert service.audit(now=now).is_none


def test_a_programme_published_no_more_leaves_the_index(database: Database, index: EmbeddedEngine, now: datetime) -> None:
    with database.writing() as session:
        provider_id = builders.provider(session)
        draft = catalogue.ProgrammeDraft("AD", "AD", Localized("AD ICT"))
        catalogue.upsert_programmes(session, provider_id=provider_id, drafts=[draft], now=now)
        (programme,) = catalogue.programmes(session)
    service.rebuild(now=now)
    with database.writing() as session:
        session.execute(update(Programme).values(state=PublicationState.ARCHIVED))
    service.refresh_programme(programme.id, now=now)
    assert total(index, "ict") == 0


def test_the_round_of_the_hour_goes_by_pieces_and_drops_what_is_published_no_more(
    database: Database, index: EmbeddedEngine, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rounds, "PIECE", 2)
    with database.writing() as session:
        provider_id = builders.provider(session)
        for number in range(5):
            builders.module(session, now, provider_id=provider_id, external_id=f"N{number}", code=f"N{number}")
    service.rebuild(now=now)
    with database.writing() as session:  # behind the back of every event
        session.execute(update(Module).where(Module.external_id == "N0").values(state=PublicationState.ARCHIVED))
        session.execute(update(Module).where(Module.external_id == "N1").values(code="NEW-1"))
    going = Round()
    assert whole_round(going, now) == 3  # what there is, and four modules two by two
    assert service.audit(now=now).is_none
    written = index.contents()
    assert whole_round(going, now) == 1  # not again within the hour
    assert index.contents() == written
