"""The plain values that the rules of funding decide on: what a source says, what a seat is, and who asks for it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from academy.funding.kinds import Basis, Fallback, PayerCategory, SourceKind
from academy.kernel.money import Money
from academy.kernel.text import Localized


@dataclass(frozen=True)
class Situation:
    """What is known of a learner to see who pays; the first four as they told themselves.

    `employer_sources` are the budgets of employers that name their e-mail address, `employer_id` the first of those employers.
    """

    birth_year: int | None = None
    postcode: str = ""  # the four digits
    sector: str = ""  # of the employer
    size_class: str = ""  # of the employer
    employer_sources: frozenset[UUID] = frozenset()
    employer_id: UUID | None = None


@dataclass(frozen=True)
class Asked:
    """A seat that somebody asks for: of which kind of module and which provider, at what price, on which day. `vat` is in the price."""

    module_kind: str
    provider_id: UUID
    price: Money
    vat: Money
    on: date


@dataclass(frozen=True)
class RuleTerms:
    """What a rule says. `percentage` in hundredths of a per cent; an empty tuple asks nothing; postcodes as "1315" or "1300-1379"."""

    name: Localized
    valid_from: date
    percentage: int
    position: int
    valid_until: date | None = None
    basis: Basis = Basis.INCLUDING_VAT
    cap_seat: Money | None = None
    cap_person_year: Money | None = None
    cap_firm_year: Money | None = None
    cap_provider_year: Money | None = None
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


@dataclass(frozen=True, kw_only=True)
class RuleFacts(RuleTerms):
    """A rule with its source; `first_id` is the rule that began the row of rules that follow each other."""

    id: UUID
    first_id: UUID
    follows_id: UUID | None
    source_id: UUID
    source_slug: str
    source_name: Localized
    kind: SourceKind
    category: PayerCategory
    owner_id: UUID
    open_from: date = date.min
    open_until: date | None = None

    def counts_on(self, day: date) -> bool:
        """Tell whether the rule, and its source, promise anything on that day."""
        last = min(each or date.max for each in (self.valid_until, self.open_until))
        return max(self.valid_from, self.open_from) <= day <= last
