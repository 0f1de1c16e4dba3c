"""Money in whole euro cents."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in whole euro cents; may be negative (a refund)."""

    cents: int

    def __post_init__(self) -> None:
        if type(self.cents) is not int:
            message = f"Money takes whole cents, not {self.cents!r}"
            raise TypeError(message)

    @property
    def is_zero(self) -> bool:
        return self.cents == 0

    def __add__(self, other: Self) -> "Money":
        return Money(self.cents + other.cents)

    def __sub__(self, other: Self) -> "Money":
        return Money(self.cents - other.cents)

    def __neg__(self) -> "Money":
        return Money(-self.cents)

    def split(self, parts: int) -> list["Money"]:
        """Divide into `parts` amounts that add up exactly; the first ones get the odd cents."""
        if parts < 1:
            message = "money is split into at least one part"
            raise ValueError(message)
        share, odd = divmod(self.cents, parts)
        return [Money(share + (1 if number < odd else 0)) for number in range(parts)]


FREE = Money(0)
