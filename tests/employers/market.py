"""A provider with a module, and firms, citizens and schools that want it together: each step a transaction of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from academy.accounts import api as accounts
from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.catalogue import api as catalogue
from academy.catalogue.models import Module
from academy.employers import queries, service
from academy.employers.drafts import Agreed, DemandDraft, PledgeDraft
from academy.employers.facts import PledgeFacts, PoolFacts
from academy.employers.kinds import Party, PledgeState, PoolState
from academy.employers.models import Pledge, Pool
from academy.enrolment import queries as seats
from academy.enrolment.models import SeatPool
from academy.enrolment.queries.blocks import audit_blocks
from academy.enrolment.queries.seats import audit_classes
from academy.funding import api as funding
from academy.funding import service as funding_service
from academy.funding.kinds import SourceKind
from academy.funding.models import Budget
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.outbox import Event, OutboxMessage, subscribe
from tests import builders
from tests.enrolment.vat import decide_vat
from tests.funding import money

SLUG = "windesheim"
EVENING, MORNING = "tue-evening", "sat-morning"
PRICE = Money(245_00)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Firm:
    """Who takes part: a person, and the organisation for which they act (a citizen has none)."""

    actor: Actor
    organisation_id: UUID | None
    source: money.Source | None = None
    party: Party = Party.EMPLOYER


@dataclass
class Market:
    """What a test does on the demand side."""

    database: Database
    now: datetime
    provider_id: UUID
    planner: Actor
    module_slug: str
    module_id: UUID
    slug: str = SLUG  # of the provider
    pool_code: str = ""
    firms: list[Firm] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """What the names of firms in addresses begin with."""
        return "firma" if self.slug == SLUG else f"{self.slug}-firma"

    def run(self, act: Callable[..., Any], **what: Any) -> Any:
        with self.database.writing() as session:
            return act(session, **({"now": self.now} | what))

    def firm(self, name: str = "", *, budget: Money | None = None) -> Firm:
        """Return a new firm with somebody who buys for it, with a budget where one is given."""
        number = len(self.firms) + 1
        with self.database.writing() as session:
            if budget is not None:
                source = money.source(session, self.now, kind=SourceKind.EMPLOYER, slug=f"{self.prefix}-{number}", budget=budget)
                found = Firm(source.keeper, source.owner_id, source)
            else:
                actor = builders.actor(session, self.now, name=f"Kim {number}")
                owner_id = accounts_service.register_organisation(session, slug=f"{self.prefix}-{number}", name=name or f"Firma {number}", kind=OrganisationKind.EMPLOYER)
                accounts.add_membership(session, person_id=actor.person_id, organisation_id=owner_id, role=Role.BUYER)
                found = Firm(actor, owner_id)
        self.firms.append(found)
        return found

    def citizen(self) -> Firm:
        with self.database.writing() as session:
            return Firm(builders.actor(session, self.now, name="Lee Leerling"), None, party=Party.CITIZEN)

    def demand(self, firm: Firm, **about: Any) -> UUID:
        """Let a firm in Almere ask for two people, with its own address; returns the demand."""
        terms: dict[str, Any] = {"people": 2, "postcode": "1315"} | about
        draft = DemandDraft(firm.party, firm.actor.email, "nl", "Netwerken beheren", **terms)
        with self.database.writing() as session:
            code = service.post_demand(session, draft=draft, actor=firm.actor, request_key=None, next_path="/x/{code}", now=self.now)
            return queries.demand_to_act_on(session, firm.actor, code).id

    def begin(self, firm: Firm | None = None, **about: Any) -> str:
        """Begin the pool of the module by a firm's demand; returns its code."""
        demand_id = self.demand(firm or self.firm(), **about)
        with self.database.writing() as session:
            card = catalogue.module_cards(session, [self.module_id])[self.module_id]
            self.pool_code = service.begin_pool(session, demand=queries.demand_by_id(session, demand_id), module=card, now=self.now)
        return self.pool_code

    def pledge(
        self, firm: Firm | None = None, seats: int = 1, *slots: str, most: Money | None = None, code: str = "", demand_id: UUID | None = None, now: datetime | None = None,
    ) -> UUID:
        """Let a firm promise so many seats; returns the pledge."""
        who = firm or self.firm()
        draft = PledgeDraft(who.party, who.actor.email, "nl", seats, slots or (EVENING,), most)
        with self.database.writing() as session:
            made = service.make_pledge(
                session, pool_code=code or self.pool_code, draft=draft, actor=who.actor, demand_id=demand_id, next_path="/y/{code}", now=now or self.now,
            )
            return queries.pledge_to_act_on(session, who.actor, made).id

    def offer(self, **about: Any) -> catalogue.OfferingDraft:
        """Return a class on ten Tuesday evenings in eight weeks, of twelve to sixteen seats."""
        first = amsterdam_day(self.now) + 56 * DAY
        draft = catalogue.OfferingDraft(
            first, first + 63 * DAY, catalogue.DeliveryMode.ONLINE, "nl", 16, PRICE, (catalogue.PeriodDraft(closes_on=first - 3 * DAY),),
            part_of_day=catalogue.PartOfDay.EVENING, weekdays=("tue",), min_seats=12,
        )
        return replace(draft, **about)

    def accept(self, *, slot: str = EVENING, now: datetime | None = None, code: str = "", **about: Any) -> str:
        """Let the provider give the class; returns its code."""
        return str(self.run(
            service.accept_pool, actor=self.planner, provider_slug=self.slug, pool_code=code or self.pool_code, module_slug=self.module_slug, slot=slot,
            draft=self.offer(**about), now=now or self.now,
        ))

    def confirm(self, pledge_id: UUID, *, now: datetime | None = None, price: Money = PRICE, budget_id: UUID | None = None, **agreed: Any) -> PledgeState:
        state: PledgeState = self.run(
            service.confirm_pledge, pledge_id=pledge_id, by=None, agreed=Agreed(price, **agreed), budget_id=budget_id, now=now or self.now,
        )
        return state

    def gathered(self, *numbers: int) -> list[UUID]:
        """Begin a pool and let a firm each promise these numbers of seats; returns the pledges."""
        self.begin()
        return [self.pledge(None, number) for number in numbers]

    def accepted(self, *numbers: int, **about: Any) -> list[UUID]:
        """Let a provider accept a pool of these pledges, so that each is asked to confirm."""
        pledges = self.gathered(*numbers)
        self.accept(**about)
        return pledges

    def short(self, *numbers: int, confirming: int, **about: Any) -> list[UUID]:
        """Let the first so many of these confirm in time, and their pool be told that this is not enough."""
        pledges = self.accepted(*numbers, **about)
        for one in pledges[:confirming]:
            self.confirm(one)
        self.time_passes()
        return pledges

    def time_passes(self) -> None:
        """Go to the moment at which the time of the pool is up, and let the clock decide."""
        pool = self.pool()
        until = pool.confirm_by if pool.state is PoolState.PROVISIONAL else None
        self.now = until or self.now + (pool.deadline - amsterdam_day(self.now) + DAY)
        self.decide()

    def decide(self) -> None:
        self.run(service.decide_pool, pool_id=self.pool().id)

    def pool(self, code: str = "") -> PoolFacts:
        with self.database.reading() as session:
            return queries.pool_by_code(session, code or self.pool_code)

    def facts(self, pledge_id: UUID) -> PledgeFacts:
        with self.database.reading() as session:
            return queries.pledge_by_id(session, pledge_id)

    def states(self, pledges: list[UUID]) -> list[PledgeState]:
        return [self.facts(one).state for one in pledges]

    def set_pool(self, **values: Any) -> None:
        with self.database.writing() as session:
            session.execute(update(Pool).where(Pool.code == self.pool_code).values(**values))

    def set_pledge(self, pledge_id: UUID, **values: Any) -> None:
        with self.database.writing() as session:
            session.execute(update(Pledge).where(Pledge.id == pledge_id).values(**values))

    def budget_id(self, firm: Firm) -> UUID:
        assert firm.source is not None
        with self.database.reading() as session:
            return session.scalars(select(Budget.id).where(Budget.source_id == firm.source.id)).one()

    def earmarked(self, firm: Firm) -> Money:
        assert firm.source is not None
        with self.database.reading() as session:
            return Money(money.used(session, firm.source)[0])

    def offering(self) -> catalogue.OfferingFacts:
        offering_id = self.pool().offering_id
        assert offering_id is not None
        with self.database.reading() as session:
            return catalogue.offerings_by_id(session, [offering_id])[offering_id].offering

    def blocks(self) -> list[funding.BlockFacts]:
        """Return the blocks of the pool's class that are not closed, after all books are found to be right."""
        with self.database.reading() as session:
            assert (seats.audit(session), audit_classes(session), audit_blocks(session)) == ([], [], [])
            assert money.adds_up(session)
            there = funding.blocks_at(session, self.offering().id)
            return [block for block in there if block.state is not funding.BlockState.CLOSED]

    def free_seats(self) -> int:
        """Return how many seats of the class nobody has, in the pool for everyone."""
        with self.database.reading() as session:
            rows = session.execute(select(SeatPool.capacity, SeatPool.taken).where(SeatPool.offering_id == self.offering().id, SeatPool.name == ""))
            return sum(capacity - taken for capacity, taken in rows)

    def news(self, event: type[Event]) -> list[str]:
        """Return what was told of this kind, as text; only what `listen` was asked for."""
        with self.database.reading() as session:
            told = select(OutboxMessage.payload).where(OutboxMessage.event == event.name, OutboxMessage.subscriber == f"tests.{event.name}")
            return [str(payload) for payload in session.scalars(told)]


def open_market(database: Database, now: datetime, *, slug: str = SLUG) -> Market:
    """Return a provider with a planner and one module of which the VAT is known; nobody asks for anything yet."""
    funding_service.forget_rules()
    with database.writing() as session:
        provider_id = builders.provider(session, slug)
        planner = builders.actor(session, now, name="Pia Planner")
        accounts.add_membership(session, person_id=planner.person_id, organisation_id=provider_id, role=Role.PLANNER)
        builders.module(session, now, provider_id=provider_id, price=PRICE)
        decide_vat(session, now, provider_id)
        module_id, module_slug = session.execute(select(Module.id, Module.slug).where(Module.provider_id == provider_id)).one()
    return Market(database, now, provider_id, planner, module_slug, module_id, slug)


def listen(*events: type[Event]) -> None:
    """Let somebody want to hear the news, so that it is written."""
    for event in events:
        subscribe(f"tests.{event.name}", event, inside=lambda _session, _event, _now: None)
