"""What carries letters, in our words."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """A letter ready to go. `key` is the same when the same letter is sent again: it becomes the Message-ID.

    `stop_url` is the page where its reader stops such letters: mail programs show it (RFC 2369, List-Unsubscribe).
    """

    key: str
    to: str
    subject: str
    text: str
    html: str
    language: str
    stop_url: str = ""


class Carrier(Protocol):
    """Takes letters to their reader; raises OSError when it can not, and then the letter is tried again later."""

    def send(self, letter: Letter) -> None:
        """Deliver or raise."""
