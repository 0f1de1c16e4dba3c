"""What the catalogue announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from academy.kernel.outbox import Event


@dataclass(frozen=True)
class ModuleChanged(Event):
    """A module or one of its offerings was published, changed or archived; read its present state."""

    name: ClassVar[str] = "Catalogue.module-changed.v1"
    module_id: UUID


@dataclass(frozen=True)
class ProviderImported(Event):
    """A file of modules or programmes of this provider was loaded; read the provider's present state."""

    name: ClassVar[str] = "Catalogue.provider-imported.v1"
    provider_id: UUID


@dataclass(frozen=True)
class ProgrammeArranged(Event):
    """A programme got other modules, or the same ones in another order; read its present state."""

    name: ClassVar[str] = "Catalogue.programme-arranged.v1"
    programme_id: UUID


@dataclass(frozen=True)
class ModuleChecked(Event):
    """The programme office approved a module or sent it back; `step_id` is the step in its history that says so."""

    name: ClassVar[str] = "Catalogue.module-checked.v1"
    step_id: UUID


@dataclass(frozen=True)
class OfferingCancelled(Event):
    """The provider called an offering off: who is enrolled must know."""

    name: ClassVar[str] = "Catalogue.offering-cancelled.v1"
    offering_id: UUID
