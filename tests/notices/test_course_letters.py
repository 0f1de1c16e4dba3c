"""The letter that the level of a company course ends: to who keeps it, in their language, and not once it was asked for again."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from academy.accounts.api import Actor, Role
from academy.employers import api as employers
from academy.employers.kinds import CourseStage
from academy.employers.models import CompanyCourse
from academy.employers.service import accrediting
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests.employers.market import DAY, Market, open_market
from tests.notices.tailored import LURE, colleague, letters

PATH = (CourseStage.VALIDITY_ASKED, CourseStage.VALIDITY_GRANTED, CourseStage.LEVEL_ASKED)


@pytest.fixture(autouse=True)
def _in_application(app: Flask) -> Iterable[None]:
    with app.app_context():
        yield


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


def course(market: Market, keeper: Actor, organisation_id: UUID | None) -> tuple[UUID, str]:
    """Let a course of an organisation have a level; returns the course and its number."""
    code: str = market.run(accrediting.begin_course, actor=keeper, organisation_id=organisation_id, title=LURE)
    for stage in (*PATH, CourseStage.LEVEL_GRANTED):
        level = {"nlqf": "5", "register_code": "NLQF-1"} if stage is CourseStage.LEVEL_GRANTED else {}
        market.run(accrediting.note_stage, actor=keeper, code=code, stage=stage, on_day=amsterdam_day(market.now), **level)
    with market.database.reading() as session:
        return session.scalars(select(CompanyCourse.id).where(CompanyCourse.code == code)).one(), code


def test_who_acts_for_the_firm_hears_until_when_and_that_an_assessment_takes_months(market: Market) -> None:
    firm = market.firm()
    owner = colleague(market, firm.organisation_id, Role.OWNER, language="en")
    colleague(market, firm.organisation_id, Role.READER)
    course_id, code = course(market, firm.actor, firm.organisation_id)
    told = letters(market, employers.LevelEnds(course_id))
    assert {to: letter.language for to, letter in told.items()} == {firm.actor.email: "nl", owner: "en"}
    for words in ("geldt tot en met di 31 augustus 2032", "duurt maanden", f"/nl/courses/{code}"):
        assert words in told[firm.actor.email].text


def test_at_a_provider_its_owners_and_editors_hear_it_and_its_planners_do_not(market: Market) -> None:
    editor = colleague(market, market.provider_id, Role.EDITOR)
    firm = market.firm()
    course_id, _code = course(market, firm.actor, firm.organisation_id)
    with market.database.writing() as session:
        session.execute(update(CompanyCourse).where(CompanyCourse.id == course_id).values(organisation_id=market.provider_id))
    assert set(letters(market, employers.LevelEnds(course_id))) == {editor}


def test_a_level_that_ended_was_asked_for_again_or_is_gone_is_not_told(market: Market) -> None:
    firm = market.firm()
    course_id, code = course(market, firm.actor, firm.organisation_id)
    assert letters(market, employers.LevelEnds(course_id), now=market.now + 6 * 366 * DAY) == {}
    market.run(accrediting.note_stage, actor=firm.actor, code=code, stage=CourseStage.LEVEL_ASKED, on_day=amsterdam_day(market.now))
    assert letters(market, employers.LevelEnds(course_id)) == {}
    assert letters(market, employers.LevelEnds(new_id())) == {}
