"""Attendance from both sides: each says what it saw, nobody overwrites the other, and only people of the class are asked."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Role
from academy.accounts.models import TrailEntry
from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.errors import OfferingNotFound
from academy.enrolment import service as enrolment
from academy.enrolment.errors import AttendanceClosed, EnrolmentNotFound, MeetingNotFound
from academy.enrolment.pages.attending import attendance_heading, attendance_line
from academy.enrolment.queries import attending as queries
from academy.enrolment.queries.attending import Said
from academy.enrolment.service import attending as service
from academy.kernel.csv_file import as_csv
from academy.kernel.db import Database
from tests import builders
from tests.enrolment.races import at_the_same_time
from tests.enrolment.running import FIRST, SECOND, SLUG, STARTED, Running, running, works_here

MAY = {Role.TEACHER, Role.PLANNER, Role.OWNER}


def note(session: Session, group: Running, person: str, was_there: bool | None, *, actor: Actor | None = None, day: date = FIRST,
         now: datetime = STARTED) -> None:
    service.note_attendance(
        session, actor=actor or group.teacher, provider_slug=SLUG, code=group.code, day=day, enrolment_code=person, was_there=was_there, now=now,
    )


def note_rest(session: Session, group: Running, now: datetime = STARTED) -> None:
    service.note_rest(session, actor=group.teacher, provider_slug=SLUG, code=group.code, day=FIRST, now=now)


def say(session: Session, group: Running, was_there: bool, *, day: date = FIRST, now: datetime = STARTED) -> None:
    service.say_attendance(session, actor=group.sam, code=group.sams, day=day, was_there=was_there, now=now)


def said(session: Session, group: Running) -> dict[str, Said]:
    found = queries.class_for_teaching(session, group.teacher, SLUG, group.code)
    answers = queries.said(session, [each.enrolment_id for each in found.learners])
    return {each.name: answers[each.enrolment_id, FIRST] for each in found.learners if (each.enrolment_id, FIRST) in answers}


def test_what_one_side_says_never_changes_what_the_other_said(session: Session, now: datetime) -> None:
    group = running(session, now)
    note(session, group, group.sams, True)
    say(session, group, False)
    assert said(session, group) == {"Sam": Said(True, False)}
    note(session, group, group.sams, None)
    say(session, group, True)
    note(session, group, group.sams, False)
    assert said(session, group) == {"Sam": Said(False, True)}


def test_the_rest_was_there_leaves_alone_who_was_spoken_of(session: Session, now: datetime) -> None:
    group = running(session, now)
    note(session, group, group.noors, False)
    say(session, group, False)
    note_rest(session, group)
    assert said(session, group) == {"Sam": Said(True, False), "Noor": Said(False, None)}


def test_a_tap_of_a_colleague_at_the_same_moment_is_not_lost_in_the_rest(database: Database, now: datetime) -> None:
    with database.writing() as session:
        group = running(session, now)
        note(session, group, group.sams, None)
    heard = at_the_same_time(
        database, lambda session: note(session, group, group.sams, False), lambda session: note_rest(session, group),
    )
    with database.reading() as session:
        assert (heard, said(session, group)) == ("done", {"Sam": Said(False, None), "Noor": Said(True, None)})


def test_both_sides_at_the_same_moment_are_both_kept(database: Database, now: datetime) -> None:
    with database.writing() as session:
        group = running(session, now)
    heard = at_the_same_time(database, lambda session: note(session, group, group.sams, False), lambda session: say(session, group, True))
    with database.reading() as session:
        assert (heard, said(session, group)) == ("done", {"Sam": Said(False, True)})


def test_a_meeting_to_come_and_a_day_without_one_are_not_there(session: Session, now: datetime) -> None:
    group = running(session, now)
    for day, moment in ((SECOND, STARTED), (FIRST + timedelta(days=1), STARTED + timedelta(days=7))):
        with pytest.raises(MeetingNotFound):
            note(session, group, group.sams, True, day=day, now=moment)
        with pytest.raises(MeetingNotFound):
            say(session, group, True, day=day, now=moment)
    assert said(session, group) == {}


def test_it_can_be_corrected_until_thirty_days_after_the_class_and_no_longer(session: Session, now: datetime) -> None:
    group = running(session, now)
    last = catalogue.offering_of_provider(session, SLUG, group.code).offering.ends_on + timedelta(days=30)
    note(session, group, group.sams, True, now=datetime.fromisoformat(f"{last}T23:59:00+01:00"))
    late = datetime.fromisoformat(f"{last + timedelta(days=1)}T00:01:00+01:00")
    with pytest.raises(AttendanceClosed):
        note(session, group, group.sams, False, now=late)
    with pytest.raises(AttendanceClosed):
        note_rest(session, group, late)
    with pytest.raises(AttendanceClosed):
        say(session, group, False, now=late)
    assert said(session, group) == {"Sam": Said(True, None)}


@pytest.mark.parametrize("role", Role)
def test_teacher_planner_and_owner_note_attendance_and_nobody_else(session: Session, now: datetime, role: Role) -> None:
    group = running(session, now)
    person = works_here(session, now, role)
    if role in MAY:
        note(session, group, group.sams, True, actor=person)
        assert said(session, group) == {"Sam": Said(True, None)}
    else:
        with pytest.raises(OfferingNotFound):
            note(session, group, group.sams, True, actor=person)


def test_a_teacher_of_elsewhere_finds_nothing(session: Session, now: datetime) -> None:
    group = running(session, now)
    stranger = works_here(session, now, Role.TEACHER, "elders")
    for slug in (SLUG, "elders"):
        with pytest.raises(OfferingNotFound):
            queries.class_at(session, stranger, slug, group.code)


def test_who_left_is_passed_over_and_nobody_speaks_for_another(session: Session, now: datetime) -> None:
    group = running(session, now)
    enrolment.cancel(session, actor=group.noor, code=group.noors, now=now)
    for person in (group.noors, "NIEMAND"):
        note(session, group, person, True)
    note_rest(session, group)
    assert said(session, group) == {"Sam": Said(True, None)}
    for code in (group.noors, group.sams):
        with pytest.raises(EnrolmentNotFound):
            service.say_attendance(session, actor=group.noor, code=code, day=FIRST, was_there=True, now=STARTED)


def test_a_download_holds_both_answers_and_is_written_down(session: Session, now: datetime) -> None:
    group = running(session, now)
    note(session, group, group.sams, True)
    say(session, group, False)
    found = queries.class_for_teaching(session, group.teacher, SLUG, group.code)
    answers = queries.said(session, [each.enrolment_id for each in found.learners])
    file = as_csv(attendance_heading(found.meetings), [attendance_line(each, found.meetings, answers) for each in found.learners])
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Naam", "2026-09-29", "2026-09-29, zegt de cursist"]
    assert {row[0]: row[1:3] for row in rows[1:]} == {"Sam": ["ja", "nee"], "Noor": ["", ""]}
    service.note_look(session, actor=group.teacher, found=found, act="attendance-exported", now=STARTED)
    assert session.scalar(select(func.count()).where(TrailEntry.act == "attendance-exported", TrailEntry.details["people"].as_integer() == 2)) == 1


def test_a_look_within_the_hour_is_written_down_once(session: Session, now: datetime) -> None:
    group = running(session, now)
    found = queries.class_for_teaching(session, group.teacher, SLUG, group.code)
    assert not queries.is_seen(session, group.teacher, found, now=STARTED)
    service.note_look(session, actor=group.teacher, found=found, act="roster-seen", now=STARTED)
    assert queries.is_seen(session, group.teacher, found, now=STARTED + timedelta(minutes=59))
    assert not queries.is_seen(session, group.teacher, found, now=STARTED + timedelta(minutes=61))
    assert not queries.is_seen(session, builders.actor(session, now), found, now=STARTED)
