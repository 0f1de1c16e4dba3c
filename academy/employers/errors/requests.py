"""Refusals about requests for a tailored module, proposals, and company courses."""

from typing_extensions import override

from academy.kernel.errors import NotFound, Refusal
from academy.kernel.translation import _


class RequestNotFound(NotFound):
    """There is no such request, or it is not for this reader."""

    code = "request-not-found"


class ProposalNotFound(NotFound):
    """There is no such proposal, or it is not for this reader (yet)."""

    code = "proposal-not-found"


class CourseNotFound(NotFound):
    """There is no such company course, or it is not for this reader."""

    code = "course-not-found"


class RequestWrong(Refusal):
    """What is asked can not be: nobody invited, days past or not in their order, or a number out of reach."""

    code = "request-wrong"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Deze aanvraag klopt nog niet.")

    @override
    def next_step(self) -> str:
        return _("Kies minstens één aanbieder. Kijk ook naar de dagen en het aantal mensen.")


class RequestThere(Refusal):
    """This demand, or this pool, has a request already."""

    code = "request-there"

    @override
    def sentence(self) -> str:
        return _("Hiervoor is al een aanvraag op maat.")

    @override
    def next_step(self) -> str:
        return _("Ga verder met die aanvraag.")


class RequestClosed(Refusal):
    """The request does not take this (any more): its time is up, it was decided, or it is not time yet."""

    code = "request-closed"

    @override
    def sentence(self) -> str:
        return _("Dit kan nu niet met deze aanvraag.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe de aanvraag er nu voor staat.")


class QuestionAnsweredAlready(Refusal):
    """The question has its answer."""

    code = "question-answered"

    @override
    def sentence(self) -> str:
        return _("Deze vraag is al beantwoord.")

    @override
    def next_step(self) -> str:
        return _("Lees het antwoord bij de aanvraag.")


class ProposalWrong(Refusal):
    """What is proposed can not be: no outcomes, days past, too few seats for who asks, or no moment of the week."""

    code = "proposal-wrong"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Dit voorstel klopt nog niet.")

    @override
    def next_step(self) -> str:
        return _("Kijk naar de leeruitkomsten, de dagen, de plekken en de prijs.")


class ProposalThere(Refusal):
    """The provider has a proposal for this request."""

    code = "proposal-there"

    @override
    def sentence(self) -> str:
        return _("Jullie hebben al een voorstel voor deze aanvraag.")

    @override
    def next_step(self) -> str:
        return _("Ga daarmee verder, of trek het eerst in.")


class ProposalClosed(Refusal):
    """The proposal can not be changed, sent or taken back (any more)."""

    code = "proposal-closed"

    @override
    def sentence(self) -> str:
        return _("Dit kan nu niet met dit voorstel.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe het voorstel er nu voor staat.")


class PartnersDisagree(Refusal):
    """Not every partner agreed to these words."""

    code = "partners-disagree"

    @override
    def sentence(self) -> str:
        return _("Nog niet alle partners zijn akkoord met dit voorstel.")

    @override
    def next_step(self) -> str:
        return _("Wacht op hun antwoord, of haal een partner weg.")


class StageWrong(Refusal):
    """A course does not take this step from where it stands."""

    code = "stage-wrong"

    @override
    def sentence(self) -> str:
        return _("Deze stap kan nu niet.")

    @override
    def next_step(self) -> str:
        return _("Kijk hoe ver de cursus is.")
