"""A pathway becomes a question: the goal's tree, the classes of the years ahead with their times, prices and distances, and the limits of a life."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from academy.catalogue import api as catalogue
from academy.catalogue.models import EnrolmentPeriod, Module, Offering, Programme, PublicationState
from academy.kernel.money import Money
from academy.pathways.errors import GoalGone
from academy.pathways.facts import Gathered, PathwayFacts
from academy.pathways.kinds import GoalKind, NodeKind, StepReason
from academy.pathways.models import PathwayStep
from academy.pathways.problem import PERIODS, After, Course, Every, Meeting, Node, Reached
from academy.pathways.queries.gathering import gather
from academy.recognition.kinds import EvidenceKind
from tests.pathways.world import AUTUMN, NETWORKS, PROGRAMMING, SPRING, Class, World

Budget = Callable[[int], AbstractContextManager[list[str]]]
HERE = "1315"  # Almere


def asked(world: World, pathway: PathwayFacts | None = None, **values: Any) -> Gathered:
    with world.database.reading() as session:
        return gather(session, pathway or world.pathway(**values), now=world.now)


def course(world: World, found: Gathered, key: str, weekday: str) -> Course:
    return next(each for each in found.problem.courses if each.key == world.classes[key, weekday])


def keys(found: Gathered, slug: str) -> list[str]:
    return [each.key for each in found.problem.courses if each.module == slug]


def test_the_tree_is_that_of_the_programme_with_its_words(world: World) -> None:
    found = asked(world)
    leaf = {key: Node(f"0.0.{number}", NodeKind.MODULE, 50, (world.slugs[key],)) for number, key in enumerate(("NET-01", "PRG-01", "PRG-02", "DAT-01"))}
    choice = tuple(Node(f"0.1.{number}", NodeKind.MODULE, 50, (world.slugs[key],)) for number, key in enumerate(("SEC-01", "UX-01", "CLD-01")))
    assert found.problem.tree == Node("0", NodeKind.ALL, items=(Node("0.0", NodeKind.ALL, items=tuple(leaf.values())), Node("0.1", NodeKind.CREDITS, 100, items=choice)))
    assert (found.goal.slug, found.goal.ec, found.goal.gap, found.goal.at_home, found.goal.entry_nlqf) == ("ad-ict", Decimal(30), Decimal(0), Decimal(15), "4")
    assert (found.problem.at_home, found.problem.home) == (150, frozenset({world.slug}))
    assert found.goal.words["0.1"].title.nl == "Keuze"
    assert found.goal.words["0.1.2"].module_id == world.modules["CLD-01"]


def test_a_class_is_a_course_with_its_times_price_distance_and_hours(world: World) -> None:
    found = asked(world, postcode=HERE)
    evening, day = course(world, found, "NET-01", "mon"), course(world, found, "NET-01", "thu")
    assert (evening.first, evening.last, evening.ec, evening.hours) == (0, 0, 50, (14,))  # 140 hours in ten weeks
    assert (evening.meetings, day.meetings) == (frozenset({Meeting(0, 0, 2)}), frozenset({Meeting(0, 3, 0), Meeting(0, 3, 1)}))
    assert (evening.price, day.price) == (300_00, 200_00)
    assert (evening.distance, day.distance, day.travel) == (1, 23, 10 * 2 * 23)  # one at least: it is not online
    assert keys(found, world.slugs["NETA-01"]) == []  # it is no part of the programme
    words = found.courses[day.key]
    assert (words.city, words.weekdays, words.part_of_day, words.offering_code, words.full_price, words.distance) == ("Lelystad", ("thu",), "day", day.key, Money(200_00), 23)


def test_without_a_postcode_nothing_is_far_and_no_distance_is_a_limit(world: World) -> None:
    found = asked(world, distance=5)
    assert {each.distance for each in found.problem.courses} == {1}, "of what is not online"
    assert found.problem.limits.distance is None
    assert found.courses[world.classes["NET-01", "thu"]].distance is None


def test_a_life_is_limits(world: World) -> None:
    limits = asked(
        world, hours=16, parts=["mon-evening", "tue-evening"], postcode=HERE, distance=10, own_money=Money(100_00), employer_money=Money(900_00),
    ).problem.limits
    assert (limits.hours, limits.periods, limits.open_times, limits.distance) == (16, PERIODS, frozenset({(0, 2), (1, 2)}), 10)
    assert (limits.own, limits.employer) == (100_00, 900_00)


def test_who_begins_later_has_later_periods_and_no_class_from_before(world: World) -> None:
    found = asked(world, starts_on=date(2026, 12, 1))
    assert found.first_on[0] == date(2027, 2, 1)
    assert world.classes["PRG-02", "tue"] not in found.courses
    assert course(world, found, "SEC-01", "mon").first == 0


def test_what_is_given_this_year_is_expected_every_later_year(world: World) -> None:
    found = asked(world)
    slug = world.slugs["PRG-01"]
    assert keys(found, slug) == [world.classes["PRG-01", "tue"], *(f"{slug}@{year}-09-01" for year in (2027, 2028, 2029))]
    again = next(each for each in found.problem.courses if each.key == f"{slug}@2027-09-01")
    assert (again.first, again.is_expected, again.seats, again.price) == (4, True, None, 300_00)
    assert again.meetings == frozenset({Meeting(4, 1, 2)})
    words = found.courses[again.key]
    assert (words.offering_id, words.offering_code, words.is_expected) == (None, "", True)
    assert words.first_on == AUTUMN + timedelta(weeks=52)


def test_two_kinds_of_classes_are_both_expected_and_one_that_is_planned_is_not(world: World) -> None:
    code = world.open_class(Class("NET-01", date(2027, 9, 6), "wed"))
    found = asked(world)
    slug = world.slugs["NET-01"]
    mine = {each.key: each for each in found.problem.courses if each.module == slug}
    assert {each.key for each in mine.values() if each.first == 4} == {code}
    assert {each.key for each in mine.values() if each.first == 8} == {f"{slug}@2028-09-01"}
    other = world.slugs["UX-01"]
    world.open_class(Class("UX-01", SPRING, "fri"))
    assert [each for each in keys(asked(world), other) if "2028" in each] == [f"{other}@2028-02-01", f"{other}@2028-02-01.2"]


def test_a_class_of_last_year_is_expected_but_not_one_so_soon_that_it_would_be_in_a_timetable(world: World) -> None:
    world.open_class(Class("DAT-01", date(2025, 9, 8), "mon"))
    world.open_class(Class("DAT-01", date(2026, 4, 20), "mon"))
    world.open_class(Class("DAT-01", date(2023, 2, 6), "mon"))  # too long ago
    slug = world.slugs["DAT-01"]
    assert keys(asked(world), slug)[:4] == [world.classes["DAT-01", "mon"], f"{slug}@2027-04-20", f"{slug}@2027-09-01", f"{slug}@2027-11-15"]


def test_a_full_or_cancelled_class_is_left_out_and_one_that_opens_later_is_in(world: World) -> None:
    full, opens = world.open_class(Class("PRG-01", AUTUMN, "fri", seats=0)), world.open_class(Class("PRG-01", AUTUMN, "sat"))
    with world.database.writing() as session:
        row = session.query(Offering).filter(Offering.code == opens).one()
        session.query(EnrolmentPeriod).filter(EnrolmentPeriod.offering_id == row.id).one().opens_on = date(2026, 9, 3)
    found = asked(world)
    assert full not in found.courses
    assert found.courses[opens].seats_left == 20
    with world.database.writing() as session:
        row = session.query(Offering).filter(Offering.code == opens).one()
        row.state = catalogue.OfferingState.CANCELLED
    world.pass_time(minutes=1)
    assert opens not in asked(world).courses


def test_what_was_called_off_is_not_expected_again_in_its_period_nor_a_year_later(world: World) -> None:
    slug = world.slugs["PRG-01"]
    codes = [world.open_class(Class("PRG-01", date(2027, 9, 6), "wed")), world.open_class(Class("PRG-01", date(2027, 2, 1), "fri"))]
    with world.database.writing() as session:
        session.query(Offering).filter(Offering.code.in_(codes)).update({"state": catalogue.OfferingState.CANCELLED})
    world.pass_time(minutes=1)
    found = asked(world)
    assert keys(found, slug) == [world.classes["PRG-01", "tue"], f"{slug}@2028-09-01", f"{slug}@2029-09-01"]
    assert {each.meetings for each in found.problem.courses if each.key == f"{slug}@2028-09-01"} == {frozenset({Meeting(8, 1, 2)})}


def test_who_can_not_enrol_any_more_has_no_such_course(world: World) -> None:
    world.pass_time(days=4)  # enrolling ended on Friday
    found = asked(world, starts_on=None)
    assert world.classes["NET-01", "mon"] not in found.courses


def test_seats_that_are_taken_are_counted(world: World) -> None:
    world.enrol(world.stranger, "NET-01", "mon")
    assert course(world, asked(world), "NET-01", "mon").seats == 19


def test_an_unknown_price_is_nothing_and_said(world: World) -> None:
    with world.database.writing() as session:
        session.query(Offering).filter(Offering.code == world.classes["NET-01", "mon"]).one().price = None
    found = asked(world)
    assert course(world, found, "NET-01", "mon").price == 0
    assert found.courses[world.classes["NET-01", "mon"]].price is None


def test_a_module_without_classes_that_one_begins_at_any_time_has_a_course_in_every_period(world: World) -> None:
    with world.database.writing() as session:
        module = session.get_one(Module, world.modules["CLD-01"])
        module.kind, module.price = catalogue.ModuleKind.MOOC, Money(0)
        session.query(Offering).filter(Offering.module_id == module.id).one().state = catalogue.OfferingState.CANCELLED
    found = asked(world)
    mine = [each for each in found.problem.courses if each.module == world.slugs["CLD-01"]]
    assert [each.first for each in mine] == list(range(PERIODS))
    assert all(not each.is_expected and not each.meetings and each.price == 0 for each in mine)
    assert mine[0].key == f"{world.slugs['CLD-01']}@2026-09-01"


def test_what_a_module_asks_first_is_a_need(world: World) -> None:
    found = asked(world)
    assert dict(found.problem.needs) == {
        world.slugs["PRG-02"]: After(world.slugs["PRG-01"]), world.slugs["SEC-01"]: Every((After(world.slugs["NET-01"]), Reached(100))),
    }
    assert found.circles == ()


def test_modules_that_need_each_other_are_told(world: World) -> None:
    with world.database.writing() as session:
        session.get_one(Module, world.modules["PRG-01"]).prerequisites = {"module": "PRG-02"}
    assert asked(world).circles == ((world.slugs["PRG-01"], world.slugs["PRG-02"]),)


def test_what_counts_as_a_module_by_a_published_equivalence_stands_beside_it(world: World) -> None:
    world.equivalence("NET-01", "aeres hogeschool", "neta-01")
    found = asked(world, postcode=HERE)
    assert found.problem.tree.items[0].items[0].modules == (world.slugs["NET-01"], world.slugs["NETA-01"])
    assert course(world, found, "NETA-01", "wed").travel == 0  # online
    world.equivalence("PRG-01", "Google", "IT-1", kind=EvidenceKind.MOOC)  # nobody has that here
    assert asked(world).problem.tree.items[0].items[1].modules == (world.slugs["PRG-01"],)


def test_what_a_module_needs_from_outside_the_programme_can_be_taken_too(world: World) -> None:
    with world.database.writing() as session:
        session.get_one(Module, world.modules["DAT-01"]).prerequisites = {"module": "NETA-01", "provider": "aeres"}
        session.flush()
        catalogue.link_prerequisites(session, provider_id=world.provider_id)
    found = asked(world)
    assert world.slugs["NETA-01"] in {each.module for each in found.problem.courses}


def test_skills_are_outcomes_that_any_of_their_modules_teaches(world: World) -> None:
    found = asked(world, goal=GoalKind.SKILLS, skills=[NETWORKS, PROGRAMMING, "http://esco/unknown"])
    assert found.problem.tree == Node("0", NodeKind.ALL, items=(
        Node("0.0", NodeKind.OUTCOME, 0, (world.slugs["NET-01"], world.slugs["NETA-01"])), Node("0.1", NodeKind.OUTCOME, 0, (world.slugs["PRG-01"],)),
        Node("0.2", NodeKind.OUTCOME),
    ))
    assert {each.module for each in found.problem.courses} == {world.slugs[key] for key in ("NET-01", "NETA-01", "PRG-01")}
    assert (found.problem.at_home, found.problem.home, found.goal.ec) == (0, frozenset(), None)
    assert found.goal.words["0.1"].skill_uri == PROGRAMMING


def test_a_programme_that_is_no_longer_offered_is_no_goal(world: World) -> None:
    pathway = world.pathway()
    with world.database.writing() as session:
        session.get_one(Programme, world.programme_id).state = PublicationState.ARCHIVED
    with pytest.raises(GoalGone):
        asked(world, pathway)


def test_a_module_that_is_no_longer_offered_stays_asked_and_can_not_be_taken(world: World) -> None:
    with world.database.writing() as session:
        session.get_one(Module, world.modules["DAT-01"]).state = PublicationState.ARCHIVED
    found = asked(world)
    assert found.problem.tree.items[0].items[3].modules == (world.slugs["DAT-01"],)
    assert keys(found, world.slugs["DAT-01"]) == []


def test_a_locked_step_is_a_course_and_what_came_in_its_place_when_it_was_planned(world: World) -> None:
    pathway = world.pathway(without=["UX-01"])
    later = date(2027, 9, 6)
    slug = world.slugs["PRG-01"]
    with world.database.writing() as session:
        session.add(PathwayStep(
            id=world.modules["CLD-01"], pathway_id=pathway.id, position=0, module_id=world.modules["PRG-01"], course_key=f"{slug}@2027-09-01", first_on=later,
            last_on=later, is_locked=True, reason=StepReason.LOCKED,
        ))
    found = asked(world, world.facts(pathway.id))
    assert found.problem.locked == {f"{slug}@2027-09-01"}
    assert found.problem.without == {world.slugs["UX-01"]}
    code = world.open_class(Class("PRG-01", later, "wed"))
    assert asked(world, world.facts(pathway.id)).problem.locked == {code}


def test_the_same_question_is_the_same_whenever_it_is_asked(world: World) -> None:
    pathway = world.pathway(postcode=HERE)
    assert asked(world, pathway).problem == asked(world, pathway).problem


def test_gathering_takes_few_statements_and_fewer_when_the_goal_was_asked_just_now(world: World, queries: Budget) -> None:
    world.equivalence("NET-01", "Aeres Hogeschool", "NETA-01")
    pathway = world.pathway(postcode=HERE)
    with world.database.reading() as session, queries(12):
        gather(session, pathway, now=world.now)
    with world.database.reading() as session, queries(3):
        gather(session, pathway, now=world.now + timedelta(seconds=20))


