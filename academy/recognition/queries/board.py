"""What waits for an exam board: by clock, with what repeats first, what wants a signature, and what was decided lately."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.recognition.errors import FileNotFound
from academy.recognition.kinds import STANDING, DecisionState, EvidenceKind, FileState
from academy.recognition.models import (
    Decision,
    DecisionDraft,
    DecisionSignature,
    Evidence,
    EvidenceFor,
    FileOutcome,
    InstrumentUse,
    PrecedentCount,
    RecognitionFile,
)
from academy.recognition.queries.files import Desk, desk_for
from academy.recognition.queries.outcomes import wording_of
from academy.recognition.rules.clocks import due, is_over, repeat_due
from academy.recognition.rules.patterns import Pattern, Shown

PAGE_SIZE: Final = 20
MOST_WAITING: Final = 1_000
MOST_COMPARED: Final = 200  # of the oldest: more comparing with former decisions than that does not fit in a page that opens at once
LATELY: Final = 10
_WAITING: Final = (FileState.EXEMPTION_REQUESTED, FileState.APPEALED)


@dataclass(frozen=True)
class Waiting:
    """A file that waits for the board until `due`, None where only a signature is wanted that no clock asks for; `is_repeat` when every outcome was decided before, each time in the same way.

    `drafted_by` made a draft that wants a second signature; `is_barred`: the reader guided, judged or asked, or signed what is appealed against.
    """

    id: UUID
    code: str
    module_id: UUID
    state: FileState
    since: datetime
    due: datetime | None
    is_repeat: bool
    drafted_by: UUID | None
    is_barred: bool

    def is_late(self, now: datetime) -> bool:
        """Tell whether its time is up."""
        return self.due is not None and is_over(self.due, now)


@dataclass(frozen=True)
class Lately:
    """A decision that was taken; `file_code` is "" where it rests on something else than a file."""

    number: str
    module_id: UUID
    state: DecisionState
    decided_at: datetime
    file_code: str


@dataclass(frozen=True)
class Inbox:
    """The desk of an exam board; `waiting` is one page of `count`."""

    desk: Desk
    to_sign: tuple[Waiting, ...]
    signed: tuple[Waiting, ...]
    appeals: tuple[Waiting, ...]
    waiting: tuple[Waiting, ...]
    count: int
    late: int
    page: int
    pages: int
    lately: tuple[Lately, ...]
    modules: dict[UUID, catalogue.ModuleCard]


def board_at(session: Session, actor: Actor, provider_slug: str) -> Desk:
    """Return a provider to a member of its exam board. Raises FileNotFound, ProviderNotFound."""
    desk = desk_for(session, actor, provider_slug)
    if not desk.rights.decide:
        raise FileNotFound
    return desk


def inbox(session: Session, actor: Actor, provider_slug: str, *, page: int, now: datetime) -> Inbox:
    """Return what waits for a board, what must be answered soonest first: at most nine statements, however much waits. Raises as `board_at`."""
    desk = board_at(session, actor, provider_slug)
    found = _waiting(session, desk, actor, now)
    to_sign = tuple(each for each in found if each.drafted_by not in {None, actor.person_id} and not each.is_barred)
    signed = tuple(each for each in found if each.drafted_by == actor.person_id)
    others = [each for each in found if each not in to_sign and each not in signed]
    appeals = tuple(each for each in others if each.state is FileState.APPEALED)
    asked = [each for each in others if each.state is not FileState.APPEALED]
    pages = max(1, -(-len(asked) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = tuple(asked[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    lately = _lately(session, desk.provider_id)
    ids = {each.module_id for each in (*to_sign, *signed, *appeals, *shown)} | {each.module_id for each in lately}
    return Inbox(
        desk, to_sign, signed, appeals, shown, len(asked), sum(each.is_late(now) for each in found), page, pages, lately, catalogue.module_cards(session, ids),
    )


def next_for(session: Session, desk: Desk, actor: Actor, *, now: datetime) -> str:
    """Return the code of the file that a member had best take next, "" when none waits for them."""
    mine = (each for each in _waiting(session, desk, actor, now) if not each.is_barred and each.drafted_by != actor.person_id)
    return next((each.code for each in mine), "")


def _waiting(session: Session, desk: Desk, actor: Actor, now: datetime) -> list[Waiting]:
    rows = session.execute(
        select(
            RecognitionFile.id, RecognitionFile.code, RecognitionFile.module_id, RecognitionFile.state, RecognitionFile.since, RecognitionFile.person_id,
            RecognitionFile.guide_id, RecognitionFile.decision_id, DecisionDraft.made_by,
        ).outerjoin(DecisionDraft, DecisionDraft.file_id == RecognitionFile.id)
        .where(
            RecognitionFile.provider_id == desk.provider_id,
            RecognitionFile.state.in_(_WAITING) | RecognitionFile.id.in_(select(DecisionDraft.file_id)), RecognitionFile.state.in_((*_WAITING, *STANDING)),
        ).order_by(RecognitionFile.since).limit(MOST_WAITING),
    ).all()
    repeats = _repeats(session, desk.provider_id, [row.id for row in rows if row.state is FileState.EXEMPTION_REQUESTED][:MOST_COMPARED], now)
    judged = set(session.scalars(_judged_by(desk, actor))) if rows else set()
    signed = set(session.scalars(_signed_by(desk, actor))) if any(row.state is FileState.APPEALED for row in rows) else set()
    found = [
        Waiting(
            row.id, row.code, row.module_id, row.state, row.since, until(row.state, row.since, is_repeat=row.id in repeats), row.id in repeats, row.made_by,
            actor.person_id in {row.person_id, row.guide_id} or row.id in judged or (row.state is FileState.APPEALED and row.decision_id in signed),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.due is None, each.due or each.since, each.code))


def until(state: FileState, since: datetime, *, is_repeat: bool) -> datetime | None:
    """Return until when a board answers a file that is in this state since then; None where no clock runs."""
    found = due(state, since)
    return min(found, repeat_due(since)) if is_repeat and found is not None else found


def _judged_by(desk: Desk, actor: Actor) -> Select[UUID]:
    return select(InstrumentUse.file_id).join(RecognitionFile, RecognitionFile.id == InstrumentUse.file_id).where(
        RecognitionFile.provider_id == desk.provider_id, RecognitionFile.state.in_(_WAITING), InstrumentUse.assessor_id == actor.person_id,
        InstrumentUse.called_off_at.is_(None),
    )


def _signed_by(desk: Desk, actor: Actor) -> Select[UUID]:
    return select(DecisionSignature.decision_id).join(RecognitionFile, RecognitionFile.decision_id == DecisionSignature.decision_id).where(
        RecognitionFile.provider_id == desk.provider_id, RecognitionFile.state == FileState.APPEALED, DecisionSignature.person_id == actor.person_id,
    )


def _repeats(session: Session, provider_id: UUID, file_ids: Sequence[UUID], now: datetime) -> set[UUID]:
    """Return the files of which every outcome was decided before, each time in the same way: two statements.

    On the day after a precedent ended its pattern is counted anew; until then a file with it has the longer clock, and its own page says all the same.
    """
    asked = _patterns(session, file_ids)
    keys = {each.key for of_file in asked.values() for each in of_file if each.shown}
    counted = select(PrecedentCount.key, PrecedentCount.soonest_end).where(
        PrecedentCount.provider_id == provider_id, PrecedentCount.key.in_(keys), PrecedentCount.number > 0,
    )
    today, answers, doubtful = amsterdam_day(now), Counter[str](), set()
    for key, soonest_end in session.execute(counted) if keys else ():
        answers[key] += 1
        if soonest_end is not None and soonest_end < today:
            doubtful.add(key)
    return {file_id for file_id, of_file in asked.items() if all(each.shown and answers[each.key] == 1 and each.key not in doubtful for each in of_file)}


def _patterns(session: Session, file_ids: Collection[UUID]) -> dict[UUID, list[Pattern]]:
    """Return what each file asks, as patterns; one statement, as `precedents.shown_in` for one file."""
    if not file_ids:
        return {}
    rows = session.execute(
        select(FileOutcome.file_id, FileOutcome.outcome_id, FileOutcome.wording, Evidence.kind, Evidence.source, Evidence.code)
        .outerjoin(EvidenceFor, (EvidenceFor.file_id == FileOutcome.file_id) & (EvidenceFor.outcome_id == FileOutcome.outcome_id))
        .outerjoin(Evidence, Evidence.id == EvidenceFor.evidence_id).where(FileOutcome.file_id.in_(file_ids)),
    )
    shown: defaultdict[tuple[UUID, UUID, str], set[Shown]] = defaultdict(set)
    for row in rows:
        kind: EvidenceKind | None = row.kind  # None: no evidence for this outcome
        shown[row.file_id, row.outcome_id, wording_of(row.wording)].update([] if kind is None else [Shown(kind, row.source, row.code)])
    found: defaultdict[UUID, list[Pattern]] = defaultdict(list)
    for (file_id, outcome_id, words), pieces in shown.items():
        found[file_id].append(Pattern(outcome_id, words, frozenset(pieces)))
    return found


def _lately(session: Session, provider_id: UUID) -> tuple[Lately, ...]:
    rows = session.execute(
        select(Decision.number, Decision.module_id, Decision.state, Decision.decided_at, RecognitionFile.code)
        .outerjoin(RecognitionFile, RecognitionFile.id == Decision.file_id).where(Decision.provider_id == provider_id)
        .order_by(Decision.decided_at.desc(), Decision.id.desc()).limit(LATELY),
    )
    return tuple(Lately(number, module_id, state, decided_at, code or "") for number, module_id, state, decided_at, code in rows)


def is_member(session: Session, person_id: UUID, provider_id: UUID) -> bool:
    """Tell whether somebody sits in a provider's exam board today."""
    return any(
        one.organisation_id == provider_id and one.role is accounts.Role.EXAM_BOARD for one in accounts.memberships_of(session, person_id)
    )
