"""Pages about who was there, of both sides, and the calendar of all one's classes."""

from datetime import date

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.catalogue import api as catalogue
from academy.enrolment import queries
from academy.enrolment.errors import MeetingNotFound
from academy.enrolment.forms import attending as forms
from academy.enrolment.pages import attending as pages
from academy.enrolment.queries import attending as classes
from academy.enrolment.queries import study_groups
from academy.enrolment.rules.attendance import to_show
from academy.enrolment.service import attending as service
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.csv_file import as_csv
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render, throttled

blueprint = localized_blueprint("attending", __name__)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@blueprint.get("/provider/<provider>/offerings/<code>/attendance")
def attendance(provider: str, code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        found = classes.class_for_teaching(session, actor, provider, code)
        said = classes.said(session, [each.enrolment_id for each in found.learners])
        is_seen = classes.is_seen(session, actor, found, now=now)
    if not is_seen:
        with database().writing() as session:
            service.note_look(session, actor=actor, found=found, act="roster-seen", now=now)
    place = to_show(found.meetings, asked=_day(request.args.get("day", "")), today=amsterdam_day(now))
    meeting = None if place is None else pages.attendance_values(found, said, place, now=now)
    return render("enrolment/workspace/attendance.html", group=pages.running_class(found), meeting=meeting)


@blueprint.post("/provider/<provider>/offerings/<code>/attendance")
def note(provider: str, code: str) -> ResponseReturnValue:
    actor, form, now = require_actor(), forms.TapForm(), utc_now()
    day = form.day.data if form.validate() else None
    if day is None:
        raise MeetingNotFound
    person, was_there = form.tapped()
    with database().writing() as session:
        if form.rest.data:
            service.note_rest(session, actor=actor, provider_slug=provider, code=code, day=day, now=now)
        else:
            service.note_attendance(
                session, actor=actor, provider_slug=provider, code=code, day=day, enrolment_code=person, was_there=was_there, now=now,
            )
    place = f"person-{person}" if person else "attendance"
    return redirect(url_for("attending.attendance", provider=provider, code=code, day=day.isoformat(), _anchor=place), 303)


@blueprint.get("/provider/<provider>/offerings/<code>/attendance.csv")
@throttled(a_minute=60)
def attendance_csv(provider: str, code: str) -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().writing() as session:
        found = classes.class_for_teaching(session, actor, provider, code)
        said = classes.said(session, [each.enrolment_id for each in found.learners])
        service.note_look(session, actor=actor, found=found, act="attendance-exported", now=now)
    rows = [pages.attendance_line(each, found.meetings, said) for each in found.learners]
    answer = Response(as_csv(pages.attendance_heading(found.meetings), rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.of.offering.code.lower()}-attendance.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/my/enrolments/<code>/attendance")
def mine(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        facts, meetings = classes.my_class(session, require_actor(), code)
        said = classes.said(session, [facts.id])
    return render("enrolment/attendance.html", attendance=pages.my_attendance_values(facts, meetings, said, now=utc_now()))


@blueprint.post("/my/enrolments/<code>/attendance")
def say(code: str) -> ResponseReturnValue:
    form = forms.MyTapForm()
    day = form.there.data or form.away.data if form.validate() else None
    if day is None:
        raise MeetingNotFound
    with database().writing() as session:
        service.say_attendance(session, actor=require_actor(), code=code, day=day, was_there=form.there.data is not None, now=utc_now())
    flash(_("Bewaard. Je docent ziet wat je hebt gezegd."), "success")
    return redirect(url_for("attending.mine", code=code, _anchor=f"day-{day.isoformat()}"), 303)


@blueprint.get("/my/calendar.ics")
@throttled(a_minute=60)
def calendar() -> ResponseReturnValue:
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        facts = [each for each in queries.my_enrolments(session, actor) if each.state in queries.IN_CLASS]
        offerings = {of.offering.id: of for of in catalogue.with_meetings(session, [each.of for each in facts])}
        groups = study_groups.my_study_groups(session, facts, today=amsterdam_day(now))
    file = pages.my_calendar([(each, offerings[each.of.offering.id]) for each in facts], groups.values(), now=now)
    answer = Response(file, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="ad-academy.ics"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
