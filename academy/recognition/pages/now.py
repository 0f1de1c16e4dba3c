"""What is to be done in a file now, in words: whose turn it is, until when, and the buttons that its learner has."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from flask import url_for

from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day, moment_text
from academy.kernel.translation import _
from academy.recognition.kinds import Advice, FileState, Judgement, Route
from academy.recognition.queries.mine import MyFile
from academy.recognition.rules.clocks import contest_until, due, is_over

_F = FileState
A_MOMENT: Final = timedelta(microseconds=1)  # before the midnight at which a last day ends


def now_values(mine: MyFile, *, now: datetime) -> dict[str, Any]:
    """Return `heading`, `text`, `until`, where to go (`label`, `url`), links `more`, and buttons `acts` as (label, address, look)."""
    values = _NOW.get(mine.facts.state, _over)(mine, now)
    until = due(mine.facts.state, mine.facts.since)
    is_late = until is not None and is_over(until, now)
    told = ""
    if until is not None:
        told = _("Dit had er op %(day)s moeten zijn. We hebben eraan herinnerd.", day=_last_day(until)) if is_late else _("Uiterlijk %(day)s.", day=_last_day(until))
    return {"heading": "", "text": "", "label": "", "url": "", "acts": [], "more": [], "until": told} | values


def _last_day(until: datetime) -> str:
    """Return the last day of a time that ends at midnight."""
    return day(amsterdam_day(until - A_MOMENT))


def _here(mine: MyFile, page: str = "") -> str:
    return url_for("recognition_claiming.show", code=mine.facts.code) + (f"/{page}" if page else "")


def _draft(mine: MyFile, _now: datetime) -> dict[str, Any]:
    answered = [each.judgement for each in mine.outcomes if each.judgement is not None]
    if len(answered) == len(mine.outcomes) and set(answered) == {Judgement.NO}:
        return {
            "heading": _("Je hebt overal nee gezegd"),
            "text": _("Dan is er niets om te beoordelen, en kun je deze aanvraag niet versturen. We bewaren je antwoorden. Kun je later meer? Pas ze dan aan."),
            "label": _("Pas je antwoorden aan"), "url": _here(mine, "answers"),
        }
    is_said = all(each.judgement is not None and (each.example or each.judgement is Judgement.NO) for each in mine.outcomes)
    return {
        "heading": _("Maak je aanvraag af"), "text": _("Alles wat je invulde, is bewaard. Je kunt het nog veranderen. Er kijkt nog niemand mee."),
        "label": _("Ga verder"), "url": _here(mine, "send" if is_said and mine.evidence else "evidence" if is_said else "answers"),
    }


def _waits_for_guide(_mine: MyFile, _now: datetime) -> dict[str, Any]:
    return {
        "heading": _("Een begeleider leest je aanvraag"), "text": _("De begeleider praat met je en geeft advies. Daarna tekenen jullie allebei de afspraak. Jij hoeft nu niets te doen."),
    }


def _advised(mine: MyFile, _now: datetime) -> dict[str, Any]:
    facts = mine.facts
    is_against = facts.advice is Advice.AGAINST
    has_signed = facts.learner_signed_at is not None and (not is_against or mine.advised_at is None or facts.learner_signed_at >= mine.advised_at)
    again = [(_("Vraag nog een gesprek"), _here(mine, "intake"), "secondary")]
    if has_signed:
        return {"heading": _("Je begeleider tekent nog"), "text": _("Jij hebt de afspraak getekend. Zodra je begeleider ook tekent, gaat je aanvraag verder."), "acts": again if is_against else []}
    if is_against:
        return {
            "heading": _("Je begeleider raadt het af"),
            "text": _("Dat is een advies. Jij beslist. Wil je toch verder? Teken dan de afspraak. Je kunt ook nog een gesprek vragen, of je aanvraag intrekken."),
            "acts": [(_("Teken en ga toch verder"), _here(mine, "sign"), "primary"), *again],
        }
    return {
        "heading": _("Teken de afspraak"), "text": _("Je begeleider adviseert om door te gaan. Teken de afspraak. Je begeleider tekent ook."),
        "acts": [(_("Teken de afspraak"), _here(mine, "sign"), "primary")],
    }


def _portfolio(mine: MyFile, _now: datetime) -> dict[str, Any]:
    if mine.evidence:
        return {"heading": _("Maak je portfolio af"), "text": _("Is alles erbij? Verstuur het dan. Je begeleider helpt je."), "label": _("Kijk na en verstuur"), "url": _here(mine, "send")}
    return {"heading": _("Voeg bewijs toe"), "text": _("Laat zien wat je kunt. Daarna verstuur je het. Je begeleider helpt je."), "label": _("Voeg bewijs toe"), "url": _here(mine, "evidence")}


def _incomplete(mine: MyFile, _now: datetime) -> dict[str, Any]:
    return {
        "heading": _("De assessor vraagt om meer"), "text": _("Hieronder staat bij elke leeruitkomst wat er mist. Voeg het toe en verstuur opnieuw."),
        "label": _("Voeg bewijs toe"), "url": _here(mine, "evidence"), "more": [(_("Kijk na en verstuur opnieuw"), _here(mine, "send"))],
    }


def _waits_for_assessor(_mine: MyFile, _now: datetime) -> dict[str, Any]:
    return {"heading": _("Een assessor bekijkt je portfolio"), "text": _("Dat is iemand anders dan je begeleider. Jij hoeft nu niets te doen.")}


def _to_book(mine: MyFile, _now: datetime) -> dict[str, Any]:
    return {
        "heading": _("Kies een dag voor het tweede deel"), "text": _("Je portfolio is beoordeeld. Er is altijd nog iets nodig: een gesprek, een bezoek aan je werk of een toets."),
        "label": _("Kies een dag"), "url": _here(mine, "slot"),
    }


def _booked(mine: MyFile, _now: datetime) -> dict[str, Any]:
    text = _("Je afspraak is op %(moment)s.", moment=moment_text(mine.booked_at)) if mine.booked_at else _("Je afspraak staat vast.")
    return {"heading": _("Je hebt een afspraak"), "text": text, "more": [(_("Bekijk of verander je afspraak"), _here(mine, "slot"))]}


def _waits_for_report(_mine: MyFile, _now: datetime) -> dict[str, Any]:
    return {"heading": _("De assessor schrijft het rapport"), "text": _("Daarin staat bij elke leeruitkomst een oordeel met een reden. Jij hoeft nu niets te doen.")}


def _reported(mine: MyFile, _now: datetime) -> dict[str, Any]:
    if mine.facts.route is Route.LABOUR_MARKET:
        return {
            "heading": _("Je ervaringscertificaat is klaar"), "label": _("Bekijk je certificaat"), "url": _here(mine, "report"),
            "text": _("Het laat zien wat je kunt. Wil je ook vrijstelling? Gebruik het dan als bewijs in een nieuwe aanvraag."),
        }
    return {
        "heading": _("Je rapport is klaar"), "text": _("Lees het. Ben je tevreden? Vraag dan de examencommissie om vrijstelling. Zij beslist."),
        "acts": [(_("Vraag vrijstelling"), _here(mine, "exemption"), "primary")], "more": [(_("Lees je rapport"), _here(mine, "report"))],
    }


def _waits_for_board(mine: MyFile, _now: datetime) -> dict[str, Any]:
    return {
        "heading": _("De examencommissie beslist"), "text": _("Zij leest het rapport en neemt een besluit. Jij hoeft nu niets te doen."),
        "more": [(_("Lees je rapport"), _here(mine, "report"))],
    }


def _decided(mine: MyFile, now: datetime) -> dict[str, Any]:
    facts, decision = mine.facts, mine.decision
    more = [(_("Lees je rapport"), _here(mine, "report"))]
    if facts.state is not _F.GRANTED:
        more.append((_("Vraag later opnieuw aan wat overblijft"), url_for("recognition_claiming.scan", slug=mine.module.slug)))
    may_appeal = facts.state is not _F.CONFIRMED and decision is not None and not is_over(decision.appeal_until, now)
    text = _("Lees wat de examencommissie besloot, en waarom.")
    if may_appeal and decision is not None:
        text += " " + _("Ben je het er niet mee eens? Maak dan uiterlijk %(day)s bezwaar.", day=_last_day(decision.appeal_until))
        more.append((_("Maak bezwaar"), url_for("recognition_claiming.appeal", code=facts.code)))
    return {"heading": _("Er is een besluit"), "text": text, "label": _("Lees het besluit"), "url": _here(mine, "decision"), "more": more}


def _appealed(mine: MyFile, _now: datetime) -> dict[str, Any]:
    return {
        "heading": _("De examencommissie bekijkt je bezwaar"), "text": _("Andere leden dan de vorige keer kijken ernaar. Tot er een nieuw besluit is, geldt het oude."),
        "acts": [(_("Trek je bezwaar in"), _here(mine, "end-appeal"), "secondary")], "more": [(_("Lees het besluit"), _here(mine, "decision")), (_("Lees je rapport"), _here(mine, "report"))],
    }


def _withdrawn(mine: MyFile, _now: datetime) -> dict[str, Any]:
    return {
        "heading": _("Je hebt deze aanvraag ingetrokken"), "text": _("Niemand ziet je bewijs meer."), "label": _("Begin een nieuwe aanvraag"),
        "url": url_for("recognition_claiming.scan", slug=mine.module.slug),
    }


def _lapsed(mine: MyFile, now: datetime) -> dict[str, Any]:
    until = contest_until(mine.facts.since)
    if is_over(until, now):
        return _withdrawn(mine, now) | {"heading": _("Deze aanvraag is verlopen"), "text": _("Je kunt een nieuwe aanvraag beginnen.")}
    return {
        "heading": _("Deze aanvraag is verlopen"),
        "text": _("Je deed er negentig dagen niets mee. Wil je toch verder? Dat kan tot en met %(day)s. Alles staat er nog.", day=_last_day(until)),
        "acts": [(_("Ga verder waar je was"), _here(mine, "contest"), "primary")],
    }


def _over(mine: MyFile, _now: datetime) -> dict[str, Any]:
    if mine.facts.decision_id is not None:
        return {
            "heading": _("Deze aanvraag is afgesloten"), "text": _("Het bewijs is weg. Het besluit blijft."), "label": _("Lees het besluit"), "url": _here(mine, "decision"),
            "more": [(_("Lees je rapport"), _here(mine, "report"))],
        }
    if any(step.becomes is _F.REPORT_ISSUED for step in mine.history):
        return {
            "heading": _("Deze aanvraag is afgesloten"), "text": _("Het bewijs is weg. Je certificaat blijft."), "label": _("Bekijk je certificaat"), "url": _here(mine, "report"),
        }
    return {"heading": _("Deze aanvraag is afgesloten"), "text": _("Het bewijs is weg.")}


_NOW: Final[dict[FileState, Callable[[MyFile, datetime], dict[str, Any]]]] = {
    _F.DRAFT: _draft, _F.INTAKE_PLANNED: _waits_for_guide, _F.INTAKE_DONE: _advised, _F.PORTFOLIO_OPEN: _portfolio, _F.PORTFOLIO_INCOMPLETE: _incomplete,
    _F.PORTFOLIO_SUBMITTED: _waits_for_assessor, _F.ASSESSMENT_PLANNED: _waits_for_assessor, _F.ASSESSED: _to_book, _F.SECOND_PLANNED: _booked,
    _F.SECOND_DONE: _waits_for_report, _F.REPORT_ISSUED: _reported, _F.EXEMPTION_REQUESTED: _waits_for_board, _F.GRANTED: _decided, _F.PARTIALLY_GRANTED: _decided,
    _F.REFUSED: _decided, _F.CONFIRMED: _decided, _F.REVISED: _decided, _F.APPEALED: _appealed, _F.WITHDRAWN: _withdrawn, _F.LAPSED: _lapsed,
}
