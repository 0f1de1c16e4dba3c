"""Letters that ask how a class was: once, and once more to who did not answer. The link in them is the whole way in."""

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day, in_current_language
from academy.kernel.translation import _
from academy.notices.enrolment_letters.shared import to_person
from academy.notices.gateway import Letter
from academy.notices.message import Said
from academy.reports import api as reports
from academy.reports.api import Side

_Event = reports.QuestionnaireAsked | reports.QuestionnaireReminded


def asked(session: Session, event: reports.QuestionnaireAsked, now: datetime) -> list[Letter]:
    """Ask somebody; none once they answered, the questionnaire closed, or they left."""
    return _letter(session, event, "questionnaire-asked", now, is_reminder=False)


def reminded(session: Session, event: reports.QuestionnaireReminded, now: datetime) -> list[Letter]:
    """Ask once more; none once they answered, the questionnaire closed, or they left."""
    return _letter(session, event, "questionnaire-reminded", now, is_reminder=True)


def _letter(session: Session, event: _Event, kind: str, now: datetime, *, is_reminder: bool) -> list[Letter]:
    told = reports.invite_told(session, event.invite_id, today=amsterdam_day(now))
    if told is None or not told.questionnaire.is_open or told.questionnaire.is_answered:
        return []
    reader = accounts.people(session, [told.person_id]).get(told.person_id)
    if reader is None or accounts.is_nobody(reader.email):
        return []
    about = told.questionnaire

    def say() -> Said:
        title = in_current_language(about.module_title)
        return Said(
            _("Herinnering: vijf vragen over %(title)s", title=title) if is_reminder else _("Vijf vragen over %(title)s", title=title),
            (_why(about.side, title), _("Het zijn vijf vragen. Het kost een minuut en je hoeft niet in te loggen."), _("We bewaren je antwoorden zonder je naam.")),
            ((_("Aanbieder"), about.provider_name), (_("Antwoorden kan tot en met"), day(about.closes_on))),
            (_("Beantwoord de vragen"), url_for("experience.answer", token=reports.questionnaire_token_for(event.invite_id), _external=True)),
            (_("Dit is de laatste keer dat we het vragen.") if is_reminder else _("Heb je geen zin? Dan hoef je niets te doen. We vragen het nog één keer."),),
        )
    return [to_person(reader, kind, event.invite_id.hex, say)]


def _why(side: Side, title: str) -> str:
    if side is Side.LEARNER:
        return _("Je doet of deed mee met %(title)s. Wat vind je ervan?", title=title)
    if side is Side.INSTITUTION:
        return _("Jullie geven of gaven %(title)s. Hoe gaat of ging dat?", title=title)
    return _("Jullie betalen plekken voor %(title)s. Wat hebben jullie eraan?", title=title)
