"""Finished values of how far somebody is: the finding in words, the drawing, the same numbers in a table, and the line from mbo to bachelor."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from flask import url_for
from markupsafe import Markup

from academy.catalogue import api as catalogue
from academy.catalogue.api import ProgrammeSummary
from academy.kernel import figures
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import Shown, credits_text, day, in_own_language, shown
from academy.kernel.translation import _, _l, ngettext
from academy.kernel.web import address_of
from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import NodeKind, Standing
from academy.pathways.pages.reading import advice_values, month_text, read_address, steps_values
from academy.pathways.queries.advising import AdviceFacts
from academy.pathways.queries.progress import Mine, MyProgramme, Progress, RequirementRow
from academy.pathways.rules import picture
from academy.pathways.rules.audit import Unused, Why

_TENTHS: Final = 10
_HALF_YEAR_EC: Final = 30
_MOST_LACKING: Final = 5
_ENTRY: Final = "4"  # NLQF, with which an Associate degree usually begins
_S = Standing
_WORDS: Final = {
    _S.OBTAINED: _l("gehaald"), _S.RECOGNISED: _l("erkend"), _S.SAID: _l("zelf gezegd"), _S.IN_PROGRESS: _l("bezig"), _S.PLANNED: _l("gepland"), picture.MISSING: _l("mist nog"),
}
_HAVE: Final = (_S.OBTAINED, _S.RECOGNISED)


def _mark(look: str) -> str:
    """Return the sign of a kind, so that the drawing is read without colour: the first letter of its word; what is missing stays empty."""
    return "✓" if look == _S.OBTAINED else "" if look == picture.MISSING else str(_WORDS[look])[0].upper()


def read_values(pathway: PathwayFacts, found: Progress, *, now: datetime) -> dict[str, Any]:
    """Return what the page to read a route shows."""
    return {
        "progress": progress_values(found, is_own=False), "steps": steps_values(pathway.steps, found.cards),
        "paper": paper_values(pathway, now=now),
    }


def paper_values(pathway: PathwayFacts | None, *, now: datetime) -> dict[str, str]:
    """Return what stands on paper alone."""
    return {"link": "" if pathway is None else read_address(pathway.read_key), "day": day(amsterdam_day(now))}


def progress_values(found: Progress, *, is_own: bool = True) -> dict[str, Any]:
    """Return what stands on every page of how far somebody is; to who reads along it is not "je"."""
    whole = picture.together(row.parts for row in found.rows)
    amounts = {part.look: part.amount for part in whole}
    title = finding(found, amounts, is_own=is_own)
    return {
        "title": title, "lead": "" if found.is_of_skills else _("1 EC is 28 uur leren."), "goal": shown(found.goal.title), "provider": found.goal.provider_name,
        "picture": _picture(found, whole, title) if whole else None, "table": _table(found, amounts), "home": _home(found, is_own=is_own),
        "refused": [_refused(found, each) for each in found.refused], "line": line_values(found), "is_best": found.is_best, "keeps_worth": any(each.why is not Why.AGE for each in found.refused),
        "trail": [], "ways": [],
    }


def finding(found: Progress, amounts: dict[str, int], *, is_own: bool) -> str:
    """Return in words how far it is, and when it is there."""
    total, have = sum(amounts.values()), sum(amounts.get(each, 0) for each in _HAVE)
    busy, planned, missing = (amounts.get(each, 0) for each in (_S.IN_PROGRESS, _S.PLANNED, picture.MISSING))
    if not total:
        return _("Hoe ver ben je?") if is_own else _("Hoe ver is deze cursist?")
    many, of = _number(found, have), _number(found, total)
    if found.is_of_skills:
        first = _("Je kunt %(many)s van de %(of)s vaardigheden.", many=many, of=of) if is_own else _("%(many)s van de %(of)s vaardigheden.", many=many, of=of)
    elif have >= total:
        return _("Je hebt alle %(of)s EC.", of=of) if is_own else _("Alle %(of)s EC zijn binnen.", of=of)
    else:
        first = _("Je hebt %(many)s van de %(of)s EC.", many=many, of=of) if is_own else _("%(many)s van de %(of)s EC zijn binnen.", many=many, of=of)
    told = (first, _told(found, amounts.get(_S.SAID, 0), is_own=is_own), _ahead(found, busy=busy, planned=planned, missing=missing, is_own=is_own))
    return " ".join(filter(None, told)).replace(" EC", "\N{NO-BREAK SPACE}EC")


def _told(found: Progress, amount: int, *, is_own: bool) -> str:
    """Return what somebody says to have besides: nobody has decided on it."""
    if not amount:
        return ""
    many = _unit(found, amount)
    return _("Volgens jezelf heb je ook %(many)s.", many=many) if is_own else _("De cursist zegt ook %(many)s te hebben.", many=many)


def _ahead(found: Progress, *, busy: int, planned: int, missing: int, is_own: bool) -> str:
    if not missing and planned and found.ends_on is not None:
        month = month_text(found.ends_on)
        return _("Met je route kom je er in %(month)s.", month=month) if is_own else _("De route is klaar in %(month)s.", month=month)
    if not missing:
        return (_("Met de rest ben je bezig.") if is_own else _("De rest loopt.")) if busy else ""
    left = _number(found, missing) if found.is_of_skills else _("%(ec)s EC", ec=_number(found, missing))
    if planned:
        return _("Na je route mis je nog %(left)s.", left=left) if is_own else _("Na de route mist nog %(left)s.", left=left)
    return _("Je mist nog %(left)s.", left=left) if is_own else _("Er ontbreekt nog %(left)s.", left=left)


def _number(found: Progress, amount: int) -> str:
    """Return credits, which are tenths, or skills."""
    return str(amount) if found.is_of_skills else credits_text(Decimal(amount) / _TENTHS)


def _unit(found: Progress, amount: int) -> str:
    if found.is_of_skills:
        return ngettext("%(num)s vaardigheid", "%(num)s vaardigheden", amount)
    return _("%(ec)s EC", ec=_number(found, amount))


# The drawing and its table


def _picture(found: Progress, whole: Sequence[picture.Share], title: str) -> dict[str, Any]:
    size = 1 if found.is_of_skills else picture.tile_size(sum(part.amount for part in whole))
    drawn = picture.drawing(whole, size=size)
    key = [{"look": part.look, "mark": _mark(part.look), "amount": _unit(found, part.amount), "words": _WORDS[part.look]} for part in whole]
    row = size * picture.COLUMNS // _TENTHS
    note = _("Elk vakje is één vaardigheid.") if found.is_of_skills else _("Elk vakje is %(ec)s EC.", ec=size // _TENTHS)
    if not found.is_of_skills and row == _HALF_YEAR_EC:
        note = " ".join((note, _("Een rij is een halfjaar leren in voltijd.")))
    return {
        "title": title, "text": ", ".join(f"{each['amount']} {each['words']}" for each in key), "height": drawn.height, "tiles": drawn.tiles,
        "marks": {part.look: _mark(part.look) for part in whole}, "key": key, "note": note,
    }


def _table(found: Progress, amounts: dict[str, int]) -> dict[str, Any]:
    looks = [look for look in picture.LOOKS if amounts.get(look)]
    return {
        "caption": _("Wat telt per onderdeel"), "heads": [str(_WORDS[look]).capitalize() for look in looks],
        "rows": [_row(found, row, looks) for row in found.rows], "sums": [_unit(found, amounts[look]) for look in looks],
    }


def _row(found: Progress, row: RequirementRow, looks: Sequence[str]) -> dict[str, Any]:
    amounts, asked = {part.look: part.amount for part in row.parts}, sum(part.amount for part in row.parts)
    card = None if row.module_id is None else found.cards.get(row.module_id)
    return {
        "title": shown(row.title) if row.title else Shown(_("Nog niet ingevuld door de opleiding")),
        "url": address_of("enrolment.module_page", card.slug) if card is not None and card.is_public else "",
        "rule": _rule(row, is_begun=bool(set(amounts) - {picture.MISSING})), "lacks": _lacks(row), "bar": figures.bar([(part.look, part.amount) for part in row.parts], asked),
        "cells": [_unit(found, amounts[look]) if look in amounts else "" for look in looks],
        "modules": [_placed(found, slug, standing) for slug, standing in row.modules if card is None or slug != card.slug],
    }


def _rule(row: RequirementRow, *, is_begun: bool) -> str:
    """Return what a choice asks, and that something is there but not enough."""
    asks = row.asks
    chosen = ""
    if asks is not None and asks.kind is NodeKind.CREDITS and asks.ec is not None:
        chosen = _("kies %(ec)s EC", ec=credits_text(asks.ec))
    elif asks is not None and asks.kind is NodeKind.NUMBER:
        chosen = _("kies %(number)s van %(of)s", number=asks.number, of=row.choices)
    return ", ".join(filter(None, (chosen, _("nog niet compleet") if is_begun and not row.is_complete else "")))


def _lacks(row: RequirementRow) -> Markup | str:
    """Return what is still to be done for a requirement, or can be chosen for it."""
    if not row.lacks:
        return ""
    titles = Markup(", ").join(in_own_language(shown(each)) for each in row.lacks[:_MOST_LACKING])
    more = len(row.lacks) - _MOST_LACKING
    named = titles if more <= 0 else Markup("{} {}").format(titles, _("en nog %(number)s", number=more))
    is_choice = row.asks is not None and row.asks.kind in {NodeKind.CREDITS, NodeKind.NUMBER}
    return Markup("{}: {}").format(_("nog te kiezen") if is_choice else _("ontbreekt nog"), named)


def _placed(found: Progress, slug: str, standing: Standing) -> Markup:
    return Markup("{}: {}").format(in_own_language(shown(found.titles[slug])), _WORDS[standing])


# What does not count


def _refused(found: Progress, each: Unused) -> Markup:
    """Return a credit that does not count, or not all of it, with the reason."""
    title, ec = in_own_language(shown(found.titles[each.credit.module])), credits_text(Decimal(each.ec) / _TENTHS)
    return Markup("<strong>{}</strong>, {} EC: {}").format(title, ec, _why(found, each.why))


def _why(found: Progress, why: Why) -> str:
    match why:
        case Why.LEVEL:
            return _("het niveau is lager dan de opleiding vraagt.")
        case Why.AGE:
            return _("het is te lang geleden. Het telt %(years)s jaar mee.", years=found.valid_years)
        case Why.FULL:
            return _("dit onderdeel is al vol met andere modules.")
        case Why.NOT_ASKED:
            return _("deze opleiding vraagt dit niet.")


def _home(found: Progress, *, is_own: bool) -> dict[str, Any] | None:
    """Return how much must be taught by the institution that awards the degree; None where it asks nothing."""
    if not found.at_home_needed:
        return None
    words = _("Minstens %(needed)s EC volg je bij %(provider)s zelf.") if is_own else _("Minstens %(needed)s EC volgt de cursist bij %(provider)s zelf.")
    rest = _("Met wat er nu staat, komt dat op %(there)s EC.", there=_number(found, found.at_home))
    said = words % {"needed": _number(found, found.at_home_needed), "provider": found.goal.provider_name}
    return {"words": f"{said} {rest}", "is_met": found.at_home >= found.at_home_needed}


# From mbo to bachelor


def line_values(found: Progress) -> dict[str, Any] | None:
    """Return the three stations, for a goal that is one of them: an Associate degree."""
    if found.nlqf != catalogue.AD_LEVEL or found.is_of_skills:
        return None
    return {
        "stops": [_mbo(found), _degree(found), _bachelor()],
        "after": [
            {"title": shown(each.title), "provider": each.provider_name, "url": address_of("catalogue.programme_page", each.slug)} for each in found.after
        ],
    }


def _mbo(found: Progress) -> dict[str, Any]:
    """Return the diploma with which one begins; levels in the order of the catalogue, which has "4+" between 4 and 5."""
    levels = catalogue.LEVELS
    asked = found.goal.entry_nlqf if found.goal.entry_nlqf in levels else _ENTRY
    if found.diploma not in levels:
        state, look = _("Niet ingevuld"), "ahead"
    elif levels.index(found.diploma) >= levels.index(asked):
        state, look = _("Diploma gehaald"), "done"
    else:
        state, look = _("Nog niet gehaald"), "ahead"
    return {
        "title": _("Mbo 4, havo of vwo") if asked == _ENTRY else _("Diploma: %(level)s", level=catalogue.level_word(asked)), "state": state, "look": look, "is_here": False,
        "asks": _("Wie 21 jaar of ouder is, kan soms een toelatingstoets doen. Vraag het de opleiding."),
    }


def _degree(found: Progress) -> dict[str, Any]:
    amounts = {part.look: part.amount for part in picture.together(row.parts for row in found.rows)}
    have, total = sum(amounts.get(each, 0) for each in _HAVE), sum(amounts.values())
    is_done = 0 < total <= have  # what is planned is not there yet, and another diploma is not this one
    state = _("Diploma gehaald") if is_done else _("Hier nu: %(have)s van %(total)s EC", have=_number(found, have), total=_number(found, total))
    return {
        "title": _("Associate degree (AD)"), "state": state, "look": "done" if is_done else "here", "is_here": not is_done,
        "asks": _("Een hbo-diploma van 120 EC. Voltijd duurt dat twee jaar."),
    }


def _bachelor() -> dict[str, Any]:
    return {
        "title": _("Hbo-bachelor"), "state": _("Daarna, als je wilt"), "look": "ahead", "is_here": False,
        "asks": _("Een hbo-bachelor is 240 EC. Met een AD doe je vaak nog de helft. De hogeschool beslist hoeveel."),
    }


# The pages


def pathway_values(
    pathway: PathwayFacts, found: Progress, advice: Sequence[AdviceFacts], contact: tuple[str, str], *, now: datetime,
) -> dict[str, Any]:
    """Return how far who made a route is, with the advice on it; `contact` is (address, name) of the school."""
    back = (_("Je route"), url_for("pathways_building.show", key=pathway.edit_key))
    return {
        "progress": progress_values(found) | {"trail": [back]}, "steps": steps_values(pathway.steps, found.cards), "paper": paper_values(pathway, now=now),
        "advice": advice_values(pathway, advice, goal=found.goal.title, contact=contact),
    }


def programme_values(found: Progress, *, now: datetime) -> dict[str, Any]:
    """Return how far who is signed in is in a programme."""
    trail = [(_("Mijn leren"), url_for("enrolment.my_learning")), (_("Hoe ver ben ik?"), url_for("pathways_progress.mine"))]
    ways = [
        (_("Maak een route naar dit diploma"), url_for("pathways_building.goal", programme=found.goal.slug)),
        (_("Bekijk de opleiding"), url_for("catalogue.programme_page", slug=found.goal.slug)),
    ]
    return {"progress": progress_values(found) | {"trail": trail, "ways": ways}, "steps": [], "paper": paper_values(None, now=now), "advice": None}


def mine_values(found: Mine) -> dict[str, Any]:
    """Return the programmes for which counts what somebody has, and the others."""
    return {
        "ec": _("Samen heb je %(ec)s EC gehaald of erkend.", ec=credits_text(Decimal(found.ec) / _TENTHS)) if found.ec else "",
        "programmes": [_link(each.programme, _counts(each)) for each in found.programmes], "others": [_link(each) for each in found.others],
    }


def _counts(each: MyProgramme) -> str:
    counting = ngettext("%(num)s module die je hebt of volgt", "%(num)s modules die je hebt of volgt", each.counting) if each.counting else ""
    return " · ".join(filter(None, (counting, _("je hebt er een route voor") if each.has_pathway else "")))


def _link(each: ProgrammeSummary, why: str = "") -> dict[str, Any]:
    return {"title": shown(each.title), "provider": each.provider_name, "why": why, "url": address_of("pathways_progress.of_programme", each.slug)}
