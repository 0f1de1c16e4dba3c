"""What fits what somebody asks, at once: the index is asked once, outside any transaction, and the rules rank what it and the database give."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from academy.employers.drafts import DemandDraft
from academy.employers.facts import DemandFacts
from academy.employers.queries import matching
from academy.employers.queries.matching import ModuleFit, PoolFit
from academy.employers.queries.recognising import Recognised, recognised_skills, words_in
from academy.employers.rules.matching import words_of
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import database
from academy.kernel.text import Language, Localized
from academy.search import api as search
from academy.skills import api as skills

_CANDIDATES: Final = 40
_MOST_WORDS: Final = 10  # of a question to the index: as many as it reads


@dataclass(frozen=True)
class Matches:
    """What fits; `skills` are those in the words, `labels` the names of those and of the ones asked; `degraded` when the index was away."""

    skills: tuple[Recognised, ...]
    labels: dict[str, Localized]
    modules: list[ModuleFit]
    pools: list[PoolFit]
    degraded: bool = False


def matches_for(
    asked: DemandDraft | DemandFacts, *, language: Language, dropped: frozenset[str] = frozenset(), but: tuple[UUID, ...] = (), reads: bool = True, now: datetime,
) -> Matches:
    """Return what fits what somebody asks. Skills in the words count too where it `reads` them, those that were `dropped` apart.

    Pools in `but` are left out. Opens its own transactions: about ten statements.
    """
    with database().reading() as session:
        meant = recognised_skills(session, asked.words) if reads else ()
        uris = tuple(dict.fromkeys((*asked.skills, *(each.uri for each in meant if not each.via and each.uri not in dropped))))
        labels = {each.uri: each.label for each in meant}
        unnamed = [uri for uri in uris if uri not in labels]
        if unnamed:
            labels |= {uri: facts.label for uri, facts in skills.skills_by_uri(session, unnamed).items()}
    whole = replace(asked, skills=uris)
    found = search.modules_with(_question(whole.words, [labels[uri].in_language(language) for uri in uris if uri in labels]), language, limit=_CANDIDATES, now=now)
    with database().reading() as session:
        wanted = matching.wanted_of(whole, skills.near_skills(session, uris))
        modules = matching.fitting_modules(session, wanted, whole.words, found.ids, now=now)
        pools = matching.fitting_pools(session, wanted, whole.words, today=amsterdam_day(now), but=but)
    return Matches(meant, labels, modules, pools, found.degraded)


def _question(words: str, labels: list[str]) -> list[str]:
    """Return the words for the index: those typed that say something, in their order, then those of the skills."""
    told = words_in(" ".join((words, *labels)))
    return list(dict.fromkeys(word for word in told if word in words_of(word)))[:_MOST_WORDS]
