"""What search keeps of people, by their address alone, and for how long."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Goes, Leaving, PersonalData, RecordClass, kept_for, person, plain_rows
from academy.kernel.clock import amsterdam_day
from academy.kernel.translation import _
from academy.search.models import SavedKind, SavedSearch, SavedState, SearchEvent

_UNANSWERED: Final = (SavedSearch.state == SavedState.WAITING) & SavedSearch.email.is_not(None)
_WAITS: Final = timedelta(days=7)


def _read(session: Session, person_id: UUID) -> dict[str, Any]:
    kept = select(
        SavedSearch.kind, SavedSearch.state, SavedSearch.query, SavedSearch.parameters, SavedSearch.people, SavedSearch.language,
        SavedSearch.created_at, SavedSearch.told_at, SavedSearch.stopped_at,
    )
    mine = kept.where(SavedSearch.email == person(session, person_id).email).order_by(SavedSearch.created_at)
    return {"saved_searches": plain_rows(session, mine)}


def _leaving(session: Session, person_id: UUID, now: datetime) -> Leaving:  # noqa: ARG001 - what every room takes
    mine = SavedSearch.email == person(session, person_id).email
    number = session.scalar(select(func.count()).select_from(SavedSearch).where(mine)) or 0
    return Leaving(goes=(Goes(_("je zoekvragen en wensen"), number, (delete(SavedSearch).where(mine),)),))


HELD: Final = PersonalData("search", frozenset({"saved_search"}), _read, _leaving)

RECORDS: Final[tuple[RecordClass, ...]] = (
    kept_for(
        timedelta(days=400), SearchEvent, name="Searches", since="the day",
        why="nobody's: no person, no address. A year and a month, because what is sought follows the school year",
        over=lambda before: SearchEvent.day < amsterdam_day(before),
    ),
    kept_for(
        timedelta(days=730), SavedSearch, name="Saved searches and wishes", since="they are saved",
        why="one asked to be told (AVG art. 6(1)(a)); who still wants it after so long saves it again",
        over=lambda before: SavedSearch.created_at <= before,
    ),
    kept_for(
        timedelta(hours=1), SavedSearch, name="Saved searches that were stopped", since="they are stopped", why="undoing a mistake",
        over=lambda before: SavedSearch.stopped_at <= before,
    ),
    kept_for(
        _WAITS, SavedSearch, name="Saved searches of an address that nobody confirmed", since="they are saved",
        why="the address may be a stranger's",
        over=lambda before: _UNANSWERED & (SavedSearch.kind == SavedKind.SEARCH) & (SavedSearch.created_at <= before),
    ),
    kept_for(
        _WAITS, SavedSearch, name="Wishes of an address that nobody confirmed", since="they are saved",
        why="the address may be a stranger's; the wish is demand, of nobody in particular",
        over=lambda before: _UNANSWERED & (SavedSearch.kind == SavedKind.WISH) & (SavedSearch.created_at <= before),
        without={"email": None, "state": SavedState.ACTIVE},
    ),
)
