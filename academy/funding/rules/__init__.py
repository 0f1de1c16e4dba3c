"""What money decides here: the VAT of a seat, who can pay of it, who pays what, and who gets back what."""

from academy.funding.rules.caps import Caps, cap_subject_of_provider, subjects_of_caps, yearly_caps
from academy.funding.rules.eligibility import WhyNot, age_in, payable, why_not
from academy.funding.rules.keeping import booked_before, booked_until
from academy.funding.rules.refunding import refunds, vat_of_part
from academy.funding.rules.split import Portion, portions, split_vat
from academy.funding.rules.states import may_follow
from academy.funding.rules.terms import Asked, RuleFacts, Situation
from academy.funding.rules.vat import (
    NO_VAT,
    STANDARD_RATE,
    ProviderStatus,
    decide,
    rate_of,
    reverse_charge_applies,
    usual_supply,
    vat_within,
)

__all__ = [
    "NO_VAT", "STANDARD_RATE", "Asked", "Caps", "Portion", "ProviderStatus", "RuleFacts", "Situation", "WhyNot", "age_in", "booked_before", "booked_until", "cap_subject_of_provider", "decide", "may_follow", "payable", "portions", "rate_of",
    "refunds", "reverse_charge_applies", "split_vat", "subjects_of_caps", "usual_supply", "vat_of_part", "vat_within", "why_not",
    "yearly_caps",
]
