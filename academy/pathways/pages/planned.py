"""Finished values for what learners plan with a provider, and better times for its modules."""

from typing import Any

from flask import url_for

from academy.catalogue import api as catalogue
from academy.catalogue.api import ModuleCard
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import number_text, short_day, shown
from academy.kernel.small_groups import LEAST_PEOPLE
from academy.kernel.translation import _, ngettext
from academy.pathways.queries.planned import BetterTime, PlannedModule, ProviderDemand, Time
from academy.pathways.rules.slots import MOST_ASKED
from academy.pathways.words import time_words


def demand_values(found: ProviderDemand) -> dict[str, Any]:
    """Return what is planned, and at which times more people could finish."""
    provider = found.workspace.provider
    return {
        "name": provider.name, "url": url_for("workspace.home", provider=provider.slug), "least": LEAST_PEOPLE, "most": MOST_ASKED,
        "rows": [_row(provider.slug, each) for each in found.planned], "better": [_better(provider.slug, each) for each in found.better],
        "counted": short_day(min(amsterdam_day(each.counted_at) for each in found.better)) if found.better else "",
    }


def _module(slug: str, module: ModuleCard) -> dict[str, Any]:
    return {"title": shown(module.title), "url": url_for("catalogue.module_in_work", provider=slug, module=module.slug)}


def _row(slug: str, one: PlannedModule) -> dict[str, Any]:
    return {
        **_module(slug, one.module), "block": _("vanaf %(day)s", day=short_day(one.first_on)), "people": number_text(one.people),
        "times": [
            _time(time) if people is None else _("%(time)s: %(people)s mensen", time=_time(time), people=number_text(people)) for time, people in one.times
        ],
    }


def _time(time: Time) -> str:
    """Return `dinsdag, avond`; a class that learners expect and that is not planned yet has no time."""
    return _("nog niet gepland") if time.part is None else catalogue.schedule_words(time.weekdays, time.part)


def _better(slug: str, one: BetterTime) -> dict[str, Any]:
    return {
        **_module(slug, one.module),
        "words": ngettext("%(time)s: %(people)s mens meer", "%(time)s: %(people)s mensen meer", one.people, time=time_words(one.weekday, one.part), people=number_text(one.people)),
        "plan_url": url_for("workspace.plan", provider=slug, module=one.module.slug),
    }
