"""The monitor of experience as a part of a report: who answered what about classes of a period, who was there, and what they reached."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.kernel.text import Localized
from academy.kernel.translation import _, reading_language
from academy.reports.facts import Column, ColumnKind, Section, Table, Value, View
from academy.reports.kinds import Side
from academy.reports.queries.opinions import ASKED, Wave, by_provider, opinions, scores_of, settled_of
from academy.reports.queries.question_words import (
    question_words,
    rule_words,
    score_in_both,
    short_words,
    side_words,
    wave_words,
)
from academy.reports.rules.asking import ANCHOR, LEAST, OVERALL, QUESTIONS, WAVES, per_cent, tenths
from academy.reports.rules.batches import Batch, least_subjects, settled, summed, told_parts
from academy.reports.rules.hiding import by_fives
from academy.reports.rules.quarters import quarter_of
from academy.reports.sources import experience as source
from academy.reports.sources.experience import ClassFacts, Presence, Reached
from academy.reports.words import in_both, period_words

_PEOPLE: Final = LEAST[Side.LEARNER]
_LAST: Final = WAVES[-1]
_Row = tuple[Value, ...]


@dataclass(frozen=True)
class _Known:
    """All that is known of the classes of a period, by the quarter in which they started; each list of batches is as it came, not hidden yet."""

    cohorts: list[str]
    opinions: Mapping[str, Mapping[Wave, list[Batch]]]
    presence: Mapping[str, list[Batch]]
    results: Mapping[str, list[Batch]]
    providers: Mapping[str, str]  # names, by the part that a provider is


def experience_section(session: Session, *, view: View, from_on: date, until_on: date, as_of: date) -> Section:
    """Return the monitor of classes that started in a period, as it was known before `as_of`. Ten statements at most.

    It is told of all areas and sectors together, whatever the view: apart, most groups would be too small to tell of. Tables: `asked` (cohort, side, wave: asked, answered, response,
    score), `outcomes` (cohort: learners, attendance, passed), `questions` (side, wave, question: answered, score), `by-provider`, `language-effect`.
    """
    classes = source.classes_started(session, from_on=from_on, until_on=until_on)
    ids = [each.id for each in classes]
    presence = source.presence_in(session, ids, before=as_of)
    results = source.results_in(session, ids, before=as_of)
    over = [each for each in classes if each.ends_on < as_of]
    known = _Known(
        sorted({quarter_of(each.starts_on) for each in classes}),
        _opinions_by_cohort(classes, opinions(session, classes, before=as_of)),
        _by_cohort(over, [_presence_batch(each, presence.get(each.id, ())) for each in over]),
        _by_cohort(over, [_results_batch(each, results.get(each.id, ())) for each in over]),
        {each.provider_id.hex: each.provider_name for each in classes},
    )
    tables = (
        _asked(known), _outcomes(known), _questions(known), _by_provider(known),
        _language(over, presence, results, source.passed_a_language(session, before=as_of)),
    )
    return Section("experience", in_both(lambda: _("Ervaringen")), tuple(_sentences(known, view.period)), tables)


def _by_cohort(classes: Sequence[ClassFacts], batches: Sequence[Batch]) -> dict[str, list[Batch]]:
    found: dict[str, list[Batch]] = {}
    for one, batch in zip(classes, batches, strict=True):
        found.setdefault(quarter_of(one.starts_on), []).append(batch)
    return found


def _opinions_by_cohort(classes: Iterable[ClassFacts], found: Mapping[Wave, list[Batch]]) -> dict[str, dict[Wave, list[Batch]]]:
    cohort_of = {each.id.hex: quarter_of(each.starts_on) for each in classes}
    by_cohort: dict[str, dict[Wave, list[Batch]]] = {}
    for wave, batches in found.items():
        for batch in batches:
            by_cohort.setdefault(cohort_of[batch.key], {}).setdefault(wave, []).append(batch)
    return by_cohort


def _presence_batch(one: ClassFacts, there: Sequence[Presence]) -> Batch:
    people = frozenset(each.person_id for each in there)
    return Batch(one.ends_on, one.id.hex, by_provider(one), people, len(people), {"said": sum(each.said for each in there), "present": sum(each.present for each in there)})


def _results_batch(one: ClassFacts, there: Sequence[Reached]) -> Batch:
    people = frozenset(each.person_id for each in there)
    return Batch(one.ends_on, one.id.hex, by_provider(one), people, len(people), {"passed": sum(each.is_passed for each in there)})


# What may be told of


def _told(known: _Known, wave: Wave) -> list[Batch]:
    """Return what may be told of a side in a wave: quarter by quarter, so that a year tells nothing that its quarters do not."""
    return [batch for cohort in known.cohorts for batch in settled_of(wave[0], known.opinions.get(cohort, {}).get(wave, ()))]


def _told_people(by_cohort: Mapping[str, list[Batch]]) -> list[Batch]:
    return [batch for _cohort, batches in sorted(by_cohort.items()) for batch in settled(batches, least=_PEOPLE)]


def _told_by_provider(by_cohort: Iterable[Sequence[Batch]]) -> dict[str, list[Batch]]:
    """Return by provider what may be told beside the whole of each quarter."""
    found: dict[str, list[Batch]] = {}
    for batches in by_cohort:
        for part, there in told_parts(settled(batches, least=_PEOPLE), least=_PEOPLE).items():
            found.setdefault(part, []).extend(there)
    return found


def _share(told: Sequence[Batch], part: str, whole: str = "number") -> int | None:
    total = summed(told)
    return per_cent(total[part], total[whole])


def _overall(told: Sequence[Batch], side: Side = Side.LEARNER) -> int | None:
    return scores_of(side, told)[OVERALL]


def _number(side: Side, batches: Sequence[Batch], count: int) -> int | None:
    """Return a number of who were asked or answered as it may be told: of learners by fives and not of a few, of organisations as it is."""
    if side is not Side.LEARNER:
        return count
    return by_fives(count) if least_subjects(batches) >= _PEOPLE else None


# Tables


def _asked(known: _Known) -> Table:
    rows = [
        _asked_row(cohort, wave, known.opinions[cohort][wave])
        for cohort in known.cohorts for side in Side for number in WAVES if (wave := (side, number)) in known.opinions.get(cohort, {})
    ]
    return _table(
        "asked", lambda: _("Wie antwoordde"), rows,
        (("cohort", lambda: _("Start"), ColumnKind.TEXT), ("side", lambda: _("Kant"), ColumnKind.TEXT), ("wave", lambda: _("Wanneer"), ColumnKind.TEXT),
         ("asked", lambda: _("Gevraagd"), ColumnKind.PEOPLE), ("answered", lambda: _("Antwoordde"), ColumnKind.PEOPLE),
         ("response", lambda: _("Respons"), ColumnKind.PERCENT), ("score", lambda: _("Oordeel (1–5)"), ColumnKind.TEXT)),
        lambda: _("Vragenlijsten die gesloten zijn, per kwartaal waarin de groep begon. Van cursisten telt ieder per groep; van werkgevers en opleiders wordt per groep één mens gevraagd.")
        + " " + rule_words().in_language(reading_language()),
    )


def _asked_row(cohort: str, wave: Wave, batches: Sequence[Batch]) -> _Row:
    side, number = wave
    told = settled_of(side, batches)
    counted = _counted(told, batches)
    invited = [replace(each, number=each.sums[ASKED]) for each in counted]
    asked, answered = sum(each.number for each in invited), sum(each.number for each in (told if side is Side.LEARNER else counted))
    response = None if side is Side.LEARNER and not told else per_cent(answered, asked)
    return (
        in_both(lambda: period_words(cohort)), in_both(lambda: side_words(side)), in_both(lambda: wave_words(number)),
        _number(side, invited, asked), _number(side, told, answered), response, score_in_both(_overall(told, side)),
    )


def _counted(told: Sequence[Batch], batches: Sequence[Batch]) -> list[Batch]:
    """Return what counts for the response: also classes in which nobody answered, until the last day that is told of."""
    until = max((each.on for each in told), default=None)
    return [each for each in batches if until is None or each.on <= until]


def _response(known: _Known, wave: Wave) -> int | None:
    """Return which part of the learners that were asked answered, in the quarters of which it may be told."""
    asked = answered = 0
    for cohort in known.cohorts:
        batches = known.opinions.get(cohort, {}).get(wave, [])
        if told := settled_of(wave[0], batches):
            asked += sum(each.sums[ASKED] for each in _counted(told, batches))
            answered += sum(each.number for each in told)
    return per_cent(answered, asked)


def _outcomes(known: _Known) -> Table:
    rows: list[_Row] = []
    for cohort in known.cohorts:
        there, reached = (settled(each.get(cohort, ()), least=_PEOPLE) for each in (known.presence, known.results))
        if known.presence.get(cohort):
            rows.append((
                in_both(partial(period_words, cohort)), _number(Side.LEARNER, there, summed(there)["number"]), _share(there, "present", "said"),
                _number(Side.LEARNER, reached, summed(reached)["number"]), _share(reached, "passed"),
            ))
    return _table(
        "outcomes", lambda: _("Wie er was en wie slaagde"), rows,
        (("cohort", lambda: _("Start"), ColumnKind.TEXT), ("noted", lambda: _("Met aanwezigheid"), ColumnKind.PEOPLE), ("attendance", lambda: _("Aanwezig"), ColumnKind.PERCENT),
         ("graded", lambda: _("Met uitslag"), ColumnKind.PEOPLE), ("passed", lambda: _("Geslaagd"), ColumnKind.PERCENT)),
        lambda: _("Groepen die voorbij zijn. Aanwezig is het deel van de bijeenkomsten waarvan de opleider noteerde wie er was; geslaagd telt uitslagen die de examencommissie vaststelde."),
    )


def _questions(known: _Known) -> Table:
    rows: list[_Row] = []
    for side in Side:
        for number in WAVES:
            told = _told(known, (side, number))
            scores, answered = scores_of(side, told), sum(each.number for each in told)
            rows += [
                (in_both(partial(side_words, side)), in_both(partial(wave_words, number)), in_both(partial(question_words, side, question)),
                 _number(side, told, answered), score_in_both(scores[question]))
                for question in QUESTIONS[side] if told
            ]
    return _table(
        "questions", lambda: _("Wat ze vonden, per vraag"), rows,
        (("side", lambda: _("Kant"), ColumnKind.TEXT), ("wave", lambda: _("Wanneer"), ColumnKind.TEXT), ("question", lambda: _("Stelling"), ColumnKind.TEXT),
         ("answered", lambda: _("Antwoorden"), ColumnKind.PEOPLE), ("score", lambda: _("Gemiddeld (1–5)"), ColumnKind.TEXT)),
        lambda: _("Van 1 (helemaal niet mee eens) tot 5 (helemaal mee eens)."),
    )


def _by_provider(known: _Known) -> Table:
    wave: Wave = (Side.LEARNER, _LAST)
    said = _told_by_provider(known.opinions.get(cohort, {}).get(wave, ()) for cohort in known.cohorts)
    there, reached = (_told_by_provider(each.get(cohort, ()) for cohort in known.cohorts) for each in (known.presence, known.results))
    rows = [
        (
            name, _number(Side.LEARNER, said.get(part, ()), summed(said.get(part, ()))["number"]), score_in_both(_overall(said.get(part, ()))),
            _share(there.get(part, ()), "present", "said"), _share(reached.get(part, ()), "passed"),
        )
        for part, name in sorted(known.providers.items(), key=lambda one: (one[1].casefold(), one[0])) if part in {*said, *there, *reached}
    ]
    return _table(
        "by-provider", lambda: _("Per opleider"), rows,
        (("provider", lambda: _("Opleider"), ColumnKind.TEXT), ("answered", lambda: _("Antwoorden"), ColumnKind.PEOPLE), ("score", lambda: _("Oordeel na afloop (1–5)"), ColumnKind.TEXT),
         ("attendance", lambda: _("Aanwezig"), ColumnKind.PERCENT), ("passed", lambda: _("Geslaagd"), ColumnKind.PERCENT)),
        lambda: _("Wat cursisten antwoordden. Een opleider met te weinig antwoorden in een kwartaal telt dat kwartaal niet mee, en staat er niet bij als er niets te tonen is."),
    )


def _language(
    over: Iterable[ClassFacts], presence: Mapping[UUID, Sequence[Presence]], results: Mapping[UUID, Sequence[Reached]], passed_on: Mapping[UUID, date],
) -> Table:
    """Compare who passed a language module before the class began with who did not; told of both or of neither, for together they are told elsewhere."""
    groups: dict[bool, list[tuple[Reached, Presence | None]]] = {True: [], False: []}
    for one in over:
        if one.is_language:
            continue
        there = {each.person_id: each for each in presence.get(one.id, ())}
        for each in results.get(one.id, ()):
            groups[passed_on.get(each.person_id, date.max) < one.starts_on].append((each, there.get(each.person_id)))
    is_told = all(len({reached.person_id for reached, _there in group}) >= _PEOPLE for group in groups.values())
    rows = [_language_row(has, group) for has, group in groups.items()] if is_told else []
    return _table(
        "language-effect", lambda: _("Wie eerst een taalmodule deed, en wie niet"), rows,
        (("group", lambda: _("Groep"), ColumnKind.TEXT), ("graded", lambda: _("Met uitslag"), ColumnKind.PEOPLE), ("passed", lambda: _("Geslaagd"), ColumnKind.PERCENT),
         ("grade", lambda: _("Gemiddeld cijfer"), ColumnKind.TEXT), ("attendance", lambda: _("Aanwezig"), ColumnKind.PERCENT)),
        lambda: _("Uitslagen van modules die geen taalmodule zijn. Een verschil kan ook een andere oorzaak hebben: wie een taalmodule doet, begint vaak met minder taal. "
                  "Wat mensen antwoordden, is niet zo te verdelen: van een antwoord weten we niet van wie het is."),
    )


def _language_row(has: bool, group: Sequence[tuple[Reached, Presence | None]]) -> _Row:  # noqa: FBT001 - which of the two groups
    people = {reached.person_id for reached, _there in group}
    grades = [reached.tenths for reached, _there in group if reached.tenths is not None]
    grade = tenths(sum(grades), 10 * len(grades)) if len(grades) >= _PEOPLE else None
    said, present = (sum(each) for each in (([there.said for _reached, there in group if there]), [there.present for _reached, there in group if there]))
    enough = len({reached.person_id for reached, there in group if there}) >= _PEOPLE
    return (
        in_both(lambda: _("Eerst een taalmodule gehaald") if has else _("Geen taalmodule")), by_fives(len(people)),
        per_cent(sum(reached.is_passed for reached, _there in group), len(group)), score_in_both(grade), per_cent(present, said) if enough else None,
    )


def _table(
    name: str, title: Callable[[], str], rows: Sequence[_Row], columns: Collection[tuple[str, Callable[[], str], ColumnKind]], note: Callable[[], str],
) -> Table:
    heads = tuple(Column(each, in_both(say), kind) for each, say, kind in columns)
    return Table(name, in_both(title), heads, tuple(rows), in_both(note))


# In sentences


def _sentences(known: _Known, period: str) -> list[Localized]:
    """Return what was found: how many answered and came, what they thought, and how many passed."""
    told, there, reached = _told(known, (Side.LEARNER, _LAST)), _told_people(known.presence), _told_people(known.results)
    said = []
    if told:
        said.append(in_both(lambda: _("Na afloop gaven cursisten hun module gemiddeld een %(score)s van 5.", score=score_in_both(_overall(told)).in_language(reading_language()))))
        best, worst = _ends(scores_of(Side.LEARNER, told))
        said.append(in_both(lambda: _("Het meest tevreden zijn ze over: %(best)s. Het minst over: %(worst)s.", best=short_words(best).lower(), worst=short_words(worst).lower())))
        response = _response(known, (Side.LEARNER, _LAST)) or 0
        said.append(in_both(lambda: _("Van wie het gevraagd was, antwoordde %(response)s%%. Het doel is %(goal)s%%.", response=response // 10, goal=ANCHOR)))
    if there:
        came = _share(there, "present", "said") or 0
        said.append(in_both(lambda: _("Ze kwamen naar %(came)s%% van de bijeenkomsten. Het doel is %(goal)s%%.", came=came // 10, goal=ANCHOR)))
    if reached:
        passed = _share(reached, "passed") or 0
        said.append(in_both(lambda: _("Van wie een uitslag kreeg, slaagde %(passed)s%%.", passed=passed // 10)))
    return said or [in_both(lambda: _("Over groepen die begonnen in %(period)s is nog te weinig bekend om iets te tonen.", period=period_words(period)))]


def _ends(scores: Mapping[str, int | None]) -> tuple[str, str]:
    """Return the questions with the highest and the lowest mean, apart from the opinion as a whole."""
    ordered = sorted((question for question in scores if question != OVERALL), key=lambda each: (scores[each] or 0, each))
    return ordered[-1], ordered[0]
