"""Reads of results: of a class for who teaches and decides, of one enrolment for its learner, and what waits for the exam board."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment.errors import ResultNotFound
from academy.enrolment.kinds import ResultScale
from academy.enrolment.models import Enrolment, Result
from academy.enrolment.queries.attending import Learner, RunningClass, class_at, rights_at
from academy.enrolment.queries.classes import IN_CLASS


@dataclass(frozen=True)
class ResultFacts:
    """A result; `ec` earned is None for a module without credits, `final_at` None for a draft."""

    scale: ResultScale
    grade: str
    is_passed: bool
    ec: Decimal | None
    final_at: datetime | None


def results_in(session: Session, offering_id: UUID) -> dict[UUID, ResultFacts]:
    """Return the results of who is in a class, by enrolment."""
    rows = session.execute(
        select(Result.enrolment_id, Result.scale, Result.grade, Result.is_passed, Result.ec, Result.final_at)
        .join(Enrolment, Enrolment.id == Result.enrolment_id)
        .where(Enrolment.offering_id == offering_id, Enrolment.state.in_(IN_CLASS)),
    ).all()
    return {row[0]: ResultFacts(*row[1:]) for row in rows}


def final_result(session: Session, enrolment_id: UUID) -> ResultFacts | None:
    """Return a result for its learner, or for a letter; None as long as it is a draft."""
    row = session.execute(
        select(Result.scale, Result.grade, Result.is_passed, Result.ec, Result.final_at)
        .where(Result.enrolment_id == enrolment_id, Result.final_at.is_not(None)),
    ).one_or_none()
    return None if row is None else ResultFacts(*row)


def class_to_decide(session: Session, actor: Actor, provider_slug: str, code: str) -> RunningClass:
    """Return a class for the exam board of its provider. Raises OfferingNotFound."""
    found = class_at(session, actor, provider_slug, code)
    if not found.rights.decide:
        raise catalogue.OfferingNotFound
    return found


def final_in(session: Session, found: RunningClass, enrolment_code: str) -> Learner:
    """Return who of a class has a final result. Raises ResultNotFound."""
    learner = next((each for each in found.learners if each.code == enrolment_code.upper()), None)
    if learner is None or final_result(session, learner.enrolment_id) is None:
        raise ResultNotFound
    return learner


@dataclass(frozen=True)
class ClassToDecide:
    """A class with so many results that are drafts, and so many that are final."""

    of: catalogue.OfferingOfModule
    drafts: int
    final: int


def classes_to_decide(session: Session, actor: Actor, provider_slug: str) -> tuple[str, list[ClassToDecide]]:
    """Return the name of a provider and its classes with results, for its exam board: those with drafts first, then the newest. Raises ProviderNotFound."""
    provider = catalogue.provider_by_slug(session, provider_slug)
    if not rights_at(session, actor, provider.id).decide:
        raise catalogue.ProviderNotFound
    rows = session.execute(
        select(Enrolment.offering_id, func.count() - func.count(Result.final_at), func.count(Result.final_at))
        .join(Result, Result.enrolment_id == Enrolment.id)
        .where(Enrolment.offering_id.in_(catalogue.offerings_at(provider.id)), Enrolment.state.in_(IN_CLASS))
        .group_by(Enrolment.offering_id),
    ).all()
    offerings = catalogue.offerings_by_id(session, [row[0] for row in rows])
    found = [ClassToDecide(offerings[offering_id], drafts, final) for offering_id, drafts, final in rows]
    found.sort(key=lambda each: (each.of.offering.ends_on, each.of.offering.code), reverse=True)
    return provider.name, sorted(found, key=lambda each: each.drafts == 0)
