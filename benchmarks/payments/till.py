"""What is paid: people who are signed in, each with payments that wait, and the notices that tell that they were paid."""

import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from academy.accounts.models import Person as Account
from academy.catalogue import api as catalogue
from academy.kernel.db import database
from academy.kernel.money import Money
from academy.payments import service
from academy.payments.demo_gateway import DemoGateway
from academy.payments.facts import Payer, PaymentFacts
from academy.payments.models import Payment
from benchmarks.enrol.asking import Person
from benchmarks.enrol.ground import Ground, statements

NOTICE_SECRET: Final = "whsec_only-for-measuring"  # noqa: S105 - of nobody
_PRICE: Final = Money(24_500)
_OK: Final = 200


def payments(ground: Ground, count: int) -> list[PaymentFacts]:
    """Make so many payments that wait, one for each of the first people; they come in the order of the people."""
    with database().writing() as opened:
        supplier_id = catalogue.register_provider(
            opened, catalogue.ProviderDraft("windesheim", "Windesheim in Almere", catalogue.ProviderKind.HBO, city="Almere"),
        )
        ids = {row.email: row.id for row in opened.execute(select(Account.email, Account.id))}
        return [
            service.open_payment(
                opened, purpose="enrolment", subject_id=uuid4(), payer=Payer(person_id=ids[f"sam{number}@voorbeeld.nl"]), supplier_id=supplier_id,
                amount=_PRICE, description="Netwerkbeheer", language="nl", pay_until=ground.now + timedelta(days=1), now=ground.now,
            )
            for number in range(count)
        ]


def notice_of(payment_id: UUID) -> tuple[str, str]:
    """Return the notice that a payment was paid, and its signature, which is good for five minutes."""
    body = json.dumps({
        "id": f"evt_{payment_id.hex}", "object": "event", "type": "checkout.session.completed", "livemode": False, "data": {"object": {
            "id": f"cs_{payment_id.hex}", "object": "checkout.session", "payment_status": "paid", "status": "complete", "currency": "eur",
            "amount_total": _PRICE.cents, "payment_intent": f"pi_{payment_id.hex}", "payment_method_types": ["ideal"],
            "metadata": {"payment": str(payment_id)},
        }},
    })
    moment = int(time.time())
    return body, f"t={moment},v1={hmac.new(NOTICE_SECRET.encode(), f'{moment}.{body}'.encode(), hashlib.sha256).hexdigest()}"


def counted(ground: Ground, person: Person, paid: PaymentFacts) -> dict[str, float | None]:
    """Return how many SQL statements a start and the notice of it take; what the demo bank writes in its own table is not counted."""
    client, bank = ground.app.test_client(), service.gateway()
    assert isinstance(bank, DemoGateway)
    client.set_cookie("academy_session", person.cookie)
    with statements() as seen:
        answer = client.post(f"/nl/payments/{paid.code}", data={"csrf_token": person.token})
        of_start = sum("demo_checkout" not in each for each in seen)
    body, signature = bank.pay(UUID(answer.headers["Location"].rpartition("/")[2]))
    with statements() as seen:
        answer = client.post("/payments/notices", data=body, headers={bank.notice_header: signature, "Content-Type": "application/json"})
        if answer.status_code != _OK:
            raise RuntimeError(f"notice: {answer.status}")
        return {"start: SQL": of_start, "notice: SQL": len(seen)}


def settled() -> int:
    """Return how many payments are settled."""
    with database().reading() as opened:
        return len(list(opened.scalars(select(Payment.id).where(Payment.settled_at.is_not(None)))))
