"""What higher rooms may call of recognition."""

from academy.recognition.events import (
    AgreementAsked,
    AgreementChanged,
    CreditsBooked,
    Decided,
    FileMoved,
    FileStill,
    SignatureWanted,
    SlotBooked,
    SlotCalledOff,
    StatementAnswered,
    StatementAsked,
    StepLate,
    TestBooked,
)
from academy.recognition.facts import SlotFacts
from academy.recognition.kinds import (
    BEFORE_DECISION,
    WAITS_FOR_LEARNER,
    AgreementState,
    EvidenceKind,
    FileState,
    LocalTestState,
    Route,
    Who,
)
from academy.recognition.links import agreement_token_for, statement_token_for
from academy.recognition.queries.agreements import SIGN_AS_HOST
from academy.recognition.queries.counting_as import CountsAs, modules_that_count_as
from academy.recognition.queries.credits import (
    BookedCredits,
    CreditFacts,
    Recognised,
    RecognisedModule,
    credits_booked,
    credits_of,
    people_with_credits,
    recognised_modules,
    recognised_of,
    refused_outcomes,
)
from academy.recognition.queries.letters import (
    AgreementTold,
    DecisionTold,
    FileTold,
    LocalTestTold,
    LookTold,
    ModuleTold,
    StatementTold,
    StepTold,
    agreement_told,
    assessors_in,
    decision_told,
    draft_maker,
    file_told,
    local_test_told,
    look_told,
    next_look,
    statement_told,
    step_told,
)
from academy.recognition.queries.papers import PaperFacts, approved_for, papers_for
from academy.recognition.rules.clocks import CLOCKS, contest_until, due, lapses_at
from academy.recognition.rules.meter import Cost as RouteCost
from academy.recognition.rules.meter import RouteSavings
from academy.recognition.rules.meter import saved as cost_saved
from academy.recognition.service.agreed_results import (
    book_agreed_results,
    learn_results_from,
    take_back_agreed_results,
)
from academy.recognition.service.saving import learn_savings_from
from academy.recognition.words import instrument_word, part_word

__all__ = [
    "BEFORE_DECISION", "CLOCKS", "SIGN_AS_HOST", "WAITS_FOR_LEARNER", "AgreementAsked", "AgreementChanged", "AgreementState", "AgreementTold",
    "BookedCredits", "CountsAs", "CreditFacts", "CreditsBooked", "Decided", "DecisionTold", "EvidenceKind", "FileMoved", "FileState", "FileStill",
    "FileTold", "LocalTestState", "LocalTestTold", "LookTold", "ModuleTold", "PaperFacts", "Recognised", "RecognisedModule", "Route", "RouteCost",
    "RouteSavings", "SignatureWanted", "SlotBooked", "SlotCalledOff", "SlotFacts", "StatementAnswered", "StatementAsked", "StatementTold", "StepLate",
    "StepTold", "TestBooked", "Who", "agreement_token_for", "agreement_told", "approved_for", "assessors_in", "book_agreed_results", "contest_until",
    "cost_saved", "credits_booked", "credits_of", "decision_told", "draft_maker", "due", "file_told", "instrument_word", "lapses_at",
    "learn_results_from", "learn_savings_from", "local_test_told", "look_told", "modules_that_count_as", "next_look", "papers_for", "part_word",
    "people_with_credits", "recognised_modules", "recognised_of", "refused_outcomes", "statement_token_for", "statement_told", "step_told",
    "take_back_agreed_results",
]
