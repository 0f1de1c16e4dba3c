"""Refusals about time of an assessor that is booked."""

from typing_extensions import override

from academy.kernel.errors import Refusal
from academy.kernel.translation import _


class SlotTaken(Refusal):
    """The time is full, called off or past: nobody can book it any more."""

    code = "assessor-slot-taken"

    @override
    def sentence(self) -> str:
        return _("Dit moment is net bezet of voorbij.")

    @override
    def next_step(self) -> str:
        return _("Kies een ander moment.")
