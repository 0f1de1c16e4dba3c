"""How far a commission is, and what a module is beside the offer of the anchors: every answer follows from what is given."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.reports.kinds import CommissionState
from academy.reports.rules.commissioning import Class, Milestones, first_class, milestones, state_at, state_of
from academy.reports.rules.complementing import FEW, MANY, Alike, Bounds, Relation, Trained, beside_anchors

_S = CommissionState
TODAY = date(2026, 9, 1)
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
_classes = st.tuples(st.integers(-30, 30), st.booleans()).map(lambda drawn: Class(TODAY + timedelta(days=drawn[0]), drawn[1]))
_WAY = (_S.OPEN, _S.MAKING, _S.PLANNED, _S.STARTED)


def test_a_commission_stands_where_its_answers_and_classes_are() -> None:
    day = timedelta(days=1)
    assert state_of(is_promised=False, first_on=TODAY, today=TODAY) is _S.OPEN
    assert state_of(is_promised=True, first_on=None, today=TODAY) is _S.MAKING
    assert state_of(is_promised=True, first_on=TODAY + day, today=TODAY) is _S.PLANNED
    assert state_of(is_promised=True, first_on=TODAY, today=TODAY) is _S.STARTED
    assert state_of(is_promised=True, first_on=TODAY - day, today=TODAY) is _S.STARTED


@given(st.lists(_classes, max_size=6))
def test_the_first_class_is_the_earliest_that_one_can_join_or_that_began(classes: list[Class]) -> None:
    found = first_class(classes, today=TODAY)
    counting = [each.starts_on for each in classes if each.is_open or each.starts_on <= TODAY]
    assert found == (min(counting) if counting else None)


@st.composite
def ways(draw: st.DrawFn) -> list[tuple[CommissionState, datetime]]:
    """Return what can happen to a commission: to and fro, each step a day later, and perhaps closed at the end."""
    steps = [_S.OPEN, *draw(st.lists(st.sampled_from(_WAY[:3]), max_size=6)), *draw(st.sampled_from([[], [_S.STARTED], [_S.CLOSED]]))]
    return [(state, NOON + timedelta(days=number)) for number, state in enumerate(steps)]


def reached_plainly(steps: Sequence[tuple[CommissionState, datetime]], rank: int) -> datetime | None:
    """Return the beginning of the last stretch in which all states were at least so far; None when the last one is not."""
    found = None
    for state, at in steps:
        if state is _S.CLOSED:
            continue
        found = (found or at) if _WAY.index(state) >= rank else None
    return found


@given(ways())
def test_what_fell_back_was_not_reached_and_what_stands_was_reached_when_it_began_to(steps: list[tuple[CommissionState, datetime]]) -> None:
    assert milestones(steps) == Milestones(*(reached_plainly(steps, rank) for rank in (1, 2, 3)))


@given(ways(), st.integers(-1, 9))
def test_where_it_stood_at_a_moment_is_the_last_step_before_it(steps: list[tuple[CommissionState, datetime]], days: int) -> None:
    moment = NOON + timedelta(days=days)
    before = [state for state, at in steps if at < moment]
    assert state_at(steps, moment) == (before[-1] if before else None)


ANCHORS = [UUID(int=1), UUID(int=2)]
BOUNDS = Bounds(35, 60)
_skills = st.frozensets(st.sampled_from("abcdefgh"), max_size=6)
_modules = st.lists(st.tuples(st.sampled_from([*ANCHORS, UUID(int=3), UUID(int=4)]), _skills), max_size=12).map(
    lambda listed: [Trained(UUID(int=100 + number), provider, skills) for number, (provider, skills) in enumerate(listed)],
)


@given(_modules)
def test_every_module_of_others_is_told_beside_all_that_the_anchors_train_together(modules: list[Trained]) -> None:
    found = beside_anchors(modules, ANCHORS, {}, BOUNDS)
    trained = {skill for each in modules if each.provider_id in ANCHORS for skill in each.skills}
    assert [each.module for each in found] == [each for each in modules if each.provider_id not in ANCHORS]
    for each in found:
        own = each.module.skills
        assert each.shared == own & trained
        expected = Relation.UNKNOWN if not own or not trained else Relation.COMPLEMENTS if len(each.shared) < FEW * len(own) else (
            Relation.PARTLY if len(each.shared) < MANY * len(own) else Relation.OVERLAPS
        )
        assert each.relation is expected
        assert each.percent == (100 * len(each.shared) // len(own) if own else 0)
        of_anchors = [(len(other.skills & own), -other.module_id.int, other.module_id) for other in modules if other.provider_id in ANCHORS and other.skills & own]
        assert each.nearest == (max(of_anchors)[2] if of_anchors else None)


@pytest.mark.parametrize(("shared", "own", "relation"), [
    (0, 3, Relation.COMPLEMENTS), (1, 3, Relation.PARTLY), (2, 3, Relation.OVERLAPS), (3, 3, Relation.OVERLAPS), (0, 0, Relation.UNKNOWN), (1, 4, Relation.COMPLEMENTS),
])
def test_a_third_and_two_thirds_are_the_bounds(shared: int, own: int, relation: Relation) -> None:
    mine = Trained(UUID(int=9), UUID(int=3), frozenset("abcd"[:own]))
    theirs = Trained(UUID(int=8), ANCHORS[0], frozenset("abcd"[:shared]) | {"of theirs only"})
    assert [each.relation for each in beside_anchors([mine, theirs], ANCHORS, {}, BOUNDS)] == [relation]


@pytest.mark.parametrize(("skills", "percent", "relation", "nearest"), [
    ("", 34, Relation.UNKNOWN, None), ("", 35, Relation.PARTLY, 7), ("", 60, Relation.OVERLAPS, 7),
    ("xyz", 34, Relation.COMPLEMENTS, None), ("xyz", 60, Relation.OVERLAPS, 7), ("a", 60, Relation.OVERLAPS, 8), ("abx", 35, Relation.OVERLAPS, 8), ("axy", 60, Relation.OVERLAPS, 7),
])
def test_a_text_that_resembles_counts_where_it_says_more_than_skills_and_one_that_does_not_proves_nothing(
    skills: str, percent: int, relation: Relation, nearest: int | None,
) -> None:
    mine = Trained(UUID(int=9), UUID(int=3), frozenset(skills))
    theirs = Trained(UUID(int=8), ANCHORS[0], frozenset("ab"))
    (found,) = beside_anchors([mine, theirs], ANCHORS, {mine.module_id: Alike(UUID(int=7), percent)}, BOUNDS)
    assert (found.relation, found.nearest) == (relation, None if nearest is None else UUID(int=nearest))
