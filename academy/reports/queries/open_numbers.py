"""The open numbers: how AD Academy does, with its goal where there is one, also where that is missed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from academy.kernel.formats import in_current_language, number_text
from academy.kernel.text import Localized
from academy.kernel.translation import _, ngettext
from academy.reports.facts import Column, ColumnKind, Section, Table, Value, View
from academy.reports.rules.ratios import share
from academy.reports.rules.telling import Group, Times, parts_told, share_told
from academy.reports.sources import open_numbers as source
from academy.reports.sources.open_numbers import Span
from academy.reports.words import in_both

_Say = Callable[[], str]
_FIRMS: Final = 400  # to reach in a year
_YEAR: Final = 365  # days
_HALF, _MOST = 50, 90  # per cent


@dataclass(frozen=True)
class OpenNumber:
    """One number. `number` is how many it is about, None where that is of few people; `share` in tenths of a per cent; `half` and `most` are the days within which the half and nine
    out of ten were done. `is_met` is None where there is no goal, or too little to tell.
    """

    about: Localized
    name: Localized
    number: int | None
    share: int | None = None
    half: int | None = None
    most: int | None = None
    goal: Localized = Localized()
    is_met: bool | None = None


def open_numbers(session: Session, *, span: Span) -> tuple[OpenNumber, ...]:
    """Return all open numbers of a span, those about the same together. Twenty-two statements, whatever the number of rows."""
    return (*_searching(session, span), *_seats(session, span), *_learning(session, span), *_recognition(session, span), *_demand(session, span), *_faults(session, span))


def open_numbers_section(session: Session, *, view: View, from_on: date, until_on: date, as_of: date) -> Section:  # noqa: ARG001 - the same for every view
    """Return the open numbers of a period, as they were known before `as_of`; of all areas and sectors, whatever the view. Table `open-numbers`: a row for each number.

    Columns: `about`, `name`, `number` (how many), `share`, `half` and `most` (days), `goal`, `met`.
    """
    found = open_numbers(session, span=Span(from_on, max(from_on, min(_next(until_on), as_of))))
    return Section("open-numbers", in_both(lambda: _("Open cijfers")), tuple(in_both(say) for say in sentences(found)), (table_of(found),))


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def table_of(found: tuple[OpenNumber, ...]) -> Table:
    """Return the open numbers as a table."""
    columns: tuple[tuple[str, _Say, ColumnKind], ...] = (
        ("about", lambda: _("Onderwerp"), ColumnKind.TEXT), ("name", lambda: _("Wat is geteld"), ColumnKind.TEXT), ("number", lambda: _("Aantal"), ColumnKind.PEOPLE),
        ("share", lambda: _("Aandeel"), ColumnKind.PERCENT), ("half", lambda: _("Dagen bij de helft"), ColumnKind.COUNT),
        ("most", lambda: _("Dagen bij 9 van de 10"), ColumnKind.COUNT), ("goal", lambda: _("Doel"), ColumnKind.TEXT), ("met", lambda: _("Doel gehaald"), ColumnKind.TEXT),
    )
    return Table(
        "open-numbers", in_both(lambda: _("Alle open cijfers")), tuple(Column(name, in_both(say), kind) for name, say, kind in columns),
        tuple(_row(each) for each in found),
        in_both(lambda: _("Aantallen van mensen zijn afgerond op vijf. Van minder dan tien mensen staat hier geen getal, en ook geen getal waaruit je dat kunt uitrekenen.")),
    )


def _row(each: OpenNumber) -> tuple[Value, ...]:
    return (each.about, each.name, each.number, each.share, each.half, each.most, each.goal, met_words(each))


def met_words(each: OpenNumber) -> Localized:
    """Return whether a goal was met; nothing where there is none, or too little to tell."""
    if each.is_met is None:
        return Localized()
    return in_both(lambda: _("ja") if each.is_met else _("nee"))


def sentences(found: tuple[OpenNumber, ...]) -> tuple[_Say, ...]:
    """Return what is found: how many goals were met, missed, and can not be told yet; and which were missed."""
    goals = [each for each in found if each.goal]
    judged = [each for each in goals if each.is_met is not None]
    missed = [each for each in judged if not each.is_met]
    if not judged:
        return (lambda: _("Er is nog te weinig gebeurd om te zeggen welke doelen we halen."),)
    met = len(judged) - len(missed)
    return (
        lambda: ngettext(
            "Van %(all)s doel: %(met)s gehaald, %(missed)s niet, %(left)s nog niet te meten.", "Van %(all)s doelen: %(met)s gehaald, %(missed)s niet, %(left)s nog niet te meten.",
            len(goals), all=number_text(len(goals)), met=number_text(met), missed=number_text(len(missed)), left=number_text(len(goals) - len(judged)),
        ),
        lambda: _("Niet gehaald: %(names)s.", names="; ".join(_lower(each.name) for each in missed))
        if missed else _("We misten geen enkel doel."),
    )


def _searching(session: Session, span: Span) -> tuple[OpenNumber, ...]:
    number, vain = source.searched(session, span)
    about = in_both(lambda: _("Zoeken"))
    return (
        OpenNumber(about, in_both(lambda: _("Zoekvragen")), number),
        OpenNumber(about, in_both(lambda: _("Zoekvragen zonder goed antwoord")), vain, share(vain, number)),
    )


def _seats(session: Session, span: Span) -> tuple[OpenNumber, ...]:
    whole, parts = source.asked(session, span)
    told, about = parts_told(whole, parts), in_both(lambda: _("Inschrijven"))
    names: dict[str, _Say] = {
        "confirmed": lambda: _("Kreeg de plek"), "refused": lambda: _("Werd niet toegelaten"), "ended": lambda: _("Stopte zonder plek"), "open": lambda: _("Wacht nog"),
    }
    direct, admitted, waited = source.at_once(session, span), source.admitted(session, span), source.waited(session, span)
    return (
        OpenNumber(about, in_both(lambda: _("Aanvragen voor een plek")), whole.shown),
        *(OpenNumber(about, in_both(names[part]), parts[part].shown if part in told else None, _part(parts[part], whole) if part in told else None) for part in names),
        _goal_of_share(about, lambda: _("Direct ingeschreven, zonder te wachten op de opleider"), direct, whole, least=900),
        _goal_of_days(about, lambda: _("Antwoord van de opleider over toelating, in werkdagen"), admitted, within=1, per_cent=_MOST),
        OpenNumber(about, in_both(lambda: _("Dagen op een wachtlijst tot een plek")), _times_shown(waited), None, waited.within(_HALF), waited.within(_MOST)),
    )


def _part(part: Group, whole: Group) -> int | None:
    return None if part.shown is None or whole.shown is None else share(part.shown, whole.shown)


def _learning(session: Session, span: Span) -> tuple[OpenNumber, ...]:
    about = in_both(lambda: _("Leren"))
    seated, passed = source.finished(session, span)
    said, present = source.attended(session, span)
    graded = source.graded(session, span)
    return (
        OpenNumber(about, in_both(lambda: _("Mensen in lessen die klaar zijn")), seated.shown),
        OpenNumber(about, in_both(lambda: _("Haalde de module")), None if share_told(passed, seated) is None else passed.shown, share_told(passed, seated)),
        _goal_of_share(about, lambda: _("Aanwezig bij een les"), present, said, least=750),
        _goal_of_days(about, lambda: _("Uitslag na de laatste les, in dagen"), graded, within=5, per_cent=_MOST),
    )


def _recognition(session: Session, span: Span) -> tuple[OpenNumber, ...]:
    about = in_both(lambda: _("EVC"))
    all_decided, granted, times = source.decided(session, span)
    opened, completed = source.completed(session, span)
    return (
        OpenNumber(about, in_both(lambda: _("Besluiten van examencommissies")), all_decided.shown),
        OpenNumber(
            about, in_both(lambda: _("Erkend, helemaal of voor een deel")), None if share_told(granted, all_decided) is None else granted.shown, share_told(granted, all_decided),
        ),
        _goal_of_days(about, lambda: _("Van insturen tot besluit, in dagen"), times, within=30, per_cent=_MOST),
        _goal_of_share(about, lambda: _("Klaar binnen een half jaar na het begin"), completed, opened, least=500),
    )


def _demand(session: Session, span: Span) -> tuple[OpenNumber, ...]:
    about = in_both(lambda: _("Vragen van bedrijven en mensen"))
    times, late = source.answered(session, span)
    classes, lapsed = source.pools(session, span)
    firms = source.firms(session, span)
    aim = -(-_FIRMS * (span.until - span.first).days // _YEAR)
    return (
        OpenNumber(
            about, in_both(lambda: _("Bedrijven en scholen die iets vroegen of toezegden")), firms,
            goal=in_both(lambda: _("ten minste %(firms)s", firms=number_text(aim))), is_met=firms >= aim,
        ),
        OpenNumber(about, in_both(lambda: _("Eerste antwoord op een vraag, in werkdagen")), _times_shown(times), None, times.within(_HALF), times.within(_MOST)),
        OpenNumber(about, in_both(lambda: _("Vragen die te lang op antwoord wachten")), Group(late, late).shown, goal=_nought(), is_met=late == 0),
        OpenNumber(about, in_both(lambda: _("Groepen die een les werden")), classes, share(classes, classes + lapsed)),
        OpenNumber(about, in_both(lambda: _("Groepen die stopten")), lapsed, share(lapsed, classes + lapsed)),
    )


def _faults(session: Session, span: Span) -> tuple[OpenNumber, ...]:
    about = in_both(lambda: _("Fouten"))
    dead, money = source.waiting_for_a_person(session, span)
    none = _nought()
    return (
        OpenNumber(about, in_both(lambda: _("Berichten die niet aankwamen en op iemand wachten")), dead, goal=none, is_met=dead == 0),
        OpenNumber(about, in_both(lambda: _("Betalingen waar iemand naar moet kijken")), money, goal=none, is_met=money == 0),
    )


def _nought() -> Localized:
    return in_both(lambda: number_text(0))


def _goal_of_share(about: Localized, say: _Say, part: Group, whole: Group, *, least: int) -> OpenNumber:
    told = share_told(part, whole)
    return OpenNumber(
        about, in_both(say), None if told is None and whole.number else part.shown, told, goal=in_both(lambda: _("ten minste %(part)s%%", part=least // 10)),
        is_met=None if told is None else told >= least,
    )


def _goal_of_days(about: Localized, say: _Say, times: Times, *, within: int, per_cent: int) -> OpenNumber:
    told = times.within(per_cent)
    return OpenNumber(
        about, in_both(say), _times_shown(times), None, times.within(_HALF), told,
        in_both(lambda: ngettext("9 van de 10 binnen %(num)s dag", "9 van de 10 binnen %(num)s dagen", within)), None if told is None else told <= within,
    )


def _times_shown(times: Times) -> int | None:
    return Group(len(times.days), times.people).shown


def _lower(text: Localized) -> str:
    said = in_current_language(text)
    return said[:1].lower() + said[1:]
