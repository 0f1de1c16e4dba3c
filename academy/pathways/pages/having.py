"""Finished values of what somebody has: what counts, what may and what does not, each with its reason, and the bar that fills."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.catalogue import api as catalogue
from academy.kernel import figures
from academy.kernel.errors import Refusal
from academy.kernel.formats import credits_text, shown
from academy.kernel.translation import _, _l, ngettext
from academy.pathways.facts import GoalFacts, PathwayFacts
from academy.pathways.kinds import Match, Standing
from academy.pathways.problem import Credit
from academy.pathways.queries.having import GoalParts, HaveList
from academy.pathways.rules.matching import Why
from academy.pathways.service.having import Answered

_STATES: Final = {Match.MATCH: _l("Telt mee"), Match.MAYBE: _l("Telt misschien mee"), Match.MISS: _l("Telt niet mee")}
_MARKS: Final = {Match.MATCH: "✓", Match.MAYBE: "?", Match.MISS: "–"}  # the shape, for who sees no colours
_LOOKS: Final = ("recognised", "planned", "missing")  # as in the drawing of a degree


def have_values(pathway: PathwayFacts, found: HaveList, amounts: tuple[int, int, int]) -> dict[str, Any]:
    """Return what the page shows. `amounts`: there, maybe there and still to do."""
    goal = found.goal.facts
    return {
        "goal": shown(goal.title), "provider": goal.provider_name, "items": _items(found), "known": [_known(each, found.goal) for each in found.credits],
        "diploma": diploma_words(pathway.diploma, goal), "bar": _bar(amounts, is_of_skills=goal.ec is None), "version": pathway.version,
        "urls": {
            "add": url_for("pathways_having.have", key=pathway.edit_key), "try": url_for("pathways_having.try_out", key=pathway.edit_key),
            "remove": url_for("pathways_having.remove", key=pathway.edit_key),
        },
    }


def answer_values(found: Answered) -> dict[str, Any]:
    """Return what stands under the field while somebody types."""
    best = found.fits[0]
    key = found.pathway.edit_key
    lines = [_line(found.goal, key, each.why, module_id=each.for_module_id, about=each.about, ec=each.ec) for each in found.fits]
    return _state(best.fits) | {"lines": lines, "is_match": best.fits is Match.MATCH, "problem": ""}


def refused_values(refused: Refusal) -> dict[str, Any]:
    """Return the same for what can not be added."""
    return {"problem": f"{refused.sentence()} {refused.next_step()}"}


def problem_values(problems: Sequence[str]) -> dict[str, Any]:
    """Return the same for what is not filled in well."""
    return {"problem": " ".join(str(each) for each in problems)}


def diploma_words(level: str, goal: GoalFacts) -> dict[str, Any] | None:
    """Return whether a diploma is enough to begin; None where it was not said, or nothing is asked."""
    if not level or not goal.entry_nlqf:
        return None
    words = _(
        "Deze opleiding vraagt %(level)s. Ben je 21 of ouder? Dan kan een toets van de school genoeg zijn. Vraag het de school.", level=catalogue.level_word(goal.entry_nlqf),
    )
    match catalogue.fit(catalogue.LevelReached(goal.entry_nlqf), catalogue.Known(nlqf=level), provider=""):
        case catalogue.Fit.MET:
            return _state(Match.MATCH) | {"label": _("Genoeg"), "words": _("Met dit diploma kun je meestal beginnen. De school beslist.")}
        case catalogue.Fit.UNKNOWN:
            return _state(Match.MAYBE) | {"label": _("Misschien genoeg"), "words": words}
    return _state(Match.MISS) | {"label": _("Niet genoeg"), "words": words}


def _items(found: HaveList) -> list[dict[str, Any]]:
    """Return the list as it was added; what counts for several modules is one thing."""
    items: dict[str, dict[str, Any]] = {}
    for each in found.listed:
        item = items.setdefault(each.has.said, _state(each.has.fits) | {"said": each.has.said, "id": each.has.id.hex, "lines": [], "is_match": each.has.fits is Match.MATCH})
        item["lines"].append(_line(found.goal, found.key, each.why, module_id=each.has.for_module_id, about=each.about, ec=each.ec))
    return list(items.values())


def _state(fits: Match) -> dict[str, Any]:
    return {"state": fits.value, "label": str(_STATES[fits]), "mark": _MARKS[fits]}


def _line(goal: GoalParts, key: str, why: Why, *, module_id: UUID | None, about: str, ec: Decimal | None) -> dict[str, Any]:
    """Return why it counts or not, what it counts for, and where to ask recognition."""
    module = None if module_id is None else goal.modules.get(module_id)
    if module is None:
        return {"words": str(_WHY[Why.NOTHING]), "title": None, "ec": "", "scan_url": ""}
    asks = why not in {Why.SAME, Why.COUNTS_AS, Why.EQUIVALENT, Why.AFTER_TEST, Why.SEVERAL} and module.is_public and bool(module.outcomes)
    counts = ec or module.ec
    return {
        "words": str(_WHY[why]) % {"about": about}, "title": shown(module.title), "ec": "" if counts is None else _("%(ec)s EC", ec=credits_text(counts)),
        "scan_url": url_for("recognition_claiming.scan", slug=module.slug, route=key) if asks else "",
    }


_WHY: Final = {
    Why.SAME: _l("Dit is een module van je doel."),
    Why.COUNTS_AS: _l("Dit telt mee in plaats van een module van je doel."),
    Why.EQUIVALENT: _l("De examencommissie van %(about)s laat dit meetellen: het is een gelijkstelling."),
    Why.AFTER_TEST: _l("De examencommissie van %(about)s laat dit meetellen als je daar een toets haalt."),
    Why.SEVERAL: _l("Meerdere scholen hebben een module met deze naam. Schrijf erbij van welke school."),
    Why.OTHER_CREDITS: _l("De naam is hetzelfde, maar het aantal EC niet. De examencommissie kijkt of het genoeg is."),
    Why.DECIDED: _l("De examencommissie van %(about)s gaf hier eerder vrijstelling voor. Vraag erkenning aan."),
    Why.SKILL: _l("Je noemt een vaardigheid die je hier leert: %(about)s. Vraag erkenning aan."),
    Why.ALIKE: _l("Dit lijkt op een module van je doel. Vraag erkenning aan."),
    Why.NOTHING: _l("Niets in je doel lijkt hierop."),
}
_KNOWN: Final = {
    Standing.OBTAINED: _l("Dit heb je hier gehaald."), Standing.RECOGNISED: _l("Dit is erkend."), Standing.IN_PROGRESS: _l("Hier ben je mee bezig."),
}


def _known(credit: Credit, goal: GoalParts) -> dict[str, Any]:
    """Return something that is known here by itself."""
    module_id = goal.slugs.get(credit.module)
    module = None if module_id is None else goal.modules.get(module_id)
    counts = Match.MISS if module is None else Match.MATCH
    words = str(_KNOWN[credit.standing]) if module is not None else " ".join((str(_KNOWN[credit.standing]), _("Het hoort niet bij dit doel.")))
    return _state(counts) | {
        "title": None if module is None else shown(module.title), "slug": credit.module, "words": words, "ec": _("%(ec)s EC", ec=credits_text(Decimal(credit.ec) / 10)),
    }


# The bar


def _bar(amounts: tuple[int, int, int], *, is_of_skills: bool) -> dict[str, Any] | None:
    total = sum(amounts)
    if not total:
        return None
    there, maybe, left = (_amount(each, is_of_skills=is_of_skills) for each in amounts)
    return {
        "parts": figures.bar(list(zip(_LOOKS, amounts, strict=True)), total), "words": [_("%(amount)s telt mee", amount=there), _("%(amount)s telt misschien mee", amount=maybe), _("%(amount)s nog te doen", amount=left)],
        "looks": _LOOKS, "marks": ["✓", "?", ""],
    }


def _amount(value: int, *, is_of_skills: bool) -> str:
    return ngettext("%(num)s vaardigheid", "%(num)s vaardigheden", value) if is_of_skills else _("%(ec)s EC", ec=credits_text(Decimal(value) / 10))
