"""What may be told of answers that come in class by class, so that nobody can find out what a few of them said; plain values.

Answers of a class come out together, when it is closed. A mean is made public again only when enough others answered since: two readings of a page, one before and
one after, then differ by the answers of enough of them. The same holds between a whole and its parts: what is left of the whole is of enough, or of nobody.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from academy.reports.rules.shares import Parted


@dataclass(frozen=True)
class Batch:
    """What became known of one class at once.

    `subjects` are all whom it can be of: persons, firms or an institution; `number` of them are in it, nobody knows which, unless it is all of them. `part` is that of the whole which the
    class belongs to, such as its provider. `sums` is added up by name; `parted` is what a share is told of.
    """

    on: date
    key: str
    part: str
    subjects: frozenset[Hashable]
    number: int
    sums: Mapping[str, int] = field(default_factory=dict)
    parted: Parted = field(default_factory=Parted)


def least_subjects(batches: Collection[Batch]) -> int:
    """Return how many different subjects there are at least; exact where all subjects of each batch are in it.

    Of all whom it can be of, each who is not in a batch takes away one at most; and nobody is in more batches than the one who can be in most of them.
    """
    if not batches:
        return 0
    everybody: Counter[Hashable] = Counter(subject for batch in batches for subject in batch.subjects)
    numbers = [min(batch.number, len(batch.subjects)) for batch in batches]
    absent = sum(len(batch.subjects) - number for batch, number in zip(batches, numbers, strict=True))
    most = max(everybody.values(), default=1)
    return max(*numbers, -(-sum(numbers) // most), len(everybody) - absent)


def settled(batches: Iterable[Batch], *, least: int) -> list[Batch]:
    """Return the batches that may be told of, in the order of their days: steps of at least so many different subjects. What came after the last whole step waits."""
    told: list[Batch] = []
    step: list[Batch] = []
    for batch in sorted((each for each in batches if each.number), key=lambda each: (each.on, each.key)):
        step.append(batch)
        if least_subjects(step) >= least:
            told += step
            step = []
    return told


def told_parts(whole: Sequence[Batch], *, least: int) -> dict[str, list[Batch]]:
    """Return by part the batches of it that may be told of beside the whole, which is settled itself.

    Where less than `least` would be left of the whole, the smallest part is not told of either, until nothing changes.
    """
    by_part: dict[str, list[Batch]] = {}
    for batch in whole:
        by_part.setdefault(batch.part, []).append(batch)
    told = {part: found for part, batches in sorted(by_part.items()) if (found := settled(batches, least=least))}
    while told:
        known = {batch.key for batches in told.values() for batch in batches}
        rest = [batch for batch in whole if batch.key not in known]
        if not rest or least_subjects(rest) >= least:
            break
        del told[min(told, key=lambda part: (sum(batch.number for batch in told[part]), part))]
    return told


def summed(batches: Iterable[Batch]) -> Counter[str]:
    """Return the sums of batches together, and their `number`."""
    total: Counter[str] = Counter()
    for batch in batches:
        total.update(batch.sums)
        total["number"] += batch.number
    return total
