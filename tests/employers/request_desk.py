"""Who has a module made to measure, before its pages, without a browser: a firm's buyer, and the programme office."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor, OrganisationKind, Role, add_membership
from academy.employers import queries
from academy.employers.models import TailoredRequest
from academy.kernel.money import Money
from tests import builders
from tests.employers.market import DAY, SLUG, Market
from tests.employers.tailoring import Atelier

OTHER = "techniek"


def at_work(app: Flask, market: Market, actor: Actor) -> FlaskClient:
    """Return a client in which somebody is signed in."""
    client = app.test_client()
    with market.database.writing() as session:
        row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=datetime.now(UTC), is_twofold=True)  # noqa: TID251
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return client


def at_office(market: Market) -> Actor:
    """Return somebody of the programme office."""
    with market.database.writing() as session:
        there = accounts_service.register_organisation(session, slug="bureau", name="Programmabureau", kind=OrganisationKind.OFFICE)
        actor = builders.actor(session, market.now, name="Bo Makelaar")
        add_membership(session, person_id=actor.person_id, organisation_id=there, role=Role.OFFICE)
    return actor


def words(answer: TestResponse) -> str:
    """Return a page with plain spaces in its amounts and days."""
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return words(answer)


def sent(client: FlaskClient, address: str, *, status: int = 200, data: dict[str, Any] | None = None, **more: Any) -> str:
    answer = client.post(address, data=(data or {}) | more, follow_redirects=True)
    assert answer.status_code == status, address
    return words(answer)


def demand_code(atelier: Atelier) -> str:
    with atelier.market.database.reading() as session:
        return queries.demand_by_id(session, atelier.demand_id).code


def new_address(atelier: Atelier) -> str:
    return f"/nl/requests/new/demand/{demand_code(atelier)}"


def filled(atelier: Atelier, **about: Any) -> dict[str, Any]:
    return {
        "title": "Lassen van dun plaatstaal", "able": "Dun plaatstaal lassen", "providers": [SLUG, OTHER], "questions_on": str(atelier.today + 5 * DAY),
        "proposals_on": str(atelier.today + 10 * DAY), "place": "Almere", "budget": "2000",
    } | about


def readable(atelier: Atelier, *about: dict[str, Any]) -> str:
    """Ask, and let each provider propose, so that nobody is waited for; returns the address of the request."""
    atelier.ask()
    for slug, changes in zip(atelier.planners, about or ({}, {"seat_price": Money(300_00)}), strict=True):
        atelier.propose(slug, **changes)
    return f"/nl/requests/{atelier.code}"


def number_of_requests(market: Market) -> int:
    with market.database.reading() as session:
        return session.scalar(select(func.count()).select_from(TailoredRequest)) or 0


def set_request(market: Market, **values: Any) -> None:
    with market.database.writing() as session:
        session.execute(update(TailoredRequest).values(**values))
