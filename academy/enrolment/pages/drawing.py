"""Finished values about seats that are drawn by lot: for who plans it, for everybody, and for who takes part."""

from typing import Any

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.pages.waiting import class_values
from academy.enrolment.queries import Draw
from academy.enrolment.queries.drawing import DrawFacts, DrawInWork, MyLot
from academy.kernel.formats import in_current_language, moment_text, number_text
from academy.kernel.translation import _, ngettext


def draw_note(draw: Draw | None) -> str:
    """Return when the seats of a class are drawn, in a few words; "" where they are not, or were."""
    return "" if draw is None or draw.drawn_at else _("Loting op %(moment)s", moment=moment_text(draw.draw_at))


def told_values(draw: Draw | None, offering: catalogue.OfferingFacts) -> dict[str, str] | None:
    """Return the draw of a class beside its moment of starting; None where none is held."""
    if draw is None:
        return None
    words = _("De plekken zijn verloot op %(moment)s.", moment=moment_text(draw.drawn_at)) if draw.drawn_at else ahead_words(draw)
    return {"words": words, "fingerprint": draw.fingerprint, "url": url_for("drawing.draw", code=offering.code)}


def ahead_words(draw: Draw) -> str:
    """Return that the seats are drawn, and when."""
    return _("De plekken worden verloot op %(moment)s. Het maakt niet uit wie het eerst is.", moment=moment_text(draw.draw_at))


def draw_values(found: DrawFacts) -> dict[str, Any]:
    """Return the draw as everybody may read it; after it also its lots."""
    draw, entered, won = found.draw, len(found.numbers), found.won
    lots = ngettext("%(num)s lot deed mee.", "%(num)s loten deden mee.", entered, num=number_text(entered))
    seats = ngettext("%(num)s lot kreeg een plek.", "%(num)s loten kregen een plek.", won, num=number_text(won))
    any_lot = _("jouw lot")
    return class_values(found.of) | {
        "is_drawn": draw.drawn_at is not None, "ahead": ahead_words(draw), "moment": moment_text(draw.draw_at),
        "fingerprint": draw.fingerprint, "seed": found.seed, "drawn_at": moment_text(draw.drawn_at) if draw.drawn_at else "",
        "result": f"{lots} {seats}",
        "lots": [(number_text(place), number, place <= won) for place, number in enumerate(found.numbers, start=1)],
        "line_url": url_for("waiting.line", code=found.of.offering.code),
        "seed_check": _check(found.seed), "lot_check": _check(f"{found.seed}:{any_lot}"),
    }


def lot_values(lot: MyLot | None, *, code: str) -> dict[str, Any] | None:
    """Return one's own lot in the draw of the class with this code, and how to check it; None for who is in no draw."""
    if lot is None or not lot.is_in:
        return None
    draw = lot.draw
    values = {"ticket": str(lot.ticket), "fingerprint": draw.fingerprint, "url": url_for("drawing.draw", code=code), "seed": lot.seed}
    if lot.place is None:
        return values | {"words": ahead_words(draw), "number": ""}
    words = _("Jouw lot kwam op plaats %(place)s. Er waren %(seats)s plekken.", place=number_text(lot.place), seats=number_text(lot.seats))
    return values | {"words": words, "number": rules.number_of(lot.seed, lot.ticket), "check": _check(f"{lot.seed}:{lot.ticket}")}


def _check(text: str) -> str:
    """Return the command with which everybody works out a number."""
    return f"printf '%s' \"{text}\" | sha256sum"


def planning_values(found: DrawInWork) -> dict[str, Any]:
    """Return a class for who plans its draw."""
    work, draw = found.work, found.draw
    names: dict[str, Any] = {"provider": work.workspace.provider.slug, "code": work.offering.code}
    return {
        "title": in_current_language(work.module_title), "dates": catalogue.dates_words(work.offering), "url": url_for("workspace.offering", **names),
        "draw": told_values(draw, work.offering), "is_ahead": draw is not None and draw.drawn_at is None,
        "take_back_url": url_for("drawing.take_back", **names),
    }
