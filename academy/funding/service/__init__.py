"""What happens with money for learning."""

from academy.funding.service.deciding import approve_share, lapse_due, refuse_share
from academy.funding.service.ending import end_seat
from academy.funding.service.invoicing import invoice_pair, pairs_to_invoice
from academy.funding.service.paying import follow_invoices, note_payment
from academy.funding.service.quoting import forget_rules, quote, quote_of_person, quotes
from academy.funding.service.reserving import confirm_seat, reopen_seat, reserve_seat
from academy.funding.service.sources import (
    add_budget,
    add_rule,
    follow_rule,
    make_source,
    name_beneficiaries,
    resize_budget,
    save_situation,
    unname_beneficiary,
)
from academy.funding.service.taxing import note_provider_tax, tell_module_tax, tell_provider_tax

__all__ = [
    "add_budget", "add_rule", "approve_share", "confirm_seat", "end_seat", "follow_invoices", "follow_rule", "forget_rules", "invoice_pair", "lapse_due",
    "make_source", "name_beneficiaries", "note_payment", "note_provider_tax", "pairs_to_invoice", "quote", "quote_of_person", "quotes", "refuse_share", "reopen_seat",
    "reserve_seat", "resize_budget", "save_situation", "tell_module_tax", "tell_provider_tax", "unname_beneficiary",
]
