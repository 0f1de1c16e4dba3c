"""Classes with who is in them, who paid, who was there and what they reached: what the monitor of experience asks and tells of."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from academy.accounts.models import Organisation, OrganisationKind, SizeClass
from academy.catalogue.models import Module, ModuleKind, Offering, OfferingState, Provider, PublicationState
from academy.enrolment.kinds import EnrolmentState, ResultScale
from academy.enrolment.models import Attendance, Enrolment, Result
from academy.enrolment.rules.attendance import can_be_said
from academy.funding.kinds import BlockState, PayerCategory, ShareState
from academy.funding.models import FundedBlock, FundedSeat, FundingShare
from academy.kernel.clock import begin_of_day
from academy.kernel.text import Localized
from academy.reports.models import Questionnaire

_TAKES_PLACE: Final = Offering.state.not_in((OfferingState.CONCEPT, OfferingState.CANCELLED))
_IN_CLASS: Final = Enrolment.state.in_((EnrolmentState.CONFIRMED, EnrolmentState.FINISHED))
_FIRMS: Final = (OrganisationKind.EMPLOYER, OrganisationKind.SCHOOL)


@dataclass(frozen=True)
class ClassFacts:
    """A class that takes place, or took place."""

    id: UUID
    starts_on: date
    ends_on: date
    module_id: UUID
    module_slug: str
    module_title: Localized
    provider_id: UUID
    provider_slug: str
    provider_name: str
    is_language: bool


@dataclass(frozen=True)
class Presence:
    """Of how many meetings the provider said whether a learner was there, and at how many they were."""

    person_id: UUID
    said: int
    present: int


@dataclass(frozen=True)
class Reached:
    """A final result; `tenths` is its grade from 0 to 100 where it was graded from 0 to 10 with one decimal."""

    person_id: UUID
    is_passed: bool
    tenths: int | None


def _classes(*which: ColumnElement[bool]) -> Select[UUID, date, date, UUID, str, Localized, UUID, str, str, ModuleKind]:
    return (
        select(
            Offering.id, Offering.starts_on, Offering.ends_on, Module.id.label("module_id"), Module.slug, Module.title, Provider.id.label("provider_id"),
            Provider.slug.label("provider_slug"), Provider.name, Module.kind,
        )
        .join(Module, Module.id == Offering.module_id).join(Provider, Provider.id == Module.provider_id)
        .where(_TAKES_PLACE, *which).order_by(Offering.starts_on, Offering.id)
    )


def _facts(session: Session, *which: ColumnElement[bool]) -> list[ClassFacts]:
    return [
        ClassFacts(
            row.id, row.starts_on, row.ends_on, row.module_id, row.slug, row.title, row.provider_id, row.provider_slug, row.name, row.kind is ModuleKind.LANGUAGE_MODULE,
        )
        for row in session.execute(_classes(*which))
    ]


def classes_started(session: Session, *, from_on: date, until_on: date) -> list[ClassFacts]:
    """Return the classes that started between these days, both included, and in which anybody is or was."""
    there = select(Enrolment.offering_id).where(Enrolment.confirmed_at.is_not(None))  # read once: SQLite would read all enrolments again for each class
    return _facts(session, Offering.starts_on.between(from_on, until_on), Offering.id.in_(there))


def classes_of(session: Session, *, module_id: UUID | None = None, provider_id: UUID | None = None) -> list[ClassFacts]:
    """Return the classes of a module or of a provider about which anybody was ever asked."""
    of = Module.id == module_id if module_id is not None else Module.provider_id == provider_id
    return _facts(session, of, select(Questionnaire.id).where(Questionnaire.offering_id == Offering.id).exists())


def public_module(session: Session, slug: str) -> tuple[UUID, Localized, str] | None:
    """Return a module that everybody may read, by its address: its id, its title and who gives it; None where there is none."""
    row = session.execute(
        select(Module.id, Module.title, Provider.name).join(Provider, Provider.id == Module.provider_id)
        .where(Module.slug == slug, Module.state == PublicationState.PUBLISHED),
    ).one_or_none()
    return None if row is None else (row.id, row.title, row.name)


def class_by_id(session: Session, offering_id: UUID) -> ClassFacts | None:
    """Return a class; None for one that is not there, or does not take place any more."""
    return next(iter(_facts(session, Offering.id == offering_id)), None)


def classes_to_look_at(session: Session, *, from_on: date, until_on: date) -> list[ClassFacts]:
    """Return the classes with anybody in them that start or end between these days, both included."""
    there = select(Enrolment.id).where(Enrolment.offering_id == Offering.id, _IN_CLASS).exists()
    return _facts(session, or_(Offering.starts_on.between(from_on, until_on), Offering.ends_on.between(from_on, until_on)), there)


def learners_in(session: Session, offering_id: UUID) -> list[UUID]:
    """Return who has a sure seat in a class, or finished it."""
    return list(session.scalars(select(Enrolment.person_id).where(Enrolment.offering_id == offering_id, _IN_CLASS).distinct().order_by(Enrolment.person_id)))


def everybody_in(session: Session, offering_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Return by class who ever had a sure seat in it."""
    rows = session.execute(
        select(Enrolment.offering_id, Enrolment.person_id).where(Enrolment.offering_id.in_(offering_ids), Enrolment.confirmed_at.is_not(None)),
    ) if offering_ids else ()
    return _by_class((offering_id, person_id) for offering_id, person_id in rows)


def _by_class(pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for offering_id, subject in pairs:
        found.setdefault(offering_id, set()).add(subject)
    return found


def firms_of(session: Session, offering_ids: Collection[UUID], *, still: bool) -> dict[UUID, set[UUID]]:
    """Return by class the employers and schools that pay seats of people in it; `still`: as it is now, else all that ever did.

    A firm of one person is left out: it is asked as the learner that it is.
    """
    if not offering_ids:
        return {}
    is_firm = and_(Organisation.kind.in_(_FIRMS), or_(Organisation.size_class.is_(None), Organisation.size_class != SizeClass.ALONE))
    paid = (
        select(FundedSeat.offering_id, FundingShare.organisation_id)
        .join(FundingShare, FundingShare.seat_id == FundedSeat.id).join(Organisation, Organisation.id == FundingShare.organisation_id)
        .where(FundedSeat.offering_id.in_(offering_ids), FundingShare.category == PayerCategory.EMPLOYERS, is_firm)
    )
    bought = (
        select(FundedBlock.offering_id, FundedBlock.organisation_id).join(Organisation, Organisation.id == FundedBlock.organisation_id)
        .where(FundedBlock.offering_id.in_(offering_ids), is_firm)
    )
    if still:
        paid = paid.where(FundedSeat.ended_at.is_(None), FundedSeat.person_id.is_not(None), FundingShare.state.not_in((ShareState.RELEASED, ShareState.RECLAIMED)))
        bought = bought.where(FundedBlock.state != BlockState.PROMISED, FundedBlock.named > 0)
    rows = [*session.execute(paid), *session.execute(bought)]
    return _by_class((offering_id, firm_id) for offering_id, firm_id in rows if firm_id is not None)


def can_presence_change(one: ClassFacts, *, today: date) -> bool:
    """Tell whether it can still be noted who was at the meetings of a class."""
    return can_be_said(ends_on=one.ends_on, today=today)


def presence_in(session: Session, offering_ids: Collection[UUID], *, before: date) -> dict[UUID, list[Presence]]:
    """Return by class who was there, as the provider says it of meetings before a day; learners of whom nothing was said are left out."""
    found: dict[UUID, list[Presence]] = {}
    rows = session.execute(
        select(Enrolment.offering_id, Enrolment.person_id, func.count(), func.sum(case((Attendance.by_provider.is_(True), 1), else_=0)))
        .join(Attendance, Attendance.enrolment_id == Enrolment.id)
        .where(Enrolment.offering_id.in_(offering_ids), Attendance.by_provider.is_not(None), Attendance.meets_on < before)
        .group_by(Enrolment.offering_id, Enrolment.person_id),
    ) if offering_ids else ()
    for offering_id, person_id, said, present in rows:
        found.setdefault(offering_id, []).append(Presence(person_id, said, present))
    return found


def results_in(session: Session, offering_ids: Collection[UUID], *, before: date) -> dict[UUID, list[Reached]]:
    """Return by class the results that an exam board made final before a day, of classes of which everybody has one.

    While one result of a class is not final, none of it is here: who reads a figure before and after the last one would know whose it is.
    """
    rows = session.execute(
        select(Enrolment.offering_id, Enrolment.person_id, Result.is_passed, Result.scale, Result.grade, Result.final_at)
        .outerjoin(Result, Result.enrolment_id == Enrolment.id)
        .where(Enrolment.offering_id.in_(offering_ids), or_(_IN_CLASS, Result.enrolment_id.is_not(None))),
    ).all() if offering_ids else []
    until = begin_of_day(before)
    waiting = {row.offering_id for row in rows if row.final_at is None or row.final_at >= until}
    found: dict[UUID, list[Reached]] = {}
    for row in rows:
        if row.offering_id not in waiting:
            tenths = round(float(row.grade) * 10) if row.scale is ResultScale.GRADE_0_10 else None
            found.setdefault(row.offering_id, []).append(Reached(row.person_id, row.is_passed, tenths))
    return found


def passed_a_language(session: Session, *, before: date) -> dict[UUID, date]:
    """Return who passed a language module, with the last day of the first class in which they did."""
    rows = session.execute(
        select(Enrolment.person_id, func.min(Offering.ends_on))
        .join(Result, Result.enrolment_id == Enrolment.id).join(Offering, Offering.id == Enrolment.offering_id).join(Module, Module.id == Offering.module_id)
        .where(Module.kind == ModuleKind.LANGUAGE_MODULE, Result.is_passed, Result.final_at < begin_of_day(before)).group_by(Enrolment.person_id),
    )
    return {row[0]: row[1] for row in rows}
