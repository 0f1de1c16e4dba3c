"""An office that may freeze, something counted, and sections that a test chooses."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from academy.accounts import service as accounts
from academy.accounts.api import Actor, OrganisationKind, Role, add_membership
from academy.reports.facts import Section, View
from academy.reports.models import ReportRun, Snapshot
from academy.reports.queries import sections
from academy.reports.queries.as_data import as_data, report_in
from tests import builders
from tests.reports.papers import demand

YEAR: Final = View("2026")
AS_OF: Final = date(2026, 9, 1)


def counted(session: Session, now: datetime, *, as_of: date = AS_OF) -> None:
    """Let something have been counted."""
    session.add(ReportRun(as_of=as_of, made_at=now, method="1", signals=3, cells=2, digest="0" * 64))
    session.flush()


def office(session: Session, now: datetime) -> Actor:
    """Make somebody of the programme office."""
    there = accounts.register_organisation(session, slug="bureau", name="Programmabureau", kind=OrganisationKind.OFFICE)
    actor = builders.actor(session, now, name="Bo Bureau")
    add_membership(session, person_id=actor.person_id, organisation_id=there, role=Role.OFFICE)
    return actor


def forgotten(session: Session) -> None:
    """Let nothing have been counted."""
    session.execute(delete(ReportRun))


def change(session: Session, code: str) -> None:
    """Change a word of a report in the database, as nobody should."""
    row = session.scalars(select(Snapshot).where(Snapshot.code == code)).one()
    row.data = as_data(replace(report_in(row.data), method="2"))
    session.flush()


def saying(patch: pytest.MonkeyPatch, *said: Section) -> list[dict[str, Any]]:
    """Let every report say this instead of what the database does; returns what was asked of it."""
    asked: list[dict[str, Any]] = []

    def make(_session: Session, **about: Any) -> Section:
        asked.append(about)
        return next(parts)

    parts = _again(said or (demand(),))
    patch.setattr(sections, "MAKERS", (make,) * (len(said) or 1))
    return asked


def _again(said: Sequence[Section]) -> Iterator[Section]:
    while True:
        yield from said
