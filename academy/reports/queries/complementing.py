"""What other providers offer beside the anchors: does it add something? (requirement R26)"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.text import Localized
from academy.reports.models import Participation
from academy.reports.queries.reach import require_office
from academy.reports.rules.complementing import Alike, Beside, Bounds, Relation, beside_anchors
from academy.reports.sources.offered import Offered, offered
from academy.reports.sources.skills import labels_of

_BOUNDS: Final = Bounds(int(100 * catalogue.SOME), int(100 * catalogue.STRONG))  # as a provider sees them before it publishes
_REMEMBERED: Final = 2


@dataclass(frozen=True)
class Line:
    """A module of another provider, which of its skills an anchor trains too, and the module there that shares most of them."""

    module: Offered
    beside: Beside
    nearest: Offered | None


@dataclass(frozen=True)
class Complementarity:
    """Every public module of who is no anchor, beside the offer of `anchors` (their names): by provider, and then by slug."""

    anchors: tuple[str, ...]
    lines: tuple[Line, ...]

    def number(self, relation: Relation) -> int:
        """Return how many modules stand so to the offer of the anchors."""
        return sum(each.beside.relation is relation for each in self.lines)


def complementarity(session: Session, actor: Actor) -> Complementarity:
    """Return it for the programme office. Raises NotFound for anybody else."""
    require_office(session, actor)
    return beside_the_anchors(session)


def beside_the_anchors(session: Session) -> Complementarity:
    """Return every public module beside the offer of the anchors, as the catalogue is now; nothing where no provider is noted as an anchor. Five statements."""
    anchors = set(session.scalars(select(Participation.provider_id).where(Participation.is_anchor)))
    listed = offered(session)
    by_id = {each.trained.module_id: each for each in listed}
    names = accounts.organisation_names(session, anchors).values() if anchors else ()
    mine, theirs = (tuple(_profile(each) for each in listed if (each.trained.provider_id in anchors) is is_anchor) for is_anchor in (False, True))
    found = beside_anchors((each.trained for each in listed), anchors, _alike(mine, theirs), _BOUNDS) if anchors else ()
    return Complementarity(
        tuple(sorted(names, key=str.casefold)),
        tuple(Line(by_id[each.module.module_id], each, by_id[each.nearest] if each.nearest is not None else None) for each in found),
    )


def _profile(module: Offered) -> catalogue.Profile:
    return catalogue.Profile(module.trained.module_id.hex, module.title, module.outcomes)


@lru_cache(_REMEMBERED)
def _alike(mine: tuple[catalogue.Profile, ...], theirs: tuple[catalogue.Profile, ...]) -> Mapping[UUID, Alike]:
    """Return what each of mine resembles most; remembered until a text changes, since for 2,000 modules it takes seconds."""
    found = catalogue.nearest(mine, theirs)
    return {UUID(hex=key): Alike(UUID(hex=one.key), int(100 * one.score)) for key, one in found.items()}


def names_of_skills(session: Session, lines: Iterable[Line]) -> dict[str, Localized]:
    """Return the labels of what these modules share with the anchors."""
    return labels_of(session, {skill for each in lines for skill in each.beside.shared})


@dataclass(frozen=True)
class ProviderBeside:
    """How many modules of a provider stand how to the offer of the anchors."""

    provider_id: UUID
    slug: str
    name: str
    numbers: dict[Relation, int]


def by_provider(found: Complementarity) -> tuple[ProviderBeside, ...]:
    """Return the numbers of each provider, by name."""
    rows: dict[UUID, ProviderBeside] = {}
    for each in found.lines:
        module = each.module
        row = rows.setdefault(module.trained.provider_id, ProviderBeside(module.trained.provider_id, module.provider_slug, module.provider_name, dict.fromkeys(Relation, 0)))
        row.numbers[each.beside.relation] += 1
    return tuple(rows.values())
