"""Modules from a file: rows per second with all checks, and whether memory stays flat as rows grow; each size in a process of its own."""

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from academy.catalogue import api as catalogue
from academy.exchange import service
from academy.exchange.loading import Archive
from academy.exchange.shapes import ImportKind
from academy.kernel import migrations
from academy.kernel.clock import utc_now
from academy.kernel.db import Database
from benchmarks.outcome import Outcome

SIZES = (25_000, 100_000)
QUICK_SIZES = (1_500, 6_000)
LEAST_ROWS = 2000  # per second
MOST_GROWTH = 1.25  # peak memory of four times as many rows
_COLUMNS = (
    "code", "title_nl", "title_en", "summary_nl", "description_nl", "description_en", "outcomes_nl", "ec", "hours", "level", "languages",
    "sectors", "modes", "topics", "price_eur", "website",
)
_FIELDS = (
    ("Netwerken", "Networks", "ict"), ("Elektrotechniek", "Electrical engineering", "techniek"), ("Bouwkunde", "Construction", "bouw"),
    ("Plantenteelt", "Crop science", "agrofood"), ("Wijkverpleging", "District nursing", "zorg"), ("Didactiek", "Teaching", "educatie"),
    ("Financiële administratie", "Accounting", "zakelijk"), ("Circulair ontwerp", "Circular design", "duurzaam"),
)
_VERBS = ("ontwerpen", "beheren", "onderzoeken", "verbeteren", "uitleggen", "plannen", "beoordelen", "inrichten")
_WORDS = (
    "je", "leert", "hoe", "een", "goede", "aanpak", "in", "de", "praktijk", "werkt", "en", "oefent", "samen", "met", "collega's", "aan",
    "echte", "opdrachten", "uit", "de", "regio",
)


@dataclass(frozen=True)
class Run:
    """What one process measured: seconds to check and to load, the same for the same file once more, and its peak memory in MB."""

    checked: float
    loaded: float
    again: float
    peak: float


def measure(*, quick: bool) -> Outcome:
    """Import files of two sizes into SQLite; fewer rows for `quick`."""
    small, large = QUICK_SIZES if quick else SIZES
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        first, second = (_measured(Path(folder), rows) for rows in (small, large))
    seconds = second.checked + second.loaded
    figures: dict[str, float | None] = {
        "rows": large,
        "seconds": round(seconds, 1),
        "seconds to check": round(second.checked, 1),
        "seconds to load, while nobody else writes": round(second.loaded, 1),
        "rows/s": round(large / seconds),
        "same file again: seconds": round(second.again, 1),
        f"peak memory of {small} rows: MB": round(first.peak),
        f"peak memory of {large} rows: MB": round(second.peak),
        "peak memory, times the smaller file": round(second.peak / first.peak, 2),
    }
    return Outcome("import", figures, {"peak memory, times the smaller file": MOST_GROWTH}, {"rows/s": LEAST_ROWS})


def _measured(folder: Path, rows: int) -> Run:
    path = folder / f"{rows}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(_rows(rows))
    found = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", __name__, str(path)], check=True, capture_output=True, text=True,
        cwd=Path(__file__).resolve().parents[1],
    )
    return Run(**json.loads(found.stdout))


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    """Yield made-up modules of the length and kind that schools publish: HTML in the description, three outcomes."""
    chance = random.Random(1)  # the same rows every time
    for number in range(count):
        dutch, english, sector = chance.choice(_FIELDS)
        verb = chance.choice(_VERBS)
        ec = chance.choice((2.5, 5, 7.5, 10, 15, 30))
        outcomes = [f"Je kunt {dutch.lower()} {doing} in situatie {number % 97}" for doing in chance.sample(_VERBS, 3)]
        yield (
            f"M-{number:06}", f"{dutch} {verb} {number}", f"{english} {number}", f"Na deze module kun je {dutch.lower()} {verb}.",
            _html(chance),
            f"You learn to work with {english.lower()}. {_text(chance, 30)}", "|".join(outcomes), str(ec).replace(".", ","),
            str(int(ec * 28)), chance.choice(("4", "5", "6")), chance.choice(("nl", "en", "Nederlands|English")), sector,
            chance.choice(("online", "on_campus", "blended")), f"{dutch}|{verb}", f"€ {chance.randrange(0, 250) * 10},00",
            f"https://school.example/modules/{number}",
        )


def _html(chance: random.Random) -> str:
    return (
        f"<p>{_text(chance, 40)} <strong>{_text(chance, 4)}</strong> &amp; meer.</p><ul><li>{_text(chance, 8)}</li>"
        f"<li>{_text(chance, 8)}</li></ul>"
    )


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words)).capitalize()


def run(path: Path) -> Run:
    """Import the file into a new database beside it, and once more; the work of the process of its own."""
    url = f"sqlite:///{path.with_suffix('.db')}"
    fresh = Database(url)
    migrations.upgrade(fresh)
    with fresh.writing() as session:
        catalogue.register_provider(session, catalogue.ProviderDraft("school", "School", catalogue.ProviderKind.HBO))
    checked, loaded = _import(fresh, path)
    again = sum(_import(fresh, path))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    fresh.close()
    return Run(checked, loaded, again, peak)


def _import(database: Database, path: Path) -> tuple[float, float]:
    started = time.perf_counter()
    with service.prepared(ImportKind.MODULES, path) as checked_file:
        checked = time.perf_counter()
        with database.writing() as session:
            report = service.load(session, checked_file, provider_slug="school", archive=Archive.GUARDED, now=utc_now())
    assert report.refused == 0, report.problems[:3]
    return checked - started, time.perf_counter() - checked


if __name__ == "__main__":
    json.dump(vars(run(Path(sys.argv[1]))), sys.stdout)
