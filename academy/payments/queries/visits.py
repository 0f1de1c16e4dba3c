"""Reads around the pages of paying: the last visit to the bank, and the account of a provider there."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, MembershipFacts, OrganisationFacts, memberships_of, organisation
from academy.kernel.errors import NotFound
from academy.payments.facts import PaymentFacts
from academy.payments.models import Checkout, PayoutAccount
from academy.payments.policy import may_earn_for


def was_refused(session: Session, payment_id: UUID) -> bool:
    """Tell whether the bank said no at the last visit for a payment."""
    last = select(Checkout.refused_at).where(Checkout.payment_id == payment_id).order_by(Checkout.started_at.desc(), Checkout.id.desc()).limit(1)
    return session.scalar(last) is not None


def visits_of(session: Session, payment_id: UUID) -> list[str]:
    """Return what the bank calls the visits for a payment."""
    asked = select(Checkout.vendor_session).where(Checkout.payment_id == payment_id, Checkout.vendor_session.is_not(None))
    return [vendor_session for vendor_session in session.scalars(asked) if vendor_session]


def paying_organisation(session: Session, paid: PaymentFacts) -> OrganisationFacts | None:
    """Return the organisation that pays; None where a person does."""
    return organisation(session, paid.payer.organisation_id) if paid.payer.organisation_id else None


def earning_provider(session: Session, actor: Actor, slug: str) -> MembershipFacts:
    """Return the provider whose earnings the actor may arrange. Raises NotFound."""
    found = may_earn_for(memberships_of(session, actor.person_id), slug)
    if found is None:
        raise NotFound
    return found


def payout_readiness(session: Session, organisation_id: UUID) -> bool | None:
    """Tell whether a provider can receive money; None when it never began to tell who it is."""
    return session.scalar(select(PayoutAccount.is_ready).where(PayoutAccount.organisation_id == organisation_id))
