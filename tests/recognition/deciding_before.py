"""Decisions taken before: what a board's memory is made of in tests."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.recognition.kinds import DecisionGround, EvidenceKind, FileState, Judgement
from academy.recognition.models import PrecedentRow
from academy.recognition.queries.precedents import Found, found_for
from academy.recognition.rules.patterns import Given, Pattern, Precedent, Shown, tally
from academy.recognition.service.booking import About, Answered, book_decision
from tests.recognition.world import World, file_in

CREBO = Shown(EvidenceKind.DIPLOMA, "CREBO", "25648")
COURSE = Shown(EvidenceKind.COMPANY_COURSE, "Zilvermeeuw Techniek", "Netwerken 2")
WORK = Shown(EvidenceKind.WORK)


def answers(world: World, judgements: Sequence[Judgement], part: str = "de helft") -> list[Answered]:
    return [
        Answered(outcome.id, outcome.wording, outcome.worth, judgement, part if judgement is Judgement.PARTLY else "", "gezien")
        for outcome, judgement in zip(world.module.outcomes, judgements, strict=False)
    ]


def decide_in(
    session: Session, world: World, judgements: Sequence[Judgement], *shown: Shown, of: Actor, now: datetime, part: str = "de helft", replaces: UUID | None = None,
    ground: DecisionGround = DecisionGround.FILE,
) -> UUID:
    """Book a decision on a file that has been all the way, with the same evidence for every outcome."""
    file_id = file_in(session, world, FileState.WITHDRAWN, of, (Judgement.YES,) * 3, None, {})
    about = About(
        of.person_id, world.module.id, world.provider_id, ground, file_id=file_id, replaces=replaces,
        shown={outcome_id: frozenset(shown) for outcome_id in world.outcomes},
    )
    return book_decision(session, about, answers(world, judgements, part), signers={world.board.person_id}, now=now)


def decide(world: World, judgements: Sequence[Judgement], *shown: Shown, of: Actor | None = None, **values: Any) -> UUID:
    """Let the board decide on somebody new, at the world's moment."""
    learner = of or world.person("Iemand")
    with world.database.writing() as session:
        return decide_in(session, world, judgements, *shown, of=learner, **({"now": world.now} | values))


def pattern(world: World, *shown: Shown, place: int = 0) -> Pattern:
    outcome = world.module.outcomes[place]
    return Pattern(outcome.id, outcome.wording.nl, frozenset(shown))


def found(world: World, wanted: Pattern, today: date) -> Found:
    with world.database.reading() as session:
        return found_for(session, world.provider_id, [wanted], today)[wanted.key]


def counted_one_by_one(session: Session, key: str, today: date) -> list[Given]:
    """Count a pattern by going through every precedent of it: what is counted beforehand must say the same."""
    rows = session.scalars(select(PrecedentRow).where(PrecedentRow.key == key, PrecedentRow.ended_at.is_(None)))
    return tally((Precedent(row.decision_id, row.judgement, row.decided_on, row.valid_until, row.part) for row in rows), today)
