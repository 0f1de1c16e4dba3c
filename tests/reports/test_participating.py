"""The programme office knows who takes part and how far, whether the rule is met, and what a provider still needs; nobody else does.

    mutation                                                      red
    the UPDATE of `_write` without `changed_at == seen`           what a colleague noted in between is overwritten
    `on_conflict_do_nothing` of `_write` without its returning    two who enter a provider at once both hear that it is done
"""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts import service as accounts
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.accounts.models import TrailEntry
from academy.catalogue import api as catalogue
from academy.catalogue.models import LearningOutcome, Module, OutcomeSkill
from academy.enrolment.kinds import ResultScale
from academy.enrolment.models import Enrolment, Result
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.kernel.text import Localized
from academy.reports.errors import DayAhead, ParticipationChanged, ReasonMissing
from academy.reports.facts import ParticipationRule, Section, View
from academy.reports.kinds import ReadinessItem, Stage
from academy.reports.models import Participation, ParticipationStep, ReadinessTick
from academy.reports.queries.participation import others_named, overview, participation_section, provider_in_view
from academy.reports.rules.participating import StageChange, Supplied, goes_back, large_of, ready
from academy.reports.service.participating import change_stage, tick_item
from academy.skills.models import ConceptStatus, Skill, SkillKind
from tests import builders
from tests.enrolment.races import at_the_same_time

DAY = date(2026, 9, 1)  # of the fixture `now`
AS_OF = date(2026, 9, 2)
LARGE = StageChange(Stage.DECLARED, DAY, is_large=True)


def office(session: Session, now: datetime) -> Actor:
    there = accounts.register_organisation(session, slug="bureau", name="Bureau", kind=OrganisationKind.OFFICE)
    actor = builders.actor(session, now, name="Otto")
    accounts.add_membership(session, person_id=actor.person_id, organisation_id=there, role=Role.OFFICE)
    return actor


def provider(session: Session, slug: str, *, country: str = "NL") -> UUID:
    return catalogue.register_provider(session, catalogue.ProviderDraft(slug=slug, name=slug.title(), kind=catalogue.ProviderKind.HBO, city="Stad", country=country))


def take_part(session: Session, actor: Actor, now: datetime, slug: str, change: StageChange = LARGE, *, country: str = "NL") -> None:
    provider(session, slug, country=country)
    seen = provider_in_view(session, actor, slug, as_of=AS_OF).changed_at
    change_stage(session, actor=actor, provider_slug=slug, change=change, seen=seen, now=now)
    session.flush()


def section(session: Session, *, until_on: date = date(2026, 12, 31), as_of: date = AS_OF) -> Section:
    return participation_section(session, view=View("2026"), from_on=date(2026, 1, 1), until_on=until_on, as_of=as_of)


# The rule


@given(st.lists(st.tuples(st.sampled_from(Stage), st.sampled_from(["NL", "FI", "US"]), st.booleans())))
def test_only_large_providers_that_said_yes_count_for_the_rule(there: list[tuple[Stage, str, bool]]) -> None:
    counted = [(country, stage) for stage, country, is_large in there if is_large and stage is not Stage.EXPLORING]
    large, domestic, foreign = large_of(there)
    assert (large, domestic) == (len(counted), len([one for one in counted if one[0] == "NL"]))
    assert domestic + foreign == large


@pytest.mark.parametrize(("large", "domestic", "foreign", "is_met"), [
    (3, 2, 1, True), (4, 2, 2, True), (3, 3, 0, False), (3, 1, 2, False), (2, 1, 1, False), (0, 0, 0, False),
])
def test_three_large_providers_are_enough_when_two_are_domestic_and_one_is_foreign(large: int, domestic: int, foreign: int, is_met: bool) -> None:
    assert ParticipationRule(large, domestic, foreign).is_met is is_met


def test_a_step_back_is_one_that_gets_less_far() -> None:
    assert goes_back(Stage.RUNNING, Stage.DECLARED)
    assert not goes_back(Stage.RUNNING, Stage.STRUCTURAL)
    assert not goes_back(Stage.RUNNING, Stage.RUNNING)
    assert not goes_back(None, Stage.EXPLORING)


def test_skills_and_prices_have_to_be_with_every_module() -> None:
    found = ready(Supplied(members=1, modules=3, with_skills=2, with_price=3, fed=1), {ReadinessItem.CONTACT})
    assert {item for item, is_there in found.items() if is_there} == {ReadinessItem.CONTACT, ReadinessItem.MEMBERS, ReadinessItem.MODULES, ReadinessItem.PRICES, ReadinessItem.FEED}
    assert set(found) == set(ReadinessItem)
    assert not any(ready(Supplied(), ()).values())


# Changing


def test_how_far_a_provider_is_stays_with_its_history(session: Session, now: datetime) -> None:
    actor = office(session, now)
    take_part(session, actor, now, "windesheim", StageChange(Stage.EXPLORING, date(2026, 3, 1), note="Eerste gesprek"))
    take_part(session, actor, now + timedelta(hours=1), "windesheim", StageChange(Stage.RUNNING, DAY, is_large=True, is_anchor=True))
    found = provider_in_view(session, actor, "windesheim", as_of=AS_OF)
    assert found.participant is not None
    facts = found.participant.facts
    assert (facts.stage, facts.since, facts.is_large, facts.is_anchor) == (Stage.RUNNING, DAY, True, True)
    assert [(step.from_stage, step.to_stage, step.note, step.by) for step in found.steps] == [
        (Stage.EXPLORING, Stage.RUNNING, "", "Otto"), (None, Stage.EXPLORING, "Eerste gesprek", "Otto"),
    ]
    acts = session.scalars(select(TrailEntry.details).where(TrailEntry.act == "participation-changed").order_by(TrailEntry.number)).all()
    assert [act["stage"] for act in acts] == ["exploring", "running"]
    assert all("note" not in act for act in acts), "typed text stays out of the trail"


def test_what_changes_no_stage_adds_no_step(session: Session, now: datetime) -> None:
    actor = office(session, now)
    take_part(session, actor, now, "windesheim")
    take_part(session, actor, now + timedelta(hours=1), "windesheim", StageChange(Stage.DECLARED, DAY, is_large=False))
    assert session.scalar(select(func.count(ParticipationStep.id))) == 1
    assert not session.scalars(select(Participation.is_large).execution_options(populate_existing=True)).one()


def test_a_step_back_needs_a_reason_and_no_stage_begins_tomorrow(session: Session, now: datetime) -> None:
    actor = office(session, now)
    take_part(session, actor, now, "windesheim")
    with pytest.raises(ReasonMissing):
        take_part(session, actor, now, "windesheim", StageChange(Stage.EXPLORING, DAY))
    take_part(session, actor, now, "windesheim", StageChange(Stage.EXPLORING, DAY, note="Ze wachten op geld"))
    with pytest.raises(DayAhead):
        take_part(session, actor, now, "windesheim", StageChange(Stage.DECLARED, DAY + timedelta(days=1)))
    late = datetime(2026, 9, 1, 22, 30, tzinfo=UTC)  # half past midnight in Amsterdam
    take_part(session, actor, late, "windesheim", StageChange(Stage.DECLARED, DAY + timedelta(days=1)))


def test_a_change_on_a_page_that_is_old_is_refused(session: Session, now: datetime) -> None:
    actor = office(session, now)
    take_part(session, actor, now, "windesheim")
    for seen in (None, now - timedelta(seconds=1)):
        with pytest.raises(ParticipationChanged):
            change_stage(session, actor=actor, provider_slug="windesheim", change=LARGE, seen=seen, now=now)
    provider(session, "elders")
    with pytest.raises(ParticipationChanged):
        change_stage(session, actor=actor, provider_slug="elders", change=LARGE, seen=now, now=now)


@pytest.mark.parametrize("is_there", [False, True])
def test_of_two_who_change_a_provider_at_once_one_is_told_to_look_again(database: Database, now: datetime, is_there: bool) -> None:
    with database.writing() as session:
        actor = office(session, now)
        provider(session, "windesheim")
        if is_there:
            take_part(session, actor, now, "windesheim", StageChange(Stage.EXPLORING, DAY))
    seen, later = (now if is_there else None), now + timedelta(minutes=1)

    def change(stage: Stage) -> StageChange:
        return StageChange(stage, DAY)

    heard = at_the_same_time(
        database, lambda session: change_stage(session, actor=actor, provider_slug="windesheim", change=change(Stage.RUNNING), seen=seen, now=later),
        lambda session: change_stage(session, actor=actor, provider_slug="windesheim", change=change(Stage.DECLARED), seen=seen, now=later),
    )
    assert heard == "participation-changed"
    with database.reading() as session:
        assert session.scalars(select(Participation.stage)).one() is Stage.RUNNING
        assert session.scalars(select(ParticipationStep.to_stage).order_by(ParticipationStep.id)).all()[-1] is Stage.RUNNING


def test_a_tick_is_put_once_and_taken_away(session: Session, now: datetime) -> None:
    actor = office(session, now)
    take_part(session, actor, now, "windesheim")
    for _time in range(2):
        tick_item(session, actor=actor, provider_slug="windesheim", item=ReadinessItem.AGREEMENT, is_there=True, now=now)
    assert overview(session, actor, as_of=AS_OF)[0].facts.ready[ReadinessItem.AGREEMENT]
    for _time in range(2):
        tick_item(session, actor=actor, provider_slug="windesheim", item=ReadinessItem.AGREEMENT, is_there=False, now=now)
    assert session.scalar(select(func.count(ReadinessTick.item))) == 0


def test_what_tables_tell_is_not_ticked_nor_is_a_provider_that_takes_no_part(session: Session, now: datetime) -> None:
    actor = office(session, now)
    take_part(session, actor, now, "windesheim")
    provider(session, "elders")
    for slug, item in (("windesheim", ReadinessItem.PRICES), ("elders", ReadinessItem.AGREEMENT), ("niet-daar", ReadinessItem.AGREEMENT)):
        with pytest.raises(NotFound):
            tick_item(session, actor=actor, provider_slug=slug, item=item, is_there=True, now=now)


def test_nobody_but_the_programme_office_sees_or_changes_it(session: Session, now: datetime) -> None:
    take_part(session, office(session, now), now, "windesheim")
    stranger = builders.actor(session, now)
    accounts.add_membership(session, person_id=stranger.person_id, organisation_id=provider(session, "windesheim"), role=Role.OWNER)
    for act in (
        lambda: overview(session, stranger, as_of=AS_OF), lambda: provider_in_view(session, stranger, "windesheim", as_of=AS_OF),
        lambda: change_stage(session, actor=stranger, provider_slug="windesheim", change=LARGE, seen=now, now=now),
        lambda: tick_item(session, actor=stranger, provider_slug="windesheim", item=ReadinessItem.CONTACT, is_there=True, now=now),
    ):
        with pytest.raises(NotFound):
            act()


# Readiness


def test_readiness_is_read_from_what_is_there(session: Session, now: datetime) -> None:
    actor = office(session, now)
    take_part(session, actor, now, "windesheim")
    provider_id = provider(session, "windesheim")
    code = builders.offering(session, now, provider_id=provider_id)
    builders.module(session, now, provider_id=provider_id, external_id="NET-02", code="NET-02", price=None)
    builders.module(session, now, provider_id=provider_id, external_id="MAAT-1", code="MAAT-1", kind=catalogue.ModuleKind.TAILORED)
    member = builders.actor(session, now)
    for role in (Role.OWNER, Role.EXAM_BOARD):
        accounts.add_membership(session, person_id=member.person_id, organisation_id=provider_id, role=role)
    learner = builders.actor(session, now)
    enrolled = builders.enrol(session, actor=learner, offering_code=code, now=now)
    session.flush()
    enrolment_id = session.scalars(select(Enrolment.id).where(Enrolment.code == enrolled)).one()
    session.add(Result(
        enrolment_id=enrolment_id, scale=ResultScale.GRADE_0_10, grade="7.0", is_passed=True, entered_at=now, entered_by=member.person_id, final_at=now,
        final_by=member.person_id,
    ))
    outcome_id = session.scalars(select(LearningOutcome.id).join(Module).where(Module.external_id == "NET-01")).one()
    session.add(Skill(
        uri="http://esco/x", scheme="esco", kind=SkillKind.SKILL, first_version="1", last_version="1", status=ConceptStatus.RELEASED, description="",
    ))
    session.flush()
    session.add(OutcomeSkill(outcome_id=outcome_id, skill_uri="http://esco/x", scheme_version="1.2", label=Localized("x")))
    session.flush()
    [found] = overview(session, actor, as_of=AS_OF)
    assert found.numbers == Supplied(members=1, board=1, modules=2, with_skills=1, with_price=1, fed=0, classes=1, results=1)
    [before] = overview(session, actor, as_of=DAY)
    assert before.numbers.results == 0, "it was final on that day itself"
    [later] = overview(session, actor, as_of=date(2027, 9, 1))
    assert later.numbers.classes == 0, "one can not enrol any more"


# The section


def test_the_section_says_the_rule_and_who_takes_part_at_the_end_of_the_period(session: Session, now: datetime) -> None:
    actor = office(session, now)
    for slug, country in (("aeres", "NL"), ("windesheim", "NL"), ("helsinki", "FI")):
        take_part(session, actor, now, slug, country=country)
    take_part(session, actor, now, "klein", StageChange(Stage.RUNNING, DAY))
    found = section(session)
    tables = {table.name: table for table in found.tables}
    assert [row[-2:] for row in tables["rule"].rows] == [(3, 3), (2, 2), (1, 1)]
    assert found.sentences[1].nl == "Er tellen nu 3 grote opleiders mee: 2 uit Nederland en 1 uit het buitenland."
    assert found.sentences[2].nl == "De regel is gehaald."
    assert [row[0] for row in tables["participants"].rows] == ["Aeres", "Helsinki", "Klein", "Windesheim"]
    assert [row[1] for row in tables["stages"].rows] == [0, 3, 1, 0]
    assert section(session) == found


def test_the_section_tells_what_is_missing_for_the_rule(session: Session, now: datetime) -> None:
    take_part(session, office(session, now), now, "aeres")
    assert section(session).sentences[2].nl == "De regel is nog niet gehaald. Er ontbreekt: 1 grote opleider uit Nederland en 1 grote opleider uit het buitenland."


def test_the_section_knows_only_what_was_noted_before_its_day_and_the_stage_of_then(session: Session, now: datetime) -> None:
    actor = office(session, now)
    take_part(session, actor, now, "windesheim", StageChange(Stage.EXPLORING, date(2026, 2, 1)))
    take_part(session, actor, now, "windesheim", StageChange(Stage.RUNNING, DAY))
    stages = {
        until: [row[2].nl for row in section(session, until_on=until).tables[2].rows]  # type: ignore[union-attr]
        for until in (date(2026, 1, 31), date(2026, 3, 31), date(2026, 9, 30))
    }
    assert list(stages.values()) == [[], ["Verkent"], ["Doet mee"]]
    assert section(session, as_of=DAY).tables[2].rows == (), "it was noted on that day itself"


def test_who_takes_no_part_is_found_by_a_word_of_its_name(session: Session, now: datetime) -> None:
    take_part(session, office(session, now), now, "windesheim")
    provider(session, "elders")
    assert [each.slug for each in others_named(session, "ELD")] == ["elders"]
    assert others_named(session, "wind") == []
    assert others_named(session, " ") == []
