"""What comes in: sources, rules and budgets as somebody fills them in."""

from dataclasses import dataclass
from datetime import date

from academy.funding.kinds import AskState, SourceKind
from academy.funding.rules.terms import RuleTerms
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
class FirmDraft:
    """A firm as who decides for it by letter describes it: what the law wants on an invoice. `kvk_number` is clean."""

    name: str
    kvk_number: str
    street: str
    postcode: str
    city: str


@dataclass(frozen=True)
class EmployerAnswer:
    """What somebody says by the link in a letter: yes to all of `shown`, to `amount` of it, or no for a `reason`."""

    state: AskState  # approved, part or refused
    shown: Money
    signer: str = ""
    amount: Money | None = None
    reason: str = ""
    firm: FirmDraft | None = None


@dataclass(frozen=True)
class SourceDraft:
    """A source to be made, with its first budget where it has one. It promises from the first day of that budget, otherwise at once."""

    name: Localized
    kind: SourceKind
    explanation: Localized = Localized()
    budget: BudgetDraft | None = None


@dataclass(frozen=True)
class RuleDraft(RuleTerms):
    """A rule to be made."""
