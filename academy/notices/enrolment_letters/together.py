"""Letters to people who were enrolled together, and to who passes a seat on. Of who did it, only a masked address that is proven goes along."""

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.enrolment import api as enrolment
from academy.enrolment.api import EnrolmentState
from academy.kernel.translation import _, ngettext
from academy.notices.enrolment_letters.shared import (
    Facts,
    class_facts,
    code_fact,
    price_fact,
    title_of,
    to_enrolment,
    to_learner,
    to_module,
    to_person,
)
from academy.notices.gateway import Letter
from academy.notices.message import Said

_HAS_PLACE = (EnrolmentState.CONFIRMED, EnrolmentState.HELD, EnrolmentState.REQUESTED)


def group_enrolled(session: Session, event: enrolment.GroupEnrolled, _now: datetime) -> list[Letter]:
    """Tell each of a group that somebody enrolled them, and who did it that all have a place."""
    group = enrolment.group_for_letter(session, event.group_id)
    if group is None:
        return []
    maker = accounts.people(session, [group.made_by]).get(group.made_by)
    by = accounts.masked(maker.email) if maker else ""

    def say(facts: Facts) -> Said:
        title = title_of(facts.of)
        return Said(
            _("Je bent ingeschreven: %(title)s", title=title),
            (
                _("%(who)s heeft je ingeschreven voor %(title)s.", who=by, title=title),
                *([_("Je plek is zeker.")] if facts.state is EnrolmentState.CONFIRMED else []),
                *([_("De aanbieder kijkt nog of je mee kunt doen.")] if facts.state is EnrolmentState.REQUESTED else []),
                *([_("Je plek is zeker zodra er is betaald.")] if facts.state is EnrolmentState.HELD else []),
            ),
            (*class_facts(facts.of), code_fact(facts.code)),
            to_enrolment(facts),
            (_("Log in met dit e-mailadres. Wil je dit niet? Geef je plek dan terug bij je inschrijving."),),
        )

    def say_to_maker() -> Said:
        title, number = title_of(group.of), len(group.people)
        return Said(
            _("Je groep is ingeschreven: %(title)s", title=title),
            (
                ngettext("Er is %(num)s plek voor je groep.", "Er zijn %(num)s plekken voor je groep.", number),
                _("Iedereen krijgt zelf een e-mail."),
                *([] if _is_free(group) else [_("Je betaalt bij de aanbieder. De plekken zijn zeker zodra er is betaald.")]),
            ),
            (*class_facts(group.of), price_fact(group.of), (_("Nummer van de groep"), group.code)),
            to_module(group.of),
        )
    others = [each for each in group.people if each.person_id != group.made_by]
    letters = [letter for each in others for letter in to_learner(session, "group-enrolled", each.enrolment_id, _HAS_PLACE, say)]
    return letters if maker is None else [*letters, to_person(maker, "group-made", event.group_id, say_to_maker)]


def _is_free(group: enrolment.GroupFacts) -> bool:
    price = group.of.offering.price
    return price is None or price.is_zero


def taken_over(session: Session, event: enrolment.SeatTakenOver, _now: datetime) -> list[Letter]:
    """Tell who takes a seat over that it is theirs, and who had it that it is passed on."""
    former = enrolment.enrolment(session, event.from_id)
    if former is None:
        return []
    sender = accounts.person(session, former.person_id)

    def say(facts: Facts) -> Said:
        title = title_of(facts.of)
        return Said(
            _("Je hebt een plek gekregen: %(title)s", title=title),
            (_("%(who)s heeft een plek voor %(title)s aan jou doorgegeven.", who=accounts.masked(sender.email), title=title),),
            (*class_facts(facts.of), code_fact(facts.code)),
            to_enrolment(facts),
            (_("Log in met dit e-mailadres. Wil je dit niet? Geef je plek dan terug bij je inschrijving."),),
        )

    def say_to_sender() -> Said:
        title = title_of(former.of)
        return Said(
            _("Je plek is doorgegeven: %(title)s", title=title),
            (_("Iemand anders gaat in jouw plaats. Je bent zelf niet meer ingeschreven voor %(title)s.", title=title),),
            class_facts(former.of),
            (_("Naar Mijn leren"), url_for("enrolment.my_learning", _external=True)),
        )
    return [
        *to_learner(session, "seat-taken-over", event.enrolment_id, _HAS_PLACE, say),
        to_person(sender, "seat-passed-on", event.from_id, say_to_sender),
    ]
