"""Which of the keys that a file, a feed or an index names are there; asked in bites, since a database takes no statement with any number of values."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from academy.catalogue.models import Module, Place, Provider
from academy.catalogue.models.kinds import ModuleKind, PublicationState
from academy.kernel.money import Money
from academy.kernel.text import Localized

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


@dataclass(frozen=True)
class NamedModule:
    """What decides about a module, for who knows its address only."""

    id: UUID
    kind: ModuleKind
    provider_id: UUID


def modules_by_slug(session: Session, slugs: Collection[str]) -> dict[str, NamedModule]:
    """Return the modules that are there, by the slug of their address."""
    return {
        slug: NamedModule(module_id, kind, provider_id)
        for bite in _bites(sorted(set(slugs)))
        for slug, module_id, kind, provider_id in session.execute(
            select(Module.slug, Module.id, Module.kind, Module.provider_id).where(Module.slug.in_(bite)),
        )
    }


@dataclass(frozen=True)
class ModuleCard:
    """What is said of a module in a line, wherever it is named; a module of any state."""

    id: UUID
    slug: str
    external_id: str
    title: Localized
    provider_id: UUID
    provider_slug: str
    provider_name: str
    price: Money | None
    ec: Decimal | None
    is_public: bool


def module_cards(session: Session, module_ids: Collection[UUID]) -> dict[UUID, ModuleCard]:
    """Return modules by id, in a line each."""
    rows = session.execute(
        select(Module, Provider.slug, Provider.name).join(Module.provider).where(Module.id.in_(list(module_ids))),
    ) if module_ids else ()
    return {
        row.id: ModuleCard(
            row.id, row.slug, row.external_id, row.title, row.provider_id, provider_slug, provider_name, row.price, row.ec,
            row.state is PublicationState.PUBLISHED,
        )
        for row, provider_slug, provider_name in rows
    }


def module_keys(session: Session, provider_slug: str, names: Collection[str]) -> dict[str, str]:
    """Return the external ids of the provider's modules by the name given: an external id, else a code that only one module has."""
    found: dict[str, str] = {}
    for bite in _bites(sorted(set(names))):
        rows = session.execute(
            select(Module.external_id, Module.code).join(Module.provider)
            .where(Provider.slug == provider_slug, or_(Module.external_id.in_(bite), Module.code.in_(bite))),
        ).all()
        codes = Counter(code for _external_id, code in rows)
        found |= {code: external_id for external_id, code in rows if codes[code] == 1}
        found |= {external_id: external_id for external_id, _code in rows}
    return found


def place_keys(session: Session) -> frozenset[str]:
    """Return the keys of all places."""
    return frozenset(session.scalars(select(Place.key)))


def _bites(keys: list[str]) -> Iterator[list[str]]:
    return (keys[start : start + _BITE] for start in range(0, len(keys), _BITE))
