"""Finished values for the pages of company courses: how far each is on its way to a level of NLQF, and what comes next."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from flask import url_for

from academy.accounts.api import OrganisationKind
from academy.employers.kinds import CourseStage
from academy.employers.queries.courses import SHOWN, AllCourses, CourseAt, CourseFacts, CoursesAt, StepFacts
from academy.employers.rules import accrediting as rules
from academy.kernel.clock import amsterdam_day
from academy.kernel.csv_file import as_csv
from academy.kernel.formats import money, number_text, short_day
from academy.kernel.money import Money
from academy.kernel.translation import _, _l, ngettext

_STAGES: Final = {
    CourseStage.PREPARING: (_l("In voorbereiding"), "open"), CourseStage.VALIDITY_ASKED: (_l("Geldigheid gevraagd"), "few"),
    CourseStage.VALIDITY_GRANTED: (_l("Geldigheid gekregen"), "open"), CourseStage.VALIDITY_REFUSED: (_l("Geldigheid geweigerd"), "cancelled"),
    CourseStage.LEVEL_ASKED: (_l("Niveau gevraagd"), "few"), CourseStage.LEVEL_GRANTED: (_l("Niveau gekregen"), "confirmed"),
    CourseStage.LEVEL_REFUSED: (_l("Niveau geweigerd"), "cancelled"),
}
_TODO: Final = {
    CourseStage.PREPARING: _l("Vraag de geldigheid aan bij NCP NLQF."),
    CourseStage.VALIDITY_ASKED: _l("Wacht op het antwoord van NCP NLQF, en noteer het hier."),
    CourseStage.VALIDITY_GRANTED: _l("Vraag het niveau aan bij NCP NLQF."),
    CourseStage.VALIDITY_REFUSED: _l("Maak in orde wat er ontbrak, en vraag de geldigheid opnieuw aan."),
    CourseStage.LEVEL_ASKED: _l("Wacht op het antwoord van NCP NLQF, en noteer het hier."),
    CourseStage.LEVEL_REFUSED: _l("Maak in orde wat er ontbrak, en vraag het niveau opnieuw aan."),
}
# Of the path: the stages of which the steps stand there, what it is, and what it asks (Besluit NLQF, Stcrt 2024, 34408; policy rule, Stcrt 2024, 37955).
_PATH: Final = (
    ((CourseStage.PREPARING,), _l("Begonnen"), _l("Jullie zoeken bij elkaar wat nodig is.")),
    ((CourseStage.VALIDITY_ASKED,), _l("Geldigheid gevraagd"), _l(
        "NCP NLQF kijkt naar wie de cursus geeft: de rechtsvorm, wie de eigenaar is, of jullie blijven bestaan, de examens en de kwaliteit. Zij noemen dit "
        "de validiteit.",
    )),
    ((CourseStage.VALIDITY_GRANTED, CourseStage.VALIDITY_REFUSED), _l("Geldigheid gekregen"), _l("Daarna mogen jullie een niveau vragen.")),
    ((CourseStage.LEVEL_ASKED,), _l("Niveau gevraagd"), _l(
        "NCP NLQF legt wat iemand na de cursus kan naast de beschrijvingen van de niveaus. De cursus duurt minstens 400 uur, of is aantoonbaar nodig op de "
        "arbeidsmarkt. Het examen is onafhankelijk. Zij noemen dit de inschaling.",
    )),
    ((CourseStage.LEVEL_GRANTED, CourseStage.LEVEL_REFUSED), _l("Niveau gekregen"), _l("Het niveau telt zes jaar. Daarna kijkt NCP NLQF opnieuw.")),
)
# Where a stage stands in the path of five, and in the short one of four; a refusal stands where it was asked.
_AT: Final = {
    CourseStage.PREPARING: (1, 1), CourseStage.VALIDITY_ASKED: (2, 2), CourseStage.VALIDITY_REFUSED: (2, 2), CourseStage.VALIDITY_GRANTED: (3, 3),
    CourseStage.LEVEL_ASKED: (4, 3), CourseStage.LEVEL_REFUSED: (4, 3), CourseStage.LEVEL_GRANTED: (5, 4),
}
_HAPPENED: Final = {
    CourseStage.PREPARING: _l("Begonnen op %(day)s"), CourseStage.VALIDITY_ASKED: _l("Gevraagd op %(day)s"),
    CourseStage.VALIDITY_GRANTED: _l("Gekregen op %(day)s"), CourseStage.VALIDITY_REFUSED: _l("Geweigerd op %(day)s"),
    CourseStage.LEVEL_ASKED: _l("Gevraagd op %(day)s"), CourseStage.LEVEL_GRANTED: _l("Gekregen op %(day)s"),
    CourseStage.LEVEL_REFUSED: _l("Geweigerd op %(day)s"),
}
_FULL_TEST, _SMALL_TEST, _AGAIN = Money(2400_00), Money(1000_00), Money(1000_00)  # what NCP NLQF asks, without VAT
_SITE: Final = "https://www.nlqf.nl/"


def chosen(stage: str) -> CourseStage | None:
    """Return the stage that is asked for in an address; None for all."""
    return CourseStage(stage) if stage in set(CourseStage) else None


def list_values(found: CoursesAt, *, now: datetime) -> dict[str, Any]:
    """Return the courses of an organisation, and what somebody must know who begins one."""
    there = found.organisation
    return {
        "name": there.name, "trail": _home(there.kind, there.name, there.slug, is_ours=found.is_ours), "costs": costs_words(), "site": _SITE,
        "courses": [course_row(one, now=now) for one in found.courses],
    }


def _home(kind: OrganisationKind, name: str, slug: str, *, is_ours: bool) -> list[tuple[str, str]]:
    """Return where one came from: one's own desk, or the list of the programme office."""
    if not is_ours:
        return [(_("Eigen cursussen"), url_for("courses.office"))]
    if kind is OrganisationKind.PROVIDER:
        return [(_("Aanbod van %(name)s", name=name), url_for("workspace.home", provider=slug))]
    return [(_("Overzicht van %(name)s", name=name), url_for("desk.home", organisation=slug))]


def costs_words() -> str:
    """Return what NCP NLQF asks."""
    return _(
        "NCP NLQF vraagt %(full)s voor een uitgebreide toets van de geldigheid en %(small)s voor een beperkte. Na zes jaar opnieuw kijken kost %(again)s. "
        "Dit is zonder btw. Prijzen veranderen: kijk op hun website.", full=money(_FULL_TEST), small=money(_SMALL_TEST), again=money(_AGAIN),
    )


def course_row(course: CourseFacts, *, now: datetime) -> dict[str, Any]:
    """Return a course in a list: where it stands, in words and in a short path, until when its level counts, and what is to be done."""
    label, look = stage_words(course, now=now)
    until = short_day(course.level_until) if course.level_until is not None else ""
    return {
        "code": course.code, "title": course.title, "url": url_for("courses.show", code=course.code), "state_label": label, "state": look,
        "level": _level(course), "todo": _todo(course, now=now), "at": _AT[course.stage][1], "until": until, "left": _left(course, now=now),
        "path": [_("Begonnen"), _("Geldigheid"), _("Niveau"), _("Geldig tot en met %(day)s", day=until) if until else _("Geldig")],
    }


def stage_words(course: CourseFacts, *, now: datetime) -> tuple[str, str]:
    """Return where a course stands, and how a badge shows it; a level of which the years are over is over."""
    if course.level_until is not None and course.level_until < amsterdam_day(now):
        return _("Niveau verlopen"), "cancelled"
    label, look = _STAGES[course.stage]
    return str(label), look


def _level(course: CourseFacts) -> str:
    if not course.nlqf:
        return ""
    if course.stage is CourseStage.LEVEL_GRANTED:
        return _("Niveau %(level)s", level=course.nlqf)
    return _("Hoopt op niveau %(level)s", level=course.nlqf)


def _todo(course: CourseFacts, *, now: datetime) -> str:
    until, today = course.level_until, amsterdam_day(now)
    if until is None:
        return str(_TODO[course.stage])
    if until < today:
        return _("Het niveau telt niet meer. Vraag het opnieuw aan.")
    if today >= rules.reminded_from(until):
        return _("Vraag op tijd een nieuwe beoordeling aan: die duurt maanden.")
    return _("Nu niets. Vraag het niveau opnieuw aan vanaf %(day)s.", day=short_day(rules.reminded_from(until)))


def _left(course: CourseFacts, *, now: datetime) -> str:
    """Return how long the level still counts, its last day counted."""
    until, today = course.level_until, amsterdam_day(now)
    if until is None or until < today:
        return ""
    months = rules.whole_months(today, until)
    if months:
        return ngettext("nog %(num)s maand", "nog %(num)s maanden", months)
    return ngettext("nog %(num)s dag", "nog %(num)s dagen", (until - today).days + 1)


def course_values(found: CourseAt, *, now: datetime) -> dict[str, Any]:
    """Return one course: its path with what happened at each step, and what can be taken back."""
    course, there = found.course, found.organisation
    home = _home(there.kind, there.name, there.slug, is_ours=found.is_ours)
    last = course.steps[-1]
    return course_row(course, now=now) | {
        "name": there.name, "trail": [*home, (_("Eigen cursussen van %(name)s", name=there.name), url_for("courses.overview", organisation=there.slug))],
        "facts": [
            (_("Niveau"), course.nlqf if course.level_until is not None else ""), (_("Gehoopt niveau"), course.nlqf if course.level_until is None else ""),
            (_("Code in het register"), course.register_code if course.level_until is not None else ""), (_("Geldig tot en met"), _until(course, now=now)),
            (_("Herinnering"), _reminder(course, now=now)),
        ],
        "steps": _path(course), "may_take_back": len(course.steps) > 1, "last": _STAGES[last.stage][0], "last_key": last.id.hex,
        "take_back_url": url_for("courses.take_back", code=course.code), "costs": costs_words(), "site": _SITE,
        "taken_back": [
            _("%(step)s (%(day)s), teruggenomen op %(back)s", step=_STAGES[step.stage][0], day=short_day(step.on_day), back=short_day(amsterdam_day(at)))
            for step, at in course.taken_back
        ],
    }


def _until(course: CourseFacts, *, now: datetime) -> str:
    if course.level_until is None:
        return ""
    left, until = _left(course, now=now), short_day(course.level_until)
    return f"{until} ({left})" if left else _("%(day)s (voorbij)", day=until)


def _reminder(course: CourseFacts, *, now: datetime) -> str:
    if course.reminded_at is not None:
        return _("Verstuurd op %(day)s", day=short_day(amsterdam_day(course.reminded_at)))
    if course.level_until is None or course.level_until < amsterdam_day(now):
        return ""
    return _("E-mail op %(day)s", day=short_day(max(rules.reminded_from(course.level_until), amsterdam_day(now))))


def _path(course: CourseFacts) -> list[dict[str, Any]]:
    """Return the five steps: how far each is, what it asks, and what happened at it, the first time first."""
    at = _AT[course.stage][0]
    is_there = course.stage in {CourseStage.VALIDITY_GRANTED, CourseStage.LEVEL_GRANTED}
    return [
        {
            "name": str(name), "asks": str(asks), "is_now": number == at and not is_there, "is_done": number < at or (number == at and is_there),
            "happened": [_happened(step) for step in course.steps if step.stage in stages],
        }
        for number, (stages, name, asks) in enumerate(_PATH, start=1)
    ]


def _happened(step: StepFacts) -> dict[str, str]:
    words = str(_HAPPENED[step.stage]) % {"day": short_day(step.on_day)}
    if step.stage is CourseStage.LEVEL_GRANTED:
        until = short_day(rules.valid_until(step.on_day))
        words = _("%(when)s: niveau %(level)s, geldig tot en met %(until)s", when=words, level=step.nlqf, until=until)
    return {"words": words, "link": step.link}


# The programme office


def office_values(found: AllCourses, *, stage: CourseStage | None, page: int, now: datetime) -> dict[str, Any]:
    """Return a page of all courses, what else can be listed, and the file of them."""
    def at(which: CourseStage | None, number: int = 1) -> str:
        return url_for("courses.office", stage=which, page=number if number > 1 else None)

    stages: Mapping[CourseStage | None, tuple[str, int]] = {None: (_("Alle"), sum(found.counts.values()))} | {
        each: (str(label), found.counts[each]) for each, (label, _look) in _STAGES.items()
    }
    return {
        "rows": [course_row(course, now=now) | {"name": name} for course, name in found.lines], "number": found.number,
        "stages": [
            {"label": f"{label} ({number_text(number)})", "url": at(each), "current": each is stage} for each, (label, number) in stages.items()
        ],
        "csv_url": url_for("courses.office_file", stage=stage),
        "next_url": at(stage, page + 1) if page * SHOWN < found.number else "", "previous_url": at(stage, page - 1) if page > 1 else "",
    }


def office_file(found: AllCourses, *, now: datetime) -> bytes:
    """Return the list as a file for a spreadsheet."""
    heading = (_("Organisatie"), _("Cursus"), _("Code"), _("Stap"), _("Sinds"), _("Niveau"), _("Code in het register"), _("Geldig tot en met"))

    def written(value: date | None) -> str:
        return value.isoformat() if value is not None else ""

    return as_csv(heading, [
        (
            name, course.title, course.code, stage_words(course, now=now)[0], written(course.steps[-1].on_day), course.nlqf, course.register_code,
            written(course.level_until),
        )
        for course, name in found.lines
    ])
