"""Use cases of notices."""

from typing import Final

from academy.accounts.api import Leaving, PersonalData, is_nobody
from academy.notices.file_gateway import FileCarrier
from academy.notices.gateway import Carrier, Letter

_carriers: list[Carrier] = []


def set_carrier(carrier: Carrier) -> None:
    """Choose what carries the letters of this process."""
    _carriers[:] = [carrier]


def carrier() -> Carrier:
    """Return what carries the letters of this process."""
    return _carriers[0]


def send(letter: Letter | None) -> None:
    """Send a letter, when there is one and its reader has not left. Raises OSError, and then the outbox tries again later."""
    if letter is not None and not is_nobody(letter.to):
        carrier().send(letter)


def forget_letters_to(address: str) -> None:
    """Delete the letters to an address that lie here as files; what was mailed is with its reader."""
    present = carrier()
    if isinstance(present, FileCarrier):
        present.forget(address)


HELD: Final = PersonalData("notices", frozenset(), lambda *_: {}, lambda *_: Leaving(), sweep=forget_letters_to)
