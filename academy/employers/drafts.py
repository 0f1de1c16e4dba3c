"""Frozen values that come in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from academy.employers.kinds import Party
from academy.kernel.money import Money
from academy.kernel.text import Language


@dataclass(frozen=True)
class DemandDraft:
    """What somebody wants people to be able to do; `skills` are URIs of the classification, `kvk_number` is that of an employer."""

    party: Party
    email: str
    language: Language
    words: str
    people: int
    slots: tuple[str, ...] = ()
    kvk_number: str = ""
    skills: tuple[str, ...] = ()
    postcode: str = ""
    online: bool = False
    level: str = ""
    wanted_by: date | None = None
    most_price: Money | None = None


@dataclass(frozen=True)
class PledgeDraft:
    """A promise to a pool, of who has yet to prove the address where nobody is signed in."""

    party: Party
    email: str
    language: Language
    seats: int
    slots: tuple[str, ...] = ()
    most_price: Money | None = None
    reference: str = ""


@dataclass(frozen=True)
class Agreed:
    """What a firm agreed to on confirming: the price it saw, that it may be more than it said, and from what it pays."""

    price: Money
    may_cost_more: bool = False
    budget: str = ""  # the code of its budget as the page gave it; "" is by invoice
    reference: str = ""


@dataclass(frozen=True)
class RequestDraft:
    """What providers are asked to make. `people`, moments and skills follow from the demand or the pool; `budget` is of the whole class, with VAT."""

    title: str
    able: str
    questions_on: date  # the last day to ask
    proposals_on: date  # the last day to propose
    place: str = ""
    in_company: bool = False
    guest_teacher: bool = False
    wanted_by: date | None = None
    budget: Money | None = None


@dataclass(frozen=True)
class ProposalDraft:
    """What a provider would make and give. At least one of the prices, with VAT; `partners` are slugs of providers that give it along."""

    title: str
    content: str
    outcomes: tuple[str, ...]
    starts_on: date
    ends_on: date
    slot: str
    mode: str
    min_seats: int
    max_seats: int
    class_price: Money | None = None
    seat_price: Money | None = None
    ec: Decimal | None = None
    hours: int | None = None
    nlqf: str = ""
    place_key: str = ""
    partners: tuple[str, ...] = ()
