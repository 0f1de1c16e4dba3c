"""The pages of a class that runs: who may see what, what is wrong is said at its field, and what one sees stays within few statements."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import func, select

from academy.accounts.api import Role
from academy.accounts.models import TrailEntry
from academy.accounts.queries import Actor
from academy.accounts.service import start_sign_in
from academy.enrolment.models import Attendance, Enrolment, Result
from academy.enrolment.rules.study_groups import Booking
from academy.enrolment.service import study_groups
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import database
from tests import builders
from tests.enrolment.running import SLUG, Running, running, works_here

SCALE = "?scale=grade-0-10-one-decimal"


@pytest.fixture
def past() -> datetime:
    """Return a moment so long ago that a class which was planned then has met by now: requests read the real clock."""
    return right_now() - timedelta(days=40)


@pytest.fixture
def group(app: Flask, past: datetime) -> Running:
    app.config["WTF_CSRF_ENABLED"] = False
    with database().writing() as session:
        return running(session, past)


def as_person(app: Flask, actor: Actor) -> FlaskClient:
    client = app.test_client()
    with database().writing() as session:
        row = start_sign_in(session, person_id=actor.person_id, device="", now=right_now(), is_twofold=True)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client


def at(group: Running, page: str = "") -> str:
    return f"/nl/provider/{SLUG}/offerings/{group.code}{page}"


def newest_day(past: datetime) -> str:
    """Return the first Tuesday of the class, which has been."""
    starts_on = amsterdam_day(past) + timedelta(days=28)
    return (starts_on + timedelta(days=(1 - starts_on.weekday()) % 7)).isoformat()


def half_past(hour: int) -> time:
    return time(hour, 30)


def right_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - requests read the real clock


def count(of: object) -> int:
    with database().reading() as session:
        return session.scalar(select(func.count()).select_from(of)) or 0  # type: ignore[arg-type]


def test_attendance_is_one_page_of_few_statements_and_one_tap_per_person(
    app: Flask, group: Running, past: datetime, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    client = as_person(app, group.teacher)
    address = at(group, f"/attendance?day={newest_day(past)}")
    client.get(address)  # the look is on record now
    with queries(9):
        page = client.get(address).get_data(as_text=True)
    assert "Sam" in page
    assert "Noor" in page
    tapped = client.post(at(group, "/attendance"), data={"day": newest_day(past), "there": group.sams})
    assert tapped.headers["Location"].endswith(f"day={newest_day(past)}#person-{group.sams}")
    with database().reading() as session:
        assert session.scalars(select(Attendance.by_provider)).all() == [True]


@pytest.mark.parametrize("data", [{}, {"day": "gisteren", "there": "x"}, {"day": "2001-01-01", "there": "x"}, {"day": "2026-13-45", "rest": "there"}])
def test_a_tap_that_makes_no_sense_is_a_clear_answer_and_changes_nothing(app: Flask, group: Running, data: dict[str, str]) -> None:
    assert as_person(app, group.teacher).post(at(group, "/attendance"), data=data).status_code == 404
    assert as_person(app, group.sam).post(f"/nl/my/enrolments/{group.sams}/attendance", data=data).status_code == 404
    assert count(Attendance) == 0


def test_the_file_of_attendance_is_written_down_each_time(app: Flask, group: Running) -> None:
    client = as_person(app, group.teacher)
    for _time in range(2):
        answer = client.get(at(group, "/attendance.csv"))
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.get_data().decode("utf-8-sig").startswith("Naam;")
    with database().reading() as session:
        assert session.scalar(select(func.count()).where(TrailEntry.act == "attendance-exported")) == 2


def test_a_grade_that_does_not_fit_is_told_at_its_field_and_the_others_stay_filled_in(app: Flask, group: Running) -> None:
    client = as_person(app, group.teacher)
    data = {f"grade_{group.sams}": "7,55", f"seen_{group.sams}": "", f"grade_{group.noors}": "6,5", f"seen_{group.noors}": ""}
    answer = client.post(at(group, f"/results{SCALE}"), data=data)
    assert (answer.status_code, count(Result)) == (422, 0)
    page = answer.get_data(as_text=True)
    assert f'href="#grade_{group.sams}"' in page
    assert 'value="6,5"' in page
    data[f"grade_{group.sams}"] = "7,5"
    assert client.post(at(group, f"/results{SCALE}"), data=data).status_code == 303
    assert count(Result) == 2


def test_words_are_chosen_taken_back_and_left_alone(app: Flask, group: Running) -> None:
    client, address = as_person(app, group.teacher), at(group, "/results?scale=pass-or-fail")
    grade, seen = f"grade_{group.sams}", f"seen_{group.sams}"
    assert client.post(address, data={grade: "passed", seen: ""}).status_code == 303
    assert client.post(address, data={grade: "good", seen: "passed"}).status_code == 422
    assert client.post(address, data={seen: "passed"}).status_code == 303
    with database().reading() as session:
        assert session.scalars(select(Result.grade)).all() == ["passed"]
    assert client.post(address, data={grade: "", seen: "passed"}).status_code == 303
    assert count(Result) == 0


def test_a_page_that_was_open_before_the_exam_board_decided_overwrites_nothing(app: Flask, group: Running) -> None:
    teacher, board = as_person(app, group.teacher), as_person(app, group.board)
    teacher.post(at(group, f"/results{SCALE}"), data={f"grade_{group.sams}": "5", f"seen_{group.sams}": ""})
    assert board.post(at(group, "/results/decide"), data={"seen": f"{group.sams}=5.0"}).status_code == 303
    late = teacher.post(at(group, "/results"), data={f"grade_{group.sams}": "9", f"seen_{group.sams}": "5.0"})
    assert late.status_code == 409
    with database().reading() as session:
        assert session.scalars(select(Result.grade)).all() == ["5.0"]


def test_the_learner_sees_what_is_final_and_nothing_before(app: Flask, group: Running) -> None:
    teacher, board, sam = (as_person(app, who) for who in (group.teacher, group.board, group.sam))
    teacher.post(at(group, f"/results{SCALE}"), data={f"grade_{group.sams}": "8,3", f"seen_{group.sams}": ""})
    mine = f"/nl/my/enrolments/{group.sams}"
    assert "8,3" not in sam.get(mine).get_data(as_text=True)
    board.post(at(group, "/results/decide"), data={"seen": f"{group.sams}=8.3", "only": group.sams})
    page = sam.get(mine).get_data(as_text=True)
    assert "Je resultaat" in page
    assert "8,3" in page
    assert "2,5 EC" in page


def test_the_exam_board_sees_results_and_neither_attendance_nor_the_roster(app: Flask, group: Running) -> None:
    board = as_person(app, group.board)
    assert board.get(f"/nl/provider/{SLUG}/results").status_code == 200
    assert board.get(at(group, "/results")).status_code == 200
    for page in ("", "/attendance", "/attendance.csv", "/study-group"):
        assert board.get(at(group, page)).status_code == 404
    assert as_person(app, group.teacher).get(f"/nl/provider/{SLUG}/results").status_code == 404


def test_a_room_that_is_taken_is_told_at_its_field(app: Flask, group: Running, past: datetime) -> None:
    with database().writing() as session:
        planner = works_here(session, past, Role.PLANNER)
        other = builders.offering(session, past, provider_id=builders.provider(session), external_id="NET-01")
        booking = Booking("Zaal 1", "fri", half_past(18), half_past(20), amsterdam_day(past), amsterdam_day(past) + timedelta(days=80))
        study_groups.arrange_study_group(
            session, actor=planner, provider_slug=SLUG, code=other, booking=booking, now=right_now(),
        )
    today = amsterdam_day(right_now())
    data = {
        "room": " zaal  1", "weekday": "fri", "starts_at": "19:00", "ends_at": "21.00", "first_on": today.isoformat(),
        "last_on": (today + timedelta(days=21)).isoformat(),
    }
    client = as_person(app, planner)
    answer = client.post(at(group, "/study-group"), data=data)
    assert answer.status_code == 422
    assert "al bezet: elke week van 18:30 tot 20:30" in answer.get_data(as_text=True)
    assert client.post(at(group, "/study-group"), data=data | {"room": "Zaal 2"}).status_code == 303


def test_who_wants_to_meet_finds_the_group_at_my_learning_and_in_the_calendar_and_leaves_with_one_click(
    app: Flask, group: Running, past: datetime,
) -> None:
    today = amsterdam_day(right_now())
    with database().writing() as session:
        for row in session.scalars(select(Enrolment)):
            row.wants_study_group = True
        study_groups.arrange_study_group(
            session, actor=works_here(session, past, Role.PLANNER), provider_slug=SLUG, code=group.code, now=right_now(),
            booking=Booking("Zaal 1", "sat", half_past(9), half_past(11), today, today + timedelta(days=30)),
        )
    sam = as_person(app, group.sam)
    assert "Zaal 1" in sam.get("/nl/my").get_data(as_text=True)
    file = Calendar.from_ical(sam.get("/nl/my/calendar.ics").get_data())
    assert [str(event["UID"]).partition("@")[0] for event in file.walk("VEVENT")] == [f"{group.code.lower()}-1", f"{group.code.lower()}-group-1"]
    assert sam.post(f"/nl/my/enrolments/{group.sams}/study-group/leave").status_code == 303
    assert "Zaal 1" not in sam.get("/nl/my").get_data(as_text=True)
    assert "Zaal 1" in as_person(app, group.noor).get("/nl/my").get_data(as_text=True)


def test_a_calendar_without_classes_is_an_empty_calendar(app: Flask, group: Running) -> None:
    file = Calendar.from_ical(as_person(app, group.board).get("/nl/my/calendar.ics").get_data())
    assert list(file.walk("VEVENT")) == []
