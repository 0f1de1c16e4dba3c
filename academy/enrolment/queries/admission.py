"""What is known of a person beside what a module asks."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment.models import Enrolment, EntryClaim, Result
from academy.enrolment.rules import Admission, admission


@dataclass(frozen=True)
class AdmissionFacts:
    """What a person hears about admission, what is not met, and the level of the diploma that they say to have ("" for not said)."""

    outcome: Admission
    unmet: tuple[catalogue.Prerequisite, ...]
    claimed_level: str
    asks_level: bool  # the module asks for one

    @property
    def needs_decision(self) -> bool:
        """Whether the provider decides first."""
        return self.outcome is Admission.DECISION


def admission_of(session: Session, person_id: UUID, of: catalogue.OfferingOfModule) -> AdmissionFacts:
    """Weigh what is asked; a module that asks nothing costs no statement."""
    asked, has_advice = of.prerequisites, bool(of.entry)
    if asked is None:
        outcome = admission(is_met=True, is_out_of_reach=False, has_advice=has_advice)
        return AdmissionFacts(outcome, (), "", asks_level=False)
    known = known_of(session, person_id)
    found = catalogue.fit(asked, known, provider=of.provider_slug)
    outcome = admission(is_met=found is catalogue.Fit.MET, is_out_of_reach=found is catalogue.Fit.NOT_MET, has_advice=has_advice)
    unmet = tuple(catalogue.unmet(asked, known, provider=of.provider_slug))
    return AdmissionFacts(outcome, unmet, known.nlqf, catalogue.asks_level(asked))


def known_of(session: Session, person_id: UUID) -> catalogue.Known:
    """Return what is on record: the diploma that the person says to have, and final results."""
    return known_of_each(session, [person_id])[person_id]


def known_of_each(session: Session, person_ids: Collection[UUID]) -> dict[UUID, catalogue.Known]:
    """Return what is on record of each person."""
    levels = dict(session.execute(select(EntryClaim.person_id, EntryClaim.nlqf).where(EntryClaim.person_id.in_(person_ids))).all())
    rows = session.execute(
        select(Enrolment.person_id, Enrolment.offering_id, Result.ec)
        .join(Result, Result.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id.in_(person_ids), Result.is_passed, Result.final_at.is_not(None)),
    ).all()
    offerings = catalogue.offerings_by_id(session, {row.offering_id for row in rows}) if rows else {}
    passed: dict[UUID, dict[tuple[str, str], Decimal]] = {person_id: {} for person_id in person_ids}
    for row in rows:
        of, mine = offerings[row.offering_id], passed[row.person_id]
        key = (of.provider_slug, of.external_id)
        mine[key] = max(mine.get(key, Decimal(0)), row.ec or Decimal(0))
    return {
        person_id: catalogue.Known(levels.get(person_id, ""), mine, sum(mine.values(), Decimal(0))) for person_id, mine in passed.items()
    }
