"""Finished values for what other providers offer beside the anchors."""

import math
from collections.abc import Mapping
from typing import Any, Final

from flask import url_for

from academy.kernel.csv_file import as_csv
from academy.kernel.formats import in_current_language, number_text, shown
from academy.kernel.text import Localized
from academy.kernel.translation import _, ngettext
from academy.reports.queries.complementing import Complementarity, Line
from academy.reports.rules.complementing import Relation
from academy.reports.words import relation_words

SHOWN: Final = 50
_LOOKS: Final = {Relation.COMPLEMENTS: "confirmed", Relation.PARTLY: "few", Relation.OVERLAPS: "cancelled", Relation.UNKNOWN: "unknown"}


def chosen(show: str) -> Relation | None:
    """Return which are asked for in an address; None for all."""
    return Relation(show) if show in set(Relation) else None


def lines_of(found: Complementarity, *, show: Relation | None, page: int) -> tuple[Line, ...]:
    """Return a page of what is asked for, what overlaps most first; without a choice what can be said. Beyond the last page stands the last one."""
    wanted = [each for each in found.lines if (each.beside.relation is show if show is not None else each.beside.relation is not Relation.UNKNOWN)]
    wanted.sort(key=lambda each: -max(each.beside.percent, each.beside.text_percent))
    page = min(page, _pages(len(wanted)))
    return tuple(wanted[(page - 1) * SHOWN : page * SHOWN])


def _pages(number: int) -> int:
    return max(1, math.ceil(number / SHOWN))


def page_values(found: Complementarity, names: Mapping[str, Localized], *, show: Relation | None, page: int) -> dict[str, Any]:
    """Return a page of modules beside the offer of the anchors."""
    unknown = found.number(Relation.UNKNOWN)
    number = len(found.lines) - unknown if show is None else found.number(show)
    pages = _pages(number)
    page = min(page, pages)

    def at(number_of_page: int) -> str:
        return url_for("commissions.complementarity", show=show, page=number_of_page if number_of_page > 1 else None)

    return {
        "anchors": list_words(found.anchors), "has_anchors": bool(found.anchors), "lead": lead_words(found), "number": number,
        "kinds": [_kind(None, len(found.lines), show), *(_kind(each, found.number(each), show) for each in Relation)],
        "rows": [_row(each, names) for each in lines_of(found, show=show, page=page)],
        "previous_url": at(page - 1) if page > 1 else "", "next_url": at(page + 1) if page < pages else "",
        "csv_url": url_for("commissions.complementarity_file"), "folded": _folded(found) if show is None and unknown else None,
    }


def _folded(found: Complementarity) -> dict[str, Any]:
    """Return the modules of which nothing can be said, folded away; there can be more than are shown."""
    lines = [each for each in found.lines if each.beside.relation is Relation.UNKNOWN]
    is_bare = not any(each.beside.module.skills for each in lines)
    return {
        "label": ngettext("%(num)s module zonder vaardigheden", "%(num)s modules zonder vaardigheden", len(lines), num=number_text(len(lines)))
        if is_bare else ngettext("Niet te zeggen van %(num)s module", "Niet te zeggen van %(num)s modules", len(lines), num=number_text(len(lines))),
        "rows": [
            {"title": shown(each.module.title), "url": url_for("enrolment.module_page", slug=each.module.slug), "provider": each.module.provider_name} for each in lines[:SHOWN]
        ],
        "more_url": url_for("commissions.complementarity", show=Relation.UNKNOWN) if len(lines) > SHOWN else "",
    }


def list_words(names: tuple[str, ...]) -> str:
    """Return `Aeres, Flevolands College en Windesheim`."""
    return _("%(first)s en %(last)s", first=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else "".join(names)


def lead_words(found: Complementarity) -> list[str]:
    """Return what is found, in sentences."""
    unknown = found.number(Relation.UNKNOWN)
    if not found.lines:
        return [_("Er is nog geen module om te vergelijken.")]
    told = _(
        "Modules naast het aanbod van %(names)s. Aanvulling: %(adds)s. Deels hetzelfde: %(partly)s. Bestaat al: %(same)s.", names=list_words(found.anchors),
        adds=number_text(found.number(Relation.COMPLEMENTS)), partly=number_text(found.number(Relation.PARTLY)), same=number_text(found.number(Relation.OVERLAPS)),
    )
    if not unknown:
        return [told]
    if any(each.beside.module.skills for each in found.lines if each.beside.relation is Relation.UNKNOWN):
        return [told, _("Bij de modules van de ankers staan geen vaardigheden. Daarom is van %(num)s niet te zeggen of ze aanvullen.", num=number_text(unknown))]
    return [told, ngettext(
        "Van %(num)s module is het niet te zeggen: er staan geen vaardigheden bij.", "Van %(num)s modules is het niet te zeggen: er staan geen vaardigheden bij.",
        unknown, num=number_text(unknown),
    )]


def _kind(relation: Relation | None, number: int, show: Relation | None) -> dict[str, Any]:
    label = relation_words(relation) if relation is not None else _("Alles")
    return {"label": f"{label} ({number_text(number)})", "url": url_for("commissions.complementarity", show=relation), "current": relation is show}


def _row(line: Line, names: Mapping[str, Localized]) -> dict[str, Any]:
    shared = sorted((in_current_language(names[each]) for each in line.beside.shared), key=str.casefold)
    nearest = line.nearest
    return {
        "title": shown(line.module.title), "url": url_for("enrolment.module_page", slug=line.module.slug), "provider": line.module.provider_name,
        "label": relation_words(line.beside.relation), "state": _LOOKS[line.beside.relation],
        "share": _("%(shared)s van %(own)s", shared=len(line.beside.shared), own=len(line.beside.module.skills)) if line.beside.module.skills else "–",
        "alike": f"{line.beside.text_percent}%" if nearest is not None and line.beside.text_percent else "",
        "shared": ", ".join(shared), "nearest": shown(nearest.title) if nearest is not None else None,
        "nearest_url": url_for("enrolment.module_page", slug=nearest.slug) if nearest is not None else "", "nearest_provider": nearest.provider_name if nearest is not None else "",
    }


def file_of(found: Complementarity) -> bytes:
    """Return every module beside the offer of the anchors as a spreadsheet."""
    heading = [_("Module"), _("Opleider"), _("Naast de ankers"), _("Vaardigheden"), _("Ook bij een anker"), _("Gelijkenis van de tekst, van 100"), _("Lijkt het meest op"), _("Van wie")]
    return as_csv(heading, (
        [
            in_current_language(each.module.title), each.module.provider_name, relation_words(each.beside.relation), str(len(each.beside.module.skills)),
            str(len(each.beside.shared)), str(each.beside.text_percent), in_current_language(each.nearest.title) if each.nearest is not None else "",
            each.nearest.provider_name if each.nearest is not None else "",
        ]
        for each in found.lines
    ))
