"""What recognition keeps of people, and for how long.

What was decided stays under a bare number: a diploma may rest on it. What was shown for it goes, and so do the words of the learner.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

from academy.accounts.api import (
    Goes,
    Leaving,
    Obstacle,
    PersonalData,
    RecordClass,
    Stays,
    address_of_nobody,
    kept_for,
    person,
    plain_rows,
)
from academy.kernel.errors import Link
from academy.kernel.translation import _
from academy.kernel.types import Moment
from academy.recognition.kinds import BEFORE_DECISION, AgreementState, FileState, LocalTestState, Route
from academy.recognition.models import (
    Agreement,
    AssessorSlot,
    Credit,
    Decision,
    DecisionAnswer,
    DecisionDraft,
    EmployerStatement,
    Evidence,
    EvidenceFor,
    FileEvidence,
    FileOutcome,
    FileShare,
    FileStep,
    InstrumentUse,
    LocalTest,
    RecognitionFile,
    Report,
    ReportAnswer,
    StoredFileGone,
)

_STATEMENT_KEPT: Final = timedelta(days=30)
_NOTHING_KEPT: Final = timedelta(days=365)
_AGREED_KEPT: Final = timedelta(days=730)


def _read(session: Session, person_id: UUID) -> dict[str, Any]:
    email = person(session, person_id).email
    mine = select(RecognitionFile.id).where(RecognitionFile.person_id == person_id)
    of_file = RecognitionFile.person_id == person_id
    return {
        "files": plain_rows(session, select(
            RecognitionFile.code, RecognitionFile.route, RecognitionFile.state, RecognitionFile.since, RecognitionFile.employer, RecognitionFile.advice,
            RecognitionFile.advice_reason, RecognitionFile.advised_at, RecognitionFile.learner_signed_at, RecognitionFile.guide_signed_at, RecognitionFile.stated_at,
            RecognitionFile.made_at,
        ).where(of_file).order_by(RecognitionFile.made_at)),
        "what_i_said": [
            {"file": code, "outcome": wording.in_language("nl"), "answer": said and said.value, "example": example, "asked_to_add": missing}
            for code, wording, said, example, missing in session.execute(
                select(RecognitionFile.code, FileOutcome.wording, FileOutcome.self_judgement, FileOutcome.self_example, FileOutcome.missing)
                .join(RecognitionFile, RecognitionFile.id == FileOutcome.file_id).where(of_file).order_by(RecognitionFile.made_at, FileOutcome.position),
            )
        ],
        "steps": plain_rows(session, select(
            RecognitionFile.code, FileStep.at, FileStep.from_state, FileStep.to_state, FileStep.who, FileStep.why,
        ).join(RecognitionFile, RecognitionFile.id == FileStep.file_id).where(of_file).order_by(FileStep.id)),
        "evidence": plain_rows(session, select(
            Evidence.kind, Evidence.title, Evidence.source, Evidence.code, Evidence.earned_on, Evidence.url, Evidence.text, Evidence.filename, Evidence.size,
            Evidence.sha256, Evidence.added_at,
        ).where(Evidence.person_id == person_id).order_by(Evidence.added_at)),
        "shared_with_assessors": plain_rows(session, select(FileShare.file_id, FileShare.given_at, FileShare.taken_back_at).where(FileShare.file_id.in_(mine))),
        "statements_asked": plain_rows(session, select(
            EmployerStatement.employer, EmployerStatement.asked_at, EmployerStatement.answered_at, EmployerStatement.declined_at,
        ).where(or_(EmployerStatement.file_id.in_(mine), EmployerStatement.email == email)).order_by(EmployerStatement.asked_at)),
        "assessments": plain_rows(session, select(
            InstrumentUse.kind, InstrumentUse.planned_at, InstrumentUse.done_at, InstrumentUse.notes,
        ).where(InstrumentUse.file_id.in_(mine)).order_by(InstrumentUse.id)),
        "reports": plain_rows(session, select(
            Report.number, Report.issued_at, ReportAnswer.outcome_id, ReportAnswer.judgement, ReportAnswer.part, ReportAnswer.reason,
        ).join(ReportAnswer, ReportAnswer.file_id == Report.file_id).where(Report.file_id.in_(mine)).order_by(Report.issued_at)),
        "decisions": plain_rows(session, select(
            Decision.number, Decision.ground, Decision.state, Decision.decided_at, DecisionAnswer.outcome_id, DecisionAnswer.judgement, DecisionAnswer.part,
            DecisionAnswer.reason, DecisionAnswer.ec,
        ).join(DecisionAnswer, DecisionAnswer.decision_id == Decision.id).where(Decision.person_id == person_id).order_by(Decision.decided_at)),
        "credits": plain_rows(session, select(Credit.ec, Credit.from_at, Credit.ended_at).where(Credit.person_id == person_id).order_by(Credit.from_at)),
        "agreements": plain_rows(session, select(
            Agreement.code, Agreement.state, Agreement.host_name, Agreement.host_course, Agreement.asked_at, Agreement.home_signed_at, Agreement.host_signed_at,
        ).where(Agreement.person_id == person_id).order_by(Agreement.asked_at)),
        "tests": plain_rows(session, select(
            LocalTest.code, LocalTest.state, LocalTest.booked_at, LocalTest.judged_at, LocalTest.reason,
        ).where(LocalTest.person_id == person_id).order_by(LocalTest.booked_at)),
    }


def _count(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(which)) or 0


def _leaving(session: Session, person_id: UUID, now: datetime) -> Leaving:
    email = person(session, person_id).email
    mine = RecognitionFile.person_id == person_id
    has_report = RecognitionFile.id.in_(select(Report.file_id))
    judged, not_judged = mine & has_report, mine & ~has_report
    shown = Evidence.person_id == person_id
    asked = EmployerStatement.email == email
    came_to_nothing = (Agreement.person_id == person_id) & (Agreement.state != AgreementState.BOOKED)
    decided = Decision.person_id == person_id
    signed = _signed(session, person_id)
    return Leaving(
        goes=(
            Goes(_("je bewijs"), _count(session, shown), _erasing_evidence(shown, now)),
            Goes(_("je aanvragen om erkenning die nog niet beoordeeld zijn"), _count(session, not_judged), _erasing_files(not_judged)),
            Goes(_("wat je zelf zei in aanvragen die beoordeeld zijn"), _count(session, judged), _emptying(judged)),
            Goes(_("afspraken over modules elders die niet doorgingen"), _count(session, came_to_nothing), (delete(Agreement).where(came_to_nothing),)),
            Goes(_("vragen om een verklaring over iemand die bij je werkt"), _count(session, asked), (
                update(EmployerStatement).where(asked).values(email=address_of_nobody(person_id), name=""),
            )),
            Goes(_("toetsen na een online cursus die je niet haalde"), _count(session, _failed(person_id)), (delete(LocalTest).where(_failed(person_id)),)),
        ),
        stays=(
            Stays(
                _("besluiten over wat je al kunt, en de rapporten waarop ze rusten"),
                _("Een examencommissie bewaart wat zij besloot. Je naam en adres staan er niet meer bij."), None, _count(session, decided) + _count(session, judged),
            ),
            Stays(_("wat je als begeleider, assessor of lid van een examencommissie deed"), _("Het hoort bij de aanvraag van iemand anders."), None, signed),
        ),
        obstacles=(
            *(_running(code) for code in session.scalars(select(RecognitionFile.code).where(mine, RecognitionFile.state.in_(BEFORE_DECISION), _is_under_way()))),
            *(_signed_one(code) for code in session.scalars(select(Agreement.code).where(Agreement.person_id == person_id, Agreement.state == AgreementState.SIGNED))),
            *(_booked_one(code) for code in session.scalars(select(LocalTest.code).where(LocalTest.person_id == person_id, LocalTest.state == LocalTestState.BOOKED))),
        ),
    )


def _is_under_way() -> ColumnElement[bool]:
    """Tell apart files in which something still happens: a draft does not count, nor a certificate."""
    return (RecognitionFile.state != FileState.DRAFT) & ~((RecognitionFile.state == FileState.REPORT_ISSUED) & (RecognitionFile.route == Route.LABOUR_MARKET))


def _running(code: str) -> Obstacle:
    what = _("Je aanvraag om erkenning %(code)s loopt nog. Trek haar in, of wacht op het besluit.", code=code)
    return Obstacle(what, Link(_("Bekijk aanvraag %(code)s", code=code), "recognition_claiming.show", {"code": code}))


def _signed_one(code: str) -> Obstacle:
    what = _("Je afspraak %(code)s over een module elders is getekend. Trek haar eerst in.", code=code)
    return Obstacle(what, Link(_("Bekijk afspraak %(code)s", code=code), "recognition_agreements.mine", {"code": code}))


def _booked_one(code: str) -> Obstacle:
    what = _("Je hebt een toets geboekt na een online cursus. Zeg die eerst af.")
    return Obstacle(what, Link(_("Bekijk je toets"), "recognition_mappings.own_test", {"code": code}))


def _signed(session: Session, person_id: UUID) -> int:
    return (
        _count(session, RecognitionFile.guide_id == person_id) + _count(session, InstrumentUse.assessor_id == person_id) + _count(session, AssessorSlot.assessor_id == person_id)
    )


def _failed(person_id: UUID) -> ColumnElement[bool]:
    return (LocalTest.person_id == person_id) & (LocalTest.state != LocalTestState.PASSED)


def _erasing_evidence(which: ColumnElement[bool], now: datetime) -> tuple[UpdateBase, ...]:
    """Return what erases evidence; its files on disk are removed by the worker, after the commit."""
    ids = select(Evidence.id).where(which)
    names = select(Evidence.stored_name, literal(now, Moment())).where(which, Evidence.stored_name != "")
    return (
        insert(StoredFileGone).from_select(["stored_name", "since"], names),
        delete(EvidenceFor).where(EvidenceFor.evidence_id.in_(ids)),
        delete(FileEvidence).where(FileEvidence.evidence_id.in_(ids)),
        update(LocalTest).where(LocalTest.evidence_id.in_(ids)).values(evidence_id=None),
        update(EmployerStatement).where(EmployerStatement.evidence_id.in_(ids)).values(evidence_id=None),
        delete(Evidence).where(which),
    )


def _erasing_files(which: ColumnElement[bool]) -> tuple[UpdateBase, ...]:
    """Return what erases files that nothing rests on."""
    ids = select(RecognitionFile.id).where(which)
    waits = (InstrumentUse.file_id.in_(ids), InstrumentUse.done_at.is_(None), InstrumentUse.called_off_at.is_(None))
    booked = select(func.count()).where(InstrumentUse.slot_id == AssessorSlot.id, *waits).scalar_subquery()
    return (
        update(AssessorSlot).where(AssessorSlot.id.in_(select(InstrumentUse.slot_id).where(*waits))).values(taken=AssessorSlot.taken - booked),
        update(RecognitionFile).where(RecognitionFile.former_id.in_(ids)).values(former_id=None),
        delete(RecognitionFile).where(which),
    )


def _emptying(which: ColumnElement[bool]) -> tuple[UpdateBase, ...]:
    """Return what takes the learner's own words out of files that were judged."""
    ids = select(RecognitionFile.id).where(which)
    return (
        update(FileOutcome).where(FileOutcome.file_id.in_(ids)).values(self_example="", missing=""),
        update(InstrumentUse).where(InstrumentUse.file_id.in_(ids)).values(notes=""),
        update(FileStep).where(FileStep.file_id.in_(ids)).values(why=""),
        delete(EmployerStatement).where(EmployerStatement.file_id.in_(ids)),
        delete(DecisionDraft).where(DecisionDraft.file_id.in_(ids)),
        update(RecognitionFile).where(which).values(employer="", advice_reason=""),
    )


def _unused_slots(before: datetime) -> ColumnElement[bool]:
    used = select(InstrumentUse.slot_id).where(InstrumentUse.slot_id.is_not(None)).union(select(LocalTest.slot_id))
    return (AssessorSlot.ends_at <= before) & AssessorSlot.id.not_in(used)


def _came_to_nothing(before: datetime) -> ColumnElement[bool]:
    needed = or_(RecognitionFile.id.in_(select(Report.file_id)), RecognitionFile.id.in_(select(RecognitionFile.former_id).where(RecognitionFile.former_id.is_not(None))))
    return (RecognitionFile.state == FileState.ARCHIVED) & RecognitionFile.decision_id.is_(None) & (RecognitionFile.since <= before) & ~needed


HELD: Final = PersonalData("recognition", frozenset({
    "recognition_file", "file_outcome", "file_step", "evidence", "file_evidence", "file_share", "employer_statement", "assessor_slot", "recognition_instrument",
    "recognition_report", "recognition_decision", "recognition_decision_draft", "recognition_credit", "recognised_total", "outcome_tally_person", "learning_agreement",
    "local_test", "recognition_decision_signature", "recognition_terms", "pattern_approval", "equivalence", "mooc_mapping",
}), _read, _leaving)


def _by_staff(name: str, table: str, since: str) -> RecordClass:
    return RecordClass(name, table, since, "who did it, for questions; no learner stands in it", "stays, with an id only")


RECORDS: Final[tuple[RecordClass, ...]] = (
    kept_for(
        _STATEMENT_KEPT, EmployerStatement, name="Statements that nobody gave", since="the day until which they could be given", why="who was asked may be no reader of ours",
        over=lambda before: EmployerStatement.answered_at.is_(None) & (EmployerStatement.until <= before),
    ),
    kept_for(
        _STATEMENT_KEPT, EmployerStatement, name="Who gave a statement", since="they gave it", why="asking whether it was them; the firm and their words are in the evidence",
        over=lambda before: (EmployerStatement.answered_at <= before) & (EmployerStatement.email != ""), without={"email": "", "name": ""},
    ),
    kept_for(
        _NOTHING_KEPT, RecognitionFile, name="Files of recognition that came to nothing", since="their evidence went", why="asking again with what was said before",
        over=_came_to_nothing,
    ),
    kept_for(
        _AGREED_KEPT, Agreement, name="Agreements on modules elsewhere that came to nothing", since="they ended", why="questions about a module that did not count",
        over=lambda before: (Agreement.ended_at <= before) & (Agreement.state != AgreementState.BOOKED),
    ),
    kept_for(
        _AGREED_KEPT, LocalTest, name="Tests here that were not passed", since="they ended", why="questions about a test",
        over=lambda before: (LocalTest.ended_at <= before) & (LocalTest.state != LocalTestState.PASSED),
    ),
    kept_for(
        _NOTHING_KEPT, AssessorSlot, name="Time of assessors that nobody used", since="it passed", why="planning the next year", over=_unused_slots,
    ),
    RecordClass(
        "Files of recognition", "recognition_file", "until the account is erased, which waits for what is still running; then without what the learner said",
        "the procedure that the learner asked for (AVG art. 6(1)(b)); a decision rests on it", "stays, with an id only",
    ),
    RecordClass("What learners say of what they can do", "file_outcome", "as long as the file, or until the account is erased", "the claim itself", "erased"),
    RecordClass("History of a file of recognition", "file_step", "as long as the file", "who did which step, when and why (standards of EVC)", "stays, with an id only"),
    RecordClass(
        "Evidence", "evidence", "84 days after the decision on the last file that uses it, unless its learner keeps it; until the learner or the account takes it away",
        "showing what one can do (AVG art. 6(1)(b)); twice the time of an appeal", "erased, on disk too",
    ),
    RecordClass("Which evidence is used in which file", "file_evidence", "as long as the evidence", "what a claim rests on", "erased"),
    RecordClass("With which assessor a file is shared", "file_share", "as long as the file", "who may see evidence, by the learner's word", "stays, with an id only"),
    RecordClass("Looks of assessors", "recognition_instrument", "as long as the file", "on what a report rests; notes are emptied with the account", "stays, with an id only"),
    RecordClass("Reports and certificates of experience", "recognition_report", "without an end: it is proof for its learner", "what was seen, by whom", "stays, with an id only"),
    RecordClass(
        "Decisions of exam boards", "recognition_decision", "without an end: a diploma may rest on it", "an exam board accounts for what it decided (WHW art. 7.12b)",
        "stays, with an id only",
    ),
    RecordClass("Signatures under decisions", "recognition_decision_signature", "as long as the decision", "who decided", "stays, with an id only"),
    RecordClass("Decisions that wait for a signature", "recognition_decision_draft", "until it is signed or dropped", "four eyes", "erased"),
    RecordClass("Recognised credits", "recognition_credit", "as long as the decision", "one's own record of what counts", "stays, with an id only"),
    RecordClass("How many credits count of somebody", "recognised_total", "as long as the credits", "the maximum of a provider", "stays, with an id only"),
    RecordClass("That somebody was decided on", "outcome_tally_person", "as long as the outcome", "counting people once in what is told as a chance", "stays, numbers only"),
    RecordClass(
        "Agreements on modules elsewhere that count", "learning_agreement", "as long as the decision", "who signed what, and when", "stays, with an id only",
    ),
    RecordClass("Tests here that were passed", "local_test", "as long as the decision", "on what credits rest", "stays, with an id only"),
    _by_staff("Who set the terms of recognition", "recognition_terms", "as long as the provider"),
    _by_staff("Who approved a pattern", "pattern_approval", "as long as decisions rest on it"),
    _by_staff("Who published an equivalence", "equivalence", "as long as decisions rest on it"),
    _by_staff("Who published what a remote course counts for", "mooc_mapping", "as long as decisions rest on it"),
)
