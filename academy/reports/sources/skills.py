"""Skills as reports name them: their words, how many occupations ask for them, and the clusters of sectors."""

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.catalogue.models import Module
from academy.catalogue.taxonomy import current
from academy.kernel.text import Localized
from academy.reports.kinds import MODULE
from academy.reports.rules.subjects import module_in
from academy.skills.models import LabelKind, OccupationSkill, SkillLabel

_BATCH: Final = 500  # URIs in one statement


def labels_of(session: Session, uris: Collection[str]) -> dict[str, Localized]:
    """Return what gaps are called: the label of a skill, the title of a module; what has no name goes by its own text. One statement per 500, and one more for modules."""
    words: dict[str, dict[str, str]] = {uri: {} for uri in uris}
    for some in _some(uris):
        rows = session.execute(select(SkillLabel.skill_uri, SkillLabel.language, SkillLabel.text).where(
            SkillLabel.kind == LabelKind.PREFERRED, SkillLabel.skill_uri.in_(some), SkillLabel.language.in_(("nl", "en")),
        ))
        for uri, language, text in rows:
            words[uri][language] = text
    named = {uri: Localized(found.get("nl", ""), found.get("en", "")) if found else Localized(uri, uri) for uri, found in words.items()}
    return named | _titles_of(session, [uri for uri in words if module_in(uri)])


def _titles_of(session: Session, subjects: Collection[str]) -> dict[str, Localized]:
    """Return what modules are called that stand in the place of a skill, `module:<hex>`."""
    found: dict[str, Localized] = {}
    for some in _some(subjects):
        ids = list(map(module_in, some))
        found |= {f"{MODULE}{module_id.hex}": title for module_id, title in session.execute(select(Module.id, Module.title).where(Module.id.in_(ids)))}
    return found


def occupations_of(session: Session, uris: Collection[str]) -> dict[str, int]:
    """Return how many occupations ask for each skill, by URI: the more there are, the further what one learns carries over. One statement per 500."""
    found = dict.fromkeys(uris, 0)
    for some in _some(uris):
        counted = select(OccupationSkill.skill_uri, func.count().label("number")).where(OccupationSkill.skill_uri.in_(some)).group_by(OccupationSkill.skill_uri)
        found |= {row.skill_uri: row.number for row in session.execute(counted)}
    return found


def clusters() -> Mapping[str, str | None]:
    """Return the cluster of every sector, by their codes; None of a sector without one."""
    return {code: sector.cluster for code, sector in current().sectors.items()}


def _some(uris: Collection[str]) -> Iterator[list[str]]:
    waiting = iter(sorted(set(uris)))
    while some := list(islice(waiting, _BATCH)):
        yield some
