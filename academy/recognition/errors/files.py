"""Refusals about files and the steps they go."""

from collections.abc import Mapping
from typing import Final

from typing_extensions import override

from academy.kernel.errors import NotFound, Refusal
from academy.kernel.translation import _
from academy.recognition.kinds import WhyNot


class FileNotFound(NotFound):
    """There is no such file, or it is not for this reader."""

    code = "recognition-file-not-found"


class FileThere(Refusal):
    """This person has a file for this module on this route already."""

    code = "recognition-file-there"

    @override
    def sentence(self) -> str:
        return _("Je hebt voor deze module al een aanvraag lopen.")

    @override
    def next_step(self) -> str:
        return _("Ga daarmee verder. Je vindt haar bij Mijn leren.")


class NotRecognisable(Refusal):
    """The module has no learning outcomes, or is not public: nothing can be claimed."""

    code = "not-recognisable"

    @override
    def sentence(self) -> str:
        return _("Voor deze module kun je geen erkenning aanvragen.")

    @override
    def next_step(self) -> str:
        return _("Vraag de opleider wat er wel kan.")


class FileClosed(Refusal):
    """This can not be changed (any more): the file was sent, decided or ended."""

    code = "recognition-file-closed"

    @override
    def sentence(self) -> str:
        return _("Dit kan nu niet meer in deze aanvraag.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe de aanvraag ervoor staat.")


class StepRefused(Refusal):
    """A file does not go this step; `why` is the rule that stands in the way."""

    code = "recognition-step-refused"

    def __init__(self, why: WhyNot) -> None:
        super().__init__(why.value)
        self.why = why

    @override
    def sentence(self) -> str:
        return _words()[self.why][0]

    @override
    def next_step(self) -> str:
        return _words()[self.why][1]


def _words() -> Mapping[WhyNot, tuple[str, str]]:
    look: Final = _("Kijk hoe de aanvraag er nu voor staat.")
    return {
        WhyNot.NO_WAY: (_("De aanvraag is intussen verder, of deze stap kan nu niet."), look),
        WhyNot.NOT_THEIRS: (_("Deze stap is aan iemand anders."), look),
        WhyNot.OTHER_ROUTE: (_("Deze stap hoort bij de andere route."), look),
        WhyNot.UNSIGNED: (_("De afspraak is nog niet door allebei getekend."), _("Laat eerst cursist en begeleider tekenen.")),
        WhyNot.NOT_STATED: (_("De verklaring ontbreekt nog."), _("Verklaar dat het je eigen werk is en verstuur het dan.")),
        WhyNot.UNFIT: (
            _("Je mag in deze aanvraag niet beoordelen: je begeleidt deze cursist, of werkt voor diens werkgever."),
            _("Geef de aanvraag terug. Een andere assessor neemt haar over."),
        ),
        WhyNot.FEW_INSTRUMENTS: (
            _("Er zijn altijd twee instrumenten nodig: het portfolio en nog een."), _("Plan een gesprek, een werkplekbezoek of een toets."),
        ),
        WhyNot.ANSWERS: (
            _("Nog niet elke leeruitkomst heeft een volledig oordeel."), _("Geef elke leeruitkomst een antwoord, met reden, bewijs en bij deels: welk deel."),
        ),
        WhyNot.OTHER_DECISION: (_("Dit besluit volgt niet uit de antwoorden."), look),
        WhyNot.OTHER_BOARD: (_("Alleen de examencommissie van de opleider die de module geeft, beslist."), look),
        WhyNot.INVOLVED: (
            _("Wie begeleidde of beoordeelde, beslist niet mee. Na een bezwaar beslist ook niemand die het besluit tekende."),
            _("Vraag een ander lid van de examencommissie."),
        ),
        WhyNot.FEW_SIGNATURES: (_("Er zijn meer handtekeningen nodig."), _("Een tweede lid van de examencommissie tekent hetzelfde besluit.")),
        WhyNot.NAMES_ANOTHER: (_("Er is intussen een ander besluit."), look),
        WhyNot.NOT_WHERE_IT_WAS: (_("De aanvraag gaat verder waar ze was."), look),
        WhyNot.TOO_EARLY: (_("Daarvoor is het nog te vroeg."), look),
        WhyNot.TOO_LATE: (_("De termijn is voorbij."), _("Je kunt wel een nieuwe aanvraag doen.")),
    }
