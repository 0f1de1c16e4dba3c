"""A file is loaded, reported and loaded again; a file that can not be trusted leaves nothing behind. On both databases."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.exchange import service
from academy.exchange.errors import FileRefused, ProviderSlugNotValid, ProviderUnknown
from academy.exchange.report import ImportReport
from academy.exchange.shapes import ImportKind
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.text import Localized
from tests import builders
from tests.exchange.conftest import Make

HEADER = "code,title_nl,title_en,ec,level,languages,sectors,topics,price_eur,website,outcomes_nl,outcomes_en,description_nl\n"
FULL = (
    'M-1,Netwerken,Networks,"7,5",5,Nederlands|English,ict|techniek,Routers|Switches,"€ 495,00",https://s.example/m,'
    "Je kunt A|Je kunt B,You can A|You can B,<p>Eerst</p><p>dan &amp; daarna</p>\n"
)
COURSERA = "Subject,Title,Institution,Learning Product,Level,Duration,Gained Skills,Rate,Reviews\n"
EDX = "title,summary,institution,subject,language,price,course_description,course_url,n_enrolled\n"


def load(session: Session, path: Path, now: datetime, kind: ImportKind = ImportKind.MODULES, **options: Any) -> ImportReport:
    return service.import_file(session, kind=kind, path=path, provider_slug="windesheim", provider_name="W", now=now, **options)


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    """Return new, changed, same, merged, refused, after checking that they are all the rows."""
    found = (report.new, report.changed, report.same, report.merged, report.refused)
    assert sum(found) == report.rows
    return found


def modules(session: Session) -> dict[str, catalogue.ModuleFacts]:
    session.flush()
    return {facts.code or facts.title.en: facts for facts in catalogue.module_facts(session, today=date.min)}


def refusal(path: Path, kind: ImportKind = ImportKind.MODULES) -> FileRefused:
    with pytest.raises(FileRefused) as refused, service.prepared(kind, path):
        pass
    return refused.value


def test_a_module_comes_in_with_all_its_values(session: Session, make: Make, now: datetime) -> None:
    assert counts(load(session, make(HEADER + FULL), now)) == (1, 0, 0, 0, 0)
    found = modules(session)["M-1"]
    assert (found.title, found.ec, found.nlqf, found.price) == (Localized("Netwerken", "Networks"), Decimal("7.5"), "5", Money(49500))
    assert (found.languages, found.sectors, found.topics) == (("nl", "en"), ("ict", "techniek"), ("Routers", "Switches"))
    assert [outcome.text for outcome in found.outcomes] == [Localized("Je kunt A", "You can A"), Localized("Je kunt B", "You can B")]
    assert found.description.nl == "Eerst\n\ndan & daarna"
    assert found.kind is catalogue.ModuleKind.LOOSE_MODULE


def test_a_second_run_changes_nothing_and_tells_nobody(
    session: Session, make: Make, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[object] = []

    def tell(_session: Session, *, provider_id: object) -> tuple[()]:
        told.append(provider_id)
        return ()

    monkeypatch.setattr(catalogue, "finish_import", tell)
    path = make(HEADER + FULL)
    load(session, path, now)
    assert counts(load(session, path, now + timedelta(days=1))) == (0, 0, 1, 0, 0)
    assert len(told) == 1


def test_one_cell_that_differs_is_one_change(session: Session, make: Make, now: datetime) -> None:
    load(session, make(HEADER + FULL + FULL.replace("M-1", "M-2")), now)
    report = load(session, make(HEADER + FULL + FULL.replace("M-1", "M-2").replace("495", "500")), now)
    assert counts(report) == (0, 1, 1, 0, 0)
    assert report.changed_keys == ("M-2",)


def test_a_dry_run_reports_what_the_run_does_and_leaves_nothing(database: Database, make: Make, now: datetime) -> None:
    path = make(HEADER + FULL + FULL.replace("M-1", "M-2") + "M-3,Titel,,veel,,,,,,,,,\n")
    with database.writing() as session:
        rehearsed = load(session, path, now, dry_run=True)
    with database.reading() as session:
        assert modules(session) == {}
        assert catalogue.providers(session) == []
    with database.writing() as session:
        done = load(session, path, now)
    assert counts(rehearsed) == counts(done) == (2, 0, 0, 0, 1)
    assert (rehearsed.new, rehearsed.problems, rehearsed.notices) == (done.new, done.problems, done.notices)


def test_a_fault_halfway_leaves_nothing(database: Database, make: Make, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(catalogue, "finish_import", break_off)
    with database.writing() as session:
        with pytest.raises(OSError):  # noqa: PT011 - ours
            load(session, make(HEADER + FULL), now)
        assert modules(session) == {}


def test_a_row_is_refused_with_line_column_and_reason_and_the_others_load(session: Session, make: Make, now: datetime) -> None:
    rows = "M-2,,,,,,,,,,,,\nM-3,Titel,,veel,,,,,,,,,\n,Titel,,,,,,,,,,,\nM-4,Titel,,,,,,,,ftp://x,,,\nM-5,T\n"
    report = load(session, make(HEADER + FULL + rows), now)
    assert counts(report) == (1, 0, 0, 0, 5)
    assert [(problem.line, problem.column, problem.code) for problem in report.problems] == [
        (3, "title_nl", "empty"), (4, "ec", "not-ec"), (5, "code", "empty"), (6, "website", "not-a-url"), (7, "", "too-few-cells"),
    ]


@pytest.mark.parametrize(("column", "value", "code"), [
    ("code", "x" * 61, "too-long"), ("title_nl", "x" * 301, "too-long"), ("kind", "cursus", "unknown-kind"), ("level", "Beginner", "not-a-level"),
    ("price_eur", "veel", "not-a-price"), ("outcomes_en", "One|Two", "outcomes-differ"),
])
def test_what_the_catalogue_can_not_keep_is_refused(make: Make, column: str, value: str, code: str) -> None:
    row = {"code": "M", "title_nl": "T", "outcomes_nl": "Een"} | {column: value}
    problems = refusal(make(",".join(row) + "\n" + ",".join(row.values()) + "\n")).problems
    assert [(problem.line, problem.column, problem.code) for problem in problems] == [(2, column, code)]


def test_swiss_francs_never_become_euros(session: Session, make: Make, now: datetime) -> None:
    report = load(session, make("code,title_nl,price_eur\nM-1,Titel,CHF 900\n"), now)
    assert (modules(session)["M-1"].price, modules(session)["M-1"].price_note) == (None, "CHF 900")
    assert [notice.code for notice in report.notices] == ["price-not-in-euros"]


def test_an_unknown_language_and_sector_are_noticed(session: Session, make: Make, now: datetime) -> None:
    report = load(session, make("code,title_nl,languages,sectors\nM-1,Titel,Elfs,ict|ruimtevaart\n"), now)
    assert (modules(session)["M-1"].languages, modules(session)["M-1"].sectors) == (("Elfs",), ("ict",))
    assert {notice.code for notice in report.notices} == {"unknown-language", "unknown-sector"}


def test_mojibake_and_windows_1252_are_notices(session: Session, make: Make, now: datetime) -> None:
    report = load(session, make("code,title_nl\nM-1,Cursus PMPÂ® voor beginners\n"), now)
    assert [(notice.code, notice.line, notice.column) for notice in report.notices] == [("mojibake", 2, "title_nl")]
    report = load(session, make("code,title_nl\nM-2,Café\n".encode("cp1252")), now)
    assert [notice.code for notice in report.notices] == ["windows-1252"]
    assert modules(session)["M-2"].title.nl == "Café"


def test_codes_stay_text(session: Session, make: Make, now: datetime) -> None:
    load(session, make('[{"code": 7412.10, "title_nl": "A"}, {"code": "7412.1", "title_nl": "B"}]', "f.json"), now)
    assert set(modules(session)) == {"7412.10", "7412.1"}


def test_a_register_code_loses_its_dot_with_a_notice(session: Session, make: Make, now: datetime) -> None:
    path = make("croho,naam\n80.132,ICT\n81033,HBO-ICT\n")
    report = load(session, path, now, ImportKind.ASSOCIATE_DEGREES)
    assert report.new_keys == ("80132", "81033")
    assert [notice.code for notice in report.notices] == ["thousands-dot", "not-an-associate-degree"]
    found = {programme.code: (programme.nlqf, programme.ec) for programme in catalogue.programmes(session)}
    assert found == {"80132": ("5", Decimal(120)), "81033": ("", None)}
    assert counts(load(session, path, now, ImportKind.ASSOCIATE_DEGREES)) == (0, 0, 2, 0, 0)


def test_a_course_under_two_subjects_is_one_course(session: Session, make: Make, now: datetime) -> None:
    row = 'Business,Statistiek ,Yale,Course,Beginner,1 - 4 Weeks,"SQL, Fraud (A, B)",4.5,"1,200"\n'
    path = make(COURSERA + row + row.replace("Business", "Data Science").replace("Statistiek ", "Statistiek"))
    assert counts(load(session, path, now, ImportKind.MOOCS)) == (1, 0, 0, 1, 0)
    found = modules(session)["Statistiek"]
    assert found.sectors == ("ict", "zakelijk")
    assert found.topics == ("SQL", "Fraud (A, B)", "Business", "Data Science")
    assert (found.languages, found.nlqf, found.ec) == ((), "", None)


def test_a_second_row_with_other_content_is_reported(session: Session, make: Make, now: datetime) -> None:
    row = "Business,Statistiek,Yale,Course,Beginner,1 - 4 Weeks,SQL,4.5,12\n"
    report = load(session, make(COURSERA + row + row.replace("SQL", "Excel")), now, ImportKind.MOOCS)
    assert counts(report) == (1, 0, 0, 0, 1)
    problem = report.problems[0]
    assert (problem.line, problem.column, problem.value, problem.code) == (3, "Title", "Statistiek", "duplicate-differs")
    assert "line 2" in report.problems[0].reason


def test_an_edx_course_is_free_in_its_own_language_without_addresses(session: Session, make: Make, now: datetime) -> None:
    row = (
        "Curso,no abstract available,UPV,Language,Español,FREE-Add a Verified Certificate for $49 USD,"
        '"<p>Hola</p> info@upv.example",https://www.edx.org/course/curso,12\n'
    )
    load(session, make(EDX + row), now, ImportKind.MOOCS)
    found = modules(session)["Curso"]
    assert (found.price, found.price_note) == (Money(0), "FREE-Add a Verified Certificate for $49 USD")
    assert (found.languages, found.sectors, found.topics) == (("es",), ("taal",), ("Language",))
    assert (found.summary.en, found.description.en, found.institution) == ("", "Hola", "UPV")


# Files that are refused


def shifted(number: int, total: int) -> str:
    good = "".join(f"T{row},S,UPV,Language,English,FREE,D,https://e.example/{row},12\n" for row in range(total - number))
    bad = "".join(f"B{row},S,Language,English,FREE,D,https://e.example/b{row},12,\n" for row in range(number))
    return EDX + good + bad


def test_shifted_columns_refuse_the_file_with_line_column_and_value(make: Make) -> None:
    problems = {problem.column: problem for problem in refusal(make(shifted(6, 20)), ImportKind.MOOCS).problems}
    assert {problem.code for problem in problems.values()} == {"columns-shifted"}
    assert (problems["course_url"].line, problems["course_url"].value) == (16, "12")
    assert (problems["language"].line, problems["language"].value) == (16, "FREE")
    assert "6 of 20" in problems["course_url"].reason


def test_a_few_shifted_rows_are_refused_one_by_one(session: Session, make: Make, now: datetime) -> None:
    report = load(session, make(shifted(3, 20)), now, ImportKind.MOOCS)
    assert counts(report) == (17, 0, 0, 0, 3)
    assert {problem.line for problem in report.problems} == {19, 20, 21}


def test_a_file_of_another_kind_is_refused_with_the_right_command(make: Make) -> None:
    problem = refusal(make(EDX + "x,,,,,,,,\n"), ImportKind.MODULES).problems[0]
    assert (problem.code, "academy import moocs" in problem.reason) == ("wrong-kind", True)


def test_unknown_columns_are_answered_with_the_known_ones(make: Make) -> None:
    problems = refusal(make("naam,prijs\nx,1\n")).problems
    assert [(problem.column, problem.code) for problem in problems] == [("code", "column-missing"), ("title_nl", "column-missing")]
    assert "price_eur" in problems[0].reason


def test_a_file_without_rows_or_without_one_good_row_is_refused(make: Make) -> None:
    assert refusal(make(HEADER)).problems[0].code == "empty"
    assert refusal(make(HEADER + "M-1,,,,,,,,,,,,\n")).problems[0].code == "empty"


def test_a_column_that_is_not_used_is_named(session: Session, make: Make, now: datetime) -> None:
    report = load(session, make("code,title_nl,kleur\nM-1,Titel,rood\n"), now)
    assert [(notice.code, notice.column) for notice in report.notices] == [("column-ignored", "kleur")]


def test_an_unknown_provider_is_refused_with_the_known_ones(session: Session, make: Make, now: datetime) -> None:
    builders.provider(session)
    with service.prepared(ImportKind.MODULES, make(HEADER + FULL)) as file:
        with pytest.raises(ProviderUnknown) as refused:
            service.load(session, file, provider_slug="edx", now=now)
        with pytest.raises(ProviderSlugNotValid):
            service.load(session, file, provider_slug="Ed X", provider_name="edX", now=now)
    assert refused.value.known == ("windesheim",)


def test_a_provider_that_is_there_keeps_its_name(session: Session, make: Make, now: datetime) -> None:
    builders.provider(session)
    load(session, make(HEADER + FULL), now)
    assert [(found.name, found.kind) for found in catalogue.providers(session)] == [
        ("Windesheim in Almere", catalogue.ProviderKind.HBO),
    ]


def test_progress_reaches_its_end(session: Session, make: Make, now: datetime) -> None:
    seen: list[tuple[str, int, int]] = []
    path = make(HEADER + FULL)
    load(session, path, now, progress=lambda *step: seen.append(step))
    assert seen[-1] == ("load", 1, 1)
    assert ("read", path.stat().st_size, path.stat().st_size) in seen
