"""Finished values for the page of a route: the three beside each other, the chosen one, and what goes with it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for

from academy.catalogue.api import ModuleCard
from academy.kernel.formats import credits_text, in_current_language, shown
from academy.kernel.translation import _
from academy.pathways.facts import Gathered, PathwayFacts
from academy.pathways.pages import routes, steps
from academy.pathways.problem import Answer
from academy.pathways.rules.periods import least_hours


def show_values(
    gathered: Gathered, pathway: PathwayFacts, answer: Answer, cards: Mapping[UUID, ModuleCard], *, person_id: UUID | None, is_right: bool,
) -> dict[str, Any]:
    """Return everything that the page shows; `person_id` is of who looks."""
    key = pathway.edit_key
    blockers = [] if answer.routes else routes.blocker_values(gathered, pathway, answer.blockers)
    return {
        "key": key, "version": pathway.version, "goal": shown(gathered.goal.title), "goal_provider": gathered.goal.provider_name,
        "gap": credits_text(gathered.goal.gap) if gathered.goal.gap > 0 else "", "ec": credits_text(gathered.goal.ec) if gathered.goal.ec else "",
        "cards": routes.cards(gathered, pathway, answer), "is_whole": answer.is_whole, "has_postcode": bool(pathway.postcode), "circles": _circles(gathered),
        "blockers": blockers, "together": routes.together(blockers, pathway, _least_hours(gathered)),
        "chosen": steps.chosen_values(gathered, pathway, cards, is_right=is_right) if pathway.chosen else None,
        "without": steps.without_values(pathway, cards), "links": steps.link_values(pathway),
        "life_url": url_for("pathways_building.life", key=key), "have_url": url_for("pathways_having.have", key=key),
        "progress_url": url_for("pathways_progress.of_pathway", key=key),
        "sign_in_url": url_for("accounts.sign_in", next=url_for("pathways_building.show", key=key)) if person_id is None else "",
        "can_keep": person_id is not None and pathway.person_id is None, "is_mine": person_id is not None and pathway.person_id == person_id,
        "is_kept": pathway.person_id is not None,
    }


def _least_hours(gathered: Gathered) -> int:
    """Return with how many hours a week what is still to be earned fits in the years that are looked ahead."""
    return least_hours(int((gathered.goal.ec or 0) * 10) - sum(each.ec for each in gathered.problem.had))


def _circles(gathered: Gathered) -> list[str]:
    """Return the modules that need each other, a sentence per circle: nobody can begin with one of them."""
    if not gathered.circles:
        return []
    titles = {each.module_slug: in_current_language(each.title) for each in gathered.courses.values()}
    return [_("Voor de ene module heb je de andere eerst nodig, en andersom. Je kunt er dus niet mee beginnen: %(titles)s.", titles=", ".join(titles.get(slug, slug) for slug in circle)) for circle in gathered.circles]
