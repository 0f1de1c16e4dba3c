"""Refusals about reports."""

from typing_extensions import override

from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.translation import _


class ReportNotFound(NotFound):
    """There is no such report, or it is not for this reader."""

    code = "report-not-found"


class CommissionNotFound(NotFound):
    """There is no such commission, or it is not for this reader."""

    code = "commission-not-found"


class QuestionnaireNotFound(NotFound):
    """The link leads to no questionnaire."""

    code = "questionnaire-not-found"


class QuestionnaireClosed(Refusal):
    """The last day to answer has passed."""

    code = "questionnaire-closed"
    status = 410

    @override
    def sentence(self) -> str:
        return _("Deze vragenlijst is gesloten.")

    @override
    def next_step(self) -> str:
        return _("Je kunt niet meer antwoorden. Dank je wel dat je het wilde doen.")


class AnsweredAlready(Refusal):
    """This link was used."""

    code = "answered-already"
    status = 409

    @override
    def sentence(self) -> str:
        return _("Je hebt al geantwoord. Dank je wel.")

    @override
    def next_step(self) -> str:
        return _("Wat je antwoordde, weten we niet meer van jou: we kunnen het dus ook niet veranderen.")


class NothingCounted(Refusal):
    """No roll-up has been made yet."""

    code = "nothing-counted"
    status = 409

    @override
    def sentence(self) -> str:
        return _("Er is nog niets geteld.")

    @override
    def next_step(self) -> str:
        return _("Tel nu, of wacht tot vannacht.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar het rapport over vraag en aanbod"), "reports.dashboard")]


class PeriodNotCounted(Refusal):
    """The period begins after the last day that was counted, or lies further back than is counted."""

    code = "period-not-counted"
    status = 409

    @override
    def sentence(self) -> str:
        return _("Over deze periode is niets geteld.")

    @override
    def next_step(self) -> str:
        return _("Kies een periode van de laatste drie jaar die al is begonnen.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar de vastgelegde rapporten"), "frozen_reports.overview")]


class CommissionUnderWay(Refusal):
    """Providers are asked for this skill in this area already."""

    code = "commission-under-way"
    status = 409

    def __init__(self, commission: str = "", *, is_second_click: bool = False) -> None:
        super().__init__(commission)
        self.commission = commission  # its code; "" when it ended in the same moment
        self.is_second_click = is_second_click  # the same person asked the same just now: there is nothing to refuse

    @override
    def sentence(self) -> str:
        return _("Voor deze vaardigheid loopt al een aanvraag bij opleiders.")

    @override
    def next_step(self) -> str:
        return _("Nodig daar meer opleiders uit, of sluit die aanvraag eerst.")

    @override
    def links(self) -> list[Link]:
        if self.commission:
            return [Link(_("Bekijk de aanvraag die loopt"), "commissions.show", {"code": self.commission})]
        return [Link(_("Naar de aanvragen bij opleiders"), "commissions.overview")]


class CommissionEnded(Refusal):
    """The commission has ended: nothing can be changed in it."""

    code = "commission-ended"
    status = 409

    @override
    def sentence(self) -> str:
        return _("Deze aanvraag is afgelopen.")

    @override
    def next_step(self) -> str:
        return _("Begin een nieuwe aanvraag als er nog vraag is.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar de aanvragen bij opleiders"), "commissions.overview")]


class CommissionUnfit(Refusal):
    """No gap that is there, no provider that is there, a day to answer that is past, or no reason to stop."""

    code = "commission-unfit"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Deze aanvraag klopt nog niet.")

    @override
    def next_step(self) -> str:
        return _("Kies een vaardigheid uit het rapport, ten minste één opleider en een dag die nog komt.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar de aanvragen bij opleiders"), "commissions.overview")]


class AboutProvider(Refusal):
    """What the programme office says of a provider can not be so."""

    status = 422

    def __init__(self, provider: str) -> None:
        super().__init__(provider)
        self.provider = provider

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar deze opleider"), "taking_part.provider", {"provider": self.provider})]


class ParticipationChanged(AboutProvider):
    """Somebody else changed how far the provider is, after the page was opened."""

    code = "participation-changed"
    status = 409

    @override
    def sentence(self) -> str:
        return _("Iemand anders paste de deelname van deze opleider net aan.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe het nu is. Pas het daarna zo nodig opnieuw aan.")


class ReasonMissing(AboutProvider):
    """A provider gets less far than it was, and nobody said why."""

    code = "reason-missing"

    @override
    def sentence(self) -> str:
        return _("De opleider gaat een stap terug, en er staat niet bij waarom.")

    @override
    def next_step(self) -> str:
        return _("Schrijf in een paar woorden waarom.")


class DayAhead(AboutProvider):
    """A stage can not begin on a day that is still to come."""

    code = "day-ahead"

    @override
    def sentence(self) -> str:
        return _("Deze dag moet nog komen.")

    @override
    def next_step(self) -> str:
        return _("Kies vandaag of een dag die voorbij is.")


class CountingAlready(Refusal):
    """Another count is under way in this process."""

    code = "counting-already"
    status = 409

    @override
    def sentence(self) -> str:
        return _("Er wordt al geteld.")

    @override
    def next_step(self) -> str:
        return _("Wacht een paar minuten. Daarna zie je de nieuwe getallen vanzelf.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar het rapport over vraag en aanbod"), "reports.dashboard")]
