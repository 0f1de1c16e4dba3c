"""What is known of a person beside what a module asks."""

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
    level = session.scalar(select(EntryClaim.nlqf).where(EntryClaim.person_id == person_id)) or ""
    rows = session.execute(
        select(Enrolment.offering_id, Result.ec)
        .join(Result, Result.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id == person_id, Result.is_passed, Result.final_at.is_not(None)),
    ).all()
    earned = {row.offering_id: row.ec or Decimal(0) for row in rows}
    passed: dict[tuple[str, str], Decimal] = {}
    for offering_id, of in catalogue.offerings_by_id(session, earned).items() if earned else ():
        key = (of.provider_slug, of.external_id)
        passed[key] = max(passed.get(key, Decimal(0)), earned[offering_id])
    return catalogue.Known(level, passed, sum(passed.values(), Decimal(0)))
