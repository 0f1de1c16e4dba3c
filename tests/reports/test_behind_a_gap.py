"""The rows behind a gap: what firms asked, which groups gather, what is planned, and of people only numbers that tell of ten at least."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from academy.accounts.models import SizeClass
from academy.catalogue.models import DeliveryMode, OfferingState, PublicationState
from academy.employers.kinds import DemandState, PoolState
from academy.kernel.clock import amsterdam_day
from academy.recognition.kinds import Judgement
from academy.reports.facts import View
from academy.reports.kinds import Source
from academy.reports.queries.drilling import Behind, behind_gap, parts_told
from tests.reports.celled import Cells
from tests.reports.world import ALMERE, CLOUD, WELDING, Rows

AS_OF = date(2026, 9, 1)
NOW = View("2026-3")
Queries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def before(now: datetime) -> datetime:
    """Return a moment that was counted: yesterday."""
    return now - timedelta(days=1)


def told(session: Session, *sources: Source) -> None:
    """Let the cells tell how many people these sources count."""
    for source in sources:
        for period in ("2026-3", "2026"):
            Cells(session, period).cell(CLOUD, source=source, people=30)


def behind(session: Session, view: View = NOW, skill: str = CLOUD) -> Behind:
    return behind_gap(session, view, skill, as_of=AS_OF)


def test_firms_are_named_with_their_demand_and_people_never_are(session: Session, rows: Rows, before: datetime) -> None:
    rows.skills()
    firm = rows.firm("ict")
    rows.demand(CLOUD, firm=firm, people=4, postcode="1322", at=before)
    rows.demand(CLOUD, at=before)
    rows.demand(CLOUD, firm=rows.firm(size=SizeClass.ALONE), at=before)
    rows.demand(CLOUD, firm=rows.firm(size=None), people=1, at=before)
    rows.demand(WELDING, firm=rows.firm(), at=before)
    (found,) = behind(session).demands
    assert (found.firm.startswith("Bedrijf"), found.people, found.area, found.on, found.state) == (True, 4, "13", amsterdam_day(before), DemandState.OPEN)
    assert found.code


def test_demand_counts_as_long_as_it_stands_and_what_is_over_leads_to_no_call(session: Session, rows: Rows, now: datetime) -> None:
    rows.skills()
    long_ago = now - timedelta(days=200)
    rows.demand(CLOUD, firm=rows.firm(), at=long_ago)
    rows.demand(CLOUD, firm=rows.firm(), at=long_ago, state=DemandState.LAPSED, ended_at=now - timedelta(days=20))
    rows.demand(CLOUD, firm=rows.firm(), at=long_ago, state=DemandState.LAPSED, ended_at=now - timedelta(days=150))
    rows.demand(CLOUD, firm=rows.firm(), at=long_ago, state=DemandState.WITHDRAWN, ended_at=now)
    rows.demand(CLOUD, firm=rows.firm(), state=DemandState.UNPROVEN)
    rows.demand(CLOUD, firm=rows.firm(), at=now)
    assert sorted(bool(each.code) for each in behind(session).demands) == [False, True]
    assert len(behind(session, View("2026-2")).demands) == 3


def test_an_area_and_a_sector_leave_out_the_rest(session: Session, rows: Rows, before: datetime) -> None:
    rows.skills()
    for postcode, sector in (("1322", "ict"), ("1322", "zorg"), ("8232", "ict"), ("", "")):
        rows.demand(CLOUD, firm=rows.firm(sector), postcode=postcode, at=before)
    rows.pool(CLOUD, area="13")
    rows.pool(CLOUD, area="82")
    assert len(behind(session).demands) == 4
    assert len(behind(session, View("2026-3", "13")).demands) == 2
    assert [each.area for each in behind(session, View("2026-3", "")).demands] == [""]
    assert len(behind(session, View("2026-3", "13", "ict")).demands) == 1
    assert len(behind(session, View("2026-3", "13", "c:ict-media")).demands) == 1
    assert [each.area for each in behind(session, View("2026-3", "82")).pools] == ["82"]


def test_groups_are_found_by_their_skill_or_by_their_module(session: Session, rows: Rows) -> None:
    rows.skills()
    module = rows.module(CLOUD)
    rows.pool(module_id=module, area="82")
    rows.pool(CLOUD)
    rows.pool(CLOUD, state=PoolState.LAPSED)
    rows.pool(WELDING)
    rows.pool(f"{CLOUD}-more")
    assert len(behind(session).pools) == 2
    assert len(behind(session, skill=f"module:{module.hex}").pools) == 1


def test_classes_that_begin_in_time_tell_how_many_seats_are_free(session: Session, rows: Rows, now: datetime) -> None:
    rows.skills()
    module, today = rows.module(CLOUD), amsterdam_day(now)
    rows.offering(module, starts_on=today + timedelta(days=20), seats=20, taken=15, at=ALMERE, sponsored=4)
    rows.offering(module, starts_on=today + timedelta(days=30), seats=12, taken=None, mode=DeliveryMode.ONLINE)
    rows.offering(module, starts_on=date(2027, 4, 1))
    rows.offering(module, starts_on=date(2026, 6, 30))
    rows.offering(module, state=OfferingState.CANCELLED)
    rows.offering(rows.module(CLOUD, state=PublicationState.DRAFT))
    found = behind(session)
    assert [(each.seats, each.free, each.is_online) for each in found.classes] == [(20, 1, False), (12, 12, True)]
    assert [each.is_public for each in found.modules] == [True, False]


def test_only_words_that_were_asked_often_enough_are_told(session: Session, rows: Rows, before: datetime) -> None:
    rows.skills()
    rows.name(CLOUD, "Wolken beheren")
    yesterday = amsterdam_day(before)
    rows.searches("wolken beheren", 2, on=yesterday)
    rows.searches("wolken beheren", 1, on=yesterday - timedelta(days=1), hits=9, looser=True)
    rows.searches("wolken beheren", 4, on=yesterday, hits=9)
    rows.name(CLOUD, "In de wolken")
    rows.searches("in de wolken", 1, on=yesterday)
    rows.searches("in de wolken", 1, on=yesterday - timedelta(days=1))
    rows.searches("cloudbeheer", 9, on=yesterday)
    rows.searches("lassen", 3, on=yesterday)
    rows.searches("lassen", 3, on=yesterday - timedelta(days=1))
    assert behind(session).words == (("wolken beheren", 3),)


def test_of_what_was_refused_and_blocked_only_ten_people_or_more_are_told(session: Session, rows: Rows, before: datetime) -> None:
    rows.skills()
    told(session, Source.REFUSED, Source.BLOCKED)
    module, other = rows.module(CLOUD), rows.module(CLOUD)
    outcome = rows.outcome(module, CLOUD, position=2)
    for number in range(12):
        person = rows.person()
        decision = rows.refused(outcome, module, by=person, at=before)
        if number == 0:  # the newest decision counts, once
            rows.refused(outcome, module, by=person, at=before, judgement=Judgement.PARTLY, replaces=decision)
        rows.blocked(module_id=module, pathway_id=rows.pathway(person), at=before)
    rows.refused(outcome, module, at=before, judgement=Judgement.YES)
    for _each in range(9):
        rows.blocked(module_id=other, at=before)
    rows.blocked(skill=CLOUD, at=before)
    rows.blocked(module_id=module, at=before - timedelta(days=400))
    found = behind(session)
    assert [(text.nl, people) for text, _name, people in found.refused] == [("Je kunt het.", 10)]
    assert found.blocked == ((module, 10),)


def test_who_was_recognised_later_is_not_counted_as_refused(session: Session, rows: Rows, before: datetime) -> None:
    rows.skills()
    told(session, Source.REFUSED)
    module = rows.module(CLOUD)
    outcome = rows.outcome(module, CLOUD, position=2)
    people = [rows.person() for _each in range(10)]
    decisions = [rows.refused(outcome, module, by=person, at=before) for person in people]
    assert len(behind(session).refused) == 1
    rows.refused(outcome, module, by=people[0], at=before, judgement=Judgement.YES, replaces=decisions[0])
    assert behind(session).refused == ()


def test_numbers_of_people_are_the_same_whatever_area_or_period_is_looked_at(session: Session, rows: Rows, before: datetime) -> None:
    rows.skills()
    told(session, Source.BLOCKED)
    for number in range(20):
        rows.blocked(skill=CLOUD, at=before, area="13" if number < 15 else "82")
    views = (NOW, View("2026"), View("2026-3", "13"), View("2026-3", "82"), View("2026-2", "*", "ict"))
    assert {behind(session, view).blocked for view in views} == {((None, 20),)}


@pytest.mark.parametrize("hidden", ["2026-3", "2026"])
def test_where_the_cells_hide_a_source_nothing_that_adds_up_to_it_is_told(session: Session, rows: Rows, before: datetime, hidden: str) -> None:
    rows.skills()
    for _each in range(20):
        rows.blocked(skill=CLOUD, at=before)
    for period in ("2026-3", "2026"):
        Cells(session, period).cell(CLOUD, source=Source.BLOCKED, people=None if period == hidden else 20)
    assert behind(session).blocked == ()
    assert behind(session, View("2025")).blocked == ()


@given(st.dictionaries(st.integers(0, 30), st.integers(1, 40), max_size=8))
def test_what_is_left_of_parts_that_are_told_is_never_one_to_nine(numbers: dict[int, int]) -> None:
    told = parts_told(numbers)
    left = sum(number for kind, number in numbers.items() if kind not in told)
    assert not 0 < left < 10 or not told
    assert all(numbers[kind] >= 10 and shown % 5 == 0 and abs(shown - numbers[kind]) <= 2 for kind, shown in told.items())
    assert list(told.values()) == sorted(told.values(), reverse=True)


def test_the_figures_are_those_of_the_cells_and_what_is_not_there_is_hidden(session: Session, rows: Rows) -> None:
    rows.skills()
    cells = Cells(session)
    cells.cell(CLOUD, people=40, seats=15, score=53)
    cells.cell(CLOUD, period="2026-2", people=20)
    cells.cell(CLOUD, source=Source.WAITING, people=35)
    found = behind(session)
    assert found.gap.label.en == "cloud management"
    assert (found.gap.cell.wanted, found.gap.before and found.gap.before.wanted) == (55, 20)
    assert {source: cell.people for source, cell in found.sources.items() if cell.people is not None} == {Source.WAITING: 35}
    assert behind(session, View("2026-3", "82")).gap.cell.people is None


def test_whatever_stands_behind_a_gap_it_takes_thirteen_statements(session: Session, rows: Rows, before: datetime, queries: Queries) -> None:
    rows.skills()
    module = rows.module(CLOUD)
    for _each in range(5):
        rows.demand(CLOUD, firm=rows.firm(), at=before)
        rows.pool(CLOUD)
        rows.offering(module)
    with queries(13):
        assert len(behind(session).classes) == 5
