"""Finished values for the pages about saved searches, and for what the programme office reads."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from flask import url_for

from academy.catalogue.api import PartOfDay, part_of_day_word
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import number_text, short_day
from academy.kernel.translation import _, _l, ngettext
from academy.search.links import token_for
from academy.search.memory.demand import ENOUGH_DAYS, ENOUGH_TIMES, AskedTerm, Demand, Found, Wish
from academy.search.memory.saved import Saved, SavedDraft
from academy.search.models import SavedKind, SavedState

PERIODS: Final = (7, 30, 90)
SHOWN: Final = 100
_LISTS: Final = {
    "nothing": _l("Niets gevonden"), "few": _l("Weinig gevonden"), "all": _l("Alles"), "wishes": _l("Wensen"),
}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula (OWASP, CSV injection)


def question_values(draft: SavedDraft) -> dict[str, Any]:
    """Return a question that is about to be kept, with the hidden fields that hold it."""
    return {"words": words_of(draft), "fields": [("q", draft.query), *draft.parameters], "search_url": search_url(draft)}


def search_url(kept: Saved | SavedDraft) -> str:
    """Return the address at which a kept question is asked now."""
    pairs = [*([("q", kept.query)] if kept.query else []), *kept.parameters]
    return f"{url_for('search.results')}?{urlencode(pairs)}"


def words_of(kept: Saved | SavedDraft) -> str:
    """Return a question in words: what was typed, and how many choices stand beside it."""
    choices = ngettext("%(num)s keuze", "%(num)s keuzes", len(kept.parameters)) if kept.parameters else ""
    return " · ".join(part for part in (f"“{kept.query}”" if kept.query else "", choices) if part)


def saved_values(kept: Saved) -> dict[str, Any]:
    """Return a saved search or wish for its line in a list."""
    token = token_for(kept.id)
    told = _("laatste e-mail op %(day)s", day=short_day(amsterdam_day(kept.told_at))) if kept.told_at else _("nog niets nieuws")
    return {
        "words": words_of(kept), "kind_label": _("Wens") if kept.kind is SavedKind.WISH else _("Zoekvraag"),
        "since": short_day(amsterdam_day(kept.created_at)), "told": told, "is_waiting": kept.state is SavedState.WAITING,
        "search_url": search_url(kept), "confirm_url": url_for("searches.confirm", token=token),
        "stop_url": url_for("searches.stop", token=token), "back_url": url_for("searches.put_back", token=token),
    }


def list_values(kept: Iterable[Saved], stopped: Saved | None) -> dict[str, Any]:
    """Return the lists of one reader, and what was just taken away."""
    return {"searches": [saved_values(each) for each in kept], "stopped": saved_values(stopped) if stopped else None}


# The programme office


def office_values(chosen: str, days: int) -> dict[str, Any]:
    """Return the ways through what was asked: which list, over how long."""
    return {
        "chosen": chosen, "days": days, "enough": ENOUGH_TIMES, "enough_days": ENOUGH_DAYS,
        "lists": [{"label": str(label), "url": _office_url(name, days), "current": name == chosen} for name, label in _LISTS.items()],
        "periods": [
            {"label": ngettext("%(num)s dag", "%(num)s dagen", each), "url": _office_url(chosen, each), "current": each == days} for each in PERIODS
        ],
        "file_url": "" if chosen == "wishes" else url_for("searches.searched_file", show=chosen, days=days),
    }


def chosen_list(text: str) -> str:
    """Return the list that an address names, else what found nothing."""
    return text if text in _LISTS else Found.NOTHING.value


def chosen_days(text: str) -> int:
    """Return the period in days that an address names, else a month."""
    return next((days for days in PERIODS if text == str(days)), 30)


def _office_url(name: str, days: int) -> str:
    return url_for("searches.searched", show=name, days=days)


def demand_values(found: Demand) -> dict[str, Any]:
    """Return the terms for the table, each with its share of the most asked one, in percent."""
    most = max((term.times for term in found.terms), default=1)
    return {
        "terms": [_term_values(term, most) for term in found.terms],
        "rare": _rare_words(found),
    }


def _term_values(term: AskedTerm, most: int) -> dict[str, Any]:
    return {
        "terms": term.terms, "language": term.language, "times": number_text(term.times), "share": max(1, round(100 * term.times / most)),
        "with_choices": number_text(term.with_choices) if term.with_choices else "", "fewest": number_text(term.fewest_hits),
        "last": number_text(term.last_hits), "last_day": short_day(term.last_day),
        "search_url": f"{url_for('search.results', lang_code=term.language)}?{urlencode({'q': term.terms})}",
    }


def _rare_words(found: Demand) -> str:
    if not found.rare_terms:
        return ""
    return ngettext(
        "Daarnaast is er %(num)s zeldzame zoekvraag, samen %(times)s keer gesteld.",
        "Daarnaast zijn er %(num)s zeldzame zoekvragen, samen %(times)s keer gesteld.",
        found.rare_terms, num=number_text(found.rare_terms), times=number_text(found.rare_times),
    )


def wish_lines(wishes: Iterable[Wish]) -> list[dict[str, Any]]:
    """Return the wishes for the programme office; never whose they are."""
    return [
        {
            "words": wish.words, "language": wish.language, "since": short_day(wish.since),
            "about": " · ".join(part for part in (*_parts(wish), _people(wish)) if part),
            "same": ngettext("%(num)s keer gewenst", "%(num)s keer gewenst", wish.same) if wish.same > 1 else "",
            "told": _("kreeg bericht") if wish.is_told else _("wil bericht") if wish.has_reader else "",
        }
        for wish in wishes
    ]


def _parts(wish: Wish) -> list[str]:
    named = [part_of_day_word(PartOfDay(value)) for name, value in wish.parameters if name == "part_of_day"]
    named += [value for name, value in wish.parameters if name == "place"]
    others = sum(1 for name, _value in wish.parameters if name not in {"part_of_day", "place"})
    return [*named, ngettext("%(num)s keuze", "%(num)s keuzes", others) if others else ""]


def _people(wish: Wish) -> str:
    return ngettext("%(num)s mens", "%(num)s mensen", wish.people) if wish.people else ""


def searched_file(found: Demand) -> bytes:
    """Return the terms as CSV with semicolons, for a Dutch spreadsheet; no cell is taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow([
        _("Zoekwoorden"), _("Taal"), _("Keer gezocht"), _("Waarvan met keuzes"), _("Minste resultaten"), _("Laatste resultaten"), _("Laatste dag"),
    ])
    writer.writerows(_row(term) for term in found.terms)
    return out.getvalue().encode("utf-8-sig")


def _row(term: AskedTerm) -> Sequence[str | int]:
    words = f"'{term.terms}" if term.terms.startswith(_FORMULA) else term.terms
    return words, term.language, term.times, term.with_choices, term.fewest_hits, term.last_hits, term.last_day.isoformat()
