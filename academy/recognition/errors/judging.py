"""Refusals about time of assessors, and about what assessors say."""

from collections.abc import Sequence
from uuid import UUID

from typing_extensions import override

from academy.kernel.errors import NotFound, Refusal
from academy.kernel.translation import _
from academy.recognition.kinds import AnswerFault


class SlotNotFound(NotFound):
    """There is no such time, or it is not for this reader: called off, past, or of somebody who may not judge in this file."""

    code = "assessor-slot-not-found"


class SlotInUse(Refusal):
    """Somebody booked this time: it can not be taken back before that is called off."""

    code = "assessor-slot-in-use"

    @override
    def sentence(self) -> str:
        return _("Iemand heeft dit moment geboekt.")

    @override
    def next_step(self) -> str:
        return _("Zeg eerst de afspraak af. De cursist kiest dan een nieuw moment.")


class SlotsOverlap(Refusal):
    """The assessor offers or has something else at this time already."""

    code = "assessor-slots-overlap"

    @override
    def sentence(self) -> str:
        return _("Je hebt op dat moment al iets staan.")

    @override
    def next_step(self) -> str:
        return _("Kies een andere dag of een ander uur.")


class SlotWrong(Refusal):
    """This can not be offered: it is past, it has no length, or too much at once."""

    code = "assessor-slot-wrong"

    @override
    def sentence(self) -> str:
        return _("Deze momenten kun je zo niet aanbieden.")

    @override
    def next_step(self) -> str:
        return _("Kies een dag die nog komt, en hooguit honderd momenten tegelijk.")


class NothingBooked(Refusal):
    """There is no appointment in this file (any more)."""

    code = "nothing-booked"

    @override
    def sentence(self) -> str:
        return _("Er staat in deze aanvraag geen afspraak.")

    @override
    def next_step(self) -> str:
        return _("Kies een moment, of wacht tot de assessor er een plant.")


class AnswersFaulty(Refusal):
    """What an assessor says is not whole; `faults` are (outcome, what is wrong)."""

    code = "assessment-answers-faulty"

    def __init__(self, faults: Sequence[tuple[UUID, AnswerFault]]) -> None:
        super().__init__(", ".join(sorted({fault.value for _outcome, fault in faults})))
        self.faults = tuple(faults)

    @override
    def sentence(self) -> str:
        return _("Je oordeel is nog niet volledig.")

    @override
    def next_step(self) -> str:
        return _("Geef per leeruitkomst een oordeel, met reden en bij deels: welk deel.")


class NothingAsked(Refusal):
    """Asked for more without saying what."""

    code = "nothing-asked"

    @override
    def sentence(self) -> str:
        return _("Je hebt niet opgeschreven wat er ontbreekt.")

    @override
    def next_step(self) -> str:
        return _("Schrijf bij minstens één leeruitkomst wat je nog wilt zien.")
