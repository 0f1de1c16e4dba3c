"""Providers propose, alone or together: in time, agreed by all, and closed to each other."""

from datetime import datetime
from typing import Any

import pytest

from academy.employers.errors.requests import (
    PartnersDisagree,
    ProposalClosed,
    ProposalNotFound,
    ProposalThere,
    ProposalWrong,
    RequestClosed,
    RequestNotFound,
)
from academy.employers.events import PartnerAsked, ProposalSent
from academy.employers.kinds import DemandState, InviteState, ProposalState
from academy.employers.queries import demand_by_id, requests
from academy.employers.service import choosing, proposing, requesting
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests.employers.market import DAY, SLUG, listen, open_market
from tests.employers.tailoring import Atelier, add_provider, open_atelier
from tests.enrolment.races import at_the_same_time

OTHER = "techniek"


@pytest.fixture
def atelier(database: Database, now: datetime) -> Atelier:
    found = open_atelier(open_market(database, now))
    found.ask()
    return found


def agree(atelier: Atelier, slug: str = OTHER) -> None:
    atelier.run(proposing.agree_to_proposal, actor=atelier.planners[slug], provider_slug=slug, proposal_code=atelier.proposals[SLUG])


def change(atelier: Atelier, **about: object) -> None:
    atelier.run(
        proposing.change_proposal, actor=atelier.market.planner, provider_slug=SLUG, proposal_code=atelier.proposals[SLUG], draft=atelier.plan(**about),
    )


def withdraw(atelier: Atelier) -> None:
    atelier.run(proposing.withdraw_proposal, actor=atelier.market.planner, provider_slug=SLUG, proposal_code=atelier.proposals[SLUG])


def test_a_proposal_that_is_sent_answers_the_demand_and_is_told_once(atelier: Atelier) -> None:
    listen(ProposalSent)
    atelier.propose()
    atelier.send()
    with atelier.market.database.reading() as session:
        assert demand_by_id(session, atelier.demand_id).state is DemandState.ANSWERED
    assert (atelier.proposal().state, len(atelier.market.news(ProposalSent))) == (ProposalState.SENT, 1)
    assert dict(atelier.seen().invites)[atelier.market.provider_id] is InviteState.PROPOSED


def test_after_the_last_day_nothing_comes_in(atelier: Atelier) -> None:
    atelier.begin()
    atelier.time_to_choose()
    for act in (atelier.send, lambda: change(atelier), lambda: atelier.begin(OTHER)):
        with pytest.raises(RequestClosed):
            act()
    assert atelier.proposal().state is ProposalState.DRAFT


def test_what_comes_in_at_the_moment_of_the_choice_waits_and_is_refused(atelier: Atelier) -> None:
    atelier.propose()
    atelier.begin(OTHER)
    found, budget = atelier.request(), str(atelier.market.budget_id(atelier.firm))
    heard = at_the_same_time(
        atelier.market.database,
        lambda session: choosing.choose_proposal(
            session, actor=atelier.firm.actor, request_code=atelier.code, proposal_code=atelier.proposals[SLUG], budget=budget, now=found.proposals_until,
        ),
        lambda session: proposing.send_proposal(
            session, actor=atelier.planners[OTHER], provider_slug=OTHER, proposal_code=atelier.proposals[OTHER], now=atelier.market.now,
        ),
    )
    assert (heard, atelier.proposal(OTHER).state) == (RequestClosed.code, ProposalState.WITHDRAWN)


def test_providers_do_not_see_each_others_proposals_and_who_asked_only_when_the_time_is_over(atelier: Atelier) -> None:
    atelier.propose()
    assert [one.code for one in atelier.seen_at(SLUG).proposals] == [atelier.proposals[SLUG]]
    other = atelier.seen_at(OTHER)
    assert (other.proposals, other.number_sent, len(other.invites)) == ((), 0, 1)
    with atelier.market.database.reading() as session, pytest.raises(ProposalNotFound):
        requests.proposal_of_provider(session, other.invites[0][0], atelier.proposals[SLUG])
    closed = atelier.seen()
    assert (closed.proposals, closed.number_sent, closed.may_choose) == ((), 1, False)
    atelier.time_to_choose()
    assert (len(atelier.seen().proposals), atelier.seen().may_choose) == (1, True)


def test_when_every_provider_answered_nobody_waits_for_the_last_day(atelier: Atelier) -> None:
    atelier.propose()
    atelier.run(requesting.decline_invite, actor=atelier.planners[OTHER], provider_slug=OTHER, request_code=atelier.code)
    assert atelier.seen().may_choose


def test_partners_agree_to_the_words_as_they_are_before_they_are_sent(atelier: Atelier) -> None:
    listen(PartnerAsked)
    atelier.begin(partners=(OTHER,))
    with pytest.raises(PartnersDisagree):
        atelier.send()
    agree(atelier)
    change(atelier, partners=(OTHER,), title="Anders")
    with pytest.raises(PartnersDisagree):
        atelier.send()
    agree(atelier)
    agree(atelier)
    atelier.send()
    assert (atelier.proposal().state, atelier.proposal().title) == (ProposalState.SENT, "Anders")
    assert len(atelier.market.news(PartnerAsked)) == 2


def test_a_partner_reads_what_it_agrees_to_and_a_third_does_not(atelier: Atelier) -> None:
    atelier.planners["derde"] = add_provider(atelier.market, "derde")
    atelier.begin(partners=(OTHER,))
    with pytest.raises(ProposalNotFound):
        agree(atelier, "derde")
    with pytest.raises(ProposalWrong):
        change(atelier, partners=(SLUG,))


def test_a_provider_has_one_proposal_and_after_taking_it_back_another(atelier: Atelier) -> None:
    first = atelier.propose()
    with pytest.raises(ProposalThere):
        atelier.begin()
    withdraw(atelier)
    withdraw(atelier)
    assert atelier.propose() != first


def test_what_was_sent_is_not_changed_and_what_was_chosen_not_taken_back(atelier: Atelier) -> None:
    atelier.propose()
    with pytest.raises(ProposalClosed):
        change(atelier)
    atelier.time_to_choose()
    atelier.choose(budget=str(atelier.market.budget_id(atelier.firm)))
    with pytest.raises(ProposalClosed):
        withdraw(atelier)


def test_who_was_not_invited_proposes_nothing(atelier: Atelier) -> None:
    atelier.planners["derde"] = add_provider(atelier.market, "derde")
    with pytest.raises(RequestNotFound):
        atelier.begin("derde")


@pytest.mark.parametrize("wrong", [
    {"outcomes": ()}, {"outcomes": (" ",)}, {"title": ""}, {"slot": "tue"}, {"mode": "carrier-pigeon"}, {"min_seats": 0}, {"min_seats": 17},
    {"max_seats": 5}, {"seat_price": None}, {"seat_price": Money(-1)}, {"nlqf": "9"}, {"hours": -1}, {"slot": "mon-evening"},
])
def test_what_could_not_become_a_class_is_refused(atelier: Atelier, wrong: dict[str, Any]) -> None:
    with pytest.raises(ProposalWrong):
        atelier.begin(**wrong)


def test_a_class_begins_after_today_and_ends_after_it_begins(atelier: Atelier) -> None:
    first = atelier.plan().starts_on
    cases: tuple[dict[str, Any], ...] = ({"starts_on": atelier.today}, {"ends_on": first - DAY})
    for wrong in cases:
        with pytest.raises(ProposalWrong):
            atelier.begin(**wrong)


def test_proposals_stand_side_by_side_at_what_a_seat_costs_for_who_asks_the_cheapest_first(atelier: Atelier) -> None:
    atelier.propose(SLUG, class_price=Money(1000_00))
    atelier.propose(OTHER, seat_price=Money(150_00), min_seats=10)
    atelier.time_to_choose()
    seen = atelier.seen()
    first, second = requests.compared(seen.request, seen.proposals)
    assert (first.seats, first.of_seat, first.together) == (6, Money(166_66), Money(999_96))
    assert (second.seats, second.of_seat, second.together) == (10, Money(150_00), Money(1500_00))
