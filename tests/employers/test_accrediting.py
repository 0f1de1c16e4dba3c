"""A company course goes to a level of NLQF step by step; the level counts for six years, and its end is told a year before."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.employers import rounds
from academy.employers.errors.requests import CourseNotFound, StageWrong
from academy.employers.events import LevelEnds
from academy.employers.kinds import CourseStage
from academy.employers.queries import courses
from academy.employers.rules import accrediting as rules
from academy.employers.service import accrediting
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database, set_database
from tests.employers.market import DAY, Firm, Market, listen, open_market

PATH = (CourseStage.VALIDITY_ASKED, CourseStage.VALIDITY_GRANTED, CourseStage.LEVEL_ASKED)
LINK = "https://example.org/dossier"


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    set_database(database)
    return open_market(database, now)


@pytest.fixture
def firm(market: Market) -> Firm:
    return market.firm()


def begin(market: Market, firm: Firm, **about: str) -> str:
    code: str = market.run(accrediting.begin_course, actor=firm.actor, organisation_id=firm.organisation_id, title="Veilig hijsen", **about)
    return code


def note(market: Market, firm: Firm, code: str, stage: CourseStage, **about: object) -> None:
    market.run(accrediting.note_stage, **{"actor": firm.actor, "code": code, "stage": stage, "on_day": amsterdam_day(market.now), "link": LINK} | about)


def facts(market: Market, firm: Firm, code: str) -> courses.CourseFacts:
    with market.database.reading() as session:
        return courses.course_to_keep(session, firm.actor, code)


def granted(market: Market, firm: Firm) -> str:
    code = begin(market, firm, nlqf="4")
    for stage in PATH:
        note(market, firm, code, stage)
    note(market, firm, code, CourseStage.LEVEL_GRANTED, nlqf="4+", register_code="NLQF-123")
    return code


def test_a_level_counts_for_six_years_from_the_day_it_was_granted(market: Market, firm: Firm) -> None:
    found, today = facts(market, firm, granted(market, firm)), amsterdam_day(market.now)
    assert (found.stage, found.nlqf, found.register_code, found.level_from) == (CourseStage.LEVEL_GRANTED, "4+", "NLQF-123", today)
    assert found.level_until == today.replace(year=today.year + 6) - DAY
    assert [stage for stage, _day, _link in found.steps] == [CourseStage.PREPARING, *PATH, CourseStage.LEVEL_GRANTED]


def test_who_is_refused_asks_again(market: Market, firm: Firm) -> None:
    code = begin(market, firm)
    for stage in (
        CourseStage.VALIDITY_ASKED, CourseStage.VALIDITY_REFUSED, *PATH, CourseStage.LEVEL_REFUSED, CourseStage.LEVEL_ASKED,
    ):
        note(market, firm, code, stage)
    assert facts(market, firm, code).stage is CourseStage.LEVEL_ASKED


def test_no_level_without_validity_first_nor_without_its_code_nor_on_a_day_to_come(market: Market, firm: Firm) -> None:
    code = begin(market, firm)
    with pytest.raises(StageWrong):
        note(market, firm, code, CourseStage.LEVEL_ASKED)
    with pytest.raises(StageWrong):
        note(market, firm, code, CourseStage.VALIDITY_ASKED, on_day=amsterdam_day(market.now) + DAY)
    with pytest.raises(StageWrong):
        note(market, firm, code, CourseStage.VALIDITY_ASKED, link="javascript:alert(1)")
    for stage in PATH:
        note(market, firm, code, stage)
    for wrong in ({"nlqf": "4+", "register_code": ""}, {"nlqf": "9", "register_code": "NLQF-123"}):
        with pytest.raises(StageWrong):
            note(market, firm, code, CourseStage.LEVEL_GRANTED, **wrong)


def test_its_keepers_are_reminded_once_a_year_before_the_level_ends(market: Market, firm: Firm) -> None:
    listen(LevelEnds)
    code = granted(market, firm)
    until = facts(market, firm, code).level_until
    assert until is not None
    first = rules.reminded_from(until)
    market.now += timedelta(days=(first - amsterdam_day(market.now)).days - 1)
    rounds.remind_of_levels(market.now)
    assert market.news(LevelEnds) == []
    market.now += DAY
    for _each in range(2):
        rounds.remind_of_levels(market.now)
    assert len(market.news(LevelEnds)) == 1


def test_a_level_that_is_assessed_again_does_not_count_until_it_is_granted_again(market: Market, firm: Firm) -> None:
    code = granted(market, firm)
    note(market, firm, code, CourseStage.LEVEL_ASKED)
    assert facts(market, firm, code).level_until is None


def test_a_course_is_for_its_keepers_only(market: Market, firm: Firm) -> None:
    code, other = begin(market, firm), market.firm()
    with pytest.raises(CourseNotFound):
        note(market, other, code, CourseStage.VALIDITY_ASKED)
    with pytest.raises(CourseNotFound):
        market.run(accrediting.begin_course, actor=other.actor, organisation_id=firm.organisation_id, title="Van een ander")


@given(st.dates(date(2000, 1, 1), date(2080, 12, 31)))
def test_a_level_counts_on_its_first_and_last_day_and_not_around_them(day: date) -> None:
    until = rules.valid_until(day)
    assert all(rules.is_valid(day, until, each) for each in (day, until))
    assert not any(rules.is_valid(day, until, each) for each in (day - DAY, until + DAY))
    assert 6 * 365 <= (until - day).days <= 6 * 365 + 2
    assert day < rules.reminded_from(until) < until


def test_every_stage_can_be_reached_and_left() -> None:
    reached = {stage for ways in rules.COURSE_WAYS.values() for stage in ways} | {CourseStage.PREPARING}
    assert (reached, set(rules.COURSE_WAYS)) == (set(CourseStage), set(CourseStage))
