"""What happens with money for learning."""

from academy.funding.service.answering import answer_ask, pay_oneself
from academy.funding.service.asking import ask_wanted, remind_due, want_employer
from academy.funding.service.blocks import (
    close_block,
    grow_block,
    name_seat,
    order_block,
    promise_block,
    shrink_block,
    unname_seat,
)
from academy.funding.service.deciding import approve_share, lapse_due, refuse_share
from academy.funding.service.elsewhere import note_elsewhere, settle_elsewhere
from academy.funding.service.ending import end_seat
from academy.funding.service.invoicing import invoice_pair, pairs_to_invoice
from academy.funding.service.paying import follow_invoices, note_payment
from academy.funding.service.quoting import forget_rules, is_vat_decided, quote, quote_of_person, quotes
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
    "add_budget", "add_rule", "answer_ask", "approve_share", "ask_wanted", "close_block", "confirm_seat", "end_seat", "follow_invoices",
    "follow_rule", "forget_rules", "grow_block", "invoice_pair", "is_vat_decided", "lapse_due", "make_source", "name_beneficiaries", "name_seat",
    "note_elsewhere", "note_payment", "note_provider_tax", "order_block", "pairs_to_invoice", "pay_oneself", "promise_block", "quote",
    "quote_of_person", "quotes", "refuse_share", "remind_due", "reopen_seat", "reserve_seat", "resize_budget", "save_situation", "settle_elsewhere",
    "shrink_block", "tell_module_tax", "tell_provider_tax", "unname_beneficiary", "unname_seat", "want_employer",
]
