"""Results: a teacher drafts, the exam board decides about what it saw, and what is final changes by a new decision only."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Role
from academy.accounts.models import TrailEntry
from academy.accounts.queries import Actor
from academy.catalogue.errors import OfferingNotFound, ProviderNotFound
from academy.catalogue.models import Module
from academy.enrolment.errors import GradeUnreadable, ResultNotFound, ResultsChanged, ResultsTooEarly
from academy.enrolment.events import ResultFinal
from academy.enrolment.kinds import ResultScale
from academy.enrolment.models import Enrolment, Result
from academy.enrolment.queries import results as queries
from academy.enrolment.queries.admission import known_of
from academy.enrolment.rules.results import ReopenReason
from academy.enrolment.service import grading
from academy.enrolment.service.grading import Entry
from academy.kernel import outbox
from academy.kernel.db import Database
from academy.kernel.outbox import OutboxMessage
from tests.enrolment.races import at_the_same_time
from tests.enrolment.running import SLUG, STARTED, Running, running, works_here

TEN = ResultScale.GRADE_0_10


@pytest.fixture(autouse=True)
def _listeners() -> Iterator[None]:
    before = dict(outbox._subscribers)
    outbox._subscribers.clear()
    outbox.subscribe("tests.result-final", ResultFinal, outside=lambda *_: None)
    yield
    outbox._subscribers.clear()
    outbox._subscribers.update(before)


def enter(session: Session, group: Running, *entries: tuple[str, str, str], actor: Actor | None = None, scale: ResultScale = TEN,
          now: datetime = STARTED) -> None:
    grading.enter_results(
        session, actor=actor or group.teacher, provider_slug=SLUG, code=group.code, scale=scale, entries=[Entry(*one) for one in entries], now=now,
    )


def decide(session: Session, group: Running, actor: Actor | None = None, **seen: str) -> None:
    """Make final what the exam board saw of Sam and Noor."""
    codes = {"sam": group.sams, "noor": group.noors}
    grading.make_final(
        session, actor=actor or group.board, provider_slug=SLUG, code=group.code, seen={codes[who]: grade for who, grade in seen.items()}, now=STARTED,
    )


def reopen(session: Session, group: Running, actor: Actor | None = None) -> None:
    grading.reopen_result(
        session, actor=actor or group.board, provider_slug=SLUG, code=group.code, enrolment_code=group.sams, reason=ReopenReason.APPEAL, now=STARTED,
    )


def grades(session: Session) -> dict[str, tuple[str, bool]]:
    """Return the grade per enrolment, and whether it is final."""
    rows = session.execute(select(Enrolment.code, Result.grade, Result.final_at).join(Result, Result.enrolment_id == Enrolment.id))
    return {row.code: (row.grade, row.final_at is not None) for row in rows}


def test_a_draft_is_kept_as_the_scale_writes_it_and_its_learner_does_not_see_it(session: Session, now: datetime) -> None:
    group = running(session, now)
    enter(session, group, (group.sams, "7,5", ""), (group.noors, "", ""))
    assert grades(session) == {group.sams: ("7.5", False)}
    enrolment_id = session.scalars(select(Enrolment.id).where(Enrolment.code == group.sams)).one()
    assert queries.final_result(session, enrolment_id) is None
    assert known_of(session, group.sam.person_id).passed == {}


def test_a_final_result_is_seen_earns_the_credits_of_ones_own_version_and_counts_for_admission(session: Session, now: datetime) -> None:
    group = running(session, now)
    session.execute(update(Module).values(ec=Decimal(30)))  # a change without a version counts at once
    enter(session, group, (group.sams, "5,5", ""), (group.noors, "5,4", ""))
    decide(session, group, sam="5.5", noor="5.4")
    rows = dict(session.execute(select(Enrolment.code, Result.ec).join(Result, Result.enrolment_id == Enrolment.id)).all())
    assert rows == {group.sams: Decimal(30), group.noors: Decimal(0)}
    enrolment_id = session.scalars(select(Enrolment.id).where(Enrolment.code == group.sams)).one()
    assert queries.final_result(session, enrolment_id) == queries.ResultFacts(TEN, "5.5", True, Decimal(30), STARTED)
    assert known_of(session, group.sam.person_id).ec == Decimal(30)
    assert known_of(session, group.noor.person_id).ec == Decimal(0)


def test_each_learner_hears_once_and_the_trail_has_one_entry_per_decision(session: Session, now: datetime) -> None:
    group = running(session, now)
    enter(session, group, (group.sams, "7", ""), (group.noors, "8", ""))
    decide(session, group, sam="7.0", noor="8.0")
    reopen(session, group)
    decide(session, group, sam="7.0")
    acts = session.execute(select(TrailEntry.act, TrailEntry.person_id).where(TrailEntry.act.like("result%")).order_by(TrailEntry.number)).all()
    assert [tuple(row) for row in acts] == [
        ("results-final", None), ("result-reopened", group.sam.person_id), ("result-final", group.sam.person_id),
    ]
    assert session.scalars(select(TrailEntry.details).where(TrailEntry.act == "result-reopened")).one()["reason"] == "appeal"
    assert len(session.scalars(select(OutboxMessage).where(OutboxMessage.event == ResultFinal.name)).all()) == 3


def test_what_is_final_can_not_be_changed_until_the_exam_board_takes_it_up_again(session: Session, now: datetime) -> None:
    group = running(session, now)
    enter(session, group, (group.sams, "5", ""))
    decide(session, group, sam="5.0")
    for text in ("6", ""):
        with pytest.raises(ResultsChanged):
            enter(session, group, (group.sams, text, "5.0"))
    with pytest.raises(ResultsChanged):
        decide(session, group, sam="5.0")
    reopen(session, group)
    with pytest.raises(ResultNotFound):
        reopen(session, group)
    enter(session, group, (group.sams, "6", "5.0"))
    assert grades(session) == {group.sams: ("6.0", False)}


def test_an_empty_grade_takes_the_draft_away_and_what_was_left_alone_stays(session: Session, now: datetime) -> None:
    group = running(session, now)
    enter(session, group, (group.sams, "7", ""), (group.noors, "8", ""))
    enter(session, group, (group.sams, "", "7.0"), (group.noors, "8,0", "8.0"))
    assert grades(session) == {group.noors: ("8.0", False)}


def test_a_class_has_one_scale_until_no_result_is_left(session: Session, now: datetime) -> None:
    group = running(session, now)
    enter(session, group, (group.sams, "7", ""))
    with pytest.raises(ResultsChanged):
        enter(session, group, (group.noors, "passed", ""), scale=ResultScale.PASS_OR_FAIL)
    enter(session, group, (group.sams, "", "7.0"))
    enter(session, group, (group.noors, "passed", ""), scale=ResultScale.PASS_OR_FAIL)
    assert grades(session) == {group.noors: ("passed", False)}


def test_what_can_not_be_read_comes_too_early_or_is_of_a_stranger_is_refused(session: Session, now: datetime) -> None:
    group = running(session, now)
    with pytest.raises(GradeUnreadable):
        enter(session, group, (group.sams, "7,55", ""))
    with pytest.raises(ResultsTooEarly):
        enter(session, group, (group.sams, "7", ""), now=now)
    with pytest.raises(ResultsChanged):
        enter(session, group, ("NIEMAND", "7", ""))
    with pytest.raises(ResultsChanged):
        decide(session, group)
    assert grades(session) == {}


@pytest.mark.parametrize("role", Role)
def test_teachers_draft_the_exam_board_decides_and_nobody_else_does_either(session: Session, now: datetime, role: Role) -> None:
    group = running(session, now)
    person = works_here(session, now, role)
    if role not in {Role.TEACHER, Role.PLANNER, Role.OWNER}:
        with pytest.raises(OfferingNotFound):
            enter(session, group, (group.noors, "7", ""), actor=person)
    enter(session, group, (group.sams, "7", ""))
    if role is not Role.EXAM_BOARD:
        with pytest.raises(OfferingNotFound):
            decide(session, group, actor=person, sam="7.0")
        with pytest.raises(ProviderNotFound):
            queries.classes_to_decide(session, person, SLUG)
    decide(session, group, sam="7.0")
    if role is not Role.EXAM_BOARD:
        with pytest.raises(OfferingNotFound):
            reopen(session, group, actor=person)


def test_the_exam_board_of_elsewhere_decides_nothing_here(session: Session, now: datetime) -> None:
    group = running(session, now)
    enter(session, group, (group.sams, "7", ""))
    with pytest.raises(OfferingNotFound):
        decide(session, group, actor=works_here(session, now, Role.EXAM_BOARD, "elders"), sam="7.0")


def test_the_exam_board_finds_the_classes_that_wait_for_it(session: Session, now: datetime) -> None:
    group = running(session, now)
    enter(session, group, (group.sams, "7", ""), (group.noors, "8", ""))
    decide(session, group, sam="7.0")
    _name, (found,) = queries.classes_to_decide(session, group.board, SLUG)
    assert (found.of.offering.code, found.drafts, found.final) == (group.code, 1, 1)


def test_of_two_drafts_at_once_the_second_hears_that_it_changed(database: Database, now: datetime) -> None:
    with database.writing() as session:
        group = running(session, now)
    heard = at_the_same_time(
        database, lambda session: enter(session, group, (group.sams, "6", "")), lambda session: enter(session, group, (group.sams, "9", "")),
    )
    with database.reading() as session:
        assert (heard, grades(session)) == ("results-changed", {group.sams: ("6.0", False)})


def test_two_scales_at_once_are_one_scale(database: Database, now: datetime) -> None:
    with database.writing() as session:
        group = running(session, now)
    heard = at_the_same_time(
        database, lambda session: enter(session, group, (group.sams, "6", "")),
        lambda session: enter(session, group, (group.noors, "passed", ""), scale=ResultScale.PASS_OR_FAIL),
    )
    with database.reading() as session:
        assert (heard, grades(session)) == ("results-changed", {group.sams: ("6.0", False)})


def test_a_draft_that_changes_while_the_exam_board_decides_is_not_made_final(database: Database, now: datetime) -> None:
    with database.writing() as session:
        group = running(session, now)
        enter(session, group, (group.sams, "5", ""))
    heard = at_the_same_time(
        database, lambda session: enter(session, group, (group.sams, "6", "5.0")), lambda session: decide(session, group, sam="5.0"),
    )
    with database.reading() as session:
        assert (heard, grades(session)) == ("results-changed", {group.sams: ("6.0", False)})


def test_a_teacher_who_changes_it_while_the_exam_board_decides_hears_so(database: Database, now: datetime) -> None:
    with database.writing() as session:
        group = running(session, now)
        enter(session, group, (group.sams, "5", ""))
    heard = at_the_same_time(
        database, lambda session: decide(session, group, sam="5.0"), lambda session: enter(session, group, (group.sams, "6", "5.0")),
    )
    with database.reading() as session:
        assert (heard, grades(session)) == ("results-changed", {group.sams: ("5.0", True)})
