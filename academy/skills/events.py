"""What the skills room announces."""

from dataclasses import dataclass
from typing import ClassVar

from academy.kernel.outbox import Event


@dataclass(frozen=True)
class VersionLoaded(Event):
    """A version of a scheme was loaded, or more of it (labels in another language); read its present state."""

    name: ClassVar[str] = "Skills.version-loaded.v1"
    scheme: str
    version: str
