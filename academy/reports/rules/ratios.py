"""Shares, growth and means in the units of a report, to the nearest; plain numbers."""


def share(part: int, whole: int) -> int | None:
    """Return a part of a whole in tenths of a per cent; None of nothing."""
    return None if whole <= 0 else (2_000 * part + whole) // (2 * whole)


def per_cent(part: int, whole: int) -> int | None:
    """Return a part of a whole in tenths of a per cent, rounded to whole per cents; None of nothing."""
    return None if whole <= 0 else 10 * ((200 * part + whole) // (2 * whole))


def growth(now: int, before: int) -> int | None:
    """Return how much more it is than before, in tenths of a per cent, negative for less; None where there was nothing."""
    if before <= 0:
        return None
    more = 2_000 * (now - before)
    return (abs(more) + before) // (2 * before) * (1 if more >= 0 else -1)


def mean(total: int, number: int) -> int | None:
    """Return a mean in tenths; None of nothing."""
    return None if number <= 0 else (20 * total + number) // (2 * number)
