"""What an agreement does not let happen: a learner who signs for the school, a result that falls between, words that nobody agreed to, a link that outlives its day."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.catalogue.models import LearningOutcome
from academy.kernel.text import Localized
from academy.recognition.errors.agreeing import (
    AgreementClosed,
    HostIsLearner,
    NotTheirSignature,
    OutcomesReworded,
    TooManyAgreements,
)
from academy.recognition.kinds import AgreementState, Judgement
from academy.recognition.models import DecisionAnswer
from academy.recognition.service import agreed_results, agreeing
from academy.recognition.service.agreed_results import book_agreed_results, take_back_agreed_results
from tests.enrolment.races import at_the_same_time
from tests.recognition.hosting import HOST, Hosting, make_hosting
from tests.recognition.world import World

S = AgreementState


@pytest.fixture
def hosting(world: World) -> Hosting:
    return make_hosting(world)


def signed_elsewhere(hosting: Hosting) -> str:
    code = hosting.ask_elsewhere()
    hosting.world.run(agreeing.sign_host_by_link, agreement_id=hosting.row(code).id, reader_id=None)
    hosting.sign_home(code)
    return code


def report(hosting: Hosting, code: str, *, passed: bool = True) -> None:
    hosting.world.run(agreed_results.report_result_by_link, agreement_id=hosting.row(code).id, reader_id=None, is_passed=passed)


def reword(hosting: Hosting, *outcomes: int) -> None:
    ids = [hosting.world.outcomes[each] for each in outcomes]
    with hosting.world.database.writing() as session:
        session.execute(update(LearningOutcome).where(LearningOutcome.id.in_(ids)).values(text=Localized("Iets heel anders.", "")))


def test_a_learner_is_not_the_school_elsewhere(hosting: Hosting) -> None:
    local, _at, domain = hosting.world.learner.email.partition("@")
    for own in (hosting.world.learner.email.upper(), f"{local}+school@{domain}"):
        with pytest.raises(HostIsLearner):
            hosting.ask(host=agreeing.HostElsewhere("Hogeschool Gent", "Netwerken", "", own))
    code = hosting.ask_elsewhere()
    own_link = {"agreement_id": hosting.row(code).id, "reader_id": hosting.world.learner.person_id}
    with pytest.raises(NotTheirSignature):
        hosting.world.run(agreeing.sign_host_by_link, **own_link)
    with pytest.raises(NotTheirSignature):
        hosting.world.run(agreeing.refuse_by_link, reason="Nee.", **own_link)
    hosting.world.run(agreeing.sign_host_by_link, **own_link | {"reader_id": hosting.world.stranger.person_id})
    hosting.sign_home(code)
    with pytest.raises(NotTheirSignature):
        hosting.world.run(agreed_results.report_result_by_link, is_passed=True, **own_link)
    assert hosting.credits() == {}


def test_schools_elsewhere_get_ten_letters_of_one_learner_in_thirty_days(hosting: Hosting) -> None:
    for _each in range(agreeing.MOST_ELSEWHERE):
        hosting.world.run(agreeing.end_agreement, actor=hosting.world.learner, code=hosting.ask_elsewhere())
    with pytest.raises(TooManyAgreements):
        hosting.ask_elsewhere()
    hosting.world.pass_time(days=30)
    assert hosting.ask_elsewhere()


def test_the_last_signature_and_the_result_at_once_do_not_miss_each_other(hosting: Hosting) -> None:
    world, code = hosting.world, hosting.ask()
    hosting.sign_home(code)

    def signs(session: Session) -> None:
        agreeing.sign_host(session, actor=hosting.host_planner, provider_slug=HOST, code=code, now=world.now)

    def passes(session: Session) -> None:
        book_agreed_results(session, module_id=hosting.module_id, results={world.learner.person_id: True}, by=None, now=world.now)

    assert at_the_same_time(world.database, signs, passes) == "done"
    assert (hosting.row(code).state, len(hosting.credits())) == (S.BOOKED, 2)


def test_a_result_that_is_looked_at_again_after_the_last_day_has_its_own_time(hosting: Hosting) -> None:
    world, code = hosting.world, hosting.signed()
    theirs = {"module_id": hosting.module_id, "by": None}
    world.run(book_agreed_results, results={world.learner.person_id: True}, **theirs)
    world.now = hosting.row(code).until + timedelta(days=1)
    world.run(take_back_agreed_results, person_id=world.learner.person_id, **theirs)
    assert world.run(agreeing.end_overdue) == 0
    world.run(book_agreed_results, results={world.learner.person_id: True}, **theirs)
    assert (hosting.row(code).state, len(hosting.credits())) == (S.BOOKED, 2)


def test_a_link_books_nothing_after_the_last_day_and_who_failed_lapses_then(hosting: Hosting) -> None:
    code = signed_elsewhere(hosting)
    report(hosting, code, passed=False)
    hosting.world.now = hosting.row(code).until
    with pytest.raises(AgreementClosed):
        report(hosting, code)
    assert (hosting.credits(), hosting.world.run(agreeing.end_overdue), hosting.row(code).state) == ({}, 1, S.ENDED)


def test_words_that_nobody_agreed_to_are_a_no_with_its_reason(hosting: Hosting) -> None:
    code = signed_elsewhere(hosting)
    reword(hosting, 0)
    report(hosting, code)
    assert list(hosting.credits()) == [hosting.world.outcomes[1]]
    with hosting.world.database.reading() as session:
        said = {row.outcome_id: (row.judgement, bool(row.reason)) for row in session.scalars(select(DecisionAnswer))}
    assert said == {hosting.world.outcomes[0]: (Judgement.NO, True), hosting.world.outcomes[1]: (Judgement.YES, False)}


def test_where_nothing_is_left_of_what_was_agreed_nothing_is_booked(hosting: Hosting) -> None:
    code = signed_elsewhere(hosting)
    reword(hosting, 0, 1)
    with pytest.raises(OutcomesReworded):
        report(hosting, code)
    assert (hosting.row(code).state, hosting.credits()) == (S.SIGNED, {})


def test_what_is_looked_at_again_while_the_clock_ends_it_goes_on(hosting: Hosting) -> None:
    world, code = hosting.world, hosting.signed()
    world.run(book_agreed_results, module_id=hosting.module_id, results={world.learner.person_id: False}, by=None)
    world.now = hosting.row(code).until

    def reopens(session: Session) -> None:
        take_back_agreed_results(session, module_id=hosting.module_id, person_id=world.learner.person_id, by=None, now=world.now)

    assert at_the_same_time(world.database, reopens, lambda session: agreeing.end_overdue(session, now=world.now)) == "done"
    assert hosting.row(code).state is S.SIGNED
