"""What becomes of a chosen route when something outside it changes: noted once per cause, for the routes that it concerns and no other."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from academy.catalogue.models import Module, Offering, OfferingState, PublicationState
from academy.catalogue.service import call_off_offering
from academy.enrolment.models import Enrolment, Result
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.pathways.kinds import ChangeKind
from academy.pathways.models import PathwayChange, PathwayStep
from academy.pathways.service import following
from academy.pathways.service.noting import Note, in_bites, note, settle
from academy.recognition.models import Credit
from tests.pathways.chosen import noted, route, step
from tests.pathways.world import AUTUMN, SPRING, WINTER, Class, World

_K = ChangeKind


def withdraw(world: World, key: str, state: PublicationState = PublicationState.ARCHIVED) -> None:
    with world.database.writing() as session:
        session.execute(update(Module).where(Module.id == world.modules[key]).values(state=state))
    world.run(following.follow_modules, module_ids=[world.modules[key]])


def offering_id(world: World, key: str, weekday: str) -> UUID:
    with world.database.reading() as session:
        return session.scalars(select(Offering.id).where(Offering.code == world.classes[key, weekday])).one()


def test_a_withdrawn_module_is_noted_once_for_the_routes_that_have_it_and_no_other(world: World) -> None:
    with_it, without_it = route(world, ("NET-01", "mon")), route(world, ("PRG-01", "tue"))
    for _each in range(3):
        withdraw(world, "NET-01")
    assert noted(world, with_it) == [(_K.MODULE_WITHDRAWN, world.modules["NET-01"])]
    assert noted(world, without_it) == []


def test_a_module_that_is_offered_again_is_taken_back_and_noted_anew_when_it_goes_again(world: World) -> None:
    pathway = route(world, ("NET-01", "mon"))
    withdraw(world, "NET-01")
    world.run(settle, pathway_id=pathway.id)
    withdraw(world, "NET-01", PublicationState.PUBLISHED)
    assert noted(world, pathway) == []
    withdraw(world, "NET-01")
    assert noted(world, pathway) == [(_K.MODULE_WITHDRAWN, world.modules["NET-01"])]


def test_what_is_over_is_noted_for_nobody(world: World) -> None:
    pathway = route(world, ("NET-01", "mon"))
    world.now += timedelta(days=500)
    withdraw(world, "NET-01")
    assert noted(world, pathway) == []


def test_who_has_a_seat_keeps_it_whatever_becomes_of_the_module(world: World) -> None:
    enrolled, not_enrolled = route(world, ("NET-01", "mon"), of=world.learner), route(world, ("NET-01", "mon"), of=world.stranger)
    world.enrol(world.learner, "NET-01", "mon")
    withdraw(world, "NET-01")
    assert noted(world, enrolled) == []
    assert noted(world, not_enrolled) == [(_K.MODULE_WITHDRAWN, world.modules["NET-01"])]


def test_a_class_that_is_called_off_is_noted_for_who_planned_it_whichever_news_comes_first(world: World) -> None:
    pathway, other = route(world, ("NET-01", "mon")), route(world, ("NET-01", "thu"))
    world.run(call_off_offering, actor=world.planner, provider_slug=world.slug, code=world.classes["NET-01", "mon"], reason="te weinig")
    world.run(following.follow_modules, module_ids=[world.modules["NET-01"]])
    world.run(following.follow_class, offering_id=offering_id(world, "NET-01", "mon"))
    assert noted(world, pathway) == [(_K.CLASS_CANCELLED, world.modules["NET-01"])]
    assert noted(world, other) == []


def test_a_file_of_a_provider_is_looked_through_for_its_own_modules(world: World) -> None:
    pathway, elsewhere = route(world, ("NET-01", "mon")), route(world, ("CLD-01", "wed"))
    with world.database.writing() as session:
        session.execute(update(Module).where(Module.id.in_([world.modules["NET-01"], world.modules["CLD-01"]])).values(state=PublicationState.ARCHIVED))
    world.run(following.follow_provider, provider_id=world.provider_id)
    assert noted(world, pathway) == [(_K.MODULE_WITHDRAWN, world.modules["NET-01"])]
    assert noted(world, elsewhere) == []


def test_a_class_that_a_file_leaves_out_is_called_off_and_one_that_comes_back_is_taken_back(world: World) -> None:
    pathway = route(world, ("NET-01", "mon"))
    for state, expected in ((OfferingState.INACTIVE, [(_K.CLASS_CANCELLED, world.modules["NET-01"])]), (OfferingState.ACTIVE, [])):
        with world.database.writing() as session:
            session.execute(update(Offering).where(Offering.id == offering_id(world, "NET-01", "mon")).values(state=state))
        world.run(following.follow_provider, provider_id=world.provider_id)
        assert noted(world, pathway) == expected


@pytest.mark.parametrize(("starts_on", "is_it"), [(AUTUMN, True), (AUTUMN + timedelta(days=30), True), (WINTER + timedelta(days=7), False), (SPRING, False)])
def test_an_expected_class_that_is_planned_is_noted_when_it_is_in_the_time_of_the_step(world: World, starts_on: date, is_it: bool) -> None:
    pathway = world.pathway()
    step(world, pathway, "SEC-01", None, starts_on=AUTUMN)
    world.open_class(Class("SEC-01", starts_on, "fri"))
    for _each in range(2):
        world.run(following.follow_modules, module_ids=world.run(following.steps_to_come))
    assert noted(world, pathway) == ([(_K.CLASS_PLANNED, world.modules["SEC-01"])] if is_it else [])


@pytest.mark.parametrize("state", [OfferingState.CONCEPT, OfferingState.CANCELLED, OfferingState.INACTIVE])
def test_a_class_that_is_not_planned_after_all_is_taken_back_and_noted_anew_when_it_is(world: World, state: OfferingState) -> None:
    pathway = world.pathway()
    step(world, pathway, "SEC-01", None, starts_on=AUTUMN)
    code = world.open_class(Class("SEC-01", AUTUMN, "fri"))
    for now_is, expected in ((OfferingState.ACTIVE, [(_K.CLASS_PLANNED, world.modules["SEC-01"])]), (state, [])) * 2:
        with world.database.writing() as session:
            session.execute(update(Offering).where(Offering.code == code).values(state=now_is))
        world.run(following.follow_modules, module_ids=[world.modules["SEC-01"]])
        assert noted(world, pathway) == expected


def test_news_that_a_class_is_called_off_takes_back_that_it_was_planned(world: World) -> None:
    pathway = world.pathway()
    step(world, pathway, "SEC-01", None, starts_on=AUTUMN)
    code = world.open_class(Class("SEC-01", AUTUMN, "fri"))
    world.run(following.follow_modules, module_ids=[world.modules["SEC-01"]])
    with world.database.writing() as session:
        offering_id = session.scalars(update(Offering).where(Offering.code == code).values(state=OfferingState.CANCELLED).returning(Offering.id)).one()
    world.run(following.follow_class, offering_id=offering_id)
    assert noted(world, pathway) == []


def test_of_a_programme_only_its_last_change_is_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen, other = route(world, ("NET-01", "mon")), world.pathway()
    for asked in ("one", "one", "other", "one"):
        monkeypatch.setattr(following, "_asked", lambda _session, _programme_id, asked=asked: asked)
        world.run(following.follow_programme, programme_id=world.programme_id)
        assert noted(world, chosen) == [(_K.PROGRAMME_CHANGED, None)]
    assert noted(world, other) == [], "nothing was chosen yet"


def test_what_a_programme_asks_reads_the_same_as_long_as_it_is_the_same(world: World) -> None:
    with world.database.reading() as session:
        assert following._asked(session, world.programme_id) == following._asked(session, world.programme_id) != ""
        assert following._asked(session, new_id()) == ""


@pytest.mark.parametrize(("is_passed", "kind"), [(True, _K.PASSED), (False, _K.FAILED)])
def test_a_final_result_is_noted_for_its_learner_alone(world: World, is_passed: bool, kind: ChangeKind) -> None:
    mine, theirs = route(world, ("NET-01", "mon"), of=world.learner), route(world, ("NET-01", "mon"))
    enrolment_id = world.passed(world.learner, "NET-01", "mon", is_passed=is_passed)
    for _each in range(2):
        world.run(following.follow_result, enrolment_id=enrolment_id)
    assert noted(world, mine) == [(kind, world.modules["NET-01"])]
    assert noted(world, theirs) == []


def test_a_result_that_was_corrected_is_noted_as_it_is_now(world: World) -> None:
    pathway = route(world, ("NET-01", "mon"), of=world.learner)
    enrolment_id = world.passed(world.learner, "NET-01", "mon", is_passed=False)
    world.run(following.follow_result, enrolment_id=enrolment_id)
    with world.database.writing() as session:
        session.execute(update(Result).where(Result.enrolment_id == enrolment_id).values(is_passed=True, grade="6.0"))
    world.run(following.follow_result, enrolment_id=enrolment_id)
    assert noted(world, pathway) == [(_K.PASSED, world.modules["NET-01"])]
    with world.database.writing() as session:
        session.execute(update(Result).where(Result.enrolment_id == enrolment_id).values(final_at=None, final_by=None))
    world.run(following.follow_result, enrolment_id=enrolment_id)
    assert noted(world, pathway) == []


def test_something_passed_that_the_goal_asks_is_noted_also_where_it_is_no_step_and_something_failed_is_not(world: World) -> None:
    pathway = route(world, ("PRG-01", "tue"), of=world.learner)
    world.run(following.follow_result, enrolment_id=world.passed(world.learner, "UX-01", "tue", is_passed=False))
    world.run(following.follow_result, enrolment_id=world.passed(world.learner, "NETA-01", "wed"))
    assert noted(world, pathway) == [], "a module of another school that the goal does not ask"
    world.run(following.follow_result, enrolment_id=world.passed(world.learner, "DAT-01", "mon"))
    assert noted(world, pathway) == [(_K.PASSED, world.modules["DAT-01"])]


def booked(world: World) -> UUID:
    with world.database.reading() as session:
        return session.scalars(select(Credit.decision_id).limit(1)).one()


def test_credits_that_a_board_grants_are_noted_with_how_many_they_are(world: World) -> None:
    mine, theirs = route(world, ("NET-01", "mon"), of=world.learner), route(world, ("NET-01", "mon"), of=world.stranger)
    world.recognised(world.learner, "NET-01")
    for _each in range(2):
        world.run(following.follow_decision, person_id=world.learner.person_id, decision_id=booked(world))
    with world.database.reading() as session:
        row = session.scalars(select(PathwayChange)).one()
    assert (row.pathway_id, row.kind, row.ec) == (mine.id, _K.CREDIT_GRANTED, Decimal(5))
    assert noted(world, theirs) == []


def test_a_decision_that_is_not_there_says_nothing(world: World) -> None:
    pathway = route(world, ("NET-01", "mon"), of=world.learner)
    world.run(following.follow_decision, person_id=world.learner.person_id, decision_id=new_id())
    world.run(following.follow_result, enrolment_id=new_id())
    world.run(following.follow_seat, enrolment_id=new_id())
    assert noted(world, pathway) == []


def test_a_step_goes_to_the_class_in_which_its_learner_has_a_seat(world: World) -> None:
    pathway, other = route(world, ("NET-01", "thu"), ("PRG-01", "tue"), of=world.learner), route(world, ("NET-01", "thu"))
    with world.database.writing() as session:
        session.execute(update(PathwayStep).where(PathwayStep.pathway_id == pathway.id).values(price=Money(300_00)))
    enrolment_id = world.enrol(world.learner, "NET-01", "mon")
    for _each in range(2):
        world.run(following.follow_seat, enrolment_id=enrolment_id)
    after = world.facts(pathway.id)
    assert [each.course_key for each in after.steps] == [world.classes["NET-01", "mon"], world.classes["PRG-01", "tue"]]
    assert after.version == pathway.version + 1, "an open page hears of it, once"
    assert after.steps[0].price == Money(300_00), "what it cost when it was planned stays known"
    assert world.facts(other.id) == other


def test_a_seat_that_was_given_back_moves_no_step(world: World) -> None:
    pathway = route(world, ("NET-01", "thu"), of=world.learner)
    enrolment_id = world.enrol(world.learner, "NET-01", "mon")
    with world.database.writing() as session:
        session.execute(delete(Enrolment).where(Enrolment.id == enrolment_id))
    world.run(following.follow_seat, enrolment_id=enrolment_id)
    assert world.facts(pathway.id) == pathway


def test_no_statement_names_more_than_five_hundred() -> None:
    assert [len(each) for each in in_bites(range(1_001))] == [500, 500, 1]
    assert [one for each in in_bites(range(1_001)) for one in each] == list(range(1_001))
    assert list(in_bites(())) == []


def test_what_was_looked_after_is_not_opened_by_the_same_cause(world: World) -> None:
    pathway = route(world, ("NET-01", "mon"))
    cause = new_id()
    world.run(note, notes=[Note(pathway.id, _K.FAILED, cause)])
    world.run(settle, pathway_id=pathway.id)
    world.run(note, notes=[Note(pathway.id, _K.FAILED, cause)])
    with world.database.reading() as session:
        assert session.scalars(select(PathwayChange.settled_at)).one() is not None
