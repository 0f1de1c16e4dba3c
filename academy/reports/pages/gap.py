"""Finished values for the rows behind a gap: what is told of it, what one can do, and where each number comes from."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from babel.numbers import format_decimal
from flask import url_for

from academy.employers import api as employers
from academy.kernel.formats import day, in_current_language, number_text, shown
from academy.kernel.translation import _, ngettext, reading_language
from academy.reports.facts import Gap, RunFacts, View
from academy.reports.forms.choosing import view_address
from academy.reports.kinds import Source
from academy.reports.pages.dashboard import commission_url, commission_values, counted_words, euros_words, people_words
from academy.reports.queries.demand import part_words
from academy.reports.queries.drilling import Behind
from academy.reports.queries.picture import is_counted, told
from academy.reports.rules import quarters
from academy.reports.rules.hiding import FEW_PEOPLE
from academy.reports.rules.scoring import money_times
from academy.reports.rules.signals import Cell
from academy.reports.sources.behind import ClassBehind, DemandBehind, ModuleBehind, PoolBehind
from academy.reports.words import area_words, beyond_words, in_both, period_words, source_words, view_words

# Where on the page the rows of a source stand; of waiting lists and wishes none are shown.
_PLACES: Final = {
    Source.DEMAND: ("demands", "demands-title"), Source.PLEDGE: ("pools", "pools-title"), Source.SEARCH: ("words", "words-title"),
    Source.REFUSED: ("refused", "refused-title"), Source.BLOCKED: ("blocked", "blocked-title"),
}


def gap_values(found: Behind, view: View, run: RunFacts) -> dict[str, Any]:
    """Return what the page shows."""
    gap = found.gap
    by_id = {each.id: each for each in found.modules}
    sources = [_source(found, source, cell) for source, cell in found.sources.items()]
    return {
        "label": shown(gap.label), "view": view_words(view), "counted": counted_words(run), "back_url": url_for("reports.dashboard", **view_address(view)),
        "finding": _finding(gap), "sum": _sum(gap.cell), "facts": _facts(gap, view, run), "new_url": commission_url(gap.skill, view),
        "commission": commission_values(found.commission), "can_call": any(each.code for each in found.demands),
        "search_url": url_for("search.results", q=in_current_language(gap.label)), "few": FEW_PEOPLE,
        "sources": sources, "beyond": beyond_words(view), "without_rows": "; ".join(each["label"] for each in sources if not each["place"]),
        "pools": [_pool(each) for each in found.pools], "demands": [_demand(each) for each in found.demands],
        "words": [(words, number_text(times)) for words, times in found.words],
        "refused": [{"label": shown(text), "provider": name, "people": number_text(people)} for text, name, people in found.refused],
        "blocked": [_blocked(by_id.get(module) if module is not None else None, people) for module, people in found.blocked],
        "classes": [_class(each) for each in found.classes], "modules": [_module(each) for each in found.modules],
    }


def _finding(gap: Gap) -> str:
    cell = gap.cell
    if told(cell) is None:
        return _("Hoeveel mensen dit willen, kunnen we niet laten zien: dat zou iets zeggen over een kleine groep.")
    if not cell.wanted:
        return _("Niemand vroeg hierom in deze periode.")
    people = number_text(cell.wanted)
    if not cell.free:
        return _("Ongeveer %(people)s mensen willen dit leren; er is geen vrije plek.", people=people) + part_words(cell)
    return ngettext(
        "Ongeveer %(people)s mensen willen dit leren; er is %(free)s vrije plek.", "Ongeveer %(people)s mensen willen dit leren; er zijn %(free)s vrije plekken.", cell.free,
        people=people, free=number_text(cell.free),
    ) + part_words(cell)


def _sum(cell: Cell) -> str:
    """Return the score as a sum of what the page shows, "" where there is none."""
    if not cell.score:
        return ""
    return _(
        "Score %(score)s = (%(wanted)s mensen min %(free)s vrije plekken) keer haast %(urgency)s keer geld %(money)s",
        score=number_text(cell.score), wanted=number_text(cell.wanted), free=number_text(cell.free), urgency=_decimal(Fraction(cell.urgency, 100)),
        money=_decimal(money_times(wanted=cell.wanted, cents=cell.cents or 0)),
    )


def _decimal(value: Fraction) -> str:
    return format_decimal(Decimal(value.numerator) / value.denominator, "0.###", locale=reading_language())


def _facts(gap: Gap, view: View, run: RunFacts) -> list[tuple[str, str]]:
    cell, before, earlier = gap.cell, told(gap.before) if gap.before is not None else None, quarters.before(view.period)
    return [
        (_("Mensen die dit willen leren"), people_words(told(cell))),
        *([(_("In %(period)s", period=period_words(earlier)), people_words(before))] if is_counted(earlier, run.as_of) else []),
        (_("Bedrijven en scholen"), number_text(cell.firms)), (_("Toegezegd geld"), euros_words(cell.cents)),
        (_("Vrije plekken"), _("%(free)s van %(places)s", free=number_text(cell.free), places=number_text(cell.places)) if gap.knows_seats else "–"),
        (_("Beroepen waarin je dit nodig hebt"), number_text(gap.occupations) if gap.occupations else "–"),
    ]


def _source(found: Behind, source: Source, cell: Cell) -> dict[str, Any]:
    is_search, (rows, place) = source is Source.SEARCH, _PLACES.get(source, ("", ""))
    return {
        "label": source_words(source), "people": "–" if is_search else people_words(cell.people), "firms": "–" if is_search else number_text(cell.firms),
        "searches": number_text(cell.searches) if is_search else "–", "place": place if rows and getattr(found, rows) else "",
    }


def _pool(pool: PoolBehind) -> dict[str, Any]:
    return {
        "title": pool.title, "url": url_for("broker.pool", code=pool.code), "state": employers.pool_state_words(pool.state), "area": employers.area_words(pool.area),
        "until": day(pool.deadline),
    }


def _demand(demand: DemandBehind) -> dict[str, Any]:
    return {
        "firm": demand.firm, "people": ngettext("%(num)s persoon", "%(num)s mensen", demand.people), "on": day(demand.on), "state": employers.demand_state_words(demand.state),
        "area": area_words(demand.area), "url": url_for("broker.call", kind="demand", code=demand.code) if demand.code else "",
    }


def _blocked(module: ModuleBehind | None, people: int) -> dict[str, Any]:
    if module is None:
        return {"label": shown(in_both(lambda: _("De leeruitkomst zelf"))), "provider": "", "url": "", "people": number_text(people)}
    return {"label": shown(module.title), "provider": module.provider_name, "url": _module_url(module), "people": number_text(people)}


def _module(module: ModuleBehind) -> dict[str, Any]:
    return {"label": shown(module.title), "provider": module.provider_name, "url": _module_url(module)}


def _module_url(module: ModuleBehind) -> str:
    return url_for("enrolment.module_page", slug=module.slug) if module.is_public else ""


def _class(one: ClassBehind) -> dict[str, Any]:
    return {
        "label": shown(one.module_title), "url": url_for("enrolment.module_page", slug=one.module_slug), "provider": one.provider_name, "starts": day(one.starts_on),
        "place": _("Online") if one.is_online else one.place, "seats": _("%(free)s van %(places)s", free=number_text(one.free), places=number_text(one.seats)),
    }
