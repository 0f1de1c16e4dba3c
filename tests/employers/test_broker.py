"""Whom the programme office calls: exactly who is one or two seats short or did not answer, and nobody who withdrew."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from academy.accounts import api as accounts
from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.accounts.queries.trail import trail_of
from academy.employers import queries, service
from academy.employers.errors import DemandGone
from academy.employers.events import DemandAnswered
from academy.employers.kinds import CallOutcome, DemandState, Party, PledgeState, PoolState
from academy.employers.models import CallNote
from academy.employers.queries import broker
from academy.employers.queries.replies import reply_to
from academy.employers.rules import calling
from academy.employers.rules.calling import Call, DemandToCall, PledgeToCall, PoolToCall, Why
from academy.employers.service import calling as desk_service
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from academy.kernel.ids import new_id
from tests import builders
from tests.employers.market import DAY, MORNING, Market, listen, open_market

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
LATER, EARLIER = NOW + DAY, NOW - DAY
_numbers = count()
_EXPECTED_NOBODY: frozenset[PledgeState] = frozenset(PledgeState) - {PledgeState.OPEN, PledgeState.ASKED, PledgeState.CONFIRMED}


def pledge(state: PledgeState = PledgeState.OPEN, seats: int = 2, party: Party = Party.EMPLOYER) -> PledgeToCall:
    return PledgeToCall(f"pledge {next(_numbers):03}", party, state, seats)


def pool(*pledges: PledgeToCall, state: PoolState = PoolState.GATHERING, short: int = 1, until: datetime = LATER, told: bool = False) -> PoolToCall:
    asked, provisional = state is PoolState.ASKED, state is PoolState.PROVISIONAL
    return PoolToCall(f"pool {next(_numbers):03}", state, short, told, until, until if asked else None, until if provisional else None, pledges)


def about(calls: Sequence[Call]) -> set[object]:
    return {call.about for call in calls}


def listed(*pools: PoolToCall, demands: Sequence[DemandToCall] = ()) -> tuple[Call, ...]:
    return calling.call_list(pools, demands, NOW)


# The rules


@pytest.mark.parametrize(("short", "is_called"), [(0, False), (1, True), (2, True), (3, False)])
def test_firms_are_called_when_their_pool_lacks_one_or_two_seats(short: int, is_called: bool) -> None:
    firms = (pledge(), pledge(party=Party.SCHOOL))
    calls = listed(pool(*firms, short=short))
    assert about(calls) == ({one.id for one in firms} if is_called else set())
    assert all(call.why is Why.SHORT and call.short == short for call in calls)


def test_who_withdrew_declined_lapsed_or_never_proved_the_address_is_not_called() -> None:
    gone = [pledge(state) for state in _EXPECTED_NOBODY]
    assert listed(pool(*gone), pool(*gone, state=PoolState.PROVISIONAL, told=True)) == ()
    assert calling.leads([pool(*gone)]) == {}


def test_who_asks_for_themselves_can_not_bring_more_seats_but_is_called_when_they_do_not_answer() -> None:
    alone, asked = pledge(party=Party.CITIZEN), pledge(PledgeState.ASKED, party=Party.CITIZEN)
    assert about(listed(pool(alone), pool(asked, state=PoolState.PROVISIONAL, short=9))) == {asked.id}


def test_who_was_asked_to_confirm_and_did_not_is_called_and_who_did_only_once_time_was_up() -> None:
    waiting, done = pledge(PledgeState.ASKED), pledge(PledgeState.CONFIRMED)
    assert about(listed(pool(waiting, done, state=PoolState.PROVISIONAL, short=2))) == {waiting.id}
    calls = listed(pool(waiting, done, state=PoolState.PROVISIONAL, short=2, told=True))
    assert {call.about: call.why for call in calls} == {waiting.id: Why.PLEDGE, done.id: Why.SHORT}


@pytest.mark.parametrize(("until", "is_called"), [(EARLIER, True), (NOW, True), (LATER, False)])
def test_a_provider_and_a_demand_are_called_once_their_time_is_up(until: datetime, is_called: bool) -> None:
    asked = pool(pledge(), state=PoolState.ASKED, short=0, until=until)
    demands = [DemandToCall(state.value, state, until) for state in DemandState]
    calls = listed(asked, demands=demands)
    assert about(calls) == ({asked.id, DemandState.OPEN.value} if is_called else set())


def test_the_newest_deadline_stands_first() -> None:
    pools = [pool(pledge(), until=NOW + days * DAY) for days in (3, -2, 9, 0)]
    calls = listed(*pools, demands=[DemandToCall("demand", DemandState.OPEN, NOW - 5 * DAY)])
    assert [(call.until - NOW).days for call in calls] == [9, 3, 0, -2, -5]


def test_the_firm_with_most_seats_leads_its_pool_and_the_first_of_equals() -> None:
    small, first, second = pledge(seats=2), pledge(seats=4), pledge(seats=4)
    citizen, gone = pledge(seats=9, party=Party.CITIZEN), pledge(PledgeState.WITHDRAWN, seats=9)
    one = pool(small, first, second, citizen, gone, short=5)
    assert calling.leads([one, pool(pledge(seats=1))]) == {one.id: first.id}
    assert [(call.about, call.why) for call in calling.lead_calls([one])] == [(first.id, Why.LEAD)]


some_pledges = st.builds(pledge, st.sampled_from(PledgeState), st.integers(1, 9), st.sampled_from(Party))
some_pools = st.builds(
    lambda pledges, state, short, told, days: pool(*pledges, state=state, short=short, told=told, until=NOW + days * DAY),
    st.lists(some_pledges, max_size=6), st.sampled_from(PoolState), st.integers(0, 5), st.booleans(), st.integers(-9, 9),
)


@given(st.lists(some_pools, max_size=6))
def test_whatever_there_is_each_is_called_once_and_only_who_is_short_or_did_not_answer(pools: list[PoolToCall]) -> None:
    calls = listed(*pools)
    assert len({call.about for call in calls}) == len(calls)
    assert [call.until for call in calls] == sorted((call.until for call in calls), reverse=True)
    there = {one.id: (one, each) for each in pools for one in each.pledges}
    for call in calls:
        if call.why is Why.PROVIDER:
            continue
        one, its_pool = there[call.about]
        assert one.state not in _EXPECTED_NOBODY
        assert one.state is PledgeState.ASKED if call.why is Why.PLEDGE else 1 <= its_pool.short <= calling.MOST_SHORT
    silent = {one.id for one, its_pool in there.values() if one.state is PledgeState.ASKED and its_pool.state is PoolState.PROVISIONAL}
    assert silent <= about(calls)


def test_half_and_nine_in_ten_are_only_told_of_ten_or_more() -> None:
    hours = [timedelta(hours=number) for number in range(1, 11)]
    assert (calling.median(hours[:9]), calling.median(hours)) == (None, timedelta(hours=5))


# The desk


@pytest.fixture(autouse=True)
def _listening() -> None:
    listen(DemandAnswered)


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


@pytest.fixture
def broker_actor(market: Market) -> Actor:
    with market.database.writing() as session:
        office = accounts_service.register_organisation(session, slug="bureau", name="Programmabureau", kind=OrganisationKind.OFFICE)
        actor = builders.actor(session, market.now, name="Bo Makelaar")
        accounts.add_membership(session, person_id=actor.person_id, organisation_id=office, role=Role.OFFICE)
    return actor


def desk_of(market: Market, actor: Actor, show: Why | None = None) -> broker.Desk:
    with market.database.reading() as session:
        return broker.desk(session, actor, show=show, now=market.now)


def firms(market: Market, actor: Actor, show: Why | None = None) -> list[str]:
    return [line.firm for line in desk_of(market, actor, show).lines]


def test_the_desk_has_the_firms_of_a_pool_that_is_nearly_there_and_none_that_withdrew(market: Market, broker_actor: Actor) -> None:
    gone, *_others = market.gathered(2, 6, 5)
    with market.database.writing() as session:
        service.withdraw_pledge(session, pledge=queries.pledge_by_id(session, gone), now=market.now)
    found = desk_of(market, broker_actor)
    assert sorted(line.firm for line in found.lines) == ["Firma 3", "Firma 4"]
    assert {(line.call.why, line.call.short) for line in found.lines} == {(Why.SHORT, 1)}
    assert [line.is_lead for line in sorted(found.lines, key=lambda line: line.firm)] == [True, False]
    assert firms(market, broker_actor, Why.LEAD) == ["Firma 3"]
    with market.database.reading() as session:
        assert broker.number_to_call(session, now=market.now) == found.number == len(found.lines)
        with pytest.raises(NotFound):
            broker.line_of(session, broker_actor, "pledge", market.facts(gone).code, now=market.now)


def test_who_can_not_at_the_best_moment_is_called_too(market: Market, broker_actor: Actor) -> None:
    market.gathered(6, 5)
    market.pledge(None, 3, MORNING)
    assert sorted(firms(market, broker_actor)) == ["Firma 2", "Firma 3", "Firma 4"]


def test_who_confirmed_leaves_the_desk_and_who_did_not_stays(market: Market, broker_actor: Actor) -> None:
    pledges = market.accepted(6, 6)
    market.confirm(pledges[0])
    assert firms(market, broker_actor, Why.PLEDGE) == ["Firma 3"]


def test_a_provider_that_let_the_time_pass_is_there_with_its_planners(market: Market, broker_actor: Actor) -> None:
    market.gathered(6, 6)
    assert desk_of(market, broker_actor).lines == ()
    market.now += 7 * DAY
    line = desk_of(market, broker_actor, Why.PROVIDER).lines[0]
    assert (line.call.why, line.firm, [one.name for one in line.contacts]) == (Why.PROVIDER, "Windesheim in Almere", ["Pia Planner"])


def test_a_demand_stays_on_the_desk_until_somebody_answers_it_by_hand(market: Market, broker_actor: Actor) -> None:
    demand_id = market.demand(market.firm())
    market.now += 7 * DAY
    line = desk_of(market, broker_actor).lines[0]
    assert (line.call.why, line.demand is not None and line.demand.id == demand_id) == (Why.DEMAND, True)
    code = line.demand.code if line.demand else ""
    market.run(desk_service.reply_demand, actor=broker_actor, code=code, text="Bel ons gerust.")
    assert desk_of(market, broker_actor).lines == ()
    with market.database.reading() as session:
        assert (queries.demand_by_id(session, demand_id).state, reply_to(session, demand_id)) == (DemandState.ANSWERED, "Bel ons gerust.")
    assert len(market.news(DemandAnswered)) == 1
    with pytest.raises(DemandGone):
        market.run(desk_service.reply_demand, actor=broker_actor, code=code, text="Nog eens.")


def test_a_note_is_kept_with_who_called_and_the_one_it_is_about_can_read_that_in_the_trail(market: Market, broker_actor: Actor) -> None:
    first, _second = market.gathered(6, 5)
    facts = market.facts(first)
    for outcome, text in ((CallOutcome.NOT_REACHED, ""), (CallOutcome.WILL_ANSWER, "Belt terug")):
        market.run(desk_service.note_call, actor=broker_actor, kind="pledge", code=facts.code, outcome=outcome, text=text)
    notes = next(line.notes for line in desk_of(market, broker_actor).lines if line.pledge and line.pledge.id == first)
    assert [(note.outcome, note.text, note.by) for note in notes] == [
        (CallOutcome.WILL_ANSWER, "Belt terug", "Bo Makelaar"), (CallOutcome.NOT_REACHED, "", "Bo Makelaar"),
    ]
    with market.database.reading() as session:
        assert facts.person_id is not None
        told = [(entry.act, entry.organisation_name) for entry in trail_of(session, facts.person_id) if entry.act == "call-noted"]
    assert told == [("call-noted", "Programmabureau")] * 2


def test_a_note_to_a_provider_is_about_the_provider(market: Market, broker_actor: Actor) -> None:
    market.gathered(6, 6)
    market.now += 7 * DAY
    market.run(desk_service.note_call, actor=broker_actor, kind="pool", code=market.pool_code, outcome=CallOutcome.REACHED, text="Ja")
    assert desk_of(market, broker_actor, Why.PROVIDER).lines[0].notes[0].outcome is CallOutcome.REACHED
    with market.database.reading() as session:
        assert session.scalars(select(CallNote.organisation_id)).one() == market.provider_id


def test_a_note_is_about_one_thing_also_to_the_database(market: Market, broker_actor: Actor) -> None:
    demand_id = market.demand(market.firm())

    def add(demand: UUID | None, organisation: UUID | None) -> None:
        with market.database.writing() as session:
            session.add(CallNote(id=new_id(), demand_id=demand, organisation_id=organisation, outcome=CallOutcome.NO, at=market.now))
            session.flush()

    add(demand_id, None)
    for wrong in ((None, None), (demand_id, market.provider_id)):
        with pytest.raises(IntegrityError):
            add(*wrong)


def test_a_look_is_on_record_once_a_day_for_each_who_was_seen(market: Market, broker_actor: Actor) -> None:
    first, _second = market.gathered(6, 5)
    person_id = market.facts(first).person_id
    assert person_id is not None

    def looks() -> int:
        market.run(desk_service.note_looks, actor=broker_actor, people=[person_id], look="call-list-seen")
        with market.database.reading() as session:
            return sum(entry.act == "call-list-seen" for entry in trail_of(session, person_id))

    assert (looks(), looks()) == (1, 1)
    market.now += 2 * DAY
    assert looks() == 2


def test_nobody_but_the_programme_office_sees_or_writes_anything(market: Market) -> None:
    first, _second = market.gathered(6, 5)
    code = market.facts(first).code
    for actor in (market.planner, market.firms[1].actor):
        with market.database.reading() as session:
            for read in (
                lambda: broker.desk(session, actor, show=None, now=market.now), lambda: broker.line_of(session, actor, "pledge", code, now=market.now),  # noqa: B023 - read at once
                lambda: broker.pool_to_broker(session, actor, market.pool_code),  # noqa: B023 - read at once
            ):
                with pytest.raises(NotFound):
                    read()
        with pytest.raises(NotFound):
            market.run(desk_service.note_call, actor=actor, kind="pledge", code=code, outcome=CallOutcome.NO, text="")
        with pytest.raises(NotFound):
            market.run(desk_service.note_looks, actor=actor, people=[], look="call-list-seen")


def test_how_long_demand_waited_is_counted_in_working_time(market: Market, broker_actor: Actor) -> None:
    demand_id = market.demand(market.firm())
    market.now += 7 * DAY
    code = market.run(lambda session, now: queries.demand_by_id(session, demand_id).code)
    market.run(desk_service.reply_demand, actor=broker_actor, code=code, text="Ja")
    times = desk_of(market, broker_actor).times
    assert (times.answers, times.classes) == ((timedelta(hours=5 * 8),), ())
