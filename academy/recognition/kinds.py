"""The kinds that files, instruments, evidence and answers come in; plain words, so that rules can use them."""

from enum import StrEnum
from typing import Final


class Route(StrEnum):
    """The two Dutch routes (since 1 January 2016), which are never mixed in one file."""

    LABOUR_MARKET = "labour-market"  # ends in a certificate of experience: it advises
    EDUCATION = "education"  # validation: the exam board of the awarding provider decides


class Who(StrEnum):
    """In which part somebody brings a file further."""

    LEARNER = "learner"
    GUIDE = "guide"
    ASSESSOR = "assessor"
    EXAM_BOARD = "exam board"
    WORKER = "worker"  # the clock


class FileState(StrEnum):
    """Where a file stands; the order is that of the procedure."""

    DRAFT = "draft"
    INTAKE_PLANNED = "intake-planned"
    INTAKE_DONE = "intake-done"  # advised for or against; the agreement may be signed
    PORTFOLIO_OPEN = "portfolio-open"
    PORTFOLIO_SUBMITTED = "portfolio-submitted"
    PORTFOLIO_INCOMPLETE = "portfolio-incomplete"
    ASSESSMENT_PLANNED = "assessment-planned"
    ASSESSED = "assessed"  # the portfolio is judged
    SECOND_PLANNED = "second-planned"
    SECOND_DONE = "second-done"
    REPORT_ISSUED = "report-issued"  # on the labour-market route: the certificate
    EXEMPTION_REQUESTED = "exemption-requested"
    GRANTED = "granted"
    PARTIALLY_GRANTED = "partially-granted"
    REFUSED = "refused"
    APPEALED = "appealed"
    CONFIRMED = "confirmed"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    ARCHIVED = "archived"  # its evidence is gone, its decision stays


class InstrumentKind(StrEnum):
    """How an assessor finds out what somebody can do."""

    PORTFOLIO = "portfolio"
    INTERVIEW = "interview"  # criterion-based (CGI)
    WORKPLACE = "workplace"
    TEST = "test"


class Judgement(StrEnum):
    """The answer to one outcome: of the learner about themselves, of an assessor, of the exam board."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Criterion(StrEnum):
    """On what evidence is judged; the customary Dutch five (VRAAK)."""

    VARIED = "varied"
    RELEVANT = "relevant"
    AUTHENTIC = "authentic"
    CURRENT = "current"
    ENOUGH = "enough"  # kwantiteit


class EvidenceKind(StrEnum):
    """What somebody shows. The first six come from a source that gave it a name; the others are one person's own."""

    DIPLOMA = "diploma"  # mbo by CREBO, others by their register
    MODULE_ELSEWHERE = "module-elsewhere"
    MOOC = "mooc"
    COMPANY_COURSE = "company-course"
    EXPERIENCE_CERTIFICATE = "experience-certificate"
    LOCAL_TEST = "local-test"  # taken here, after learning elsewhere
    WORK = "work"  # something one made, or a picture of it
    STATEMENT = "statement"  # of an employer, by the link in a letter
    LINK = "link"


class Advice(StrEnum):
    """What a guide says after the intake; the learner decides."""

    FOR = "for"
    AGAINST = "against"


class DecisionGround(StrEnum):
    """On what a decision rests. On the last four the board decided beforehand, and publishes it."""

    FILE = "file"
    PATTERN = "pattern"  # a file that repeats what was decided, approved to go by itself
    EQUIVALENCE = "equivalence"
    AGREEMENT = "agreement"
    MAPPING = "mapping"


class DecisionState(StrEnum):
    """What a decision is; the first three follow from its answers."""

    GRANTED = "granted"
    PARTIALLY_GRANTED = "partially-granted"
    REFUSED = "refused"
    REVISED = "revised"


class AgreementState(StrEnum):
    ASKED = "asked"  # the learner signed by asking
    SIGNED = "signed"  # by all three
    BOOKED = "booked"  # the result came and counts
    NOT_PASSED = "not-passed"
    REFUSED = "refused"
    ENDED = "ended"  # taken back, or not signed in time


class LocalTestState(StrEnum):
    BOOKED = "booked"
    PASSED = "passed"
    FAILED = "failed"
    CALLED_OFF = "called-off"


class AnswerFault(StrEnum):
    """What is wrong with the answer to one outcome."""

    MISSING = "missing"
    TWICE = "twice"
    NOT_ASKED = "not-asked"
    NO_PART = "no-part"  # partly, and not which part
    NO_REASON = "no-reason"
    NO_EVIDENCE = "no-evidence"
    NOT_OF_THIS_FILE = "not-of-this-file"  # evidence that is not in it
    CRITERIA = "criteria"  # yes, on evidence that is not authentic, relevant and current


class WhyNot(StrEnum):
    """Why a file does not go this step."""

    NO_WAY = "no-way"
    NOT_THEIRS = "not-theirs"
    OTHER_ROUTE = "other-route"
    UNSIGNED = "unsigned"
    NOT_STATED = "not-stated"
    UNFIT = "unfit"
    FEW_INSTRUMENTS = "few-instruments"
    ANSWERS = "answers"
    OTHER_DECISION = "other-decision"
    OTHER_BOARD = "other-board"
    INVOLVED = "involved"
    FEW_SIGNATURES = "few-signatures"
    NAMES_ANOTHER = "names-another"
    NOT_WHERE_IT_WAS = "not-where-it-was"
    TOO_EARLY = "too-early"
    TOO_LATE = "too-late"


ALWAYS_MET: Final = frozenset({Criterion.AUTHENTIC, Criterion.RELEVANT, Criterion.CURRENT})  # by what a yes rests on; the other two weigh along
_F = FileState
DECIDED: Final = (_F.GRANTED, _F.PARTIALLY_GRANTED, _F.REFUSED)  # the first decision of an exam board
STANDING: Final = (*DECIDED, _F.CONFIRMED, _F.REVISED)  # a decision that counts
BEFORE_DECISION: Final = tuple(FileState)[: tuple(FileState).index(_F.GRANTED)]
# Where the next step is the learner's: only there a file can lapse.
WAITS_FOR_LEARNER: Final = (_F.DRAFT, _F.INTAKE_DONE, _F.PORTFOLIO_OPEN, _F.PORTFOLIO_INCOMPLETE, _F.ASSESSED, _F.REPORT_ISSUED)
OPEN_TO_EVIDENCE: Final = (_F.DRAFT, _F.INTAKE_PLANNED, _F.INTAKE_DONE, _F.PORTFOLIO_OPEN, _F.PORTFOLIO_INCOMPLETE)
NAMED_BY_SOURCE: Final = (
    EvidenceKind.DIPLOMA, EvidenceKind.MODULE_ELSEWHERE, EvidenceKind.MOOC, EvidenceKind.COMPANY_COURSE, EvidenceKind.EXPERIENCE_CERTIFICATE,
    EvidenceKind.LOCAL_TEST,
)
