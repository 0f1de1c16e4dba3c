"""Rows of recognition whose time is over at a given moment: one per class of records with a clock."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue.models import Module
from academy.kernel.db import Base
from academy.kernel.ids import new_id, short_code
from academy.kernel.money import Money
from academy.recognition.kinds import AgreementState, FileState, InstrumentKind, LocalTestState, Route
from academy.recognition.models import Agreement, AssessorSlot, EmployerStatement, LocalTest, Mapping, RecognitionFile
from tests import builders

_DAY = timedelta(days=1)


def _module(session: Session, at: datetime) -> Module:
    builders.module(session, at)
    return session.scalars(select(Module)).one()


def file_of(session: Session, at: datetime, state: FileState = FileState.DRAFT) -> RecognitionFile:
    module, person_id = _module(session, at), builders.person(session, at)
    row = RecognitionFile(
        id=new_id(), code=short_code(), person_id=person_id, module_id=module.id, module_version=1, provider_id=module.provider_id, route=Route.EDUCATION, state=state,
        since=at, idle_since=at, fee=Money(0), made_at=at,
    )
    session.add(row)
    session.flush()
    return row


def _statement(session: Session, file_id: UUID, **values: Any) -> Base:
    about = {"employer": "Bakkerij", "name": "Baas", "email": "baas@voorbeeld.nl", "language": "nl"}
    return EmployerStatement(id=new_id(), file_id=file_id, **(about | values))


def unanswered(session: Session, over: datetime) -> Base:
    return _statement(session, file_of(session, over).id, asked_at=over - 30 * _DAY, until=over)


def answered(session: Session, over: datetime) -> Base:
    return _statement(session, file_of(session, over).id, asked_at=over - _DAY, until=over + 30 * _DAY, answered_at=over)


def archived(session: Session, over: datetime) -> Base:
    return file_of(session, over, FileState.ARCHIVED)


def unused_slot(session: Session, over: datetime) -> AssessorSlot:
    row = AssessorSlot(
        id=new_id(), code=short_code(), provider_id=_module(session, over).provider_id, assessor_id=builders.person(session, over), kind=InstrumentKind.INTERVIEW,
        starts_at=over - timedelta(hours=1), ends_at=over,
    )
    session.add(row)
    session.flush()
    return row


def agreement(session: Session, over: datetime) -> Base:
    module = _module(session, over)
    return Agreement(
        id=new_id(), code=short_code(), person_id=builders.person(session, over), home_provider_id=module.provider_id, home_module_id=module.id, host_name="School",
        host_course="Vak", host_email="school@voorbeeld.nl", language="nl", state=AgreementState.ENDED, asked_at=over - _DAY, until=over, ended_at=over,
    )


def failed_test(session: Session, over: datetime) -> Base:
    module, slot = _module(session, over), unused_slot(session, over)
    mapping = Mapping(
        id=new_id(), code=short_code(), provider_id=module.provider_id, mooc_module_id=module.id, module_id=module.id, valid_from=date(2026, 1, 1),
        valid_until=date(2027, 1, 1), drafted_at=over, published_at=over, published_by=builders.person(session, over),
    )
    session.add(mapping)
    session.flush()
    return LocalTest(
        id=new_id(), code=short_code(), person_id=builders.person(session, over), mapping_id=mapping.id, slot_id=slot.id, state=LocalTestState.FAILED, booked_at=over,
        judged_at=over, ended_at=over,
    )


EXAMPLES = {
    "Statements that nobody gave": unanswered,
    "Who gave a statement": answered,
    "Files of recognition that came to nothing": archived,
    "Time of assessors that nobody used": unused_slot,
    "Agreements on modules elsewhere that came to nothing": agreement,
    "Tests here that were not passed": failed_test,
}
