"""An agreement on a module elsewhere: three parties sign, the result books the credits by itself, once, and every signature is written down."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from academy.accounts.api import Role, add_membership
from academy.catalogue.models import LearningOutcome, Module
from academy.kernel.clock import end_of_day
from academy.kernel.text import Localized
from academy.recognition.errors.agreeing import (
    AgreementClosed,
    AgreementNotFound,
    AgreementThere,
    AgreementWrong,
    NobodySigns,
    NothingToEarn,
    NotTheirSignature,
    OutcomesReworded,
)
from academy.recognition.kinds import AgreementState, DecisionGround, DecisionState
from academy.recognition.models import Agreement, Decision, DecisionSignature
from academy.recognition.service import agreed_results, agreeing
from academy.recognition.service.agreed_results import book_agreed_results, take_back_agreed_results
from tests import builders
from tests.recognition.hosting import HOST, Hosting, make_hosting
from tests.recognition.world import World

S = AgreementState
Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def hosting(world: World) -> Hosting:
    return make_hosting(world)


def tell(hosting: Hosting, *, passed: bool) -> None:
    results = {hosting.world.learner.person_id: passed}
    hosting.world.run(book_agreed_results, module_id=hosting.module_id, results=results, by=hosting.host_board.person_id)


def reopen(hosting: Hosting) -> None:
    hosting.world.run(
        take_back_agreed_results, module_id=hosting.module_id, person_id=hosting.world.learner.person_id, by=hosting.host_board.person_id,
    )


def decisions(hosting: Hosting) -> list[Decision]:
    with hosting.world.database.reading() as session:
        found = list(session.scalars(select(Decision).order_by(Decision.id)))
        session.expunge_all()
        return found


def test_asking_is_the_learners_signature_and_the_others_have_thirty_days(hosting: Hosting) -> None:
    row = hosting.row(hosting.ask())
    assert (row.state, row.asked_at, row.until) == (S.ASKED, hosting.world.now, end_of_day((hosting.world.now + timedelta(days=30)).date()))
    assert (row.home_signed_at, row.host_signed_at) == (None, None)
    assert hosting.trail("agreement") == [("agreement-asked", hosting.world.learner.person_id)]


@pytest.mark.parametrize("home_first", [True, False])
def test_whoever_signs_last_makes_it_signed_with_every_signature_in_the_trail(hosting: Hosting, *, home_first: bool) -> None:
    code = hosting.ask()
    first, second = (hosting.sign_home, hosting.sign_host) if home_first else (hosting.sign_host, hosting.sign_home)
    first(code)
    assert hosting.row(code).state is S.ASKED
    hosting.world.pass_time(days=3)
    second(code)
    row = hosting.row(code)
    assert (row.state, row.until) == (S.SIGNED, end_of_day((hosting.world.now + timedelta(days=730)).date()))
    assert (row.home_signed_by, row.host_signed_by) == (hosting.world.board.person_id, hosting.host_planner.person_id)
    assert sorted(act for act, _by in hosting.trail("agreement-signed")) == ["agreement-signed-home", "agreement-signed-host"]


def test_a_passed_result_books_what_was_agreed_in_its_own_commit_and_once(hosting: Hosting) -> None:
    code = hosting.signed()
    tell(hosting, passed=True)
    tell(hosting, passed=True)
    (decision,) = decisions(hosting)
    assert (decision.ground, decision.state, decision.ground_id) == (DecisionGround.AGREEMENT, DecisionState.GRANTED, hosting.row(code).id)
    worth = {each.id: each.worth for each in hosting.world.module.outcomes[:2]}
    assert hosting.credits() == worth
    assert hosting.total() == sum(worth.values(), Decimal(0))
    assert (hosting.row(code).state, hosting.row(code).decision_id) == (S.BOOKED, decision.id)
    with hosting.world.database.reading() as session:
        assert session.scalars(select(DecisionSignature.person_id)).all() == [hosting.world.board.person_id]
    assert hosting.trail("agreement-booked") == [("agreement-booked", hosting.host_board.person_id)]


def test_a_result_that_is_looked_at_again_ends_the_credits_by_a_decision_that_names_the_other(hosting: Hosting) -> None:
    code = hosting.signed()
    tell(hosting, passed=True)
    hosting.world.pass_time(days=1)
    reopen(hosting)
    first, second = decisions(hosting)
    assert (second.replaces_id, second.state) == (first.id, DecisionState.REVISED)
    assert (hosting.credits(), hosting.total(), hosting.row(code).state) == ({}, Decimal(0), S.SIGNED)
    tell(hosting, passed=True)
    assert (len(decisions(hosting)), len(hosting.credits()), hosting.row(code).state) == (3, 2, S.BOOKED)


def test_who_did_not_pass_gets_nothing_and_can_still_pass_later(hosting: Hosting) -> None:
    code = hosting.signed()
    tell(hosting, passed=False)
    assert (hosting.row(code).state, hosting.credits()) == (S.NOT_PASSED, {})
    tell(hosting, passed=True)
    assert (hosting.row(code).state, len(hosting.credits())) == (S.BOOKED, 2)


def test_what_is_not_signed_by_all_three_books_nothing(hosting: Hosting) -> None:
    code = hosting.ask()
    hosting.sign_home(code)
    tell(hosting, passed=True)
    assert (hosting.row(code).state, decisions(hosting)) == (S.ASKED, [])


def test_a_result_that_was_there_before_the_last_signature_counts_with_it(hosting: Hosting) -> None:
    before = list(agreed_results._passed)
    agreed_results.learn_results_from(lambda _session, person_id, module_id: (person_id, module_id) == (hosting.world.learner.person_id, hosting.module_id))
    try:
        code = hosting.signed()
    finally:
        agreed_results._passed[:] = before
    assert (hosting.row(code).state, len(hosting.credits())) == (S.BOOKED, 2)


def test_a_school_elsewhere_signs_and_tells_the_result_by_its_link(hosting: Hosting) -> None:
    code = hosting.ask_elsewhere()
    of = hosting.row(code).id
    with pytest.raises(AgreementClosed):
        hosting.world.run(agreed_results.report_result_by_link, agreement_id=of, reader_id=None, is_passed=True)
    hosting.world.run(agreeing.sign_host_by_link, agreement_id=of, reader_id=None)
    hosting.sign_home(code)
    hosting.world.run(agreed_results.report_result_by_link, agreement_id=of, reader_id=None, is_passed=True)
    assert (hosting.row(code).state, len(hosting.credits())) == (S.BOOKED, 2)
    with pytest.raises(AgreementClosed):
        hosting.world.run(agreed_results.report_result_by_link, agreement_id=of, reader_id=None, is_passed=False)
    assert [by for _act, by in hosting.trail("agreement-booked")] == [None]


def test_the_link_opens_no_agreement_whose_host_is_here(hosting: Hosting) -> None:
    of = hosting.row(hosting.ask()).id
    with pytest.raises(AgreementNotFound):
        hosting.world.run(agreeing.sign_host_by_link, agreement_id=of, reader_id=None)


def test_a_refusal_has_its_reason_and_ends_it(hosting: Hosting) -> None:
    code = hosting.ask()
    with pytest.raises(AgreementWrong):
        hosting.world.run(agreeing.refuse, actor=hosting.world.board, provider_slug=hosting.world.slug, code=code, reason=" ")
    hosting.world.run(agreeing.refuse, actor=hosting.world.board, provider_slug=hosting.world.slug, code=code, reason="Te weinig overlap.")
    assert (hosting.row(code).state, hosting.row(code).reason) == (S.REFUSED, "Te weinig overlap.")
    with pytest.raises(AgreementClosed):
        hosting.sign_host(code)
    hosting.ask()  # and something else can be asked


def test_what_nobody_signs_in_time_ends_and_can_not_be_signed_any_more(hosting: Hosting) -> None:
    code, other = hosting.ask(), hosting.ask(actor=hosting.world.stranger)
    hosting.sign_home(other)
    hosting.sign_host(other)
    hosting.world.now = hosting.row(code).until - timedelta(seconds=1)
    assert hosting.world.run(agreeing.end_overdue) == 0
    hosting.world.pass_time(seconds=1)
    with pytest.raises(AgreementClosed):
        hosting.sign_home(code)
    assert hosting.world.run(agreeing.end_overdue) == 1
    assert (hosting.row(code).state, hosting.row(other).state) == (S.ENDED, S.SIGNED)
    assert hosting.trail("agreement-lapsed") == [("agreement-lapsed", None)]


def test_the_learner_takes_it_back_until_a_result_came(hosting: Hosting) -> None:
    code = hosting.signed()
    with pytest.raises(AgreementNotFound):
        hosting.world.run(agreeing.end_agreement, actor=hosting.world.stranger, code=code)
    hosting.world.run(agreeing.end_agreement, actor=hosting.world.learner, code=code)
    tell(hosting, passed=True)
    assert (hosting.row(code).state, decisions(hosting)) == (S.ENDED, [])
    again = hosting.signed()
    tell(hosting, passed=True)
    with pytest.raises(AgreementClosed):
        hosting.world.run(agreeing.end_agreement, actor=hosting.world.learner, code=again)


def test_nobody_signs_for_two_and_no_learner_for_another(hosting: Hosting) -> None:
    world = hosting.world
    both = world.person("Bo Beide", Role.EXAM_BOARD)
    with world.database.writing() as session:
        add_membership(session, person_id=both.person_id, organisation_id=hosting.host_id, role=Role.EXAM_BOARD)
    code = hosting.ask()
    hosting.sign_host(code, both)
    with pytest.raises(NotTheirSignature):
        hosting.sign_home(code, both)
    own = hosting.ask(actor=both)
    with pytest.raises(NotTheirSignature):
        hosting.sign_home(own, both)


def test_only_the_two_parties_see_it_at_their_desk(hosting: Hosting) -> None:
    world, code = hosting.world, hosting.ask()
    for who in (world.assessor, world.owner):  # the home signs by its exam board only
        with pytest.raises(AgreementNotFound):
            hosting.sign_home(code, who)
    with pytest.raises(AgreementNotFound):
        world.run(agreeing.sign_home, actor=hosting.host_planner, provider_slug=HOST, code=code)
    with pytest.raises(AgreementNotFound):
        world.run(agreeing.sign_host, actor=world.board, provider_slug=world.slug, code=code)


def test_one_agreement_waits_per_module_and_it_asks_for_something(hosting: Hosting) -> None:
    code = hosting.ask()
    with pytest.raises(AgreementThere) as there:
        hosting.ask()
    assert there.value.agreement == code
    for wrong in ({"outcome_ids": ()}, {"host": hosting.world.module.slug}, {"outcome_ids": [hosting.host_id]}):
        with pytest.raises(AgreementWrong):
            hosting.ask(actor=hosting.world.stranger, **wrong)
    hosting.sign_home(code)
    hosting.sign_host(code)
    tell(hosting, passed=True)
    with pytest.raises(NothingToEarn):
        hosting.ask()
    assert hosting.ask(outcome_ids=hosting.world.outcomes)  # one of these does not count yet


def test_a_provider_where_nobody_signs_is_no_host(hosting: Hosting) -> None:
    world = hosting.world
    with world.database.writing() as session:
        lonely = builders.provider(session, "alleen", "Alleen")
        builders.module(session, world.now, provider_id=lonely, external_id="X", code="X", title=Localized("Alleen", "Alone"))
    with pytest.raises(NobodySigns):
        hosting.ask(host=_slug_of(hosting, "X"))


def _slug_of(hosting: Hosting, external_id: str) -> str:
    with hosting.world.database.reading() as session:
        return session.scalars(select(Module.slug).where(Module.external_id == external_id)).one()


def test_the_board_signs_what_was_asked_not_other_words(hosting: Hosting) -> None:
    code = hosting.ask()
    with hosting.world.database.writing() as session:
        session.execute(update(LearningOutcome).where(LearningOutcome.id == hosting.world.outcomes[0]).values(text=Localized("Iets heel anders.", "")))
    with pytest.raises(OutcomesReworded):
        hosting.sign_home(code)
    assert hosting.row(code).home_signed_at is None


def test_a_result_of_a_class_in_which_nobody_has_an_agreement_costs_one_statement(hosting: Hosting, queries: Budget) -> None:
    with hosting.world.database.writing() as session, queries(1):
        book_agreed_results(session, module_id=hosting.module_id, results={hosting.world.stranger.person_id: True}, by=None, now=hosting.world.now)
    with hosting.world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Agreement)) == 0
