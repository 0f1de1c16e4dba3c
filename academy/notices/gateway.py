"""What carries letters, in our words."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """A letter ready to go. `key` is the same when the same letter is sent again: it becomes the Message-ID."""

    key: str
    to: str
    subject: str
    text: str
    html: str
    language: str


class Carrier(Protocol):
    """Takes letters to their reader; raises OSError when it can not, and then the letter is tried again later."""

    def send(self, letter: Letter) -> None:
        """Deliver or raise."""
