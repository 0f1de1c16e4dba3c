"""The demo has opinions to show: reviews of modules, a monitor for the office, and questions that somebody can still answer; whatever the day of loading."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.api import register_person
from academy.demo import load_demo, load_learning, load_money, load_paid_year, load_people
from academy.demo.experience import load_experience
from academy.demo.learning import LOTTE
from academy.kernel.clock import amsterdam_day
from academy.reports.facts import View
from academy.reports.models import Questionnaire, QuestionnaireAnswer, QuestionnaireInvite
from academy.reports.queries.experience import experience_section
from academy.reports.queries.reviews import reviews_of
from academy.reports.rules.quarters import before, first_day, last_day, quarter_of
from academy.reports.sources.experience import classes_started


def house(session: Session, now: datetime) -> None:
    load_demo(session, now=now, progress=lambda _done, _total: None)
    for load in (load_people, load_money, load_learning, load_paid_year, load_experience):
        load(session, now=now)
    session.flush()


@pytest.mark.parametrize("now", [datetime(2026, 9, 1, 9, tzinfo=UTC), datetime(2027, 1, 1, 9, tzinfo=UTC)], ids=["in the middle of a quarter", "on its first day"])
def test_there_is_something_to_read_and_something_to_answer(session: Session, now: datetime) -> None:
    house(session, now)
    today = amsterdam_day(now)
    cohort = before(before(quarter_of(today)))
    found = experience_section(session, view=View(cohort), from_on=first_day(cohort), until_on=last_day(cohort), as_of=today)
    tables = {table.name: table.rows for table in found.tables}
    learners = [row for row in tables["asked"] if row[3] == 10]
    assert len(learners) == 2, "both waves of the class of that quarter may be told"
    assert all(score for *_before, score in learners)
    (_cohort, noted, attendance, graded, passed), = tables["outcomes"]
    assert (noted, graded) == (10, 10)
    assert isinstance(attendance, int)
    assert 750 <= attendance < 1000
    assert passed
    slugs = {each.module_slug for each in classes_started(session, from_on=first_day(cohort), until_on=last_day(cohort))}
    assert any(found.answered == found.graded == 10 and found.passed for found in (reviews_of(session, slug, now=now) for slug in slugs))
    name, email = LOTTE
    lotte = register_person(session, email=email, name=name, password=None, language="nl", now=now)
    open_ones = session.scalars(select(QuestionnaireInvite).join(Questionnaire).where(QuestionnaireInvite.person_id == lotte, Questionnaire.closes_on >= today))
    assert [each.answered_at for each in open_ones] == [None]


def test_loading_twice_asks_nobody_again(session: Session, now: datetime) -> None:
    house(session, now)
    kept = [session.scalar(select(func.count()).select_from(table)) for table in (Questionnaire, QuestionnaireInvite, QuestionnaireAnswer)]
    assert load_experience(session, now=now) is False
    assert kept == [session.scalar(select(func.count()).select_from(table)) for table in (Questionnaire, QuestionnaireInvite, QuestionnaireAnswer)]
