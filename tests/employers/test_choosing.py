"""A proposal is chosen: module, class and seats are there in one commit, once; the others hear no."""

from datetime import datetime

import pytest
from sqlalchemy import func, select

from academy.catalogue import api as catalogue
from academy.catalogue.models import LearningOutcome, Module, Offering, OfferingState, PublicationState
from academy.employers.errors import BillingNeeded, PoolClosed, SlotTaken
from academy.employers.errors.requests import ProposalClosed, RequestClosed, RequestNotFound
from academy.employers.events import RequestEnded
from academy.employers.kinds import DemandState, PledgeState, PoolState, ProposalState, RequestState
from academy.employers.queries import demand_by_id, requests
from academy.employers.service import choosing, proposing
from academy.enrolment.models import SeatPool
from academy.funding import api as funding
from academy.funding.api import BlockState, BudgetUsedUp
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests.employers.market import DAY, PRICE, SLUG, Market, listen, open_market
from tests.employers.request_desk import at_office
from tests.employers.tailoring import Atelier, open_atelier
from tests.enrolment.races import at_the_same_time

OTHER = "techniek"


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


@pytest.fixture
def atelier(market: Market) -> Atelier:
    found = open_atelier(market)
    found.ask()
    return found


def block_of(atelier: Atelier) -> funding.BlockFacts:
    block_id = atelier.request().block_id
    assert block_id is not None
    with atelier.market.database.reading() as session:
        return funding.block(session, block_id)


def numbers(market: Market) -> tuple[int, int, int]:
    """Return how many modules, classes and pools of seats there are."""
    with market.database.reading() as session:
        modules, classes, pools = (session.scalar(select(func.count()).select_from(table)) or 0 for table in (Module, Offering, SeatPool))
    return modules, classes, pools


def test_a_choice_drafts_module_and_class_and_promises_the_seats_out_of_the_budget(atelier: Atelier) -> None:
    atelier.propose(SLUG, class_price=Money(1000_00), nlqf="4+")
    atelier.time_to_choose()
    code = atelier.choose(budget=str(atelier.market.budget_id(atelier.firm)), reference="PO 9")
    with atelier.market.database.reading() as session:
        module = session.scalars(select(Module).where(Module.external_id.like("proposal-%"))).one()
        offering = session.scalars(select(Offering).where(Offering.code == code)).one()
        outcomes = [one.text.nl for one in session.scalars(select(LearningOutcome).where(LearningOutcome.module_id == module.id).order_by(LearningOutcome.position))]
    assert (module.state, module.kind, module.provider_id) == (PublicationState.DRAFT, catalogue.ModuleKind.TAILORED, atelier.market.provider_id)
    assert (module.nlqf, module.eqf, outcomes) == ("4+", "4", ["last dun plaatstaal", "keurt een las"])
    assert (offering.state, offering.seats, offering.price, offering.starts_on) == (OfferingState.CONCEPT, 6, Money(166_66), atelier.proposal().starts_on)
    block = block_of(atelier)
    assert (block.state, block.seats, block.price, block.reference) == (BlockState.PROMISED, 6, Money(166_66), "PO 9")
    assert atelier.market.earmarked(atelier.firm) == Money(6 * 166_66)
    assert (atelier.request().state, atelier.proposal().state) == (RequestState.CHOSEN, ProposalState.CHOSEN)


def test_the_seats_are_ordered_and_the_demand_is_met_when_the_provider_opens_the_class(atelier: Atelier) -> None:
    atelier.propose()
    atelier.time_to_choose()
    code = atelier.choose(budget=str(atelier.market.budget_id(atelier.firm)))
    for number in range(2):
        if not number:
            atelier.run(catalogue.open_for_enrolment, actor=atelier.market.planner, provider_slug=SLUG, code=code)
        with atelier.market.database.reading() as session:
            module_id = session.scalars(select(Offering.module_id).where(Offering.code == code)).one()
        atelier.run(choosing.order_opened, module_id=module_id)
        assert block_of(atelier).state is BlockState.ORDERED
    with atelier.market.database.reading() as session:
        demand = demand_by_id(session, atelier.demand_id)
    assert demand.state is DemandState.MET


def test_nothing_is_ordered_as_long_as_the_class_is_a_concept(atelier: Atelier) -> None:
    atelier.propose()
    atelier.time_to_choose()
    code = atelier.choose(budget=str(atelier.market.budget_id(atelier.firm)))
    with atelier.market.database.reading() as session:
        module_id = session.scalars(select(Offering.module_id).where(Offering.code == code)).one()
    atelier.run(choosing.order_opened, module_id=module_id)
    assert block_of(atelier).state is BlockState.PROMISED


def test_the_others_hear_no_with_the_reason_and_drafts_are_let_go(atelier: Atelier) -> None:
    listen(RequestEnded)
    atelier.propose(SLUG)
    atelier.propose(OTHER, seat_price=Money(300_00))
    atelier.time_to_choose()
    atelier.choose(SLUG, budget=str(atelier.market.budget_id(atelier.firm)), reason="De ander past beter bij onze dagen")
    lost = atelier.proposal(OTHER)
    assert (lost.state, lost.reason) == (ProposalState.NOT_CHOSEN, "De ander past beter bij onze dagen")
    assert len(atelier.market.news(RequestEnded)) == 1


def test_of_two_choices_at_once_one_is_made(atelier: Atelier) -> None:
    atelier.propose(SLUG)
    atelier.propose(OTHER)
    atelier.time_to_choose()
    before = numbers(atelier.market)
    budget = str(atelier.market.budget_id(atelier.firm))

    def choosing_of(slug: str) -> object:
        return lambda session: choosing.choose_proposal(
            session, actor=atelier.firm.actor, request_code=atelier.code, proposal_code=atelier.proposals[slug], budget=budget, now=atelier.market.now,
        )

    heard = at_the_same_time(atelier.market.database, choosing_of(SLUG), choosing_of(OTHER))  # type: ignore[arg-type] # either is an act
    assert heard == RequestClosed.code
    modules, classes, _pools = numbers(atelier.market)
    assert (modules, classes) == (before[0] + 1, before[1] + 1)
    assert atelier.market.earmarked(atelier.firm) == Money(6 * PRICE.cents)
    assert (atelier.proposal(SLUG).state, atelier.proposal(OTHER).state) == (ProposalState.CHOSEN, ProposalState.NOT_CHOSEN)


def test_a_proposal_that_is_taken_back_at_the_same_moment_is_not_chosen(atelier: Atelier) -> None:
    atelier.propose()
    atelier.time_to_choose()
    before = numbers(atelier.market)
    budget = str(atelier.market.budget_id(atelier.firm))
    heard = at_the_same_time(
        atelier.market.database,
        lambda session: proposing.withdraw_proposal(
            session, actor=atelier.market.planner, provider_slug=SLUG, proposal_code=atelier.proposals[SLUG], now=atelier.market.now,
        ),
        lambda session: choosing.choose_proposal(
            session, actor=atelier.firm.actor, request_code=atelier.code, proposal_code=atelier.proposals[SLUG], budget=budget, now=atelier.market.now,
        ),
    )
    assert (heard, numbers(atelier.market), atelier.request().state) == (ProposalClosed.code, before, RequestState.OPEN)


def test_a_choice_that_can_not_be_paid_leaves_nothing_behind(market: Market) -> None:
    atelier = open_atelier(market, budget=Money(100_00))
    atelier.ask()
    atelier.propose()
    atelier.time_to_choose()
    before = numbers(market)
    with pytest.raises(BudgetUsedUp):
        atelier.choose(budget=str(market.budget_id(atelier.firm)))
    with pytest.raises(BillingNeeded):
        atelier.choose()
    assert (numbers(market), atelier.request().state, atelier.proposal().state) == (before, RequestState.OPEN, ProposalState.SENT)


def test_nobody_chooses_before_all_can_be_read_nor_after_the_time_to_choose(atelier: Atelier) -> None:
    atelier.propose()
    with pytest.raises(RequestClosed):
        atelier.choose()
    atelier.market.now = atelier.request().choose_until
    with pytest.raises(RequestClosed):
        atelier.choose()


def test_a_stranger_and_a_provider_choose_nothing(atelier: Atelier) -> None:
    atelier.propose()
    atelier.time_to_choose()
    for actor in (atelier.market.planner, atelier.market.firm().actor):
        with pytest.raises(RequestNotFound):
            atelier.choose(actor=actor)


def test_who_needs_fewer_people_than_the_class_buys_what_it_needs(market: Market) -> None:
    atelier = open_atelier(market, people=3)
    atelier.ask()
    atelier.propose(min_seats=8)
    atelier.time_to_choose()
    atelier.choose(budget=str(market.budget_id(atelier.firm)))
    assert block_of(atelier).seats == 8


def pool_atelier(market: Market, *numbers_of: int) -> tuple[Atelier, list[object]]:
    atelier = open_atelier(market)
    pledges: list[object] = [*market.gathered(*numbers_of)]
    atelier.ask_for_pool(market.firms[-1].actor)
    return atelier, pledges


def test_a_pool_goes_on_with_the_chosen_class_and_each_firm_confirms_as_always(market: Market) -> None:
    atelier, _pledges = pool_atelier(market, 4, 5)
    pledges = _pledges
    atelier.propose(min_seats=6, class_price=Money(1800_00), seat_price=None)
    atelier.time_to_choose()
    code = atelier.choose(actor=market.firms[-1].actor)
    pool = market.pool()
    assert (pool.state, pool.threshold, pool.price, pool.slot) == (PoolState.PROVISIONAL, 6, Money(200_00), "tue-evening")
    assert market.offering().code == code
    assert {market.facts(one).state for one in pledges} == {PledgeState.ASKED}  # type: ignore[arg-type] # ids
    for one in pledges:
        market.confirm(one, price=Money(200_00))  # type: ignore[arg-type] # ids
    assert market.pool().state is PoolState.CONFIRMED
    assert [block.state for block in market.blocks()] == [BlockState.ORDERED] * 2


def test_a_pool_of_which_too_few_can_at_that_moment_keeps_gathering(market: Market) -> None:
    atelier, _pledges = pool_atelier(market, 4, 5)
    atelier.propose(min_seats=12)
    atelier.time_to_choose()
    before = numbers(market)
    with pytest.raises(SlotTaken):
        atelier.choose(actor=market.firms[-1].actor)
    assert (market.pool().state, numbers(market)) == (PoolState.GATHERING, before)


def test_a_pool_that_waits_for_another_class_does_not_get_a_second_one(market: Market) -> None:
    atelier, _pledges = pool_atelier(market, 4, 8)
    atelier.propose(min_seats=6)
    market.accept()
    atelier.time_to_choose()
    with pytest.raises(PoolClosed):
        atelier.choose(actor=market.firms[-1].actor)


def test_times_are_counted_from_the_demand_to_the_first_proposal_and_to_the_class(atelier: Atelier) -> None:
    atelier.market.now += 2 * DAY
    atelier.propose()
    atelier.time_to_choose()
    atelier.choose(budget=str(atelier.market.budget_id(atelier.firm)))
    with atelier.market.database.reading() as session:
        times = requests.request_times(session, now=atelier.market.now)
    assert (times.number, times.to_answer) == (1, 2 * DAY)
    assert times.to_class is not None
    assert times.to_class > 10 * DAY


def test_the_programme_office_does_not_choose_with_the_money_of_a_firm(atelier: Atelier) -> None:
    atelier.propose()
    atelier.time_to_choose()
    with pytest.raises(RequestNotFound):
        atelier.choose(actor=at_office(atelier.market), budget=str(atelier.market.budget_id(atelier.firm)))
    assert atelier.request().state is RequestState.OPEN
    atelier.choose(budget=str(atelier.market.budget_id(atelier.firm)))
