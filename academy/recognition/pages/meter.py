"""Finished values for the self-scan with its value meter."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from uuid import UUID

from flask import url_for
from wtforms import Field

from academy.kernel.formats import credits_text, in_current_language, money, shown
from academy.kernel.money import FREE, Money
from academy.kernel.translation import _
from academy.recognition.forms.claiming import ScanForm
from academy.recognition.kinds import Judgement, Route
from academy.recognition.queries.meter import Meter
from academy.recognition.queries.outcomes import OutcomeNow
from academy.recognition.rules.meter import Cost, Worth, months_of
from academy.recognition.words import route_word

_WHOLE: Final = 100  # of a bar
_NONE: Final = Decimal(0)
_Pairs = Sequence[tuple[OutcomeNow, Worth]]


def scan_values(meter: Meter, form: ScanForm, *, live: Mapping[Route, str], is_signed_in: bool) -> dict[str, Any]:
    """Return what the page of the self-scan shows; what saves most stands first."""
    module = meter.module
    most_ec = max((worth.saved.ec for _each, worth in meter.worths), default=_NONE)
    most_months = max((worth.saved.months for _each, worth in meter.worths), default=_NONE)
    most_cents = max((worth.saved.price.cents for _each, worth in meter.worths), default=0)
    knows_chances = any(worth.chance is not None for _each, worth in meter.worths)
    said = {outcome_id: one.judgement for outcome_id, one in form.said.items() if one.judgement is not None}
    return {
        "title": shown(module.title), "provider": module.provider_name, "module_url": url_for("enrolment.module_page", slug=module.slug),
        "items": [_item(number, each, worth, form.answer(each.id), most=(most_ec, most_months, most_cents), knows_chances=knows_chances) for number, (each, worth) in enumerate(meter.worths, 1)],
        "total": _total(meter, said), "fee": _fee_words(meter.fee), "has_ec": most_ec > 0, "has_price": most_cents > 0,
        "counting": [shown(each.wording) for each in meter.counting], "is_signed_in": is_signed_in, "has_answers": bool(said),
        "live": [{"label": route_word(route), "url": url_for("recognition_claiming.show", code=code)} for route, code in live.items()],
        "no_chances": _("Je kans kunnen we nog niet zeggen: er zijn nog te weinig besluiten.") if not knows_chances else "",
        "route": _route_words(meter), "has_shares": meter.route is None or meter.route.together is None,
        "all_no": bool(meter.worths) and len(said) == len(meter.worths) and set(said.values()) == {Judgement.NO},
    }


def _item(number: int, outcome: OutcomeNow, worth: Worth, field: Field, *, most: tuple[Decimal, Decimal, int], knows_chances: bool) -> dict[str, Any]:
    most_ec, most_months, most_cents = most
    return {
        "number": number, "wording": shown(outcome.wording), "field": field,
        "rows": [row for row in (
            (_("Studiepunten"), _("%(ec)s EC", ec=credits_text(worth.saved.ec)), _share(worth.saved.ec, most_ec)) if most_ec else None,
            (_("Tijd"), months_words(worth.saved.months), _share(worth.saved.months, most_months)) if most_months else None,
            (_("Geld"), money(worth.saved.price), _share(Decimal(worth.saved.price.cents), Decimal(most_cents))) if most_cents else None,
        ) if row is not None],
        "chance": chance_words(worth.chance) if knows_chances else "",
    }


def _share(value: Decimal, most: Decimal) -> int:
    return int((value * _WHOLE / most).quantize(Decimal(1), ROUND_HALF_UP)) if most else 0


def _total(meter: Meter, said: Mapping[UUID, Judgement]) -> dict[str, Any]:
    """Return what is saved together: of what was answered with yes, or of everything as long as nothing is answered."""
    can = [each for each in meter.worths if said.get(each[0].id) is Judgement.YES] if said else list(meter.worths)
    partly = sum(1 for each, _worth in meter.worths if said.get(each.id) is Judgement.PARTLY)
    together = _together(meter, [worth for _each, worth in can])
    parts = [
        _("%(ec)s EC", ec=credits_text(together.ec)) if together.ec else "", months_words(together.months) if together.months else "",
        money(together.price) if together.price.cents else "",
    ]
    left = together.price - meter.fee
    return {
        "heading": _("Met wat je al kunt, bespaar je ongeveer") if said else _("Kun je alles al? Dan bespaar je ongeveer"),
        "words": " · ".join(part for part in parts if part), "is_nothing": not any(parts), "partly": partly,
        "net": "" if not meter.fee.cents or not can else _net_words(left),
    }


def _together(meter: Meter, worths: Sequence[Worth]) -> Cost:
    """Return what is saved together: on a route as it was calculated, for a part of a module saves less than the whole of it."""
    if meter.route is not None and meter.route.together is not None:
        return meter.route.together if worths else Cost(_NONE, _NONE, FREE)
    ec = sum((worth.saved.ec for worth in worths), _NONE)
    return Cost(ec, months_of(ec, meter.hours_a_week) if ec else _NONE, _sum(worth.saved.price for worth in worths))


def _route_words(meter: Meter) -> list[str]:
    """Return what the numbers are about, where somebody came from their route."""
    if meter.route is None:
        return []
    goal = in_current_language(meter.route.goal)
    if meter.route.together is None:
        return [_("Je komt van je route naar %(goal)s. Deze module heeft te veel onderdelen om op je route uit te rekenen. We verdelen daarom de tijd en de prijs van de module.", goal=goal)]
    return [
        _("Dit is wat je bespaart op je route naar %(goal)s. We hebben je route opnieuw berekend, met en zonder elke leeruitkomst.", goal=goal),
        _("Eén leeruitkomst alleen maakt je route vaak niet korter. Alles samen wel: dan hoef je de module niet te volgen."),
    ]


def _net_words(left: Money) -> str:
    if left.cents <= 0:
        return _("De beoordeling kost meer dan je aan lesgeld bespaart.")
    return _("Als je de beoordeling hebt betaald, houd je %(amount)s over.", amount=money(left))


def _sum(amounts: Iterable[Money]) -> Money:
    total = FREE
    for each in amounts:
        total += each
    return total


def _fee_words(fee: Money) -> str:
    return _("De beoordeling van alles samen kost %(amount)s.", amount=money(fee)) if fee.cents else _("De beoordeling kost niets.")


def months_words(months: Decimal) -> str:
    """Return a number of months: `1 maand`, `1,5 maanden`."""
    return _("1 maand") if months == 1 else _("%(months)s maanden", months=credits_text(months))


def chance_words(chance: int | None) -> str:
    """Return how likely a yes is, in people."""
    if chance is None:
        return _("Je kans: er zijn nog te weinig besluiten om dat te zeggen.")
    return _("Je kans: van de 10 mensen kregen er ongeveer %(number)s een ja.", number=chance // 10)
