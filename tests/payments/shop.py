"""The pages of paying with everything behind them: a learner in a browser, a provider, and whichever payment service was chosen."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from academy.accounts import service as accounts
from academy.accounts.api import Role, add_membership
from academy.accounts.queries import Actor
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.payments import queries, service
from academy.payments.facts import Payer, PaymentFacts
from academy.payments.models import LedgerTransaction
from tests import builders

PRICE = Money(24_500)
EMAIL = "sam.betaalt@voorbeeld.nl"
HERE = "http://127.0.0.1:8000"


@dataclass
class Shop:
    """What a test does on the pages; requests read the real clock, so `now` is the present."""

    app: Flask
    database: Database
    now: datetime
    provider_id: UUID
    payer: Actor
    browser: FlaskClient

    def ask(self, amount: Money = PRICE, *, payer: Payer | None = None) -> PaymentFacts:
        with self.database.writing() as session:
            return service.open_payment(
                session, purpose="enrolment", subject_id=new_id(), payer=payer or Payer(person_id=self.payer.person_id), supplier_id=self.provider_id,
                amount=amount, description="Netwerkbeheer", language="nl", pay_until=self.now + timedelta(days=1), now=self.now,
            )

    def press_pay(self, asked: PaymentFacts) -> str:
        """Press the button of the pay page; returns where the bank is, as a path when that is here."""
        answer = self.browser.post(f"/nl/payments/{asked.code}")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.headers["Location"].removeprefix(HERE)

    def back(self, asked: PaymentFacts) -> str:
        """Come back from the bank; returns what the page says."""
        return self.browser.get(f"/nl/payments/{asked.code}/back").get_data(as_text=True)

    def facts(self, asked: PaymentFacts) -> PaymentFacts:
        with self.database.reading() as session:
            found = queries.payment(session, asked.id)
        assert found is not None
        return found

    def booked(self) -> list[str]:
        """Return what stands in the ledger, by the keys of its transactions without ids."""
        with self.database.reading() as session:
            return sorted(key.partition(":")[0] for key in session.scalars(select(LedgerTransaction.key)))

    def all(self, kind: type[Any]) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(kind)))

    def knock(self, body: bytes, signature: str) -> TestResponse:
        """Bring a notice to the door."""
        header = service.gateway().notice_header
        return self.app.test_client().post("/payments/notices", data=body, headers={header: signature, "Content-Type": "application/json"})

    def browser_of(self, *, role: Role | None = None) -> FlaskClient:
        """Return the browser of somebody new, in a role at the provider."""
        with self.database.writing() as session:
            person_id = builders.person(session, self.now)
            if role is not None:
                add_membership(session, person_id=person_id, organisation_id=self.provider_id, role=role)
        return signed_in(self.app, self.database, person_id, self.now)


def open_shop(app: Flask, database: Database) -> Shop:
    """Make a learner who is signed in, and a provider; without tokens in forms, which cost these tests nothing but lines."""
    app.config["WTF_CSRF_ENABLED"] = False
    now = datetime.now(UTC)  # noqa: TID251 - the views read the real clock
    with database.writing() as session:
        provider_id, payer = builders.provider(session), builders.actor(session, now, email=EMAIL)
    return Shop(app, database, now, provider_id, payer, signed_in(app, database, payer.person_id, now))


def signed_in(app: Flask, database: Database, person_id: UUID, now: datetime) -> FlaskClient:
    with database.writing() as session:
        sign_in = accounts.start_sign_in(session, person_id=person_id, device="", now=now, is_twofold=True)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = sign_in.id.hex
    return client
