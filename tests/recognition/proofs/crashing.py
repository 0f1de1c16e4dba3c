"""A process that does one thing in recognition, and each time is killed one point later; it is that of enrolment with other acts.

Started by test_crash_points.py. A point is before or after every statement and every commit.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.kernel.outbox import Event, subscribe
from academy.recognition import events
from academy.recognition.kinds import ALWAYS_MET, Judgement
from academy.recognition.models import FileEvidence, FileOutcome
from academy.recognition.queries.board_file import board_file, seen_now
from academy.recognition.queries.files import file_by_id
from academy.recognition.rules.deciding import Answer
from academy.recognition.service import archiving, claiming, deciding, guiding, judging, slots
from tests.enrolment.proofs import crashing
from tests.recognition.world import SLUG

ACTS: dict[str, Callable[..., object]] = {
    "ask": lambda session, actor, now, *, code, **_more: claiming.ask_intake(session, actor=actor, code=code, stated=True, now=now),
    "advise": lambda session, actor, now, *, code, **_more: guiding.advise_and_sign(session, actor=actor, provider_slug=SLUG, code=code, reason="", now=now),
    "book": lambda session, actor, now, *, code, slot, **_more: slots.book_slot(session, actor=actor, code=code, slot_code=slot, now=now),
    "judge": lambda session, actor, now, *, code, file_id: judging.judge_portfolio(
        session, actor=actor, provider_slug=SLUG, code=code, answers=answers(session, file_id), notes="", now=now,
    ),
    "report": lambda session, actor, now, *, code, file_id: judging.issue_report(
        session, actor=actor, provider_slug=SLUG, code=code, answers=answers(session, file_id), now=now,
    ),
    "request": lambda session, actor, now, *, code, **_more: claiming.request_exemption(session, actor=actor, code=code, now=now),
    "decide": lambda session, actor, now, *, code, file_id: deciding.decide(
        session, actor=actor, provider_slug=SLUG, code=code, answers=answers(session, file_id), seen_digest=seen(session, file_id), now=now,
    ),
    "sign": lambda session, actor, now, *, code, file_id: sign(session, actor, code, file_id, now),
    "revise": lambda session, actor, now, *, code, file_id: deciding.revise(
        session, actor=actor, provider_slug=SLUG, code=code, answers=answers(session, file_id, Judgement.NO), why="nieuw bewijs", seen_digest=seen(session, file_id), now=now,
    ),
    "withdraw": lambda session, actor, now, *, code, **_more: claiming.withdraw_file(session, actor=actor, code=code, now=now),
    "archive": lambda session, _actor, now, *, file_id, **_more: archiving.archive_file(session, UUID(file_id), now=now),
}


def sign(session: Session, actor: Actor, code: str, file_id: str, now: datetime) -> object:
    """Give the second signature to what a colleague decided; nothing when none waits any more."""
    found = board_file(session, actor, SLUG, code, now=now)
    if found.beside.draft is None:
        return None
    return deciding.sign_decision(
        session, actor=actor, provider_slug=SLUG, code=code, digest=found.beside.draft.digest, seen_digest=seen(session, file_id), now=now,
    )


def seen(session: Session, file_id: str) -> str:
    return seen_now(session, file_by_id(session, UUID(file_id)))


def answers(session: Session, file_id: str, judgement: Judgement = Judgement.YES) -> tuple[Answer, ...]:
    """Return the same answer to every outcome of a file, on all its evidence."""
    asked = session.scalars(select(FileOutcome.outcome_id).where(FileOutcome.file_id == UUID(file_id)).order_by(FileOutcome.position))
    used = frozenset(session.scalars(select(FileEvidence.evidence_id).where(FileEvidence.file_id == UUID(file_id))))
    return tuple(Answer(each, judgement, "", "gezien", used, ALWAYS_MET) for each in asked)


def listen() -> None:
    """Let somebody want to hear all news of recognition too, so that it is written."""
    crashing.listen()
    for kind in vars(events).values():
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
            subscribe(f"proofs.{kind.name}", kind, inside=lambda _session, _event, _now: None)


def act(session: Session, actor: Actor, *, what: str, now: str, **named: object) -> object:
    """Do one thing, given in words that travel as JSON."""
    return ACTS[what](session, actor, datetime.fromisoformat(now), **named)


if __name__ == "__main__":
    crashing.ACTS.update(ACTS)
    listen()
    crashing.main()
