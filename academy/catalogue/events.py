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
