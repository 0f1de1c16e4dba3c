"""Where a pool stands, and what can be done with it at its deadline. A pool gathers pledges for one outcome in one area."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from academy.employers.kinds import PoolState
from academy.employers.rules.areas import is_beside
from academy.employers.rules.slots import Pledge, SlotCount, slot_counts
from academy.kernel.money import Money

MAY_MERGE: Final = (PoolState.IDEA, PoolState.GATHERING)  # nobody was asked anything yet


class WhyUnserved(StrEnum):
    """Why the best slot does not serve a pledge."""

    TIME = "time"
    PRICE = "price"  # a seat costs more than it gives at most, at whatever slot


class Choice(StrEnum):
    """What can be done with a pool that is below its line at its deadline (journey J9)."""

    EXTEND = "extend"
    PAY_EMPTY_SEATS = "pay-empty-seats"
    MERGE = "merge"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class PoolKey:
    """What is gathered in one pool: an outcome, in an area (ONLINE: at a distance)."""

    outcome: str
    area: str


@dataclass(frozen=True, slots=True)
class Unserved:
    """A pledge that the best slot does not serve."""

    pledge: Pledge
    why: WhyUnserved


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a pool stands: `counts` is its table of slots, the best first; `best` is None while nobody pays the price, and so is who is `served` empty.

    `short` is how many seats the best slot lacks, 0 when there are enough.
    """

    threshold: int
    counts: tuple[SlotCount, ...]
    served: tuple[Pledge, ...]
    unserved: tuple[Unserved, ...]
    price: Money | None = None

    @property
    def best(self) -> SlotCount | None:
        return self.counts[0] if self.counts else None

    @property
    def seats(self) -> int:
        """The seats that the best slot serves."""
        return self.counts[0].seats if self.counts else 0

    @property
    def short(self) -> int:
        return max(0, self.threshold - self.seats)

    @property
    def is_met(self) -> bool:
        return self.seats >= self.threshold

    @property
    def firms(self) -> int:
        """How many firms pledged, served or not."""
        return len({pledge.firm for pledge in (*self.served, *(each.pledge for each in self.unserved))})

    @property
    def firms_served(self) -> int:
        return len({pledge.firm for pledge in self.served})


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool as its neighbours see it."""

    id: Hashable
    key: PoolKey
    state: PoolState
    threshold: int
    pledges: tuple[Pledge, ...]


@dataclass(frozen=True, slots=True)
class EmptySeatShare:
    """What a firm with so many seats would pay extra for the empty ones; within its maximum or not, together with its own seats."""

    firm: Hashable
    seats: int
    amount: Money
    is_within_maximum: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """A neighbour, and where both together would stand."""

    pool: Pool
    standing: Standing


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a deadline brings: go, or choices with what they would give.

    `empty_seats` is empty where nobody can pay them, `neighbours` where no merger helps.
    """

    standing: Standing
    choices: tuple[Choice, ...] = ()
    empty_seats: tuple[EmptySeatShare, ...] = ()
    neighbours: tuple[Merged, ...] = ()

    @property
    def goes_ahead(self) -> bool:
        return self.standing.is_met


def standing_of(pledges: Iterable[Pledge], threshold: int, price: Money | None = None) -> Standing:
    """Return where pledges stand against a threshold of seats, at a price of one seat when that is known. Raises ValueError for a threshold below 1."""
    if threshold < 1:
        raise ValueError(f"a class needs at least one seat, not {threshold}")
    listed = tuple(pledges)
    counts = slot_counts(listed, price)
    slot = counts[0].slot if counts else ""
    served, unserved = [], []
    for pledge in listed:
        if not pledge.can_pay(price):
            unserved.append(Unserved(pledge, WhyUnserved.PRICE))
        elif slot not in pledge.slots:
            unserved.append(Unserved(pledge, WhyUnserved.TIME))
        else:
            served.append(pledge)
    return Standing(threshold, counts, tuple(served), tuple(unserved), price)


def outcome_at_deadline(pool: Pool, price: Money | None = None, neighbours: Iterable[Pool] = ()) -> Outcome:
    """Return whether a pool goes ahead, and else what can be done: it can always be put off or released.

    The empty seats can be paid where somebody is served and the price is known; a merger is offered where it brings more seats to one slot.
    """
    standing = standing_of(pool.pledges, pool.threshold, price)
    if standing.is_met:
        return Outcome(standing)
    shares = empty_seat_shares(standing)
    others = mergers(pool, neighbours, price)
    offered = {Choice.EXTEND: True, Choice.PAY_EMPTY_SEATS: bool(shares), Choice.MERGE: bool(others), Choice.RELEASE: True}
    return Outcome(standing, tuple(choice for choice, is_offered in offered.items() if is_offered), shares, others)


def empty_seat_shares(standing: Standing) -> tuple[EmptySeatShare, ...]:
    """Return what each firm that is served pays extra so that the class is paid whole: its part by seats, adding up to the cent, the largest first.

    Firms with as many seats differ by no more than a cent. Empty when no seat lacks, nobody is served or the price is unknown.
    """
    if not standing.short or not standing.served or standing.price is None:
        return ()
    price, firms = standing.price.cents, _by_firm(standing.served)
    amounts = _by_seats(Money(price * standing.short), [seats for seats, _most in firms.values()])
    return tuple(
        EmptySeatShare(firm, seats, amount, most is None or seats * price + amount.cents <= most)
        for (firm, (seats, most)), amount in zip(firms.items(), amounts, strict=True)
    )


def _by_firm(pledges: Iterable[Pledge]) -> dict[Hashable, tuple[int, int | None]]:
    """Return per firm its seats, and the cents that it gives at most for them (None: whatever it costs); most seats first, whatever the order of pledges."""
    firms: dict[Hashable, tuple[int, int | None]] = {}
    for pledge in pledges:
        seats, most = firms.get(pledge.firm, (0, 0))
        own = None if pledge.most_price is None else pledge.most_price.cents * pledge.seats
        firms[pledge.firm] = (seats + pledge.seats, None if most is None or own is None else most + own)
    return dict(sorted(firms.items(), key=lambda each: (-each[1][0], str(each[0]))))


def _by_seats(total: Money, seats: Sequence[int]) -> list[Money]:
    """Divide by seats, by largest remainder: each gets its part, cut off, and the odd cents go where most was cut."""
    everyone = sum(seats)
    parts = [divmod(total.cents * each, everyone) for each in seats]
    odd = total.cents - sum(cents for cents, _cut in parts)
    most_cut = sorted(range(len(parts)), key=lambda place: -parts[place][1])[:odd]
    return [Money(cents + (place in most_cut)) for place, (cents, _cut) in enumerate(parts)]


def may_merge(pool: Pool, other: Pool) -> bool:
    """Tell whether two pools can become one: two that still gather, for the same outcome, in the same area or in areas beside each other.

    What is learned at a distance does not merge with what is learned at a place: who pledged for the one did not ask for the other.
    """
    return (
        pool.id != other.id and pool.state in MAY_MERGE and other.state in MAY_MERGE and pool.key.outcome == other.key.outcome
        and (pool.key.area == other.key.area or is_beside(pool.key.area, other.key.area))
    )


def mergers(pool: Pool, others: Iterable[Pool], price: Money | None = None) -> tuple[Merged, ...]:
    """Return the neighbours with which a pool would serve more seats at one slot, the best first: least short, then most seats.

    Together they need what the more demanding of the two needs.
    """
    alone = standing_of(pool.pledges, pool.threshold, price).seats
    found = (
        Merged(other, standing_of((*pool.pledges, *other.pledges), max(pool.threshold, other.threshold), price))
        for other in others if may_merge(pool, other)
    )
    useful = (each for each in found if each.standing.seats > alone)
    return tuple(sorted(useful, key=lambda each: (each.standing.short, -each.standing.seats, str(each.pool.id))))
