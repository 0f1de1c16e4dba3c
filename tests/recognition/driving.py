"""Everybody who has a part in a file does something to it through the use cases, by their own right or not; and what must hold after each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, Role
from academy.accounts.models import Membership
from academy.kernel.errors import Refusal
from academy.recognition.kinds import (
    ALWAYS_MET,
    STANDING,
    Advice,
    DecisionGround,
    EvidenceKind,
    FileState,
    InstrumentKind,
    Judgement,
    Route,
)
from academy.recognition.models import (
    Credit,
    Decision,
    DecisionAnswer,
    DecisionSignature,
    FileEvidence,
    FileOutcome,
    FileStep,
    InstrumentUse,
    RecognisedTotal,
    RecognitionFile,
)
from academy.recognition.queries import due
from academy.recognition.queries.board_file import seen_now
from academy.recognition.queries.files import file_by_id
from academy.recognition.rules.deciding import Answer
from academy.recognition.rules.states import way
from academy.recognition.service import archiving, claiming, deciding, evidence, guiding, judging, waiting
from academy.recognition.service.claiming import Said
from academy.recognition.service.slots import SlotDraft
from tests.recognition.world import NO, PARTLY, SLUG, YES, World

F = FileState
ODD = 0.12  # how often somebody acts who has another part


@dataclass
class Drive:
    """One file, and the chance by which people act on it."""

    world: World
    chance: Random
    route: Route
    code: str = ""
    file_id: UUID = field(default_factory=lambda: UUID(int=0))
    gone: set[tuple[FileState | None, FileState]] = field(default_factory=set)
    decided: dict[UUID, str] = field(default_factory=dict)

    def begin(self) -> None:
        said = {each: Said(YES, "Elke week") for each in self.world.outcomes}
        self.code = self.world.run(claiming.open_file, actor=self.world.learner, module_slug=self.world.module.slug, route=self.route, answers=said)
        with self.world.database.reading() as session:
            self.file_id = session.scalars(select(RecognitionFile.id).where(RecognitionFile.code == self.code)).one()
        piece = self.world.diploma(code=str(self.chance.randrange(10**6)))
        self.world.run(evidence.use_evidence, actor=self.world.learner, code=self.code, evidence_id=piece, outcome_ids=self.world.outcomes)

    # Who acts, and with what

    def one_of(self, *theirs: Actor) -> Actor:
        world = self.world
        everybody = (world.learner, world.guide, world.assessor, world.other_assessor, world.board, world.other_of_board, world.stranger, world.owner)
        return self.chance.choice(everybody if self.chance.random() < ODD else theirs)

    def assessors(self) -> Actor:
        return self.one_of(self.world.assessor, self.world.assessor, self.world.other_assessor)

    def at_desk(self, actor: Actor) -> dict[str, Any]:
        return {"actor": actor, "provider_slug": SLUG, "code": self.code}

    def answers(self, session: Session, *, is_whole: bool = True) -> tuple[Answer, ...]:
        asked = session.scalars(select(FileOutcome.outcome_id).where(FileOutcome.file_id == self.file_id).order_by(FileOutcome.position)).all()
        used = frozenset(session.scalars(select(FileEvidence.evidence_id).where(FileEvidence.file_id == self.file_id)))
        sure = self.chance.choice((None, YES, NO))
        given = [(outcome_id, sure or self.chance.choice((YES, PARTLY, NO))) for outcome_id in asked]
        if not is_whole or self.chance.random() < ODD / 2:
            given = given[1:]
        return tuple(_answer(outcome_id, judgement, used) for outcome_id, judgement in given)

    # Acts

    def act(self) -> str:
        """Let somebody do something; returns what, and whether it was refused."""
        name, do = self.chance.choice(self.fitting())
        try:
            do()
        except Refusal as refused:
            return f"{name}: {refused.code}"
        finally:
            self.world.pass_time(hours=self.chance.choice((0, 1, 5, 30)))
        return name

    def fitting(self) -> list[tuple[str, Callable[[], object]]]:
        """Return acts, those that the present state waits for more often than others."""
        all_acts = self.all_acts()
        state = self.world.facts(self.file_id).state
        hoped = {
            F.DRAFT: ("ask", "guide"), F.INTAKE_PLANNED: ("take", "advise", "advise and sign"), F.INTAKE_DONE: ("sign", "sign as guide", "ask again", "take"),
            F.PORTFOLIO_OPEN: ("send",), F.PORTFOLIO_SUBMITTED: ("assess",), F.PORTFOLIO_INCOMPLETE: ("send",), F.ASSESSMENT_PLANNED: ("judge", "more", "stand back", "judge"),
            F.ASSESSED: ("plan",), F.SECOND_PLANNED: ("finish", "days", "call off"), F.SECOND_DONE: ("report", "report", "plan"),
            F.REPORT_ISSUED: ("request", "archive", "months"), F.EXEMPTION_REQUESTED: ("decide",), F.APPEALED: ("revise", "confirm", "take back"), F.LAPSED: ("contest", "archive", "months"),
            F.WITHDRAWN: ("archive",),
        }.get(state, ("appeal", "revise", "archive", "months"))
        return [(each, all_acts[each]) for each in all_acts if each in hoped for _time in range(12)] + list(all_acts.items())

    def all_acts(self) -> dict[str, Callable[[], object]]:
        world, run = self.world, self.world.run
        learner = {"actor": self.one_of(world.learner), "code": self.code}
        guide, assessor = self.at_desk(self.one_of(world.guide)), self.at_desk(self.assessors())
        board = self.at_desk(self.one_of(world.board, world.other_of_board))
        return {
            "ask": lambda: run(claiming.ask_intake, stated=self.chance.random() < 0.7, **learner),
            "take": lambda: run(guiding.take_file, **guide),
            "hand back": lambda: run(guiding.hand_back_file, **guide),
            "guide": lambda: run(guiding.take_file, **self.at_desk(self.assessors())),
            "advise": lambda: run(guiding.advise, advice=self.chance.choice(tuple(Advice)), reason="omdat", **guide),
            "advise and sign": lambda: run(guiding.advise_and_sign, reason="", **guide),
            "sign as guide": lambda: run(guiding.sign_as_guide, **guide),
            "ask again": lambda: run(claiming.ask_intake_again, **learner),
            "sign": lambda: run(claiming.sign_agreement, **learner),
            "send": lambda: run(claiming.send_portfolio, stated=True, **learner),
            "assess": lambda: run(judging.take_assessment, **assessor),
            "stand back": lambda: run(judging.stand_back, **assessor),
            "more": lambda: run(judging.ask_for_more, missing={world.outcomes[0]: "een foto"}, **assessor),
            "judge": lambda: self.said(judging.judge_portfolio, notes="", **assessor),
            "plan": lambda: run(judging.plan_instrument, draft=self.look(), **assessor),
            "finish": lambda: self.said(judging.finish_instrument, notes="", **assessor),
            "report": lambda: self.said(judging.issue_report, **assessor),
            "request": lambda: run(claiming.request_exemption, **learner),
            "decide": lambda: self.seen(deciding.decide, is_answered=True, **board),
            "revise": lambda: self.seen(deciding.revise, is_answered=True, why="nieuw bewijs", **board),
            "confirm": lambda: self.seen(deciding.confirm_after_appeal, is_answered=False, why="het klopt", **board),
            "appeal": lambda: run(claiming.appeal, reason="ik kan het wel", **learner),
            "take back": lambda: run(claiming.take_appeal_back, **learner),
            "withdraw": lambda: run(claiming.withdraw_file, **learner) if self.chance.random() < 0.2 else None,
            "contest": lambda: run(claiming.contest_lapse, **learner),
            "days": lambda: world.pass_time(days=2),
            "months": self.months,
            "archive": lambda: run(archiving.archive_file, file_id=self.file_id),
            "drop": lambda: run(evidence.drop_evidence, evidence_id=self.some_evidence(), **learner),
            "add": lambda: run(evidence.use_evidence, evidence_id=world.evidence(EvidenceKind.WORK), outcome_ids=world.outcomes, **learner),
        }

    def look(self) -> SlotDraft:
        kind = self.chance.choice((InstrumentKind.INTERVIEW, InstrumentKind.WORKPLACE, InstrumentKind.TEST))
        return SlotDraft(kind, (self.world.now + timedelta(hours=1),), timedelta(minutes=30), where="Op het werk")

    def said(self, use_case: Callable[..., object], **what: Any) -> None:
        with self.world.database.writing() as session:
            use_case(session, answers=self.answers(session), now=self.world.now, **what)

    def seen(self, use_case: Callable[..., object], *, is_answered: bool, **what: Any) -> None:
        with self.world.database.writing() as session:
            given = {"answers": self.answers(session)} if is_answered else {}
            use_case(session, seen_digest=seen_now(session, file_by_id(session, self.file_id)), now=self.world.now, **given, **what)

    def some_evidence(self) -> UUID:
        with self.world.database.reading() as session:
            return next(iter(session.scalars(select(FileEvidence.evidence_id).where(FileEvidence.file_id == self.file_id))), UUID(int=1))

    def months(self) -> None:
        """Let time go by, with the rounds of each week."""
        for _week in range(self.chance.choice((3, 14))):
            self.world.pass_time(days=7)
            with self.world.database.reading() as session:
                told, over = due.files_to_tell(session, now=self.world.now), due.files_to_lapse(session, now=self.world.now)
            for each in told:
                self.world.run(waiting.tell_stillness, file_id=each)
            for each in over:
                self.world.run(waiting.lapse_file, file_id=each)


def _answer(outcome_id: UUID, judgement: Judgement, used: frozenset[UUID]) -> Answer:
    is_no = judgement is NO
    return Answer(
        outcome_id, judgement, "de helft" if judgement is PARTLY else "", "gezien", frozenset() if is_no else used, frozenset() if is_no else ALWAYS_MET,
    )


def check(session: Session, drive: Drive) -> None:
    """Check what a fair procedure promises of everything that is in the database now."""
    file = session.get_one(RecognitionFile, drive.file_id, populate_existing=True)
    steps = session.execute(select(FileStep.from_state, FileStep.to_state).where(FileStep.file_id == file.id).order_by(FileStep.id)).all()
    assert all(way(was, becomes) is not None for was, becomes in steps)
    assert [was for was, _to in steps[1:]] == [becomes for _was, becomes in steps[:-1]]
    assert steps[-1][1] is file.state
    drive.gone |= {(was, becomes) for was, becomes in steps}
    looks = session.scalars(select(InstrumentUse).where(InstrumentUse.file_id == file.id, InstrumentUse.done_at.is_not(None))).all()
    others = [each for each in looks if each.assessor_id not in {file.person_id, file.guide_id}]
    decisions = session.scalars(select(Decision).where(Decision.file_id == file.id)).all()
    assert bool(decisions) <= (file.route is Route.EDUCATION)
    for each in decisions:
        _check_decision(session, drive, file, each, others)
    assert (file.state in STANDING) <= (file.decision_id in {each.id for each in decisions})
    _check_credits(session, drive, [each.id for each in decisions])


def _check_decision(session: Session, drive: Drive, file: RecognitionFile, decision: Decision, others: Sequence[InstrumentUse]) -> None:
    kinds = {each.kind for each in others}
    assert InstrumentKind.PORTFOLIO in kinds
    assert len(kinds) >= 2
    signers = set(session.scalars(select(DecisionSignature.person_id).where(DecisionSignature.decision_id == decision.id)))
    board = set(session.scalars(select(Membership.person_id).where(Membership.organisation_id == file.provider_id, Membership.role == Role.EXAM_BOARD)))
    assert signers
    assert signers <= board
    assert not signers & {file.person_id, file.guide_id, *(each.assessor_id for each in others)}
    answers = session.execute(
        select(DecisionAnswer.outcome_id, DecisionAnswer.judgement, DecisionAnswer.part, DecisionAnswer.reason, DecisionAnswer.ec)
        .where(DecisionAnswer.decision_id == decision.id).order_by(DecisionAnswer.outcome_id),
    ).all()
    assert {each.outcome_id for each in answers} == set(session.scalars(select(FileOutcome.outcome_id).where(FileOutcome.file_id == file.id)))
    as_it_was = drive.decided.setdefault(decision.id, repr((answers, decision.digest, sorted(signers))))
    assert as_it_was == repr((answers, decision.digest, sorted(signers))), "what was decided never changes"
    assert decision.ground is DecisionGround.FILE


def _check_credits(session: Session, drive: Drive, decisions: Sequence[UUID]) -> None:
    """Credits are the outcomes that the decision that counts granted whole: no more, no less."""
    replaced = set(session.scalars(select(Decision.replaces_id).where(Decision.replaces_id.is_not(None))))
    counts = [each for each in decisions if each not in replaced]
    assert len(counts) <= 1
    granted = dict(session.execute(
        select(DecisionAnswer.outcome_id, DecisionAnswer.ec).where(DecisionAnswer.decision_id.in_(counts), DecisionAnswer.judgement == YES),
    ).all())
    there = dict(session.execute(select(Credit.outcome_id, Credit.ec).where(Credit.person_id == drive.world.learner.person_id, Credit.ended_at.is_(None))).all())
    assert there == granted
    total = session.scalars(select(RecognisedTotal.ec)).one_or_none() or Decimal(0)
    assert total == sum(there.values(), Decimal(0))
