"""Whatever firms, a pool, two providers and the clock do to requests for a tailored module, in whatever order: one class at most, and all its seats."""

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering, OfferingState
from academy.employers import queries, rounds, service
from academy.employers.drafts import Agreed
from academy.employers.kinds import OPEN_DEMANDS, OPEN_POOLS, PledgeState, ProposalState, RequestState
from academy.employers.models import Pledge, Proposal, TailoredRequest
from academy.employers.rules.requesting import PROPOSAL_STEPS, REQUEST_STEPS, Step
from academy.employers.service import choosing, proposing, requesting
from academy.enrolment import rounds as enrolment_rounds
from academy.enrolment import service as enrolment_service
from academy.kernel import db
from academy.kernel.db import Database
from academy.kernel.errors import DatabaseBusy, Refusal
from academy.kernel.money import Money
from academy.payments import api as payments
from tests import tables
from tests.employers.market import DAY, PRICE, SLUG, Firm, open_market
from tests.employers.proofs.holds import check
from tests.employers.tailoring import Atelier, add_provider
from tests.funding import money

OTHER = "techniek"
SLUGS = (SLUG, OTHER)
ACTS = (  # as often as they are named
    *("ask",) * 2, *("propose",) * 6, "begin", "decline", "withdraw_proposal", "withdraw_request", *("choose",) * 6, *("open",) * 5, *("hear",) * 5,
    *("confirm",) * 6, "say_no", "join", "leave", "call_off", "call_off", "take_back", "days",
)
STEPS_OF_A_LIFE = 45
BILLING = payments.BillingFacts(payments.Party("Firma", "Straat 1", "1315 AA", "Almere", "NL"))
State = RequestState | ProposalState


def _ways(steps: Collection[Step]) -> set[tuple[State | None, State]]:
    """Return what may follow what within one act: a step, or two of them."""
    one = {(each.was, each.becomes) for each in steps}
    return one | {(was, to) for was, between in one for came, to in one if came is between}


WAYS = _ways(REQUEST_STEPS), _ways(PROPOSAL_STEPS)


class World:
    """Two firms that ask for themselves, of which one pays from a budget for fourteen seats and the other by invoice, and a pool of three."""

    def __init__(self, database: Database, now: datetime) -> None:
        tables.empty(database)
        self.market = open_market(database, now)
        self.planners = {SLUG: self.market.planner, OTHER: add_provider(self.market, OTHER)}
        self.firms = [self.market.firm(budget=Money(14 * PRICE.cents)), self.market.firm()]
        self.market.run(payments.note_billing_details, organisation_id=self.firms[1].organisation_id, details=BILLING)
        self.demands = [self.market.demand(each, people=4) for each in self.firms]
        self.of_pool = [self.market.firm() for _firm in range(3)]
        self._gather()
        self.unheard: dict[UUID, list[Callable[..., Any]]] = {}
        self.seen: dict[UUID, State] = {}
        self.check()

    def _gather(self) -> None:
        self.market.begin(self.of_pool[0])
        for number, firm in enumerate(self.of_pool):
            self.market.pledge(firm, 2 + number, now=self.market.now)

    def step(self, act: str, place: int, number: int) -> str:
        """Do one thing about one of the three questions, or hear that it can not be done."""
        try:
            getattr(self, f"_{act}")(place, number)
        except DatabaseBusy:
            raise  # nobody else is there
        except Refusal as refusal:
            return refusal.code
        return "done"

    def check(self) -> None:
        """Look whether all is well, and that every request and proposal went a way that there is."""
        check(self.market.database, self.unheard)
        with self.market.database.reading() as session:
            assert money.adds_up(session)
            there: tuple[dict[UUID, State], ...] = (
                {one.id: one.state for one in session.scalars(select(TailoredRequest))}, {one.id: one.state for one in session.scalars(select(Proposal))},
            )
        for states, ways in zip(there, WAYS, strict=True):
            taken = {(self.seen.get(each), state) for each, state in states.items()}
            assert {way for way in taken if way[0] is not way[1]} <= ways
        self.seen = {**there[0], **there[1]}

    def end(self) -> None:
        """Let all that was told be heard, and all that has time run out."""
        while self.unheard:
            self._hear(0, 1)
        for _time in range(3):
            self._days(0, 9)
        self.check()
        with self.market.database.reading() as session:
            assert RequestState.OPEN not in session.scalars(select(TailoredRequest.state)).all()

    def _asker(self, place: int) -> Firm:
        return self.firms[place] if place < len(self.firms) else self.of_pool[0]

    def _request(self, place: int, *, state: RequestState = RequestState.OPEN) -> TailoredRequest:
        """Return the newest request of a question, in this state where there is one."""
        about = TailoredRequest.demand_id == self.demands[place] if place < len(self.firms) else TailoredRequest.pool_id.is_not(None)
        with self.market.database.reading() as session:
            rows = session.scalars(select(TailoredRequest).where(about).order_by(TailoredRequest.id)).all()
        if not rows:
            raise Refusal
        return max(rows, key=lambda row: (row.state is state, row.id))

    def _atelier(self, place: int) -> Atelier:
        return Atelier(self.market, self._asker(place), self.demands[min(place, 1)], self.planners)

    def _proposal(self, request: TailoredRequest, *wanted: ProposalState) -> Proposal:
        with self.market.database.reading() as session:
            rows = session.scalars(select(Proposal).where(Proposal.request_id == request.id).order_by(Proposal.id)).all()
        if not rows:
            raise Refusal
        return max(rows, key=lambda row: (row.state in wanted, row.id))

    def _leader(self, proposal: Proposal) -> tuple[str, Actor]:
        slug = SLUG if proposal.provider_id == self.market.provider_id else OTHER
        return slug, self.planners[slug]

    def _ask(self, place: int, number: int) -> None:
        atelier = self._atelier(place)
        short: dict[str, Any] = {"questions_on": self.market.now.date() + DAY, "proposals_on": self.market.now.date() + 3 * DAY}
        if place < len(self.firms):
            with self.market.database.reading() as session:
                if queries.demand_by_id(session, self.demands[place]).state not in OPEN_DEMANDS:
                    atelier.demand_id = self.demands[place] = self.market.demand(self.firms[place], people=4)
                else:
                    atelier.demand_id = self.demands[place]
            atelier.ask(*SLUGS[: 1 + number % 2], **short)
            return
        if self.market.pool().state not in OPEN_POOLS:
            self._gather()
        atelier.ask_for_pool(self.of_pool[0].actor, **short)

    def _open_request(self, place: int, number: int) -> TailoredRequest:
        """Return the open request of a question; where there is none, one is made: most acts are to succeed."""
        with suppress(Refusal):
            if (found := self._request(place)).state is RequestState.OPEN:
                return found
        self._ask(place, number)
        return self._request(place)

    def _begin(self, place: int, number: int) -> str:
        atelier, slug = self._atelier(place), SLUGS[number % 2]
        atelier.code = self._open_request(place, number).code
        return atelier.begin(slug, min_seats=1 + number, seat_price=Money(PRICE.cents // (1 + number % 3)))

    def _propose(self, place: int, number: int) -> None:
        slug, code = SLUGS[number % 2], self._begin(place, number)
        self.market.run(proposing.send_proposal, actor=self.planners[slug], provider_slug=slug, proposal_code=code)

    def _decline(self, place: int, number: int) -> None:
        slug = SLUGS[number % 2]
        self.market.run(requesting.decline_invite, actor=self.planners[slug], provider_slug=slug, request_code=self._request(place).code)

    def _withdraw_proposal(self, place: int, _number: int) -> None:
        proposal = self._proposal(self._request(place), ProposalState.SENT)
        slug, planner = self._leader(proposal)
        self.market.run(proposing.withdraw_proposal, actor=planner, provider_slug=slug, proposal_code=proposal.code)

    def _withdraw_request(self, place: int, _number: int) -> None:
        self.market.run(requesting.withdraw_request, actor=self._asker(place).actor, request_code=self._request(place).code, reason="Toch niet")

    def _choose(self, place: int, number: int) -> None:
        """Choose what can be chosen; time goes on to where it can."""
        with suppress(Refusal):
            self._propose(place, number)
        self.check()
        request, firm = self._request(place), self._asker(place)
        proposal = self._proposal(request, ProposalState.SENT)
        if number > 3 and request.state is RequestState.OPEN and not self.unheard:
            self.market.now = max(self.market.now, request.proposals_until)
        budget = str(self.market.budget_id(firm)) if firm.source else ""
        self.market.run(choosing.choose_proposal, actor=firm.actor, request_code=request.code, proposal_code=proposal.code, budget=budget, reason="Te duur")

    def _class(self, place: int) -> Offering:
        with self.market.database.reading() as session:
            found = session.get(Offering, self._request(place, state=RequestState.CHOSEN).offering_id or self.market.provider_id)
        if found is None:
            raise Refusal
        return found

    def _open(self, place: int, _number: int) -> None:
        """Let a provider open the class of one firm, once; that of a pool is opened where it is founded."""
        offering = self._class(place)
        if place < len(self.firms) and offering.state is OfferingState.CONCEPT and offering.id not in self.unheard:
            self._provider(offering, catalogue.open_for_enrolment)
            self.unheard[offering.id] = [partial(_opened, offering.module_id)]

    def _call_off(self, place: int, number: int) -> None:
        offering = self._class(place)
        if number > 4 and offering.state is not OfferingState.CANCELLED and offering.starts_on > self.market.now.date():
            self._provider(offering, partial(catalogue.call_off_offering, reason="De docent is ziek"))
            before = self.unheard.get(offering.id, [])
            self.unheard[offering.id] = [*before, enrolment_service.withdraw_seats, service.class_called_off]

    def _provider(self, offering: Offering, act: Callable[..., Any]) -> None:
        with self.market.database.reading() as session:
            slug = catalogue.offering_with_code(session, offering.code).provider_slug
        self.market.run(act, actor=self.planners[slug], provider_slug=slug, code=offering.code)

    def _hear(self, _place: int, number: int) -> None:
        """Let a room hear, in any order, that a class was opened or called off."""
        for offering_id in list(self.unheard)[:1]:
            rooms = self.unheard[offering_id]
            self.market.run(rooms.pop(number % len(rooms)), offering_id=offering_id)
            if not rooms:
                del self.unheard[offering_id]

    def _pledge(self, *wanted: PledgeState) -> Pledge:
        with self.market.database.reading() as session:
            rows = session.scalars(select(Pledge).where(Pledge.pool_id == self.market.pool().id).order_by(Pledge.id)).all()
        return max(rows, key=lambda row: (row.state in wanted, row.id))

    def _confirm(self, _place: int, _number: int) -> None:
        price = self.market.offering().price if self.market.pool().offering_id else PRICE
        self.market.run(service.confirm_pledge, pledge_id=self._pledge(PledgeState.ASKED).id, by=None, agreed=Agreed(price or PRICE))

    def _say_no(self, _place: int, number: int) -> None:
        if number > 4:
            self.market.run(service.decline_pledge, pledge_id=self._pledge(PledgeState.ASKED).id)

    def _join(self, _place: int, number: int) -> None:
        self.market.pledge(None, number, now=self.market.now)

    def _leave(self, _place: int, _number: int) -> None:
        self.market.run(service.withdraw_pledge, pledge=self.market.facts(self._pledge(PledgeState.OPEN).id))

    def _take_back(self, place: int, number: int) -> None:
        if place < len(self.firms) and number > 7:
            with self.market.database.reading() as session:
                code = queries.demand_by_id(session, self.demands[place]).code
            self.market.run(service.withdraw_demand, actor=self.firms[place].actor, code=code)

    def _days(self, _place: int, number: int) -> None:
        """Let time pass, and the clock do its work in every room."""
        self.market.now += (60 if number > 8 else number) * DAY
        of_pools = (rounds.remind_pledges, rounds.decide_pools, rounds.lapse_pools, rounds.start_pools)
        of_requests = (rounds.open_proposals, rounds.lapse_requests, rounds.lapse_demands)
        for turn in (*of_pools, *of_requests, enrolment_rounds.end_holds, enrolment_rounds.close_blocks):
            turn(self.market.now)


def _opened(module_id: UUID, session: Session, *, offering_id: UUID, now: datetime) -> None:
    choosing.order_opened(session, module_id=module_id, now=now)


def _live_through(database: Database, now: datetime, seed: int) -> None:
    """Do forty-five things; chance alone chooses, so that each is as likely as it is named."""
    db.set_database(database)
    world, chance = World(database, now), Random(seed)  # noqa: S311 - no secret
    for _number in range(STEPS_OF_A_LIFE):
        world.step(chance.choice(ACTS), chance.choice((0, 0, 1, 2)), chance.randint(1, 9))
        world.check()
    world.end()


@pytest.mark.slow
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_after_thousands_of_acts_with_requests_all_that_must_hold_holds(database: Database, now: datetime, seed: int) -> None:
    _live_through(database, now, seed)


@pytest.mark.parametrize("seed", [7, 8])
def test_after_acts_with_requests_in_any_order_all_that_must_hold_holds(database: Database, now: datetime, seed: int) -> None:
    _live_through(database, now, seed)
