"""The open numbers: each is counted from the rows, few people are never told of, and everybody reads the missed goals too."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from academy.employers.kinds import DemandState, PoolState
from academy.employers.models import PoolStep
from academy.enrolment.kinds import EnrolmentState, ResultScale, Why
from academy.enrolment.models import Attendance, Enrolment, EnrolmentStep, Result
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.outbox import MessageState, OutboxMessage
from academy.payments.kinds import FindingKind
from academy.payments.models import Finding
from academy.recognition.kinds import DecisionGround, DecisionState, FileState, Route, Who
from academy.recognition.models import Decision, FileStep, RecognitionFile
from academy.reports.facts import Section, View
from academy.reports.kinds import EVERY
from academy.reports.pages import open_numbers as pages
from academy.reports.queries.open_numbers import OpenNumber, open_numbers, open_numbers_section
from academy.reports.sources.open_numbers import Span
from tests.reports.world import CLOUD, Rows

Queries = Callable[[int], AbstractContextManager[list[str]]]
_DAY = timedelta(days=1)


@pytest.fixture
def at(now: datetime) -> datetime:
    """Return a Thursday within the year that is counted, 11:00 in Amsterdam."""
    return now - timedelta(days=12)


def found(session: Session, now: datetime) -> dict[str, OpenNumber]:
    """Return the numbers of the year before today, by their Dutch name."""
    today = amsterdam_day(now)
    return {each.name.nl: each for each in open_numbers(session, span=Span(today - timedelta(days=365), today))}


def put(rows: Rows, row: Any) -> None:
    rows.session.add(row)
    rows.session.flush()


def enrol(rows: Rows, offering_id: UUID, at: datetime, state: EnrolmentState, **values: Any) -> UUID:
    """Let somebody ask for a seat, of which this came."""
    enrolment_id = rows.waiting(offering_id, at=at)
    row = rows.session.get_one(Enrolment, enrolment_id)
    ended = state in {EnrolmentState.REFUSED, EnrolmentState.CANCELLED, EnrolmentState.EXPIRED}
    row.queued_at = None if state is not EnrolmentState.WAITING else at
    row.state, row.ended_at = state, at + _DAY if ended else None
    row.confirmed_at = at if state in {EnrolmentState.CONFIRMED, EnrolmentState.FINISHED} else None
    for name, value in values.items():
        setattr(row, name, value)
    rows.session.flush()
    return enrolment_id


def step(rows: Rows, enrolment_id: UUID, why: Why, at: datetime, to: EnrolmentState = EnrolmentState.REQUESTED, was: EnrolmentState | None = None) -> None:
    put(rows, EnrolmentStep(id=new_id(), enrolment_id=enrolment_id, from_state=was, to_state=to, why=why, at=at))


def file_of(rows: Rows, module_id: UUID, *, sent_at: datetime, made_at: datetime | None = None) -> UUID:
    """Open a file of somebody and send it."""
    row = RecognitionFile(
        id=new_id(), code=f"F{new_id().hex[-12:]}", person_id=rows.person(), module_id=module_id, module_version=1, provider_id=rows.provider_id, route=Route.EDUCATION,
        state=FileState.EXEMPTION_REQUESTED, since=sent_at, idle_since=sent_at, fee=Money(0), made_at=made_at or sent_at,
    )
    put(rows, row)
    walk(rows, row.id, FileState.PORTFOLIO_SUBMITTED, sent_at)
    return row.id


def walk(rows: Rows, file_id: UUID, to: FileState, at: datetime) -> None:
    put(rows, FileStep(id=new_id(), file_id=file_id, from_state=None, to_state=to, at=at, who=Who.LEARNER))


def decide(rows: Rows, file_id: UUID, state: DecisionState, at: datetime) -> None:
    file = rows.session.get_one(RecognitionFile, file_id)
    put(rows, Decision(
        id=new_id(), number=f"B{new_id().hex[-12:]}", ground=DecisionGround.FILE, file_id=file_id, person_id=file.person_id, module_id=file.module_id, provider_id=file.provider_id,
        state=state, decided_at=at, appeal_until=at + 42 * _DAY, counts=Decimal(0), beyond=Decimal(0), digest="",
    ))
    walk(rows, file_id, FileState(state.value), at)


def test_searches_count_up_to_yesterday_and_in_vain_is_fewer_than_three_courses_or_looser_ones(rows: Rows, session: Session, now: datetime) -> None:
    yesterday = amsterdam_day(now) - _DAY
    rows.searches("lassen", 3, on=yesterday, hits=2)
    rows.searches("lassen", 4, on=yesterday, hits=3)
    rows.searches("lassen", 1, on=yesterday, hits=9, looser=True)
    rows.searches("lassen", 5, on=amsterdam_day(now))  # today is not over
    rows.searches("lassen", 7, on=yesterday - timedelta(days=365))  # a year ago and a day
    numbers = found(session, now)
    assert numbers["Zoekvragen"].number == 8
    assert (numbers["Zoekvragen zonder goed antwoord"].number, numbers["Zoekvragen zonder goed antwoord"].share) == (4, 500)


def test_what_came_of_asking_for_a_seat_adds_up_to_what_was_asked(rows: Rows, session: Session, now: datetime, at: datetime) -> None:
    offering_id = rows.offering(rows.module(CLOUD), seats=200)
    for state, number in ((EnrolmentState.CONFIRMED, 20), (EnrolmentState.REFUSED, 10), (EnrolmentState.EXPIRED, 10), (EnrolmentState.WAITING, 10)):
        for _each in range(number):
            enrol(rows, offering_id, at, state)
    for _each in range(10):
        enrol(rows, offering_id, now, EnrolmentState.CONFIRMED)  # today is not over
    numbers = found(session, now)
    parts = [numbers[name] for name in ("Kreeg de plek", "Werd niet toegelaten", "Stopte zonder plek", "Wacht nog")]
    assert numbers["Aanvragen voor een plek"].number == 50
    assert [(each.number, each.share) for each in parts] == [(20, 400), (10, 200), (10, 200), (10, 200)]


def test_of_nine_refused_is_told_nothing_nor_of_those_beside_them(rows: Rows, session: Session, now: datetime, at: datetime) -> None:
    offering_id = rows.offering(rows.module(CLOUD), seats=200)
    for state, number in ((EnrolmentState.CONFIRMED, 40), (EnrolmentState.REFUSED, 9), (EnrolmentState.EXPIRED, 12)):
        for _each in range(number):
            enrol(rows, offering_id, at, state)
    numbers = found(session, now)
    assert numbers["Werd niet toegelaten"].number is None
    assert numbers["Werd niet toegelaten"].share is None
    assert numbers["Stopte zonder plek"].number is None  # else the nine are found by subtraction
    assert numbers["Kreeg de plek"].number == 40


def test_a_provider_answers_in_working_days_and_a_weekend_is_none(rows: Rows, session: Session, now: datetime) -> None:
    offering_id = rows.offering(rows.module(CLOUD), seats=50)
    friday = datetime(2026, 8, 21, 13, 0, tzinfo=UTC)  # 15:00 in Amsterdam
    for number in range(10):
        enrolment_id = enrol(rows, offering_id, friday, EnrolmentState.CONFIRMED)
        step(rows, enrolment_id, Why.ADMISSION_ASKED, friday)
        step(rows, enrolment_id, Why.ADMITTED, friday + timedelta(days=3 if number < 9 else 5))
    numbers = found(session, now)
    answer, direct = numbers["Antwoord van de opleider over toelating, in werkdagen"], numbers["Direct ingeschreven, zonder te wachten op de opleider"]
    assert (answer.number, answer.half, answer.most, answer.is_met) == (10, 1, 1, True)
    assert (direct.number, direct.share, direct.is_met) == (0, 0, False)


def test_waiting_is_counted_in_days_of_who_was_given_a_seat(rows: Rows, session: Session, now: datetime, at: datetime) -> None:
    offering_id = rows.offering(rows.module(CLOUD), seats=50)
    for number in range(10):
        enrolment_id = rows.waiting(offering_id, at=at - timedelta(days=number + 1))
        step(rows, enrolment_id, Why.SEAT_CAME_FREE, at, EnrolmentState.OFFERED, EnrolmentState.WAITING)
    left = rows.waiting(offering_id, at=at - timedelta(days=90))
    step(rows, left, Why.GIVEN_BACK, at, EnrolmentState.CANCELLED, EnrolmentState.WAITING)
    waited = found(session, now)["Dagen op een wachtlijst tot een plek"]
    assert (waited.number, waited.half, waited.most) == (10, 5, 9)


def test_passing_being_there_and_results_are_of_classes_that_ended(rows: Rows, session: Session, now: datetime) -> None:
    ended = date(2026, 8, 10)
    offering_id = rows.offering(rows.module(CLOUD), seats=50, starts_on=ended - timedelta(days=60))
    judge = rows.person()
    for number in range(30):
        enrolment_id = enrol(rows, offering_id, now - timedelta(days=80), EnrolmentState.FINISHED)
        final_at = datetime(2026, 8, 12 if number < 28 else 25, 10, 0, tzinfo=UTC)
        put(rows, Result(
            enrolment_id=enrolment_id, scale=ResultScale.PASS_OR_FAIL, grade="passed", is_passed=number < 20, ec=None, entered_at=final_at, entered_by=judge, final_at=final_at,
            final_by=judge,
        ))
        put(rows, Attendance(enrolment_id=enrolment_id, meets_on=date(2026, 7, 1), by_provider=number < 15, by_learner=None))
    numbers = found(session, now)
    assert numbers["Mensen in lessen die klaar zijn"].number == 30
    assert (numbers["Haalde de module"].number, numbers["Haalde de module"].share) == (20, 667)
    assert (numbers["Aanwezig bij een les"].share, numbers["Aanwezig bij een les"].is_met) == (500, False)
    graded = numbers["Uitslag na de laatste les, in dagen"]
    assert (graded.number, graded.half, graded.most, graded.is_met) == (30, 2, 2, True)


def test_recognition_is_counted_from_sending_to_the_first_decision(rows: Rows, session: Session, now: datetime, at: datetime) -> None:
    module_id = rows.module(CLOUD)
    for number in range(24):
        file_id = file_of(rows, module_id, sent_at=at - timedelta(days=20 if number < 20 else 50))
        decide(rows, file_id, DecisionState.GRANTED if number < 12 else DecisionState.REFUSED, at)
    numbers = found(session, now)
    times = numbers["Van insturen tot besluit, in dagen"]
    assert numbers["Besluiten van examencommissies"].number == 25
    assert (numbers["Erkend, helemaal of voor een deel"].number, numbers["Erkend, helemaal of voor een deel"].share) == (10, 400)
    assert (times.half, times.most, times.is_met) == (20, 50, False)


def test_a_file_is_done_in_time_when_it_ended_within_half_a_year(rows: Rows, session: Session, now: datetime) -> None:
    module_id, opened = rows.module(CLOUD), now - timedelta(days=300)
    for number in range(30):
        file_id = file_of(rows, module_id, sent_at=opened, made_at=opened)
        if number < 20:
            decide(rows, file_id, DecisionState.GRANTED, opened + timedelta(days=100 if number < 10 else 200))
    done = found(session, now)["Klaar binnen een half jaar na het begin"]
    assert (done.number, done.share, done.is_met) == (10, 333, False)


def test_demand_that_nobody_answered_in_time_is_a_missed_goal_also_where_it_is_of_too_few_to_count(rows: Rows, session: Session, now: datetime, at: datetime) -> None:
    for _each in range(10):
        rows.demand(CLOUD, at=at, state=DemandState.ANSWERED, answered_at=at + _DAY)
    rows.demand(CLOUD, firm=rows.firm(), at=at, answer_by=now - 2 * _DAY)
    numbers = found(session, now)
    first = numbers["Eerste antwoord op een vraag, in werkdagen"]
    late = numbers["Vragen die te lang op antwoord wachten"]
    assert (first.number, first.most) == (10, 1)
    assert (late.number, late.is_met) == (None, False)
    assert numbers["Bedrijven en scholen die iets vroegen of toezegden"].number == 1


def test_pools_became_a_class_or_stopped(rows: Rows, session: Session, now: datetime, at: datetime) -> None:
    for state, number in ((PoolState.CONFIRMED, 1), (PoolState.LAPSED, 3)):
        for _each in range(number):
            put(rows, PoolStep(id=new_id(), pool_id=rows.pool(CLOUD), from_state=None, to_state=state, at=at))
    numbers = found(session, now)
    assert (numbers["Groepen die een les werden"].number, numbers["Groepen die een les werden"].share) == (1, 250)
    assert (numbers["Groepen die stopten"].number, numbers["Groepen die stopten"].share) == (3, 750)


def test_what_waits_for_a_person_is_told_as_a_missed_goal(rows: Rows, session: Session, now: datetime, at: datetime) -> None:
    put(rows, OutboxMessage(id=new_id(), event="Room.fact.v1", subscriber="room.does", payload={}, state=MessageState.DEAD, attempts=12, created_at=at, due_at=at))
    put(rows, Finding(id=new_id(), code="BK1", key="k", kind=FindingKind.PAID_TWICE, about="", happened_at=at, opened_at=at, seen_at=at))
    numbers = found(session, now)
    assert [(each.number, each.is_met) for each in numbers.values() if each.about.nl == "Fouten"] == [(1, False), (1, False)]


def test_the_section_is_the_same_for_the_same_rows_and_costs_no_more_with_more(rows: Rows, session: Session, now: datetime, at: datetime, queries: Queries) -> None:
    def section() -> Section:
        return open_numbers_section(session, view=View("2026", EVERY, EVERY), from_on=date(2026, 1, 1), until_on=date(2026, 12, 31), as_of=amsterdam_day(now))

    offering_id = rows.offering(rows.module(CLOUD), seats=50)
    for _each in range(12):
        enrol(rows, offering_id, at, EnrolmentState.CONFIRMED)
    with queries(22):
        first = section()
    assert first == section()
    [table] = first.tables
    assert [each.name for each in table.columns] == ["about", "name", "number", "share", "half", "most", "goal", "met"]
    assert first.sentences[0].nl == "Van 10 doelen: 4 gehaald, 1 niet, 5 nog niet te meten."
    assert all(each.nl and each.en for each in first.sentences)


def test_everybody_reads_the_numbers_and_the_same_answer_for_a_minute(app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_remembered", [])
    with database.writing() as session:
        rows = Rows(session, utc_now())
        rows.searches("lassen", 4, on=amsterdam_day(utc_now()) - _DAY)
    stranger = app.test_client()
    page = stranger.get("/nl/open-numbers").get_data(as_text=True)
    for part in ("Zoekvragen zonder goed antwoord", "100%", "Doel: ten minste 400 – niet gehaald", "Doel: 0 – gehaald", "Waar een doel is, staat het erbij.", "Doel: ten minste 75%", "nog geen", "We volgen geen bezoekers"):
        assert part in page, part
    with database.writing() as session:
        Rows(session, utc_now()).searches("lassen", 3, on=amsterdam_day(utc_now()) - _DAY)
    file = stranger.get("/nl/open-numbers.csv")
    assert file.mimetype == "text/csv"
    assert "Zoeken;Zoekvragen;4;" in file.get_data(as_text=True)
    today, numbers = pages.numbers_of_a_year(database, now=utc_now() + timedelta(minutes=2))
    assert numbers[0].number == 7
    assert pages.page_values(today, numbers)["groups"][0]["numbers"][0]["value"] == "7"
