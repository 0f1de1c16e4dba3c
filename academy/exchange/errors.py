"""Refusals of exchange."""

from collections.abc import Sequence

from academy.exchange.findings import Problem
from academy.kernel.errors import NotFound, Refusal
from academy.kernel.translation import _


class FileRefused(Refusal):
    """The file as a whole is not loaded; `problems` says where and why."""

    code = "file-refused"
    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.reason for problem in problems))
        self.problems = tuple(problems)

    def sentence(self) -> str:
        return _("Dit bestand is niet geladen. Er is niets veranderd.")

    def next_step(self) -> str:
        return _("Bekijk de regels en kolommen hieronder, verbeter het bestand en probeer het opnieuw.")


class ProviderUnknown(Refusal):
    """No provider with this slug; `known` are the slugs that exist."""

    code = "provider-unknown"
    status = 404

    def __init__(self, slug: str, known: Sequence[str]) -> None:
        super().__init__(slug)
        self.slug = slug
        self.known = tuple(known)

    def sentence(self) -> str:
        return _("De opleider %(slug)s kennen we niet.", slug=self.slug)

    def next_step(self) -> str:
        return _("Kies een opleider die er is, of geef ook een naam op om deze toe te voegen.")


class ProviderSlugNotValid(Refusal):
    """A new provider's slug becomes part of an address, so it is short, lower case and without spaces."""

    code = "provider-slug-not-valid"
    status = 422

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug

    def sentence(self) -> str:
        return _("%(slug)s kan geen code van een opleider zijn.", slug=self.slug)

    def next_step(self) -> str:
        return _("Gebruik 2 tot 60 kleine letters, cijfers en streepjes, zoals open-universiteit.")


class FeedNotFound(NotFound):
    """No such feed, or not for this visitor."""

    code = "feed-not-found"

    def sentence(self) -> str:
        return _("Deze koppeling bestaat niet.")

    def next_step(self) -> str:
        return _("Kijk in de lijst met koppelingen.")


class RunNotFound(NotFound):
    """No such import, or not for this visitor."""

    code = "import-not-found"

    def sentence(self) -> str:
        return _("Dit ophalen bestaat niet.")

    def next_step(self) -> str:
        return _("Kijk in de lijst met koppelingen.")


class FeedBusy(Refusal):
    """The feed is being fetched already: one at a time."""

    code = "feed-busy"
    status = 409

    def sentence(self) -> str:
        return _("Deze koppeling wordt al opgehaald.")

    def next_step(self) -> str:
        return _("Wacht tot dat klaar is.")


class FeedPaused(Refusal):
    """A paused feed is not fetched until someone lets it go on."""

    code = "feed-paused"
    status = 409

    def sentence(self) -> str:
        return _("Deze koppeling staat op pauze.")

    def next_step(self) -> str:
        return _("Zet de koppeling eerst weer aan.")


class FeedNotValid(Refusal):
    """A feed can not be kept like this; `reason` is English, for the command line and the log."""

    code = "feed-not-valid"
    status = 422

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def sentence(self) -> str:
        return _("Zo kan de koppeling niet worden bewaard: %(reason)s.", reason=self.reason)

    def next_step(self) -> str:
        return _("Verbeter dit en probeer het opnieuw.")


def file_refused(code: str, reason: str, *, line: int | None = None, column: str = "", value: str = "") -> FileRefused:
    """Return a refusal with one problem."""
    return FileRefused([Problem(line, column, value, code, reason)])
