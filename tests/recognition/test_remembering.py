"""What a board decided is remembered with the decision, counted beforehand, and forgotten when another decision takes its place or its day is past."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.kernel.clock import amsterdam_day
from academy.recognition.kinds import DecisionGround, EvidenceKind, FileState
from academy.recognition.models import Decision, PrecedentCount, PrecedentRow
from academy.recognition.queries.precedents import PARENTS, Found, found_for, shown_in
from academy.recognition.rules.patterns import Given, Shown, proposal
from academy.recognition.service.remembering import expire, forget
from tests import builders
from tests.enrolment.races import Act, at_the_same_time
from tests.recognition.deciding_before import (
    COURSE,
    CREBO,
    WORK,
    decide,
    decide_in,
    found,
    pattern,
)
from tests.recognition.world import NO, PARTLY, YES, World

F = FileState


def numbers(world: World, *decisions: UUID) -> tuple[str, ...]:
    with world.database.reading() as session:
        return tuple(session.get_one(Decision, each).number for each in decisions)


def today(world: World) -> date:
    return amsterdam_day(world.now)


def test_the_same_pattern_is_found_with_its_number_and_parents(world: World) -> None:
    first = decide(world, (YES, PARTLY, NO), CREBO)
    world.pass_time(days=1)
    second = decide(world, (YES, PARTLY, NO), Shown(EvidenceKind.DIPLOMA, "crebo", " 25648."))
    assert found(world, pattern(world, CREBO), today(world)) == Found((Given(YES, "", 2, (second, first)),), numbers(world, second, first))
    assert proposal(found(world, pattern(world, CREBO, place=1), today(world)).given) == Given(PARTLY, "de helft", 2, (second, first))
    assert found(world, pattern(world, CREBO, COURSE), today(world)) == Found()


def test_work_of_ones_own_is_remembered_by_its_kind(world: World) -> None:
    decide(world, (YES, YES, YES), WORK)
    assert found(world, pattern(world, WORK), today(world)).given[0].number == 1
    with world.database.reading() as session:
        assert not any(session.scalars(select(PrecedentRow.is_documentary)))


def test_of_an_outcome_without_evidence_nothing_is_remembered(world: World) -> None:
    decide(world, (YES, YES, NO))
    with world.database.reading() as session:
        assert not session.scalars(select(PrecedentRow.key)).all()


def test_what_went_by_a_pattern_is_not_its_own_reason(world: World) -> None:
    decide(world, (YES, YES, YES), CREBO)
    decide(world, (YES, YES, YES), CREBO, ground=DecisionGround.PATTERN)
    assert found(world, pattern(world, CREBO), today(world)).given[0].number == 1


def test_only_the_newest_parents_are_named(world: World) -> None:
    made = []
    for _time in range(PARENTS + 2):
        made.append(decide(world, (YES, YES, YES), CREBO))
        world.pass_time(days=1)
    given = found(world, pattern(world, CREBO), today(world)).given
    assert given == (Given(YES, "", PARENTS + 2, tuple(reversed(made[-PARENTS:]))),)


def test_where_boards_differed_every_answer_is_told(world: World) -> None:
    decide(world, (YES, YES, YES), CREBO)
    decide(world, (YES, YES, YES), CREBO)
    decide(world, (PARTLY, YES, YES), CREBO, part="de theorie")
    decide(world, (PARTLY, YES, YES), CREBO, part="De theorie.")
    decide(world, (NO, YES, YES), CREBO)
    given = found(world, pattern(world, CREBO), today(world)).given
    assert [(each.judgement, each.part.strip(".").lower(), each.number) for each in given] == [(PARTLY, "de theorie", 2), (YES, "", 2), (NO, "", 1)]
    assert proposal(given) is None


def test_another_board_has_its_own_memory(world: World) -> None:
    decide(world, (YES, YES, YES), CREBO)
    with world.database.writing() as session:
        other = builders.provider(session, "saxion")
        wanted = pattern(world, CREBO)
        assert found_for(session, other, [wanted], today(world))[wanted.key] == Found()


def test_a_decision_that_is_replaced_is_no_precedent_any_more(world: World) -> None:
    learner = world.person("Nog iemand")
    first = decide(world, (NO, YES, YES), CREBO, of=learner)
    second = decide(world, (YES, YES, YES), CREBO, of=learner, replaces=first)
    assert found(world, pattern(world, CREBO), today(world)).given == (Given(YES, "", 1, (second,)),)
    world.run(forget, decision_id=first)
    assert found(world, pattern(world, CREBO), today(world)).given == (Given(YES, "", 1, (second,)),)


def test_a_precedent_counts_for_five_years_and_is_then_taken_off(world: World) -> None:
    old = decide(world, (YES, YES, YES), CREBO)
    world.pass_time(days=300)
    new = decide(world, (YES, YES, YES), CREBO)
    last = date(2031, 9, 1)
    assert found(world, pattern(world, CREBO), last).given == (Given(YES, "", 2, (new, old)),)
    assert found(world, pattern(world, CREBO), last + timedelta(days=1)).given == (Given(YES, "", 1, (new,)),)  # before the round
    world.now = world.now.replace(year=2031, month=9, day=2)
    assert world.run(expire) == 3
    assert world.run(expire) == 0
    assert found(world, pattern(world, CREBO), last + timedelta(days=1)).given == (Given(YES, "", 1, (new,)),)
    with world.database.reading() as session:
        counts = session.execute(select(PrecedentCount.number, PrecedentCount.soonest_end)).all()
    assert {tuple(each) for each in counts} == {(1, date(2032, 6, 28))}


def test_after_the_last_day_of_all_nothing_is_found(world: World) -> None:
    decide(world, (YES, YES, YES), CREBO)
    after = date(2031, 9, 2)
    assert found(world, pattern(world, CREBO), after).given == ()
    world.now = world.now.replace(year=2031, month=9, day=2)
    world.run(expire)
    assert found(world, pattern(world, CREBO), after) == Found()


@pytest.mark.parametrize("part", ["", "de theorie"])
def test_two_decisions_of_the_same_pattern_at_once_are_both_counted(world: World, part: str) -> None:
    one, other = world.person("Een"), world.person("Ander")
    judgements = (PARTLY if part else YES, YES, NO)

    def of(learner: Actor) -> Act:
        return lambda session: decide_in(session, world, judgements, CREBO, of=learner, now=world.now, part=part)

    assert at_the_same_time(world.database, of(one), of(other)) == "done"
    assert found(world, pattern(world, CREBO), today(world)).given[0].number == 2


def test_a_decision_replaced_while_another_is_taken_keeps_the_count_right(world: World) -> None:
    learner, other = world.person("Een"), world.person("Ander")
    first = decide(world, (YES, YES, YES), CREBO, of=learner)
    heard = at_the_same_time(
        world.database, lambda session: forget(session, decision_id=first, now=world.now),
        lambda session: decide_in(session, world, (YES, YES, YES), CREBO, of=other, now=world.now),
    )
    assert heard == "done"
    assert found(world, pattern(world, CREBO), today(world)).given[0].number == 1


def test_two_who_forget_the_same_decision_take_it_off_once(world: World) -> None:
    first = decide(world, (YES, YES, YES), CREBO)
    decide(world, (YES, YES, YES), CREBO)

    def act(session: Session) -> None:
        forget(session, decision_id=first, now=world.now)

    assert at_the_same_time(world.database, act, act) == "done"
    assert found(world, pattern(world, CREBO), today(world)).given[0].number == 1


def test_what_is_shown_in_a_file_stands_per_outcome(world: World) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[world.diploma(), world.evidence()])
    empty = world.file(F.PORTFOLIO_OPEN, of=world.person("Nog iemand"), evidence=[])
    with world.database.reading() as session:
        assert shown_in(session, file.id) == dict.fromkeys(world.outcomes, frozenset({CREBO, WORK}))
        assert shown_in(session, empty.id) == dict.fromkeys(world.outcomes, frozenset())
