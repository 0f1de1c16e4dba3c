"""What is kept of a search: the words, never who asked them; and the page never waits for it."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from academy.kernel.db import Database, set_database
from academy.kernel.errors import StorageUnavailable
from academy.search.folding import words_of
from academy.search.memory import forgetting, recording
from academy.search.memory.recording import Recorder, record_search, terms_of
from academy.search.memory.redaction import redact
from academy.search.models import SearchEvent

Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def recorder() -> Recorder:
    """Give the recorder of this process, empty and without its thread."""
    made = Recorder()
    recording.set_recorder(made)
    return made


def ask(now: datetime, text: str = "Netwerkbeheer", **changes: Any) -> None:
    values: dict[str, Any] = {"text": text, "filters": (), "total": 3, "looser": False, "language": "nl", "now": now, **changes}
    record_search(**values)


def events(database: Database) -> list[SearchEvent]:
    with database.reading() as session:
        return list(session.scalars(select(SearchEvent).order_by(SearchEvent.terms)))


# What is taken out


@pytest.mark.parametrize(("typed", "kept"), [
    ("jan@voorbeeld.nl cursus", "cursus"), ("cursus Jan.de-Vries+x@mail.voorbeeld.nl", "cursus"), ("jan @ voorbeeld.nl", ""),
    ("06-12345678", ""), ("bel 06 12 34 56 78 zorg", "bel zorg"), ("+31 (0)6 1234 5678", ""), ("0031612345678", ""), ("036 - 541 23 45", ""),
    ("tel06 12345678", "tel"), ("123456782", ""), ("1234.56.782", ""), ("123 456 782 zorg", "zorg"), ("bsn 1234 56 782", "bsn"),
    ("1315 AB 12", ""), ("1315ab12a", ""), ("1315 AB, 12-2 lassen", "lassen"), ("lassen 1315 AB", "lassen 1315"), ("1315AB", "1315"),
    ("NL91 ABNA 0417 1643 00", ""), ("4111 1111 1111 1111", ""), ("12-03-1985", ""), ("s1234567", ""), ("zorg 20261122", "zorg"),
    ("https://elders.example/?naam=jan zorg", "zorg"), ("www.elders.example/jan", ""),
    ("\uff12\uff10\uff12\uff16\uff11\uff11\uff12\uff12", ""), ("1\u03012\u03013\u03014\u03015\u03016\u0301", ""), ("123\u200b456", ""), ("\u0660\u0666\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", ""),
])
def test_what_points_to_a_person_is_taken_out(typed: str, kept: str) -> None:
    assert redact(typed) == (kept, True)


@pytest.mark.parametrize("typed", [
    "netwerkbeheer", "c++ c# .net 5g", "crebo 25187", "25187 25604", "croho 34404", "iso 27001", "isco 2512.4.1", "7412.10", "python 3.11.4",
    "start in 2026", "2026 in almere", "ad 120 ec", "1200 ec", "start 2026 ad 24 maanden", "ict-01", "b1 b2", "40+",
])
def test_words_codes_and_years_stay(typed: str) -> None:
    assert redact(typed) == (typed, False)


@given(st.text(max_size=200))
def test_no_sign_of_an_address_and_no_long_number_is_ever_kept(typed: str) -> None:
    terms = terms_of(redact(typed)[0])
    assert "@" not in terms
    assert not any(sum(map(str.isdecimal, word)) > 5 for word in terms.split() if "." not in word)
    assert len(terms) <= 200


@given(before=st.text("abz 9.-", max_size=10), digits=st.text("0123456789", min_size=6, max_size=12), after=st.text("abz .-", max_size=10))
def test_a_long_number_is_found_wherever_it_stands(before: str, digits: str, after: str) -> None:
    assert digits not in redact(f"{before}{digits}{after}")[0]


# What is kept


def test_a_search_leaves_the_words_and_what_was_found(database: Database, recorder: Recorder, now: datetime) -> None:
    filters = (("q", "x"), ("sector", "ict"), ("sector", "zorg"), ("near", "1315 AB"), ("sort", "price"), ("page", "1"))
    ask(now, "  Logistiek  Één c++ ", filters=filters, total=0, looser=True, language="en", sort="price")
    recorder.flush()
    (event,) = events(database)
    assert (event.terms, event.hits, event.looser, event.language, event.sort) == ("logistiek een c++", 0, True, "en", "price")
    assert event.filters == {"sector": ["ict", "zorg"], "near": ["1315"]}
    assert (event.choices, event.redacted) == (3, False)
    assert (event.day, event.hour) == (date(2026, 9, 1), 11)  # in Amsterdam


def test_filters_keep_the_codes_they_are_and_lose_what_someone_typed_in_the_address(database: Database, recorder: Recorder, now: datetime) -> None:
    skill = "0a1b2c3d-1234-5678-9012-123456789012"
    codes = (("skill", skill), ("start", "2026-11"), ("start_from", "2026-12-01"), ("ec", "11-20"), ("place", "Almere Haven"), ("level", "4+"))
    ask(now, filters=(*codes, ("place", "jan@voorbeeld.nl"), ("provider", "0612345678"), ("place", "1315 AB 12")))
    recorder.flush()
    assert events(database)[0].filters == {name: [value] for name, value in codes}


def test_nothing_finer_than_the_hour_and_nothing_of_a_person_has_a_column() -> None:
    columns = {column.name: str(column.type) for column in SearchEvent.__table__.columns}
    assert set(columns) == {"id", "day", "hour", "language", "terms", "redacted", "filters", "choices", "sort", "hits", "looser"}
    assert columns["day"] == "DATE"


def test_a_query_of_nothing_but_an_address_is_kept_empty_and_marked(database: Database, recorder: Recorder, now: datetime) -> None:
    ask(now, "jan@voorbeeld.nl")
    recorder.flush()
    (event,) = events(database)
    assert (event.terms, event.redacted) == ("", True)


def test_asking_costs_no_statement_and_a_batch_costs_one(database: Database, recorder: Recorder, now: datetime, queries: Budget) -> None:
    with queries(0):
        for number in range(200):
            ask(now, f"woord{number}")
    with queries(1):
        assert recorder.flush()
    assert len(events(database)) == 200


def test_neither_the_order_nor_the_key_of_a_batch_is_that_of_asking(recorder: Recorder, now: datetime) -> None:
    for number in range(100):
        ask(now, f"{number:02}")
    written = recorder._take()
    assert [event["terms"] for event in written] != sorted(event["terms"] for event in written)
    assert [event["terms"] for event in sorted(written, key=lambda event: int(event["id"]))] != sorted(event["terms"] for event in written)


# When the database is away


class Away:
    """A database that takes nothing."""

    def writing(self) -> Any:
        raise StorageUnavailable


def test_events_wait_for_the_database_and_the_oldest_go_when_there_are_too_many(database: Database, now: datetime) -> None:
    recorder = Recorder(most=3)
    recording.set_recorder(recorder)
    set_database(Away())  # type: ignore[arg-type] # a stand-in
    for number in range(5):
        ask(now, f"woord{number}")
    structlog.reset_defaults()  # another test may have asked for errors only
    with capture_logs() as lines:
        assert not recorder.flush()
    assert lines == [{"event": "search.events-wait", "log_level": "warning", "error": "StorageUnavailable", "waiting": 3, "dropped": 2}]
    set_database(database)
    assert recorder.flush()
    assert [event.terms for event in events(database)] == ["woord2", "woord3", "woord4"]


def test_the_thread_writes_within_seconds_and_whatever_waits_at_the_end(database: Database, recorder: Recorder, now: datetime) -> None:
    recorder.start()
    ask(now, "eerste")
    deadline = time.monotonic() + 60
    while not events(database) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [event.terms for event in events(database)] == ["eerste"]
    ask(now, "laatste")
    recorder.stop()
    assert [event.terms for event in events(database)] == ["eerste", "laatste"]
    assert "academy-search-events" not in {thread.name for thread in threading.enumerate()}


def test_old_events_are_forgotten(session: Session, recorder: Recorder, now: datetime) -> None:
    for age in (0, 399, 401):
        ask(now - timedelta(days=age), f"dag{age}")
    session.add_all(SearchEvent(**event) for event in recorder._take())
    session.flush()
    (old,) = (each for each in forgetting.RECORDS if each.table == "search_event")
    assert old.apply is not None
    assert old.apply(session, now, 9) == 1
    assert sorted(session.scalars(select(SearchEvent.terms))) == ["dag0", "dag399"]


def test_terms_that_do_not_fit_end_at_a_word() -> None:
    assert terms_of("a" * 60 + " " + " ".join(["woord"] * 60)).split()[-1] == "woord"
    assert words_of("ﷺ" * 40)  # one letter becomes many
    assert len(terms_of(" ".join("ﷺ" * 40))) <= 200
