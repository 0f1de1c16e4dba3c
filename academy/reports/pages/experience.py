"""Finished values for the monitor of experience: the questions, what was answered, and reviews of a module."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from flask import url_for

from academy.kernel.figures import WIDTH, bar
from academy.kernel.formats import day, in_current_language, number_text, short_day, shown
from academy.kernel.translation import _, reading_language
from academy.reports.facts import QuestionnaireFacts, Section
from academy.reports.kinds import Side
from academy.reports.pages.drawings import charts_of
from academy.reports.pages.tables import table_values
from academy.reports.queries.question_words import agreed_words, question_words, score_text, short_words
from academy.reports.queries.reviews import AtProvider, ModuleOpinion, Reviews
from academy.reports.rules.asking import HIGHEST, LEAST, LOWEST, OVERALL, QUESTIONS
from academy.reports.words import period_words

_TENTHS: Final = 10 * (HIGHEST - LOWEST)


def asked_values(facts: QuestionnaireFacts) -> dict[str, Any]:
    """Return what is asked about, and until when."""
    return {
        "title": shown(facts.module_title), "provider": facts.provider_name, "side": facts.side.value, "until": day(facts.closes_on),
        "dates": _("%(first)s tot en met %(last)s", first=short_day(facts.starts_on), last=short_day(facts.ends_on)), "least": LEAST[facts.side],
    }


def score_values(scores: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """Return each question to learners with its mean, in figures and as a bar from 1 to 5."""
    return [
        {
            "question": question_words(Side.LEARNER, question), "score": _score(tenths), "is_whole": question == OVERALL,
            "width": sum(part.width for part in bar([("education", (tenths or 0) - 10 * LOWEST)], _TENTHS)) if tenths else 0,
        }
        for question, tenths in ((each, scores[each]) for each in QUESTIONS[Side.LEARNER])
    ]


def _score(tenths: int | None) -> str:
    return score_text(tenths, comma=reading_language() == "nl")


def reviews_values(found: Reviews, slug: str) -> dict[str, Any]:
    """Return what learners of a module said."""
    overall = found.said.scores[OVERALL]
    return {
        "title": shown(found.title), "provider": found.provider_name, "url": url_for("enrolment.module_page", slug=slug), "least": LEAST[Side.LEARNER], "width": WIDTH,
        "answered": "" if found.answered is None else number_text(found.answered),
        "finding": "" if overall is None else _("Wie deze module deed, geeft hem gemiddeld een %(score)s van 5.", score=_score(overall)),
        "scores": score_values(found.said.scores) if overall is not None else [],
        "passed": "" if found.passed is None or found.graded is None else _("%(passed)s%% slaagde, van ongeveer %(people)s mensen met een uitslag.", passed=found.passed // 10, people=number_text(found.graded)),
    }


def provider_values(found: AtProvider) -> dict[str, Any]:
    """Return what learners said of the classes of a provider, and of each module."""
    provider = found.workspace.provider
    return {
        "name": provider.name, "url": url_for("workspace.home", provider=provider.slug), "least": LEAST[Side.LEARNER], "width": WIDTH, "agreed": agreed_words(),
        "answered": "" if found.answered is None else number_text(found.answered), "scores": score_values(found.scores) if found.answered is not None else [],
        "heading": [short_words(question) for question in QUESTIONS[Side.LEARNER]],
        "modules": [_module(provider.slug, each) for each in found.modules],
    }


def _module(provider_slug: str, one: ModuleOpinion) -> dict[str, Any]:
    return {
        "title": shown(one.title), "url": url_for("catalogue.module_in_work", provider=provider_slug, module=one.slug),
        "answered": "" if one.answered is None else number_text(one.answered), "scores": [_score(one.scores[question]) for question in QUESTIONS[Side.LEARNER]],
    }


def office_values(section: Section, period: str, choices: Sequence[str], *, today: date) -> dict[str, Any]:
    """Return the monitor as the programme office reads it, and the periods that it can choose."""
    charts = charts_of(section)
    return {
        "period": period, "periods": [(each, period_words(each)) for each in choices], "counted": day(today),
        "sentences": [in_current_language(each) for each in section.sentences],
        "tables": [table_values(each) | {"chart": charts.get(each.name), "file_url": url_for("experience.file", table=each.name, period=period)} for each in section.tables],
    }
