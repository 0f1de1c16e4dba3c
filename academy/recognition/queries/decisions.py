"""Decisions as they were taken, for their learner and for the board: with what they replaced, and who signed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.text import Localized
from academy.recognition.errors.deciding import DecisionNotFound
from academy.recognition.kinds import DecisionGround, DecisionState, FileState, Judgement
from academy.recognition.models import (
    Credit,
    Decision,
    DecisionAnswer,
    DecisionSignature,
    FileOutcome,
    FileStep,
    RecognitionFile,
)
from academy.recognition.queries.files import Desk, desk_for


@dataclass(frozen=True)
class Decided:
    """What was decided of one outcome; `counts` tells whether its credits count today."""

    outcome_id: UUID
    wording: Localized
    judgement: Judgement
    part: str
    reason: str
    ec: Decimal
    counts: bool = False


@dataclass(frozen=True)
class DecisionFacts:
    """A decision; `counts` and `beyond` in EC, `replaced_by` and `replaces` are the numbers of others."""

    id: UUID
    number: str
    ground: DecisionGround
    state: DecisionState
    person_id: UUID
    module_id: UUID
    provider_id: UUID
    file_id: UUID | None
    decided_at: datetime
    appeal_until: datetime
    counts: Decimal
    beyond: Decimal
    digest: str
    replaces: str
    replaced_by: str
    parents: tuple[UUID, ...]


@dataclass(frozen=True)
class DecisionPage:
    """A decision with all that is said on its page. `file_code` and `file_state` are those of its file, empty and None where there is none."""

    decision: DecisionFacts
    answers: tuple[Decided, ...]
    signers: tuple[str, ...]
    learner: str
    module: catalogue.ModuleCard
    parents: tuple[str, ...]
    file_code: str
    file_state: FileState | None
    why: str


def decision_of_learner(session: Session, actor: Actor, number: str) -> DecisionPage:
    """Return a decision about the actor. Raises DecisionNotFound."""
    return _page(session, select(Decision).where(Decision.number == number.upper(), Decision.person_id == actor.person_id))


def decision_of_file(session: Session, actor: Actor, code: str) -> DecisionPage:
    """Return the decision that counts in a file of the actor. Raises DecisionNotFound."""
    mine = (RecognitionFile.code == code.upper(), RecognitionFile.person_id == actor.person_id)
    return _page(session, select(Decision).join(RecognitionFile, RecognitionFile.decision_id == Decision.id).where(*mine))


def decision_at(session: Session, actor: Actor, provider_slug: str, number: str) -> tuple[Desk, DecisionPage]:
    """Return a decision of a board to its members. Raises DecisionNotFound, ProviderNotFound."""
    desk = desk_for(session, actor, provider_slug)
    if not desk.rights.decide:
        raise DecisionNotFound
    return desk, _page(session, select(Decision).where(Decision.number == number.upper(), Decision.provider_id == desk.provider_id))


def numbers_of(session: Session, decision_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the numbers of decisions by id."""
    if not decision_ids:
        return {}
    return {row.id: row.number for row in session.execute(select(Decision.id, Decision.number).where(Decision.id.in_(decision_ids)))}


def _page(session: Session, wanted: Select[Decision]) -> DecisionPage:
    row = session.scalars(wanted).one_or_none()
    if row is None:
        raise DecisionNotFound
    parents = tuple(UUID(hex=each) for each in row.parents)
    names = numbers_of(session, [*parents, *([row.replaces_id] if row.replaces_id else [])])
    replaced_by = session.scalars(select(Decision.number).where(Decision.replaces_id == row.id)).one_or_none()
    signed = session.scalars(select(DecisionSignature.person_id).where(DecisionSignature.decision_id == row.id)).all()
    people = accounts.people(session, {row.person_id, *signed})
    code, state, why = _file_of(session, row)
    decision = DecisionFacts(
        row.id, row.number, row.ground, row.state, row.person_id, row.module_id, row.provider_id, row.file_id, row.decided_at, row.appeal_until, row.counts, row.beyond,
        row.digest, names.get(row.replaces_id, "") if row.replaces_id else "", replaced_by or "", parents,
    )
    return DecisionPage(
        decision, answers_of(session, row), tuple(sorted(people[each].name for each in signed if each in people)),
        people[row.person_id].name if row.person_id in people else "", catalogue.module_cards(session, [row.module_id])[row.module_id],
        tuple(names[each] for each in parents if each in names), code, state, why,
    )


def answers_of(session: Session, row: Decision) -> tuple[Decided, ...]:
    """Return what a decision says of each outcome, in the order of its file."""
    rows = session.execute(
        select(DecisionAnswer, Credit.id)
        .outerjoin(FileOutcome, (FileOutcome.file_id == row.file_id) & (FileOutcome.outcome_id == DecisionAnswer.outcome_id))
        .outerjoin(Credit, (Credit.decision_id == DecisionAnswer.decision_id) & (Credit.outcome_id == DecisionAnswer.outcome_id) & Credit.ended_at.is_(None))
        .where(DecisionAnswer.decision_id == row.id).order_by(FileOutcome.position, DecisionAnswer.outcome_id),
    )
    return tuple(
        Decided(each.outcome_id, each.wording, each.judgement, each.part, each.reason, each.ec, credit_id is not None) for each, credit_id in rows
    )


def _file_of(session: Session, row: Decision) -> tuple[str, FileState | None, str]:
    """Return the code and state of the file of a decision, and why it was taken where somebody said so: an answer to an appeal."""
    if row.file_id is None:
        return "", None, ""
    wanted = select(RecognitionFile.code, RecognitionFile.state, RecognitionFile.decision_id).where(RecognitionFile.id == row.file_id)
    code, state, counts_id = session.execute(wanted).one()
    said = session.execute(
        select(FileStep.to_state, FileStep.at, FileStep.why).where(FileStep.file_id == row.file_id, FileStep.to_state.in_((FileState.REVISED, FileState.CONFIRMED)))
        .order_by(FileStep.id.desc()),
    ).all()
    why = next((why for becomes, at, why in said if (becomes is FileState.REVISED and at == row.decided_at) or (becomes is FileState.CONFIRMED and counts_id == row.id)), "")
    return code, state, why
