"""Refusals about remote courses that count after a test here."""

from typing_extensions import override

from academy.kernel.errors import NotFound, Refusal
from academy.kernel.translation import _


class MappingNotFound(NotFound):
    """There is no such mapping, or it is not for this reader."""

    code = "mooc-mapping-not-found"


class MappingWrong(Refusal):
    """What is published does not fit: no remote course, no outcome of a module of theirs, or days that are over."""

    code = "mooc-mapping-wrong"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Kies een online cursus, leeruitkomsten van een eigen module, en een einddatum die nog komt.")

    @override
    def next_step(self) -> str:
        return _("Ga terug en kies opnieuw.")


class MappingClosed(Refusal):
    """It was signed or ended meanwhile, or this member signed it before."""

    code = "mooc-mapping-closed"

    @override
    def sentence(self) -> str:
        return _("Deze regeling is intussen veranderd, of je tekende haar al.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe de regeling er nu voor staat.")


class MappingOver(Refusal):
    """On that day the mapping does not count: not yet, not any more, ended, or its words changed."""

    code = "mooc-mapping-over"

    @override
    def sentence(self) -> str:
        return _("Deze regeling geldt dan niet.")

    @override
    def next_step(self) -> str:
        return _("Kies een ander moment, of vraag de opleider wat er wel kan.")


class LocalTestNotFound(NotFound):
    """There is no such test, or it is not for this reader."""

    code = "local-test-not-found"


class LocalTestThere(Refusal):
    """This person booked or passed a test for this mapping already; `test` is its code."""

    code = "local-test-there"

    def __init__(self, test: str) -> None:
        super().__init__(test)
        self.test = test

    @override
    def sentence(self) -> str:
        return _("Je hebt voor deze cursus al een toets staan of gehaald.")

    @override
    def next_step(self) -> str:
        return _("Kijk bij je toets hoe het ervoor staat.")


class LocalTestClosed(Refusal):
    """It was called off or judged meanwhile, or it is too early to judge it or too late to call it off."""

    code = "local-test-closed"

    @override
    def sentence(self) -> str:
        return _("Dit kan nu niet (meer) met deze toets.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe de toets ervoor staat.")


class LocalTestUnfit(Refusal):
    """Who judges is the learner, or acts for an employer of the learner."""

    code = "local-test-unfit"

    @override
    def sentence(self) -> str:
        return _("Deze assessor mag je niet beoordelen: je bent het zelf, of jullie werken voor dezelfde werkgever.")

    @override
    def next_step(self) -> str:
        return _("Kies een moment bij een andere assessor, of vraag een collega om te beoordelen.")


class MappingOwnSignature(Refusal):
    """A member of the board does not earn what they signed themselves."""

    code = "mooc-mapping-own-signature"

    @override
    def sentence(self) -> str:
        return _("Wie een regeling tekende, kan er zelf niets mee verdienen.")

    @override
    def next_step(self) -> str:
        return _("Met dit certificaat kan wel een gewone aanvraag. Andere leden van de examencommissie beslissen dan.")


class CertificateMissing(Refusal):
    """Nobody passes without the certificate of the remote course; nobody books without one in their library."""

    code = "certificate-missing"

    @override
    def sentence(self) -> str:
        return _("Het certificaat van de online cursus hoort erbij. Zonder certificaat telt de toets niet.")

    @override
    def next_step(self) -> str:
        return _("Zet het certificaat bij je bewijs.")


class ReasonMissing(Refusal):
    """Who fails somebody says why."""

    code = "local-test-reason-missing"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Schrijf erbij waarom de toets niet is gehaald.")

    @override
    def next_step(self) -> str:
        return _("De cursist leest je uitleg.")
