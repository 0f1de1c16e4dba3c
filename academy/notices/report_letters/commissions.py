"""Letters about commissions: to who plans classes at a provider that is asked, and to the programme office when one answers. No typed text goes along."""

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.enrolment import api as enrolment
from academy.kernel.formats import in_current_language, number_text
from academy.kernel.translation import _, ngettext
from academy.notices.enrolment_letters.shared import planners_at, to_person
from academy.notices.gateway import Letter
from academy.notices.message import Said
from academy.reports import api as reports
from academy.reports.api import CommissionInviteState, CommissionTold


def sent(session: Session, event: reports.CommissionSent, now: datetime) -> list[Letter]:
    """Ask a provider whether it makes something; none when it answered, the commission ended, or the last day to answer is past."""
    told = reports.commission_told(session, event.commission_id, event.provider_id)
    if told is None or told.state is not CommissionInviteState.INVITED or told.facts.ended_at is not None or now >= told.facts.answer_by:
        return []
    about = f"{event.commission_id.hex}-{event.provider_id.hex}"
    return [to_person(each, "commission-sent", f"{about}-{each.id.hex}", lambda: _asked(told)) for each in planners_at(session, event.provider_id)]


def _asked(told: CommissionTold) -> Said:
    skill, facts = in_current_language(told.facts.label), told.facts
    return Said(
        _("Kunnen jullie dit geven: %(skill)s?", skill=skill),
        (
            _("Mensen en bedrijven in de regio zoeken dit, en er is te weinig. Het programmabureau vraagt of jullie er een module voor hebben of maken."),
            _("Antwoord tot en met %(day)s.", day=enrolment.last_moment_words(facts.answer_by)),
        ),
        (
            (_("Waarvoor"), skill), (_("Waar"), reports.area_words(facts.view.area)),
            (_("Gevraagd voor"), ngettext("%(num)s persoon", "%(num)s mensen", facts.wanted, num=number_text(facts.wanted)) if facts.wanted else ""),
            (_("Nummer"), facts.code),
        ),
        (_("Lees de aanvraag en antwoord"), url_for("commissions.answer", provider=told.provider_slug, code=facts.code, _external=True)),
        (_("Lukt het niet? Zeg dan nee op dezelfde pagina. Dan zoeken we verder."),),
    )


def answered(session: Session, event: reports.CommissionAnswered, _now: datetime) -> list[Letter]:
    """Tell the programme office what a provider answered; none when it is asked anew since."""
    told = reports.commission_told(session, event.commission_id, event.provider_id)
    if told is None or told.answered_at is None:
        return []
    about = f"{event.commission_id.hex}-{event.provider_id.hex}-{told.answered_at:%Y%m%d%H%M%S}"
    office = accounts.people_in_role(session, accounts.Role.OFFICE)
    return [to_person(each, "commission-answered", f"{about}-{each.id.hex}", lambda: _answer(told)) for each in office]


def _answer(told: CommissionTold) -> Said:
    skill = in_current_language(told.facts.label)
    is_willing = told.state is CommissionInviteState.WILLING
    sentence = _("%(name)s maakt er een module voor.", name=told.provider_name) if is_willing else _("%(name)s doet het niet.", name=told.provider_name)
    return Said(
        _("Antwoord van %(name)s: %(skill)s", name=told.provider_name, skill=skill),
        (sentence, _("Op de pagina van de aanvraag lees je wie nog antwoordt, en nodig je anderen uit.")),
        ((_("Waarvoor"), skill), (_("Nummer"), told.facts.code)),
        (_("Bekijk de aanvraag"), url_for("commissions.show", code=told.facts.code, _external=True)),
    )
