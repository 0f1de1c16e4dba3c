"""The real, dirty files do what `data/README.md` promises. Skipped where they are absent."""

import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.exchange import service
from academy.exchange.errors import FileRefused
from academy.exchange.report import ImportReport
from academy.exchange.shapes import ImportKind

pytestmark = pytest.mark.slow


def load(session: Session, kind: ImportKind, path: Path, now: datetime, *, dry_run: bool = False) -> ImportReport:
    return service.import_file(session, kind=kind, path=path, provider_slug="bron", provider_name="Bron", now=now, dry_run=dry_run)


@pytest.mark.parametrize(("kind", "name", "new", "merged", "refused"), [
    (ImportKind.ASSOCIATE_DEGREES, "registers/associate_degrees_croho.csv", 205, 0, 0),
    (ImportKind.MODULES, "modules/hbo_ict_modules_with_prerequisites.sql", 16, 0, 0),
    (ImportKind.MOOCS, "moocs/edx_courses.csv", 974, 0, 0),
    # 2,790 spellings of title and institution; 31 of them differ from another in a space at the end
    (ImportKind.MOOCS, "moocs/coursera_courses_with_skills.csv", 2759, 639, 6),
])
def test_a_real_file_loads_once(
    session: Session, real_data: Path, now: datetime, kind: ImportKind, name: str, new: int, merged: int, refused: int,
) -> None:
    first = load(session, kind, real_data / name, now)
    second = load(session, kind, real_data / name, now)
    assert (first.new, first.merged, first.refused) == (new, merged, refused)
    assert (second.new, second.changed, second.same) == (0, 0, new)
    _check_texts(session, now)


def test_8092_rows_are_5273_courses(real_data: Path) -> None:
    with service.prepared(ImportKind.MOOCS, real_data / "moocs" / "online_courses_8k.csv") as file:
        assert (file.rows, len(file.ledger), file.merged, file.refused) == (8092, 5273, 2795, 24)


def test_a_rehearsal_tells_what_the_run_does(session: Session, real_data: Path, now: datetime) -> None:
    path = real_data / "registers" / "associate_degrees_croho.csv"
    rehearsed = load(session, ImportKind.ASSOCIATE_DEGREES, path, now, dry_run=True)
    assert load(session, ImportKind.ASSOCIATE_DEGREES, path, now) == replace(rehearsed, dry_run=False)


def _check_texts(session: Session, now: datetime) -> None:
    """No tag, entity, e-mail address or invisible character is in a text of the catalogue; no price is made up."""
    for facts in catalogue.module_facts(session, today=now.date()):
        texts = f"{facts.title.en}{facts.title.nl} {facts.summary.en}{facts.summary.nl} {facts.description.en} {facts.topics}"
        assert not re.search(r"</?(?:p|br|b|i|a|li|ul|div|span|style|script)\b[^<>]*>", texts, re.IGNORECASE)
        assert not re.search(r"&(?:nbsp|amp|lt|gt|quot|#\d+);", texts)
        assert not re.search(r"\w@\w+\.\w", texts)
        assert not re.search("[\u200b-\u200f\u00ad\ufeff]", texts)
        assert facts.price is None or facts.price.is_zero


def test_the_shifted_file_is_refused_and_nothing_is_loaded(session: Session, real_data: Path, now: datetime) -> None:
    with pytest.raises(FileRefused) as refused:
        load(session, ImportKind.MOOCS, real_data / "moocs" / "simplilearn_shifted_columns.csv", now)
    found = {(problem.line, problem.column, problem.value) for problem in refused.value.problems}
    assert (2, "Skills", "8583") in found
    assert (2, "Subtitle Languages", "University Program") in found
    assert {problem.column for problem in refused.value.problems} == {"Subtitle Languages", "Skills", "Language"}
    assert catalogue.providers(session) == []


def test_edx_languages_are_known_and_dollars_stay_words(session: Session, real_data: Path, now: datetime) -> None:
    load(session, ImportKind.MOOCS, real_data / "moocs" / "edx_courses.csv", now)
    found = list(catalogue.module_facts(session, today=now.date()))
    assert {language for facts in found for language in facts.languages} == {"en", "es", "fr", "it", "zh", "pt", "ja", "ar", "de"}
    assert all("USD" in facts.price_note for facts in found)


def test_prerequisites_of_hbo_ict_become_rules(session: Session, real_data: Path, now: datetime) -> None:
    report = load(session, ImportKind.MODULES, real_data / "modules" / "hbo_ict_modules_with_prerequisites.sql", now)
    assert [notice.code for notice in report.notices] == ["column-ignored"] * 5 + ["level-rules-in-words"]
    assert report.problems == ()
    graduation = next(facts for facts in catalogue.module_facts(session, today=now.date()) if facts.title.nl == "Afstuderen IDS")
    assert isinstance(graduation.prerequisites, catalogue.AllOf)
    first_year, ways, year = graduation.prerequisites.items
    assert (first_year, year) == (catalogue.CreditsReached(Decimal(60), propaedeutic=True), catalogue.YearReached(3))
    assert isinstance(ways, catalogue.AnyOf)  # one group is enough, and in a group all modules count
    assert [len(list(catalogue.modules_in(way))) for way in ways.items] == [3, 3]
    assert {leaf.ec for leaf in catalogue.modules_in(ways)} == {Decimal(30)}
    assert graduation.entry.nl == "Je hebt 60 EC aan modules van niveau 2 van de opleiding."


def test_coursera_facts_are_no_dutch_summary(session: Session, real_data: Path, now: datetime) -> None:
    load(session, ImportKind.MOOCS, real_data / "moocs" / "coursera_courses_with_skills.csv", now)
    found = list(catalogue.module_facts(session, today=now.date()))
    assert not any(facts.summary for facts in found)
    assert {facts.hours for facts in found if "Less Than 2 Hours" in facts.description.en} == {2}
    assert sum(facts.certificate is catalogue.CertificateKind.CERTIFICATE for facts in found) > 50
