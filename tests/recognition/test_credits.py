"""What is recognised counts: towards admission, once whether by result or by recognition, and never above the maximum of its provider."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from academy.accounts.api import Actor, Role
from academy.enrolment.kinds import ResultScale
from academy.enrolment.queries.admission import has_passed, known_of, known_of_each
from academy.enrolment.rules.results import ReopenReason
from academy.enrolment.service import grading
from academy.enrolment.service.grading import Entry
from academy.kernel.money import Money
from academy.recognition import api
from academy.recognition.kinds import DecisionGround, Judgement
from academy.recognition.models import Terms
from academy.recognition.service.booking import About, Answered, book_decision
from tests import builders
from tests.recognition.hosting import HOST, Hosting, make_hosting
from tests.recognition.world import SLUG, World

Budget = Callable[[int], AbstractContextManager[list[str]]]
KEY = (SLUG, "NET-01")


def grant(world: World, number: int, of: Actor | None = None) -> None:
    """Let the board grant the first outcomes of the module."""
    person = of or world.learner
    about = About(person.person_id, world.module.id, world.provider_id, DecisionGround.EQUIVALENCE)
    answers = [Answered(each.id, each.wording, each.worth, Judgement.YES) for each in world.module.outcomes[:number]]
    world.run(book_decision, about=about, answers=answers, signers=[world.board.person_id])


def recognised(world: World) -> dict[tuple[str, str], api.Recognised]:
    with world.database.reading() as session:
        return api.recognised_of(session, [world.learner.person_id])[world.learner.person_id]


def test_a_module_counts_as_passed_when_all_its_outcomes_were_granted(world: World) -> None:
    assert recognised(world) == {}
    grant(world, 2)
    assert recognised(world) == {KEY: api.Recognised(sum((each.worth for each in world.module.outcomes[:2]), Decimal(0)), is_whole=False)}
    with world.database.reading() as session:
        known = known_of(session, world.learner.person_id)
    assert (known.passed, known.ec) == ({}, Decimal("3.4"))
    grant(world, 3)
    assert recognised(world) == {KEY: api.Recognised(Decimal(5), is_whole=True)}
    with world.database.reading() as session:
        known = known_of(session, world.learner.person_id)
    assert (known.passed, known.ec) == ({KEY: Decimal(5)}, Decimal(5))
    with world.database.reading() as session:
        assert [each.outcome_id for each in api.credits_of(session, world.learner.person_id)] == list(world.outcomes)


def test_what_is_above_the_maximum_of_the_provider_does_not_count(world: World) -> None:
    with world.database.writing() as session:
        session.add(Terms(
            provider_id=world.provider_id, most_ec=Decimal(4), signatures=1, fee=Money(0), changed_at=world.now, changed_by=world.owner.person_id,
        ))
    grant(world, 3)
    assert recognised(world) == {KEY: api.Recognised(Decimal(4), is_whole=True)}


def test_who_has_nothing_recognised_costs_one_statement_more(world: World, queries: Budget) -> None:
    grant(world, 3, of=world.stranger)
    with world.database.reading() as session, queries(3):
        known_of_each(session, [world.learner.person_id])
    with world.database.reading() as session, queries(5):
        known_of_each(session, [world.learner.person_id, world.stranger.person_id])


def test_what_was_refused_is_counted_in_people_and_only_where_people_looked(world: World) -> None:
    about = About(world.learner.person_id, world.module.id, world.provider_id, DecisionGround.EQUIVALENCE)
    first = world.module.outcomes[0]
    no = [Answered(first.id, first.wording, first.worth, Judgement.NO, reason="Nee.")]
    world.run(book_decision, about=about, answers=no, signers=[world.board.person_id])
    with world.database.reading() as session:
        assert api.refused_outcomes(session, since=world.now - timedelta(days=1)) == {}


# A class at the host, from enrolment to credits


class Class:
    """The class at the host in which the learner is, and its result."""

    def __init__(self, hosting: Hosting) -> None:
        world = hosting.world
        self.hosting, self.world = hosting, world
        self.teacher = world.person("Tea Teacher", Role.TEACHER, at=hosting.host_id)
        with world.database.writing() as session:
            self.code = builders.offering(session, world.now, external_id="SRV-01", provider_id=hosting.host_id)
            self.enrolment = builders.enrol(session, actor=world.learner, offering_code=self.code, now=world.now)

    def final(self, grade: str) -> None:
        """Let the teacher enter a grade and the exam board make it final."""
        with self.world.database.writing() as session:
            self._final(session, grade)

    def _final(self, session: Session, grade: str) -> None:
        at = self.world.now + timedelta(days=60)
        about = {"provider_slug": HOST, "code": self.code, "now": at}
        entry = Entry(self.enrolment, grade, self.seen)
        grading.enter_results(session, actor=self.teacher, scale=ResultScale.GRADE_0_10, entries=[entry], **about)  # type: ignore[arg-type]
        grading.make_final(session, actor=self.hosting.host_board, seen={self.enrolment: grade}, **about)  # type: ignore[arg-type]
        self.seen = grade

    seen = ""

    def reopen(self) -> None:
        self.world.run(
            grading.reopen_result, actor=self.hosting.host_board, provider_slug=HOST, code=self.code, enrolment_code=self.enrolment, reason=ReopenReason.APPEAL,
        )


def test_making_a_result_final_at_the_host_books_the_credits_at_home_and_opening_it_again_ends_them(world: World) -> None:
    hosting = make_hosting(world)
    group, code = Class(hosting), hosting.signed()
    group.final("7.0")
    assert (hosting.row(code).state.value, len(hosting.credits())) == ("booked", 2)
    group.reopen()
    assert (hosting.row(code).state.value, hosting.credits()) == ("signed", {})
    group.final("4.0")
    assert (hosting.row(code).state.value, hosting.credits()) == ("not-passed", {})
    group.reopen()
    group.final("6.0")
    assert (hosting.row(code).state.value, len(hosting.credits())) == ("booked", 2)


def test_a_result_that_was_final_before_the_last_signature_counts_with_it(world: World) -> None:
    hosting = make_hosting(world)
    api.learn_results_from(has_passed)
    Class(hosting).final("7.0")
    code = hosting.signed()
    assert (hosting.row(code).state.value, len(hosting.credits())) == ("booked", 2)


def test_one_course_is_one_course_also_where_its_credits_count_at_home(world: World) -> None:
    hosting = make_hosting(world)
    group, code = Class(hosting), hosting.signed()
    group.final("7.0")
    with world.database.reading() as session:
        known = known_of(session, world.learner.person_id)
    assert hosting.row(code).state.value == "booked"
    assert known.ec == known.passed[HOST, "SRV-01"]
