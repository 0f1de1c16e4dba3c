"""Skills of the classification on outcomes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from academy.catalogue.drafts import ModuleDraft, OutcomeDraft
from academy.skills import api as skills


@dataclass(frozen=True)
class Tags:
    """The skills that a batch of drafts names, as the classification calls them now."""

    known: Mapping[str, Mapping[str, Any]]

    def of(self, outcome: OutcomeDraft) -> list[dict[str, Any]]:
        """Return the columns of the outcome's tags; a skill that the classification does not have is left out."""
        return [dict(self.known[uri]) for uri in dict.fromkeys(outcome.skills) if uri in self.known]


def tags_for(session: Session, drafts: Iterable[ModuleDraft]) -> Tags:
    """Look up the skills of all outcomes at once; without any nothing is asked."""
    uris = {uri for draft in drafts for outcome in draft.outcomes for uri in outcome.skills}
    if not uris:
        return Tags({})
    version = skills.current_version(session)
    if version is None:
        return Tags({})
    found = skills.skills_by_uri(session, uris)
    return Tags({
        uri: {"skill_uri": uri, "scheme_version": version.version, "label": facts.label} for uri, facts in found.items()
    })
