"""The addresses of all public pages, in parts, for a sitemap."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, null, select
from sqlalchemy.orm import Session

from academy.catalogue.models import Module, Programme, ProgrammeType, Provider, PublicationState

_PUBLIC: Final[dict[str, Select[Any, Any]]] = {
    "modules": select(Module.slug, Module.changed_at).where(Module.state == PublicationState.PUBLISHED).order_by(Module.id),
    "programmes": select(Programme.slug, Programme.changed_at)
    .where(Programme.state == PublicationState.PUBLISHED, Programme.type != ProgrammeType.SPECIFICATION)
    .order_by(Programme.id),
    "providers": select(Provider.slug, null()).order_by(Provider.id),
}


def sitemap_size(session: Session) -> dict[str, int]:
    """Return how many public pages there are of each kind: modules, programmes, providers."""
    return {
        kind: session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0 for kind, wanted in _PUBLIC.items()
    }


def sitemap_part(session: Session, kind: str, *, start: int, limit: int) -> Sequence[tuple[str, datetime | None]]:
    """Return (slug, last change where we keep it) of up to `limit` pages of a kind, beginning with number `start`, in a fixed order."""
    return [(slug, changed) for slug, changed in session.execute(_PUBLIC[kind].offset(start).limit(limit))]
