"""A choice meets something else in the same moment: one of the two happens, whole, and who was second hears something that is true."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.catalogue.models import Module, Offering
from academy.employers import queries, service
from academy.employers.drafts import Agreed, PledgeDraft
from academy.employers.errors import PledgeAnswered, PoolClosed, SlotTaken
from academy.employers.errors.requests import ProposalClosed, RequestClosed
from academy.employers.kinds import Party, PledgeState, PoolState, ProposalState, RequestState
from academy.employers.service import choosing, proposing, requesting
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests.employers.market import EVENING, PRICE, SLUG, Firm, Market, open_market
from tests.employers.proofs.crashing import evenings
from tests.employers.proofs.holds import check
from tests.employers.tailoring import Atelier, open_atelier
from tests.employers.test_any_sequence import office
from tests.enrolment.races import Act, at_the_same_time

OTHER = "techniek"


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


@pytest.fixture
def atelier(market: Market) -> Atelier:
    """Give a firm that can choose one of two proposals."""
    found = open_atelier(market)
    found.ask()
    found.propose(SLUG)
    found.propose(OTHER)
    found.time_to_choose()
    return found


@pytest.fixture
def of_pool(market: Market) -> Atelier:
    """Give a pool of nine seats of two firms, of which one asked; one of the two providers proposed a class of eight at least."""
    found = open_atelier(market)
    market.gathered(4, 5)
    found.ask_for_pool(market.firms[-1].actor)
    found.propose(min_seats=8)
    found.run(requesting.decline_invite, actor=found.planners[OTHER], provider_slug=OTHER, request_code=found.code)
    return found


def choose(atelier: Atelier, slug: str = SLUG, *, firm: Firm | None = None) -> Act:
    """Return a choice by the firm that asks, out of its budget, or by one of a pool."""
    who, now = firm or atelier.firm, atelier.market.now
    budget = "" if firm else str(atelier.market.budget_id(who))
    return lambda session: choosing.choose_proposal(
        session, actor=who.actor, request_code=atelier.code, proposal_code=atelier.proposals[slug], budget=budget, now=now,
    )


def choose_for_pool(atelier: Atelier) -> Act:
    """Return a choice by the firm of the pool that asked."""
    asker = atelier.request().organisation_id
    return choose(atelier, firm=next(one for one in atelier.market.firms if one.organisation_id == asker))


def pledges(atelier: Atelier) -> list[UUID]:
    with atelier.market.database.reading() as session:
        return [one.id for one in queries.pledges_of(session, atelier.market.pool().id)]


def drafted(market: Market) -> tuple[int, int]:
    """Return how many modules and classes there are."""
    with market.database.reading() as session:
        modules, classes = (session.scalar(select(func.count()).select_from(table)) or 0 for table in (Module, Offering))
    return modules, classes


def take_back_proposal(atelier: Atelier, slug: str = SLUG) -> Act:
    return lambda session: proposing.withdraw_proposal(
        session, actor=atelier.planners[slug], provider_slug=slug, proposal_code=atelier.proposals[slug], now=atelier.market.now,
    )


def take_back_request(atelier: Atelier) -> Act:
    return lambda session: requesting.withdraw_request(
        session, actor=atelier.firm.actor, request_code=atelier.code, reason="We doen het zelf", now=atelier.market.now,
    )


def test_who_takes_a_proposal_back_while_it_is_chosen_hears_that_it_was(atelier: Atelier) -> None:
    heard = at_the_same_time(atelier.market.database, choose(atelier), take_back_proposal(atelier))
    assert (heard, atelier.proposal().state, atelier.request().state) == (ProposalClosed.code, ProposalState.CHOSEN, RequestState.CHOSEN)
    check(atelier.market.database)


def test_who_takes_another_proposal_back_while_one_is_chosen_changes_nothing(atelier: Atelier) -> None:
    heard = at_the_same_time(atelier.market.database, choose(atelier), take_back_proposal(atelier, OTHER))
    assert (heard, atelier.proposal(OTHER).state) == (ProposalClosed.code, ProposalState.NOT_CHOSEN)
    check(atelier.market.database)


def test_who_takes_a_request_back_while_a_proposal_is_chosen_hears_that_it_was(atelier: Atelier) -> None:
    heard = at_the_same_time(atelier.market.database, choose(atelier), take_back_request(atelier))
    assert (heard, atelier.request().state) == (RequestClosed.code, RequestState.CHOSEN)
    check(atelier.market.database)


def test_who_chooses_while_the_request_is_taken_back_hears_it_and_nothing_is_drafted_or_earmarked(atelier: Atelier) -> None:
    before = drafted(atelier.market)
    heard = at_the_same_time(atelier.market.database, take_back_request(atelier), choose(atelier))
    assert (heard, atelier.request().state, drafted(atelier.market)) == (RequestClosed.code, RequestState.WITHDRAWN, before)
    assert atelier.market.earmarked(atelier.firm) == Money(0)
    check(atelier.market.database)


@pytest.mark.parametrize("is_clock_first", [True, False])
def test_of_a_choice_and_the_end_of_its_time_at_once_one_happens(atelier: Atelier, is_clock_first: bool) -> None:
    found = atelier.request()

    def clock(session: Session) -> None:
        requesting.lapse_request(session, found.id, now=found.choose_until)

    acts = (clock, choose(atelier)) if is_clock_first else (choose(atelier), clock)
    heard = at_the_same_time(atelier.market.database, *acts)
    expected = (RequestClosed.code, RequestState.LAPSED) if is_clock_first else ("done", RequestState.CHOSEN)
    assert (heard, atelier.request().state) == expected
    check(atelier.market.database)


@pytest.mark.parametrize("is_clock_first", [True, False])
def test_a_first_proposal_that_comes_in_the_last_moment_is_there_or_is_refused_and_never_lost(market: Market, is_clock_first: bool) -> None:
    atelier = open_atelier(market)
    atelier.ask()
    atelier.begin()
    found = atelier.request()

    def clock(session: Session) -> None:
        requesting.lapse_request(session, found.id, now=found.proposals_until)

    def send(session: Session) -> None:
        proposing.send_proposal(session, actor=market.planner, provider_slug=SLUG, proposal_code=atelier.proposals[SLUG], now=market.now)

    heard = at_the_same_time(market.database, *((clock, send) if is_clock_first else (send, clock)))
    expected = (RequestClosed.code, RequestState.LAPSED, ProposalState.WITHDRAWN) if is_clock_first else ("done", RequestState.OPEN, ProposalState.SENT)
    assert (heard, atelier.request().state, atelier.proposal().state) == expected
    check(market.database)


# Of a pool


def test_of_two_who_choose_for_a_pool_at_once_one_does(of_pool: Atelier) -> None:
    market, before = of_pool.market, drafted(of_pool.market)
    heard = at_the_same_time(market.database, choose_for_pool(of_pool), choose_for_pool(of_pool))
    assert (heard, market.pool().state) == (RequestClosed.code, PoolState.PROVISIONAL)
    assert drafted(market) == (before[0] + 1, before[1] + 1)
    check(market.database)


def withdraw(market: Market, pledge_id: UUID) -> Act:
    pledge = market.facts(pledge_id)
    return lambda session: service.withdraw_pledge(session, pledge=pledge, now=market.now)


def test_who_leaves_a_pool_while_its_class_is_chosen_hears_that_they_were_asked(of_pool: Atelier) -> None:
    market, (one, *_others) = of_pool.market, pledges(of_pool)
    assert at_the_same_time(market.database, choose_for_pool(of_pool), withdraw(market, one)) == PledgeAnswered.code
    assert (market.pool().state, market.facts(one).state) == (PoolState.PROVISIONAL, PledgeState.ASKED)
    check(market.database)


def test_who_chooses_while_somebody_leaves_the_pool_hears_that_too_few_are_left(of_pool: Atelier) -> None:
    market, (one, *_others) = of_pool.market, pledges(of_pool)
    assert at_the_same_time(market.database, withdraw(market, one), choose_for_pool(of_pool)) == SlotTaken.code
    assert (market.pool().state, of_pool.request().state) == (PoolState.GATHERING, RequestState.OPEN)
    check(market.database)


def test_who_joins_a_pool_while_its_class_is_chosen_is_asked_to_confirm_with_the_others(of_pool: Atelier) -> None:
    market, late = of_pool.market, of_pool.market.firm()
    draft = PledgeDraft(Party.EMPLOYER, late.actor.email, "nl", 3, (EVENING,))

    def join(session: Session) -> None:
        service.make_pledge(
            session, pool_code=market.pool_code, draft=draft, actor=late.actor, demand_id=None, next_path="/x/{code}", now=market.now,
        )

    assert at_the_same_time(market.database, choose_for_pool(of_pool), join) == "done"
    assert market.states(pledges(of_pool)) == [PledgeState.ASKED] * 3
    check(market.database)


@pytest.fixture
def asked(of_pool: Atelier) -> Atelier:
    """Give a pool that has enough seats for a provider to be asked as well, while somebody chooses what was made for it."""
    of_pool.market.pledge(None, 4)
    assert of_pool.market.pool().state is PoolState.ASKED
    return of_pool


def accept(market: Market) -> Act:
    return lambda session: service.accept_pool(
        session, actor=market.planner, provider_slug=SLUG, pool_code=market.pool_code, module_slug=market.module_slug, slot=EVENING,
        draft=evenings(market.now), now=market.now,
    )


@pytest.mark.parametrize("is_choice_first", [True, False])
def test_a_pool_gets_one_class_when_one_is_chosen_and_another_is_offered_at_once(asked: Atelier, is_choice_first: bool) -> None:
    market, before = asked.market, drafted(asked.market)
    acts = (choose_for_pool(asked), accept(market)) if is_choice_first else (accept(market), choose_for_pool(asked))
    assert at_the_same_time(market.database, *acts) == PoolClosed.code
    assert (market.pool().state, drafted(market)[1]) == (PoolState.PROVISIONAL, before[1] + 1)
    assert asked.request().state is (RequestState.CHOSEN if is_choice_first else RequestState.OPEN)
    check(market.database)


def test_who_chooses_while_the_last_firm_confirms_another_class_hears_that_the_pool_has_one(asked: Atelier) -> None:
    market = asked.market
    market.accept()
    *before, last = pledges(asked)
    for one in before:
        market.confirm(one)

    def confirm(session: Session) -> None:
        service.confirm_pledge(session, pledge_id=last, by=None, agreed=Agreed(PRICE), now=market.now)

    assert at_the_same_time(market.database, confirm, choose_for_pool(asked)) == PoolClosed.code
    assert (market.pool().state, asked.request().state) == (PoolState.CONFIRMED, RequestState.OPEN)
    check(market.database)


def test_who_chooses_while_the_office_ends_the_pool_hears_it(of_pool: Atelier) -> None:
    market, broker, before = of_pool.market, office(of_pool.market), drafted(of_pool.market)

    def release(session: Session) -> None:
        service.release_pool(session, actor=broker, pool_code=market.pool_code, reason="Te weinig vraag", now=market.now)

    assert at_the_same_time(market.database, release, choose_for_pool(of_pool)) == PoolClosed.code
    assert (market.pool().state, drafted(market)) == (PoolState.LAPSED, before)
    check(market.database)
