"""What comes in: sources, rules and budgets as somebody fills them in."""

from dataclasses import dataclass
from datetime import date

from academy.funding.kinds import Basis, Fallback, SourceKind
from academy.kernel.money import Money
from academy.kernel.text import Localized


@dataclass(frozen=True)
class BudgetDraft:
    """So much money for seats that are asked on or between two days."""

    name: str
    from_on: date
    until_on: date
    amount: Money


@dataclass(frozen=True)
class SourceDraft:
    """A source to be made, with its first budget where it has one. It promises from the first day of that budget, otherwise at once."""

    name: Localized
    kind: SourceKind
    explanation: Localized = Localized()
    budget: BudgetDraft | None = None


@dataclass(frozen=True)
class RuleDraft:
    """A rule to be made. `percentage` in hundredths of a per cent; an empty tuple asks nothing; postcodes as "1315" or "1300-1379"."""

    name: Localized
    valid_from: date
    percentage: int
    position: int
    valid_until: date | None = None
    basis: Basis = Basis.INCLUDING_VAT
    cap_seat: Money | None = None
    cap_person_year: Money | None = None
    cap_firm_year: Money | None = None
    stacks: bool = True
    module_kinds: tuple[str, ...] = ()
    excluded_kinds: tuple[str, ...] = ()
    provider_ids: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    size_classes: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    min_age: int | None = None
    max_age: int | None = None
    needs_approval: bool = False
    evidence: tuple[str, ...] = ()
    fallback: Fallback = Fallback.LEARNER
