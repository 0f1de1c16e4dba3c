"""Feeds in the catalogue: a second import changes nothing, nothing is half loaded, and the real feeds bring what was counted."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.exchange.cli import import_commands
from academy.exchange.models import ImportRun
from academy.exchange.provider_feeds.loading import load_feed
from academy.exchange.provider_feeds.reading import Owner, ProviderFeed, read_feeds
from academy.exchange.report import ImportReport
from academy.kernel.db import Database
from tests.exchange import feed_samples as samples
from tests.exchange.conftest import Make

Run = Callable[..., Result]

SLOAN_RUNS_WITHOUT_COURSE = ["a056g00000URaa8AAD"] * 3
SLOAN_COURSES_WITHOUT_RUN = [
    "a054v00000jimlBAAQ", "a054v00000jjXkVAAU", "a054v00000rHDUAAA4", "a054v00000rfah0AAA", "a056g00000URaN5AAL",
    "a056g00000URaZeAAL", "a056g00000URaZtAAL", "a056g00000URaaEAAT",
]
# per provider: courses, programmes, runs, records left out
REAL = {
    "mit-bootcamps": (3, 0, 3, 0),
    "mitx-online": (8, 6, 7, 0),
    "mit-opencourseware": (0, 0, 0, 0),
    "mit-professional-learning": (4, 2, 1, 4),
    "edx": (7, 3, 22, 2),
    "mit-open-learning-library": (1, 0, 1, 0),
    "mit-sloan": (99, 0, 130, 7),
    "mit-xpro": (6, 2, 16, 0),
}


@pytest.fixture
def real_feeds(real_data: Path, now: datetime) -> dict[str, ProviderFeed]:
    folder = real_data / "moocs" / "mit_learn_feeds"
    return {feed.slug: feed for feed in read_feeds([folder], owner=None, today=now.date())}


def values_of(feed: ProviderFeed, code: str) -> list[str]:
    return sorted(problem.value for problem in feed.supply.problems if problem.code == code)


def test_every_real_feed_brings_what_was_counted(real_feeds: dict[str, ProviderFeed]) -> None:
    counted = {
        slug: (len(feed.supply.modules), len(feed.supply.programmes), len(feed.supply.offerings), feed.supply.refused)
        for slug, feed in real_feeds.items()
    }
    assert counted == REAL
    assert sum(len(feed.files) for feed in real_feeds.values()) == 17


def test_the_orphans_of_the_real_feeds_are_listed(real_feeds: dict[str, ProviderFeed]) -> None:
    assert values_of(real_feeds["mit-sloan"], "run-without-course") == SLOAN_RUNS_WITHOUT_COURSE
    assert values_of(real_feeds["mit-sloan"], "course-without-run") == SLOAN_COURSES_WITHOUT_RUN
    orphans = {
        slug: Counter(problem.code for problem in feed.supply.problems)
        for slug, feed in real_feeds.items() if feed.supply.problems
    }
    assert orphans == {
        "mit-sloan": {"run-without-course": 3, "course-without-run": 8, "run-without-start": 4},
        "mitx-online": {"course-without-run": 2, "course-unknown": 4, "programme-without-courses": 1},
        "mit-professional-learning": {"run-without-start": 3, "course-unknown": 6, "duplicate-differs": 1},
        "edx": {"duplicate-differs": 1},
    }
    assert values_of(real_feeds["mitx-online"], "course-unknown") == ["50", "81", "82", "83"]
    assert values_of(real_feeds["mit-sloan"], "run-without-start") == [
        "a054v00000r9S4fAAE/GAISPT FY25", "a054v00000r9v41AAA/NESSPT FY25", "a054v00000r9v7AAAQ/NSSSPT FY25",
        "a054v00000rgCvtAAE/ABTSPT FY25",
    ]


def test_francs_stay_francs_and_dollars_stay_dollars(real_feeds: dict[str, ProviderFeed]) -> None:
    runs = [run for feed in real_feeds.values() for _key, run in feed.supply.offerings]
    assert [run.price_note for run in runs if "CHF" in run.price_note] == ["CHF 11500; USD 12500"]
    assert {run.price.cents for run in runs if run.price is not None} == {0}
    assert Counter(run.price_note.split(" ")[0] for run in runs if run.price is None) == {"USD": 149, "CHF": 1, "": 5, "Early": 1}


def test_the_real_requirement_trees_are_whole_or_absent(real_feeds: dict[str, ProviderFeed]) -> None:
    asked = {
        draft.external_id: None if draft.requirements is None else len(draft.requirements.items)
        for slug in ("mitx-online", "mit-xpro", "edx") for draft in real_feeds[slug].supply.programmes
    }
    assert [asked[f"program-v1:{key}"] for key in ("MITxT+18.03x", "MITxT+8.02x", "xPRO+QCR", "xPRO+LASERx")] == [3, None, 2, 4]
    assert (asked["parent"], asked["mitx-parent-program"], asked["mitx-child-program"]) == (None, 3, 1)


def load(session: Session, folder: Path, now: datetime, **options: Any) -> list[ImportReport]:
    owner = options.pop("owner", None)
    feeds = read_feeds([folder], owner=owner, today=now.date())
    return [load_feed(session, feed, now=now, dry_run=options.get("dry_run", False)) for feed in feeds]


def test_a_second_import_of_the_real_feeds_changes_nothing(session: Session, real_data: Path, now: datetime) -> None:
    folder = real_data / "moocs" / "mit_learn_feeds"
    first, second = load(session, folder, now), load(session, folder, now)
    assert {report.provider: report.new for report in first} == {slug: sum(counts[:3]) for slug, counts in REAL.items()}
    assert [(report.new, report.changed, report.archived) for report in second] == [(0, 0, 0)] * len(REAL)
    assert [report.same for report in second] == [report.new for report in first]
    slugs = {provider.slug for provider in catalogue.providers(session)}
    assert slugs == REAL.keys() - {"mit-opencourseware"}  # a list of subjects makes no provider


def write(folder: Path, **files: Any) -> Path:
    """Write the folder anew, with exactly these files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, value in files.items():
        (folder / f"{name}.json").write_text(json.dumps(value))
    return folder


def test_a_course_that_is_gone_is_archived_and_one_that_became_faulty_is_not(session: Session, tmp_path: Path, now: datetime) -> None:
    kept, gone, faulty = (samples.with_(samples.BOOTCAMP, course_id=key) for key in ("Blijft", "Weg", "Stuk"))
    load(session, write(tmp_path / "in", kampen=[kept, gone, faulty]), now)
    (report,) = load(session, write(tmp_path / "in", kampen=[kept, samples.with_(faulty, title="")]), now)
    assert (report.archived_keys, report.same, report.refused) == (("Weg",), 2, 2)


def test_a_page_that_has_a_next_one_archives_nothing(session: Session, tmp_path: Path, now: datetime) -> None:
    other = samples.with_(samples.EDX_COURSE, key="Poort+ANDERS")
    load(session, write(tmp_path / "in", vakken=samples.page(samples.EDX_COURSE, other)), now)
    (report,) = load(session, write(tmp_path / "in", vakken=samples.page(samples.EDX_COURSE, next="https://voorbeeld.nl/2")), now)
    assert (report.archived, report.new, report.changed) == (0, 0, 0)


def test_a_run_that_is_over_becomes_inactive_and_nothing_else_changes(session: Session, tmp_path: Path, now: datetime) -> None:
    folder = write(tmp_path / "in", vakken=samples.page(samples.EDX_COURSE))
    load(session, folder, now)
    (report,) = load(session, folder, datetime(2026, 12, 2, 12, tzinfo=now.tzinfo))
    assert (report.changed_keys, report.same) == (("course-v1:Poort+BIJ1+2026",), 1)


def test_what_is_loaded_stands_on_the_page_of_the_module(session: Session, tmp_path: Path, now: datetime) -> None:
    folder = write(tmp_path / "in", vakken=[samples.SLOAN_COURSE], keren=[samples.SLOAN_RUN])
    load(session, folder, now, owner=Owner("poort", "De Poort"))
    (facts,) = catalogue.module_facts(session, today=date(2026, 9, 1))
    assert (facts.title.en, facts.price, facts.price_note) == ("Ketens", None, "CHF 4100; USD 4500")


@pytest.fixture
def run(database: Database) -> Run:
    return lambda *words: CliRunner().invoke(import_commands(nullcontext), ["feed", *(str(word) for word in words)])


def known(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(provider.slug for provider in catalogue.providers(session))


def test_a_folder_is_loaded_as_the_providers_its_feeds_are_of(run: Run, database: Database, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a=[samples.BOOTCAMP], b=[samples.SLOAN_COURSE], c=[samples.SLOAN_RUN], d=samples.TERMS)
    rehearsed = run(folder, "--dry-run")
    assert rehearsed.exit_code == 0
    assert "Dry run" in rehearsed.stdout
    assert known(database) == []
    result = run(folder)
    assert "mit-sloan: MIT Sloan Executive Education courses, MIT Sloan Executive Education runs" in result.stdout
    assert "rows 2  new 2  changed 0  same 0  archived 0  withheld 0  refused 0" in result.stdout
    assert known(database) == ["mit-bootcamps", "mit-sloan"]
    report = json.loads(run(folder, "--json").stdout)
    assert report["loaded"] is True
    assert {feed["provider"]: (feed["new"], feed["same"]) for feed in report["feeds"]} == {
        "mit-bootcamps": (0, 2), "mit-sloan": (0, 2), "mit-opencourseware": (0, 0),
    }


def test_files_are_loaded_for_the_provider_that_is_named(run: Run, database: Database, make: Make) -> None:
    courses = make(json.dumps([samples.SLOAN_COURSE, samples.with_(samples.SLOAN_COURSE, Course_Id="K2")]), "een.json")
    runs = make(json.dumps([samples.SLOAN_RUN]), "twee.json")
    assert run(courses, runs).exit_code == 2
    unknown = run(courses, runs, "--provider", "poort")
    assert (unknown.exit_code, known(database)) == (1, [])
    assert 'There is no provider "poort". Known: none yet.' in unknown.stderr
    assert "can not be the code" in run(courses, runs, "--provider", "de poort", "--provider-name", "De Poort").stderr
    result = run(courses, runs, "--provider", "poort", "--provider-name", "De Poort")
    assert result.exit_code == 0
    assert "course-without-run: een.json item 2: K2 (" in result.stdout
    assert known(database) == ["poort"]


def test_an_import_of_feeds_is_kept_in_the_log_of_imports(run: Run, database: Database, tmp_path: Path) -> None:
    run(write(tmp_path / "in", een=[samples.BOOTCAMP], twee=samples.TERMS))
    with database.reading() as session:
        kept = session.execute(select(ImportRun.kind, ImportRun.source, ImportRun.dry_run)).all()
    assert [tuple(row) for row in kept] == [("feed", "feed: MIT Bootcamps courses", False)]


def test_one_bad_file_in_a_folder_loads_nothing(run: Run, database: Database, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", goed=[samples.BOOTCAMP])
    (folder / "half.json").write_text("[{")
    result = run(folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "half-answer: half.json: (the JSON breaks off in line 1)" in result.stderr
    assert known(database) == []
    report = json.loads(run(folder, "--json").stdout)
    assert (report["loaded"], report["problems"][0]["source"], report["problems"][0]["code"]) == (False, "half.json", "half-answer")


def test_at_most_twenty_findings_are_shown(run: Run, tmp_path: Path) -> None:
    courses = [samples.with_(samples.SLOAN_COURSE, Course_Id=f"K{number}") for number in range(1, 31)]
    result = run(write(tmp_path / "in", een=courses, twee=[samples.SLOAN_RUN]))
    assert result.stdout.count("course-without-run") == 20
    assert "… and 9 more" in result.stdout
