"""A company course goes to a level of NLQF step by step; the level counts for six years, and its end is told a year before."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from academy.accounts.models import TrailEntry
from academy.employers import rounds
from academy.employers.errors.requests import CourseNotFound, StageWrong
from academy.employers.events import LevelEnds
from academy.employers.kinds import CourseStage
from academy.employers.queries import courses
from academy.employers.rules import accrediting as rules
from academy.employers.service import accrediting
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database, set_database
from academy.kernel.ids import new_id
from tests.employers.market import DAY, Firm, Market, listen, open_market
from tests.enrolment.races import at_the_same_time

PATH = (CourseStage.VALIDITY_ASKED, CourseStage.VALIDITY_GRANTED, CourseStage.LEVEL_ASKED)
LINK = "https://example.org/dossier"


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    set_database(database)
    return open_market(database, now)


@pytest.fixture
def firm(market: Market) -> Firm:
    return market.firm()


def begin(market: Market, firm: Firm, **about: object) -> str:
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
    assert [step.stage for step in found.steps] == [CourseStage.PREPARING, *PATH, CourseStage.LEVEL_GRANTED]


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


def step_ids(market: Market, firm: Firm, code: str) -> list[UUID]:
    return [step.id for step in facts(market, firm, code).steps]


def take_back(market: Market, firm: Firm, code: str, step_id: UUID) -> None:
    market.run(accrediting.take_back_step, actor=firm.actor, code=code, step_id=step_id)


def test_a_course_begun_twice_with_one_key_is_one_and_the_key_of_another_opens_nothing(market: Market, firm: Firm) -> None:
    key, other = new_id(), market.firm()
    assert begin(market, firm, request_key=key) == begin(market, firm, request_key=key)
    with market.database.reading() as session:
        assert firm.organisation_id is not None
        assert [len(one.steps) for one in courses.courses_of(session, firm.organisation_id)] == [1]
    with pytest.raises(CourseNotFound):
        begin(market, other, request_key=key)


def test_the_same_step_noted_twice_is_one_step(market: Market, firm: Firm) -> None:
    code = begin(market, firm)
    for _each in range(2):
        note(market, firm, code, CourseStage.VALIDITY_ASKED)
    assert len(step_ids(market, firm, code)) == 2


def test_a_step_is_not_before_the_one_before_it_but_may_be_before_it_was_followed_here(market: Market, firm: Firm) -> None:
    code, today = begin(market, firm), amsterdam_day(market.now)
    note(market, firm, code, CourseStage.VALIDITY_ASKED, on_day=today - 5 * DAY)
    with pytest.raises(StageWrong):
        note(market, firm, code, CourseStage.VALIDITY_GRANTED, on_day=today - 6 * DAY)
    note(market, firm, code, CourseStage.VALIDITY_GRANTED, on_day=today - 5 * DAY)


def test_every_step_can_be_taken_back_down_to_having_begun_and_all_stay_written_down(market: Market, firm: Firm) -> None:
    code = granted(market, firm)
    for stage in (*reversed(PATH), CourseStage.PREPARING):
        take_back(market, firm, code, step_ids(market, firm, code)[-1])
        found = facts(market, firm, code)
        assert (found.stage, found.steps[-1].stage, found.level_until) == (stage, stage, None)
    found = facts(market, firm, code)
    assert (found.nlqf, found.register_code) == ("4", "")  # as it was hoped for
    assert [step.stage for step, _at in found.taken_back] == [*PATH, CourseStage.LEVEL_GRANTED]
    with pytest.raises(StageWrong):
        take_back(market, firm, code, found.steps[-1].id)
    note(market, firm, code, CourseStage.VALIDITY_ASKED)
    assert facts(market, firm, code).stage is CourseStage.VALIDITY_ASKED


def test_a_level_counts_again_as_it_was_when_what_came_after_it_is_taken_back(market: Market, firm: Firm) -> None:
    code = granted(market, firm)
    before = facts(market, firm, code)
    note(market, firm, code, CourseStage.LEVEL_ASKED)
    note(market, firm, code, CourseStage.LEVEL_GRANTED, nlqf="5", register_code="NLQF-456")
    for _each in range(2):
        take_back(market, firm, code, step_ids(market, firm, code)[-1])
    assert replace(facts(market, firm, code), taken_back=()) == before


def test_only_the_last_step_is_taken_back_once_and_by_its_keepers(market: Market, firm: Firm) -> None:
    code, other = granted(market, firm), market.firm()
    *_before, asked, last = step_ids(market, firm, code)
    with pytest.raises(StageWrong):
        take_back(market, firm, code, asked)
    with pytest.raises(CourseNotFound):
        take_back(market, other, code, last)
    for _each in range(2):  # a double press takes back no second step
        take_back(market, firm, code, last)
    assert step_ids(market, firm, code)[-1] == asked
    with market.database.reading() as session:
        (entry,) = session.scalars(select(TrailEntry).where(TrailEntry.act == "company-course-step-taken-back")).all()
    assert (entry.actor_id, entry.organisation_id) == (firm.actor.person_id, firm.organisation_id)
    assert entry.details == {"stage": "level-granted", "again": "level-asked"}


def test_the_same_form_sent_twice_at_once_begins_one_course(market: Market, firm: Firm) -> None:
    assert firm.organisation_id is not None
    act = partial(
        accrediting.begin_course, actor=firm.actor, organisation_id=firm.organisation_id, title="Veilig hijsen", request_key=new_id(), now=market.now,
    )
    assert at_the_same_time(market.database, act, act) == "done"
    with market.database.reading() as session:
        assert [len(one.steps) for one in courses.courses_of(session, firm.organisation_id)] == [1]


def test_of_two_answers_at_once_one_counts_and_the_other_hears_it_and_the_same_answer_twice_is_one(market: Market, firm: Firm) -> None:
    for other, heard in ((CourseStage.VALIDITY_REFUSED, "stage-wrong"), (CourseStage.VALIDITY_GRANTED, "done")):
        code = begin(market, firm)
        note(market, firm, code, CourseStage.VALIDITY_ASKED)
        first, second = (
            partial(accrediting.note_stage, actor=firm.actor, code=code, stage=stage, on_day=amsterdam_day(market.now), now=market.now)
            for stage in (CourseStage.VALIDITY_GRANTED, other)
        )
        assert at_the_same_time(market.database, first, second) == heard
        assert [step.stage for step in facts(market, firm, code).steps] == [CourseStage.PREPARING, CourseStage.VALIDITY_ASKED, CourseStage.VALIDITY_GRANTED]


def test_a_step_that_is_taken_back_twice_at_once_is_taken_back_once(market: Market, firm: Firm) -> None:
    code = granted(market, firm)
    act = partial(accrediting.take_back_step, actor=firm.actor, code=code, step_id=step_ids(market, firm, code)[-1], now=market.now)
    assert at_the_same_time(market.database, act, act) == "done"
    found = facts(market, firm, code)
    assert (found.stage, len(found.taken_back)) == (CourseStage.LEVEL_ASKED, 1)


@given(st.dates(date(2000, 1, 1), date(2080, 12, 31)), st.integers(0, 4000))
def test_whole_months_are_the_most_that_fit_between_two_days(first: date, days: int) -> None:
    last = first + days * DAY
    months = rules.whole_months(first, last)
    year, month = divmod(first.month - 1 + months, 12)
    reached, beyond = ((first.year + (month + more) // 12 + year, (month + more) % 12 + 1, first.day) for more in (0, 1))
    assert reached <= (last.year, last.month, last.day) < beyond


@given(st.dates(date(2000, 1, 1), date(2080, 12, 31)))
def test_a_level_counts_on_its_first_and_last_day_and_not_around_them(day: date) -> None:
    until = rules.valid_until(day)
    assert all(rules.is_valid(day, until, each) for each in (day, until))
    assert not any(rules.is_valid(day, until, each) for each in (day - DAY, until + DAY))
    assert 6 * 365 <= (until - day).days <= 6 * 365 + 2
    assert day < rules.reminded_from(until) < until


def test_the_picture_in_the_document_is_that_of_the_code() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "employers.md").read_text()
    drawn = re.findall(r"^    (\w+|\[\*\]) --> (\w+)$", page.split("## Company courses\n")[1].split("\n## ")[0], re.MULTILINE)
    ways = [(was.name.lower(), becomes.name.lower()) for was, follow in rules.COURSE_WAYS.items() for becomes in follow]
    assert sorted(drawn) == sorted([("[*]", "preparing"), *ways])


def test_every_stage_can_be_reached_and_left() -> None:
    reached = {stage for ways in rules.COURSE_WAYS.values() for stage in ways} | {CourseStage.PREPARING}
    assert (reached, set(rules.COURSE_WAYS)) == (set(CourseStage), set(CourseStage))
