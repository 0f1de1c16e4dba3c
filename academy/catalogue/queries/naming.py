"""Which of the keys that a file or feed names are there; asked in bites, since a database takes no statement with any number of values."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue.models import Module, Place, Provider

_BITE = 1000


def modules_by_name(session: Session, names: Collection[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """Return the ids of the modules that are there, by (slug of the provider, external id); whatever their state."""
    keys: dict[str, list[str]] = {}
    for slug, external_id in names:
        keys.setdefault(slug, []).append(external_id)
    return {
        (slug, external_id): module_id
        for slug, wanted in keys.items()
        for bite in _bites(sorted(set(wanted)))
        for external_id, module_id in session.execute(
            select(Module.external_id, Module.id).join(Module.provider).where(Provider.slug == slug, Module.external_id.in_(bite)),
        )
    }


def place_keys(session: Session) -> frozenset[str]:
    """Return the keys of all places."""
    return frozenset(session.scalars(select(Place.key)))


def _bites(keys: list[str]) -> Iterator[list[str]]:
    return (keys[start : start + _BITE] for start in range(0, len(keys), _BITE))
