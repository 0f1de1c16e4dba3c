"""A remote course and a test here earn what the exam board published beforehand: once, after both were looked at, and without a valid mapping nothing."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from academy.accounts.api import Role, add_membership
from academy.catalogue.api import ProviderNotFound
from academy.catalogue.models import LearningOutcome
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.recognition.errors.agreeing import NothingToEarn, OutcomesReworded
from academy.recognition.errors.mappings import (
    CertificateMissing,
    LocalTestClosed,
    LocalTestNotFound,
    LocalTestThere,
    LocalTestUnfit,
    MappingClosed,
    MappingNotFound,
    MappingOver,
    MappingOwnSignature,
    MappingWrong,
    ReasonMissing,
)
from academy.recognition.errors.places import SlotTaken
from academy.recognition.kinds import DecisionGround, EvidenceKind, FileState, LocalTestState
from academy.recognition.models import Decision, DecisionSignature, FileParty, Mapping, Terms
from academy.recognition.queries import mappings as queries
from academy.recognition.service import local_tests, mapping
from tests.recognition.hosting import Hosting, make_hosting
from tests.recognition.world import World

S = LocalTestState


@pytest.fixture
def hosting(world: World) -> Hosting:
    return make_hosting(world)


def book(hosting: Hosting, of: str, slot: str, **what: Any) -> str:
    learner = what.pop("actor", hosting.world.learner)
    asked = {"evidence_id": hosting.certificate(learner), "mapping_code": of, "slot_code": slot} | what
    return str(hosting.world.run(local_tests.book_local_test, actor=learner, **asked))


def judge(hosting: Hosting, code: str, *, passed: bool = True, **what: object) -> None:
    said = {"actor": hosting.world.assessor, "is_certificate_seen": True, "is_passed": passed, "reason": "" if passed else "Nog te weinig."} | what
    hosting.world.run(local_tests.judge_local_test, provider_slug=hosting.world.slug, code=code, **said)


def test_who_passes_gets_what_the_board_published_once(hosting: Hosting) -> None:
    of = hosting.publish()
    code = book(hosting, of, hosting.slot())
    hosting.world.pass_time(days=7, hours=1)
    judge(hosting, code)
    outcome = hosting.world.module.outcomes[0]
    assert hosting.credits() == {outcome.id: outcome.worth}
    row = hosting.test(code)
    assert (row.state, row.is_certificate_seen, row.judged_by) == (S.PASSED, True, hosting.world.assessor.person_id)
    with hosting.world.database.reading() as session:
        decision = session.scalars(select(Decision)).one()
        assert (decision.id, decision.ground, decision.counts) == (row.decision_id, DecisionGround.MAPPING, outcome.worth)
        assert session.scalars(select(DecisionSignature.person_id)).all() == [hosting.world.board.person_id]
    with pytest.raises(LocalTestClosed):
        judge(hosting, code)
    with pytest.raises(NothingToEarn):
        book(hosting, of, hosting.slot())
    assert [act for act, _by in hosting.trail("local-test")] == ["local-test-booked", "local-test-passed"]


def test_who_fails_reads_why_and_may_book_again(hosting: Hosting) -> None:
    of = hosting.publish()
    code = book(hosting, of, hosting.slot())
    hosting.world.pass_time(days=8)
    with pytest.raises(ReasonMissing):
        judge(hosting, code, passed=False, reason=" ")
    judge(hosting, code, passed=False)
    assert (hosting.test(code).state, hosting.credits()) == (S.FAILED, {})
    again = book(hosting, of, hosting.slot())
    hosting.world.pass_time(days=8)
    judge(hosting, again)
    assert len(hosting.credits()) == 1


def test_nobody_passes_without_the_certificate(hosting: Hosting) -> None:
    of, slot = hosting.publish(), hosting.slot(places=5)
    others = hosting.certificate(hosting.world.stranger)
    for wrong in (others, hosting.world.evidence(EvidenceKind.WORK)):
        with pytest.raises(CertificateMissing):
            book(hosting, of, slot, evidence_id=wrong)
    code = book(hosting, of, slot)
    hosting.world.pass_time(days=8)
    with pytest.raises(CertificateMissing):
        judge(hosting, code, is_certificate_seen=False)
    assert hosting.test(code).state is S.BOOKED


def test_a_place_that_is_called_off_is_free_and_a_full_moment_is_refused(hosting: Hosting) -> None:
    of, slot = hosting.publish(), hosting.slot()
    code = book(hosting, of, slot)
    with pytest.raises(SlotTaken):
        book(hosting, of, slot, actor=hosting.world.stranger)
    hosting.world.run(local_tests.call_off_local_test, actor=hosting.world.learner, code=code)
    assert (hosting.taken(slot), hosting.test(code).state) == (0, S.CALLED_OFF)
    with pytest.raises(LocalTestClosed):
        hosting.world.run(local_tests.call_off_local_test, actor=hosting.world.learner, code=code)
    assert hosting.taken(slot) == 0
    assert book(hosting, of, slot, actor=hosting.world.stranger)
    with pytest.raises(LocalTestThere):
        book(hosting, of, hosting.slot(), actor=hosting.world.stranger)


def test_a_test_is_called_off_before_it_begins_and_judged_after(hosting: Hosting) -> None:
    code = book(hosting, hosting.publish(), hosting.slot())
    with pytest.raises(LocalTestClosed):
        judge(hosting, code)
    hosting.world.pass_time(days=7)
    with pytest.raises(LocalTestClosed):
        hosting.world.run(local_tests.call_off_local_test, actor=hosting.world.learner, code=code)
    with pytest.raises(LocalTestUnfit):  # another's time
        hosting.world.run(local_tests.call_off_at_desk, actor=hosting.world.other_assessor, provider_slug=hosting.world.slug, code=code)
    hosting.world.run(local_tests.call_off_at_desk, actor=hosting.world.assessor, provider_slug=hosting.world.slug, code=code)  # nobody came
    assert hosting.test(code).state is S.CALLED_OFF


def test_an_assessor_is_neither_the_learner_nor_acts_for_their_employer(hosting: Hosting) -> None:
    world, of = hosting.world, hosting.publish()
    firm = world.employer()
    partial = world.person("Pia Partijdig", Role.ASSESSOR)
    file = world.file(FileState.DRAFT)
    with world.database.writing() as session:
        add_membership(session, person_id=partial.person_id, organisation_id=firm, role=Role.OWNER)
        session.add(FileParty(file_id=file.id, organisation_id=firm))
    with pytest.raises(LocalTestUnfit):
        book(hosting, of, hosting.slot(assessor=partial))
    with pytest.raises(LocalTestUnfit):
        book(hosting, of, hosting.slot(), actor=world.assessor)
    code = book(hosting, of, hosting.slot())
    world.pass_time(days=8)
    with pytest.raises(LocalTestUnfit):
        judge(hosting, code, actor=partial)
    with world.database.reading() as session:
        with pytest.raises(LocalTestNotFound):
            queries.local_test_to_judge(session, partial, world.slug, code)
        assert queries.local_tests_at_desk(session, partial, world.slug)[1] == []
        assert len(queries.local_tests_at_desk(session, world.assessor, world.slug)[1]) == 1
    for who in (world.board, world.owner):
        with pytest.raises(LocalTestNotFound):
            judge(hosting, code, actor=who)
    with pytest.raises(ProviderNotFound):
        judge(hosting, code, actor=world.stranger)


def test_who_signed_a_mapping_earns_nothing_by_it(hosting: Hosting) -> None:
    of = hosting.publish()
    with pytest.raises(MappingOwnSignature):
        book(hosting, of, hosting.slot(), actor=hosting.world.board)
    code = book(hosting, of, hosting.slot())
    with hosting.world.database.writing() as session:  # booked before this was refused
        session.execute(update(Mapping).values(published_by=hosting.world.learner.person_id))
    hosting.world.pass_time(days=8)
    with pytest.raises(MappingOwnSignature):
        judge(hosting, code)
    assert hosting.credits() == {}


def test_a_learner_whom_nobody_judges_stops_waiting_once_it_is_over(hosting: Hosting) -> None:
    code = book(hosting, hosting.publish(), hosting.slot())
    hosting.world.pass_time(days=7, minutes=59)
    with pytest.raises(LocalTestClosed):
        hosting.world.run(local_tests.call_off_local_test, actor=hosting.world.learner, code=code)
    hosting.world.pass_time(minutes=1)
    hosting.world.run(local_tests.call_off_local_test, actor=hosting.world.learner, code=code)
    assert hosting.test(code).state is S.CALLED_OFF


def test_without_a_valid_mapping_there_is_no_test_and_no_credit(hosting: Hosting) -> None:
    today = hosting.world.now.date()
    with pytest.raises(MappingNotFound):
        book(hosting, "NIETS", hosting.slot())
    short = hosting.publish(valid_until=today + timedelta(days=3))
    with pytest.raises(MappingOver):  # the test is after its last day
        book(hosting, short, hosting.slot())
    later = hosting.publish(valid_from=today + timedelta(days=10))
    with pytest.raises(MappingOver):
        book(hosting, later, hosting.slot())
    of = hosting.publish()
    with hosting.world.database.writing() as session:
        session.execute(update(LearningOutcome).where(LearningOutcome.id == hosting.world.outcomes[0]).values(text=Localized("Iets anders.", "")))
    with pytest.raises(MappingOver):
        book(hosting, of, hosting.slot())
    assert hosting.credits() == {}


def test_a_mapping_that_ends_calls_off_what_is_to_come_and_keeps_what_took_place(hosting: Hosting) -> None:
    of, early, late = hosting.publish(), hosting.slot(days=2), hosting.slot(days=9)
    took_place = book(hosting, of, early)
    to_come = book(hosting, of, late, actor=hosting.world.stranger)
    hosting.world.pass_time(days=3)
    hosting.world.run(mapping.end_mapping, actor=hosting.world.other_of_board, provider_slug=hosting.world.slug, code=of)
    assert (hosting.test(to_come).state, hosting.taken(late)) == (S.CALLED_OFF, 0)
    judge(hosting, took_place)
    assert len(hosting.credits()) == 1
    with pytest.raises(MappingOver):
        book(hosting, of, late, actor=hosting.world.stranger)
    with pytest.raises(MappingClosed):
        hosting.world.run(mapping.end_mapping, actor=hosting.world.board, provider_slug=hosting.world.slug, code=of)


def test_where_two_members_sign_it_waits_for_the_second(hosting: Hosting) -> None:
    world = hosting.world
    with world.database.writing() as session:
        session.add(Terms(provider_id=world.provider_id, most_ec=None, signatures=2, fee=Money(0), changed_at=world.now, changed_by=world.owner.person_id))
    of = hosting.publish()
    with pytest.raises(MappingNotFound):
        book(hosting, of, hosting.slot())
    with pytest.raises(MappingClosed):
        world.run(mapping.sign_mapping, actor=world.board, provider_slug=world.slug, code=of)
    world.run(mapping.sign_mapping, actor=world.other_of_board, provider_slug=world.slug, code=of)
    code = book(hosting, of, hosting.slot())
    world.pass_time(days=8)
    judge(hosting, code)
    with world.database.reading() as session:
        assert set(session.scalars(select(DecisionSignature.person_id))) == {world.board.person_id, world.other_of_board.person_id}


def test_the_second_signs_the_words_of_the_first(hosting: Hosting) -> None:
    world = hosting.world
    with world.database.writing() as session:
        session.add(Terms(provider_id=world.provider_id, most_ec=None, signatures=2, fee=Money(0), changed_at=world.now, changed_by=world.owner.person_id))
    of = hosting.publish()
    with world.database.writing() as session:
        session.execute(update(LearningOutcome).where(LearningOutcome.id == world.outcomes[0]).values(text=Localized("Iets anders.", "")))
    with pytest.raises(OutcomesReworded):
        world.run(mapping.sign_mapping, actor=world.other_of_board, provider_slug=world.slug, code=of)


def test_only_the_board_publishes_and_only_a_remote_course_for_its_own_module(hosting: Hosting) -> None:
    world = hosting.world
    for who in (world.assessor, world.owner, world.learner):
        with pytest.raises(ProviderNotFound):
            hosting.publish(actor=who)
    wrong: tuple[dict[str, Any], ...] = (
        {"mooc_slug": hosting.slug}, {"mooc_slug": "niets"}, {"outcome_ids": frozenset()}, {"outcome_ids": frozenset([hosting.host_id])},
        {"valid_until": world.now.date() - timedelta(days=1)},
    )
    for each in wrong:
        with pytest.raises(MappingWrong):
            hosting.publish(**each)


def test_what_it_earns_is_the_sum_of_its_outcomes(hosting: Hosting) -> None:
    hosting.publish(outcome_ids=frozenset(hosting.world.outcomes[:2]))
    with hosting.world.database.reading() as session:
        (found,) = queries.mappings_beside(session, hosting.world.module.id, now=hosting.world.now)
    assert found.ec == sum((each.worth for each in hosting.world.module.outcomes[:2]), Decimal(0))
