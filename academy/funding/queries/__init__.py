"""Reads of funding."""

from academy.funding.queries.audit import Audit, audit
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
    "Audit", "Purse", "Tax", "audit", "caps_used", "first_of", "locked_seat", "locked_shares", "refusal_of", "rules_with_budgets", "share_for_deciding", "share_for_letter", "shares_to_lapse", "situation_of", "source_ids",
    "split_of", "taxes",
]
