"""Keeping who an organisation is on an invoice."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.kernel.db import insert_for
from academy.payments.models import BillingDetails
from academy.payments.queries.billing import BillingFacts, buying_organisation


def save_billing_details(session: Session, *, actor: Actor, slug: str, details: BillingFacts, now: datetime) -> None:
    """Keep the particulars for the next invoice of or to an organisation; invoices that were sent stay as they are. Raises NotFound."""
    there, values = buying_organisation(session, actor, slug), _values(details, now)
    row = insert_for(session, BillingDetails).values(organisation_id=there.organisation_id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["organisation_id"], set_=values))
    accounts.record(
        session, "billing-details-changed", actor_id=actor.person_id, organisation_id=there.organisation_id, about="organisation",
        about_id=there.organisation_id, now=now,
    )


def note_billing_details(session: Session, *, organisation_id: UUID, details: BillingFacts, now: datetime) -> None:
    """Keep the particulars of an organisation that has none yet; what it said of itself before stays."""
    row = insert_for(session, BillingDetails).values(organisation_id=organisation_id, **_values(details, now))
    session.execute(row.on_conflict_do_nothing(index_elements=["organisation_id"]))


def _values(details: BillingFacts, now: datetime) -> dict[str, Any]:
    party = details.party
    return {
        "legal_name": party.name, "street": party.street, "postcode": party.postcode, "city": party.city, "country": party.country,
        "kvk_number": party.kvk_number, "vat_id": party.vat_id, "iban": party.iban, "email": party.email,
        "purchase_order": details.purchase_order, "changed_at": now,
    }
