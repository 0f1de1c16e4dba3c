"""Files: loading one and checking who asks, in one go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, MembershipFacts
from academy.catalogue import api as catalogue
from academy.kernel.money import FREE
from academy.recognition.errors import FileNotFound
from academy.recognition.facts import FileFacts, TermsFacts
from academy.recognition.kinds import OPEN_TO_EVIDENCE, STANDING, FileState, Who
from academy.recognition.models import (
    DecisionSignature,
    FileEvidence,
    FileOutcome,
    FileParty,
    FileShare,
    FileStep,
    InstrumentUse,
    RecognitionFile,
    Terms,
)
from academy.recognition.policy import Rights, employers_of, rights_at
from academy.recognition.rules import deciding
from academy.recognition.rules.instruments import Instrument, People

F = FileState
FOR_THE_BOARD = (F.EXEMPTION_REQUESTED, F.APPEALED, *STANDING, F.ARCHIVED)
TO_TAKE_UP = (F.PORTFOLIO_SUBMITTED,)
DEFAULT_TERMS = TermsFacts(most_ec=None, signatures=1, fee=FREE)


@dataclass(frozen=True)
class Desk:
    """A provider as seen by who guides, judges or decides there."""

    provider_id: UUID
    slug: str
    name: str
    rights: Rights
    memberships: tuple[MembershipFacts, ...]


def facts_of(row: RecognitionFile) -> FileFacts:
    """Copy a row."""
    told = tuple(each for each in (row.told_first_at, row.told_second_at) if each is not None)
    return FileFacts(
        row.id, row.code, row.person_id, row.module_id, row.module_version, row.provider_id, row.route, row.state, row.since, row.idle_since, told, row.lapsed_from,
        row.guide_id, row.advice, row.advice_reason, row.learner_signed_at, row.guide_signed_at, row.stated_at, row.employer, row.fee, row.decision_id, row.made_at,
        row.former_id,
    )


def file_by_id(session: Session, file_id: UUID) -> FileFacts:
    """Return a file, for whom it is already known that they may have it. Raises FileNotFound."""
    return _one(session, select(RecognitionFile).where(RecognitionFile.id == file_id))


def file_of_learner(session: Session, actor: Actor, code: str) -> FileFacts:
    """Return the actor's own file. Raises FileNotFound."""
    return _one(session, select(RecognitionFile).where(RecognitionFile.code == code.upper(), RecognitionFile.person_id == actor.person_id))


def desk_for(session: Session, actor: Actor, provider_slug: str) -> Desk:
    """Return a provider as seen by who has a part in recognition there. Raises ProviderNotFound, also for who has none."""
    provider = catalogue.provider_by_slug(session, provider_slug)
    memberships = tuple(accounts.memberships_of(session, actor.person_id))
    rights = rights_at(memberships, provider.id)
    if not rights.any:
        raise catalogue.ProviderNotFound
    return Desk(provider.id, provider.slug, provider.name, rights, memberships)


def file_at(session: Session, actor: Actor, provider_slug: str, code: str) -> tuple[Desk, FileFacts]:
    """Return a file to who guides or judges at its provider. Raises FileNotFound, ProviderNotFound.

    Seen are: who they guide, what they were given to judge, and what waits to be taken up. Its evidence is another question: `may_see_evidence`.
    """
    desk = desk_for(session, actor, provider_slug)
    found = _one(session, select(RecognitionFile).where(RecognitionFile.code == code.upper(), RecognitionFile.provider_id == desk.provider_id))
    if not desk.rights.assess or found.person_id == actor.person_id or found.state is F.DRAFT:
        raise FileNotFound
    return desk, found


def file_for_board(session: Session, actor: Actor, provider_slug: str, code: str) -> tuple[Desk, FileFacts]:
    """Return a file that was put before the exam board, to its members. Raises FileNotFound, ProviderNotFound."""
    desk = desk_for(session, actor, provider_slug)
    found = _one(session, select(RecognitionFile).where(RecognitionFile.code == code.upper(), RecognitionFile.provider_id == desk.provider_id))
    if not desk.rights.decide or found.state not in FOR_THE_BOARD or (found.decision_id is None and found.state is F.ARCHIVED):
        raise FileNotFound
    return desk, found


def may_see_evidence(session: Session, person_id: UUID, file: FileFacts, rights: Rights, memberships: Sequence[MembershipFacts] | None = None) -> bool:
    """Tell whether somebody may see the evidence of a file now; `memberships` are theirs, where the caller has them.

    Its learner; its guide until it is sent to be judged and after; an assessor with whom the learner shares it, until the report; neither when they act for an
    employer of the learner. The board from the request until it is archived, for it can revise what it decided; but not who guided or judged in it.
    """
    if person_id == file.person_id:
        return True
    if file.state in {F.WITHDRAWN, F.LAPSED, F.ARCHIVED}:
        return False
    if rights.decide and file.state in FOR_THE_BOARD:
        return not _had_a_part(session, person_id, file)
    if not rights.assess or file.state in {F.DRAFT, F.REPORT_ISSUED, *FOR_THE_BOARD}:
        return False
    if person_id == file.guide_id:
        sees = file.state in {*OPEN_TO_EVIDENCE, F.PORTFOLIO_SUBMITTED}
    else:
        sees = _is_shared_with(session, person_id, file)
    return sees and not acts_for_employer(session, file.id, accounts.memberships_of(session, person_id) if memberships is None else memberships)


def acts_for_employer(session: Session, file_id: UUID, memberships: Iterable[MembershipFacts]) -> bool:
    """Tell whether who has these memberships acts for an employer of the learner."""
    firms = employers_of(memberships)
    if not firms:
        return False
    there = select(FileParty.file_id).where(FileParty.file_id == file_id, FileParty.organisation_id.in_(firms))
    return session.scalars(there.limit(1)).one_or_none() is not None


def _is_shared_with(session: Session, person_id: UUID, file: FileFacts) -> bool:
    """Tell whether its learner shares a file with an assessor."""
    shared = select(FileShare.file_id).where(FileShare.file_id == file.id, FileShare.assessor_id == person_id, FileShare.taken_back_at.is_(None))
    return session.scalars(shared).one_or_none() is not None


def _had_a_part(session: Session, person_id: UUID, file: FileFacts) -> bool:
    """Tell whether somebody guides or judges in a file, or did: they do not decide on it."""
    judged = select(InstrumentUse.id).where(InstrumentUse.file_id == file.id, InstrumentUse.assessor_id == person_id, InstrumentUse.called_off_at.is_(None))
    guided = select(FileStep.id).where(FileStep.file_id == file.id, FileStep.who == Who.GUIDE, FileStep.by_id == person_id)
    return person_id == file.guide_id or session.scalars(judged.union_all(guided).limit(1)).first() is not None


def terms_of(session: Session, provider_id: UUID) -> TermsFacts:
    """Return what a provider asks and allows; the defaults where it said nothing."""
    row = session.get(Terms, provider_id)
    return DEFAULT_TERMS if row is None else TermsFacts(row.most_ec, row.signatures, row.fee)


def rule_file(session: Session, file_id: UUID) -> deciding.File:
    """Return a file as the rules see it, read anew: what was written before in this transaction is in it. Raises FileNotFound."""
    row = session.scalars(select(RecognitionFile).where(RecognitionFile.id == file_id).execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise FileNotFound
    outcomes = session.scalars(select(FileOutcome.outcome_id).where(FileOutcome.file_id == file_id).order_by(FileOutcome.position)).all()
    evidence = session.scalars(select(FileEvidence.evidence_id).where(FileEvidence.file_id == file_id)).all()
    employers = session.scalars(select(FileParty.organisation_id).where(FileParty.file_id == file_id)).all()
    guided = session.scalars(select(FileStep.by_id).where(FileStep.file_id == file_id, FileStep.who == Who.GUIDE, FileStep.by_id.is_not(None))).all()
    looks = session.execute(
        select(InstrumentUse.kind, InstrumentUse.assessor_id, InstrumentUse.done_at)
        .where(InstrumentUse.file_id == file_id, InstrumentUse.called_off_at.is_(None)).order_by(InstrumentUse.id),
    ).all()
    signed: Iterable[UUID] = ()
    if row.decision_id is not None:
        signed = session.scalars(select(DecisionSignature.person_id).where(DecisionSignature.decision_id == row.decision_id)).all()
    facts = facts_of(row)
    agreement = {who for who, at in ((Who.LEARNER, row.learner_signed_at), (Who.GUIDE, row.guide_signed_at)) if at is not None}
    return deciding.File(
        state=row.state, route=row.route, people=People(row.person_id, row.guide_id, frozenset(employers), frozenset(each for each in guided if each is not None)), provider_id=row.provider_id, outcomes=tuple(outcomes),
        since=row.since, idle_since=row.idle_since, told=facts.told, agreement=frozenset(agreement), is_stated=row.stated_at is not None, evidence=frozenset(evidence),
        instruments=tuple(Instrument(kind, assessor_id, done_at) for kind, assessor_id, done_at in looks), signatures=terms_of(session, row.provider_id).signatures,
        decision_id=row.decision_id, decided_by=frozenset(signed), lapsed_from=row.lapsed_from,
    )


def _one(session: Session, wanted: Select[RecognitionFile]) -> FileFacts:
    row = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise FileNotFound
    return facts_of(row)
