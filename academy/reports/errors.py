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


class CommissionUnderWay(Refusal):
    """Providers are asked for this skill in this area already."""

    code = "commission-under-way"
    status = 409

    @override
    def sentence(self) -> str:
        return _("Voor deze vaardigheid loopt al een aanvraag bij opleiders.")

    @override
    def next_step(self) -> str:
        return _("Nodig daar meer opleiders uit, of sluit die aanvraag eerst.")

    @override
    def links(self) -> list[Link]:
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
