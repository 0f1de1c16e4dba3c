"""The demo has enough providers in its programme for the rule, on any day that it is loaded, and a second load adds none."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.demo import load_demo, load_people
from academy.demo.taking_part import load_taking_part
from academy.kernel.clock import amsterdam_day
from academy.reports.facts import View
from academy.reports.kinds import ReadinessItem, Stage
from academy.reports.models import ParticipationStep
from academy.reports.queries.participation import participants, participation_section, rule_of


def loaded(session: Session, now: datetime) -> date:
    """Load the demo as far as it is needed; returns the day after."""
    load_demo(session, now=now, progress=lambda _done, _total: None)
    load_people(session, now=now)
    assert load_taking_part(session, now=now)
    return amsterdam_day(now) + timedelta(days=1)


@pytest.mark.parametrize("moment", [datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 12, 31, 23, 30, tzinfo=UTC)], ids=str)
def test_the_rule_is_met_and_the_two_schools_of_the_region_are_anchors_and_running(session: Session, moment: datetime) -> None:
    as_of = loaded(session, moment)
    there = {each.facts.slug: each.facts for each in participants(session, as_of=as_of)}
    assert {slug for slug, facts in there.items() if facts.is_anchor} == {"windesheim", "aeres"}
    assert all(there[slug].stage is Stage.RUNNING for slug in ("windesheim", "aeres"))
    assert {slug for slug, facts in there.items() if facts.stage is Stage.DECLARED} == {"roc-flevoland", "helsinki", "landstede"}
    rule = rule_of(list(there.values()))
    assert (rule.large, rule.domestic, rule.foreign, rule.is_met) == (4, 3, 1, True)
    assert there["windesheim"].ready[ReadinessItem.AGREEMENT]
    assert all(there[slug].ready[ReadinessItem.CLASSES] for slug in ("windesheim", "aeres"))
    year = str(amsterdam_day(moment).year)
    section = participation_section(session, view=View(year), from_on=date(int(year), 1, 1), until_on=date(int(year), 12, 31), as_of=as_of)
    assert section.sentences[-1].nl == "De regel is gehaald."


def test_a_second_load_adds_nobody(session: Session, now: datetime) -> None:
    loaded(session, now)
    number = session.scalar(select(func.count(ParticipationStep.id)))
    assert not load_taking_part(session, now=now)
    assert session.scalar(select(func.count(ParticipationStep.id))) == number == 10
