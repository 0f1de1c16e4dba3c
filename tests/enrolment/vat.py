"""What has to be said of a provider before its seats can be sold."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue.models import Provider
from academy.funding.models import ProviderTax
from academy.kernel.db import insert_for
from academy.kernel.ids import new_id


def decide_vat(session: Session, now: datetime, provider_id: UUID | None = None) -> None:
    """Say that a provider is recognised, or that all are: then AD modules are free of VAT. Repeatable."""
    session.flush()
    for each in [provider_id] if provider_id else session.scalars(select(Provider.id)).all():
        session.execute(
            insert_for(session, ProviderTax)
            .values(id=new_id(), provider_id=each, from_on=date(2020, 1, 1), is_recognised=True, is_in_crkbo=False, said_at=now)
            .on_conflict_do_nothing(),
        )
