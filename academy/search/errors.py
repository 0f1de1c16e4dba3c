"""Refusals of search."""

from academy.kernel.errors import Link, Refusal
from academy.kernel.translation import _


class QueryTooLong(Refusal):
    """More text than anyone types to find a module."""

    code = "query-too-long"
    status = 422

    def sentence(self) -> str:
        return _("Je zoekvraag is te lang.")

    def next_step(self) -> str:
        return _("Zoek met hooguit 200 tekens. Een paar woorden zijn genoeg.")


class SavedSearchGone(Refusal):
    """The link names no saved search (any more), or was never ours: the answer is the same."""

    code = "saved-search-gone"
    status = 410

    def sentence(self) -> str:
        return _("Deze zoekvraag bewaren we niet meer.")

    def next_step(self) -> str:
        return _("Je krijgt er geen e-mail meer over. Zoek opnieuw als je hem weer wilt bewaren.")

    def links(self) -> list[Link]:
        return [Link(_("Zoek een module"), "search.results")]


class TooManySaved(Refusal):
    """As many wishes or saved searches as one address may have at a time."""

    code = "too-many-saved"

    def sentence(self) -> str:
        return _("Je bewaart al zoveel als kan.")

    def next_step(self) -> str:
        return _("Haal eerst een zoekvraag of wens weg.")

    def links(self) -> list[Link]:
        return [Link(_("Naar mijn zoekvragen"), "searches.my_searches")]


class TooManyFits(Refusal):
    """More fits than a letter about something new makes sense for."""

    code = "too-many-fits"
    status = 422

    def sentence(self) -> str:
        return _("Bij deze zoekvraag past te veel. Dan krijg je steeds e-mail.")

    def next_step(self) -> str:
        return _("Typ meer woorden of maak een keuze, bijvoorbeeld een vakgebied. Bewaar daarna.")

    def links(self) -> list[Link]:
        return [Link(_("Zoek een module"), "search.results")]


class SearchAway(Refusal):
    """The search engine does not answer, so what fits already can not be known."""

    code = "search-away"
    status = 503
    retry_after_seconds = 60

    def sentence(self) -> str:
        return _("De zoekmachine is even weg. Er is niets bewaard.")

    def next_step(self) -> str:
        return _("Probeer het over een paar minuten opnieuw.")


class OccupationsAway(Refusal):
    """The index of occupations does not answer."""

    code = "occupations-away"
    status = 503
    retry_after_seconds = 60

    def sentence(self) -> str:
        return _("De zoekmachine is even weg.")

    def next_step(self) -> str:
        return _("Probeer het over een paar minuten opnieuw.")


class AskedTooOften(Refusal):
    """One network, or one network for one address, leaves too many questions in a quarter of an hour."""

    code = "asked-too-often"
    status = 429
    retry_after_seconds = 900

    def sentence(self) -> str:
        return _("Je doet dit te vaak achter elkaar.")

    def next_step(self) -> str:
        return _("Wacht een kwartier en probeer het opnieuw.")
