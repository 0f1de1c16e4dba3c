"""Finished values for the pages of feeds and imports."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import url_for

from academy.exchange import words
from academy.exchange.facts import FeedFacts, ImportingProvider, RunFacts
from academy.exchange.findings import Notice, Problem
from academy.exchange.gateway import without_secrets
from academy.exchange.models import KEPT_PROBLEMS, UNFINISHED, FeedState, RunState
from academy.kernel.formats import moment_text
from academy.kernel.translation import _

_COLUMNS = ("source", "item", "field", "value", "code", "reason")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula (OWASP, CSV injection)


@dataclass(frozen=True)
class RunRow:
    """An import as a line in a list."""

    url: str
    kind: str
    state: str
    is_failed: bool
    begun: str
    counts: str


@dataclass(frozen=True)
class FeedCard:
    """A feed as a card; `pause_reason` is "" while it is active, `run_url` is where one asks to fetch it now, `resume_url` to let it go on."""

    code: str
    kind: str
    address: str
    every: str
    pause_reason: str
    is_running: bool
    last: RunRow | None
    last_success: str
    next_run: str
    run_url: str
    resume_url: str


@dataclass(frozen=True)
class FindingRow:
    """A line of the log: where, what and why; `reason_lang` names the language of a reason that is not the page's own."""

    place: str
    field: str
    value: str
    reason: str
    reason_lang: str
    count: str = ""


@dataclass(frozen=True)
class RunPage:
    """The log of one import; `is_cut` when there were more problems than are kept."""

    title: str
    feeds_url: str
    url: str
    csv_url: str
    state: str
    is_running: bool
    is_failed: bool
    is_rehearsal: bool
    is_cut: bool
    progress: str
    begun: str
    ended: str
    counts: list[tuple[str, str]]
    problems: list[FindingRow]
    notices: list[FindingRow]


def feed_card(feed: FeedFacts, provider: ImportingProvider) -> FeedCard:
    """Return a feed as the provider sees it; its address without anything that could be a key."""
    run = feed.last_run
    return FeedCard(
        code=feed.code, kind=words.kind_word(feed.kind), address=without_secrets(feed.url), every=words.every_words(feed.every_hours),
        pause_reason=_pause_reason(feed), is_running=run is not None and run.state in UNFINISHED,
        last=None if run is None else run_row(run, provider),
        last_success=moment_text(feed.last_success_at) if feed.last_success_at else _("Nog nooit"),
        next_run=moment_text(feed.next_run_at), run_url=url_for("exchange.ask_for_run", slug=provider.slug, code=feed.code),
        resume_url=url_for("exchange.resume", slug=provider.slug, code=feed.code),
    )


def _pause_reason(feed: FeedFacts) -> str:
    if feed.state is FeedState.ACTIVE:
        return ""
    if feed.failures:
        return _("Het ophalen mislukte %(times)s keer achter elkaar. Daarom staat deze koppeling op pauze.", times=feed.failures)
    return _("Deze koppeling staat op pauze.")


def run_row(run: RunFacts, provider: ImportingProvider) -> RunRow:
    return RunRow(
        url=url_for("exchange.import_log", slug=provider.slug, code=run.code), kind=words.kind_word(run.kind),
        state=words.state_word(run.state), is_failed=run.state is RunState.FAILED, begun=moment_text(run.started_at),
        counts=", ".join(f"{word.lower()}: {number}" for word, number in words.count_words(run.counts)),
    )


def run_page(run: RunFacts, provider: ImportingProvider) -> RunPage:
    """Return the log of an import."""
    step = words.step_word(run.step) if run.step else ""
    return RunPage(
        title=_("%(kind)s van %(begun)s", kind=words.kind_word(run.kind), begun=moment_text(run.started_at)),
        feeds_url=url_for("exchange.feeds", slug=provider.slug), url=url_for("exchange.import_log", slug=provider.slug, code=run.code),
        csv_url=url_for("exchange.import_problems", slug=provider.slug, code=run.code) if run.problems else "",
        state=words.state_word(run.state), is_running=run.state in UNFINISHED, is_failed=run.state is RunState.FAILED,
        is_rehearsal=run.dry_run, is_cut=len(run.problems) >= KEPT_PROBLEMS,
        progress=_("%(step)s: %(done)s van %(total)s", step=step, done=run.done, total=run.total) if run.total else step,
        begun=moment_text(run.started_at), ended=moment_text(run.ended_at) if run.ended_at else "",
        counts=words.count_words(run.counts), problems=[_problem_row(problem) for problem in run.problems],
        notices=[_notice_row(notice) for notice in run.notices],
    )


def _problem_row(problem: Problem) -> FindingRow:
    place = [problem.source, _("nummer %(number)s", number=problem.line) if problem.line is not None else ""]
    own = words.reason_words(problem.code)
    return FindingRow(", ".join(filter(None, place)), problem.column, problem.value, own or problem.reason, "" if own else "en")


def _notice_row(notice: Notice) -> FindingRow:
    place = "" if notice.line is None else _("nummer %(number)s", number=notice.line)
    own = words.reason_words(notice.code)
    return FindingRow(place, notice.column, notice.value, own or notice.text, "" if own else "en", str(notice.count))


def problems_csv(problems: Iterable[Problem]) -> str:
    """Return the problems for a spreadsheet, with a byte order mark for Excel; no cell is taken for a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    writer.writerows(list(_cells(problem)) for problem in problems)
    return f"\ufeff{file.getvalue()}"


def _cells(problem: Problem) -> Iterator[str]:
    line = "" if problem.line is None else str(problem.line)
    for cell in (problem.source, line, problem.column, problem.value, problem.code, problem.reason):
        yield f"'{cell}" if cell.startswith(_FORMULA) else cell
