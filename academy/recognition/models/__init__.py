"""Tables of recognition."""

from academy.recognition.models.agreements import Agreement, AgreementOutcome, LocalTest, Mapping, MappingOutcome
from academy.recognition.models.decisions import (
    Credit,
    Decision,
    DecisionAnswer,
    DecisionDraft,
    DecisionSignature,
    RecognisedTotal,
)
from academy.recognition.models.evidence import (
    EmployerStatement,
    Evidence,
    EvidenceFor,
    FileEvidence,
    FileShare,
    StoredFileGone,
)
from academy.recognition.models.files import FileOutcome, FileParty, FileStep, OutcomeWeight, RecognitionFile, Terms
from academy.recognition.models.judging import (
    AssessorSlot,
    InstrumentAnswer,
    InstrumentUse,
    Report,
    ReportAnswer,
    ReportEvidence,
)
from academy.recognition.models.precedents import (
    Equivalence,
    EquivalenceOutcome,
    OutcomeTally,
    OutcomeTallyPerson,
    PatternApproval,
    PrecedentCount,
    PrecedentRow,
)

__all__ = [
    "Agreement", "AgreementOutcome", "AssessorSlot", "Credit", "Decision", "DecisionAnswer", "DecisionDraft", "DecisionSignature", "EmployerStatement",
    "Equivalence", "EquivalenceOutcome", "Evidence", "EvidenceFor", "FileEvidence", "FileOutcome", "FileParty", "FileShare", "FileStep", "InstrumentAnswer",
    "InstrumentUse", "LocalTest", "Mapping", "MappingOutcome", "OutcomeTally", "OutcomeTallyPerson", "OutcomeWeight", "PatternApproval", "PrecedentCount",
    "PrecedentRow", "RecognisedTotal", "RecognitionFile", "Report", "ReportAnswer", "ReportEvidence", "StoredFileGone", "Terms",
]
