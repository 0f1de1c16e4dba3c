"""Finished values for the line that pages of search and of a module take over: who gathers for what they show."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.employers import words
from academy.employers.pages.fitting import others_words
from academy.employers.queries.beside import PoolBeside
from academy.kernel.formats import number_text, shown
from academy.kernel.translation import _

_MOST_ASKED: Final = 60  # modules; a page of results has thirty


def module_ids(asked: Collection[str]) -> set[UUID]:
    """Return the ids in an address; what is none is nobody's question."""
    found = set()
    for text in list(asked)[:_MOST_ASKED]:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found


def beside_values(found: Sequence[PoolBeside], asked: Collection[UUID]) -> dict[str, Any]:
    """Return the groups in a line each; a page about one module has said its title already."""
    return {"groups": [_line(each) for each in found], "names_modules": len(asked) > 1}


def _line(each: PoolBeside) -> dict[str, Any]:
    pool, standing = each.pool, each.standing
    return {
        "title": shown(each.module.title), "others": others_words(standing.firms, only_firms=each.only_firms), "area": words.area_words(pool.area),
        "url": url_for("gathering.pool", code=pool.code),
        "seats": _("%(seats)s van %(needed)s plekken", seats=number_text(standing.seats), needed=number_text(standing.threshold)),
    }
