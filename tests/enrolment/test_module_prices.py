"""What a module cost before stands on its page: every change of a public price, of the module and of its classes."""

import html
import re
from dataclasses import replace
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.models import Module, OfferingState, PriceStep
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.kernel.money import Money
from tests import builders


def _class(session: Session, now: datetime, price: int, **changes: object) -> None:
    """Say of the class `c-1` of a module what its source says now."""
    first = amsterdam_day(now) + timedelta(days=28)
    draft = catalogue.OfferingDraft(
        first, first + timedelta(days=69), catalogue.DeliveryMode.ON_CAMPUS, "nl", 10, Money(price), (catalogue.PeriodDraft(closes_on=first),),
        external_id="c-1",
    )
    catalogue.upsert_offerings(
        session, provider_id=session.scalars(select(Module.provider_id)).one(), drafts=[("NET-01", replace(draft, **changes))], source="feed", now=now,  # type: ignore[arg-type] # any field
    )


def _steps(session: Session) -> list[tuple[bool, int | None, int | None]]:
    rows = session.scalars(select(PriceStep).order_by(PriceStep.id))
    return [(row.offering_id is not None, _cents(row.was), _cents(row.becomes)) for row in rows]


def _cents(price: Money | None) -> int | None:
    return None if price is None else price.cents


def _text(client: FlaskClient, address: str) -> str:
    found = html.unescape(client.get(address).get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def test_each_change_of_a_public_price_is_kept_once(session: Session, now: datetime) -> None:
    provider_id = builders.provider(session)
    for price in (Money(400_00), Money(450_00), Money(450_00), None):
        builders.module(session, now, provider_id=provider_id, price=price)
    for cents in (450_00, 490_00, 490_00):
        _class(session, now, cents)
    assert _steps(session) == [(False, 400_00, 450_00), (False, 450_00, None), (True, 450_00, 490_00)]


def test_what_was_not_public_yet_has_no_former_price(session: Session, now: datetime) -> None:
    builders.module(session, now, price=Money(400_00))
    for price in (450_00, 490_00):
        _class(session, now, price, state=OfferingState.CONCEPT)
    assert _steps(session) == []


def test_the_page_says_what_it_cost_before_the_last_change_first(client: FlaskClient, database: Database) -> None:
    now = utc_now()
    with database.writing() as session:
        provider_id = builders.provider(session)
        builders.module(session, now, provider_id=provider_id, price=Money(400_00))
        _class(session, now, 400_00)
    assert "Wat het eerder kostte" not in _text(client, "/nl/modules/netwerkbeheer")
    with database.writing() as session:
        builders.module(session, now, provider_id=provider_id, price=Money(450_00))
        _class(session, now, 490_00)
    page = _text(client, "/nl/modules/netwerkbeheer")
    of_class, of_module = page.index("ging van € 400 naar € 490."), page.index("de module ging van € 400 naar € 450.")
    assert page.index("Wat het eerder kostte") < of_class < of_module
    assert "the module went from €400 to €450." in _text(client, "/en/modules/netwerkbeheer")
