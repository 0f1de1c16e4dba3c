"""What higher rooms may call of funding."""

from academy.funding.drafts import BudgetDraft, RuleDraft, SourceDraft
from academy.funding.errors import AskAnswered, AskGone, BlockUsedUp, BudgetUsedUp, OwnShareChanged, VatUndecided
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
    BlockFacts,
    BudgetFacts,
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
from academy.funding.kinds import (
    AskState,
    BlockState,
    Fallback,
    PayerCategory,
    ShareState,
    SourceKind,
    SupplyKind,
    VatReason,
)
from academy.funding.links import ask_token_for
from academy.funding.queries import (
    FirmMoney,
    approvals_of,
    ask,
    ask_of_seat,
    block,
    blocks_at,
    blocks_of,
    firm_money,
    offerings_with_open_blocks,
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
    close_block,
    confirm_seat,
    end_seat,
    grow_block,
    invoice_pair,
    is_vat_decided,
    make_source,
    name_beneficiaries,
    name_seat,
    note_elsewhere,
    note_payment,
    note_provider_tax,
    order_block,
    pairs_to_invoice,
    pay_oneself,
    promise_block,
    quote,
    quote_of_person,
    quotes,
    reopen_seat,
    reserve_seat,
    save_situation,
    settle_elsewhere,
    shrink_block,
    unname_seat,
    want_employer,
)
from academy.funding.words import percentage_text, reason_words, source_word, state_word, vat_words

__all__ = [
    "AskAnswered", "AskFacts", "AskGone", "AskState", "BlockFacts", "BlockState", "BlockUsedUp", "BudgetDraft", "BudgetFacts", "BudgetUsedUp", "EmployerAnswered", "EmployerAsked", "Fallback", "FirmMoney",
    "OwnShareChanged", "Part", "PayerCategory", "Quote", "RuleDraft", "SeatDecided", "SeatSplit", "SeatUnfunded", "ShareAsked",
    "ShareFacts", "ShareInWork", "ShareRefused", "ShareState", "Situation", "Sold", "SourceDraft", "SourceKind", "SplitFacts", "SupplyKind",
    "VatDecided", "VatDecision", "VatReason", "VatUndecided", "add_budget", "add_rule", "approvals_of", "ask", "ask_of_seat", "ask_token_for", "ask_wanted", "block", "blocks_at", "blocks_of", "close_block",
    "confirm_seat", "end_seat", "firm_money", "grow_block", "invoice_pair", "is_vat_decided", "make_source", "name_beneficiaries", "name_seat", "note_elsewhere", "note_payment", "note_provider_tax", "offerings_with_open_blocks", "order_block", "pairs_to_invoice", "pay_oneself", "percentage_text", "promise_block", "quote",
    "quote_of_person", "quotes", "reason_words", "refusal_of", "reopen_seat", "reserve_seat", "save_situation", "seats_left_to_learner", "settle_elsewhere", "share_for_letter", "shrink_block",
    "situation_of", "source_ids", "source_word", "split_of", "state_word", "unname_seat", "vat_words", "want_employer",
]
