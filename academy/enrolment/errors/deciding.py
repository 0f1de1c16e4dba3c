"""Refusals to people of a provider who decide: about admission, a payment, a class."""

from typing_extensions import override

from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.translation import _


class RequestNotFound(NotFound):
    """No such enrolment at this provider, or not one for the reader to decide about."""

    code = "request-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze aanvraag vinden we niet bij jullie.")

    @override
    def next_step(self) -> str:
        return _("Kijk bij de aanvragen welke er nog openstaan.")


class RequestAnswered(Refusal):
    """Somebody was quicker: a colleague who answered, the learner who left, or the clock."""

    code = "request-answered"

    def __init__(self, provider_slug: str) -> None:
        super().__init__(provider_slug)
        self.provider_slug = provider_slug

    @override
    def sentence(self) -> str:
        return _("Deze aanvraag staat niet meer open. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Iemand heeft al geantwoord, de cursist is gestopt of de tijd was om.")

    @override
    def links(self) -> list[Link]:
        return [Link(_("Naar de aanvragen"), "admission.inbox", {"provider": self.provider_slug})]


class _AboutClass(Refusal):
    """A refusal that knows the class in the workspace."""

    def __init__(self, provider_slug: str, offering_code: str) -> None:
        super().__init__(offering_code)
        self.provider_slug, self.offering_code = provider_slug, offering_code

    @override
    def links(self) -> list[Link]:
        return [Link(_("Terug naar het startmoment"), "workspace.offering", {"provider": self.provider_slug, "code": self.offering_code})]


class NothingToDecide(_AboutClass):
    """The class goes ahead, was called off, or its day of deciding has not come."""

    code = "nothing-to-decide"

    @override
    def sentence(self) -> str:
        return _("Over dit startmoment hoef je nu niet te beslissen. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe het startmoment er nu voor staat.")


class NoClassToMerge(_AboutClass):
    """The class to merge into has not enough room any more, or is none that can take people."""

    code = "no-class-to-merge"

    @override
    def sentence(self) -> str:
        return _("In dat startmoment is niet genoeg plek. Niemand is verplaatst.")

    @override
    def next_step(self) -> str:
        return _("Kies een ander startmoment, of maak daar eerst plekken bij.")
