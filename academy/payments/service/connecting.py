"""A provider tells the payment service who it is, so that it can be paid."""

from datetime import datetime
from typing import Final

from academy.accounts.api import Actor, MembershipFacts
from academy.payments.errors import PayoutsNotReached
from academy.payments.gateway import BankRefused, BankUnavailable
from academy.payments.service.transfers import payout_url

_COUNTRY: Final = "NL"  # of every provider here; the payment service checks it against the register


def connect(provider: MembershipFacts, *, actor: Actor, return_url: str, now: datetime) -> str:
    """Return where the actor goes on at the payment service. Raises PayoutsNotReached."""
    try:
        return payout_url(
            provider.organisation_id, name=provider.organisation_name, email=actor.email, country=_COUNTRY, return_url=return_url, now=now,
        )
    except (BankUnavailable, BankRefused) as error:
        raise PayoutsNotReached from error
