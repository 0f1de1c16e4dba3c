"""Reads of what is known of a learner to see who pays."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.funding.kinds import SourceKind
from academy.funding.models import Beneficiary, FundingSource
from academy.funding.models import Situation as SituationRow
from academy.funding.rules import Situation


def situation_of(session: Session, person_id: UUID, *, email: str = "") -> Situation:
    """Return what a person told of themselves, and which employers named their address; of who told nothing, nothing. Raises NotFound.

    `email` is theirs where the caller knows it already.
    """
    told = session.execute(
        select(SituationRow.birth_year, SituationRow.postcode, SituationRow.sector, SituationRow.size_class).where(SituationRow.person_id == person_id),
    ).one_or_none()
    named = session.execute(
        select(FundingSource.id, FundingSource.owner_id)
        .join(Beneficiary, Beneficiary.source_id == FundingSource.id)
        .where(Beneficiary.email == (email or accounts.person(session, person_id).email), FundingSource.kind == SourceKind.EMPLOYER)
        .order_by(Beneficiary.added_at, FundingSource.id),
    ).all()
    birth_year, postcode, sector, size_class = told or (None, "", "", "")
    return Situation(
        birth_year, postcode, sector, size_class, employer_sources=frozenset(source_id for source_id, _owner in named),
        employer_id=named[0][1] if named else None,
    )
