"""Requests and proposals as one provider sees them: what it was asked, what it proposes, and what it is asked to give along."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.employers.errors.requests import ProposalClosed, ProposalNotFound, RequestClosed
from academy.employers.kinds import InviteState, ProposalState, RequestState
from academy.employers.queries import requests
from academy.employers.queries.requests import ProposalFacts, QuestionFacts, RequestFacts
from academy.kernel.text import Localized


@dataclass(frozen=True)
class Asked:
    """A request to which a provider was invited, what it did, and its own proposal: the last one that it did not take back."""

    request: RequestFacts
    invite: InviteState
    proposal: ProposalFacts | None

    def is_open(self, now: datetime) -> bool:
        """Tell whether one can still propose."""
        return self.request.state is RequestState.OPEN and now < self.request.proposals_until

    def waits(self, now: datetime) -> bool:
        """Tell whether the provider has yet to say something."""
        return self.is_open(now) and self.invite is InviteState.INVITED and self.proposal is None


@dataclass(frozen=True)
class Joined:
    """A proposal of another provider that this one is asked to give along."""

    request: RequestFacts
    proposal: ProposalFacts
    has_agreed: bool

    def waits(self, now: datetime) -> bool:
        """Tell whether this provider has yet to agree, and in time."""
        is_open = self.request.state is RequestState.OPEN and now < self.request.proposals_until
        return is_open and self.proposal.state is ProposalState.DRAFT and not self.has_agreed


@dataclass(frozen=True)
class RequestsAtProvider:
    """All that a provider was asked, the newest first; `names` are those of providers."""

    there: catalogue.Workspace
    asked: tuple[Asked, ...]
    joined: tuple[Joined, ...]
    names: Mapping[UUID, str]


@dataclass(frozen=True)
class RequestAtProvider:
    """One request at an invited provider, with all questions about it; `names` are those of providers, `places` those of its proposal by key."""

    there: catalogue.Workspace
    asked: Asked
    questions: tuple[QuestionFacts, ...]
    names: Mapping[UUID, str]
    places: Mapping[str, Localized]


@dataclass(frozen=True)
class ProposalAtProvider:
    """One proposal at who leads it or at a partner; `offering` is the class that was drafted, where it was chosen."""

    there: catalogue.Workspace
    request: RequestFacts
    proposal: ProposalFacts
    names: Mapping[UUID, str]
    places: Mapping[str, Localized]
    offering: catalogue.OfferingFacts | None

    @property
    def is_lead(self) -> bool:
        return self.proposal.provider_id == self.there.provider.id

    @property
    def has_agreed(self) -> bool:
        """Whether this provider, as a partner, agreed."""
        return dict(self.proposal.partners).get(self.there.provider.id, False)


@dataclass(frozen=True)
class Choices:
    """What a proposal can be made of: the places of its provider, and who could give it along, by name."""

    places: tuple[catalogue.PlaceFacts, ...]
    partners: tuple[catalogue.ProviderFacts, ...]


def requests_at(session: Session, actor: Actor, provider_slug: str) -> RequestsAtProvider:
    """Return what a provider was asked, and the proposals that it is asked to give along. Raises ProviderNotFound."""
    there = catalogue.workspace_for_reading(session, actor, provider_slug)
    joined = _joined(session, there.provider.id)
    return RequestsAtProvider(there, _asked(session, there.provider.id), joined, provider_names(session, [one.proposal for one in joined]))


def number_waiting(session: Session, there: catalogue.Workspace, *, now: datetime) -> int:
    """Return how many requests, and how many proposals of others, wait for a provider."""
    asked = sum(one.waits(now) for one in _asked(session, there.provider.id))
    return asked + sum(one.waits(now) for one in _joined(session, there.provider.id))


def request_at(session: Session, actor: Actor, provider_slug: str, code: str) -> RequestAtProvider:
    """Return one request for who works at an invited provider. Raises ProviderNotFound, RequestNotFound."""
    there = catalogue.workspace_for_reading(session, actor, provider_slug)
    seen = requests.seen_by_provider(session, there.provider.id, code)
    proposal = _current(seen.proposals)
    own = [proposal] if proposal is not None else []
    return RequestAtProvider(
        there, Asked(seen.request, seen.invites[0][1], proposal), seen.questions, provider_names(session, own), place_names(session, own),
    )


def proposal_at(session: Session, actor: Actor, provider_slug: str, code: str) -> ProposalAtProvider:
    """Return one proposal for who works at the provider that leads it, or at a partner. Raises ProviderNotFound, ProposalNotFound."""
    there = catalogue.workspace_for_reading(session, actor, provider_slug)
    try:
        proposal = requests.proposal_of_provider(session, there.provider.id, code)
    except ProposalNotFound:
        proposal = requests.proposal_as_partner(session, there.provider.id, code)
    request = requests.requests_by_id(session, [proposal.request_id])[proposal.request_id]
    offering = None
    if proposal.state is ProposalState.CHOSEN and request.offering_id is not None:
        offering = catalogue.offerings_by_id(session, [request.offering_id])[request.offering_id].offering
    return ProposalAtProvider(there, request, proposal, provider_names(session, [proposal]), place_names(session, [proposal]), offering)


def proposal_to_change(
    session: Session, actor: Actor, provider_slug: str, code: str, *, now: datetime,
) -> tuple[catalogue.Workspace, RequestFacts, ProposalFacts]:
    """Return a draft for who plans at the provider that leads it, with the request.

    Raises ProviderNotFound, ProposalNotFound, ProposalClosed once it was sent or taken back, and RequestClosed after the last day to propose.
    """
    there = catalogue.workspace_for_planning(session, actor, provider_slug)
    proposal = requests.proposal_of_provider(session, there.provider.id, code)
    if proposal.state is not ProposalState.DRAFT:
        raise ProposalClosed
    request = requests.requests_by_id(session, [proposal.request_id])[proposal.request_id]
    if request.state is not RequestState.OPEN or now >= request.proposals_until:
        raise RequestClosed
    return there, request, proposal


def choices_for(session: Session, there: catalogue.Workspace) -> Choices:
    """Return from what who makes a proposal can choose: its places, and the other providers that teach, by name."""
    others = (one for one, _fits in requests.suggested_providers(session, ()) if one.id != there.provider.id)
    return Choices(catalogue.places(session, there.provider.id), tuple(others))


def provider_names(session: Session, proposals: Iterable[ProposalFacts]) -> dict[UUID, str]:
    """Return the names of who leads these proposals, and of their partners."""
    wanted = {provider_id for one in proposals for provider_id in (one.provider_id, *(partner for partner, _agreed in one.partners))}
    return {one.id: one.name for one in catalogue.providers(session) if one.id in wanted} if wanted else {}


def place_names(session: Session, proposals: Iterable[ProposalFacts]) -> dict[str, Localized]:
    """Return the names of the places of these proposals, by key."""
    wanted = {(one.provider_id, one.place_key) for one in proposals if one.place_key}
    return {place.key: place.name for provider_id, key in wanted for place in catalogue.places(session, provider_id) if place.key == key}


def _asked(session: Session, provider_id: UUID) -> tuple[Asked, ...]:
    own: dict[UUID, list[ProposalFacts]] = {}
    for one in requests.proposals_led_by(session, provider_id):
        own.setdefault(one.request_id, []).append(one)
    return tuple(Asked(request, invite, _current(own.get(request.id, ()))) for request, invite in requests.requests_for(session, provider_id))


def _joined(session: Session, provider_id: UUID) -> tuple[Joined, ...]:
    found = requests.proposals_given_along_by(session, provider_id)
    about = requests.requests_by_id(session, [one.request_id for one in found])
    return tuple(Joined(about[one.request_id], one, dict(one.partners)[provider_id]) for one in reversed(found))


def _current(proposals: Iterable[ProposalFacts]) -> ProposalFacts | None:
    """Return the last proposal that was not taken back."""
    return next((one for one in reversed(tuple(proposals)) if one.state is not ProposalState.WITHDRAWN), None)
