"""A board at its desk: what its members answer, sign and read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from academy.accounts.api import Actor
from academy.kernel.db import Database
from academy.kernel.money import FREE
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import FileState, Judgement
from academy.recognition.models import Credit, RecognisedTotal, Terms
from academy.recognition.queries import board_file, decisions
from academy.recognition.rules.deciding import Answer
from academy.recognition.service import deciding
from tests.recognition.world import NO, PARTLY, YES, World

ALL_YES, MIXED, ALL_NO = (YES, YES, YES), (YES, PARTLY, NO), (NO, NO, NO)
ASKED = FileState.EXEMPTION_REQUESTED


def answers(world: World, judgements: Sequence[Judgement] = MIXED) -> tuple[Answer, ...]:
    """Return an answer per outcome, with the part and the reason that it asks."""
    return tuple(
        Answer(outcome_id, judgement, "het tweede deel" if judgement is PARTLY else "", "" if judgement is YES else "Dat zagen we niet.")
        for outcome_id, judgement in zip(world.outcomes, judgements, strict=True)
    )


def two_sign(world: World, **values: Any) -> None:
    """Let the provider ask two signatures, or say something else of what it allows."""
    with world.database.writing() as session:
        session.add(Terms(**({"provider_id": world.provider_id, "signatures": 2, "fee": FREE, "changed_at": world.now} | values)))


def seen(world: World, file: FileFacts, by: Actor | None = None) -> board_file.BoardFile:
    with world.database.reading() as session:
        return board_file.board_file(session, by or world.board, world.slug, file.code, now=world.now)


def decide(world: World, file: FileFacts, judgements: Sequence[Judgement] = MIXED, *, by: Actor | None = None, digest: str = "") -> UUID | None:
    """Let a member decide on what they see now, or saw before."""
    actor = by or world.board
    found: UUID | None = world.run(
        deciding.decide, actor=actor, provider_slug=world.slug, code=file.code, answers=answers(world, judgements), seen_digest=digest or seen(world, file, actor).seen,
    )
    return found


def revise(world: World, file: FileFacts, judgements: Sequence[Judgement], *, by: Actor | None = None) -> UUID | None:
    actor = by or world.board
    found: UUID | None = world.run(
        deciding.revise, actor=actor, provider_slug=world.slug, code=file.code, answers=answers(world, judgements), why="We keken opnieuw.",
        seen_digest=seen(world, file, actor).seen,
    )
    return found


def confirm(world: World, file: FileFacts, *, by: Actor) -> bool:
    found: bool = world.run(
        deciding.confirm_after_appeal, actor=by, provider_slug=world.slug, code=file.code, why="Er is niets nieuws.", seen_digest=seen(world, file, by).seen,
    )
    return found


def sign(world: World, file: FileFacts, *, by: Actor, digest: str = "") -> UUID | None:
    there = seen(world, file, by)
    assert there.beside.draft is not None
    found: UUID | None = world.run(
        deciding.sign_decision, actor=by, provider_slug=world.slug, code=file.code, digest=digest or there.beside.draft.digest, seen_digest=there.seen,
    )
    return found


def decision(world: World, file: FileFacts) -> decisions.DecisionPage:
    with world.database.reading() as session:
        return decisions.decision_of_file(session, world.learner, file.code)


def counting(database: Database, world: World) -> tuple[Any, list[UUID]]:
    """Return how many EC count for the learner at the provider, and for which outcomes there are credits."""
    with database.reading() as session:
        total = session.scalars(select(RecognisedTotal.ec).where(RecognisedTotal.person_id == world.learner.person_id)).one_or_none()
        live = session.scalars(select(Credit.outcome_id).where(Credit.person_id == world.learner.person_id, Credit.ended_at.is_(None))).all()
    return total, sorted(live)
