"""What an organisation pays by invoice, seat by seat: money of its own without a budget or a rule."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.funding.kinds import PayerCategory, SourceKind
from academy.funding.models import FundingSource
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import insert_for
from academy.kernel.ids import new_id
from academy.kernel.text import Localized


def source_by_invoice(session: Session, organisation_id: UUID, *, now: datetime) -> UUID:
    """Return the source of what an organisation agreed to pay by invoice, made when first needed; two makers end up with the same one."""
    slug = f"per-brief-{organisation_id.hex}"
    name = accounts.organisation(session, organisation_id).name
    session.execute(
        insert_for(session, FundingSource).values(
            id=new_id(), slug=slug, name=Localized(name, name), kind=SourceKind.EMPLOYER, category=PayerCategory.EMPLOYERS, owner_id=organisation_id,
            explanation=Localized(), open_from=amsterdam_day(now), open_until=None, made_at=now,
        ).on_conflict_do_nothing(index_elements=["slug"]),
    )
    return session.scalars(select(FundingSource.id).where(FundingSource.slug == slug)).one()
