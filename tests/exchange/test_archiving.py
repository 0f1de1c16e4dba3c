"""What is no longer in a source is archived, unless that is more than half of it; what is merely faulty has not vanished."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.models import Module
from academy.exchange import service
from academy.exchange.loading import Archive
from academy.exchange.report import ImportReport
from academy.exchange.shapes import ImportKind
from tests import builders
from tests.exchange.conftest import Make


def load(session: Session, path: Path, now: datetime, kind: ImportKind = ImportKind.MODULES, **choices: Any) -> ImportReport:
    return service.import_file(session, kind=kind, path=path, provider_slug="windesheim", provider_name="W", now=now, **choices)


def rows(*codes: str) -> str:
    return "code,title_nl\n" + "".join(f"{code},Titel {code}\n" for code in codes)


def public(session: Session) -> set[str]:
    session.flush()
    return {facts.code for facts in catalogue.module_facts(session, today=date.min)}


def test_what_vanished_is_archived_and_comes_back(session: Session, make: Make, now: datetime) -> None:
    load(session, make(rows("A", "B", "C")), now)
    report = load(session, make(rows("A", "B")), now)
    assert (report.same, report.archived, report.archived_keys) == (2, 1, ("C",))
    assert public(session) == {"A", "B"}
    again = load(session, make(rows("A", "B", "C")), now)
    assert (again.changed, again.archived) == (1, 0)
    assert public(session) == {"A", "B", "C"}


def test_what_came_by_hand_or_from_another_source_or_provider_stays(session: Session, make: Make, now: datetime) -> None:
    builders.module(session, now, external_id="HAND", code="HAND")
    load(session, make(rows("A", "B")), now)
    load(session, make(rows("MOOC")), now, ImportKind.MOOCS)
    service.import_file(session, kind=ImportKind.MODULES, path=make(rows("B")), provider_slug="aeres", provider_name="Aeres", now=now)
    report = load(session, make(rows("A")), now)
    assert report.archived_keys == ("B",)
    assert public(session) == {"A", "B", "HAND", "MOOC"}  # B is that of Aeres


def test_programmes_vanish_too(session: Session, make: Make, now: datetime) -> None:
    load(session, make("croho,naam\n80132,ICT\n80133,Bouw\n"), now, ImportKind.ASSOCIATE_DEGREES)
    assert load(session, make("croho,naam\n80132,ICT\n"), now, ImportKind.ASSOCIATE_DEGREES).archived_keys == ("80133",)
    assert [programme.code for programme in catalogue.programmes(session)] == ["80132"]


@pytest.mark.parametrize(("there", "left", "archived", "withheld"), [
    (20, 10, 10, 0),  # half is not more than half
    (20, 9, 0, 11),
    (18, 9, 9, 0),
    (12, 3, 9, 0),  # more than half, and a handful
])
def test_more_than_half_is_more_likely_a_fault(
    session: Session, make: Make, now: datetime, there: int, left: int, archived: int, withheld: int,
) -> None:
    codes = [f"M-{number:02}" for number in range(there)]
    load(session, make(rows(*codes)), now)
    report = load(session, make(rows(*codes[:left])), now)
    assert (report.archived, report.withheld) == (archived, withheld)


def test_all_or_nothing_may_be_asked(session: Session, make: Make, now: datetime) -> None:
    load(session, make(rows(*map(str, range(30)))), now)
    assert load(session, make(rows("1")), now, archive=Archive.NOTHING).archived == 0
    assert load(session, make(rows("1")), now, archive=Archive.ALL, dry_run=True).archived == 29
    assert len(public(session)) == 30
    assert load(session, make(rows("1")), now, archive=Archive.ALL).archived == 29


def test_what_is_faulty_has_not_vanished(session: Session, make: Make, now: datetime) -> None:
    load(session, make("code,title_nl,ec,prerequisites\nA,T,5,\nB,T,5,\nC,T,5,\nD,T,5,\nE,T,5,\n"), now)
    faulty = 'code,title_nl,ec,prerequisites\nA,T,5,\nB,T,veel,\nC,T\nD,"T,5,\nE,T,5,E\n'
    report = load(session, make(faulty), now)
    assert (report.refused, report.archived) == (4, 0)
    assert public(session) == {"A", "B", "C", "D", "E"}


def test_archiving_is_news(session: Session, make: Make, now: datetime) -> None:
    load(session, make(rows("A", "B")), now)
    told: list[object] = []

    def tell(_session: Session, *, provider_id: object) -> tuple[()]:
        told.append(provider_id)
        return ()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "finish_import", tell)
        load(session, make(rows("A")), now)
    assert len(told) == 1
    assert session.scalars(select(Module.vanished_at).where(Module.external_id == "B")).one() == now
