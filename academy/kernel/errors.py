"""Refusals: answers of the domain, not bugs. One handler in `kernel.web` renders them."""

from collections.abc import Mapping
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
