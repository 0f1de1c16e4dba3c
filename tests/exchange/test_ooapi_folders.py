"""Folders of payloads as other houses have them: exactly what is wrong in them is reported, and a second import changes nothing."""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from academy.catalogue.api import ProviderKind
from academy.exchange.loading import Archive, load_supply
from academy.exchange.ooapi import supply_of
from academy.exchange.report import ImportReport
from academy.exchange.spool import payloads_in
from academy.exchange.supply import Supply
from academy.kernel.clock import amsterdam_day

FIXTURES = "ooapi/eduhub-rio-mapper"


def brought(folder: Path, now: datetime) -> Supply:
    return supply_of(payloads_in(folder), provider="boxtel", offerers={}, today=amsterdam_day(now))


def loaded(session: Session, folder: Path, now: datetime) -> ImportReport:
    return load_supply(
        session, brought(folder, now), provider_slug="boxtel", provider_name="Universiteit van Boxtel",
        provider_kind=ProviderKind.UNIVERSITY, source="ooapi", dry_run=False, archive=Archive.GUARDED, now=now,
    )


def found(supply: Supply) -> list[tuple[str, str, str]]:
    return sorted((problem.source, problem.column, problem.code) for problem in supply.problems)


# An endpoint with its four families: specifications, programmes, courses, offerings ---------------------------------------------------


def test_an_endpoint_has_exactly_these_faults(real_data: Path, now: datetime) -> None:
    """Four are there on purpose. Two specifications more are as orphaned as the one that says so; two offerings hang on what is refused."""
    supply = brought(real_data / FIXTURES / "test-common/fixtures/remote-entities", now)
    assert found(supply) == [
        ("education-specifications/accredited-variant.json", "educationSpecificationId", "orphan"),
        ("education-specifications/bad-type.json", "educationSpecificationType", "word-unknown"),
        ("education-specifications/joint.json", "educationSpecificationId", "orphan"),
        ("education-specifications/orphan-eduspec.json", "educationSpecificationId", "orphan"),
        ("programs/bad-edu-location.json", "consumers[1].educationLocationCode", "not-a-rio-code"),
        ("programs/bad-edu-location/offerings.json", "program", "parent-unknown"),
        ("programs/bad-edu-offerer.json", "consumers[1].educationOffererCode", "not-a-rio-code"),
        ("programs/bad-edu-offerer/offerings.json", "program", "parent-unknown"),
    ]
    assert {problem.value for problem in supply.problems if problem.code in {"not-a-rio-code", "word-unknown"}} == {"BAD-CODE", "badType"}
    assert {notice.code for notice in supply.notices.all()} == {"no-longer-valid", "no-words", "type-component"}
    assert (supply.rows, supply.refused, len(supply.modules), len(supply.programmes), len(supply.offerings)) == (28, 8, 1, 9, 1)
    assert Counter(len(draft.intakes or ()) for draft in supply.programmes) == {3: 3, 0: 6}


def test_the_payloads_of_development_have_exactly_these_faults(real_data: Path, now: datetime) -> None:
    supply = brought(real_data / FIXTURES / "dev/fixtures", now)
    assert found(supply) == [
        ("course-offerings-30010000-0000-0000-0000-000000000000.json", "course", "parent-unknown"),
        ("education-specification-c610b794-6e56-467c-a9b3-ee5927418a85.json", "educationSpecificationId", "orphan"),
        ("opleidingsrelatie0000-0000-0000-0000-000000000000.json", "", "family-unknown"),
        ("program-29990000-0000-0000-0000-000000000000.json", "name", "too-long"),
        *((f"program-offerings-{number}-0000-0000-0000-000000000000.json", "program", "parent-unknown")
          for number in ("20010000", "20020000", "20030000", "29990000")),
    ]
    assert {notice.code for notice in supply.notices.all()} == {
        "no-longer-valid", "not-a-register-code", "override-of-another-time", "parent-unknown", "partner-unknown", "partners-not-kept",
        "string-instead-of-list",
    }
    assert (len(supply.modules), len(supply.programmes)) == (2, 7)
    assert {module.entry.nl[:8] for module in supply.modules} == {"Students"}, "requirements in one string are taken all the same"


def test_loose_payloads_have_exactly_these_faults(real_data: Path, now: datetime) -> None:
    supply = brought(real_data / FIXTURES / "test-common/fixtures/ooapi", now)
    assert found(supply) == [
        ("course-offerings.json", "course", "parent-unknown"),
        ("program-consumers.json", "", "family-unknown"),
        ("program-course.json", "programType", "word-unknown"),
        *[("program-demo04-offerings.json", "program", "parent-unknown")] * 6,
        ("program-offerings.json", "program", "parent-unknown"),
    ]


def test_what_is_no_payload_is_said_to_be_none(real_data: Path, now: datetime) -> None:
    supply = brought(real_data / FIXTURES, now)
    assert [problem.source for problem in supply.problems if problem.line is None] == [
        "dev/fixtures/opleidingsrelatie0000-0000-0000-0000-000000000000.json",
        "test-common/fixtures/http-messages-1.json",
        "test-common/fixtures/ooapi/program-consumers.json",
    ]


@pytest.mark.parametrize("folder", ["test-common/fixtures/remote-entities", "dev/fixtures", "test-common/fixtures/ooapi", "."])
def test_a_second_import_changes_nothing(session: Session, real_data: Path, now: datetime, folder: str) -> None:
    first = loaded(session, real_data / FIXTURES / folder, now)
    second = loaded(session, real_data / FIXTURES / folder, now)
    assert first.new > 0
    assert (second.new, second.changed, second.archived, second.withheld) == (0, 0, 0, 0)
    assert (second.same, second.refused) == (first.new, first.refused)


# Our own folder ----------------------------------------------------------------------------------------------------------------------


def write(folder: Path, name: str, value: Any) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))


def course(id_: str, title: str = "Cloudbeheer") -> dict[str, Any]:
    return {"courseId": id_, "primaryCode": {"codeType": "identifier", "code": id_}, "name": [{"language": "nl", "value": title}]}


def test_what_is_refused_this_time_stays_and_what_is_gone_is_archived(session: Session, tmp_path: Path, now: datetime) -> None:
    for number in range(3):
        write(tmp_path, f"courses/{number}.json", course(f"c{number}"))
    assert loaded(session, tmp_path, now).new == 3
    write(tmp_path, "courses/1.json", course("c1") | {"level": "onzin"})
    (tmp_path / "courses/2.json").unlink()
    second = loaded(session, tmp_path, now)
    assert (second.same, second.refused, second.archived_keys) == (1, 1, ("c2",))
    write(tmp_path, "courses/2.json", course("c2"))
    assert loaded(session, tmp_path, now).changed_keys == ("c2",), "it comes back under the same key"
