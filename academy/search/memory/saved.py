"""Saved searches and wishes: keeping one for an address, stopping, and finding what is new."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, aliased

from academy.kernel.db import insert_for, rows_changed
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce
from academy.kernel.text import Language, json_text
from academy.search.errors import SavedSearchGone, TooManyFits, TooManySaved
from academy.search.events import NewFitsFound, SearchKept
from academy.search.gateway import SearchQuery, SearchResult
from academy.search.memory.recording import terms_of
from academy.search.memory.redaction import redact
from academy.search.models import SavedKind, SavedSearch, SavedState, SearchFinding

MOST_OPEN: Final = {SavedKind.WISH: 10, SavedKind.SEARCH: 25}  # per address
MOST_KNOWN: Final = 300  # documents that a saved search may have; what fits more is too wide for letters
BETWEEN_LETTERS: Final = timedelta(days=1)
_PER_PAGE: Final = 100
_LIVE: Final = (SavedState.WAITING, SavedState.ACTIVE)

Find = Callable[[SearchQuery], SearchResult]


@dataclass(frozen=True)
class SavedDraft:
    """What someone wants kept. `parameters` are those of the address of the results page, without query, sort and page."""

    kind: SavedKind
    query: str
    parameters: tuple[tuple[str, str], ...]
    language: Language
    people: int | None = None

    @property
    def terms(self) -> str:
        return terms_of(redact(self.query)[0])

    @property
    def fingerprint(self) -> str:
        """The same for the same kind, words and choices, however they are ordered or written."""
        words = terms_of(self.query)
        return hashlib.sha256(json_text([self.kind.value, words, sorted(map(list, self.parameters))]).encode()).hexdigest()


@dataclass(frozen=True)
class Saved:
    """A saved search with whose it is."""

    id: UUID
    kind: SavedKind
    state: SavedState
    email: str | None
    language: Language
    query: str
    parameters: tuple[tuple[str, str], ...]
    people: int | None
    created_at: datetime
    looked_at: datetime
    told_at: datetime | None


@dataclass(frozen=True)
class NewFits:
    """What a letter tells: whose saved search it is, and the ids of the documents that are new."""

    saved: Saved
    documents: tuple[str, ...]


# Keeping


def keep(session: Session, *, draft: SavedDraft, email: str | None, proven: bool, known: Iterable[str], now: datetime) -> None:
    """Keep a question for `email`; a wish may come without. What is in `known` fits already and will not be told.

    An address that is not `proven` gets a letter that asks whether it is theirs, and counts only after that. To a stranger the answer is
    always the same: beyond the limit, or for what is kept already, nothing happens. Raises TooManySaved when it is proven.
    """
    state = SavedState.ACTIVE if proven or email is None else SavedState.WAITING
    if email is not None and _confirmed_again(session, email, draft.fingerprint, proven=proven):
        return
    if email is not None and _open(session, email, draft.kind) >= MOST_OPEN[draft.kind]:
        if proven:
            raise TooManySaved
        return
    saved_id = new_id()
    made = session.execute(
        insert_for(session, SavedSearch)
        .values(
            id=saved_id, kind=draft.kind, state=state, email=email, language=draft.language, query=draft.query,
            parameters=[list(pair) for pair in draft.parameters], terms=draft.terms, fingerprint=draft.fingerprint, people=draft.people, created_at=now, looked_at=now,
        )
        .on_conflict_do_nothing()  # the same question twice in one moment is one
        .returning(SavedSearch.id),
    ).scalar_one_or_none()
    if made is None:
        return
    _note(session, saved_id, known, letter_id=None)
    if state is SavedState.WAITING:
        announce(session, SearchKept(saved_id))


def _confirmed_again(session: Session, email: str, fingerprint: str, *, proven: bool) -> bool:
    """Tell whether the same question is kept; one that waits is confirmed by who is signed in, and gets a new letter otherwise."""
    there = session.scalars(
        select(SavedSearch).where(SavedSearch.email == email, SavedSearch.fingerprint == fingerprint, SavedSearch.state.in_(_LIVE)),
    ).one_or_none()
    if there is None:
        return False
    if there.state is SavedState.WAITING and proven:
        there.state = SavedState.ACTIVE
        session.flush()
    elif there.state is SavedState.WAITING:
        announce(session, SearchKept(there.id))
    return True


def _open(session: Session, email: str, kind: SavedKind) -> int:
    counted = select(func.count()).where(SavedSearch.email == email, SavedSearch.kind == kind, SavedSearch.state.in_(_LIVE))
    return session.scalar(counted) or 0


def confirm(session: Session, *, saved_search_id: UUID | None) -> Saved:
    """Let a saved search that waited for its letter count; a second time changes nothing. Raises SavedSearchGone."""
    named = saved_search(session, saved_search_id)
    if named.state is SavedState.STOPPED:
        raise SavedSearchGone
    session.execute(
        update(SavedSearch)
        .where(SavedSearch.id == saved_search_id, SavedSearch.state == SavedState.WAITING)
        .values(state=SavedState.ACTIVE),
    )
    return named


def stop(session: Session, *, saved_search_id: UUID | None, now: datetime) -> Saved:
    """Take a saved search away; a second time changes nothing. Its owner has an hour to put it back. Raises SavedSearchGone."""
    named = saved_search(session, saved_search_id)
    session.execute(
        update(SavedSearch)
        .where(SavedSearch.id == saved_search_id, SavedSearch.state.in_(_LIVE))
        .values(state=SavedState.STOPPED, stopped_at=now),
    )
    return named


def put_back(session: Session, *, saved_search_id: UUID | None) -> Saved:
    """Undo `stop`; whoever can do so owns the address, so it counts at once. Raises SavedSearchGone."""
    named = saved_search(session, saved_search_id)
    twin = aliased(SavedSearch)  # the same question, kept again meanwhile: then it is there
    kept_again = exists().where(twin.email == SavedSearch.email, twin.fingerprint == SavedSearch.fingerprint, twin.state.in_(_LIVE))
    session.execute(
        update(SavedSearch)
        .where(SavedSearch.id == saved_search_id, SavedSearch.state == SavedState.STOPPED, ~kept_again)
        .values(state=SavedState.ACTIVE, stopped_at=None)
        .execution_options(synchronize_session=False),
    )
    return named


# Reading


def saved_search(session: Session, saved_search_id: UUID | None) -> Saved:
    """Return a saved search, also one that is stopped. Raises SavedSearchGone."""
    row = None if saved_search_id is None else session.get(SavedSearch, saved_search_id)
    if row is None:
        raise SavedSearchGone
    return _saved(row)


def stopped(session: Session, saved_search_id: UUID | None, email: str) -> Saved | None:
    """Return what was taken away from this address, when that is what the id names."""
    row = None if saved_search_id is None else session.get(SavedSearch, saved_search_id)
    return _saved(row) if row is not None and row.state is SavedState.STOPPED and row.email == email else None


def searches_of(session: Session, email: str) -> list[Saved]:
    """Return the live wishes and saved searches of an address, newest first."""
    rows = session.scalars(
        select(SavedSearch)
        .where(SavedSearch.email == email, SavedSearch.state.in_(_LIVE))
        .order_by(SavedSearch.created_at.desc(), SavedSearch.id.desc()),
    )
    return [_saved(row) for row in rows]


def unconfirmed(session: Session, saved_search_id: UUID) -> Saved | None:
    """Return the saved search whose address must be asked; None when that has no sense any more."""
    row = session.get(SavedSearch, saved_search_id)
    return _saved(row) if row is not None and row.state is SavedState.WAITING else None


def new_fits(session: Session, letter_id: UUID) -> NewFits | None:
    """Return what a letter tells; None when its reader does not want it any more."""
    row = session.scalars(
        select(SavedSearch)
        .where(
            SavedSearch.id == select(SearchFinding.saved_search_id).where(SearchFinding.letter_id == letter_id).limit(1).scalar_subquery(),
            SavedSearch.state == SavedState.ACTIVE,
        ),
    ).one_or_none()
    if row is None:
        return None
    documents = session.scalars(
        select(SearchFinding.document_id).where(SearchFinding.letter_id == letter_id).order_by(SearchFinding.document_id),
    )
    return NewFits(_saved(row), tuple(documents))


def _saved(row: SavedSearch) -> Saved:
    return Saved(
        row.id, row.kind, row.state, row.email, "en" if row.language == "en" else "nl", row.query,
        tuple((name, value) for name, value in row.parameters), row.people, row.created_at, row.looked_at, row.told_at,
    )


# Finding what is new


def refuse_too_wide(draft: SavedDraft, total: int) -> None:
    """Refuse to keep a question that says nothing, or that more fits than letters make sense for. Raises TooManyFits."""
    if draft.kind is SavedKind.SEARCH and (total > MOST_KNOWN or not (draft.query or draft.parameters)):
        raise TooManyFits


def fitting(find: Find, query: SearchQuery) -> tuple[int, tuple[str, ...]] | None:
    """Return how many documents fit and the ids of the first MOST_KNOWN; None when the engine is away. A looser match does not fit."""
    found: list[str] = []
    total, page = 0, 1
    while len(found) < MOST_KNOWN:
        answer = find(replace(query, facets=(), sort="best", page=page, per_page=_PER_PAGE))
        if answer.degraded:
            return None
        if answer.looser:
            return 0, ()
        total = answer.total
        found += [hit.id for hit in answer.hits]
        if page >= answer.pages or not answer.hits:
            break
        page += 1
    return total, tuple(dict.fromkeys(found))[:MOST_KNOWN]


def may_be_told(kept: Saved, total: int, fits: Sequence[str]) -> Sequence[str]:
    """Return what of `fits` a letter may be about: nothing where more fits a wish than is known of it, or what was there all along would be called new."""
    return () if kept.kind is SavedKind.WISH and total > MOST_KNOWN else fits


def due(session: Session, *, now: datetime, limit: int) -> list[Saved]:
    """Return the saved searches that were not looked at for a day, the longest waiting first."""
    rows = session.scalars(
        select(SavedSearch)
        .where(SavedSearch.state == SavedState.ACTIVE, SavedSearch.looked_at <= now - BETWEEN_LETTERS, SavedSearch.email.is_not(None))
        .order_by(SavedSearch.looked_at, SavedSearch.id).limit(limit),
    )
    return [_saved(row) for row in rows]


def note_look(session: Session, *, saved: Saved, fits: Sequence[str], now: datetime) -> int:
    """Keep that a saved search was looked at and what it has now, and announce what is new; returns how many that are.

    All in the caller's one transaction: a document is told once, or not at all when it is undone. Of two lookers at once the second finds
    nothing to do.
    """
    mine = rows_changed(
        session,
        update(SavedSearch)
        .where(SavedSearch.id == saved.id, SavedSearch.state == SavedState.ACTIVE, SavedSearch.looked_at == saved.looked_at)
        .values(looked_at=now),
    )
    if not mine:
        return 0
    known = set(session.scalars(select(SearchFinding.document_id).where(SearchFinding.saved_search_id == saved.id)))
    new = [document_id for document_id in fits if document_id not in known]
    if new:
        letter_id = new_id()
        _note(session, saved.id, new, letter_id=letter_id)
        session.execute(update(SavedSearch).where(SavedSearch.id == saved.id).values(told_at=now))
        announce(session, NewFitsFound(letter_id))
    return len(new)


def _note(session: Session, saved_search_id: UUID, documents: Iterable[str], *, letter_id: UUID | None) -> None:
    session.add_all(SearchFinding(saved_search_id=saved_search_id, document_id=each, letter_id=letter_id) for each in documents)
    session.flush()
