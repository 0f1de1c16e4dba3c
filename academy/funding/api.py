"""What higher rooms may call of funding."""

from academy.funding.drafts import BudgetDraft, RuleDraft, SourceDraft
from academy.funding.errors import AskAnswered, AskGone, BudgetUsedUp, OwnShareChanged, VatUndecided
from academy.funding.events import (
    EmployerAnswered,
    EmployerAsked,
    SeatDecided,
    SeatUnfunded,
    ShareAsked,
    ShareRefused,
    VatDecided,
)
from academy.funding.facts import (
    AskFacts,
    Part,
    Quote,
    SeatSplit,
    ShareFacts,
    ShareInWork,
    Situation,
    Sold,
    SplitFacts,
    VatDecision,
)
from academy.funding.kinds import AskState, Fallback, PayerCategory, ShareState, SourceKind, SupplyKind, VatReason
from academy.funding.links import ask_token_for
from academy.funding.queries import (
    approvals_of,
    ask,
    ask_of_seat,
    refusal_of,
    seats_left_to_learner,
    share_for_letter,
    situation_of,
    source_ids,
    split_of,
)
from academy.funding.service import (
    add_budget,
    add_rule,
    ask_wanted,
    confirm_seat,
    end_seat,
    invoice_pair,
    is_vat_decided,
    make_source,
    name_beneficiaries,
    note_elsewhere,
    note_payment,
    note_provider_tax,
    pairs_to_invoice,
    pay_oneself,
    quote,
    quote_of_person,
    quotes,
    reopen_seat,
    reserve_seat,
    save_situation,
    settle_elsewhere,
    want_employer,
)
from academy.funding.words import percentage_text, reason_words, source_word, state_word, vat_words

__all__ = [
    "AskAnswered", "AskFacts", "AskGone", "AskState", "BudgetDraft", "BudgetUsedUp", "EmployerAnswered", "EmployerAsked", "Fallback",
    "OwnShareChanged", "Part", "PayerCategory", "Quote", "RuleDraft", "SeatDecided", "SeatSplit", "SeatUnfunded", "ShareAsked",
    "ShareFacts", "ShareInWork", "ShareRefused", "ShareState", "Situation", "Sold", "SourceDraft", "SourceKind", "SplitFacts", "SupplyKind",
    "VatDecided", "VatDecision", "VatReason", "VatUndecided", "add_budget", "add_rule", "approvals_of", "ask", "ask_of_seat", "ask_token_for", "ask_wanted",
    "confirm_seat", "end_seat", "invoice_pair", "is_vat_decided", "make_source", "name_beneficiaries", "note_elsewhere", "note_payment", "note_provider_tax", "pairs_to_invoice", "pay_oneself", "percentage_text", "quote",
    "quote_of_person", "quotes", "reason_words", "refusal_of", "reopen_seat", "reserve_seat", "save_situation", "seats_left_to_learner", "settle_elsewhere", "share_for_letter",
    "situation_of", "source_ids", "source_word", "split_of", "state_word", "vat_words", "want_employer",
]
