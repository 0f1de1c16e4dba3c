"""Use cases of statements: somebody at work is asked by letter what the learner does there, and their answer becomes evidence.

Order of locks: the file, then the statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, record
from academy.kernel.clock import amsterdam_day, end_of_day
from academy.kernel.db import insert_new, rows_changed
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce
from academy.kernel.text import Language
from academy.recognition.errors import FileClosed
from academy.recognition.errors.evidence import AskedAlready, StatementGone, StatementToOneself, TooManyStatements
from academy.recognition.events import StatementAnswered, StatementAsked
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import BEFORE_DECISION, OPEN_TO_EVIDENCE, EvidenceKind, Judgement
from academy.recognition.models import EmployerStatement, Evidence, FileOutcome, FileParty, RecognitionFile
from academy.recognition.queries.files import file_by_id, file_of_learner
from academy.recognition.queries.library import StatementFacts, statement_by_id, statements_of
from academy.recognition.service.evidence import put_in_file

_ANSWER_WITHIN: Final = timedelta(days=30)
MOST_ASKED: Final = 10  # letters of one file to addresses of its learner's choice


@dataclass(frozen=True)
class Ask:
    """Who is asked: `email` in the form in which we keep it, `kvk_number` of their firm or empty."""

    name: str
    email: str
    employer: str
    kvk_number: str = ""


def ask_statement(session: Session, *, actor: Actor, code: str, ask: Ask, language: Language, now: datetime) -> UUID:
    """Have a letter sent to somebody at work; returns the id of the question.

    A firm that is here is an employer of the learner from now on: who acts for it does not judge. Raises FileNotFound, FileClosed, StatementToOneself,
    AskedAlready, TooManyStatements.
    """
    file = file_of_learner(session, actor, code)
    if _mailbox(ask.email) == _mailbox(actor.email):
        raise StatementToOneself
    if not _take(session, file.id, learner_at=now):
        raise FileClosed
    asked = statements_of(session, file.id)
    if any(_mailbox(each.email) == _mailbox(ask.email) and (each.answered_at or each.declined_at or now < each.until) for each in asked):
        raise AskedAlready
    if len(asked) >= MOST_ASKED:
        raise TooManyStatements(MOST_ASKED)
    firm = accounts.organisation_with_kvk(session, ask.kvk_number) if ask.kvk_number else None
    row = EmployerStatement(
        id=new_id(), file_id=file.id, organisation_id=firm.id if firm else None, employer=ask.employer, name=ask.name, email=ask.email, language=language,
        asked_at=now, until=end_of_day(amsterdam_day(now) + _ANSWER_WITHIN), answers={},
    )
    session.add(row)
    session.flush()
    if firm is not None:
        session.execute(insert_new(session, FileParty, "file_id", "organisation_id"), [{"file_id": file.id, "organisation_id": firm.id}])
    announce(session, StatementAsked(row.id))
    _record(session, "evidence-statement-asked", file, row.id, actor_id=actor.person_id, now=now)
    return row.id


def open_statement(session: Session, statement_id: UUID | None, *, now: datetime) -> tuple[StatementFacts, FileFacts]:
    """Return a question that waits for its answer, and its file. Raises StatementGone."""
    asked = statement_by_id(session, statement_id)
    file = file_by_id(session, asked.file_id) if asked is not None else None
    if asked is None or file is None or not asked.is_open(now) or file.state not in BEFORE_DECISION:
        raise StatementGone
    return asked, file


def answer_statement(
    session: Session, *, statement_id: UUID | None, answers: Mapping[UUID, Judgement], words: str, reader_id: UUID | None, now: datetime,
) -> None:
    """Keep what somebody at work says of each outcome, once: evidence of the learner, in the file too as long as evidence can be added there.

    `reader_id` is who is signed in where the link was opened, if anybody. Raises StatementGone, StatementToOneself.
    """
    asked, file = open_statement(session, statement_id, now=now)
    if reader_id == file.person_id:
        raise StatementToOneself
    is_taken = _take(session, file.id)
    known = set(session.scalars(select(FileOutcome.outcome_id).where(FileOutcome.file_id == file.id)))
    said = {outcome_id: answer for outcome_id, answer in answers.items() if outcome_id in known}
    _close(session, asked.id, now, answered_at=now, answers={outcome_id.hex: answer.value for outcome_id, answer in said.items()})
    piece = Evidence(
        id=new_id(), person_id=file.person_id, kind=EvidenceKind.STATEMENT, title=f"{asked.name}, {asked.employer}"[:200], source=asked.employer, text=words,
        earned_on=amsterdam_day(now), added_at=now,
    )
    session.add(piece)
    session.flush()
    made = update(EmployerStatement).where(EmployerStatement.id == asked.id).values(evidence_id=piece.id)
    session.execute(made.execution_options(synchronize_session=False))
    if is_taken:
        put_in_file(session, file.id, piece.id, [outcome_id for outcome_id, answer in said.items() if answer is not Judgement.NO], now=now)
    announce(session, StatementAnswered(asked.id))
    _record(session, "evidence-statement-answered", file, asked.id, now=now)


def decline_statement(session: Session, *, statement_id: UUID | None, reader_id: UUID | None, now: datetime) -> None:
    """Keep that somebody at work does not want to say anything. Raises StatementGone, StatementToOneself."""
    asked, file = open_statement(session, statement_id, now=now)
    if reader_id == file.person_id:
        raise StatementToOneself
    _close(session, asked.id, now, declined_at=now)
    announce(session, StatementAnswered(asked.id))
    _record(session, "evidence-statement-declined", file, asked.id, now=now)


def _close(session: Session, statement_id: UUID, now: datetime, **values: object) -> None:
    """Take the one answer that a question has. Raises StatementGone."""
    waits = (EmployerStatement.answered_at.is_(None), EmployerStatement.declined_at.is_(None), EmployerStatement.until > now)
    closed = update(EmployerStatement).where(EmployerStatement.id == statement_id, *waits).values(**values)
    if rows_changed(session, closed.execution_options(synchronize_session=False)) != 1:
        raise StatementGone


def _take(session: Session, file_id: UUID, *, learner_at: datetime | None = None) -> bool:
    """Take a file as long as it is open to evidence, until this transaction ends; with `learner_at` its learner did something then."""
    values = {"since": RecognitionFile.since} if learner_at is None else {"idle_since": learner_at, "told_first_at": None, "told_second_at": None}
    taken = update(RecognitionFile).where(RecognitionFile.id == file_id, RecognitionFile.state.in_(OPEN_TO_EVIDENCE)).values(**values)
    return rows_changed(session, taken.execution_options(synchronize_session=False)) == 1


def _mailbox(email: str) -> str:
    """Return the mailbox of an address: what stands behind a plus is the owner's own, and capitals are the same."""
    local, _at, domain = email.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _record(session: Session, act: str, file: FileFacts, statement_id: UUID, *, actor_id: UUID | None = None, now: datetime) -> None:
    record(session, act, actor_id=actor_id, now=now, person_id=file.person_id, about="employer_statement", about_id=statement_id)
