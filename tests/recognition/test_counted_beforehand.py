"""Whatever is decided, replaced and past its day, in whatever order: what is counted beforehand is what one finds by counting, and the audit says so."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Update, select, update

from academy.kernel.clock import amsterdam_day
from academy.recognition.kinds import DecisionGround, Judgement
from academy.recognition.models import Credit, OutcomeTally, PrecedentCount, PrecedentRow, RecognisedTotal, Terms
from academy.recognition.queries.auditing import audit
from academy.recognition.queries.precedents import PARENTS, found_for
from academy.recognition.queries.tally import chances_of
from academy.recognition.service.remembering import expire, forget
from tests.recognition.deciding_before import (
    COURSE,
    CREBO,
    WORK,
    counted_one_by_one,
    decide,
    decide_in,
    pattern,
)
from tests.recognition.world import NO, PARTLY, YES, World, person_in

SHOWN = ((CREBO,), (CREBO, COURSE), (WORK,), ())
PARTS = ("de helft", "De helft.", "de theorie")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), st.integers(0, 2), st.tuples(*[st.sampled_from(Judgement)] * 3), st.sampled_from(SHOWN), st.sampled_from(PARTS)),
        st.tuples(st.just("replace"), st.integers(0, 9), st.tuples(*[st.sampled_from(Judgement)] * 3), st.sampled_from(SHOWN), st.sampled_from(PARTS)),
        st.tuples(st.just("forget"), st.integers(0, 9)), st.tuples(st.just("days"), st.sampled_from([1, 300, 900])), st.tuples(st.just("expire")),
    ), min_size=4, max_size=14,
)


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_what_is_counted_beforehand_is_what_counting_finds(world: World, steps: list[tuple[Any, ...]]) -> None:
    now, made = world.now, []  # of each decision that may be replaced: its id and its person
    with world.database.writing() as session:
        people = [person_in(session, now, f"Nummer {number}", world.provider_id) for number in range(3)]
        for name, *what in steps:
            if name == "decide":
                place, judgements, shown, part = what
                made.append((decide_in(session, world, judgements, *shown, of=people[place], now=now, part=part), people[place]))
            elif name == "replace" and made:
                place, judgements, shown, part = what
                old, person = made.pop(place % len(made))
                made.append((decide_in(session, world, judgements, *shown, of=person, now=now, part=part, replaces=old), person))
            elif name == "forget" and made:
                forget(session, decision_id=made[what[0] % len(made)][0], now=now)
            elif name == "days":
                now += timedelta(days=what[0])
            elif name == "expire":
                expire(session, now)
            today = amsterdam_day(now)
            asked = [pattern(world, *each, place=place) for each in SHOWN[:3] for place in range(3)]
            found = found_for(session, world.provider_id, asked, today)
            for one in asked:
                again = counted_one_by_one(session, one.key, today)
                assert [(each.judgement, each.number) for each in found[one.key].given] == [(each.judgement, each.number) for each in again]
                assert {each for given in found[one.key].given for each in given.newest} <= {each for given in again for each in given.newest}
                assert len(found[one.key].parents) == min(PARENTS, sum(each.number for each in again))
        differing = audit(session)
        assert not differing.counts
        assert not differing.chances
        session.rollback()


def test_a_person_is_in_the_chance_once_as_they_were_last_decided_on(world: World) -> None:
    again = world.person("Nog eens")
    first = decide(world, (NO, NO, NO), CREBO, of=again)
    decide(world, (YES, PARTLY, NO), WORK, of=again, replaces=first)
    decide(world, (YES, YES, NO), CREBO)
    with world.database.reading() as session:
        told = {row.outcome_id: (row.granted, row.decided) for row in session.scalars(select(OutcomeTally))}
        assert [told[each] for each in world.outcomes] == [(2, 2), (1, 2), (0, 2)]
        assert not audit(session).any


def test_the_chance_is_told_from_ten_people_on_and_of_the_words_of_today(world: World) -> None:
    asked = [(each.id, each.wording) for each in world.module.outcomes]
    for number in range(10):
        with world.database.reading() as session:
            assert set(chances_of(session, asked).values()) == {None}
        decide(world, (YES, YES if number < 7 else NO, PARTLY), *([CREBO] if number % 2 else []))
    with world.database.reading() as session:
        assert list(chances_of(session, asked).values()) == [90, 70, 10]
        assert chances_of(session, [(asked[0][0], asked[1][1])]) == {asked[0][0]: None}


def test_what_went_by_a_pattern_is_in_the_chance_and_what_needs_no_file_is_not(world: World) -> None:
    decide(world, (YES, YES, YES), CREBO, ground=DecisionGround.PATTERN)
    with world.database.reading() as session:
        assert {row.decided for row in session.scalars(select(OutcomeTally))} == {1}


def test_the_audit_finds_nothing_after_decisions_and_revisions_within_a_maximum(world: World) -> None:
    with world.database.writing() as session:
        session.add(Terms(provider_id=world.provider_id, most_ec=Decimal(2), signatures=1, fee=world.module.price, changed_at=world.now))
    learner = world.person("Iemand")
    first = decide(world, (YES, YES, YES), CREBO, of=learner)
    decide(world, (NO, YES, YES), CREBO, of=learner, replaces=first)
    with world.database.reading() as session:
        assert not audit(session).any


@pytest.mark.parametrize(("broken", "where"), [
    (update(PrecedentCount).values(number=PrecedentCount.number + 1), "counts"),
    (update(PrecedentRow).values(judgement=Judgement.NO), "counts"),
    (update(Credit).values(ec=Decimal(9)), "credits"),
    (update(RecognisedTotal).values(ec=RecognisedTotal.ec + Decimal("0.5")), "totals"),
    (update(OutcomeTally).values(decided=OutcomeTally.decided + 1), "chances"),
])
def test_the_audit_finds_what_differs(world: World, broken: Update, where: str) -> None:
    decide(world, (YES, YES, NO), CREBO)
    with world.database.writing() as session:
        session.execute(broken)
        assert getattr(audit(session), where)
