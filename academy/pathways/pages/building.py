"""Finished values for the screens on which somebody makes a route: the goal and their life."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import url_for

from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import short_day, shown
from academy.kernel.text import Localized
from academy.kernel.translation import _, ngettext
from academy.pathways.facts import PathwayFacts
from academy.pathways.forms.building import GoalForm, LifeForm
from academy.pathways.queries.aiming import Goals


def goal_values(found: Goals, form: GoalForm) -> dict[str, Any]:
    """Return what one can choose; the fields of `form` stand in the same order."""
    options = list(form.goal)
    programmes, occupations = options[: len(found.programmes)], options[len(found.programmes) :]
    return {
        "programmes": [
            {"field": option, "title": shown(each.title), "provider": each.provider_name, "ec": each.ec, "is_ad": each.nlqf == catalogue.AD_LEVEL}
            for option, each in zip(programmes, found.programmes, strict=True)
        ],
        "occupations": [{"field": option, "name": name} for option, name in zip(occupations, found.occupations.values(), strict=True)],
        "skills": [{"field": option, "name": each.label, "via": each.via} for option, each in zip(form.skills, found.skills, strict=True)],
        "words": found.words, "is_open": bool(found.words), "nothing": bool(found.words) and not found.occupations and not found.skills,
    }


def life_values(key: str, form: LifeForm, *, has_route: bool) -> dict[str, Any]:
    """Return the way back, and which folded parts are open: those with something in them."""
    return {
        "key": key, "back": url_for("pathways_having.have", key=key), "has_route": has_route, "times_open": bool(form.times.data or form.times.errors),
        "start_open": bool(form.starts_on.data or form.starts_on.errors),
    }


def mine_values(found: Sequence[PathwayFacts], titles: Mapping[UUID, Localized]) -> list[dict[str, Any]]:
    """Return one's own routes, in the order given; of a goal that is no longer there the route stays."""
    return [
        {
            "title": shown(titles.get(each.id, Localized(_("Een doel dat er niet meer is")))), "url": url_for("pathways_building.show", key=each.edit_key),
            "changed": _("Veranderd op %(day)s", day=short_day(amsterdam_day(each.changed_at))), "state": _state(each),
        } for each in found
    ]


def _state(pathway: PathwayFacts) -> str:
    if pathway.chosen is None:
        return _("Nog geen route gekozen")
    steps = ngettext("%(num)s stap", "%(num)s stappen", len(pathway.steps))
    last = max((each.last_on for each in pathway.steps), default=None)
    return steps if last is None else _("%(steps)s, klaar op %(day)s", steps=steps, day=short_day(last))


def screens(key: str = "") -> list[tuple[str, str]]:
    """Return the four screens with their addresses, empty as long as there is no pathway."""
    return [
        (_("Doel"), url_for("pathways_building.goal")),
        (_("Wat je hebt"), url_for("pathways_having.have", key=key) if key else ""),
        (_("Jouw tijd en geld"), url_for("pathways_building.life", key=key) if key else ""),
        (_("Jouw routes"), url_for("pathways_building.show", key=key) if key else ""),
    ]
