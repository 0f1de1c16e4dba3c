"""What is known of a person beside what a module asks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment.models import Enrolment, EntryClaim, Result
from academy.enrolment.rules import Admission, admission
from academy.recognition import api as recognition

_NONE: Final = Decimal(0)


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
    """Return what is on record: the diploma that the person says to have, final results, and what an exam board recognised."""
    return known_of_each(session, [person_id])[person_id]


def known_of_each(session: Session, person_ids: Collection[UUID]) -> dict[UUID, catalogue.Known]:
    """Return what is on record of each person.

    A module of which every outcome was recognised counts as passed; its credits count once, whether by result or by recognition, and those of single
    outcomes count too.
    """
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
        mine[key] = max(mine.get(key, _NONE), row.ec or _NONE)
    recognised = recognition.recognised_of(session, person_ids)
    return {person_id: _known(levels.get(person_id, ""), mine, recognised[person_id]) for person_id, mine in passed.items()}


def _known(
    level: str, passed: Mapping[tuple[str, str], Decimal], recognised: Mapping[tuple[str, str], recognition.Recognised],
) -> catalogue.Known:
    earned = {key: max(passed.get(key, _NONE), recognised[key].ec if key in recognised else _NONE) for key in {**passed, **recognised}}
    done = {key: ec for key, ec in earned.items() if key in passed or recognised[key].is_whole}
    twice = sum((one.transferred for key, one in recognised.items() if key not in passed), _NONE)  # the result elsewhere that it rests on is in the sum
    return catalogue.Known(level, done, sum(earned.values(), _NONE) - twice)


def has_passed(session: Session, person_id: UUID, module_id: UUID) -> bool:
    """Tell whether a person has a final result of a module, and passed it: what an agreement on it waits for."""
    rows = session.scalars(
        select(Enrolment.offering_id).join(Result, Result.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id == person_id, Result.is_passed, Result.final_at.is_not(None)),
    ).all()
    return any(each.offering.module_id == module_id for each in catalogue.offerings_by_id(session, rows).values()) if rows else False
