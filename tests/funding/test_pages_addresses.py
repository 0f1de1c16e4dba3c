"""The pages of funding with good and with bad input in their addresses, as each role of the demo: the right status, never a fault."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.api import Role
from academy.accounts.models import Organisation
from academy.demo import load_people
from academy.funding.kinds import ShareState, SourceKind
from academy.funding.models import Budget
from academy.kernel.db import Database
from tests import builders
from tests.funding import money_desk
from tests.world import as_role

NOW = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
BLUEPRINTS = {"situation", "sources", "funding_rules", "approving", "employer_budget", "tax", "paid"}
STRANGE = ["x", "%00", "f" * 32]  # no name, no text, and an id of nothing


@pytest.mark.parametrize("role", ["visitor", "learner", "provider", "employer", "fund", "office"])
def test_no_address_of_funding_breaks(app: Flask, database: Database, role: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # so that every POST reaches its view
    with database.writing() as session:
        load_people(session, now=NOW)
        builders.offering(session, NOW, price=50_000)
        keeper_of = dict(session.execute(select(Organisation.slug, Organisation.id)).all())
        slug = {"employer": "zilvermeeuw-techniek", "reader": "zilvermeeuw-techniek", "office": "programmabureau"}.get(role, "fonds-leren-flevoland")
        keeper = money_desk.member(session, keeper_of[slug], Role.OWNER)
    kind = {"zilvermeeuw-techniek": SourceKind.EMPLOYER, "programmabureau": SourceKind.MUNICIPALITY}.get(slug, SourceKind.SECTOR_FUND)
    desk = money_desk.Desk(database, keeper, keeper_of[slug], slug, kind)
    source = desk.source()
    rule = desk.rule(source, needs_approval=True)
    with database.writing() as session:
        share = money_desk.seat(session, state=ShareState.RESERVED, amount=1_000, source=source, confirmed_at=None)
        budget = session.scalars(select(Budget.id)).one()
    real = {
        "organisation": slug, "source": source, "rule": rule.hex, "share": share.hex, "budget": budget.hex, "provider": "windesheim", "module": "netwerkbeheer",
    }
    client, seen = as_role(app, role), set[int]()
    for rule_of_app in app.url_map.iter_rules():
        if rule_of_app.endpoint.partition(".")[0] not in BLUEPRINTS:
            continue
        names = rule_of_app.arguments - {"lang_code"}
        fillings = [real, *(real | {name: strange} for name in names for strange in STRANGE)]
        for method in sorted((rule_of_app.methods or set()) & {"GET", "POST"}):
            for values in fillings:
                address = rule_of_app.rule.replace("<any(nl, en):lang_code>", "en" if values is real else "nl")
                for name in names:
                    address = address.replace(f"<{name}>", values[name])
                answer = client.open(address, method=method, data={"x": "1"})
                seen.add(answer.status_code)
                assert answer.status_code in {200, 303, 404, 422}, f"{role} {method} {address}: {answer.status_code}"
                if role == "visitor":
                    assert answer.status_code in {303, 404}, f"{method} {address} is open"
    assert 303 in seen
