"""Saved searches and wishes: told of what is new once, to who asked for it, until they stop it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.kernel import outbox
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.outbox import OutboxMessage
from academy.search import looking
from academy.search.errors import SavedSearchGone, TooManyFits, TooManySaved
from academy.search.events import NewFitsFound, SearchKept
from academy.search.gateway import Hit, SearchQuery, SearchResult
from academy.search.memory import forgetting, saved
from academy.search.memory.saved import Saved, SavedDraft
from academy.search.models import SavedKind, SavedSearch, SavedState, SearchFinding

SAM = "sam@voorbeeld.nl"
LASSEN = SavedDraft(SavedKind.SEARCH, "Lassen", (("sector", "techniek"),), "nl")
WISH = SavedDraft(SavedKind.WISH, "Lassen onder water", (("part_of_day", "evening"),), "nl", people=3)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let someone listen to what is announced."""
    monkeypatch.setattr(outbox, "_subscribers", {})
    outbox.subscribe("test.kept", SearchKept, outside=lambda _event, _now: None)
    outbox.subscribe("test.found", NewFitsFound, outside=lambda _event, _now: None)


def document() -> str:
    return f"module:{new_id()}"


def keep(session: Session, now: datetime, draft: SavedDraft = LASSEN, email: str | None = SAM, *, proven: bool = True,
         known: Iterable[str] = ()) -> None:
    saved.keep(session, draft=draft, email=email, proven=proven, known=known, now=now)


def forget(session: Session, now: datetime) -> None:
    for each in forgetting.RECORDS:
        assert each.apply is not None
        each.apply(session, now, 100)


def rows(session: Session) -> list[SavedSearch]:
    session.flush()
    session.expire_all()
    return list(session.scalars(select(SavedSearch).order_by(SavedSearch.created_at, SavedSearch.id)))


def announced(session: Session, event: type[outbox.Event]) -> list[dict[str, Any]]:
    session.flush()
    return list(session.scalars(select(OutboxMessage.payload).where(OutboxMessage.event == event.name).order_by(OutboxMessage.id)))


class Engine:
    """Finds what it is told to, thirty and more per page; away or loose on demand."""

    def __init__(self, *documents: str, degraded: bool = False, looser: bool = False) -> None:
        self.documents, self.degraded, self.looser = list(documents), degraded, looser
        self.asked: list[SearchQuery] = []

    def __call__(self, query: SearchQuery) -> SearchResult:
        self.asked.append(query)
        if self.degraded:
            return SearchResult(degraded=True)
        first = (query.page - 1) * query.per_page
        shown = self.documents[first : first + query.per_page]
        hits = tuple(Hit(each, "", {}, "", "") for each in shown)
        return SearchResult(hits, len(self.documents), page=query.page, pages=max(1, -(-len(self.documents) // query.per_page)), looser=self.looser)


def look(engine: Engine, now: datetime) -> int:
    return looking.tell_about_new(question=lambda kept: SearchQuery(text=kept.query), find=engine, now=now)


def told(database: Database) -> list[list[str]]:
    """Return the documents of each letter, oldest letter first."""
    with database.reading() as session:
        letters = [UUID(payload["letter_id"]) for payload in announced(session, NewFitsFound)]
        return [
            sorted(session.scalars(select(SearchFinding.document_id).where(SearchFinding.letter_id == letter))) for letter in letters
        ]


# Keeping


def test_who_is_signed_in_keeps_a_search_at_once(session: Session, now: datetime) -> None:
    keep(session, now)
    (row,) = rows(session)
    assert (row.state, row.email, row.query, row.terms, row.parameters) == (SavedState.ACTIVE, SAM, "Lassen", "lassen", [["sector", "techniek"]])
    assert announced(session, SearchKept) == []


def test_an_address_that_is_not_proven_waits_for_its_letter(session: Session, now: datetime) -> None:
    keep(session, now, proven=False)
    (row,) = rows(session)
    assert row.state is SavedState.WAITING
    assert announced(session, SearchKept) == [{"saved_search_id": str(row.id)}]
    assert saved.due(session, now=now + 2 * DAY, limit=9) == []
    saved.confirm(session, saved_search_id=row.id)
    saved.confirm(session, saved_search_id=row.id)
    assert [each.id for each in saved.due(session, now=now + 2 * DAY, limit=9)] == [row.id]


@pytest.mark.parametrize("again", [
    LASSEN, replace(LASSEN, query="  LASSEN "), replace(LASSEN, language="en"),
])
def test_the_same_question_twice_is_one(session: Session, now: datetime, again: SavedDraft) -> None:
    keep(session, now)
    keep(session, now, again)
    keep(session, now, again, proven=False)
    assert len(rows(session)) == 1
    assert announced(session, SearchKept) == []


def test_another_question_kind_or_address_is_another(session: Session, now: datetime) -> None:
    for draft in (LASSEN, replace(LASSEN, parameters=()), replace(LASSEN, kind=SavedKind.WISH), replace(LASSEN, query="solderen")):
        keep(session, now, draft)
    keep(session, now, email="kim@voorbeeld.nl")
    assert len(rows(session)) == 5


def test_who_asks_again_before_confirming_gets_the_letter_again_and_signing_in_confirms(session: Session, now: datetime) -> None:
    keep(session, now, proven=False)
    keep(session, now, proven=False)
    assert len(announced(session, SearchKept)) == 2
    keep(session, now)
    (row,) = rows(session)
    assert row.state is SavedState.ACTIVE


def test_a_wish_without_an_address_counts_and_is_never_looked_at(session: Session, now: datetime) -> None:
    keep(session, now, WISH, None, proven=False)
    keep(session, now, WISH, None, proven=False)
    assert [(row.state, row.people) for row in rows(session)] == [(SavedState.ACTIVE, 3)] * 2
    assert announced(session, SearchKept) == []
    assert saved.due(session, now=now + 2 * DAY, limit=9) == []


@pytest.mark.parametrize("kind", list(SavedKind))
def test_an_address_has_a_limit_that_a_stranger_does_not_hear(session: Session, now: datetime, kind: SavedKind) -> None:
    most = saved.MOST_OPEN[kind]
    for number in range(most):
        keep(session, now, replace(LASSEN, kind=kind, query=f"woord{number}"), proven=False)
    keep(session, now, replace(LASSEN, kind=kind, query="nog een"), proven=False)
    assert len(rows(session)) == len(announced(session, SearchKept)) == most
    with pytest.raises(TooManySaved):
        keep(session, now, replace(LASSEN, kind=kind, query="nog een"))
    saved.stop(session, saved_search_id=rows(session)[0].id, now=now)
    keep(session, now, replace(LASSEN, kind=kind, query="nog een"))


def test_a_question_that_says_nothing_or_fits_everything_is_refused(now: datetime) -> None:
    saved.refuse_too_wide(LASSEN, saved.MOST_KNOWN)
    for draft, total in ((LASSEN, saved.MOST_KNOWN + 1), (replace(LASSEN, query="", parameters=()), 1)):
        with pytest.raises(TooManyFits):
            saved.refuse_too_wide(draft, total)
    saved.refuse_too_wide(WISH, 5_000)


# Stopping


def test_stopping_ends_letters_at_once_and_can_be_undone_for_an_hour(session: Session, now: datetime) -> None:
    keep(session, now)
    kept_id = rows(session)[0].id
    for _twice in range(2):
        saved.stop(session, saved_search_id=kept_id, now=now)
    assert saved.searches_of(session, SAM) == []
    assert saved.due(session, now=now + 2 * DAY, limit=9) == []
    stopped = saved.stopped(session, kept_id, SAM)
    assert stopped is not None
    assert saved.stopped(session, kept_id, "kim@voorbeeld.nl") is None
    forget(session, now + timedelta(minutes=59))
    saved.put_back(session, saved_search_id=kept_id)
    session.expire_all()
    assert [each.id for each in saved.searches_of(session, SAM)] == [kept_id]
    saved.stop(session, saved_search_id=kept_id, now=now)
    forget(session, now + timedelta(minutes=60))
    session.expire_all()
    with pytest.raises(SavedSearchGone):
        saved.put_back(session, saved_search_id=kept_id)


def test_putting_back_what_was_kept_again_meanwhile_changes_nothing(session: Session, now: datetime) -> None:
    keep(session, now)
    (row,) = rows(session)
    saved.stop(session, saved_search_id=row.id, now=now)
    keep(session, now + DAY)
    saved.put_back(session, saved_search_id=row.id)
    assert sorted(each.state for each in rows(session)) == [SavedState.ACTIVE, SavedState.STOPPED]


def test_a_link_of_nobody_names_nothing(session: Session, now: datetime) -> None:
    for names in (None, new_id()):
        with pytest.raises(SavedSearchGone):
            saved.confirm(session, saved_search_id=names)
        with pytest.raises(SavedSearchGone):
            saved.stop(session, saved_search_id=names, now=now)


def test_what_is_stopped_can_not_be_confirmed(session: Session, now: datetime) -> None:
    keep(session, now, proven=False)
    (row,) = rows(session)
    saved.stop(session, saved_search_id=row.id, now=now)
    session.expire_all()
    with pytest.raises(SavedSearchGone):
        saved.confirm(session, saved_search_id=row.id)


# Finding what is new


def test_what_was_there_on_saving_is_not_news_and_what_comes_is_told_once(database: Database, now: datetime) -> None:
    old, new, newer = document(), document(), document()
    with database.writing() as session:
        keep(session, now, known=[old])
    engine = Engine(old, new)
    assert look(engine, now + timedelta(hours=23)) == 0
    assert engine.asked == []
    assert look(engine, now + DAY) == 1
    assert look(engine, now + DAY) == 0  # one letter a day
    engine.documents.append(newer)
    assert look(engine, now + DAY * 1.5) == 0
    assert look(engine, now + DAY * 2) == 1
    assert look(engine, now + DAY * 3) == 0
    assert told(database) == [[new], [newer]]


def test_what_goes_and_comes_back_is_not_told_again(database: Database, now: datetime) -> None:
    new = document()
    with database.writing() as session:
        keep(session, now)
    assert [look(Engine(*found), now + DAY * day) for day, found in enumerate(((new,), (), (new,)), start=1)] == [1, 0, 0]


@pytest.mark.parametrize(("how", "asked_again"), [("looser", False), ("degraded", True)])
def test_a_looser_match_is_no_fit_and_an_engine_that_is_away_is_asked_again(
    database: Database, now: datetime, how: str, asked_again: bool,
) -> None:
    engine = Engine(document(), **{how: True})
    with database.writing() as session:
        keep(session, now)
    assert look(engine, now + DAY) == 0
    engine.degraded = engine.looser = False
    assert look(engine, now + DAY + timedelta(minutes=10)) == asked_again  # else it was looked at today


def test_three_hundred_are_known_over_several_pages(database: Database, now: datetime) -> None:
    documents = [document() for _ in range(saved.MOST_KNOWN + 40)]
    engine = Engine(*documents)
    found = saved.fitting(engine, SearchQuery(text="lassen", facets=("sector",), sort="price", page=7))
    assert found == (len(documents), tuple(documents[: saved.MOST_KNOWN]))
    assert [(query.page, query.facets, query.sort) for query in engine.asked] == [(1, (), "best"), (2, (), "best"), (3, (), "best")]


def test_a_wish_that_more_fits_than_is_known_of_it_calls_nothing_new(database: Database, now: datetime) -> None:
    there = [document() for _ in range(saved.MOST_KNOWN + 40)]
    known = there[: saved.MOST_KNOWN]
    with database.writing() as session:
        keep(session, now, WISH, known=known)
        keep(session, now, known=known)
    another_day = Engine(*reversed(there))
    assert look(another_day, now + DAY) == 1  # of a search all was known when it was kept, so what is not is new
    assert told(database) == [sorted(there[saved.MOST_KNOWN :])]
    assert look(Engine(document(), *known[1:]), now + 2 * DAY) == 2


def test_killed_between_looking_and_writing_nothing_is_told_and_nothing_is_lost(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    new = document()
    with database.writing() as session:
        keep(session, now)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("academy.search.memory.saved.announce", killed)
        with pytest.raises(KeyboardInterrupt):
            look(Engine(new), now + DAY)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SearchFinding)) == 0
    assert told(database) == []
    assert look(Engine(new), now + DAY) == 1
    assert told(database) == [[new]]


def test_of_two_workers_that_look_at_once_one_tells(database: Database, now: datetime) -> None:
    with database.writing() as session:
        keep(session, now)
    with database.reading() as session:
        (first,) = (second,) = saved.due(session, now=now + DAY, limit=9)
    for mine in (first, second):
        with database.writing() as session:
            saved.note_look(session, saved=mine, fits=[document()], now=now + DAY)
    assert len(told(database)) == 1


def test_what_was_stopped_while_it_was_looked_at_is_not_told(database: Database, now: datetime) -> None:
    with database.writing() as session:
        keep(session, now)
    with database.reading() as session:
        (mine,) = saved.due(session, now=now + DAY, limit=9)
    with database.writing() as session:
        saved.stop(session, saved_search_id=mine.id, now=now)
    with database.writing() as session:
        assert saved.note_look(session, saved=mine, fits=[document()], now=now + DAY) == 0


def test_a_letter_says_what_is_new_until_its_reader_stops(database: Database, now: datetime) -> None:
    new = document()
    with database.writing() as session:
        keep(session, now)
    look(Engine(new), now + DAY)
    with database.writing() as session:
        (payload,) = announced(session, NewFitsFound)
        letter_id = UUID(payload["letter_id"])
        found = saved.new_fits(session, letter_id)
        assert found is not None
        assert isinstance(found.saved, Saved)
        assert (found.saved.email, found.documents) == (SAM, (new,))
        saved.stop(session, saved_search_id=found.saved.id, now=now)
        session.flush()
        session.expire_all()
        assert saved.new_fits(session, letter_id) is None
        assert saved.new_fits(session, new_id()) is None


# Forgetting


def test_two_years_and_unanswered_letters_are_forgotten_and_a_wish_stays_without_its_address(session: Session, now: datetime) -> None:
    keep(session, now - 731 * DAY, known=[document()])
    keep(session, now - 8 * DAY, replace(LASSEN, query="wacht"), proven=False)
    keep(session, now - 8 * DAY, WISH, proven=False)
    keep(session, now - 6 * DAY, replace(LASSEN, query="wacht nog"), proven=False)
    keep(session, now - 729 * DAY, replace(LASSEN, query="blijft"))
    forget(session, now)
    left = {(row.query, row.email, row.state) for row in rows(session)}
    assert left == {
        ("blijft", SAM, SavedState.ACTIVE), ("Lassen onder water", None, SavedState.ACTIVE), ("wacht nog", SAM, SavedState.WAITING),
    }
    assert session.scalar(select(func.count()).select_from(SearchFinding)) == 0
