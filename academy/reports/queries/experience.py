"""The monitor of experience as a part of a report: who answered what about classes of a period, who was there, and what they reached."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from academy.kernel.small_groups import by_fives
from academy.kernel.text import Localized
from academy.kernel.translation import _, reading_language
from academy.reports.facts import Column, ColumnKind, Section, Table, Value, View
from academy.reports.kinds import Side
from academy.reports.queries.as_text import hidden_words
from academy.reports.queries.opinions import ASKED, Wave, opinions, scores_of, settled_of
from academy.reports.queries.outcomes import (
    Compared,
    batches_of,
    compared,
    presence_of,
    results_of,
    share_in,
    shares_by_part,
    told_by_cohort,
)
from academy.reports.queries.question_words import (
    agreed_words,
    question_words,
    rule_words,
    score_text,
    short_words,
    side_words,
    wave_words,
)
from academy.reports.rules.asking import ANCHOR, LEAST, OVERALL, QUESTIONS, WAVES
from academy.reports.rules.batches import Batch, least_subjects, settled, summed, told_parts
from academy.reports.rules.quarters import before, first_day, quarter_of
from academy.reports.rules.ratios import per_cent
from academy.reports.sources import experience as source
from academy.reports.sources.experience import ClassFacts
from academy.reports.words import in_both, period_words

_PEOPLE: Final = LEAST[Side.LEARNER]
_LAST: Final = WAVES[-1]
_Row = tuple[Value, ...]


@dataclass(frozen=True)
class _Known:
    """All that is known of the classes of a period, by the quarter in which they started: opinions as they came, not hidden yet; presence and results as they may be told."""

    cohorts: list[str]
    opinions: Mapping[str, Mapping[Wave, list[Batch]]]
    presence: Mapping[str, list[Batch]]
    results: Mapping[str, list[Batch]]
    providers: Mapping[str, str]  # names, by the part that a provider is


def experience_section(session: Session, *, view: View, from_on: date, until_on: date, as_of: date) -> Section:
    """Return the monitor of classes that started in a period, as it was known before `as_of`. Ten statements at most.

    It is told of all areas and sectors together, whatever the view: apart, most groups would be too small to tell of. Tables: `asked` (side, wave: asked, answered, response,
    score), `sides` (side: score of each wave; a row of every side), `outcomes` (cohort: learners, attendance, passed), `questions` (side, wave, question: answered, score), `by-provider`, `language-effect`.
    """
    classes = source.classes_started(session, from_on=from_on, until_on=until_on)
    presence, results = presence_of(session, classes, before=as_of), results_of(session, classes, before=as_of)
    known = _Known(
        sorted({quarter_of(each.starts_on) for each in classes}),
        _opinions_by_cohort(classes, opinions(session, classes, before=as_of)),
        told_by_cohort(classes, batches_of(classes, presence)), told_by_cohort(classes, batches_of(classes, results)),
        {each.provider_id.hex: each.provider_name for each in classes},
    )
    beside = compared(classes, presence, results, source.passed_a_language(session, before=as_of))
    tables = (_sides(known), _asked(known), _outcomes(known), _questions(known), _by_provider(known), _language(beside))
    return Section("experience", in_both(lambda: _("Ervaringen")), tuple(_sentences(known, partial(_started_words, view.period, from_on))), tables)


def _opinions_by_cohort(classes: Iterable[ClassFacts], found: Mapping[Wave, list[Batch]]) -> dict[str, dict[Wave, list[Batch]]]:
    cohort_of = {each.id.hex: quarter_of(each.starts_on) for each in classes}
    by_cohort: dict[str, dict[Wave, list[Batch]]] = {}
    for wave, batches in found.items():
        for batch in batches:
            by_cohort.setdefault(cohort_of[batch.key], {}).setdefault(wave, []).append(batch)
    return by_cohort


# What may be told of


def _told(known: _Known, wave: Wave) -> list[Batch]:
    """Return what may be told of a side in a wave: quarter by quarter, so that a year tells nothing that its quarters do not."""
    return [batch for cohort in known.cohorts for batch in settled_of(wave[0], known.opinions.get(cohort, {}).get(wave, ()))]


def _told_by_provider(by_cohort: Iterable[Sequence[Batch]]) -> dict[str, list[Batch]]:
    """Return by provider what may be told beside the whole of each quarter."""
    found: dict[str, list[Batch]] = {}
    for batches in by_cohort:
        for part, there in told_parts(settled(batches, least=_PEOPLE), least=_PEOPLE).items():
            found.setdefault(part, []).extend(there)
    return found


def _overall(told: Sequence[Batch], side: Side = Side.LEARNER) -> int | None:
    return scores_of(side, told)[OVERALL]


def _number(side: Side, batches: Sequence[Batch], count: int) -> int | None:
    """Return a number of who were asked or answered as it may be told: of learners by fives and not of a few, of organisations as it is."""
    if side is not Side.LEARNER:
        return count
    return by_fives(count) if least_subjects(batches) >= _PEOPLE else None


# Tables


def _sides(known: _Known) -> Table:
    """Return a row of every side: of who was not asked the same as of who answered too little, so that it tells no more than no row would."""
    rows = [(in_both(partial(side_words, side)), *(_overall(_told(known, (side, number)), side) for number in WAVES)) for side in Side]
    columns = [(f"wave-{number}", partial(_judged_words, number), ColumnKind.SCORE) for number in WAVES]
    return _table(
        "sides", lambda: _("Hoe tevreden ze zijn, per kant"), rows, (("side", lambda: _("Kant"), ColumnKind.TEXT), *columns),
        lambda: _("Het oordeel als geheel, van 1 tot 5. “%(hidden)s” staat er ook waar nog niemand gevraagd is.", hidden=hidden_words().capitalize()),
    )


def _judged_words(wave: int) -> str:
    return _("Na twee weken (1–5)") if wave == WAVES[0] else _("Na afloop (1–5)")


def _asked(known: _Known) -> Table:
    rows = [row for side in Side for number in WAVES if (row := _asked_row(known, (side, number)))]
    return _table(
        "asked", lambda: _("Wie antwoordde"), rows,
        (("side", lambda: _("Kant"), ColumnKind.TEXT), ("wave", lambda: _("Wanneer"), ColumnKind.TEXT),
         ("asked", lambda: _("Gevraagd"), ColumnKind.PEOPLE), ("answered", lambda: _("Antwoordde"), ColumnKind.PEOPLE),
         ("response", lambda: _("Respons"), ColumnKind.PERCENT), ("score", lambda: _("Oordeel (1–5)"), ColumnKind.SCORE)),
        lambda: _("Vragenlijsten die gesloten zijn. Van cursisten telt ieder per groep; van werkgevers en opleiders wordt per groep één mens gevraagd.")
        + " " + rule_words().in_language(reading_language()),
    )


def _asked_row(known: _Known, wave: Wave) -> _Row | None:
    """Return who was asked and answered in the quarters of which it may be told; None where there are none."""
    side, number = wave
    told = _told(known, wave)
    if not told:
        return None
    asked, answered = _asked_and_answered(known, wave)
    return (
        in_both(lambda: side_words(side)), in_both(lambda: wave_words(number)), sum(asked), sum(answered), _response(known, wave), _overall(told, side),
    )


def _asked_and_answered(known: _Known, wave: Wave) -> tuple[list[int], list[int]]:
    """Return by quarter how many were asked and answered as it may be told: learners by fives, organisations as they are."""
    shown = by_fives if wave[0] is Side.LEARNER else int
    there = [each for cohort in known.cohorts if (each := _counted(known, cohort, wave))]
    return [shown(sum(each.sums[ASKED] for each in batches)) for batches in there], [shown(sum(each.number for each in batches)) for batches in there]


def _counted(known: _Known, cohort: str, wave: Wave) -> list[Batch]:
    """Return what counts for the response of a quarter: what is told of, and classes in which nobody answered until the last day of that. Nothing where nothing is told."""
    batches = known.opinions.get(cohort, {}).get(wave, [])
    told = settled_of(wave[0], batches)
    keys, until = {each.key for each in told}, max((each.on for each in told), default=date.min)
    return [each for each in batches if each.key in keys or (each.number == 0 and each.on <= until)]


def _response(known: _Known, wave: Wave) -> int | None:
    """Return which part of who was asked answered, in the quarters in which neither who answered nor who did not are a few."""
    side, number = wave
    told = [cohort for cohort in known.cohorts if _is_response_told(side, _counted(known, cohort, wave))]
    asked, answered = _asked_and_answered(replace(known, cohorts=told), (side, number))
    return per_cent(sum(answered), sum(asked))


def _is_response_told(side: Side, counted: Sequence[Batch]) -> bool:
    silent = [replace(each, number=each.sums[ASKED] - each.number) for each in counted]
    return side is not Side.LEARNER or not any(each.number for each in silent) or least_subjects(silent) >= _PEOPLE


def _outcomes(known: _Known) -> Table:
    rows: list[_Row] = []
    for cohort in known.cohorts:
        there, reached = known.presence.get(cohort, []), known.results.get(cohort, [])
        if there or reached:
            rows.append((
                in_both(partial(period_words, cohort)), _number(Side.LEARNER, there, summed(there)["number"]), share_in({cohort: there}),
                _number(Side.LEARNER, reached, summed(reached)["number"]), share_in({cohort: reached}),
            ))
    return _table(
        "outcomes", lambda: _("Wie er was en wie slaagde"), rows,
        (("cohort", lambda: _("Start"), ColumnKind.TEXT), ("noted", lambda: _("Met aanwezigheid"), ColumnKind.PEOPLE), ("attendance", lambda: _("Aanwezig"), ColumnKind.PERCENT),
         ("graded", lambda: _("Met uitslag"), ColumnKind.PEOPLE), ("passed", lambda: _("Geslaagd"), ColumnKind.PERCENT)),
        lambda: _("Groepen die voorbij zijn. Aanwezig is het deel van de bijeenkomsten waarvan de opleider noteerde wie er was; het telt mee als dat niet meer te veranderen is. "
                  "Geslaagd telt uitslagen die de examencommissie vaststelde, en pas als dat voor de hele groep zo is."),
    )


def _questions(known: _Known) -> Table:
    rows: list[_Row] = []
    for side in Side:
        for number in WAVES:
            told = _told(known, (side, number))
            scores, answered = scores_of(side, told), sum(each.number for each in told)
            rows += [
                (in_both(partial(side_words, side)), in_both(partial(wave_words, number)), in_both(partial(question_words, side, question)),
                 _number(side, told, answered), scores[question])
                for question in QUESTIONS[side] if told
            ]
    return _table(
        "questions", lambda: _("Wat ze vonden, per vraag"), rows,
        (("side", lambda: _("Kant"), ColumnKind.TEXT), ("wave", lambda: _("Wanneer"), ColumnKind.TEXT), ("question", lambda: _("Stelling"), ColumnKind.TEXT),
         ("answered", lambda: _("Antwoorden"), ColumnKind.PEOPLE), ("score", lambda: _("Gemiddeld (1–5)"), ColumnKind.SCORE)),
        agreed_words,
    )


def _by_provider(known: _Known) -> Table:
    wave: Wave = (Side.LEARNER, _LAST)
    said = _told_by_provider(known.opinions.get(cohort, {}).get(wave, ()) for cohort in known.cohorts)
    there, reached = shares_by_part(known.presence), shares_by_part(known.results)
    rows = [
        (name, _number(Side.LEARNER, said.get(part, ()), summed(said.get(part, ()))["number"]), _overall(said.get(part, ())), there.get(part), reached.get(part))
        for part, name in sorted(known.providers.items(), key=lambda one: (one[1].casefold(), one[0])) if part in {*said, *there, *reached}
    ]
    return _table(
        "by-provider", lambda: _("Per opleider"), rows,
        (("provider", lambda: _("Opleider"), ColumnKind.TEXT), ("answered", lambda: _("Antwoorden"), ColumnKind.PEOPLE), ("score", lambda: _("Oordeel na afloop (1–5)"), ColumnKind.SCORE),
         ("attendance", lambda: _("Aanwezig"), ColumnKind.PERCENT), ("passed", lambda: _("Geslaagd"), ColumnKind.PERCENT)),
        lambda: _("Wat cursisten antwoordden. Een opleider met te weinig antwoorden in een kwartaal telt dat kwartaal niet mee, en staat er niet bij als er niets te tonen is."),
    )


def _language(beside: Mapping[bool, Compared]) -> Table:
    """Compare who passed a language module before the class began with who did not."""
    rows: list[_Row] = [(in_both(partial(_group_words, has)), *found) for has, found in beside.items()]
    return _table(
        "language-effect", lambda: _("Wie eerst een taalmodule deed, en wie niet"), rows,
        (("group", lambda: _("Groep"), ColumnKind.TEXT), ("graded", lambda: _("Met uitslag"), ColumnKind.PEOPLE), ("passed", lambda: _("Geslaagd"), ColumnKind.PERCENT),
         ("grade", lambda: _("Gemiddeld cijfer"), ColumnKind.SCORE), ("attendance", lambda: _("Aanwezig"), ColumnKind.PERCENT)),
        lambda: _("Uitslagen van modules die geen taalmodule zijn. Een verschil kan ook een andere oorzaak hebben: wie een taalmodule doet, begint vaak met minder taal. "
                  "Wat mensen antwoordden, is niet zo te verdelen: van een antwoord weten we niet van wie het is."),
    )


def _group_words(has: bool) -> str:  # noqa: FBT001 - which of the two groups
    return _("Eerst een taalmodule gehaald") if has else _("Geen taalmodule")


def _table(
    name: str, title: Callable[[], str], rows: Sequence[_Row], columns: Collection[tuple[str, Callable[[], str], ColumnKind]], note: Callable[[], str],
) -> Table:
    heads = tuple(Column(each, in_both(say), kind) for each, say, kind in columns)
    return Table(name, in_both(title), heads, tuple(rows), in_both(note))


# In sentences


def _sentences(known: _Known, started: Callable[[], str]) -> list[Localized]:
    """Return what was found: how many answered and came, what they thought, and how many passed."""
    told, came, passed = _told(known, (Side.LEARNER, _LAST)), share_in(known.presence), share_in(known.results)
    response = _response(known, (Side.LEARNER, _LAST))
    said = []
    if told:
        said.append(in_both(lambda: _("Na afloop gaven cursisten hun module gemiddeld een %(score)s van 5.", score=score_text(_overall(told), comma=reading_language() == "nl"))))
        best, worst = _ends(scores_of(Side.LEARNER, told))
        said.append(in_both(lambda: _("Het meest tevreden zijn ze over: %(best)s. Het minst over: %(worst)s.", best=short_words(best).lower(), worst=short_words(worst).lower())))
    if response is not None:
        said.append(in_both(lambda: _("Van wie het gevraagd was, antwoordde %(response)s%%. Het doel is %(goal)s%%.", response=response // 10, goal=ANCHOR)))
    if came is not None:
        said.append(in_both(lambda: _("Ze kwamen naar %(came)s%% van de bijeenkomsten. Het doel is %(goal)s%%.", came=came // 10, goal=ANCHOR)))
    if passed is not None:
        said.append(in_both(lambda: _("Van wie een uitslag kreeg, slaagde %(passed)s%%.", passed=passed // 10)))
    return said or [in_both(lambda: _("Over groepen die begonnen in %(period)s is nog te weinig bekend om iets te tonen.", period=started()))]


def _started_words(period: str, from_on: date) -> str:
    """Return when classes began: in a period, or in the last of two years and the one before it."""
    if from_on >= first_day(period):
        return period_words(period)
    return _("%(first)s en %(last)s", first=period_words(before(period)), last=period_words(period))


def _ends(scores: Mapping[str, int | None]) -> tuple[str, str]:
    """Return the questions with the highest and the lowest mean, apart from the opinion as a whole."""
    ordered = sorted((question for question in scores if question != OVERALL), key=lambda each: (scores[each] or 0, each))
    return ordered[-1], ordered[0]
