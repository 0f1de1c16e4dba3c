"""Frozen values that leave the tables: what a demand, a pool and a pledge are at this moment."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from academy.employers.kinds import DemandState, Party, PledgeState, PoolState
from academy.kernel.money import Money
from academy.kernel.text import Language


@dataclass(frozen=True)
class DemandFacts:
    """What somebody wants people to be able to do; `skills` are URIs. An address and a firm are for who may see them."""

    id: UUID
    code: str
    party: Party
    state: DemandState
    email: str
    person_id: UUID | None
    organisation_id: UUID | None
    kvk_number: str
    language: Language
    words: str
    skills: tuple[str, ...]
    people: int
    slots: tuple[str, ...]
    postcode: str
    online: bool
    level: str
    wanted_by: date | None
    most_price: Money | None
    made_at: datetime
    proven_at: datetime | None
    answer_by: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True)
class PoolFacts:
    """A pool as it stands; `price` is of one seat, `slot` the one that providers were asked about."""

    id: UUID
    code: str
    state: PoolState
    title: str
    module_id: UUID | None
    skills: tuple[str, ...]
    area: str
    threshold: int
    most_seats: int
    price: Money | None
    deadline: date
    extended: int
    slot: str
    accept_by: datetime | None
    offering_id: UUID | None
    starts_on: date | None
    confirm_by: datetime | None
    told_short_at: datetime | None
    merged_into: UUID | None
    made_at: datetime


@dataclass(frozen=True)
class PledgeFacts:
    """A promise to a pool: so many seats at any of these slots. An address is for who may see it."""

    id: UUID
    code: str
    pool_id: UUID
    demand_id: UUID | None
    party: Party
    state: PledgeState
    email: str
    person_id: UUID | None
    organisation_id: UUID | None
    language: Language
    seats: int
    slots: tuple[str, ...]
    most_price: Money | None
    reference: str
    block_id: UUID | None
    made_at: datetime
    answered_at: datetime | None
