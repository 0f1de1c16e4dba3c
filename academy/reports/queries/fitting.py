"""Which providers could fill a gap: those that train the skill or its neighbours already, who takes part in the programme first."""

from collections import Counter
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.api import ProviderFacts
from academy.kernel.errors import NotFound
from academy.kernel.text import Localized
from academy.reports.facts import View
from academy.reports.kinds import MODULE, Stage
from academy.reports.models import Participation
from academy.reports.queries.cells import cell
from academy.reports.queries.reach import require_office
from academy.reports.rules.signals import Key
from academy.reports.rules.subjects import module_in
from academy.reports.sources.offered import offered
from academy.reports.sources.skills import labels_of
from academy.skills import api as skills

_ALIKE: Final = 20  # so many modules are looked at


@dataclass(frozen=True)
class Fit:
    """A provider, how many of its public modules train the skill and how many its neighbours only, and how far it is with the programme; None: not in it."""

    provider: ProviderFacts
    direct: int
    near: int
    stage: Stage | None

    @property
    def is_proposed(self) -> bool:
        """Tell whether it trains something of it."""
        return self.direct + self.near > 0


@dataclass(frozen=True)
class GapToFill:
    """A gap by its name, and for how many people it is wanted in a view, as far as that is told."""

    label: Localized
    wanted: int


def gap_to_fill(session: Session, actor: Actor, subject: str, view: View) -> GapToFill:
    """Return a gap for the programme office. Raises NotFound for anybody else, and for a skill or module that is not there."""
    require_office(session, actor)
    if not is_subject(session, subject):
        raise NotFound
    return GapToFill(labels_of(session, [subject])[subject], cell(session, Key(view.period, subject, view.area, view.sector)).wanted)


def is_subject(session: Session, subject: str) -> bool:
    """Tell whether there is such a skill, or such a public module."""
    if not subject.startswith(MODULE):
        return bool(skills.skills_by_uri(session, [subject]))
    module_id = module_in(subject)
    return module_id is not None and any(each.is_public for each in catalogue.module_cards(session, [module_id]).values())


def fits(session: Session, subject: str) -> tuple[Fit, ...]:
    """Return all providers: who trains something of it before who does not, participants before others, and then who has most of it. Nine statements at most."""
    module_id = module_in(subject)
    direct, near = _of_skill(session, subject) if module_id is None else _of_module(session, module_id)
    stages = dict(session.execute(select(Participation.provider_id, Participation.stage)).all())
    found = [
        Fit(each, direct.get(each.id, 0), near.get(each.id, 0), stages.get(each.id)) for each in catalogue.providers(session)
    ]
    return tuple(sorted(found, key=_order))


def _order(fit: Fit) -> tuple[bool, bool, int, int, str, str]:
    return (not fit.is_proposed, fit.stage is None, -fit.direct, -fit.near, fit.provider.name.casefold(), fit.provider.slug)


def _of_skill(session: Session, uri: str) -> tuple[dict[UUID, int], dict[UUID, int]]:
    direct = catalogue.modules_training(session, [uri])
    step, beside = skills.near_skills(session, [uri])[uri]
    every = catalogue.modules_training(session, {uri, *step, *beside})
    return direct, {provider_id: number - direct.get(provider_id, 0) for provider_id, number in every.items()}


def _of_module(session: Session, module_id: UUID) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """Return its own provider, and how many modules of each resemble it by title and outcomes: it names no skills to go by."""
    listed = {each.trained.module_id.hex: each for each in offered(session)}
    mine = listed.get(module_id.hex)
    if mine is None:
        return {}, {}
    profiles = (catalogue.Profile(key, each.title, each.outcomes) for key, each in listed.items())
    alike = catalogue.overlaps(catalogue.Profile(module_id.hex, mine.title, mine.outcomes), profiles, limit=_ALIKE)
    near = Counter(listed[each.key].trained.provider_id for each in alike if each.score >= catalogue.SOME)
    return {mine.trained.provider_id: 1}, dict(near)
