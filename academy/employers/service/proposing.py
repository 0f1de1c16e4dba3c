"""Providers propose, alone or together: a draft that partners agree to, sent before the last day is over, and taken back as long as nobody chose."""

from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.employers.drafts import ProposalDraft
from academy.employers.errors.requests import (
    PartnersDisagree,
    ProposalClosed,
    ProposalThere,
    ProposalWrong,
    RequestClosed,
)
from academy.employers.events import PartnerAsked, ProposalSent
from academy.employers.kinds import InviteState, ProposalState, RequestState
from academy.employers.models import Proposal, ProposalPartner, RequestInvite, TailoredRequest
from academy.employers.queries import requests
from academy.employers.queries.requests import ProposalFacts, RequestFacts
from academy.employers.rules import slots
from academy.employers.service.history import note_answer
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce

MOST_OUTCOMES: Final = 12
MOST_PARTNERS: Final = 4
MOST_EC: Final = Decimal(60)
MOST_HOURS: Final = 1680
MOST_SEATS: Final = 200


def begin_proposal(session: Session, *, actor: Actor, provider_slug: str, request_code: str, draft: ProposalDraft, now: datetime) -> str:
    """Begin a proposal of an invited provider, as a draft that nobody else sees but its partners; returns its code.

    Raises ProviderNotFound, RequestNotFound, RequestClosed once the last day to propose is over, ProposalWrong, ProposalThere.
    """
    there = catalogue.workspace_for_planning(session, actor, provider_slug)
    request = requests.request_for_provider(session, there.provider.id, request_code)
    _check_open(request, now)
    _check(request, draft, now)
    row = Proposal(
        id=new_id(), code=short_code(), request_id=request.id, provider_id=there.provider.id, state=ProposalState.DRAFT, made_at=now, **_columns(draft),
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:  # the index says it
        raise ProposalThere from error
    _ask_partners(session, row.id, there.provider.id, draft)
    return row.code


def change_proposal(session: Session, *, actor: Actor, provider_slug: str, proposal_code: str, draft: ProposalDraft, now: datetime) -> None:
    """Change a draft; each partner is asked again whether it agrees. Raises ProviderNotFound, ProposalNotFound, ProposalClosed, RequestClosed, ProposalWrong."""
    there, found = _mine(session, actor, provider_slug, proposal_code)
    request = _request_of(session, found)
    _check_open(request, now)
    _check(request, draft, now)
    changed = update(Proposal).where(Proposal.id == found.id, Proposal.state == ProposalState.DRAFT).values(**_columns(draft))
    if rows_changed(session, changed.execution_options(synchronize_session=False)) != 1:
        raise ProposalClosed
    session.execute(delete(ProposalPartner).where(ProposalPartner.proposal_id == found.id))
    _ask_partners(session, found.id, there.provider.id, draft)


def agree_to_proposal(session: Session, *, actor: Actor, provider_slug: str, proposal_code: str, now: datetime) -> None:
    """Agree as a partner to the words as they are. Twice is once. Raises ProviderNotFound, ProposalNotFound, ProposalClosed once it is no draft any more."""
    there = catalogue.workspace_for_planning(session, actor, provider_slug)
    found = requests.proposal_as_partner(session, there.provider.id, proposal_code)
    if found.state is not ProposalState.DRAFT:
        raise ProposalClosed
    session.execute(
        update(ProposalPartner).where(ProposalPartner.proposal_id == found.id, ProposalPartner.provider_id == there.provider.id)
        .values(agreed_at=func.coalesce(ProposalPartner.agreed_at, now)).execution_options(synchronize_session=False),
    )


def send_proposal(session: Session, *, actor: Actor, provider_slug: str, proposal_code: str, now: datetime) -> None:
    """Send a draft, before the last day to propose is over; who asked has an answer by it. A second time changes nothing.

    Raises ProviderNotFound, ProposalNotFound, RequestClosed, PartnersDisagree, ProposalClosed, and ProposalWrong where its days are past by now.
    """
    there, found = _mine(session, actor, provider_slug, proposal_code)
    if found.state is ProposalState.SENT:
        return
    request = _request_of(session, found)
    in_time = update(TailoredRequest).where(
        TailoredRequest.id == request.id, TailoredRequest.state == RequestState.OPEN, TailoredRequest.proposals_until > now,
    )
    # Keeps the request: who chooses at this moment waits, and a request that ended takes nothing more.
    if rows_changed(session, in_time.values(answered_at=func.coalesce(TailoredRequest.answered_at, now)).execution_options(synchronize_session=False)) != 1:
        raise RequestClosed
    found = requests.proposal_by_id(session, found.id)
    if not all(agreed for _partner, agreed in found.partners):
        raise PartnersDisagree
    if found.starts_on <= amsterdam_day(now):
        raise ProposalWrong
    sent = update(Proposal).where(Proposal.id == found.id, Proposal.state == ProposalState.DRAFT).values(state=ProposalState.SENT, sent_at=now)
    if rows_changed(session, sent.execution_options(synchronize_session=False)) != 1:
        raise ProposalClosed
    _note_invite(session, found, InviteState.PROPOSED, now)
    if request.demand_id is not None:
        note_answer(session, request.demand_id, now=now)
    announce(session, ProposalSent(found.id))
    record(
        session, "proposal-sent", actor_id=actor.person_id, now=now, organisation_id=there.provider.id, about="proposal", about_id=found.id,
        details={"proposal": found.code, "request": request.code},
    )


def withdraw_proposal(session: Session, *, actor: Actor, provider_slug: str, proposal_code: str, now: datetime) -> None:
    """Take a proposal back, as long as nobody chose it; another one may follow in time. Twice is once. Raises ProviderNotFound, ProposalNotFound,
    ProposalClosed.
    """
    there, found = _mine(session, actor, provider_slug, proposal_code)
    if found.state is ProposalState.WITHDRAWN:
        return
    taken = update(Proposal).where(Proposal.id == found.id, Proposal.state.in_((ProposalState.DRAFT, ProposalState.SENT)))
    if rows_changed(session, taken.values(state=ProposalState.WITHDRAWN).execution_options(synchronize_session=False)) != 1:
        raise ProposalClosed
    if found.state is ProposalState.SENT:
        _note_invite(session, found, InviteState.DECLINED, now)
        record(
            session, "proposal-withdrawn", actor_id=actor.person_id, now=now, organisation_id=there.provider.id, about="proposal", about_id=found.id,
            details={"proposal": found.code},
        )


def _mine(session: Session, actor: Actor, provider_slug: str, code: str) -> tuple[catalogue.Workspace, ProposalFacts]:
    there = catalogue.workspace_for_planning(session, actor, provider_slug)
    return there, requests.proposal_of_provider(session, there.provider.id, code)


def _request_of(session: Session, found: ProposalFacts) -> RequestFacts:
    return requests.facts_of(session.get_one(TailoredRequest, found.request_id, populate_existing=True))


def _check_open(request: RequestFacts, now: datetime) -> None:
    if request.state is not RequestState.OPEN or now >= request.proposals_until:
        raise RequestClosed


def _check(request: RequestFacts, draft: ProposalDraft, now: datetime) -> None:
    """Refuse what could not become a class of this request. A class is at one of the moments that were asked, where some were."""
    is_right = (
        1 <= len(draft.outcomes) <= MOST_OUTCOMES and all(text.strip() for text in (draft.title, draft.content, *draft.outcomes))
        and draft.mode in set(catalogue.DeliveryMode) and draft.slot in slots.SLOTS and (not request.slots or draft.slot in request.slots)
        and amsterdam_day(now) < draft.starts_on <= draft.ends_on and draft.starts_on.weekday() == _weekday(draft.slot)
        and 1 <= draft.min_seats <= draft.max_seats <= MOST_SEATS and draft.max_seats >= request.people
        and (draft.class_price is not None or draft.seat_price is not None) and all(one.cents >= 0 for one in (draft.class_price, draft.seat_price) if one)
        and (draft.ec is None or 0 <= draft.ec <= MOST_EC) and (draft.hours is None or 0 <= draft.hours <= MOST_HOURS)
        and draft.nlqf in {"", *catalogue.LEVELS} and len(draft.partners) <= MOST_PARTNERS
    )
    if not is_right:
        raise ProposalWrong


def _weekday(slot: str) -> int:
    return catalogue.WEEKDAYS.index(slot.partition("-")[0])


def _columns(draft: ProposalDraft) -> dict[str, object]:
    return {
        "title": draft.title.strip(), "content": draft.content.strip(), "outcomes": [text.strip() for text in draft.outcomes], "ec": draft.ec,
        "hours": draft.hours, "nlqf": draft.nlqf, "starts_on": draft.starts_on, "ends_on": draft.ends_on, "slot": draft.slot, "mode": draft.mode,
        "place_key": draft.place_key, "class_price": draft.class_price, "seat_price": draft.seat_price, "min_seats": draft.min_seats,
        "max_seats": draft.max_seats,
    }


def _ask_partners(session: Session, proposal_id: UUID, lead: UUID, draft: ProposalDraft) -> None:
    partners = dict.fromkeys(catalogue.provider_by_slug(session, slug).id for slug in draft.partners)
    for provider_id in partners:
        if provider_id == lead:
            raise ProposalWrong
        row = ProposalPartner(id=new_id(), proposal_id=proposal_id, provider_id=provider_id)
        session.add(row)
        session.flush()
        announce(session, PartnerAsked(row.id))


def _note_invite(session: Session, found: ProposalFacts, state: InviteState, now: datetime) -> None:
    session.execute(
        update(RequestInvite).where(RequestInvite.request_id == found.request_id, RequestInvite.provider_id == found.provider_id)
        .values(state=state, answered_at=now).execution_options(synchronize_session=False),
    )
