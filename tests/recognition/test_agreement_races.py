"""Two at the same moment: a result and a withdrawal, two signatures, a result that is made final twice, two learners for one place."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from academy.recognition.kinds import AgreementState, LocalTestState
from academy.recognition.queries import mappings as queries
from academy.recognition.service import agreeing, local_tests
from academy.recognition.service.agreed_results import book_agreed_results, take_back_agreed_results
from tests.enrolment.races import Act, at_the_same_time
from tests.recognition.hosting import HOST, Hosting, make_hosting
from tests.recognition.world import World

S = AgreementState


@pytest.fixture
def hosting(world: World) -> Hosting:
    return make_hosting(world)


def passes(hosting: Hosting) -> Act:
    def act(session: Session) -> None:
        results = {hosting.world.learner.person_id: True}
        book_agreed_results(session, module_id=hosting.module_id, results=results, by=None, now=hosting.world.now)
    return act


def withdraws(hosting: Hosting, code: str) -> Act:
    return lambda session: agreeing.end_agreement(session, actor=hosting.world.learner, code=code, now=hosting.world.now)


def test_a_result_and_a_withdrawal_at_once_one_of_them_counts(hosting: Hosting) -> None:
    code = hosting.signed()
    assert at_the_same_time(hosting.world.database, passes(hosting), withdraws(hosting, code)) == "learning-agreement-closed"
    assert (hosting.row(code).state, len(hosting.credits())) == (S.BOOKED, 2)


def test_a_withdrawal_and_a_result_at_once_one_of_them_counts(hosting: Hosting) -> None:
    code = hosting.signed()
    assert at_the_same_time(hosting.world.database, withdraws(hosting, code), passes(hosting)) == "done"
    assert (hosting.row(code).state, hosting.credits()) == (S.ENDED, {})


def test_a_result_that_is_made_final_twice_at_once_books_once(hosting: Hosting) -> None:
    code = hosting.signed()
    assert at_the_same_time(hosting.world.database, passes(hosting), passes(hosting)) == "done"
    assert (hosting.row(code).state, len(hosting.credits())) == (S.BOOKED, 2)
    assert len(hosting.trail("agreement-booked")) == 1
    assert hosting.total() == sum(hosting.credits().values())


def test_a_result_that_is_taken_back_twice_at_once_ends_the_credits_once(hosting: Hosting) -> None:
    code = hosting.signed()
    hosting.world.run(book_agreed_results, module_id=hosting.module_id, results={hosting.world.learner.person_id: True}, by=None)

    def back(session: Session) -> None:
        person_id = hosting.world.learner.person_id
        take_back_agreed_results(session, module_id=hosting.module_id, person_id=person_id, by=None, now=hosting.world.now)

    assert at_the_same_time(hosting.world.database, back, back) == "done"
    assert (hosting.row(code).state, hosting.credits(), hosting.total()) == (S.SIGNED, {}, Decimal(0))
    assert len(hosting.trail("agreement-taken-back")) == 1


def test_both_signatures_at_once_make_it_signed(hosting: Hosting) -> None:
    world, code = hosting.world, hosting.ask()
    heard = at_the_same_time(
        world.database,
        lambda session: agreeing.sign_home(session, actor=world.board, provider_slug=world.slug, code=code, now=world.now),
        lambda session: agreeing.sign_host(session, actor=hosting.host_planner, provider_slug=HOST, code=code, now=world.now),
    )
    assert (heard, hosting.row(code).state) == ("done", S.SIGNED)


def test_two_agreements_for_a_module_at_once_are_one(hosting: Hosting) -> None:
    def asks(session: Session) -> None:
        world = hosting.world
        agreeing.ask_agreement(
            session, actor=world.learner, home_slug=world.module.slug, outcome_ids=world.outcomes, host=hosting.slug, language="nl", now=world.now,
        )

    assert at_the_same_time(hosting.world.database, asks, asks) == "learning-agreement-there"


def books(hosting: Hosting, of: str, slot: str, *, stranger: bool) -> Act:
    learner = hosting.world.stranger if stranger else hosting.world.learner
    paper = hosting.certificate(learner)
    return lambda session: local_tests.book_local_test(session, actor=learner, mapping_code=of, evidence_id=paper, slot_code=slot, now=hosting.world.now)


def test_two_learners_for_one_place_one_has_it(hosting: Hosting) -> None:
    of, slot = hosting.publish(), hosting.slot()
    first, second = books(hosting, of, slot, stranger=False), books(hosting, of, slot, stranger=True)
    assert at_the_same_time(hosting.world.database, first, second) == "assessor-slot-taken"
    assert hosting.taken(slot) == 1


def test_one_learner_who_books_twice_at_once_has_one_place(hosting: Hosting) -> None:
    of, slot, other = hosting.publish(), hosting.slot(), hosting.slot()
    first, second = books(hosting, of, slot, stranger=False), books(hosting, of, other, stranger=False)
    assert at_the_same_time(hosting.world.database, first, second) == "local-test-there"
    assert (hosting.taken(slot), hosting.taken(other)) == (1, 0)


def test_a_test_that_two_judge_at_once_is_judged_once(hosting: Hosting) -> None:
    world, of, slot = hosting.world, hosting.publish(), hosting.slot()
    booking = books(hosting, of, slot, stranger=False)
    with world.database.writing() as session:
        booking(session)
    world.pass_time(days=8)
    with world.database.reading() as session:
        code = queries.local_tests_where(session)[0].code

    def judges(*, passed: bool) -> Act:
        who = world.assessor if passed else world.other_assessor
        return lambda session: local_tests.judge_local_test(
            session, actor=who, provider_slug=world.slug, code=code, is_certificate_seen=True, is_passed=passed, reason="Zo.", now=world.now,
        )

    assert at_the_same_time(world.database, judges(passed=True), judges(passed=False)) == "local-test-closed"
    assert (hosting.test(code).state, len(hosting.credits())) == (LocalTestState.PASSED, 1)
