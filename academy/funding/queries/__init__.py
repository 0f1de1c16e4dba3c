"""Reads of funding."""

from academy.funding.queries.asks import (
    approvals_of,
    ask,
    ask_of_seat,
    asked_since,
    asks_to_remind,
    firm_known_by,
    is_described,
    own_share_of,
    seats_left_to_learner,
    unpaid_seats,
    who_decide,
)
from academy.funding.queries.audit import Audit, audit
from academy.funding.queries.blocks import (
    block,
    blocks_at,
    blocks_of,
    lock_block,
    offerings_with_open_blocks,
    references_of,
)
from academy.funding.queries.firms import FirmMoney, firm_money
from academy.funding.queries.pages_dearer import Dearer, dearer_with_money
from academy.funding.queries.rules import Purse, Tax, caps_used, first_of, rules_with_budgets, source_ids, taxes
from academy.funding.queries.shares import (
    locked_seat,
    locked_shares,
    refusal_of,
    share_for_deciding,
    share_for_letter,
    shares_to_lapse,
    split_of,
)
from academy.funding.queries.situations import situation_of

__all__ = [
    "Audit",
    "Dearer",
    "FirmMoney",
    "Purse",
    "Tax",
    "approvals_of",
    "ask",
    "ask_of_seat",
    "asked_since",
    "asks_to_remind",
    "audit",
    "block",
    "blocks_at",
    "blocks_of",
    "caps_used",
    "dearer_with_money",
    "firm_known_by",
    "firm_money",
    "first_of",
    "is_described",
    "lock_block",
    "locked_seat",
    "locked_shares",
    "offerings_with_open_blocks",
    "own_share_of",
    "references_of",
    "refusal_of",
    "rules_with_budgets",
    "seats_left_to_learner",
    "share_for_deciding",
    "share_for_letter",
    "shares_to_lapse",
    "situation_of",
    "source_ids",
    "split_of",
    "taxes",
    "unpaid_seats",
    "who_decide",
]
