"""Reads for letters about requests for a tailored module: all that stands about one, whoever asks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.employers.kinds import InviteState, ProposalState, RequestState
from academy.employers.models import ProposalPartner, RequestQuestion, TailoredRequest
from academy.employers.queries.guests import BlockInWork, Firm, blocks_of_firm
from academy.employers.queries.requests import (
    ProposalFacts,
    RequestFacts,
    facts_of,
    invites_of,
    proposal_by_id,
    proposals_for,
)
from academy.employers.rules.requesting import is_choosing_open


@dataclass(frozen=True)
class RequestTold:
    """A request with all that was invited and proposed; `readable_at` is when who asked was told that proposals can be read."""

    request: RequestFacts
    invites: tuple[tuple[UUID, InviteState], ...]
    proposals: tuple[ProposalFacts, ...]
    readable_at: datetime | None

    @property
    def sent(self) -> tuple[ProposalFacts, ...]:
        """The proposals that wait for a choice."""
        return tuple(one for one in self.proposals if one.state is ProposalState.SENT)

    def may_choose(self, now: datetime) -> bool:
        """Tell whether proposals can be read and chosen."""
        request, states = self.request, (state for _id, state in self.invites)
        return request.state is RequestState.OPEN and is_choosing_open(request.proposals_until, request.choose_until, states, now)

    def may_propose(self, now: datetime) -> bool:
        """Tell whether invited providers can still send proposals."""
        return self.request.state is RequestState.OPEN and now < self.request.proposals_until


@dataclass(frozen=True)
class PartnerTold:
    """A provider that is asked to give a proposed class along, and whether it agreed."""

    provider_id: UUID
    agreed: bool
    proposal: ProposalFacts


def request_told(session: Session, request_id: UUID) -> RequestTold | None:
    """Return a request; None when it is gone."""
    row = session.get(TailoredRequest, request_id, populate_existing=True)
    if row is None:
        return None
    return RequestTold(facts_of(row), invites_of(session, request_id), proposals_for(session, request_id), row.readable_at)


def question_told(session: Session, question_id: UUID) -> tuple[RequestTold, bool] | None:
    """Return the request that a question is about, and whether it was answered; None when it is gone."""
    row = session.get(RequestQuestion, question_id, populate_existing=True)
    told = None if row is None else request_told(session, row.request_id)
    return None if row is None or told is None else (told, row.answered_at is not None)


def partner_told(session: Session, partner_id: UUID) -> PartnerTold | None:
    """Return a partner of a proposal; None when it is none any more, or is asked again for other words."""
    row = session.get(ProposalPartner, partner_id, populate_existing=True)
    return None if row is None else PartnerTold(row.provider_id, row.agreed_at is not None, proposal_by_id(session, row.proposal_id))


def class_made(session: Session, request: RequestFacts) -> catalogue.OfferingOfModule | None:
    """Return the class that was drafted from the chosen proposal; None where none was chosen."""
    return None if request.offering_id is None else catalogue.offerings_by_id(session, [request.offering_id]).get(request.offering_id)


def seats_kept(session: Session, request: RequestFacts) -> BlockInWork | None:
    """Return the seats that a choice kept for one employer; None for a pool, of which each firm confirms for itself."""
    if request.block_id is None:
        return None
    there = accounts.organisation(session, request.organisation_id)
    kept = blocks_of_firm(session, Firm(there.id, there.slug, there.name, there.kind))
    return next((one for one in kept if one.block.id == request.block_id), None)
