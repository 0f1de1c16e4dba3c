"""Finished values for who reads along: the steps as blocks of a school year, and advice as its learner sees it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any
from urllib.parse import quote
from uuid import UUID

from babel.dates import format_date
from flask import url_for

from academy.catalogue import api as catalogue
from academy.kernel.formats import credits_text, moment_text, money, shown
from academy.kernel.text import Localized
from academy.kernel.translation import _, reading_language
from academy.kernel.web import public_address
from academy.pathways.facts import PathwayFacts, StepFacts
from academy.pathways.queries.advising import AdviceFacts
from academy.pathways.rules.periods import beginning_of, last_day


def month_text(value: date, *, with_year: bool = True) -> str:
    """Return `juni 2029`, or `juni`."""
    return format_date(value, "MMMM y" if with_year else "MMMM", locale="nl" if reading_language() == "nl" else "en_GB")


def steps_values(steps: Sequence[StepFacts], cards: Mapping[UUID, catalogue.ModuleCard]) -> list[dict[str, Any]]:
    """Return the steps of a route by the period in which they begin, the earliest first; `cards` by module."""
    ordered = sorted(steps, key=lambda step: (beginning_of(step.first_on), step.first_on, step.course_key))
    return [
        {"label": period_text(first), "ec": _sum([cards[step.module_id].ec for step in of]), "steps": [_step(step, cards[step.module_id]) for step in of]}
        for first, found in groupby(ordered, key=lambda step: beginning_of(step.first_on)) for of in [list(found)]
    ]


def period_text(first: date) -> str:
    """Return the months of the period that begins on this day: `september – november 2027`."""
    last = last_day(first)
    return f"{month_text(first, with_year=first.year != last.year)} – {month_text(last)}"


def _sum(amounts: Sequence[Decimal | None]) -> str:
    return _("%(ec)s EC", ec=credits_text(sum((each for each in amounts if each is not None), Decimal(0))))


def _step(step: StepFacts, card: catalogue.ModuleCard) -> dict[str, Any]:
    price = _("prijs onbekend") if step.price is None else money(step.price)
    ec = "" if card.ec is None else _("%(ec)s EC", ec=credits_text(card.ec))
    expected = "" if step.offering_id is not None else _("nog niet gepland")
    return {"title": shown(card.title), "note": ", ".join(each for each in (ec, card.provider_name, price, expected) if each)}


def read_address(read_key: str) -> str:
    """Return the whole address to hand out."""
    return public_address(url_for("pathways_reading.read", key=read_key))


def advice_values(pathway: PathwayFacts, found: Sequence[AdviceFacts], *, goal: Localized, contact: tuple[str, str] = ("", "")) -> dict[str, Any]:
    """Return the advice on a pathway, for who may change it; `contact` is (address, name) of who gives advice at the school, "" where not known."""
    address, name = contact
    link = read_address(pathway.read_key)
    subject = _("Wil je meekijken met mijn route naar %(goal)s?", goal=shown(goal))
    body = _("Hallo,\n\nIk wil graag je advies over mijn route. Je leest hem hier, zonder in te loggen:\n%(link)s\n\nGroet,\n", link=link)
    return {
        "items": [_advice(pathway, each) for each in found],
        "mail_url": f"mailto:{quote(address, safe='@')}?subject={quote(subject)}&body={quote(body)}",
        "mail_to": _("De e-mail gaat naar %(name)s. Je kunt een ander adres invullen.", name=name) if address else "",
        "read_url": link, "version": pathway.version, "renew_url": url_for("pathways_reading.renew", key=pathway.edit_key),
    }


def _advice(pathway: PathwayFacts, each: AdviceFacts) -> dict[str, Any]:
    return {
        "words": each.words, "signed": each.signed or _("Iemand"), "given": moment_text(each.given_at), "known": _known(each),
        "remove_url": url_for("pathways_reading.remove", key=pathway.edit_key, advice_id=each.id.hex),
    }


def _known(each: AdviceFacts) -> str:
    if not each.signed:  # their name went with their account
        return _("Deze persoon heeft geen account meer.")
    return _("Deze naam is zelf ingevuld. Wij weten niet wie het is.")  # signed in or not: any account signs with any name
