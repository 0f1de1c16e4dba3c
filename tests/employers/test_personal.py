"""What the demand side keeps of people: taken along whole, erased where it is theirs, without a name where it is a firm's."""

import json
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.personal import leaving_of, set_rooms
from academy.app import PERSONAL
from academy.employers import personal
from academy.employers.kinds import CallOutcome, GuestState, PledgeState
from academy.employers.models import CallNote, Demand, Pledge, Pool, SeatGuest
from academy.enrolment.models import Enrolment
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from tests.employers.buying_desk import open_buying_desk
from tests.employers.market import Firm, Market, open_market

NOTE = "Sprak met Kim: belt terug"


@pytest.fixture
def market(database: Database, now: datetime) -> Market:
    return open_market(database, now)


def carry_out(session: Session, person_id: UUID, now: datetime) -> accounts.Leaving:
    """Do what erasing a person does of this room, and return what was told beforehand."""
    leaving = personal.HELD.leaving(session, person_id, now)
    for goes in leaving.goes:
        for statement in goes.statements:
            session.execute(statement.execution_options(synchronize_session=False))
    return leaving


def noted(market: Market, firm: Firm) -> tuple[UUID, UUID]:
    """Let somebody ask, and promise for that; returns the demand and the pledge, about both of which the office called."""
    demand_id = market.demand(firm, most_price=Money(300_00))
    market.begin(firm)
    pledge_id = market.pledge(firm, 2, demand_id=demand_id)
    with market.database.writing() as session:
        session.add_all([
            CallNote(id=new_id(), demand_id=demand_id, outcome=CallOutcome.REACHED, text=NOTE, at=market.now),
            CallNote(id=new_id(), pledge_id=pledge_id, outcome=CallOutcome.REACHED, text=NOTE, at=market.now),
        ])
    return demand_id, pledge_id


def test_all_that_somebody_asked_and_promised_can_be_taken_along_as_json(market: Market) -> None:
    firm = market.firm()
    noted(market, firm)
    with market.database.reading() as session:
        found = json.loads(json.dumps(personal.HELD.read(session, firm.actor.person_id)))
    assert ("Netwerken beheren", 2, "300.00") in {(one["words"], one["people"], one["most_price"]) for one in found["demands"]}
    assert [(one["title"], one["seats"], one["slots"]) for one in found["pledges"]] == [("Netwerkbeheer", 2, ["tue-evening"])]
    assert [one["text"] for one in found["calls"]] == [NOTE] * 2


def test_of_a_citizen_everything_goes_and_the_pool_goes_on(market: Market) -> None:
    citizen, firm = market.citizen(), market.firm()
    noted(market, citizen)
    other = market.pledge(firm, 3)
    with market.database.writing() as session:
        leaving = carry_out(session, citizen.actor.person_id, market.now)
    assert [goes.number for goes in leaving.goes if goes.number] == [1, 2]
    with market.database.reading() as session:
        assert session.scalars(select(Demand.id)).all() == []
        assert session.scalars(select(Pledge.id)).all() == [other]
        assert session.scalars(select(CallNote.id)).all() == []
        assert session.scalars(select(Pool.begun_by)).one() is None
        assert json.loads(json.dumps(personal.HELD.read(session, citizen.actor.person_id)))["demands"] == []


def test_what_was_asked_and_promised_for_a_firm_stays_without_name_and_address(market: Market) -> None:
    firm = market.firm()
    demand_id, pledge_id = noted(market, firm)
    email = firm.actor.email
    with market.database.writing() as session:
        leaving = carry_out(session, firm.actor.person_id, market.now)
    assert [stays.number for stays in leaving.stays] == [3], "two demands and a pledge"
    with market.database.reading() as session:
        for row in (session.get_one(Demand, demand_id), session.get_one(Pledge, pledge_id)):
            assert accounts.is_nobody(row.email)
            assert row.organisation_id == firm.organisation_id
        assert set(session.scalars(select(CallNote.text))) == {""}
    assert market.facts(pledge_id).state is PledgeState.OPEN
    assert email not in str([market.facts(pledge_id)])


def test_two_who_left_can_have_promised_in_the_same_pool(market: Market) -> None:
    pledges = market.gathered(2, 3)
    with market.database.writing() as session:
        for one in market.firms:
            carry_out(session, one.actor.person_id, market.now)
    assert len({market.facts(one).email for one in pledges}) == 2


def test_what_a_stranger_typed_with_an_address_goes_with_who_has_it(market: Market) -> None:
    citizen = market.citizen()
    market.begin()
    pledge_id = market.pledge(citizen)
    market.set_pledge(pledge_id, state=PledgeState.UNPROVEN, person_id=None, proven_at=None)
    with market.database.writing() as session:
        carry_out(session, citizen.actor.person_id, market.now)
        assert session.scalars(select(Pledge.id)).all() == []


def test_somebody_who_leaves_while_invited_said_no(database: Database, now: datetime) -> None:
    desk = open_buying_desk(database, now)
    learner = desk.learner()
    guest_id, *_others = desk.invite(desk.buy(), (learner.email, "Sam Geheim"))
    with database.writing() as session:
        leaving = carry_out(session, learner.person_id, now)
    assert [goes.number for goes in leaving.goes if goes.number] == [1]
    with database.reading() as session:
        row = session.get_one(SeatGuest, guest_id)
        assert (row.state, row.email, row.name) == (GuestState.DECLINED, "", "")


def test_an_enrolment_that_is_erased_takes_its_guest_along(database: Database, now: datetime) -> None:
    desk = open_buying_desk(database, now)
    guest_id, *_others = desk.invite(desk.buy(), ("sam@voorbeeld.nl", "Sam"))
    desk.accept(guest_id)
    with database.writing() as session:
        session.delete(session.scalars(select(Enrolment)).one())
    with database.reading() as session:
        assert session.scalars(select(SeatGuest.id)).all() == []


def test_the_page_before_leaving_names_what_goes_and_what_stays(market: Market) -> None:
    firm = market.firm()
    noted(market, firm)
    set_rooms(PERSONAL)
    with market.database.reading() as session:
        leaving = leaving_of(session, firm.actor.person_id, now=market.now)
    assert "je e-mailadres bij wat je voor een bedrijf of school vroeg en toezegde" in {goes.what for goes in leaving.goes}
    assert "wat je voor een bedrijf of school vroeg en toezegde" in {stays.what for stays in leaving.stays}
