"""What our own columns may hold, beyond the plain ones: codes, skills, prerequisites, ways of teaching; on both databases."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.models import Module
from academy.exchange import service
from academy.exchange.errors import FileRefused
from academy.exchange.report import ImportReport
from academy.exchange.shapes import ImportKind
from tests import builders
from tests.exchange.conftest import Make

SKILL = "http://data.europa.eu/esco/skill/"


def load(session: Session, path: Path, now: datetime, kind: ImportKind = ImportKind.MODULES) -> ImportReport:
    return service.import_file(session, kind=kind, path=path, provider_slug="windesheim", provider_name="Windesheim", now=now)


def found(session: Session) -> dict[str, catalogue.ModuleFacts]:
    return {facts.code: facts for facts in catalogue.module_facts(session, today=date.min)}


def parsed(make: Make, **cells: str) -> catalogue.ModuleDraft:
    """Return the draft of a file with one row."""
    cells = {"code": "M-1", "title_nl": "Titel", **cells}
    with service.prepared(ImportKind.MODULES, make(";".join(cells) + "\n" + ";".join(cells.values()) + "\n")) as file:
        (entries,) = file.ledger.batches()
        return catalogue.unpack(catalogue.PackedModule("M-1", entries[0].content))


def problems(make: Make, **cells: str) -> list[tuple[str, str]]:
    with pytest.raises(FileRefused) as refused:
        parsed(make, **cells)
    return [(problem.column, problem.code) for problem in refused.value.problems]


def test_all_columns_of_a_module_are_kept(make: Make) -> None:
    draft = parsed(
        make, hours="210 uur", level="4+", eqf="5", modes="online|blended", assessments="portfolio,oral", certificate="microcredential",
        entry_nl="<p>Voor wie al werkt</p>", entry_en="For who works", language_level="b2", crebo="25.080|25998", croho="80001", rio="1001O5",
        prerequisites="NET-01 & (PRG-01 | level>=4) & ec>=60",
    )
    assert (draft.hours, draft.nlqf, draft.eqf, draft.language_level) == (210, "4+", "5", "B2")
    assert (draft.modes, draft.assessments) == (
        (catalogue.DeliveryMode.ONLINE, catalogue.DeliveryMode.BLENDED),
        (catalogue.AssessmentForm.PORTFOLIO, catalogue.AssessmentForm.ORAL),
    )
    assert (draft.certificate, draft.entry.nl) == (catalogue.CertificateKind.MICROCREDENTIAL, "Voor wie al werkt")
    assert {(code.scheme, code.value) for code in draft.codes} == {
        (catalogue.CodeScheme.CREBO, "25080"), (catalogue.CodeScheme.CREBO, "25998"), (catalogue.CodeScheme.CROHO, "80001"),
        (catalogue.CodeScheme.RIO, "1001O5"),
    }
    assert draft.prerequisites == catalogue.parse_prerequisites("NET-01 & (PRG-01 | level>=4) & ec>=60")


def test_skills_stand_at_the_place_of_their_outcome(make: Make) -> None:
    draft = parsed(make, outcomes_nl="Een|Twee|Drie", skills=f"{SKILL}1 {SKILL}2||{SKILL}3")
    assert [outcome.skills for outcome in draft.outcomes] == [(f"{SKILL}1", f"{SKILL}2"), (), (f"{SKILL}3",)]


@pytest.mark.parametrize(("cells", "expected"), [
    ({"hours": "veel"}, ("hours", "not-a-number")), ({"hours": "2,5"}, ("hours", "not-hours")), ({"eqf": "9"}, ("eqf", "not-a-level")),
    ({"modes": "online|thuis"}, ("modes", "unknown-modes")), ({"certificate": "bul"}, ("certificate", "unknown-certificate")),
    ({"language_level": "B3"}, ("language_level", "not-a-language-level")), ({"crebo": "123"}, ("crebo", "not-a-register-code")),
    ({"prerequisites": "NET-01 & ("}, ("prerequisites", "not-prerequisites")),
    ({"outcomes_nl": "Een|Twee", "skills": f"{SKILL}1"}, ("skills", "skills-differ")),
    ({"outcomes_nl": "Een", "skills": "lassen"}, ("skills", "not-a-url")),
])
def test_a_value_that_is_none_refuses_the_row(make: Make, cells: dict[str, str], expected: tuple[str, str]) -> None:
    assert problems(make, **cells) == [expected]


def rows(*pairs: Sequence[str]) -> str:
    return "code,title_nl,prerequisites\n" + "".join(f"{code},Titel {code},{needs}\n" for code, needs in pairs)


def test_a_circle_refuses_its_own_rows_and_names_itself(session: Session, make: Make, now: datetime) -> None:
    path = make(rows(("A", ""), ("NET-01", "NET-02"), ("NET-02", "NET-01 | A"), ("C", "NET-01 & A"), ("SELF", "SELF")))
    report = load(session, path, now)
    assert (report.new, report.refused) == (2, 3)
    assert [(problem.line, problem.column, problem.value, problem.reason) for problem in report.problems] == [
        (3, "prerequisites", "NET-01", "NET-01 needs NET-02 needs NET-01"),
        (4, "prerequisites", "NET-02", "NET-01 needs NET-02 needs NET-01"),
        (6, "prerequisites", "SELF", "SELF needs SELF"),
        (5, "prerequisites", "NET-01", "NET-01 is asked beforehand, and that is no module here"),
    ]
    assert set(found(session)) == {"A", "C"}


def test_prerequisites_become_links_and_a_second_run_changes_nothing(session: Session, make: Make, now: datetime) -> None:
    path = make(rows(("A", ""), ("B", "A & NERGENS"), ("C", "B")))
    first, second = load(session, path, now), load(session, path, now)
    assert (second.new, second.changed, second.same) == (0, 0, 3)
    assert first.problems == second.problems
    assert [(problem.line, problem.value, problem.code) for problem in first.problems] == [(3, "NERGENS", "prerequisite-unknown")]
    page = catalogue.module_page(session, "titel-b", today=now.date())
    assert [link.external_id for link in page.needed] == ["A"]
    assert [link.external_id for link in page.next] == ["C"]


def test_two_providers_may_have_the_same_code(session: Session, make: Make, now: datetime) -> None:
    path = make(rows(("A", "")))
    load(session, path, now)
    service.import_file(
        session, kind=ImportKind.MODULES, path=path, provider_slug="aeres", provider_name="Aeres", now=now,
        provider_kind=catalogue.ProviderKind.HBO,
    )
    assert sorted(facts.provider.slug for facts in catalogue.module_facts(session, today=date.min)) == ["aeres", "windesheim"]


def test_what_comes_in_knows_its_source(session: Session, make: Make, now: datetime) -> None:
    builders.provider(session)
    load(session, make(rows(("A", ""))), now)
    assert session.query(Module).one().source == "modules:our columns for modules"


def test_a_register_is_a_provider_that_teaches_nothing(session: Session, make: Make, now: datetime) -> None:
    load(session, make("croho,naam\n80132,ICT\n"), now, ImportKind.ASSOCIATE_DEGREES)
    assert [provider.kind for provider in catalogue.providers(session)] == [catalogue.ProviderKind.REGISTER]


def test_a_register_code_that_says_nothing_is_no_code(make: Make) -> None:
    assert parsed(make, croho="n/a", crebo="-", rio="onbekend").codes == ()
