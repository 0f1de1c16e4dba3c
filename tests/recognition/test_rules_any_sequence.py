"""Whatever learner, guide, assessors, boards and the clock try, in whatever order: what a fair procedure promises holds after every step."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from academy.recognition.kinds import (
    ALWAYS_MET,
    BEFORE_DECISION,
    DECIDED,
    OPEN_TO_EVIDENCE,
    STANDING,
    FileState,
    InstrumentKind,
    Route,
    Who,
)
from academy.recognition.rules.clocks import LAPSE_DAYS, told_at
from academy.recognition.rules.credits import earned, shares
from academy.recognition.rules.deciding import Answer, File, Step, decision_of, granted, why_not
from academy.recognition.rules.instruments import Instrument, People
from academy.recognition.rules.states import FILE_WAYS
from tests.recognition.files import (
    ASSESSOR,
    BOARD,
    DIPLOMA,
    EMPLOYER,
    GUIDE,
    LEARNER,
    NO,
    NOW,
    OTHER_ASSESSOR,
    OTHER_OF_BOARD,
    OTHER_PROVIDER,
    OUTCOMES,
    PARTLY,
    PROVIDER,
    STRANGER,
    WORK,
    YES,
)

F = FileState
STEPS = 120
PEOPLE = (LEARNER, GUIDE, ASSESSOR, OTHER_ASSESSOR, BOARD, OTHER_OF_BOARD, STRANGER, None)
MEMBERS = (BOARD, OTHER_OF_BOARD, UUID(int=51), UUID(int=52))
MOSTLY = {
    Who.LEARNER: (LEARNER,), Who.GUIDE: (GUIDE,), Who.ASSESSOR: (ASSESSOR, OTHER_ASSESSOR), Who.EXAM_BOARD: MEMBERS, Who.WORKER: (None,),
}
WORTH = dict(zip(OUTCOMES, shares(Decimal("5.0"), [1, 1, 1]), strict=True))
WAYS_FROM = {state: [each for each in FILE_WAYS if each.was is state] for state in F}


@dataclass
class World:
    """One file and the chance by which people do things to it, mostly what is theirs and sometimes anything."""

    chance: Random
    file: File
    now: datetime = NOW
    answers: tuple[Answer, ...] = ()  # of the decision that counts
    odd: float = 0.0  # how likely each part of the next step is not as it should be
    gone: list[tuple[FileState, Step]] = field(default_factory=list)

    def is_odd(self) -> bool:
        return self.chance.random() < self.odd

    def prepare(self) -> None:
        """Let somebody do what changes no state: the part of a service that the rules do not see."""
        what = self.chance.randrange(9)
        if what == 0 and self.file.state in OPEN_TO_EVIDENCE:
            self.file = replace(self.file, evidence=self.file.evidence | {self.chance.choice((DIPLOMA, WORK))}, idle_since=self.now, told=())
        elif what == 1:
            self.file = replace(self.file, agreement=self.file.agreement | {self.chance.choice((Who.LEARNER, Who.GUIDE))})
        elif what == 2:
            self.file = replace(self.file, is_stated=True)
        elif what in {3, 4, 5} and self.file.state in {F.ASSESSMENT_PLANNED, F.SECOND_PLANNED}:
            by = self.chance.choice(PEOPLE[:-1]) if self.is_odd() else self.chance.choice((ASSESSOR, OTHER_ASSESSOR))
            kind = InstrumentKind.PORTFOLIO if self.file.state is F.ASSESSMENT_PLANNED else self.chance.choice(tuple(InstrumentKind))
            self.file = replace(self.file, instruments=(*self.file.instruments, Instrument(kind, by, None if self.is_odd() else self.now)))
        elif what == 6 and self.file.state in BEFORE_DECISION:
            guide = self.chance.choice((GUIDE, GUIDE, GUIDE, ASSESSOR))
            self.file = replace(self.file, people=replace(self.file.people, guide_id=guide))
        elif what in {7, 8}:
            self.pass_time()

    def pass_time(self) -> None:
        self.now += timedelta(days=self.chance.choice((10, 100) if self.file.state in STANDING else (0, 0, 1, 1, 5, 10, 35, 100)))
        sent = tuple(moment for moment in told_at(self.file.idle_since) if moment <= self.now)
        self.file = replace(self.file, told=sent)

    def draw_step(self) -> Step:
        way = self.chance.choice(WAYS_FROM[self.file.state])
        becomes = self.chance.choice(tuple(F)) if self.is_odd() else way.becomes
        who = self.chance.choice(tuple(Who)) if self.is_odd() else self.chance.choice(way.who)
        person = self.chance.choice(PEOPLE) if self.is_odd() else self.chance.choice(MOSTLY[who])
        if who is Who.GUIDE and not self.is_odd():
            person = self.file.people.guide_id
        others = {self.chance.choice((ASSESSOR, GUIDE, LEARNER) if self.is_odd() else MEMBERS)}
        return Step(
            becomes, who, person, OTHER_PROVIDER if self.is_odd() else PROVIDER, frozenset({EMPLOYER} if self.is_odd() else ()), self.draw_answers(becomes),
            frozenset(others if person is None else {person, *others}), self.file.decision_id if becomes is F.REVISED and not self.is_odd() else None,
        )

    def draw_answers(self, becomes: FileState) -> tuple[Answer, ...]:
        sure = {F.GRANTED: YES, F.REFUSED: NO}.get(becomes)
        judgements = [self.chance.choice((YES, PARTLY, NO)) if sure is None or self.is_odd() else sure for _outcome in OUTCOMES]
        given = tuple(
            Answer(
                outcome, judgement, "a part" if judgement is PARTLY else "", "" if self.is_odd() else "seen", frozenset() if judgement is NO else self.file.evidence,
                frozenset() if self.is_odd() else ALWAYS_MET,
            )
            for outcome, judgement in zip(OUTCOMES, judgements, strict=True)
        )
        return given[:2] if self.is_odd() else given

    def take(self, step: Step) -> None:
        """Do what a service does once the rules say that nothing stands in the way."""
        was = self.file
        self.gone.append((was.state, step))
        decides = step.who is Who.EXAM_BOARD and step.becomes is not F.CONFIRMED
        self.file = replace(
            was, state=step.becomes, since=self.now, idle_since=self.now if step.who is Who.LEARNER else was.idle_since,
            told=() if step.who is Who.LEARNER else was.told, lapsed_from=was.state if step.becomes is F.LAPSED else None,
            decision_id=UUID(int=1000 + len(self.gone)) if decides else was.decision_id, decided_by=step.signers if decides else was.decided_by,
        )
        self.answers = step.answers if decides else self.answers


def check(world: World, before: File, answers_before: tuple[Answer, ...]) -> None:
    """Check the promises on the last step that was gone."""
    was, step = world.gone[-1]
    file = world.file
    judged = [each for each in file.instruments if each.done_at and each.assessor_id not in {LEARNER, file.people.guide_id}]
    if step.who is Who.ASSESSOR and (was, step.becomes) not in {(F.ASSESSMENT_PLANNED, F.PORTFOLIO_SUBMITTED), (F.SECOND_PLANNED, F.ASSESSED)}:
        assert step.person_id not in {LEARNER, before.people.guide_id, None}
        assert EMPLOYER not in step.acts_for
    if step.becomes in {F.REPORT_ISSUED, *DECIDED, F.REVISED}:
        assert len({each.kind for each in judged}) >= 2
        assert InstrumentKind.PORTFOLIO in {each.kind for each in judged}
        assert [each.outcome_id for each in step.answers] == list(OUTCOMES)
    if step.becomes in {*DECIDED, F.REVISED}:
        assert file.route is Route.EDUCATION
        assert (step.who, step.provider_id) == (Who.EXAM_BOARD, PROVIDER)
        assert len(step.signers) >= file.signatures
        assert not step.signers & {LEARNER, file.people.guide_id, *(each.assessor_id for each in file.instruments)}
        assert earned(WORTH, granted(step.answers)) == sum(WORTH[each.outcome_id] for each in step.answers if each.judgement is YES)
    if step.becomes in DECIDED:
        assert decision_of(step.answers) is step.becomes
    if before.decision_id and step.becomes is not F.REVISED:  # decided: nothing of it changes
        assert (file.decision_id, world.answers, file.evidence) == (before.decision_id, answers_before, before.evidence)
    if step.becomes is F.REVISED:
        assert step.replaces == before.decision_id
        assert was is not F.APPEALED or not step.signers & before.decided_by
    if step.becomes is F.LAPSED:
        assert len(before.told) == 2
        assert world.now - before.idle_since >= timedelta(days=LAPSE_DAYS)
    if was is F.LAPSED and step.who is Who.LEARNER:
        assert step.becomes is before.lapsed_from


def play(chance: Random, route: Route, signatures: int) -> World:
    people = People(LEARNER, GUIDE, frozenset({EMPLOYER}))
    world = World(chance, File(F.DRAFT, route, people, PROVIDER, OUTCOMES, NOW, NOW, signatures=signatures))
    for _time in range(STEPS):
        if world.file.state is F.ARCHIVED:
            break
        world.odd = chance.choice((0.0, 0.0, 0.0, 0.05, 0.3))
        world.prepare()
        step, before, answers_before = world.draw_step(), world.file, world.answers
        if chance.random() < {F.WITHDRAWN: 0.97, F.LAPSED: 0.7}.get(step.becomes, 0):
            continue  # else few come to a decision
        if why_not(before, step, world.now) is None:
            world.take(step)
            check(world, before, answers_before)
    return world


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(Route), st.integers(1, 2))
def test_whatever_they_try_the_procedure_stays_fair(seed: int, route: Route, signatures: int) -> None:
    play(Random(seed), route, signatures)  # noqa: S311 - a sequence that can be had again


def test_the_sequences_go_every_way_there_is() -> None:
    left = {(each.was, each.becomes) for each in FILE_WAYS if each.was}
    for seed in range(2000):
        world = play(Random(seed), Route.LABOUR_MARKET if seed % 4 == 0 else Route.EDUCATION, 1 + seed % 2)  # noqa: S311 - the same each time
        left -= {(was, step.becomes) for was, step in world.gone}
        if not left:
            break
    assert not left
