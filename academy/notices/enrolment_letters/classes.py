"""Letters about a class that runs: it goes ahead, is decided about later, has a result, meets in the region."""

from datetime import datetime
from uuid import uuid5

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.catalogue import api as catalogue
from academy.enrolment import api as enrolment
from academy.enrolment.api import EnrolmentState
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import clock_text, day
from academy.kernel.translation import _, ngettext
from academy.notices.enrolment_letters.shared import (
    Facts,
    class_facts,
    code_fact,
    title_of,
    to_enrolment,
    to_learner,
    to_person,
    to_planners,
)
from academy.notices.gateway import Letter
from academy.notices.message import Said

_SURE = (EnrolmentState.CONFIRMED,)
_HAS_PLACE = (EnrolmentState.CONFIRMED, EnrolmentState.HELD, EnrolmentState.REQUESTED, EnrolmentState.OFFERED)
_LIVE = (*_HAS_PLACE, EnrolmentState.WAITING)


def goes_ahead(session: Session, event: enrolment.ClassGoesAhead, _now: datetime) -> list[Letter]:
    """Say that the class is sure to go ahead, and when it begins."""
    def say(facts: Facts) -> Said:
        title = title_of(facts.of)
        return Said(
            _("Gaat zeker door: %(title)s", title=title),
            (_("Je groep voor %(title)s gaat zeker door. Je begint op %(day)s.", title=title, day=day(facts.of.offering.starts_on)),),
            class_facts(facts.of),
            to_enrolment(facts),
        )
    return to_learner(session, "class-goes-ahead", event.enrolment_id, _HAS_PLACE, say)


def undecided(session: Session, event: enrolment.ClassUndecided, _now: datetime) -> list[Letter]:
    """Ask the planners of a class with too few people to decide; none when it is sure, or called off."""
    of = catalogue.offerings_by_id(session, [event.offering_id]).get(event.offering_id)
    if of is None or of.offering.guaranteed or of.offering.state is not catalogue.OfferingState.ACTIVE:
        return []
    found = enrolment.seats(session, [of.offering.id]).get(of.offering.id)

    def say() -> Said:
        title, taken = title_of(of), found.taken if found else 0
        return Said(
            _("Beslis of je groep doorgaat: %(title)s", title=title),
            (
                ngettext("Er is %(num)s plek bezet.", "Er zijn %(num)s plekken bezet.", taken),
                ngettext("Er is minstens %(num)s persoon nodig.", "Er zijn minstens %(num)s mensen nodig.", of.offering.min_seats),
                _("Beslis vandaag. Wie is ingeschreven, wacht op jullie antwoord."),
            ),
            class_facts(of)[1:],
            (_("Bekijk de groep"), url_for("workspace.offering", provider=of.provider_slug, code=of.offering.code, _external=True)),
        )
    return to_planners(session, "class-undecided", event.offering_id, of, say)


def extended(session: Session, event: enrolment.ClassExtended, _now: datetime) -> list[Letter]:
    """Say that the class is decided about later, and that leaving is free."""
    def say(facts: Facts) -> Said:
        title, decides_on, starts_on = title_of(facts.of), facts.of.offering.decides_on, facts.of.offering.starts_on
        return Said(
            _("We weten later of je groep doorgaat: %(title)s", title=title),
            (
                _("Er zijn nog niet genoeg mensen voor %(title)s.", title=title),
                *([_("Op %(day)s weet je of de groep doorgaat.", day=day(decides_on))] if decides_on else []),
                _("De eerste les is dan op %(day)s.", day=day(starts_on)),
                _("Wil je niet wachten? Je kunt je plek gratis teruggeven."),
            ),
            class_facts(facts.of),
            to_enrolment(facts),
        )
    facts = enrolment.enrolment(session, event.enrolment_id)
    day_of_deciding = facts.of.offering.decides_on if facts else None
    return to_learner(session, "class-extended", event.enrolment_id, _LIVE, say, version=f"{day_of_deciding:%Y%m%d}" if day_of_deciding else "")


def moved(session: Session, event: enrolment.SeatMoved, _now: datetime) -> list[Letter]:
    """Say that the seat is in another class now, and that leaving is free."""
    def say(facts: Facts) -> Said:
        title = title_of(facts.of)
        return Said(
            _("Je hebt een plek in een andere groep: %(title)s", title=title),
            (
                _("Je eerste groep gaat niet door. Je hebt nu een plek in een andere groep van %(title)s.", title=title),
                _("Komt dat niet uit? Je kunt je plek gratis teruggeven."),
            ),
            (*class_facts(facts.of), code_fact(facts.code)),
            to_enrolment(facts),
        )
    return to_learner(session, "seat-moved", event.enrolment_id, _LIVE, say)


def result_final(session: Session, event: enrolment.ResultFinal, _now: datetime) -> list[Letter]:
    """Say that there is a result, and not which: mail is read by others too. None when the exam board took it up again."""
    result = enrolment.final_result(session, event.enrolment_id)
    if result is None or result.final_at is None:
        return []

    def say(facts: Facts) -> Said:
        title = title_of(facts.of)
        return Said(
            _("Je resultaat staat klaar: %(title)s", title=title),
            (_("De examencommissie heeft je resultaat voor %(title)s vastgesteld. Log in om het te zien.", title=title),),
            link=(_("Bekijk je resultaat"), to_enrolment(facts)[1]),
            after=(_("Ben je het er niet mee eens? Neem contact op met de aanbieder."),),
        )
    version = f"{result.final_at:%Y%m%d%H%M%S}"  # made final again, it is another letter
    return to_learner(session, "result-final", event.enrolment_id, {EnrolmentState.CONFIRMED, EnrolmentState.FINISHED}, say, version=version)


def study_group_possible(session: Session, event: enrolment.StudyGroupPossible, now: datetime) -> list[Letter]:
    """Tell the planners and the programme office that enough learners want to meet; none when they have a place by now."""
    of = catalogue.offerings_by_id(session, [event.offering_id]).get(event.offering_id)
    if of is None or enrolment.study_group_for_letter(session, event.offering_id, today=amsterdam_day(now)) is not None:
        return []
    number = len(enrolment.wanting(session, of.offering.module_id, today=amsterdam_day(now)))

    def say() -> Said:
        title = title_of(of)
        return Said(
            _("Een studiegroep is mogelijk: %(title)s", title=title),
            (
                ngettext("%(num)s persoon wil %(title)s samen leren.", "%(num)s mensen willen %(title)s samen leren.", number, title=title),
                _("Geef de groep een ruimte en een vast uur per week."),
            ),
            class_facts(of)[:2],
            (_("Open de studiegroep"), url_for("study_groups.arrange", provider=of.provider_slug, code=of.offering.code, _external=True)),
        )
    office = accounts.people_in_role(session, Role.OFFICE)
    letters = to_planners(session, "study-group-possible", event.offering_id, of, say)
    told = {letter.to for letter in letters}
    return [
        *letters,
        *(to_person(each, "study-group-possible", f"{event.offering_id.hex}-{each.id.hex}", say) for each in office if each.email not in told),
    ]


def study_group_opened(session: Session, event: enrolment.StudyGroupOpened, now: datetime) -> list[Letter]:
    """Tell each who wants to meet where and when."""
    found = enrolment.study_group_for_letter(session, event.offering_id, today=amsterdam_day(now))
    if found is None:
        return []
    group, enrolment_ids = found
    booking = group.booking

    def say(facts: Facts) -> Said:
        title = title_of(facts.of)
        hours = _("%(from)s tot %(until)s", **{"from": clock_text(booking.starts_at), "until": clock_text(booking.ends_at)})
        return Said(
            _("Je studiegroep: %(title)s", title=title),
            (_("Er is een studiegroep voor %(title)s. Je leert er samen met anderen die deze module online volgen.", title=title),),
            (
                (_("Plaats"), booking.room),
                (_("Dag en tijd"), f"{catalogue.weekday_word(booking.weekday)}, {hours}"),
                (_("Eerste keer"), day(booking.first_meeting)),
                (_("Tot en met"), day(booking.last_on)),
            ),
            to_enrolment(facts),
            (_("Wil je niet meedoen? Zet de studiegroep dan uit bij je inschrijving."),),
        )
    arrangement = uuid5(event.offering_id, repr(booking)).hex  # another place or hour is another letter
    return [
        letter for each in enrolment_ids
        for letter in to_learner(session, "study-group", each, _SURE, say, version=arrangement)
    ]
