"""Asking providers for a module that has yet to be made; their questions, which all of them read; and the end of a request without a choice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.employers import queries
from academy.employers.drafts import RequestDraft
from academy.employers.errors import DemandGone, DemandNotFound, PoolClosed, PoolNotFound
from academy.employers.errors.requests import (
    QuestionAnsweredAlready,
    RequestClosed,
    RequestNotFound,
    RequestThere,
    RequestWrong,
)
from academy.employers.events import ProposalsReadable, QuestionAnswered, QuestionAsked, RequestEnded, RequestOpened
from academy.employers.kinds import OPEN_DEMANDS, OPEN_POOLS, InviteState, PoolState, ProposalState, RequestState
from academy.employers.models import Proposal, RequestInvite, RequestQuestion, TailoredRequest
from academy.employers.queries import request_letters, requests
from academy.employers.rules.requesting import Clocks, clocks_of
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce

MOST_PEOPLE: Final = 200


@dataclass(frozen=True)
class _Source:
    """Of what a request is made: who asks, since when, for how many, when they can, and which skills."""

    organisation_id: UUID
    asked_at: datetime
    people: int
    slots: tuple[str, ...]
    skills: tuple[str, ...]
    language: str
    demand_id: UUID | None = None
    pool_id: UUID | None = None


def request_for_demand(
    session: Session, *, actor: Actor, demand_code: str, draft: RequestDraft, providers: Sequence[str], now: datetime,
) -> str:
    """Ask these providers (slugs) for what a firm's demand asks; returns the request's code. By who acts for the firm, or the programme office.

    Raises DemandNotFound, also for a citizen's, DemandGone once it ended, RequestThere, RequestWrong, ProviderNotFound.
    """
    demand = queries.demand_with_code(session, demand_code.upper())
    if demand.organisation_id is None or not requests.may_ask_for(session, actor, demand.organisation_id):
        raise DemandNotFound
    if demand.state not in OPEN_DEMANDS:
        raise DemandGone
    if requests.has_class(session, demand.id):
        raise RequestThere
    source = _Source(
        demand.organisation_id, requests.asked_since(session, demand.id), demand.people, demand.slots, demand.skills, demand.language, demand_id=demand.id,
    )
    return _open(session, actor, source, draft, providers, now=now)


def request_for_pool(
    session: Session, *, actor: Actor, pool_code: str, draft: RequestDraft, providers: Sequence[str], now: datetime,
) -> str:
    """Ask these providers for what a pool asks, at the moment that serves most; returns the request's code.

    By the programme office, or by who acts for a firm that takes part: then that firm chooses, and every other still confirms for itself. Raises
    PoolNotFound, PoolClosed once a class is offered, RequestThere, RequestWrong, ProviderNotFound.
    """
    pool = queries.pool_by_code(session, pool_code)
    pledges = queries.pledges_of(session, pool.id)
    firms = [one.organisation_id for one in pledges if one.organisation_id is not None]
    asker = requests.office_in(session, actor) or next((one for one in firms if requests.may_ask_for(session, actor, one)), None)
    if asker is None:
        raise PoolNotFound
    best = queries.standing_of(pledges, pool.threshold, pool.price).best
    if pool.state not in OPEN_POOLS or pool.state is PoolState.PROVISIONAL or best is None:
        raise PoolClosed(pool.code)
    language = next(one.language for one in pledges)
    source = _Source(asker, pool.made_at, best.seats, (best.slot,), pool.skills, language, pool_id=pool.id)
    return _open(session, actor, source, draft, providers, now=now)


def _open(session: Session, actor: Actor, source: _Source, draft: RequestDraft, providers: Sequence[str], *, now: datetime) -> str:
    clocks = clocks_of(draft.questions_on, draft.proposals_on, now=now)
    invited = dict.fromkeys(catalogue.provider_by_slug(session, slug).id for slug in providers)
    if clocks is None or not invited or not 1 <= source.people <= MOST_PEOPLE:
        raise RequestWrong
    row = _row(source, draft, clocks, now)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:  # the index says it
        raise RequestThere from error
    session.add_all(RequestInvite(request_id=row.id, provider_id=one, state=InviteState.INVITED) for one in invited)
    session.flush()
    announce(session, RequestOpened(row.id))
    record(
        session, "request-made", actor_id=actor.person_id, now=now, organisation_id=source.organisation_id, about="tailored_request", about_id=row.id,
        details={"request": row.code, "number": len(invited)},
    )
    return row.code


def _row(source: _Source, draft: RequestDraft, clocks: Clocks, now: datetime) -> TailoredRequest:
    return TailoredRequest(
        id=new_id(), code=short_code(), state=RequestState.OPEN, demand_id=source.demand_id, pool_id=source.pool_id,
        organisation_id=source.organisation_id, language=source.language, title=draft.title, able=draft.able, skills=list(source.skills),
        people=source.people, slots=list(source.slots), place=draft.place, in_company=draft.in_company, guest_teacher=draft.guest_teacher,
        wanted_by=draft.wanted_by, budget=draft.budget, asked_at=source.asked_at, made_at=now, questions_until=clocks.questions_until,
        proposals_until=clocks.proposals_until, choose_until=clocks.choose_until,
    )


def ask_question(session: Session, *, actor: Actor, provider_slug: str, request_code: str, text: str, now: datetime) -> UUID:
    """Ask something about a request, for an invited provider; all who were invited read it, and nobody reads who asked. Returns the question.

    Raises ProviderNotFound, RequestNotFound, RequestClosed after the last day to ask, RequestWrong for no words.
    """
    there = catalogue.workspace_for_planning(session, actor, provider_slug)
    found = requests.request_for_provider(session, there.provider.id, request_code)
    if found.state is not RequestState.OPEN or now >= found.questions_until:
        raise RequestClosed
    if not text.strip():
        raise RequestWrong
    row = RequestQuestion(id=new_id(), request_id=found.id, text=text.strip(), asked_at=now)
    session.add(row)
    session.flush()
    announce(session, QuestionAsked(row.id))
    return row.id


def answer_question(session: Session, *, actor: Actor, request_code: str, question_id: UUID, text: str, now: datetime) -> None:
    """Answer a question for all who were invited. Raises RequestNotFound, RequestClosed once the request ended, RequestWrong, QuestionAnsweredAlready."""
    found = requests.request_to_act_on(session, actor, request_code)
    if found.state is not RequestState.OPEN:
        raise RequestClosed
    if not text.strip():
        raise RequestWrong
    open_question = update(RequestQuestion).where(
        RequestQuestion.id == question_id, RequestQuestion.request_id == found.id, RequestQuestion.answered_at.is_(None),
    )
    if rows_changed(session, open_question.values(answer=text.strip(), answered_at=now)) != 1:
        raise QuestionAnsweredAlready
    announce(session, QuestionAnswered(question_id))


def decline_invite(session: Session, *, actor: Actor, provider_slug: str, request_code: str, now: datetime) -> None:
    """Say that a provider proposes nothing; saying it twice is saying it once. Raises ProviderNotFound, RequestNotFound, RequestClosed."""
    there = catalogue.workspace_for_planning(session, actor, provider_slug)
    found = requests.request_for_provider(session, there.provider.id, request_code)
    declined = update(RequestInvite).where(
        RequestInvite.request_id == found.id, RequestInvite.provider_id == there.provider.id, RequestInvite.state != InviteState.PROPOSED,
    )
    if found.state is not RequestState.OPEN or rows_changed(session, declined.values(state=InviteState.DECLINED, answered_at=now)) != 1:
        raise RequestClosed


def withdraw_request(session: Session, *, actor: Actor, request_code: str, reason: str, now: datetime) -> None:
    """Take a request back; who proposed hears that, with thanks and the reason if there is one. A second time changes nothing. Raises RequestNotFound,
    RequestClosed once it was chosen.
    """
    found = requests.request_to_act_on(session, actor, request_code)
    if found.state is RequestState.WITHDRAWN:
        return
    if not _end(session, found.id, RequestState.WITHDRAWN, reason=reason, now=now):
        raise RequestClosed
    record(
        session, "request-withdrawn", actor_id=actor.person_id, now=now, organisation_id=found.organisation_id, about="tailored_request",
        about_id=found.id, details={"request": found.code},
    )


def withdraw_requests_of(session: Session, demand_id: UUID, *, now: datetime) -> None:
    """Take back the open request of a demand that is taken back; who chooses or sends at this moment is waited for. Repeatable."""
    there = select(TailoredRequest.id).where(TailoredRequest.demand_id == demand_id, TailoredRequest.state == RequestState.OPEN)
    for request_id in session.scalars(there).all():
        _end(session, request_id, RequestState.WITHDRAWN, reason="", now=now)


def open_proposals(session: Session, request_id: UUID, *, now: datetime) -> bool:
    """Tell who asked, once, that proposals can be read and until when one is chosen, as soon as there is one to read. Tells whether it did; repeatable."""
    told = request_letters.request_told(session, request_id)
    if told is None or not told.sent or not told.may_choose(now):
        return False
    opened = update(TailoredRequest).where(
        TailoredRequest.id == request_id, TailoredRequest.state == RequestState.OPEN, TailoredRequest.readable_at.is_(None),
    )
    if rows_changed(session, opened.values(readable_at=now).execution_options(synchronize_session=False)) != 1:
        return False
    announce(session, ProposalsReadable(request_id, 0))
    return True


def remind_choice(session: Session, request_id: UUID, *, now: datetime) -> bool:
    """Remind who asked, once, that the time to choose is nearly over. Tells whether it did; repeatable."""
    due = update(TailoredRequest).where(
        TailoredRequest.id == request_id, TailoredRequest.state == RequestState.OPEN, TailoredRequest.readable_at.is_not(None),
        TailoredRequest.reminded_at.is_(None), TailoredRequest.choose_until > now,
    )
    if rows_changed(session, due.values(reminded_at=now).execution_options(synchronize_session=False)) != 1:
        return False
    announce(session, ProposalsReadable(request_id, 1))
    return True


def lapse_request(session: Session, request_id: UUID, *, now: datetime) -> bool:
    """End a request of which the time to choose is over, or to propose where nobody did. Tells whether it did; repeatable."""
    if session.get(TailoredRequest, request_id) is None:
        raise RequestNotFound
    # Looked at by the statement itself: a first proposal that is sent in this moment is waited for, and gives it the time to choose.
    return _end(session, request_id, RequestState.LAPSED, requests.is_over(now), reason="", now=now)


def _end(session: Session, request_id: UUID, becomes: RequestState, *only: ColumnElement[bool], reason: str, now: datetime) -> bool:
    ended = update(TailoredRequest).where(TailoredRequest.id == request_id, TailoredRequest.state == RequestState.OPEN, *only)
    if rows_changed(session, ended.values(state=becomes, ended_at=now).execution_options(synchronize_session=False)) != 1:
        return False
    close_proposals(session, request_id, reason=reason)
    announce(session, RequestEnded(request_id))
    return True


def close_proposals(session: Session, request_id: UUID, *, reason: str) -> None:
    """Let the proposals go that nobody chose: those that were sent with the reason, drafts as taken back. The caller ended the request."""
    for was, becomes in ((ProposalState.SENT, ProposalState.NOT_CHOSEN), (ProposalState.DRAFT, ProposalState.WITHDRAWN)):
        session.execute(
            update(Proposal).where(Proposal.request_id == request_id, Proposal.state == was).values(state=becomes, reason=reason.strip())
            .execution_options(synchronize_session=False),
        )
