"""The demo has gaps to look at, some of too few people to be told, over more than a year; loaded once."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.demo import load, load_demo, load_people
from academy.demo.demand import load_demand
from academy.demo.waiting import load_waiting
from academy.kernel import uploads
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.db import Database
from academy.pathways.models import RouteBlocker
from academy.reports.kinds import EVERY, MODULE, Source
from academy.reports.models import ReportCell
from academy.reports.rules.quarters import before, quarter_of, year_of
from academy.reports.service.rolling import roll_up
from academy.search.models import SavedKind, SavedSearch

_GAPS = {
    ("windesheim", "ENG-07"): 70, ("windesheim", "BOU-04"): 40, ("windesheim", "BOU-11"): 35, ("windesheim", "ENG-06"): 35, ("landstede", "LOS-03"): 30,
    ("windesheim", "ICT-06"): 65,
}
_NO_GAP = {("roc-flevoland", "ICT-07"): 25}
_FEW = [("windesheim", "BOU-02"), ("windesheim", "ENG-08"), ("windesheim", "ICT-08"), ("windesheim", "ICT-12"), ("landstede", "RET-05")]
_POOLS = [("roc-flevoland", "LOS-08"), ("windesheim", "ENG-01"), ("windesheim", "BOU-01")]


def test_the_demo_has_routes_that_are_blocked_in_five_quarters_and_wishes_once(session: Session, now: datetime) -> None:
    load_demo(session, now=now, progress=lambda _done, _total: None)
    load_people(session, now=now)
    assert load_demand(session, now=now)
    assert not load_demand(session, now=now)
    assert load_waiting(session, now=now)
    assert not load_waiting(session, now=now)
    found = session.execute(
        select(RouteBlocker.subject, func.count()).where(RouteBlocker.found_at > now - timedelta(days=3)).group_by(RouteBlocker.subject),
    ).all()
    numbers = sorted(number for _subject, number in found)
    assert numbers[-7:] == [26, 30, 33, 34, 41, 46, 48]
    assert len(numbers[:-7]) == 10
    assert all(5 <= number < 10 for number in numbers[:-7]), "too few to be told"
    oldest = session.scalar(select(func.min(RouteBlocker.found_at)))
    assert oldest is not None
    assert timedelta(days=300) < now - oldest < timedelta(days=460)
    wishes = select(func.count(SavedSearch.id)).where(SavedSearch.kind == SavedKind.WISH)
    assert session.scalar(wishes.where(SavedSearch.email.is_not(None))) == 12
    assert session.scalar(wishes.where(SavedSearch.email.is_(None))) == 12, "of nobody, so they count as searches"


@pytest.mark.parametrize("moment", [datetime(2026, 11, 23, 12, tzinfo=AMSTERDAM), datetime(2027, 1, 20, 12, tzinfo=AMSTERDAM)], ids=str)
def test_the_gaps_are_told_and_their_growth_and_the_long_tail_is_not(database: Database, moment: datetime, tmp_path: Path) -> None:
    uploads.set_folder(uploads.UploadFolder(tmp_path / "files"))
    load(now=moment, progress=lambda _done, _total: None)
    quarter = quarter_of(amsterdam_day(moment))
    for _days in range(2):  # the day after, what people did on the day itself counts too
        with database.writing() as session:
            roll_up(session, as_of=amsterdam_day(moment), now=moment)
            _read(session, quarter)
        moment += timedelta(days=1)


def _read(session: Session, quarter: str) -> None:
    cells = {(each.period, each.skill, each.area): each for each in session.scalars(select(ReportCell).where(ReportCell.sector == EVERY, ReportCell.source == EVERY))}
    everything = [*_GAPS, *_NO_GAP, *_FEW, *_POOLS]
    subjects = {name: f"{MODULE}{key.hex}" for name, key in catalogue.modules_by_name(session, everything).items()}
    told = {key: each.people for key, each in cells.items()}
    now, earlier = ({name: told.get((period, subjects[name], EVERY)) for name in everything} for period in (quarter, before(quarter)))
    assert {name: now[name] for name in (*_GAPS, *_NO_GAP)} == _GAPS | _NO_GAP
    assert all(cells[quarter, subjects[name], EVERY].score > 0 for name in _GAPS)
    assert all(earlier[name] for name in _GAPS), "so that growth can be drawn"
    assert not any(now[name] or earlier[name] for name in _FEW)
    for name, people, people_before in ((("windesheim", "ENG-07"), 70, 55), (("windesheim", "BOU-04"), 40, 45)):
        in_area = [told.get((period, subjects[name], "13")) for period in (quarter, before(quarter), year_of(quarter))]
        assert in_area[:2] == [people, people_before]
        assert (in_area[2] or 0) >= people
    pools = [cells[quarter, subjects[name], EVERY].seats for name in _POOLS if (quarter, subjects[name], EVERY) in cells]
    assert pools in ([10, 10], [10, 10, 10]), "what firms ask for is told too; one pool is of the day itself"
    largest = cells[quarter, subjects["windesheim", "ENG-07"], EVERY]
    assert (largest.seats, largest.urgency, (largest.cents or 0) > 10_000_00) == (20, 130, True)
    assert 2 * largest.score > 3 * ((largest.people or 0) + (largest.seats or 0) - largest.free), "urgent and paid, so it counts more than once"
    told_of = select(ReportCell.source, ReportCell.period, ReportCell.people, ReportCell.searches).where(
        ReportCell.skill == EVERY, ReportCell.area == EVERY, ReportCell.sector == EVERY,
    )
    by_source = {(source, period): (people or 0, searches) for source, period, people, searches in session.execute(told_of)}
    assert by_source[Source.BLOCKED, quarter][0] > 250, "where most of it comes from"
    line = [by_source[Source.WAITING, period][0] for period in (before(before(quarter)), before(quarter), quarter)]
    assert 10 <= line[0] < line[1] < line[2], "a line that grew over three quarters"
    assert sum(by_source[Source.SEARCH, period][1] for period in (before(quarter), quarter) if (Source.SEARCH, period) in by_source) == 12
