"""Seconds and memory to load ESCO with the real command in a process of its own, and milliseconds per suggestion on what was loaded.

The files are those of ../shared/data/skills; where they are absent, made-up ones of the same size.
"""

import csv
import itertools
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from academy.kernel import migrations
from academy.kernel.db import Database
from academy.kernel.text import LANGUAGES
from academy.skills.api import suggest
from benchmarks.outcome import Outcome

MOST_SECONDS: Final = 30
MOST_MEMORY: Final = 400  # MB
MOST_MS: Final = 20

_REAL: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "skills"
_SKILLS, _OCCUPATIONS, _RELATIONS = 13_896, 3_007, 123_855
_ALTERNATIVES: Final = 7  # labels of one skill; an occupation has 18
# As people type them: first letters, whole words, Dutch occupations, and what is nowhere.
_TYPED: Final = (
    "l", "la", "las", "lass", "lasser", "s", "so", "soft", "software", "weld", "manage", "python", "kok", "timmerman", "zorg",
    "verpleegkundige", "teach", "boekhouder", "elektr", "installateur", "man", "qq", "xyzzy", "100%",
)


def measure(*, quick: bool) -> Outcome:
    """Load once into an empty SQLite file, once more into the full one, then ask."""
    rounds = 3 if quick else 15
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as name:
        folder = Path(name)
        database = Database(f"sqlite:///{folder / 'academy.db'}")
        migrations.upgrade(database)
        source = _REAL if _REAL.is_dir() else _made_up(folder / "esco")
        seconds, megabytes = _load(folder, source)
        again, _megabytes = _load(folder, source)
        asked = [_ask(database, text, language) for _ in range(rounds) for text in _TYPED for language in LANGUAGES]
        database.close()
    figures: dict[str, float | None] = {
        "load: seconds": round(seconds, 1),
        "load: MB peak": round(megabytes),
        "load again: seconds": round(again, 1),
        "suggest: ms p50": round(statistics.median(asked), 1),
        "suggest: ms p95": round(statistics.quantiles(asked, n=20)[-1], 1),
    }
    return Outcome("skills", figures, {"load: seconds": MOST_SECONDS, "load: MB peak": MOST_MEMORY, "suggest: ms p95": MOST_MS})


def _load(folder: Path, source: Path) -> tuple[float, float]:
    """Return the seconds and the peak of memory in MB of `academy skills load`."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    settings = {**kept, "HOME": str(folder), "DATA_DIR": str(folder), "LOG_LEVEL": "warning"}
    program = Path(sys.executable).with_name("academy")
    started = time.perf_counter()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [program, "skills", "load", source, "--json"], env=settings, cwd=folder, stdout=log, stderr=log,
        )
        _pid, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError((folder / "log").read_text()[-2000:])
    process.returncode = 0
    return time.perf_counter() - started, _megabytes(usage)


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _ask(database: Database, text: str, language: str) -> float:
    with database.reading() as session:
        started = time.perf_counter()
        suggest(session, text, "nl" if language == "nl" else "en")
        return (time.perf_counter() - started) * 1000


# Made-up files


def _made_up(folder: Path) -> Path:
    """Write files of the size of ESCO 1.1.1 and return their folder."""
    folder.mkdir()
    chance = random.Random(1)
    words = ["".join(chance.choice("aeiou" if place % 2 else "bdfklmnprstvw") for place in range(chance.randint(3, 11))) for _ in range(9000)]
    numbers = itertools.count()

    def label() -> str:
        return f"{' '.join(chance.choice(words) for _ in range(3))} {next(numbers)}"

    def alternatives(number: int) -> str:
        return "\n".join(label() for _ in range(number))

    skills = [f"http://data.europa.eu/esco/skill/{number:08d}-5b5a-4a66-8aac-60e734beb1ab" for number in range(_SKILLS)]
    occupations = [f"http://data.europa.eu/esco/occupation/{number:08d}-2b3a-4efd-87cc-c4ea39d27c34" for number in range(_OCCUPATIONS)]
    _write(folder / "skills_en.csv", ("conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "status", "description"), (
        (uri, "skill/competence", "cross-sector", label(), alternatives(_ALTERNATIVES), "released", alternatives(4)) for uri in skills
    ))
    _write(folder / "skillGroups_en.csv", ("conceptUri", "preferredLabel", "altLabels", "status", "description"), (
        (f"http://data.europa.eu/esco/isced-f/{number:04d}", label(), "", "released", "") for number in range(640)
    ))
    for language in LANGUAGES:
        _write(folder / f"occupations_{language}.csv", ("conceptUri", "iscoGroup", "preferredLabel", "altLabels", "status", "code"), (
            (uri, f"{number % 9000:04d}", label(), alternatives(9), "released", f"{number % 9000:04d}.{number}")
            for number, uri in enumerate(occupations)
        ))
    pairs = itertools.islice(((skill, place) for place in itertools.count() for skill in range(_SKILLS)), _RELATIONS)
    _write(folder / "occupationSkillRelations.csv", ("occupationUri", "relationType", "skillUri"), (
        (occupations[(skill + 331 * place) % _OCCUPATIONS], "essential" if skill % 2 else "optional", skills[skill]) for skill, place in pairs
    ))
    _write(folder / "broaderRelationsSkillPillar.csv", ("conceptUri", "broaderUri"), (
        (uri, f"http://data.europa.eu/esco/isced-f/{number % 640:04d}") for number, uri in enumerate(skills)
    ))
    return folder


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
