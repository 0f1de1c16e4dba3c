"""What enrolment keeps of people, and for how long."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

from academy.accounts.api import Goes, Leaving, Obstacle, PersonalData, RecordClass, Stays, kept_for, people_who_left
from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.models import Enrolment, EnrolmentState, SeatPool
from academy.kernel.clock import amsterdam_day
from academy.kernel.errors import Link
from academy.kernel.formats import in_current_language
from academy.kernel.translation import _


def _mine(session: Session, person_id: UUID) -> list[tuple[Enrolment, catalogue.OfferingOfModule]]:
    rows = session.scalars(select(Enrolment).where(Enrolment.person_id == person_id).order_by(Enrolment.confirmed_at)).all()
    offerings = catalogue.offerings_by_id(session, {row.offering_id for row in rows})
    return [(row, offerings[row.offering_id]) for row in rows]


def _read(session: Session, person_id: UUID) -> dict[str, Any]:
    return {
        "enrolments": [
            {
                "code": row.code, "module": of.module_title.in_language("nl"), "module_version": row.module_version, "provider": of.provider_name,
                "starts_on": of.offering.starts_on.isoformat(), "ends_on": of.offering.ends_on.isoformat(), "state": row.state.value,
                "confirmed_at": row.confirmed_at.isoformat(), "cancelled_at": row.cancelled_at and row.cancelled_at.isoformat(),
            }
            for row, of in _mine(session, person_id)
        ],
    }


def _leaving(session: Session, person_id: UUID, now: datetime) -> Leaving:
    today = amsterdam_day(now)
    gone: list[Enrolment] = []
    taxed: list[Enrolment] = []
    running: list[Obstacle] = []
    for row, of in _mine(session, person_id):
        if row.state is not EnrolmentState.CONFIRMED:
            gone.append(row)
        elif of.offering.ends_on >= today:
            running.append(_running(row, of, can_cancel=rules.may_cancel(starts_on=of.offering.starts_on, today=today)))
        else:
            is_free = of.offering.price is None or of.offering.price.is_zero
            (gone if is_free else taxed).append(row)
    return Leaving(
        goes=(Goes(_("je inschrijvingen"), len(gone), _erasing(gone)),),
        stays=tuple(
            Stays(
                _("je betaalde inschrijving van %(year)s", year=str(amsterdam_day(row.confirmed_at).year)),
                _("De belastingwet vraagt een boekhouding van zeven jaar (AWR, artikel 52). Je naam en adres staan er niet meer bij."),
                rules.taxed_until(amsterdam_day(row.confirmed_at)), 1,
            )
            for row in taxed
        ),
        obstacles=tuple(running),
    )


def _running(row: Enrolment, of: catalogue.OfferingOfModule, *, can_cancel: bool) -> Obstacle:
    title = in_current_language(of.module_title)
    if can_cancel:
        what = _("Je bent ingeschreven voor %(module)s. Annuleer dat eerst.", module=title)
        return Obstacle(what, Link(_("Annuleer %(module)s", module=title), "enrolment.cancel", {"code": row.code}))
    what = _("Je volgt %(module)s. Verwijder je account als dat klaar is.", module=title)
    return Obstacle(what, Link(_("Bekijk %(module)s", module=title), "enrolment.enrolment_page", {"code": row.code}))


def _erasing(rows: Iterable[Enrolment]) -> tuple[UpdateBase, ...]:
    """Return what erases these rows; the seat of each that still has one goes back first, so that seats and enrolments stay equal in number."""
    ids, pools = [row.id for row in rows], [row.pool_id for row in rows if row.state is EnrolmentState.CONFIRMED]
    return (
        update(SeatPool).where(SeatPool.id.in_(pools)).values(taken=SeatPool.taken - 1),  # one person has at most one seat in a pool
        delete(Enrolment).where(Enrolment.id.in_(ids)),
    )


def _forget_taxed(session: Session, now: datetime, limit: int) -> int:
    """Erase what tax law wanted of people who left, seat by seat."""
    rows = session.scalars(
        select(Enrolment)
        .where(
            Enrolment.person_id.in_(people_who_left()), Enrolment.state == EnrolmentState.CONFIRMED,
            Enrolment.confirmed_at < rules.taxed_before(now),
        )
        .limit(limit),
    ).all()
    for row in rows:
        for statement in _erasing([row]):
            session.execute(statement)
    return len(rows)


HELD: Final = PersonalData("enrolment", frozenset({"enrolment"}), _read, _leaving)

RECORDS: Final[tuple[RecordClass, ...]] = (
    kept_for(
        timedelta(days=730), Enrolment, name="Cancelled enrolments", since="they are cancelled",
        why="questions and complaints about a place that was given back", over=lambda before: Enrolment.cancelled_at <= before,
    ),
    RecordClass(
        "Enrolments", "enrolment", "until the account is erased, which waits for what is still running",
        "the agreement to teach, and one's own record of what one learned (AVG art. 6(1)(b))", "erased",
    ),
    RecordClass(
        "Paid enrolments of who left", "enrolment", "until the end of the seventh year after enrolling",
        "the books of seven years (AWR art. 52); no name, no address", "erased", apply=_forget_taxed,
    ),
)
