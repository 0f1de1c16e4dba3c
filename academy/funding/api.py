"""What higher rooms may call of funding."""

from academy.funding.drafts import BudgetDraft, RuleDraft, SourceDraft
from academy.funding.errors import BudgetUsedUp, OwnShareChanged, VatUndecided
from academy.funding.events import SeatDecided, SeatUnfunded, ShareAsked, ShareRefused
from academy.funding.facts import (
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
from academy.funding.kinds import Fallback, PayerCategory, ShareState, SourceKind, SupplyKind, VatReason
from academy.funding.queries import refusal_of, share_for_letter, situation_of, source_ids, split_of
from academy.funding.service import (
    add_budget,
    add_rule,
    confirm_seat,
    end_seat,
    make_source,
    name_beneficiaries,
    note_provider_tax,
    quote,
    quote_of_person,
    quotes,
    reopen_seat,
    reserve_seat,
    save_situation,
)
from academy.funding.words import percentage_text, reason_words, source_word, state_word, vat_words

__all__ = [
    "BudgetDraft", "BudgetUsedUp", "Fallback", "OwnShareChanged", "Part", "PayerCategory", "Quote", "RuleDraft", "SeatDecided", "SeatSplit", "SeatUnfunded", "ShareAsked", "ShareFacts",
    "ShareInWork", "ShareRefused", "ShareState", "Situation", "Sold", "SourceDraft", "SourceKind", "SplitFacts", "SupplyKind", "VatDecision", "VatReason",
    "VatUndecided", "add_budget", "add_rule", "confirm_seat", "end_seat", "make_source", "name_beneficiaries", "note_provider_tax", "percentage_text", "quote", "quote_of_person", "quotes", "reason_words", "refusal_of", "reopen_seat",
    "reserve_seat", "save_situation", "share_for_letter", "situation_of", "source_ids", "source_word", "split_of", "state_word", "vat_words",
]
