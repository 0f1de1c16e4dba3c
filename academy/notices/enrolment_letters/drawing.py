"""Letters about seats that are drawn by lot."""

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from academy.enrolment import api as enrolment
from academy.enrolment.api import EnrolmentState
from academy.kernel.formats import moment_text
from academy.kernel.translation import _
from academy.notices.enrolment_letters.shared import (
    Facts,
    class_facts,
    leave_url,
    price_fact,
    title_of,
    to_learner,
)
from academy.notices.gateway import Letter
from academy.notices.message import Said


def entered(facts: Facts, lot: enrolment.MyLot) -> Said:
    """Say to who takes part when the lots are drawn, which lot is theirs, and how to leave."""
    title = title_of(facts.of)
    return Said(
        _("Je doet mee aan de loting: %(title)s", title=title),
        (
            _("De plekken voor %(title)s worden verloot op %(moment)s. Je doet mee. Het maakt niet uit wie het eerst is.", title=title,
              moment=moment_text(lot.draw.draw_at)),
            _("Krijg je een plek? Dan krijg je een e-mail. Je hebt dan 48 uur om te kiezen. Je betaalt nu nog niets."),
        ),
        (*class_facts(facts.of), price_fact(facts.of), (_("Je lot"), str(lot.ticket)), (_("Vingerafdruk van de loting"), lot.draw.fingerprint)),
        (_("Lees hoe de loting werkt"), _draw_url(facts)),
        (_("Wil je niet meer meedoen? Ga dan van de lijst. Je hoeft niet in te loggen."),),
        (_("Ga van de lijst"), leave_url(facts)),
    )


def _draw_url(facts: Facts) -> str:
    return url_for("drawing.draw", code=facts.of.offering.code, _external=True)


def not_drawn(session: Session, event: enrolment.NotDrawn, _now: datetime) -> list[Letter]:
    """Say to who got no seat which place in line the draw gave, and how to check it; none to who got one meanwhile, or left."""
    def say(facts: Facts) -> Said | None:
        lot, title = enrolment.my_lot(session, enrolment_id=facts.id, offering_id=facts.of.offering.id), title_of(facts.of)
        if lot is None or lot.place is None:
            return None
        return Said(
            _("De loting is geweest: %(title)s", title=title),
            (
                _("De plekken voor %(title)s zijn verloot. Jouw lot kwam op plaats %(place)s. Er waren %(seats)s plekken.", title=title,
                  place=lot.place, seats=lot.seats),
                _("Je bent nu nummer %(place)s op de wachtlijst. Komt er een plek vrij en ben jij aan de beurt? Dan krijg je een e-mail.",
                  place=enrolment.place_in_line(session, facts.id)),
                _("Op de pagina van de loting lees je hoe je dit zelf narekent."),
            ),
            (*class_facts(facts.of), (_("Je lot"), str(lot.ticket))),
            (_("Bekijk de loting"), _draw_url(facts)),
            (_("Wil je niet meer wachten? Ga dan van de lijst. Je hoeft niet in te loggen."),),
            (_("Ga van de wachtlijst"), leave_url(facts)),
        )
    return to_learner(session, "not-drawn", event.enrolment_id, {EnrolmentState.WAITING}, say)
