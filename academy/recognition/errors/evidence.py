"""Refusals about evidence, who may see it, and statements of people at work."""

from typing import Final

from typing_extensions import override

from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.translation import _

_MB: Final = 1024**2


class EvidenceNotFound(NotFound):
    """There is no such evidence, or it is not (any more) for this reader."""

    code = "evidence-not-found"


class EvidenceInUse(Refusal):
    """Evidence can not be removed or changed while a file that was sent rests on it; `file_code` is that of the first."""

    code = "evidence-in-use"

    def __init__(self, file_code: str, *, is_decided: bool) -> None:
        super().__init__(self.code)
        self._file_code, self._is_decided = file_code, is_decided

    @override
    def sentence(self) -> str:
        return _("Dit bewijs hoort bij een aanvraag die je al verstuurde.")

    @override
    def next_step(self) -> str:
        if self._is_decided:
            return _("Het gaat vanzelf weg, twaalf weken na het besluit, als je het niet bewaart.")
        return _("Wacht tot er is besloten, of trek eerst die aanvraag in.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Bekijk de aanvraag"), "recognition_library.for_file", {"code": self._file_code})]


class EvidenceForTest(Refusal):
    """Evidence can not be removed or changed while a test is booked with it: an assessor looks at it there."""

    code = "evidence-for-test"

    @override
    def sentence(self) -> str:
        return _("Met dit bewijs heb je een toets geboekt.")

    @override
    def next_step(self) -> str:
        return _("Wacht tot de toets is beoordeeld, of zeg hem eerst af.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar je toetsen"), "recognition_mappings.all_mine")]


class LibraryFull(Refusal):
    """More pieces or more bytes than one person can keep; either is in `most`, the other is 0."""

    code = "evidence-library-full"

    def __init__(self, *, pieces: int = 0, size: int = 0) -> None:
        super().__init__(self.code)
        self._pieces, self._size = pieces, size

    @override
    def sentence(self) -> str:
        if self._pieces:
            return _("Je hebt al %(most)s bewijzen. Meer kun je niet bewaren.", most=self._pieces)
        return _("Met dit bestand wordt alles samen groter dan %(most)s MB. Er is niets bewaard.", most=self._size // _MB)

    @override
    def next_step(self) -> str:
        return _("Verwijder wat je niet meer nodig hebt, of kies een kleiner bestand.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar je bewijzen"), "recognition_library.library")]


class AssessorNotFound(NotFound):
    """Nobody of this provider who may judge this file has this id."""

    code = "recognition-assessor-not-found"


class ShareTakenBack(Refusal):
    """The learner took back that this assessor may see the evidence of their file: only they can give it again."""

    code = "recognition-share-taken-back"

    @override
    def sentence(self) -> str:
        return _("De cursist deelt het bewijs niet meer met jou.")

    @override
    def next_step(self) -> str:
        return _("Overleg met de cursist, of laat de aanvraag aan een andere assessor.")


class StatementNotFound(NotFound):
    """The link names no question, or not a genuine one."""

    code = "statement-not-found"


class StatementGone(Refusal):
    """Answered already, declined, over its time, or its file does not ask it any more."""

    code = "statement-gone"
    status = 410

    @override
    def sentence(self) -> str:
        return _("Deze vraag is al beantwoord, of is niet meer nodig.")

    @override
    def next_step(self) -> str:
        return _("Je hoeft niets te doen. Wil je toch iets zeggen? Laat het de cursist weten.")


class AskedAlready(Refusal):
    """The same person was asked in this file already."""

    code = "statement-asked"

    @override
    def sentence(self) -> str:
        return _("Deze persoon heb je voor deze aanvraag al gevraagd.")

    @override
    def next_step(self) -> str:
        return _("Bel of mail zelf even, of vraag iemand anders.")


class StatementToOneself(Refusal):
    """A learner can not say it of themselves: the address is their own, or they opened the link."""

    code = "statement-to-oneself"

    @override
    def sentence(self) -> str:
        return _("Een verklaring over jezelf kun je niet zelf geven.")

    @override
    def next_step(self) -> str:
        return _("Vraag iemand op je werk die ziet wat je doet: je leidinggevende of een collega.")


class TooManyStatements(Refusal):
    """More letters than one file sends to addresses of the learner's choice."""

    code = "statements-too-many"

    def __init__(self, most: int) -> None:
        super().__init__(self.code)
        self._most = most

    @override
    def sentence(self) -> str:
        return _("Je hebt voor deze aanvraag al %(most)s mensen gevraagd.", most=self._most)

    @override
    def next_step(self) -> str:
        return _("Wacht op hun antwoord, of gebruik ander bewijs.")
