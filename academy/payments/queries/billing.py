"""Reads of who somebody is on an invoice, and who may see to the bills of an organisation."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts.api import Actor, MembershipFacts, memberships_of
from academy.kernel.errors import NotFound
from academy.payments import policy
from academy.payments.models import BillingDetails


@dataclass(frozen=True)
class Party:
    """Who sells or buys, as an invoice says it. A person has a name only; `country` is ISO 3166-1, `reference` what we call the buyer."""

    name: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    kvk_number: str = ""
    vat_id: str = ""
    iban: str = ""
    email: str = ""
    reference: str = ""


@dataclass(frozen=True)
class BillingFacts:
    """The particulars of an organisation for the next invoice, and what it wants to read on each as a buyer."""

    party: Party
    purchase_order: str = ""

    @property
    def can_sell(self) -> bool:
        """Tell whether the law's particulars of a supplier are there (Wet OB 1968, art. 35a), and where to pay."""
        party = self.party
        return bool(party.vat_id and party.iban and (party.kvk_number or party.country != "NL"))


def buying_organisation(session: Session, actor: Actor, slug: str) -> MembershipFacts:
    """Return an organisation for which the actor may buy: see its invoices, pay them, and say who it is on them. Raises NotFound."""
    found = policy.may_pay_for(memberships_of(session, actor.person_id), slug)
    if found is None:
        raise NotFound
    return found


def billing_details_of(session: Session, organisation_id: UUID) -> BillingFacts | None:
    """Return what stands on the next invoice of or to an organisation; None when nobody filled it in yet."""
    row = session.get(BillingDetails, organisation_id)
    if row is None:
        return None
    party = Party(
        row.legal_name, row.street, row.postcode, row.city, row.country, row.kvk_number, row.vat_id, row.iban, row.email,
    )
    return BillingFacts(party, row.purchase_order)
