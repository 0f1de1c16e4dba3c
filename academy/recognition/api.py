"""What higher rooms may call of recognition."""

from academy.recognition.events import (
    AgreementAsked,
    AgreementChanged,
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
    FileState,
    LocalTestState,
    Route,
    Who,
)
from academy.recognition.links import agreement_token_for, statement_token_for
from academy.recognition.queries.agreements import SIGN_AS_HOST
from academy.recognition.queries.credits import CreditFacts, Recognised, credits_of, recognised_of, refused_outcomes
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
from academy.recognition.rules.clocks import CLOCKS, contest_until, due, lapses_at
from academy.recognition.service.agreed_results import (
    book_agreed_results,
    learn_results_from,
    take_back_agreed_results,
)
from academy.recognition.words import instrument_word, part_word

__all__ = [
    "BEFORE_DECISION", "CLOCKS", "SIGN_AS_HOST", "WAITS_FOR_LEARNER", "AgreementAsked", "AgreementChanged", "AgreementState", "AgreementTold",
    "CreditFacts", "Decided", "DecisionTold", "FileMoved", "FileState", "FileStill", "FileTold", "LocalTestState", "LocalTestTold", "LookTold",
    "ModuleTold", "Recognised", "Route", "SignatureWanted", "SlotBooked", "SlotCalledOff", "SlotFacts", "StatementAnswered", "StatementAsked",
    "StatementTold", "StepLate", "StepTold", "TestBooked", "Who", "agreement_token_for", "agreement_told", "assessors_in", "book_agreed_results",
    "contest_until", "credits_of", "decision_told", "draft_maker", "due", "file_told", "instrument_word", "lapses_at", "learn_results_from",
    "local_test_told", "look_told", "next_look", "part_word", "recognised_of", "refused_outcomes", "statement_token_for", "statement_told",
    "step_told", "take_back_agreed_results",
]
