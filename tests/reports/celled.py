"""Cells as the roll-up leaves them, written by hand."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from academy.reports.kinds import EVERY
from academy.reports.models import ReportCell, ReportRun, ReportSlot


@dataclass
class Cells:
    """Writes cells with defaults; a test names only what matters to it. `people` None is hidden."""

    session: Session
    period: str = "2026-3"

    def cell(self, skill: str = EVERY, *, period: str = "", area: str = EVERY, sector: str = EVERY, source: str = EVERY, **values: Any) -> None:
        told = {"people": 0, "firms": 0, "seats": 0, "cents": 0, "searches": 0, "urgency": 100, "places": 0, "free": 0, "score": 0} | values
        self.session.add(ReportCell(
            period=period or self.period, skill=skill, area=area, sector=sector, source=source, is_hidden=told["people"] is None, **told | {"people": told["people"] or None},
        ))
        self.session.flush()

    def slot(self, skill: str, slot: str, people: int | None) -> None:
        self.session.add(ReportSlot(period=self.period, skill=skill, slot=slot, people=people))
        self.session.flush()

    def run(self, as_of: date, now: datetime) -> None:
        self.session.add(ReportRun(as_of=as_of, made_at=now, method="1", signals=1, cells=1, digest="0" * 64))
        self.session.flush()
