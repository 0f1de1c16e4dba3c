"""Which skill somebody meant: words that are exactly a name of it."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.search.api import terms_of
from academy.skills.models import ConceptStatus, LabelKind, Skill, SkillKind, SkillLabel

Words = tuple[str, str]  # folded words with a space between them, and the language they were asked in


def skills_called(session: Session, asked: Collection[Words]) -> Mapping[Words, str]:
    """Return the URI of the skill that words are a name of; others are left out. One statement, that reads all names; none when nothing is asked.

    One skill, so that what was asked once counts once: a name in the language of asking goes before one in another, a preferred name before an alternative one, then the lowest URI.
    """
    wanted = {terms for terms, _language in asked}
    if not wanted:
        return {}
    rows = session.execute(
        select(SkillLabel.skill_uri, SkillLabel.language, SkillLabel.folded, SkillLabel.kind).join(Skill, Skill.uri == SkillLabel.skill_uri)
        .where(Skill.kind != SkillKind.GROUP, Skill.status == ConceptStatus.RELEASED).execution_options(yield_per=10_000),
    )
    names: dict[str, list[tuple[str, bool, str]]] = {}
    for uri, language, folded, kind in rows:
        terms = terms_of(folded)
        if terms in wanted:
            names.setdefault(terms, []).append((language, kind is not LabelKind.PREFERRED, uri))
    return {
        (terms, language): min((spoken != language, is_other, uri) for spoken, is_other, uri in names[terms])[2]
        for terms, language in asked if terms in names
    }
