"""What somebody asks counts when its address is proven, once, for the firm that it is for; and it can always be taken back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.models import Membership, Organisation
from academy.employers import queries, service
from academy.employers.errors import (
    AlreadyPledged,
    DemandGone,
    DemandNotFound,
    FirmElsewhere,
    FirmNeeded,
    TooManyDemands,
    TooManyPledged,
)
from academy.employers.kinds import DemandState, Party, PledgeState, PoolState
from academy.employers.models import Demand
from academy.employers.queries.firms import firm_of, firm_to_prove
from academy.employers.queries.matching import pools_joined
from academy.employers.service.demands import MOST_OPEN
from academy.kernel.clock import amsterdam_day
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from tests import builders
from tests.employers import asking

# Asking


def test_a_question_without_an_account_waits_for_its_letter_and_makes_nobody(session: Session, now: datetime) -> None:
    demand = asking.ask(session, now)
    assert (demand.state, demand.person_id, demand.organisation_id, demand.answer_by) == (DemandState.UNPROVEN, None, None, None)
    assert asking.links_made(session) == [f"/nl/my/demands/{demand.code}/prove"]
    assert asking.firms(session) == 0


def test_the_same_form_sent_again_is_the_same_question_and_no_second_letter(session: Session, now: datetime) -> None:
    key = new_id()
    first, again = asking.ask(session, now, key=key), asking.ask(session, now, key=key)
    other = asking.ask(session, now, key=new_id())
    assert first.code == again.code != other.code
    assert len(asking.links_made(session)) == 2


def test_somebody_with_the_key_of_anothers_form_does_not_get_their_question(session: Session, now: datetime) -> None:
    key = new_id()
    asking.ask(session, now, key=key)
    assert queries.demand_of_request(session, key, "ander@bakkerij.nl") is None


def test_an_address_has_so_many_questions_open_and_no_more(session: Session, now: datetime) -> None:
    for _number in range(MOST_OPEN):
        asking.ask(session, now)
    with pytest.raises(TooManyDemands):
        asking.ask(session, now)
    asking.ask(session, now, email="ander@bakkerij.nl")


def test_what_was_recognised_is_kept_once_each_and_comes_back_in_order(session: Session, now: datetime) -> None:
    demand = asking.ask(session, now, skills=("uri:b", "uri:a", "uri:b"))
    assert demand.skills == ("uri:a", "uri:b")


@pytest.mark.parametrize(("people", "price"), [(0, None), (501, None), (1, Money(0))])
def test_the_database_refuses_what_no_form_lets_through(session: Session, now: datetime, people: int, price: Money | None) -> None:
    with pytest.raises(DatabaseBusy):
        asking.ask(session, now, people=people, most_price=price)
    assert session.scalar(select(func.count()).select_from(Demand)) == 0


# Proving


def test_following_the_letter_starts_the_firm_with_its_name_and_the_question_counts(session: Session, now: datetime) -> None:
    demand = asking.ask(session, now)
    who = asking.prove(session, demand, now)
    there = asking.now_there(session, demand)
    firm = accounts.organisation_with_kvk(session, asking.KVK)
    assert firm is not None
    assert (firm.name, there.state, there.person_id, there.organisation_id) == ("Bakkerij Jansen", DemandState.OPEN, who.person_id, firm.id)
    assert there.answer_by is not None
    assert there.answer_by > now


def test_proving_twice_changes_nothing(session: Session, now: datetime) -> None:
    demand = asking.ask(session, now)
    who = asking.prove(session, demand, now)
    before = asking.now_there(session, demand)
    asking.prove(session, demand, now + timedelta(days=1), actor=who, name="Andere naam")
    assert asking.now_there(session, demand) == before
    assert asking.firms(session) == 1


def test_a_second_question_of_the_same_firm_asks_no_name_again(session: Session, now: datetime) -> None:
    first = asking.ask(session, now)
    who = asking.prove(session, first, now)
    second = asking.ask(session, now, words="Taart versieren", actor=who)
    assert (second.state, second.organisation_id) == (DemandState.OPEN, asking.now_there(session, first).organisation_id)
    assert asking.firms(session) == 1


def test_somebody_else_can_not_prove_it_nor_see_it(session: Session, now: datetime) -> None:
    demand = asking.ask(session, now)
    with pytest.raises(DemandNotFound):
        asking.prove(session, demand, now, actor=builders.actor(session, now, email="ander@voorbeeld.nl"))
    assert asking.now_there(session, demand).state is DemandState.UNPROVEN


def test_a_number_of_a_firm_that_others_act_for_gives_nothing_away_and_takes_nothing(session: Session, now: datetime) -> None:
    asking.at_firm(session, now, email="echt@bakkerij.nl", kvk=asking.KVK)
    demand = asking.ask(session, now, email="vals@voorbeeld.nl")
    who = builders.actor(session, now, email="vals@voorbeeld.nl")
    with pytest.raises(FirmElsewhere):
        service.prove_demand(session, actor=who, code=demand.code, firm_name="Echt", now=now)
    needed = firm_to_prove(session, who, demand)
    assert (needed.name, needed.is_elsewhere, needed.asks_name) == ("", True, False)
    assert asking.now_there(session, demand).state is DemandState.UNPROVEN
    assert session.scalar(select(func.count()).select_from(Membership)) == 1


def test_a_new_number_needs_the_name_of_the_firm(session: Session, now: datetime) -> None:
    demand = asking.ask(session, now)
    with pytest.raises(FirmNeeded):
        asking.prove(session, demand, now, name="")
    assert asking.now_there(session, demand).state is DemandState.UNPROVEN


def test_a_citizen_needs_no_firm_and_leaves_no_number(session: Session, now: datetime) -> None:
    demand = asking.ask(session, now, party=Party.CITIZEN, people=1)
    asking.prove(session, demand, now, name="")
    there = asking.now_there(session, demand)
    assert (there.state, there.organisation_id, there.kvk_number, asking.firms(session)) == (DemandState.OPEN, None, "", 0)


def test_a_dean_asks_for_the_school_and_not_for_a_firm_of_theirs(session: Session, now: datetime) -> None:
    dean = asking.at_firm(session, now, email="dean@school.nl", slug="bijbaan")
    school = accounts.register_organisation(session, slug="school", name="School", kind=accounts.OrganisationKind.SCHOOL)
    accounts.add_membership(session, person_id=dean.person_id, organisation_id=school, role=accounts.Role.DEAN)
    demand = asking.ask(session, now, actor=dean, email=dean.email, party=Party.SCHOOL, kvk_number="")
    assert (demand.state, demand.organisation_id) == (DemandState.OPEN, school)


def test_who_only_reads_at_a_firm_does_not_ask_for_it(session: Session, now: datetime) -> None:
    reader = asking.at_firm(session, now, email="lezer@bakkerij.nl", kvk=asking.KVK, role=accounts.Role.READER)
    demand = asking.ask(session, now, actor=reader, email=reader.email)
    assert demand.state is DemandState.UNPROVEN
    assert firm_of(session, reader, acting="") is None


def test_who_is_signed_in_and_asks_for_a_new_firm_is_asked_its_name_and_gets_no_letter(session: Session, now: datetime) -> None:
    who = builders.actor(session, now, email=asking.DRAFT.email)
    demand = asking.ask(session, now, actor=who)
    assert demand.state is DemandState.UNPROVEN
    assert firm_to_prove(session, who, demand).asks_name
    assert asking.links_made(session) == []
    asking.prove(session, demand, now, actor=who)
    assert asking.now_there(session, demand).state is DemandState.OPEN


def test_a_signed_in_person_who_types_another_address_proves_nothing_with_it(session: Session, now: datetime) -> None:
    who = builders.actor(session, now, email="ik@voorbeeld.nl")
    demand = asking.ask(session, now, actor=who, party=Party.CITIZEN)
    assert demand.state is DemandState.UNPROVEN
    assert len(asking.links_made(session)) == 1


def test_the_firm_for_which_somebody_works_now_goes_first(session: Session, now: datetime) -> None:
    who = asking.at_firm(session, now, email="ik@voorbeeld.nl", slug="eerste")
    second = accounts.register_organisation(session, slug="tweede", name="Tweede", kind=accounts.OrganisationKind.EMPLOYER)
    accounts.add_membership(session, person_id=who.person_id, organisation_id=second, role=accounts.Role.BUYER)
    for acting, name in (("tweede", "Tweede"), ("eerste", "Eerste"), ("", "Eerste"), ("weg", "Eerste")):
        firm = firm_of(session, who, acting=acting)
        assert firm is not None
        assert firm.name == name


# Joining


def test_seats_promised_for_an_unproven_question_count_with_it_and_no_second_letter_goes(session: Session, now: datetime) -> None:
    demand = asking.ask(session, now)
    code = asking.join(session, demand, now)
    assert asking.pledge_states(session) == [(demand.email, "unproven", 3)]
    assert len(asking.links_made(session)) == 1
    asking.prove(session, demand, now)
    assert asking.pledge_states(session) == [(demand.email, "open", 3)]
    [joined] = pools_joined(session, [demand.id])[demand.id]
    assert (joined.pool.code, joined.standing.seats, joined.pledge.organisation_id) == (code, 3, asking.now_there(session, demand).organisation_id)


def test_pressing_twice_to_begin_a_group_makes_one(session: Session, now: datetime) -> None:
    demand = asking.ask(session, now)
    code = asking.join(session, demand, now)
    assert asking.join(session, demand, now) == code
    assert len(asking.pledge_states(session)) == 1


def test_who_proved_the_question_promises_at_once_for_the_firm_of_the_question(session: Session, now: datetime) -> None:
    who = asking.at_firm(session, now, email=asking.DRAFT.email, slug="eerste", kvk="11111111")
    second = accounts.register_organisation(session, slug="tweede", name="Tweede", kind=accounts.OrganisationKind.EMPLOYER)
    session.get_one(Organisation, second).kvk_number = asking.KVK
    accounts.add_membership(session, person_id=who.person_id, organisation_id=second, role=accounts.Role.BUYER)
    demand = asking.ask(session, now, actor=who)
    asking.join(session, demand, now, actor=who)
    [joined] = pools_joined(session, [demand.id])[demand.id]
    assert (joined.pledge.state, joined.pledge.organisation_id) == (PledgeState.OPEN, second)
    with pytest.raises(AlreadyPledged):
        asking.join(session, demand, now, actor=who)


def test_the_link_alone_promises_nothing_in_the_name_of_a_proven_address(session: Session, now: datetime) -> None:
    demand = asking.ask(session, now)
    asking.prove(session, demand, now)
    asking.join(session, asking.now_there(session, demand), now)  # by whoever has the address of the answer, not signed in
    assert asking.pledge_states(session) == [(demand.email, "unproven", 3)]
    assert asking.links_made(session)[-1].endswith("/prove")
    assert "/my/pledges/" in asking.links_made(session)[-1]


def test_a_second_question_joins_the_pool_of_the_first_and_makes_it_gather(session: Session, now: datetime) -> None:
    code = asking.gathered(session, now, email="een@voorbeeld.nl")
    assert queries.pool_by_code(session, code).state is PoolState.IDEA
    other = asking.ask(session, now, email="twee@voorbeeld.nl", kvk_number="87654321")
    asking.join(session, other, now, pool=code)
    asking.prove(session, other, now, name="Twee")
    assert queries.pool_by_code(session, code).state is PoolState.GATHERING


def test_a_group_for_a_module_is_the_one_that_gathers_there_already(session: Session, now: datetime) -> None:
    builders.offering(session, now)
    first, second = asking.ask(session, now), asking.ask(session, now, email="twee@voorbeeld.nl", postcode="1333")
    elsewhere = asking.ask(session, now, email="drie@voorbeeld.nl", postcode="9711")
    codes = [asking.join(session, each, now, module="netwerkbeheer") for each in (first, second, elsewhere)]
    assert codes[0] == codes[1] != codes[2]


def test_a_firm_with_many_people_can_begin_a_group_that_holds_them(session: Session, now: datetime) -> None:
    asking.join(session, asking.ask(session, now, people=60), now)
    with pytest.raises(TooManyPledged):
        asking.join(session, asking.ask(session, now, people=300), now)


# Taking back


def test_taking_a_question_back_takes_its_promises_along_and_a_second_time_changes_nothing(session: Session, now: datetime) -> None:
    demand = asking.ask(session, now)
    asking.join(session, demand, now)
    who = asking.prove(session, demand, now)
    for _time in range(2):
        service.withdraw_demand(session, actor=who, code=demand.code, now=now)
    assert asking.now_there(session, demand).state is DemandState.WITHDRAWN
    assert asking.pledge_states(session) == [(demand.email, "withdrawn", 3)]
    with pytest.raises(DemandGone):
        service.prove_demand(session, actor=who, code=demand.code, firm_name="", now=now)


def test_who_has_the_address_takes_back_what_a_stranger_asked_in_their_name(session: Session, now: datetime) -> None:
    demand = asking.ask(session, now)
    service.withdraw_demand(session, actor=builders.actor(session, now, email=demand.email), code=demand.code, now=now)
    assert asking.now_there(session, demand).state is DemandState.WITHDRAWN


def test_my_list_has_what_i_asked_and_have_to_prove_and_nothing_of_others(session: Session, now: datetime) -> None:
    mine = asking.ask(session, now)
    who = asking.prove(session, mine, now)
    other = asking.ask(session, now, email="ander@voorbeeld.nl")
    waiting = asking.ask(session, now)
    assert [each.id for each in queries.demands_of(session, who)] == [waiting.id, mine.id]
    assert other.id in set(session.scalars(select(Demand.id)))


def test_the_first_answer_is_noted_once(session: Session, now: datetime) -> None:
    demand = asking.ask(session, now)
    asking.prove(session, demand, now)
    for days in (1, 2):
        service.note_answer(session, demand.id, now=now + timedelta(days=days))
    there = asking.now_there(session, demand)
    assert (there.state, there.answered_at) == (DemandState.ANSWERED, now + timedelta(days=1))


def test_a_group_gathers_until_four_weeks_before_it_is_wanted_but_two_weeks_at_least(session: Session, now: datetime) -> None:
    today = amsterdam_day(now)
    for wanted, gathers in ((100, 72), (20, 14)):
        demand = asking.ask(session, now, email=f"{wanted}@voorbeeld.nl", wanted_by=today + timedelta(days=wanted))
        assert queries.pool_by_code(session, asking.join(session, demand, now)).deadline == today + timedelta(days=gathers)
