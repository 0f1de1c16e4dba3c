"""Reads of requests for a tailored module and of proposals. Who may not see one is told that there is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from academy.accounts import api as accounts
from academy.accounts.api import Actor, OrganisationKind
from academy.catalogue import api as catalogue
from academy.employers.errors.requests import ProposalNotFound, RequestNotFound
from academy.employers.kinds import UNMET_DEMANDS, InviteState, ProposalState, RequestState
from academy.employers.models import Demand, Proposal, ProposalPartner, RequestInvite, RequestQuestion, TailoredRequest
from academy.employers.policy import may_broker, rights_at
from academy.employers.rules.requesting import is_choosing_open, seat_price, seats_bought
from academy.funding import api as funding
from academy.kernel.money import Money

_COUNTED: Final = timedelta(days=365)
_READABLE: Final = (ProposalState.SENT, ProposalState.CHOSEN, ProposalState.NOT_CHOSEN)
_NOT_TEACHING: Final = (catalogue.ProviderKind.REGISTER, catalogue.ProviderKind.PLATFORM)


@dataclass(frozen=True)
class RequestFacts:
    """A request as it stands; `is_of_pool` tells whether several parties stand behind it."""

    id: UUID
    code: str
    state: RequestState
    organisation_id: UUID
    demand_id: UUID | None
    pool_id: UUID | None
    title: str
    able: str
    skills: tuple[str, ...]
    people: int
    slots: tuple[str, ...]
    place: str
    in_company: bool
    guest_teacher: bool
    wanted_by: date | None
    budget: Money | None
    language: str
    made_at: datetime
    questions_until: datetime
    proposals_until: datetime
    choose_until: datetime
    offering_id: UUID | None
    block_id: UUID | None

    @property
    def is_of_pool(self) -> bool:
        return self.pool_id is not None


@dataclass(frozen=True)
class QuestionFacts:
    """A question and its answer, "" as long as there is none; not who asked."""

    id: UUID
    text: str
    asked_at: datetime
    answer: str


@dataclass(frozen=True)
class ProposalFacts:
    """A proposal as it stands; `partners` are the providers that give it along, each with whether it agreed."""

    id: UUID
    code: str
    request_id: UUID
    provider_id: UUID
    state: ProposalState
    title: str
    content: str
    outcomes: tuple[str, ...]
    size: Decimal | None  # in EC
    hours: int | None
    nlqf: str
    starts_on: date
    ends_on: date
    slot: str
    mode: str
    place_key: str
    class_price: Money | None
    seat_price: Money | None
    min_seats: int
    max_seats: int
    sent_at: datetime | None
    reason: str
    partners: tuple[tuple[UUID, bool], ...]

    def price_at(self, people: int) -> Money:
        """Return what one seat costs where so many people come."""
        return seat_price(self.class_price, self.seat_price, seats_bought(people, self.min_seats))


@dataclass(frozen=True)
class RequestSeen:
    """A request with its invites and questions; `proposals` are all of them for who chooses and may read them, else the reader's own."""

    request: RequestFacts
    invites: tuple[tuple[UUID, InviteState], ...]
    questions: tuple[QuestionFacts, ...]
    proposals: tuple[ProposalFacts, ...]
    number_sent: int
    may_choose: bool


@dataclass(frozen=True)
class Compared:
    """A proposal beside others: what a seat costs for as many as are asked, and the same for all of these seats together."""

    proposal: ProposalFacts
    of_seat: Money
    together: Money
    seats: int
    is_within_budget: bool


@dataclass(frozen=True)
class RequestTimes:
    """How long requests of the last year took, in the middle: from the demand to the first proposal, and to the class that was drafted. None: nothing yet."""

    number: int
    to_answer: timedelta | None
    to_class: timedelta | None


def request_by_code(session: Session, code: str) -> RequestFacts:
    """Return a request, whoever asks. Raises RequestNotFound."""
    row = session.scalars(
        select(TailoredRequest).where(TailoredRequest.code == code.upper()).execution_options(populate_existing=True),
    ).one_or_none()
    if row is None:
        raise RequestNotFound
    return facts_of(row)


def request_to_act_on(session: Session, actor: Actor, code: str) -> RequestFacts:
    """Return a request for who asked: acts for its firm, or works at the programme office. Raises RequestNotFound."""
    found = request_by_code(session, code)
    if not may_ask_for(session, actor, found.organisation_id):
        raise RequestNotFound
    return found


def may_ask_for(session: Session, actor: Actor, organisation_id: UUID) -> bool:
    """Tell whether somebody asks and chooses for this organisation."""
    memberships = accounts.memberships_of(session, actor.person_id)
    return rights_at(memberships, organisation_id).act or may_broker(memberships)


def may_choose_for(session: Session, actor: Actor, request: RequestFacts) -> bool:
    """Tell whether somebody chooses: where a firm pays for it only who acts for that firm, for a pool whoever asked."""
    return request.is_of_pool or rights_at(accounts.memberships_of(session, actor.person_id), request.organisation_id).act


def request_for_provider(session: Session, provider_id: UUID, code: str) -> RequestFacts:
    """Return a request to which this provider was invited. Raises RequestNotFound."""
    found = request_by_code(session, code)
    if session.get(RequestInvite, (found.id, provider_id)) is None:
        raise RequestNotFound
    return found


def seen_by_asker(session: Session, actor: Actor, code: str, *, now: datetime) -> RequestSeen:
    """Return a request for who asked; its proposals once they can be chosen or it has ended. Raises RequestNotFound."""
    found = request_to_act_on(session, actor, code)
    invites, sent = invites_of(session, found.id), _proposals(session, Proposal.request_id == found.id, Proposal.state.in_(_READABLE))
    is_open = found.state is RequestState.OPEN
    may_choose = is_open and is_choosing_open(found.proposals_until, found.choose_until, (state for _id, state in invites), now)
    return RequestSeen(found, invites, questions_of(session, found.id), sent if may_choose or not is_open else (), len(sent), may_choose)


def seen_by_provider(session: Session, provider_id: UUID, code: str) -> RequestSeen:
    """Return a request for an invited provider, with its own proposals only. Raises RequestNotFound."""
    found = request_for_provider(session, provider_id, code)
    own = _proposals(session, Proposal.request_id == found.id, Proposal.provider_id == provider_id)
    mine = tuple(one for one in invites_of(session, found.id) if one[0] == provider_id)
    return RequestSeen(found, mine, questions_of(session, found.id), own, 0, may_choose=False)


def requests_of(session: Session, organisation_id: UUID) -> list[RequestFacts]:
    """Return what an organisation asked for, the newest first; the caller checks who reads."""
    rows = session.scalars(select(TailoredRequest).where(TailoredRequest.organisation_id == organisation_id).order_by(TailoredRequest.id.desc()))
    return [facts_of(row) for row in rows]


def requests_for(session: Session, provider_id: UUID) -> list[tuple[RequestFacts, InviteState]]:
    """Return to which requests a provider was invited, the newest first, and what it did; the caller checks who reads."""
    rows = session.execute(
        select(TailoredRequest, RequestInvite.state).join(RequestInvite, RequestInvite.request_id == TailoredRequest.id)
        .where(RequestInvite.provider_id == provider_id).order_by(TailoredRequest.id.desc()),
    )
    return [(facts_of(row), state) for row, state in rows]


def compared(request: RequestFacts, proposals: Iterable[ProposalFacts]) -> list[Compared]:
    """Return proposals side by side, the cheapest for as many people as are asked first."""
    found = []
    for one in proposals:
        seats, each = seats_bought(request.people, one.min_seats), one.price_at(request.people)
        together = Money(each.cents * seats)
        found.append(Compared(one, each, together, seats, request.budget is None or together <= request.budget))
    return sorted(found, key=lambda one: (one.together, one.proposal.code))


def proposal_of_provider(session: Session, provider_id: UUID, code: str) -> ProposalFacts:
    """Return a proposal that this provider leads. Raises ProposalNotFound."""
    return _one(session, Proposal.code == code.upper(), Proposal.provider_id == provider_id)


def proposal_as_partner(session: Session, provider_id: UUID, code: str) -> ProposalFacts:
    """Return a proposal that this provider is asked to give along. Raises ProposalNotFound."""
    with_it = select(ProposalPartner.proposal_id).where(ProposalPartner.provider_id == provider_id)
    return _one(session, Proposal.code == code.upper(), Proposal.id.in_(with_it))


def proposals_led_by(session: Session, provider_id: UUID) -> tuple[ProposalFacts, ...]:
    """Return the proposals of a provider, the oldest first; the caller checks who reads."""
    return _proposals(session, Proposal.provider_id == provider_id)


def proposals_given_along_by(session: Session, provider_id: UUID) -> tuple[ProposalFacts, ...]:
    """Return the proposals of others that this provider is asked to give along, the oldest first; the caller checks who reads."""
    with_it = select(ProposalPartner.proposal_id).where(ProposalPartner.provider_id == provider_id)
    return _proposals(session, Proposal.id.in_(with_it))


def requests_by_id(session: Session, ids: Iterable[UUID]) -> dict[UUID, RequestFacts]:
    """Return requests by their id, whoever asks."""
    rows = session.scalars(select(TailoredRequest).where(TailoredRequest.id.in_(set(ids))).execution_options(populate_existing=True))
    return {row.id: facts_of(row) for row in rows}


def proposals_for(session: Session, request_id: UUID) -> tuple[ProposalFacts, ...]:
    """Return all proposals for a request, drafts too, the oldest first; whoever asks."""
    return _proposals(session, Proposal.request_id == request_id)


def proposal_by_id(session: Session, proposal_id: UUID) -> ProposalFacts:
    """Return a proposal, whoever asks. Raises ProposalNotFound."""
    return _one(session, Proposal.id == proposal_id)


def _one(session: Session, *wanted: ColumnElement[bool]) -> ProposalFacts:
    found = _proposals(session, *wanted)
    if not found:
        raise ProposalNotFound
    return found[0]


def suggested_providers(session: Session, skills: Iterable[str]) -> list[tuple[catalogue.ProviderFacts, int]]:
    """Return whom to invite, with how many of their modules train one of these skills: those with most first, then the others that teach, by name.

    Registers and platforms teach nothing to order. Three statements, however many modules there are.
    """
    fits = catalogue.modules_training(session, set(skills))
    teaching = [one for one in catalogue.providers(session) if one.kind not in _NOT_TEACHING]
    return sorted(((one, fits.get(one.id, 0)) for one in teaching), key=lambda each: -each[1])


def request_times(session: Session, *, now: datetime) -> RequestTimes:
    """Return how long the requests of the last year took."""
    rows = session.execute(
        select(TailoredRequest.asked_at, TailoredRequest.answered_at, TailoredRequest.ended_at, TailoredRequest.state)
        .where(TailoredRequest.made_at >= now - _COUNTED),
    ).all()
    answers = [answered - asked for asked, answered, _ended, _state in rows if answered is not None]
    classes = [ended - asked for asked, _answered, ended, state in rows if ended is not None and state is RequestState.CHOSEN]
    return RequestTimes(len(rows), _middle(answers), _middle(classes))


def _middle(times: list[timedelta]) -> timedelta | None:
    """Return the median: of an even number the mean of the two in the middle; None of nothing."""
    in_order = sorted(times)
    half = len(in_order) // 2
    return (in_order[half] + in_order[-half - 1]) / 2 if in_order else None


def requests_to_lapse(session: Session, *, now: datetime) -> list[UUID]:
    """Return the open requests of which the time to choose is over, or to propose where nobody did."""
    return list(session.scalars(select(TailoredRequest.id).where(TailoredRequest.state == RequestState.OPEN, is_over(now)).order_by(TailoredRequest.id)))


def is_over(now: datetime) -> ColumnElement[bool]:
    """Tell whether the time of a request is over: to choose, or to propose where nobody did."""
    return (TailoredRequest.choose_until <= now) | (TailoredRequest.answered_at.is_(None) & (TailoredRequest.proposals_until <= now))


def promised_at(session: Session, module_id: UUID) -> list[tuple[RequestFacts, UUID]]:
    """Return the requests of one employer of which the chosen class belongs to this module, with the id of that class, while their demand is not met."""
    chosen = select(TailoredRequest).join(Demand, Demand.id == TailoredRequest.demand_id).where(
        TailoredRequest.state == RequestState.CHOSEN, TailoredRequest.block_id.is_not(None), Demand.state.in_(UNMET_DEMANDS),
    )
    found = [facts_of(row) for row in session.scalars(chosen)]
    classes = catalogue.offerings_by_id(session, [one.offering_id for one in found if one.offering_id is not None]) if found else {}
    modules = catalogue.modules_by_slug(session, [one.module_slug for one in classes.values()])
    return [
        (one, one.offering_id) for one in found
        if one.offering_id in classes and modules[classes[one.offering_id].module_slug].id == module_id
    ]


def has_class(session: Session, demand_id: UUID) -> bool:
    """Tell whether a class was chosen for a demand of one employer, of which the seats are still promised, or ordered."""
    chosen = select(TailoredRequest.block_id).where(TailoredRequest.demand_id == demand_id, TailoredRequest.block_id.is_not(None))
    return any(funding.block(session, block_id).state is not funding.BlockState.CLOSED for block_id in session.scalars(chosen) if block_id is not None)


def demands_of_class(session: Session, offering_id: UUID) -> list[UUID]:
    """Return the demand for which a class was made to measure for one employer, if it was, and it has no later one."""
    later = aliased(TailoredRequest)
    has_later = exists().where(later.demand_id == TailoredRequest.demand_id, later.state == RequestState.CHOSEN, later.id > TailoredRequest.id)
    chosen = select(TailoredRequest.demand_id).where(TailoredRequest.offering_id == offering_id, TailoredRequest.demand_id.is_not(None), ~has_later)
    return [each for each in session.scalars(chosen) if each is not None]


def questions_of(session: Session, request_id: UUID) -> tuple[QuestionFacts, ...]:
    """Return the questions about a request, in the order in which they were asked."""
    rows = session.scalars(select(RequestQuestion).where(RequestQuestion.request_id == request_id).order_by(RequestQuestion.id))
    return tuple(QuestionFacts(row.id, row.text, row.asked_at, row.answer) for row in rows)


def office_in(session: Session, actor: Actor) -> UUID | None:
    """Return the programme office at which somebody works; None for anybody else."""
    memberships = accounts.memberships_of(session, actor.person_id)
    return next((one.organisation_id for one in memberships if one.kind is OrganisationKind.OFFICE), None) if may_broker(memberships) else None


def asked_since(session: Session, demand_id: UUID) -> datetime:
    """Return since when a demand counts."""
    row = session.get_one(Demand, demand_id)
    return row.proven_at or row.made_at


def invites_of(session: Session, request_id: UUID) -> tuple[tuple[UUID, InviteState], ...]:
    """Return which providers were invited to a request, and what each did; whoever asks."""
    rows = session.execute(
        select(RequestInvite.provider_id, RequestInvite.state).where(RequestInvite.request_id == request_id).order_by(RequestInvite.provider_id),
    )
    return tuple((provider_id, state) for provider_id, state in rows)


def _proposals(session: Session, *wanted: ColumnElement[bool]) -> tuple[ProposalFacts, ...]:
    rows = session.scalars(select(Proposal).where(*wanted).order_by(Proposal.id).execution_options(populate_existing=True)).all()
    partners: dict[UUID, list[tuple[UUID, bool]]] = {}
    if rows:
        for one in session.scalars(
            select(ProposalPartner).where(ProposalPartner.proposal_id.in_([row.id for row in rows])).order_by(ProposalPartner.id)
            .execution_options(populate_existing=True),
        ):
            partners.setdefault(one.proposal_id, []).append((one.provider_id, one.agreed_at is not None))
    return tuple(
        ProposalFacts(
            row.id, row.code, row.request_id, row.provider_id, row.state, row.title, row.content, tuple(row.outcomes), row.ec, row.hours,
            row.nlqf, row.starts_on, row.ends_on, row.slot, row.mode, row.place_key, row.class_price, row.seat_price, row.min_seats, row.max_seats,
            row.sent_at, row.reason, tuple(partners.get(row.id, ())),
        )
        for row in rows
    )


def facts_of(row: TailoredRequest) -> RequestFacts:
    return RequestFacts(
        row.id, row.code, row.state, row.organisation_id, row.demand_id, row.pool_id, row.title, row.able, tuple(row.skills), row.people,
        tuple(row.slots), row.place, row.in_company, row.guest_teacher, row.wanted_by, row.budget, row.language, row.made_at, row.questions_until,
        row.proposals_until, row.choose_until, row.offering_id, row.block_id,
    )
