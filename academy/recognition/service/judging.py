"""Assessors judge: take a portfolio up, ask for more or judge it per outcome, look a second time, and write the report.

Whether somebody may judge here is asked at every step, by `history.move`: who became the learner's employer meanwhile can only stand back.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce
from academy.recognition.errors import StepRefused
from academy.recognition.errors.judging import AnswersFaulty, NothingAsked, NothingBooked
from academy.recognition.events import SlotBooked
from academy.recognition.facts import FileFacts, InstrumentFacts
from academy.recognition.kinds import (
    ALWAYS_MET,
    AnswerFault,
    EvidenceKind,
    FileState,
    InstrumentKind,
    Judgement,
    WhyNot,
)
from academy.recognition.models import (
    FileOutcome,
    InstrumentAnswer,
    InstrumentUse,
    Report,
    ReportAnswer,
    ReportEvidence,
)
from academy.recognition.queries.files import file_at, file_by_id
from academy.recognition.queries.judging import has_part, held_by, may_judge
from academy.recognition.queries.portfolio import evidence_of, instruments_of, outcomes_of
from academy.recognition.queries.slots import booked_in
from academy.recognition.rules.clocks import is_over
from academy.recognition.rules.deciding import Answer, answer_faults, report_faults
from academy.recognition.rules.sealing import digest_of_answers
from academy.recognition.service.evidence import give_share
from academy.recognition.service.history import move, step_of_assessor
from academy.recognition.service.slots import SlotDraft, appoint, end_share, free_booking, hold, note_act

_F = FileState
_PORTFOLIO: Final = InstrumentKind.PORTFOLIO


def take_assessment(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Take a portfolio up that was sent; from now on the actor sees its evidence. Who has it has it.

    Of somebody who does not assess here any more, or may not in this file, a colleague takes over: a portfolio, or a second look, that then gets a new day.
    Raises FileNotFound, ProviderNotFound, StepRefused, and ShareTakenBack for whom the learner does not want to see it any more.
    """
    file = _held(session, actor, provider_slug, code)
    holder = held_by(file, instruments_of(session, file.id))
    if holder == actor.person_id:
        return
    if holder is not None and not may_judge(session, file, holder):
        file = _freed(session, actor, file, now=now)
    if file.state is _F.PORTFOLIO_SUBMITTED:
        session.add(InstrumentUse(id=new_id(), file_id=file.id, kind=_PORTFOLIO, assessor_id=actor.person_id, begun_at=now))
        give_share(session, file.id, actor.person_id, by_learner=False, now=now)
        move(session, file.id, step_of_assessor(session, _F.ASSESSMENT_PLANNED, actor), now=now)
    elif holder is None or file.state is not _F.ASSESSED:
        raise StepRefused(WhyNot.NO_WAY)
    else:
        give_share(session, file.id, actor.person_id, by_learner=False, now=now)
    note_act(session, actor, file, "file-taken-up", now=now)


def _freed(session: Session, actor: Actor, file: FileFacts, *, now: datetime) -> FileFacts:
    """Take from somebody what they can not judge any more; only by who may judge it instead. Raises StepRefused."""
    if not may_judge(session, file, actor.person_id):
        raise StepRefused(WhyNot.UNFIT)
    for each in instruments_of(session, file.id):
        if each.done_at is None and (each.kind is _PORTFOLIO) is (file.state is _F.ASSESSMENT_PLANNED):
            free_booking(session, file, each.id, now=now)
            end_share(session, file.id, each.assessor_id, now=now)
    back = _F.PORTFOLIO_SUBMITTED if file.state is _F.ASSESSMENT_PLANNED else _F.ASSESSED
    move(session, file.id, step_of_assessor(session, back, actor), now=now)
    return file_by_id(session, file.id)


def stand_back(session: Session, *, actor: Actor, provider_slug: str, code: str, now: datetime) -> None:
    """Give back what the actor has not judged yet, and see the evidence no more; also for who may not judge here any more. What was judged stays.

    Raises FileNotFound, ProviderNotFound, StepRefused for who has nothing to give back.
    """
    file = _held(session, actor, provider_slug, code)
    if not has_part(session, file.id, actor.person_id):
        raise StepRefused(WhyNot.NOT_THEIRS)
    open_portfolio, booked = _open_portfolio(session, file), booked_in(session, file.id)
    if open_portfolio is not None and open_portfolio.assessor_id == actor.person_id:
        free_booking(session, file, open_portfolio.id, now=now)
        move(session, file.id, step_of_assessor(session, _F.PORTFOLIO_SUBMITTED, actor), now=now)
    if booked is not None and booked.assessor_id == actor.person_id:
        free_booking(session, file, booked.id, now=now)
        if file.state is _F.SECOND_PLANNED:
            move(session, file.id, step_of_assessor(session, _F.ASSESSED, actor), now=now)
    end_share(session, file.id, actor.person_id, now=now)
    note_act(session, actor, file, "file-given-back", now=now)


def ask_for_more(session: Session, *, actor: Actor, provider_slug: str, code: str, missing: Mapping[UUID, str], now: datetime) -> None:
    """Say per outcome what is missing in a portfolio that the actor took up; the learner adds it and sends it again, and their clock starts over.

    Raises FileNotFound, ProviderNotFound, NothingAsked, StepRefused.
    """
    file = _held(session, actor, provider_slug, code)
    mine = _mine(_open_portfolio(session, file), actor)
    known = {each.id for each in outcomes_of(session, file.id)}
    asked = {outcome_id: text.strip() for outcome_id, text in missing.items() if text.strip() and outcome_id in known}
    if not asked:
        raise NothingAsked
    for outcome_id in sorted(known):
        said = update(FileOutcome).where(FileOutcome.file_id == file.id, FileOutcome.outcome_id == outcome_id).values(missing=asked.get(outcome_id, ""))
        session.execute(said.execution_options(synchronize_session=False))
    free_booking(session, file, mine.id, now=now)
    move(session, file.id, step_of_assessor(session, _F.PORTFOLIO_SUBMITTED, actor), now=now)
    move(session, file.id, step_of_assessor(session, _F.PORTFOLIO_INCOMPLETE, actor), now=now)
    note_act(session, actor, file, "file-more-asked", now=now)


def judge_portfolio(session: Session, *, actor: Actor, provider_slug: str, code: str, answers: Sequence[Answer], notes: str, now: datetime) -> None:
    """Judge the portfolio: every outcome has an answer. Where a second look has its day already, the file goes on to it in the same commit.

    Raises FileNotFound, ProviderNotFound, AnswersFaulty, StepRefused.
    """
    file = _held(session, actor, provider_slug, code)
    mine = _mine(_open_portfolio(session, file), actor)
    faults = portfolio_faults([each.id for each in outcomes_of(session, file.id)], answers)
    if faults:
        raise AnswersFaulty(faults)
    _done(session, mine.id, answers, notes=notes, now=now)
    move(session, file.id, step_of_assessor(session, _F.ASSESSED, actor), now=now)
    if booked_in(session, file.id) is not None:
        move(session, file.id, step_of_assessor(session, _F.SECOND_PLANNED, actor), now=now)
    note_act(session, actor, file, "file-portfolio-judged", now=now)


def plan_instrument(session: Session, *, actor: Actor, provider_slug: str, code: str, draft: SlotDraft, now: datetime) -> UUID:
    """Plan a look at a moment that was agreed with the learner; the actor judges it. After the second it is one more, to be certain.

    Only by who judges or judged in it, or with whom its learner shares it. Returns its id. Raises FileNotFound, ProviderNotFound, StepRefused, ShareTakenBack,
    SlotWrong, SlotsOverlap, PlaceNotFound.
    """
    file = _held(session, actor, provider_slug, code)
    if file.state not in {_F.ASSESSED, _F.SECOND_DONE}:
        raise StepRefused(WhyNot.NO_WAY)
    if not has_part(session, file.id, actor.person_id):
        raise StepRefused(WhyNot.NOT_THEIRS)
    slot = appoint(session, provider_id=file.provider_id, assessor_id=actor.person_id, draft=draft, now=now)
    use = InstrumentUse(id=new_id(), file_id=file.id, kind=slot.kind, assessor_id=actor.person_id, slot_id=slot.id, begun_at=now, planned_at=slot.starts_at)
    session.add(use)
    give_share(session, file.id, actor.person_id, by_learner=False, now=now)
    move(session, file.id, step_of_assessor(session, _F.SECOND_PLANNED, actor), now=now)
    announce(session, SlotBooked(use.id))
    note_act(session, actor, file, "file-look-planned", now=now)
    return use.id


def finish_instrument(session: Session, *, actor: Actor, provider_slug: str, code: str, answers: Sequence[Answer], notes: str, now: datetime) -> None:
    """Judge the second look, once it has begun: those outcomes that came up in it. Raises FileNotFound, ProviderNotFound, AnswersFaulty, NothingBooked,
    StepRefused.
    """
    file = _held(session, actor, provider_slug, code)
    booked = booked_in(session, file.id)
    if booked is None or file.state is not _F.SECOND_PLANNED:
        raise NothingBooked
    if booked.assessor_id != actor.person_id:
        raise StepRefused(WhyNot.NOT_THEIRS)
    if not is_over(booked.planned_at, now):
        raise StepRefused(WhyNot.TOO_EARLY)
    faults = look_faults([each.id for each in outcomes_of(session, file.id)], answers)
    if faults or not answers:
        raise AnswersFaulty(faults)
    _done(session, booked.id, answers, notes=notes, now=now)
    move(session, file.id, step_of_assessor(session, _F.SECOND_DONE, actor), now=now)
    note_act(session, actor, file, "file-look-judged", now=now)


def issue_report(session: Session, *, actor: Actor, provider_slug: str, code: str, answers: Sequence[Answer], now: datetime) -> str:
    """Conclude, per outcome, with reason and evidence; on the labour-market route this is the certificate. It never changes; assessors see the evidence no more.

    By one of those who looked. Returns its number. Raises FileNotFound, ProviderNotFound, AnswersFaulty, StepRefused.
    """
    file = _held(session, actor, provider_slug, code)
    if file.state is not _F.SECOND_DONE:
        raise StepRefused(WhyNot.NO_WAY)
    if actor.person_id not in {each.assessor_id for each in instruments_of(session, file.id) if each.done_at is not None}:
        raise StepRefused(WhyNot.NOT_THEIRS)
    # The title of a statement names a colleague of the learner; a report stays, so it names the employer only.
    titles = {each.id: each.source if each.kind is EvidenceKind.STATEMENT else each.title for each in evidence_of(session, file.id)}
    faults = report_faults([each.id for each in outcomes_of(session, file.id)], answers, titles)
    if faults:
        raise AnswersFaulty(faults)
    number = short_code()
    session.add(Report(file_id=file.id, number=number, issued_at=now, issued_by=actor.person_id, digest=digest_of_answers(file.id, answers)))
    session.flush()
    session.add_all(
        ReportAnswer(
            file_id=file.id, outcome_id=each.outcome_id, judgement=each.judgement, part=each.part, reason=each.reason, met=sorted(one.value for one in each.met),
        )
        for each in answers
    )
    session.flush()
    session.add_all(
        ReportEvidence(file_id=file.id, outcome_id=each.outcome_id, evidence_id=evidence_id, title=titles[evidence_id])
        for each in answers for evidence_id in sorted(each.evidence)
    )
    move(session, file.id, step_of_assessor(session, _F.REPORT_ISSUED, actor, answers=tuple(answers)), now=now)
    end_share(session, file.id, None, now=now)
    note_act(session, actor, file, "file-report-issued", now=now)
    return number


def portfolio_faults(asked: Collection[UUID], answers: Sequence[Answer]) -> list[tuple[UUID, AnswerFault]]:
    """Return what is wrong with what is said of a portfolio: every outcome has its answer, and a yes rests on evidence that is authentic, relevant and current."""
    criteria = [(each.outcome_id, AnswerFault.CRITERIA) for each in answers if each.judgement is Judgement.YES and not each.met >= ALWAYS_MET]
    return answer_faults(asked, answers) + criteria


def look_faults(asked: Collection[UUID], answers: Sequence[Answer]) -> list[tuple[UUID, AnswerFault]]:
    """Return what is wrong with what is said after another look: as of a portfolio, of those outcomes that came up; no paper is weighed then."""
    return [(outcome_id, fault) for outcome_id, fault in answer_faults(asked, answers) if fault is not AnswerFault.MISSING]


def _held(session: Session, actor: Actor, provider_slug: str, code: str) -> FileFacts:
    _desk, found = file_at(session, actor, provider_slug, code)
    return hold(session, found)


def _open_portfolio(session: Session, file: FileFacts) -> InstrumentFacts | None:
    """Return the portfolio that somebody took up and has not judged."""
    return next((each for each in instruments_of(session, file.id) if each.kind is _PORTFOLIO and each.done_at is None), None)


def _mine(found: InstrumentFacts | None, actor: Actor) -> InstrumentFacts:
    if found is None:
        raise StepRefused(WhyNot.NO_WAY)
    if found.assessor_id != actor.person_id:
        raise StepRefused(WhyNot.NOT_THEIRS)
    return found


def _done(session: Session, use_id: UUID, answers: Sequence[Answer], *, notes: str, now: datetime) -> None:
    done = update(InstrumentUse).where(InstrumentUse.id == use_id, InstrumentUse.done_at.is_(None), InstrumentUse.called_off_at.is_(None))
    if rows_changed(session, done.values(done_at=now, notes=notes).execution_options(synchronize_session=False)) != 1:
        raise NothingBooked
    session.add_all(
        InstrumentAnswer(
            instrument_id=use_id, outcome_id=each.outcome_id, judgement=each.judgement, part=each.part, reason=each.reason, met=sorted(one.value for one in each.met),
        )
        for each in answers
    )
    session.flush()
