"""The programme office reads where a seat costs more when somebody's money pays along."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from academy.accounts import service as accounts
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.catalogue import api as catalogue
from academy.funding.api import dearer_with_money
from academy.kernel.errors import NotFound
from academy.kernel.money import Money
from tests import builders
from tests.funding import money
from tests.funding.money_desk import member


def office(session: Session) -> Actor:
    there = accounts.register_organisation(session, slug="bureau", name="Bureau", kind=OrganisationKind.OFFICE)
    return member(session, there, Role.OFFICE)


def test_a_module_that_costs_more_where_a_fund_pays_along_is_told_to_the_office(session: Session, now: datetime) -> None:
    one, reader = money.seat(session, now), office(session)
    provider_id = one.found.provider_id

    def sold(price: int) -> None:
        code = builders.offering(session, now, price=price, provider_id=provider_id)
        found = catalogue.offering_for_enrolment(session, code)
        money.reserve(session, now, money.Seat(found, builders.person(session, now)))

    sold(100_00)
    money.source(session, now)
    sold(100_00)
    assert dearer_with_money(session, reader, now=now) == []
    sold(180_00)
    (found,) = dearer_with_money(session, reader, now=now)
    assert (found.slug, found.with_money, found.without) == ("netwerkbeheer", Money(180_00), Money(100_00))
    assert dearer_with_money(session, reader, now=now + timedelta(days=366)) == []
    with pytest.raises(NotFound):
        dearer_with_money(session, builders.actor(session, now), now=now)
