"""A file as its assessors judge it: what is claimed, what is shown for it, what was said of it so far; and the report, for who may read it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.text import Localized
from academy.recognition.errors import FileNotFound
from academy.recognition.facts import ClaimedOutcome, EvidenceFacts, FileFacts, InstrumentFacts
from academy.recognition.kinds import Criterion, FileState, InstrumentKind, Judgement, Route
from academy.recognition.models import (
    FileParty,
    FileShare,
    InstrumentAnswer,
    InstrumentUse,
    RecognitionFile,
    ReportEvidence,
)
from academy.recognition.policy import employers_of, rights_at
from academy.recognition.queries.files import (
    FOR_THE_BOARD,
    Desk,
    acts_for_employer,
    desk_for,
    file_at,
    file_by_id,
    file_of_learner,
    may_see_evidence,
)
from academy.recognition.queries.portfolio import (
    ReportFacts,
    evidence_of,
    instruments_of,
    outcomes_of,
    report_of,
)
from academy.recognition.queries.slots import Booked, booked_in, title_of
from academy.recognition.rules.deciding import Answer
from academy.recognition.rules.instruments import People, Unfit, unfit

Said = dict[UUID, Answer]  # by the outcome
_TO_PLAN: Final = (FileState.ASSESSED, FileState.SECOND_DONE)
_BEFORE_REPORT: Final = tuple(FileState)[: tuple(FileState).index(FileState.REPORT_ISSUED)]
_JUDGED_IN: Final = (FileState.ASSESSMENT_PLANNED, FileState.ASSESSED, FileState.SECOND_PLANNED, FileState.SECOND_DONE)


@dataclass(frozen=True)
class Judging:
    """A file before one of its assessors. `said` is what was judged, by the instrument; without a part in it only what is claimed is in it, and no name."""

    desk: Desk
    file: FileFacts
    title: Localized
    outcomes: tuple[ClaimedOutcome, ...]
    unfit: Unfit | None
    has_part: bool
    actor_id: UUID
    names: dict[UUID, str]
    evidence: tuple[EvidenceFacts, ...]
    instruments: tuple[InstrumentFacts, ...]
    said: dict[UUID, Said]
    booked: Booked | None
    places: tuple[catalogue.PlaceFacts, ...]
    sees_evidence: bool
    is_left: bool  # who is to judge does not assess here any more, or may not in this file

    @property
    def may_take(self) -> bool:
        return self.unfit is None and (self.file.state is FileState.PORTFOLIO_SUBMITTED or self.is_left)

    @property
    def portfolio(self) -> InstrumentFacts | None:
        """The portfolio as it was taken up, judged or not."""
        return next((each for each in self.instruments if each.kind is InstrumentKind.PORTFOLIO), None)

    @property
    def judges_portfolio(self) -> bool:
        found = self.portfolio
        return self.file.state is FileState.ASSESSMENT_PLANNED and found is not None and found.assessor_id == self.actor_id

    @property
    def judges_look(self) -> bool:
        return self.file.state is FileState.SECOND_PLANNED and self.booked is not None and self.booked.assessor_id == self.actor_id

    @property
    def may_plan(self) -> bool:
        return self.file.state in _TO_PLAN and self.unfit is None and self.has_part

    @property
    def may_report(self) -> bool:
        looked = {each.assessor_id for each in self.instruments if each.done_at is not None}
        return self.file.state is FileState.SECOND_DONE and self.unfit is None and self.actor_id in looked


@dataclass(frozen=True)
class ReportPage:
    """A report with all that it says, at the desk where it is read, if any; `looks` are the instruments that were done, with who judged, `rests` the titles of evidence by the outcome."""

    file: FileFacts
    title: Localized
    provider_name: str
    learner_name: str
    issued_by: str
    outcomes: tuple[ClaimedOutcome, ...]
    report: ReportFacts
    rests: dict[UUID, tuple[str, ...]]
    looks: tuple[tuple[InstrumentFacts, str], ...]
    desk: Desk | None

    @property
    def is_certificate(self) -> bool:
        return self.file.route is Route.LABOUR_MARKET


def has_part(session: Session, file_id: UUID, person_id: UUID) -> bool:
    """Tell whether somebody judges or judged in a file, or may see its evidence."""
    judges = select(InstrumentUse.id).where(InstrumentUse.file_id == file_id, InstrumentUse.assessor_id == person_id, InstrumentUse.called_off_at.is_(None))
    sees = select(FileShare.file_id).where(FileShare.file_id == file_id, FileShare.assessor_id == person_id, FileShare.taken_back_at.is_(None))
    return session.scalars(judges.union_all(sees).limit(1)).first() is not None


def may_judge(session: Session, file: FileFacts, person_id: UUID) -> bool:
    """Tell whether somebody assesses at the provider of a file today, and has no other side in it: two statements."""
    memberships = accounts.memberships_of(session, person_id)
    employers = frozenset(session.scalars(select(FileParty.organisation_id).where(FileParty.file_id == file.id)))
    is_fit = unfit(person_id, People(file.person_id, file.guide_id, employers), acts_for=employers_of(memberships)) is None
    return is_fit and rights_at(memberships, file.provider_id).assess


def held_by(file: FileFacts, instruments: Sequence[InstrumentFacts]) -> UUID | None:
    """Return who is to judge now: the portfolio that was taken up, or the look that has its day; None where nobody is."""
    is_paper = {FileState.ASSESSMENT_PLANNED: True, FileState.SECOND_PLANNED: False}.get(file.state)
    return next((each.assessor_id for each in instruments if each.done_at is None and (each.kind is InstrumentKind.PORTFOLIO) is is_paper), None)


def said_in(session: Session, file_id: UUID) -> dict[UUID, Said]:
    """Return what assessors said of each outcome, by the instrument: one statement."""
    rows = session.scalars(
        select(InstrumentAnswer).join(InstrumentUse, InstrumentUse.id == InstrumentAnswer.instrument_id)
        .where(InstrumentUse.file_id == file_id, InstrumentUse.called_off_at.is_(None)),
    )
    found: dict[UUID, Said] = {}
    for row in rows:
        met = frozenset(Criterion(each) for each in row.met)
        found.setdefault(row.instrument_id, {})[row.outcome_id] = Answer(row.outcome_id, Judgement(row.judgement), row.part, row.reason, met=met)
    return found


def judging_at(session: Session, actor: Actor, provider_slug: str, code: str) -> Judging:
    """Return a file to who judges it, or could take it up. Raises FileNotFound, ProviderNotFound.

    Whose it is, what is shown and what was said is for who has a part in it and may judge there; the others see what is claimed, not by whom.
    """
    desk, file = file_at(session, actor, provider_slug, code)
    employers = frozenset(session.scalars(select(FileParty.organisation_id).where(FileParty.file_id == file.id)))
    why = unfit(actor.person_id, People(file.person_id, file.guide_id, employers), acts_for=employers_of(desk.memberships))
    is_in, outcomes, instruments = has_part(session, file.id, actor.person_id), outcomes_of(session, file.id), instruments_of(session, file.id)
    is_ended = file.state in {FileState.WITHDRAWN, FileState.LAPSED, FileState.ARCHIVED}
    sees = is_in and why is None and not is_ended
    if file.state not in _BEFORE_REPORT:  # what the learner says of themselves is for who judges it
        outcomes = tuple(replace(each, judgement=None, example="", missing="") for each in outcomes)
    sees_evidence = sees and file.state in _JUDGED_IN and may_see_evidence(session, actor.person_id, file, desk.rights, desk.memberships)
    holder = held_by(file, instruments)
    people = {file.person_id, *(each.assessor_id for each in instruments)} if sees else set()
    return Judging(
        desk, file, title_of(session, file), outcomes, why, is_in, actor.person_id, {one: facts.name for one, facts in accounts.people(session, people).items()},
        evidence_of(session, file.id) if sees_evidence else (), instruments, said_in(session, file.id) if sees else {},
        booked_in(session, file.id) if sees or is_in else None, catalogue.places(session, desk.provider_id) if sees else (),
        sees_evidence, holder is not None and holder != actor.person_id and not may_judge(session, file, holder),
    )


def report_of_learner(session: Session, actor: Actor, code: str) -> ReportPage:
    """Return the report on the actor's own file. Raises FileNotFound, also as long as there is none."""
    found = _page(session, file_of_learner(session, actor, code), None)
    if found is None:
        raise FileNotFound
    return found


def report_at(session: Session, actor: Actor, provider_slug: str, code: str) -> ReportPage | None:
    """Return a report to who judged or guided, and to the exam board once it is asked; None as long as there is none. Raises FileNotFound, ProviderNotFound.

    Of a file that was taken back or ended without a decision it is for its learner alone, also once that is archived; never for who acts for their employer.
    """
    desk = desk_for(session, actor, provider_slug)
    wanted = select(RecognitionFile.id).where(RecognitionFile.code == code.upper(), RecognitionFile.provider_id == desk.provider_id)
    file_id = session.scalars(wanted).one_or_none()
    if file_id is None:
        raise FileNotFound
    file = file_by_id(session, file_id)
    has_part_in_it = desk.rights.assess and (actor.person_id == file.guide_id or has_part(session, file.id, actor.person_id))
    if not has_part_in_it and not (desk.rights.decide and file.state in FOR_THE_BOARD and file.route is Route.EDUCATION):
        raise FileNotFound
    found = _page(session, file, desk)
    is_without_decision = file.state is FileState.ARCHIVED and file.route is Route.EDUCATION and file.decision_id is None
    is_closed = is_without_decision or file.state in {FileState.WITHDRAWN, FileState.LAPSED}
    if found is not None and (is_closed or acts_for_employer(session, file.id, desk.memberships)):
        raise FileNotFound
    return found


def _page(session: Session, file: FileFacts, desk: Desk | None) -> ReportPage | None:
    report = report_of(session, file.id)
    if report is None:
        return None
    rests: dict[UUID, list[str]] = {}
    titled = select(ReportEvidence.outcome_id, ReportEvidence.title).where(ReportEvidence.file_id == file.id).order_by(ReportEvidence.title, ReportEvidence.evidence_id)
    for outcome_id, title in session.execute(titled):
        rests.setdefault(outcome_id, []).append(title)
    done = [each for each in instruments_of(session, file.id) if each.done_at is not None]
    names = {one: facts.name for one, facts in accounts.people(session, {file.person_id, report.issued_by, *(each.assessor_id for each in done)}).items()}
    module = catalogue.claimable_modules(session, [file.module_id])[file.module_id]
    return ReportPage(
        file, module.title, module.provider_name, names.get(file.person_id, ""), names.get(report.issued_by, ""), outcomes_of(session, file.id), report,
        {outcome_id: tuple(titles) for outcome_id, titles in rests.items()}, tuple((each, names.get(each.assessor_id, "")) for each in done), desk,
    )
