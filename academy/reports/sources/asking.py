"""Wants that were told in so many words: posted demand, and the pledges that came of it or joined it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import Session

from academy.accounts.models import Organisation, SizeClass
from academy.employers.kinds import COUNTING_PLEDGES, DemandState, Party, PledgeState
from academy.employers.models import Demand, DemandSkill, Pledge, Pool
from academy.kernel.clock import amsterdam_day
from academy.reports.kinds import UNKNOWN, ActionLine, Source, Subject
from academy.reports.rules.quarters import first_day
from academy.reports.rules.signals import SOME_DAY, SOON, WITHIN_A_YEAR, Signal
from academy.reports.sources.areas import area_of
from academy.reports.sources.modules import NO_MODULE, ModuleFacts, known_sector
from academy.reports.sources.window import Window

_SOON: Final = timedelta(days=92)
_A_YEAR: Final = timedelta(days=366)
_AT_ONCE: Final = 5_000  # rows in memory


def is_alone(people: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Tell of a row of Organisation, or of none, whether it is one person: it says so, or nobody knows its size and it asks for one. `people`: for how many."""
    return or_(and_(Organisation.size_class.is_(None), people == 1), and_(Organisation.size_class.is_not(None), Organisation.size_class == SizeClass.ALONE))


def demands(session: Session, window: Window) -> Iterator[Signal]:
    """Yield what posted demand asks: from when its letter was followed until it was met, lapsed or taken back. One statement."""
    rows = session.execute(
        select(
            Demand.id, Demand.party, Demand.person_id, Demand.organisation_id, Demand.kvk_number, Demand.language, Demand.people, Demand.slots, Demand.postcode,
            Demand.wanted_by, Demand.proven_at, Demand.ended_at, is_alone(Demand.people).label("is_alone"), Organisation.sector, DemandSkill.skill_uri,
        )
        .outerjoin(DemandSkill, DemandSkill.demand_id == Demand.id).outerjoin(Organisation, Organisation.id == Demand.organisation_id)
        .where(
            Demand.proven_at < window.until, (Demand.ended_at.is_(None)) | (Demand.ended_at >= window.since),
            (Demand.state != DemandState.WITHDRAWN) | (Demand.ended_at >= window.until),  # taken back: it was not meant
        )
        .execution_options(yield_per=_AT_ONCE),
    )
    for each in rows:
        subject, kind = _asker(each)
        for quarter in window.standing(each.proven_at, each.ended_at):
            yield Signal(
                each.skill_uri or UNKNOWN, Source.DEMAND, subject, kind, f"d:{each.id.hex}", _number(kind, each.people), quarter, area_of(each.postcode),
                known_sector(each.sector), _urgency(each.wanted_by, each.proven_at, quarter), 0, _line(each.party, each.language), tuple(each.slots),
            )


def pledges(session: Session, window: Window, known: Mapping[UUID, ModuleFacts]) -> Iterator[Signal]:
    """Yield what live and placed pledges promise: from when their letter was followed until they have seats. One statement.

    Pledged money is seats x the most that a seat may cost, else x what the pool expects a seat to cost, else nothing.
    """
    rows = session.execute(
        select(
            Pledge.id, Pledge.demand_id, Pledge.party, Pledge.person_id, Pledge.organisation_id, Demand.kvk_number, Pledge.language, Pledge.seats, Pledge.slots,
            Pledge.most_price, Pledge.state, Pledge.proven_at, Pledge.answered_at, Demand.wanted_by, Pool.module_id, Pool.skills, Pool.area, Pool.price,
            is_alone(func.coalesce(Demand.people, Pledge.seats)).label("is_alone"), Organisation.sector,
        )
        .join(Pool, Pool.id == Pledge.pool_id).outerjoin(Demand, Demand.id == Pledge.demand_id).outerjoin(Organisation, Organisation.id == Pledge.organisation_id)
        .where(Pledge.state.in_((*COUNTING_PLEDGES, PledgeState.PLACED)), Pledge.proven_at < window.until)
        .execution_options(yield_per=_AT_ONCE),
    )
    for each in rows:
        subject, kind = _asker(each)
        module = known.get(each.module_id, NO_MODULE)
        price = each.most_price or each.price
        placed_at = (each.answered_at or each.proven_at) if each.state is PledgeState.PLACED else None
        for quarter in window.standing(each.proven_at, placed_at):
            for skill in module.skills or sorted(set(each.skills)) or module.subjects:
                yield Signal(
                    skill, Source.PLEDGE, subject, kind, f"l:{each.id.hex}" if each.demand_id is None else f"d:{each.demand_id.hex}", _number(kind, each.seats),
                    quarter, each.area or UNKNOWN, known_sector(each.sector) or module.sector,
                    max(WITHIN_A_YEAR, _urgency(each.wanted_by, each.proven_at, quarter)), each.seats * price.cents if price else 0,
                    _line(each.party, each.language), tuple(each.slots),
                )


def _asker(row: Any) -> tuple[str, Subject]:  # noqa: ANN401 - a row
    """Return whose a demand or pledge is. A firm of one person is that person; one that is not known here is known by its number, else by who acts for it."""
    if row.party is Party.CITIZEN or row.is_alone:
        return f"p:{row.person_id.hex}", Subject.PERSON
    if row.organisation_id is not None:
        return f"o:{row.organisation_id.hex}", Subject.FIRM
    return f"o:{row.kvk_number or row.person_id.hex}", Subject.FIRM


def _number(kind: Subject, people: int) -> int:
    return people if kind is Subject.FIRM else 1


def _line(party: Party, language: str) -> ActionLine:
    if language == "en":
        return ActionLine.INTERNATIONAL
    return ActionLine.LIFELONG if party is Party.CITIZEN else ActionLine.VOCATIONAL


def _urgency(wanted_by: date | None, asked_at: datetime, quarter: str) -> int:
    """Return how urgent it was when it was asked; of a quarter that began later, how urgent it was on its first day."""
    if wanted_by is None:
        return SOME_DAY
    left = wanted_by - max(amsterdam_day(asked_at), first_day(quarter))
    return SOON if left <= _SOON else WITHIN_A_YEAR if left <= _A_YEAR else SOME_DAY
