"""A pool takes no more than it can hold, also when addresses are proven later, and one question begins one pool however often it is pressed."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.employers import links, queries, service
from academy.employers.drafts import PledgeDraft
from academy.employers.errors import AlreadyPledged, TooManyPledged
from academy.employers.kinds import COUNTING_PLEDGES, DemandState, Party, PledgeState
from academy.employers.models import Pledge, Pool
from academy.employers.service.gathering import MOST_SEATS
from academy.kernel.db import Database
from tests import builders
from tests.employers.asking import ask, join
from tests.employers.market import EVENING, Firm, Market, open_market
from tests.employers.test_gathering_pages import text
from tests.enrolment.races import Act, at_the_same_time
from tests.world import sign_in

NOW = datetime.now(UTC)  # noqa: TID251 - requests read the real clock


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


def typed(market: Market, firm: Firm, seats: int) -> UUID:
    """Let somebody type the address of a firm with so many seats; returns the pledge, which waits for its letter."""
    draft = PledgeDraft(firm.party, firm.actor.email, "nl", seats, (EVENING,))
    with market.database.writing() as session:
        code = service.make_pledge(session, pool_code=market.pool_code, draft=draft, actor=None, demand_id=None, next_path="/x/{code}", now=market.now)
        return session.scalars(select(Pledge.id).where(Pledge.code == code)).one()


def proof(market: Market, firm: Firm, pledge_id: UUID) -> Act:
    return lambda session: service.prove_pledge(session, actor=firm.actor, code=queries.pledge_by_id(session, pledge_id).code, now=market.now)


def counted(market: Market) -> int:
    with market.database.reading() as session:
        return sum(one.seats for one in queries.pledges_of(session, market.pool().id, COUNTING_PLEDGES))


def fill(market: Market, left: int) -> None:
    """Let a pool have room for so many more seats."""
    market.pledge(None, MOST_SEATS - left)


def test_who_proves_an_address_when_the_pool_is_full_hears_it_and_takes_part_with_fewer(market: Market) -> None:
    market.begin()
    firm = market.firm()
    pledge = typed(market, firm, 5)
    fill(market, 4)
    links.configure("only-for-tests")
    with pytest.raises(TooManyPledged) as refused:
        _do(market, proof(market, firm, pledge))
    assert [link.values for link in refused.value.links()] == [{"token": links.pledge_token_for(pledge)}]
    assert market.facts(pledge).state is PledgeState.UNPROVEN
    market.run(service.change_pledge, pledge=market.facts(pledge), seats=4, slots=(EVENING,), most_price=None)
    _do(market, proof(market, firm, pledge))
    assert (market.facts(pledge).state, counted(market)) == (PledgeState.OPEN, MOST_SEATS)


def _do(market: Market, act: Act) -> None:
    with market.database.writing() as session:
        act(session)


def _owner(session: Session, market: Market, email: str) -> Actor:
    return builders.actor(session, market.now, email=email)


def test_of_two_who_prove_the_last_seats_at_once_one_counts_and_the_other_hears_that_it_is_full(market: Market) -> None:
    market.begin()
    fill(market, 6)
    firms = [market.firm(), market.firm()]
    pledges = [typed(market, firm, 4) for firm in firms]
    heard = at_the_same_time(market.database, *(proof(market, firm, pledge) for firm, pledge in zip(firms, pledges, strict=True)))
    assert (heard, market.states(pledges), counted(market)) == ("too-many-pledged", [PledgeState.OPEN, PledgeState.UNPROVEN], MOST_SEATS - 2)


def test_who_proves_an_address_while_another_joins_waits_and_hears_that_it_is_full(market: Market) -> None:
    market.begin()
    fill(market, 6)
    firm, other = market.firm(), market.firm()
    pledge = typed(market, firm, 4)
    draft = PledgeDraft(Party.EMPLOYER, other.actor.email, "nl", 4, (EVENING,))
    heard = at_the_same_time(
        market.database,
        lambda session: service.make_pledge(
            session, pool_code=market.pool_code, draft=draft, actor=other.actor, demand_id=None, next_path="/x/{code}", now=market.now,
        ),
        proof(market, firm, pledge),
    )
    assert (heard, market.facts(pledge).state, counted(market)) == ("too-many-pledged", PledgeState.UNPROVEN, MOST_SEATS - 2)


def test_a_question_that_is_proven_counts_also_when_its_pool_is_full_by_then_and_what_was_promised_for_it_ends(market: Market) -> None:
    market.begin()
    with market.database.writing() as session:
        demand = ask(session, market.now, email="laat@voorbeeld.nl", people=2)
        join(session, demand, market.now, pool=market.pool_code)
    fill(market, 1)
    with market.database.writing() as session:
        who = _owner(session, market, demand.email)
        assert service.prove_demand(session, actor=who, code=demand.code, firm_name="Laat", now=market.now) is False
        (pledge,) = session.scalars(select(Pledge).where(Pledge.demand_id == demand.id))
        assert (queries.demand_by_id(session, demand.id).state, pledge.state) == (DemandState.OPEN, PledgeState.LAPSED)
    assert counted(market) == MOST_SEATS - 1


def test_who_proves_a_question_in_time_hears_that_all_of_it_counts(market: Market) -> None:
    market.begin()
    fill(market, 2)
    with market.database.writing() as session:
        demand = ask(session, market.now, email="optijd@voorbeeld.nl", people=2)
        join(session, demand, market.now, pool=market.pool_code)
    with market.database.writing() as session:
        who = _owner(session, market, demand.email)
        assert [service.prove_demand(session, actor=who, code=demand.code, firm_name="Tijd", now=market.now) for _time in range(2)] == [True, True]
    assert counted(market) == MOST_SEATS


def begun(market: Market) -> tuple[Firm, UUID, int]:
    """Return a firm with a question, and how many pools there are."""
    firm = market.firm()
    return firm, market.demand(firm, people=6), _pools(market)


def _pools(market: Market) -> int:
    with market.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Pool)) or 0


def begin_a_pool(market: Market, firm: Firm, demand_id: UUID) -> Act:
    return lambda session: service.join_for_demand(
        session, demand=queries.demand_by_id(session, demand_id), pool_code="", module_slug="", actor=firm.actor, next_path="/x/{code}", now=market.now,
    )


def test_a_pool_that_is_begun_twice_in_one_moment_is_one(market: Market) -> None:
    firm, demand_id, before = begun(market)
    act = begin_a_pool(market, firm, demand_id)
    assert at_the_same_time(market.database, act, act) == "already-pledged"
    assert _pools(market) == before + 1


def test_who_begins_a_pool_twice_one_after_the_other_takes_part_in_one(market: Market) -> None:
    firm, demand_id, before = begun(market)
    act = begin_a_pool(market, firm, demand_id)
    _do(market, act)
    with pytest.raises(AlreadyPledged):
        _do(market, act)
    assert _pools(market) == before + 1


def test_two_questions_that_begin_a_pool_in_one_moment_do_not_wait_for_each_other(market: Market) -> None:
    first, second = begun(market), begun(market)
    acts = [begin_a_pool(market, firm, demand_id) for firm, demand_id, _before in (first, second)]
    assert at_the_same_time(market.database, *acts, guarded=False) == "done"
    assert _pools(market) == first[2] + 2


# The pages


@pytest.fixture
def online(app: Flask, database: Database) -> Market:
    app.config["WTF_CSRF_ENABLED"] = False
    return open_market(database, NOW)


def test_the_page_that_proves_says_that_the_pool_is_full_with_the_way_to_fewer_seats(app: Flask, client: FlaskClient, online: Market) -> None:
    online.begin()
    firm = online.firm()
    pledge = typed(online, firm, 5)
    fill(online, 4)
    sign_in(client, firm.actor.email)
    answer = client.post(f"/nl/my/pledges/{online.facts(pledge).code}/prove")
    with app.app_context():
        way = f"/nl/pledges/{links.pledge_token_for(pledge)}"
    assert (answer.status_code, way in text(answer)) == (409, True)
    assert client.post(f"{way}/change", data={"seats": "4", "slots": [EVENING]}).status_code == 303
    assert client.post(f"/nl/my/pledges/{online.facts(pledge).code}/prove").status_code == 303
    assert counted(online) == MOST_SEATS


def test_who_proves_a_question_hears_that_the_pool_is_full_by_now(client: FlaskClient, online: Market) -> None:
    online.begin()
    citizen = online.citizen()
    with online.database.writing() as session:
        demand = ask(session, NOW, email=citizen.actor.email, party=Party.CITIZEN, people=1, kvk_number="")
        join(session, demand, NOW, pool=online.pool_code)
    fill(online, 0)
    sign_in(client, citizen.actor.email)
    answer = client.post(f"/nl/my/demands/{demand.code}/prove")
    page = text(client.get(answer.location))
    assert ("Maar je groep is intussen vol" in page, f"/nl/pools/{online.pool_code}" in page) == (True, False)
