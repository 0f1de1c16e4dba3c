"""Tests here after a remote course: a place is booked, an assessor looks at the certificate and judges the test, and who passes has the credits at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.kernel.db import insert_for, rows_changed
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce
from academy.recognition.errors.agreeing import NothingToEarn
from academy.recognition.errors.mappings import (
    CertificateMissing,
    LocalTestClosed,
    LocalTestThere,
    LocalTestUnfit,
    MappingOver,
    MappingOwnSignature,
    ReasonMissing,
)
from academy.recognition.errors.places import SlotTaken
from academy.recognition.events import TestBooked
from academy.recognition.kinds import DecisionGround, Judgement, LocalTestState
from academy.recognition.models import AssessorSlot, LocalTest, Mapping
from academy.recognition.queries import mappings as queries
from academy.recognition.queries.credits import counting_outcomes
from academy.recognition.queries.mappings import LocalTestFacts, MappingInFull
from academy.recognition.service.booking import About, Answered, book_decision
from academy.recognition.service.slot_places import free_place, take_place

_S = LocalTestState


def book_local_test(session: Session, *, actor: Actor, mapping_code: str, evidence_id: UUID, slot_code: str, now: datetime) -> str:
    """Book a place for a test, with one's certificate of the remote course; returns the code of the test.

    Raises MappingNotFound, CertificateMissing, SlotTaken, MappingOver, MappingOwnSignature, LocalTestUnfit, NothingToEarn, and LocalTestThere when one is booked or
    passed already.
    """
    mapping = queries.mapping_with_code(session, mapping_code)
    if evidence_id not in {each.id for each in queries.certificates_of(session, actor.person_id)}:
        raise CertificateMissing
    slot = queries.slot_with_code(session, mapping.provider_id, slot_code)
    if slot is None:
        raise SlotTaken
    full = queries.in_full(session, [mapping])[0]
    if not mapping.counts_at(max(slot.starts_at, now)) or not full.outcomes:
        raise MappingOver
    if actor.person_id in _signers(full):
        raise MappingOwnSignature
    if not queries.may_judge(session, slot.assessor_id, actor.person_id):
        raise LocalTestUnfit
    wanted = {each.id for each in full.outcomes}
    if wanted <= counting_outcomes(session, actor.person_id, wanted):
        raise NothingToEarn
    _check_not_ended(session, mapping.id)
    take_place(session, slot.id, now)
    booking = insert_for(session, LocalTest).values(
        id=new_id(), code=short_code(), person_id=actor.person_id, mapping_id=mapping.id, evidence_id=evidence_id, slot_id=slot.id, state=_S.BOOKED, booked_at=now,
        is_certificate_seen=False, reason="",
    )
    made = session.execute(booking.on_conflict_do_nothing().returning(LocalTest.id, LocalTest.code)).one_or_none()
    if made is None:
        raise LocalTestThere(_live_one(session, actor.person_id, mapping.id))
    announce(session, TestBooked(made.id))
    _record(session, "local-test-booked", queries.local_test_of(session, actor, made.code), actor.person_id, now=now)
    return str(made.code)


def _check_not_ended(session: Session, mapping_id: UUID) -> None:
    """Keep the board from ending the mapping at this moment, before a place is taken: it calls off the tests that it sees. Raises MappingOver when it just did."""
    holding = update(Mapping).where(Mapping.id == mapping_id, Mapping.ended_at.is_(None)).values(ended_at=None)
    if rows_changed(session, holding.execution_options(synchronize_session=False)) != 1:
        raise MappingOver


def _live_one(session: Session, person_id: UUID, mapping_id: UUID) -> str:
    wanted = select(LocalTest.code).where(LocalTest.person_id == person_id, LocalTest.mapping_id == mapping_id, LocalTest.state.in_((_S.BOOKED, _S.PASSED)))
    return session.scalars(wanted).first() or ""


def call_off_local_test(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Give one's place back before the test begins, or stop waiting for a result once it is over. Raises LocalTestNotFound, LocalTestClosed."""
    found = queries.local_test_of(session, actor, code)
    if found.slot.starts_at <= now < found.slot.ends_at:
        raise LocalTestClosed
    _call_off(session, [found], by=actor.person_id, now=now)


def call_off_at_desk(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Call a test off for the assessor whose time it is: it can not be, or the learner did not come. The learner can book again.

    Raises ProviderNotFound, LocalTestNotFound, LocalTestUnfit for another's time, LocalTestClosed.
    """
    _desk, found = queries.local_test_at(session, actor, provider_slug, code)
    if found.slot.assessor_id != actor.person_id:
        raise LocalTestUnfit
    _call_off(session, [found], by=actor.person_id, now=now)


def call_off_tests_of_mapping(session: Session, mapping_id: UUID, *, by: UUID, now: datetime) -> int:
    """Call off the tests to come of a mapping that ends; each learner hears. Returns how many."""
    coming = (LocalTest.mapping_id == mapping_id, LocalTest.state == _S.BOOKED, AssessorSlot.starts_at > now)
    return _call_off(session, queries.local_tests_where(session, *coming), by=by, now=now)


def _call_off(session: Session, found: Sequence[LocalTestFacts], *, by: UUID, now: datetime) -> int:
    for each in sorted(found, key=lambda one: (one.slot.id, one.id)):
        ending = update(LocalTest).where(LocalTest.id == each.id, LocalTest.state == _S.BOOKED).values(state=_S.CALLED_OFF, ended_at=now)
        if rows_changed(session, ending.execution_options(synchronize_session=False)) != 1:
            raise LocalTestClosed
        free_place(session, each.slot.id)
        announce(session, TestBooked(each.id))
    for each in found:
        _record(session, "local-test-called-off", each, by, now=now)
    return len(found)


def judge_local_test(
    session: Session, *, actor: Actor, provider_slug: str, code: str, is_certificate_seen: bool, is_passed: bool, reason: str, now: datetime,
) -> None:
    """Judge a test that has begun, and the certificate with it. Who passes has a decision on the ground of the mapping and its credits, once, in this commit.

    Raises ProviderNotFound, LocalTestNotFound, LocalTestUnfit, CertificateMissing for a pass without it, ReasonMissing for a fail without words, LocalTestClosed, and
    MappingOver when the mapping did not count then, MappingOwnSignature for a learner who signed it.
    """
    _desk, found = queries.local_test_at(session, actor, provider_slug, code)
    if not queries.may_judge(session, actor.person_id, found.person_id):
        raise LocalTestUnfit
    if is_passed and not is_certificate_seen:
        raise CertificateMissing
    if not is_passed and not reason.strip():
        raise ReasonMissing
    if now < found.slot.starts_at or not _hold(session, found.id):
        raise LocalTestClosed
    said = {"is_certificate_seen": is_certificate_seen, "reason": reason.strip(), "judged_at": now, "judged_by": actor.person_id, "ended_at": now}
    values = said | ({"state": _S.PASSED, "decision_id": _book(session, found, now=now)} if is_passed else {"state": _S.FAILED})
    session.execute(update(LocalTest).where(LocalTest.id == found.id).values(**values).execution_options(synchronize_session=False))
    announce(session, TestBooked(found.id))
    _record(session, "local-test-passed" if is_passed else "local-test-failed", found, actor.person_id, now=now)


def _hold(session: Session, test_id: UUID) -> bool:
    """Keep a test to this transaction while it is booked: who calls it off or judges it at the same moment waits, and finds it changed."""
    holding = update(LocalTest).where(LocalTest.id == test_id, LocalTest.state == _S.BOOKED).values(state=LocalTest.state)
    return rows_changed(session, holding.execution_options(synchronize_session=False)) == 1


def _book(session: Session, found: LocalTestFacts, *, now: datetime) -> UUID:
    full = queries.local_tests_in_full(session, [found])[0].mapping
    if not full.facts.counts_at(found.slot.starts_at) or not full.outcomes:
        raise MappingOver
    if found.person_id in _signers(full):
        raise MappingOwnSignature
    about = About(found.person_id, full.facts.module_id, full.facts.provider_id, DecisionGround.MAPPING, ground_id=full.facts.id)
    answers = [Answered(each.id, each.wording, each.worth, Judgement.YES) for each in full.outcomes]
    return book_decision(session, about, answers, signers=_signers(full), now=now)


def _signers(full: MappingInFull) -> list[UUID]:
    return [each for each in (full.facts.published_by, full.facts.second_by) if each is not None]


def _record(session: Session, act: str, found: LocalTestFacts, actor_id: UUID, *, now: datetime) -> None:
    record(
        session, act, actor_id=actor_id, now=now, organisation_id=found.slot.provider_id, person_id=found.person_id, about="local_test", about_id=found.id,
        details={"test": found.code},
    )
