"""Tables of funding."""

from academy.funding.models.asks import EmployerAsk
from academy.funding.models.blocks import FundedBlock
from academy.funding.models.shares import FundedSeat, FundingShare, ShareStep
from academy.funding.models.sources import Beneficiary, Budget, CapUse, FundingRule, FundingSource, Situation
from academy.funding.models.tax import ModuleTax, ProviderTax

__all__ = [
    "Beneficiary", "Budget", "CapUse", "EmployerAsk", "FundedBlock", "FundedSeat", "FundingRule", "FundingShare", "FundingSource", "ModuleTax", "ProviderTax", "ShareStep",
    "Situation",
]
