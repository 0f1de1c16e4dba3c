"""Refusals: answers of the domain, not bugs. One handler in `kernel.web` renders them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from typing_extensions import override

from academy.kernel.translation import _


class Refusal(Exception):
    """A request that is understood and not granted.

    Subclasses give a stable `code` (for machines), an HTTP `status`, a `sentence()` for the visitor and a `next_step()`
    that says what to do now. The text is translated when it is shown, so it is made by methods.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    retry_after_seconds: ClassVar[int | None] = None

    def sentence(self) -> str:
        return _("Dit kan nu niet.")

    def next_step(self) -> str:
        return _("Ga terug en probeer het opnieuw.")

    def links(self) -> list["Link"]:
        """Return where the visitor can go from here."""
        return []


@dataclass(frozen=True)
class Link:
    """A way on: words and the name of a page with its values; a name is not an import."""

    label: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)


class NotFound(Refusal):
    """What was asked for does not exist, or not for this visitor: the answer is the same."""

    code = "not-found"
    status = 404

    @override
    def sentence(self) -> str:
        return _("Deze pagina bestaat niet.")

    @override
    def next_step(self) -> str:
        return _("Controleer het adres, of zoek wat je nodig hebt.")


class DatabaseBusy(Refusal):
    """The database gave no turn in time, also after the retries."""

    code = "busy"
    status = 503
    retry_after_seconds = 5

    @override
    def sentence(self) -> str:
        return _("Het is erg druk. Er is niets opgeslagen.")

    @override
    def next_step(self) -> str:
        return _("Wacht een paar tellen en probeer het opnieuw.")


class TooManyVisits(Refusal):
    """One network asks for a page more often than people do, also many of them behind one address."""

    code = "too-many-visits"
    status = 429
    retry_after_seconds = 60

    @override
    def sentence(self) -> str:
        return _("Vanaf jouw netwerk wordt deze pagina te vaak gevraagd.")

    @override
    def next_step(self) -> str:
        return _("Wacht een minuut en probeer het opnieuw.")


class StorageUnavailable(Refusal):
    """The database can not be reached or written: disk full, read-only, down."""

    code = "storage-unavailable"
    status = 503
    retry_after_seconds = 30

    @override
    def sentence(self) -> str:
        return _("Opslaan lukt op dit moment niet. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Probeer het over een paar minuten opnieuw.")


class FileNotAllowed(Refusal):
    """A file of a kind that is not asked for, by its name."""

    code = "file-not-allowed"
    status = 422

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__(self.code)
        self._allowed = allowed

    @override
    def sentence(self) -> str:
        return _("Dit soort bestand nemen we niet aan.")

    @override
    def next_step(self) -> str:
        return _("Kies een van deze soorten: %(kinds)s.", kinds=", ".join(self._allowed))


class FileEmpty(Refusal):
    """A file of no bytes."""

    code = "file-empty"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Dit bestand is leeg.")

    @override
    def next_step(self) -> str:
        return _("Kies het bestand opnieuw. Kijk eerst of je het zelf kunt openen.")


class FileTooLarge(Refusal):
    """More bytes than are taken; the rest was not read."""

    code = "file-too-large"
    status = 413

    def __init__(self, most_bytes: int) -> None:
        super().__init__(self.code)
        self._most = most_bytes

    @override
    def sentence(self) -> str:
        return _("Dit bestand is te groot. Er is niets bewaard.")

    @override
    def next_step(self) -> str:
        return _("Een bestand mag hooguit %(size)s MB zijn.", size=max(1, self._most // 1024**2))


class FileNotWhatItSays(Refusal):
    """A file whose content is not of the kind that its name says; `reason` is a code, for tests and people who ask."""

    code = "file-not-what-it-says"
    status = 422

    def __init__(self, filename: str, kind: str, seems: str, reason: str) -> None:
        super().__init__(self.code)
        self.reason = reason
        self._values = {"name": filename, "kind": kind, "seems": seems}

    @override
    def sentence(self) -> str:
        return _("%(name)s is geen goed %(kind)s-bestand. Het lijkt %(seems)s te zijn.", **self._values)

    @override
    def next_step(self) -> str:
        return _("Open het in het programma waarmee je het maakte, bewaar het als %(kind)s en kies het opnieuw.", kind=self._values["kind"])
