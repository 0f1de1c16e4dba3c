"""Who follows, gives or pays a class is asked five questions, twice; what they answer is kept without who they are."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import inspect, select, text, update
from sqlalchemy.orm import Session

from academy.accounts.api import Role, SizeClass
from academy.catalogue.models import Offering, OfferingState
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment
from academy.kernel.clock import amsterdam_day, end_of_day
from academy.kernel.db import Database
from academy.kernel.outbox import OutboxMessage, subscribe
from academy.reports import rounds
from academy.reports.errors import AnsweredAlready, QuestionnaireClosed, QuestionnaireNotFound
from academy.reports.events import QuestionnaireAsked, QuestionnaireReminded
from academy.reports.kinds import Side
from academy.reports.models import Questionnaire, QuestionnaireAnswer, QuestionnaireInvite
from academy.reports.queries.asking import questionnaire_to_answer, waves_due
from academy.reports.rules.asking import QUESTIONS
from academy.reports.service import monitoring
from tests.enrolment.races import at_the_same_time
from tests.reports.monitored import Monitor

GOOD = {side: dict.fromkeys(questions, 4) for side, questions in QUESTIONS.items()}


@pytest.fixture
def monitor(database: Database, now: datetime) -> Monitor:
    for event in (QuestionnaireAsked, QuestionnaireReminded):
        subscribe(f"tests.{event.name}", event, inside=lambda _session, _event, _now: None)
    return Monitor(database, now)


def told(monitor: Monitor, event: type[Any]) -> int:
    with monitor.database.reading() as session:
        return len(session.scalars(select(OutboxMessage.id).where(OutboxMessage.event == event.name, OutboxMessage.subscriber == f"tests.{event.name}")).all())


def asked_class(monitor: Monitor, people: Iterable[UUID] | int = 3, **about: Any) -> UUID:
    """Make a class, and ask about it two weeks after its start."""
    offering_id = monitor.a_class(monitor.provider(), people if isinstance(people, int) else list(people), **about)
    monitor.pass_days(14)
    rounds.ask_about_classes(monitor.now)
    return offering_id


def answer(session: Session, invite_id: UUID, *, now: datetime, side: Side = Side.LEARNER) -> None:
    monitoring.answer(session, invite_id=invite_id, scores=GOOD[side], now=now)


# Opening


def test_all_three_sides_are_asked_two_weeks_after_the_start_and_when_it_is_over(monitor: Monitor) -> None:
    asked_class(monitor, 3, firms=[monitor.firm(), monitor.firm()])
    assert {wave: row.asked for wave, row in monitor.questionnaires().items()} == {(Side.LEARNER, 1): 3, (Side.INSTITUTION, 1): 1, (Side.FIRM, 1): 2}
    assert told(monitor, QuestionnaireAsked) == 6
    assert {row.closes_on for row in monitor.questionnaires().values()} == {monitor.today + timedelta(days=21)}
    monitor.pass_days(8 * 7 + 1)
    rounds.ask_about_classes(monitor.now)
    assert {wave: row.asked for wave, row in monitor.questionnaires().items() if wave[1] == 2} == {(Side.LEARNER, 2): 3, (Side.INSTITUTION, 2): 1, (Side.FIRM, 2): 2}


def test_nobody_is_asked_twice_in_a_wave(monitor: Monitor) -> None:
    offering_id = asked_class(monitor)
    rounds.ask_about_classes(monitor.now)
    assert monitor.run(monitoring.open_wave, offering_id, 1) == 0
    assert told(monitor, QuestionnaireAsked) == len(monitor.invites()) == 4


def test_two_workers_that_ask_at_once_ask_once(monitor: Monitor) -> None:
    offering_id = monitor.a_class(monitor.provider(), 3)
    ask = partial(monitoring.open_wave, offering_id=offering_id, wave=1, now=monitor.now)
    assert at_the_same_time(monitor.database, ask, ask) == "done"
    assert len(monitor.invites()) == 4


@pytest.mark.parametrize("state", [OfferingState.CANCELLED, OfferingState.CONCEPT])
def test_nobody_is_asked_about_a_class_that_does_not_take_place(monitor: Monitor, state: OfferingState) -> None:
    monitor.a_class(monitor.provider(), 3)
    with monitor.database.writing() as session:
        session.execute(update(Offering).values(state=state))
    monitor.pass_days(14)
    assert monitor.read(waves_due) == []


def test_who_left_the_class_is_not_asked(monitor: Monitor) -> None:
    people = monitor.people(3)
    offering_id = monitor.a_class(monitor.provider(), people)
    with monitor.database.writing() as session:
        row = session.scalars(select(Enrolment).where(Enrolment.person_id == people[0])).one()
        row.state, row.ended_at = EnrolmentState.CANCELLED, monitor.now
    monitor.run(monitoring.open_wave, offering_id, 1)
    assert {each.person_id for each in monitor.invites(Side.LEARNER)} == set(people[1:])


def test_a_firm_of_one_person_is_asked_as_the_learner_that_it_is(monitor: Monitor) -> None:
    asked_class(monitor, 2, firms=[monitor.firm(SizeClass.ALONE), monitor.firm(None)])
    assert len(monitor.invites(Side.FIRM)) == 1


def test_where_nobody_plans_or_buys_the_owner_is_asked(monitor: Monitor) -> None:
    provider_id, firm_id = monitor.provider(role=Role.OWNER), monitor.firm(role=Role.OWNER)
    monitor.run(monitoring.open_wave, monitor.a_class(provider_id, 1, firms=[firm_id]), 1)
    assert {each.organisation_id for each in monitor.invites() if each.organisation_id} == {provider_id, firm_id}


def test_who_gives_or_pays_many_classes_is_asked_about_one_at_a_time(monitor: Monitor) -> None:
    provider_id, firm_id = monitor.provider(), monitor.firm()
    first, second = (monitor.a_class(provider_id, 1, firms=[firm_id]) for _each in range(2))
    monitor.run(monitoring.open_wave, first, 1)
    monitor.run(monitoring.open_wave, second, 1)
    assert [len(monitor.invites(side)) for side in (Side.LEARNER, Side.INSTITUTION, Side.FIRM)] == [2, 1, 1]
    monitor.pass_days(22)
    monitor.run(monitoring.open_wave, second, 2)
    assert [len(monitor.invites(side)) for side in (Side.INSTITUTION, Side.FIRM)] == [2, 2]


# Answering


def test_an_answer_is_counted_and_kept_apart_from_who_gave_it(monitor: Monitor) -> None:
    asked_class(monitor)
    invite = monitor.invites(Side.LEARNER)[0]
    monitor.run(answer, invite.id)
    asked = monitor.questionnaires()[Side.LEARNER, 1]
    assert (asked.asked, asked.answered) == (3, 1)
    with monitor.database.reading() as session:
        kept = session.scalars(select(QuestionnaireAnswer)).one()
        assert kept.scores == GOOD[Side.LEARNER]
        assert kept.id.version == 4, "an id in the order of time would tell who it was"
        assert {column.key for column in inspect(QuestionnaireAnswer).columns} == {"id", "questionnaire_id", "scores"}
        used = session.get_one(QuestionnaireInvite, invite.id)
        assert used.answered_at == end_of_day(amsterdam_day(monitor.now) - timedelta(days=1)), "to the day only"


def test_a_link_is_used_once(monitor: Monitor) -> None:
    asked_class(monitor)
    monitor.run(answer, monitor.invites(Side.LEARNER)[0].id)
    with pytest.raises(AnsweredAlready):
        monitor.run(answer, monitor.invites(Side.LEARNER)[0].id)
    assert monitor.questionnaires()[Side.LEARNER, 1].answered == 1


def test_the_same_answer_sent_twice_at_once_counts_once(monitor: Monitor) -> None:
    asked_class(monitor)
    send = partial(answer, invite_id=monitor.invites(Side.LEARNER)[0].id, now=monitor.now)
    assert at_the_same_time(monitor.database, send, send) == "answered-already"
    assert monitor.questionnaires()[Side.LEARNER, 1].answered == 1
    with monitor.database.reading() as session:
        assert len(session.scalars(select(QuestionnaireAnswer.id)).all()) == 1


def test_two_people_who_answer_at_once_both_count(monitor: Monitor) -> None:
    asked_class(monitor)
    first, second = (partial(answer, invite_id=each.id, now=monitor.now) for each in monitor.invites(Side.LEARNER)[:2])
    assert at_the_same_time(monitor.database, first, second) == "done"
    assert monitor.questionnaires()[Side.LEARNER, 1].answered == 2


def test_until_the_last_day_one_can_answer_and_then_no_more(monitor: Monitor) -> None:
    asked_class(monitor)
    first, second = monitor.invites(Side.LEARNER)[:2]
    monitor.pass_days(21)
    monitor.run(answer, first.id)
    monitor.pass_days(1)
    with pytest.raises(QuestionnaireClosed):
        monitor.run(answer, second.id)
    with pytest.raises(QuestionnaireClosed):
        monitor.read(questionnaire_to_answer, second.id)


def test_a_link_that_is_not_ours_leads_to_nothing(monitor: Monitor) -> None:
    with pytest.raises(QuestionnaireNotFound):
        monitor.read(questionnaire_to_answer, None)
    with pytest.raises(QuestionnaireNotFound):
        monitor.run(monitoring.answer, invite_id=None, scores={})


def test_answers_to_other_questions_are_not_kept(monitor: Monitor) -> None:
    asked_class(monitor)
    with pytest.raises(ValueError, match="no answers"):
        monitor.run(answer, monitor.invites(Side.LEARNER)[0].id, side=Side.FIRM)
    assert monitor.questionnaires()[Side.LEARNER, 1].answered == 0


# Reminding and closing


def test_who_did_not_answer_is_reminded_once_after_a_week(monitor: Monitor) -> None:
    asked_class(monitor)
    monitor.run(answer, monitor.invites(Side.LEARNER)[0].id)
    monitor.pass_days(6)
    rounds.ask_about_classes(monitor.now)
    assert told(monitor, QuestionnaireReminded) == 0
    for _each in range(3):
        monitor.pass_days(1)
        rounds.ask_about_classes(monitor.now)
    assert told(monitor, QuestionnaireReminded) == 3, "two learners and the provider"


def test_when_it_closes_only_the_numbers_stay(monitor: Monitor) -> None:
    asked_class(monitor)
    monitor.run(answer, monitor.invites(Side.LEARNER)[0].id)
    monitor.pass_days(21)
    rounds.close_questionnaires(monitor.now)
    assert len(monitor.invites()) == 4
    monitor.pass_days(1)
    rounds.close_questionnaires(monitor.now)
    assert monitor.invites() == []
    with monitor.database.reading() as session:
        assert [(row.asked, row.answered) for row in session.scalars(select(Questionnaire).order_by(Questionnaire.asked.desc()))] == [(3, 1), (1, 0)]
        assert len(session.scalars(select(QuestionnaireAnswer.id)).all()) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite does not keep which transaction wrote a row
def test_when_it_closes_no_transaction_tells_who_answered_what(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_class(monitor, 5)
    for invite in monitor.invites(Side.LEARNER)[:4]:
        monitor.run(answer, invite.id)
    together = text("SELECT count(*) FROM questionnaire_invite AS invite JOIN questionnaire_answer AS answer ON answer.xmin = invite.xmin")
    where = text("SELECT id FROM questionnaire_answer ORDER BY ctid")
    with monitor.database.reading() as session:
        assert session.scalar(together) == 4, "as long as it is open, who reads the database itself can join them (docs/decisions/0026)"
        kept = session.execute(select(QuestionnaireAnswer.id, QuestionnaireAnswer.questionnaire_id).order_by(QuestionnaireAnswer.id)).all()
    monkeypatch.setattr(monitoring, "_AT_ONCE", 1)
    monitor.pass_days(22)
    assert monitor.run(monitoring.close) == 1
    with monitor.database.reading() as session:
        assert len(monitor.invites(Side.LEARNER)) == 4, "some at a time: these wait for the next"
        assert session.scalar(together) == 0
        assert len(set(session.scalars(text("SELECT xmin::text FROM questionnaire_answer")))) == 1
        assert list(session.scalars(where)) == [each.id for each in kept], "nor does the place of a row"
        assert session.execute(select(QuestionnaireAnswer.id, QuestionnaireAnswer.questionnaire_id).order_by(QuestionnaireAnswer.id)).all() == kept
        assert session.scalars(select(QuestionnaireAnswer.scores)).all() == [GOOD[Side.LEARNER]] * 4
