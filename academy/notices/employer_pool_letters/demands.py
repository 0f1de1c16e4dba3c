"""Letters about demand: to prove the address, and that there is an answer. Nothing of what was typed goes along."""

from datetime import datetime
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.employers import api as employers
from academy.employers.api import DemandState, PledgeState
from academy.employers.errors import DemandNotFound
from academy.kernel.translation import _
from academy.kernel.web import writing_for
from academy.notices.employer_pool_letters.shared import group_of
from academy.notices.enrolment_letters.shared import to_person
from academy.notices.gateway import Letter
from academy.notices.message import Said, letter_saying

_TOLD_APART = (PledgeState.ASKED, PledgeState.CONFIRMED, PledgeState.PLACED)  # of these a letter of their own tells


def posted(session: Session, event: employers.DemandPosted, now: datetime) -> list[Letter]:
    """Ask whether the address is theirs, and with that whether the demand counts; none when it does, or was taken back."""
    demand, link = _demand(session, event.demand_id), accounts.link_for_letter(session, event.link_id, now=now)
    if demand is None or link is None or demand.state is not DemandState.UNPROVEN:
        return []
    with writing_for(demand.language):
        said = Said(
            _("Bevestig je vraag"),
            (
                _("Met dit e-mailadres is gevraagd wat mensen moeten kunnen leren."),
                _("Klik op de knop. Dan telt je vraag mee, en zoeken we wie je kan helpen. De link werkt één keer."),
            ),
            link=(_("Bevestig je vraag"), url_for("accounts.open_link", token=accounts.token_for(event.link_id), _external=True)),
            after=(_("Heb jij dit niet gevraagd? Dan hoef je niets te doen. De vraag gaat vanzelf weg."),),
        )
        return [letter_saying(said, "demand-posted", event.link_id, demand.email, demand.language)]


def answered(session: Session, event: employers.DemandAnswered, _now: datetime) -> list[Letter]:
    """Say that there is an answer, and where; none where the letter to confirm an offer says it."""
    demand = _demand(session, event.demand_id)
    if demand is None or demand.state is not DemandState.ANSWERED or demand.person_id is None:
        return []
    pledges = employers.pledges_for_demand(session, demand.id)
    person = accounts.people(session, [demand.person_id]).get(demand.person_id)
    if person is None or any(one.state in _TOLD_APART for one in pledges):
        return []
    joined = next((one for one in pledges if one.state is PledgeState.OPEN), None)
    group = group_of(session, joined.pool_id) if joined else None

    def say() -> Said:
        if group is None:
            return Said(
                _("Er is een antwoord op je vraag"), (_("Je vroeg wat mensen moeten kunnen leren. Er is een antwoord."),),
                link=(_("Bekijk het antwoord"), url_for("demands.answer", token=employers.demand_token_for(demand.id), _external=True)),
            )
        return Said(
            _("Er is een groep voor je vraag: %(title)s", title=group.title),
            (_("Je vraag telt mee in een groep. Anderen zoeken hetzelfde."), _("Zijn er genoeg mensen? Dan vragen we een aanbieder. Jij beslist daarna zelf.")),
            group.gathers(),
            (_("Naar de groep"), url_for("gathering.pool", code=group.pool.code, _external=True)),
        )
    return [to_person(person, "demand-answered", demand.id, say)]


def _demand(session: Session, demand_id: UUID) -> employers.DemandFacts | None:
    try:
        return employers.demand_by_id(session, demand_id)
    except DemandNotFound:  # erased meanwhile
        return None
