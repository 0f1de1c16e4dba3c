"""A firm and a pool that have a module made, and providers that propose one: each step a transaction of its own."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from academy.accounts import api as accounts
from academy.accounts.api import Actor, Role
from academy.catalogue import api as catalogue
from academy.employers import queries
from academy.employers.drafts import ProposalDraft, RequestDraft
from academy.employers.queries import requests
from academy.employers.service import choosing, proposing, requesting
from academy.kernel.clock import amsterdam_day
from academy.kernel.money import Money
from tests import builders
from tests.employers.market import DAY, EVENING, PRICE, SLUG, Firm, Market
from tests.enrolment.vat import decide_vat
from tests.funding import money

_TUESDAY = 1


@dataclass
class Atelier:
    """What a test does around one request."""

    market: Market
    firm: Firm
    demand_id: UUID
    planners: dict[str, Actor]
    code: str = ""
    proposals: dict[str, str] = field(default_factory=dict)  # codes by slug of who leads

    def run(self, act: Any, **what: Any) -> Any:
        return self.market.run(act, **what)

    @property
    def today(self) -> date:
        return amsterdam_day(self.market.now)

    def wish(self, **about: Any) -> RequestDraft:
        draft = RequestDraft("Lassen van dun plaatstaal", "Dun plaatstaal lassen zonder kromtrekken", self.today + 5 * DAY, self.today + 10 * DAY)
        return replace(draft, **about)

    def ask(self, *providers: str, actor: Actor | None = None, **about: Any) -> str:
        with self.market.database.reading() as session:
            demand = queries.demand_by_id(session, self.demand_id)
        self.code = self.run(
            requesting.request_for_demand, actor=actor or self.firm.actor, demand_code=demand.code, draft=self.wish(**about),
            providers=providers or tuple(self.planners),
        )
        return self.code

    def ask_for_pool(self, actor: Actor, **about: Any) -> str:
        self.code = self.run(
            requesting.request_for_pool, actor=actor, pool_code=self.market.pool_code, draft=self.wish(**about), providers=tuple(self.planners),
        )
        return self.code

    def plan(self, **about: Any) -> ProposalDraft:
        first = self.today + 60 * DAY
        first += ((_TUESDAY - first.weekday()) % 7) * DAY
        draft = ProposalDraft(
            "Plaatlassen op maat", "Acht avonden in de werkplaats", ("last dun plaatstaal", "keurt een las"), first, first + 49 * DAY, EVENING, "online",
            2, 16, seat_price=PRICE,
        )
        return replace(draft, **about)

    def begin(self, slug: str = SLUG, **about: Any) -> str:
        code: str = self.run(
            proposing.begin_proposal, actor=self.planners[slug], provider_slug=slug, request_code=self.code, draft=self.plan(**about),
        )
        self.proposals[slug] = code
        return code

    def send(self, slug: str = SLUG) -> None:
        self.run(proposing.send_proposal, actor=self.planners[slug], provider_slug=slug, proposal_code=self.proposals[slug])

    def propose(self, slug: str = SLUG, **about: Any) -> str:
        code = self.begin(slug, **about)
        self.send(slug)
        return code

    def time_to_choose(self) -> None:
        self.market.now = self.request().proposals_until

    def choose(self, slug: str = SLUG, *, actor: Actor | None = None, **about: Any) -> str:
        code: str = self.run(
            choosing.choose_proposal, actor=actor or self.firm.actor, request_code=self.code, proposal_code=self.proposals[slug], **about,
        )
        return code

    def request(self) -> requests.RequestFacts:
        with self.market.database.reading() as session:
            return requests.request_by_code(session, self.code)

    def seen(self, actor: Actor | None = None) -> requests.RequestSeen:
        with self.market.database.reading() as session:
            return requests.seen_by_asker(session, actor or self.firm.actor, self.code, now=self.market.now)

    def seen_at(self, slug: str) -> requests.RequestSeen:
        with self.market.database.reading() as session:
            provider = catalogue.provider_by_slug(session, slug)
            return requests.seen_by_provider(session, provider.id, self.code)

    def proposal(self, slug: str = SLUG) -> requests.ProposalFacts:
        with self.market.database.reading() as session:
            return requests.proposal_of_provider(session, catalogue.provider_by_slug(session, slug).id, self.proposals[slug])


def open_atelier(market: Market, *, people: int = 6, budget: Money | None = Money(10_000_00), **about: Any) -> Atelier:
    """Return a firm that asks for so many people, and two providers with somebody who plans."""
    planners = {SLUG: market.planner, "techniek": add_provider(market, "techniek")}
    firm = market.firm(budget=budget)
    return Atelier(market, firm, market.demand(firm, people=people, **about), planners)


def add_provider(market: Market, slug: str) -> Actor:
    with market.database.writing() as session:
        provider_id = builders.provider(session, slug, slug.title())
        planner = builders.actor(session, market.now, name=f"Pia van {slug}")
        accounts.add_membership(session, person_id=planner.person_id, organisation_id=provider_id, role=Role.PLANNER)
        decide_vat(session, market.now, provider_id)
    return planner


def earmarked(market: Market, firm: Firm) -> Money:
    assert firm.source is not None
    with market.database.reading() as session:
        return Money(money.used(session, firm.source)[0])
