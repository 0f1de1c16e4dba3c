"""What enrolment keeps of people, and for how long."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

from academy.accounts.api import (
    Goes,
    Leaving,
    Obstacle,
    PersonalData,
    RecordClass,
    Stays,
    kept_for,
    people_who_left,
    plain_rows,
)
from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.kinds import LIVE_STATES, SEATED_STATES, EnrolmentState
from academy.enrolment.models import (
    Attendance,
    DrawLot,
    Enrolment,
    EnrolmentGroup,
    EnrolmentStep,
    EntryClaim,
    NewsWish,
    Result,
    SeatPool,
)
from academy.enrolment.queries.mine import as_agreed
from academy.kernel.clock import amsterdam_day
from academy.kernel.errors import Link
from academy.kernel.formats import in_current_language
from academy.kernel.translation import _


def _mine(session: Session, person_id: UUID) -> list[tuple[Enrolment, catalogue.OfferingOfModule]]:
    rows = session.scalars(select(Enrolment).where(Enrolment.person_id == person_id).order_by(Enrolment.asked_at, Enrolment.id)).all()
    offerings = catalogue.offerings_by_id(session, {row.offering_id for row in rows})
    return [(row, as_agreed(offerings[row.offering_id], row.agreed_price)) for row in rows]


def _read(session: Session, person_id: UUID) -> dict[str, Any]:
    mine = select(Enrolment.id).where(Enrolment.person_id == person_id)
    return {
        "enrolments": [
            {
                "code": row.code, "module": of.module_title.in_language("nl"), "module_version": row.module_version, "provider": of.provider_name,
                "starts_on": of.offering.starts_on.isoformat(), "ends_on": of.offering.ends_on.isoformat(), "state": row.state.value,
                "asked_at": row.asked_at.isoformat(), "confirmed_at": row.confirmed_at and row.confirmed_at.isoformat(),
                "ended_at": row.ended_at and row.ended_at.isoformat(), "statement": row.statement, "when_can_you": row.when_can_you,
                "agreed_price": row.agreed_price and str(row.agreed_price), "most_price": row.most_price and str(row.most_price),
                "wants_study_group": row.wants_study_group,
            }
            for row, of in _mine(session, person_id)
        ],
        "enrolment_steps": plain_rows(session, select(
            Enrolment.code, EnrolmentStep.at, EnrolmentStep.from_state, EnrolmentStep.to_state, EnrolmentStep.why, EnrolmentStep.note,
        ).join(Enrolment, Enrolment.id == EnrolmentStep.enrolment_id).where(Enrolment.person_id == person_id).order_by(EnrolmentStep.id)),
        "attendance": plain_rows(session, select(
            Attendance.meets_on, Attendance.by_provider, Attendance.by_learner,
        ).where(Attendance.enrolment_id.in_(mine)).order_by(Attendance.meets_on)),
        "results": plain_rows(session, select(
            Enrolment.code, Result.scale, Result.grade, Result.is_passed, Result.ec, Result.entered_at, Result.final_at,
        ).join(Enrolment, Enrolment.id == Result.enrolment_id).where(Enrolment.person_id == person_id)),
        "lots": plain_rows(session, select(
            Enrolment.code, DrawLot.place, DrawLot.number,
        ).join(Enrolment, Enrolment.id == DrawLot.enrolment_id).where(Enrolment.person_id == person_id).order_by(Enrolment.asked_at)),
        "diploma_said": plain_rows(session, select(EntryClaim.nlqf, EntryClaim.diploma, EntryClaim.claimed_at).where(EntryClaim.person_id == person_id)),
        "news_wanted": plain_rows(session, select(NewsWish.module_id, NewsWish.made_at).where(NewsWish.person_id == person_id)),
        "groups_made": plain_rows(session, select(EnrolmentGroup.code, EnrolmentGroup.made_at).where(EnrolmentGroup.made_by == person_id)),
    }


def _leaving(session: Session, person_id: UUID, now: datetime) -> Leaving:
    today = amsterdam_day(now)
    gone: list[Enrolment] = []
    taxed: list[Enrolment] = []
    running: list[Obstacle] = []
    for row, of in _mine(session, person_id):
        has_ended = row.state not in LIVE_STATES
        if not has_ended and row.state is not EnrolmentState.FINISHED and of.offering.ends_on >= today:
            may_cancel = row.state is not EnrolmentState.CONFIRMED or rules.may_cancel(starts_on=of.offering.starts_on, today=today)
            running.append(_running(row, of, can_cancel=may_cancel))
        else:
            is_free = has_ended or of.offering.price is None or of.offering.price.is_zero
            (gone if is_free else taxed).append(row)
    wishes = session.scalar(select(func.count()).select_from(NewsWish).where(NewsWish.person_id == person_id)) or 0
    claims = session.scalar(select(func.count()).select_from(EntryClaim).where(EntryClaim.person_id == person_id)) or 0
    return Leaving(
        goes=(
            Goes(_("je inschrijvingen"), len(gone), _erasing(gone)),
            Goes(_("je wensen om bericht te krijgen"), wishes, (delete(NewsWish).where(NewsWish.person_id == person_id),)),
            Goes(_("het diploma dat je invulde"), claims, (delete(EntryClaim).where(EntryClaim.person_id == person_id),)),
        ),
        stays=tuple(
            Stays(
                _("je betaalde inschrijving van %(year)s", year=str(amsterdam_day(_since(row)).year)),
                _("De belastingwet vraagt een boekhouding van zeven jaar (AWR, artikel 52). Je naam en adres staan er niet meer bij."),
                rules.taxed_until(amsterdam_day(_since(row))), 1,
            )
            for row in taxed
        ),
        obstacles=tuple(running),
    )


def _since(row: Enrolment) -> datetime:
    return row.confirmed_at or row.asked_at


def _running(row: Enrolment, of: catalogue.OfferingOfModule, *, can_cancel: bool) -> Obstacle:
    title = in_current_language(of.module_title)
    if can_cancel:
        what = _("Je bent ingeschreven voor %(module)s. Annuleer dat eerst.", module=title)
        return Obstacle(what, Link(_("Annuleer %(module)s", module=title), "enrolment.cancel", {"code": row.code}))
    what = _("Je volgt %(module)s. Verwijder je account als dat klaar is.", module=title)
    return Obstacle(what, Link(_("Bekijk %(module)s", module=title), "enrolment.enrolment_page", {"code": row.code}))


def _erasing(rows: Iterable[Enrolment]) -> tuple[UpdateBase, ...]:
    """Return what erases these rows; the seat of each that still has one goes back first, so that seats and enrolments stay equal in number."""
    ids, pools = [row.id for row in rows], [row.pool_id for row in rows if row.state in SEATED_STATES]
    return (
        update(SeatPool).where(SeatPool.id.in_(pools)).values(taken=SeatPool.taken - 1),  # one person has at most one seat in a pool
        delete(Enrolment).where(Enrolment.id.in_(ids)),
    )


def _forget_taxed(session: Session, now: datetime, limit: int) -> int:
    """Erase what tax law wanted of people who left, seat by seat."""
    rows = session.scalars(
        select(Enrolment)
        .where(
            Enrolment.person_id.in_(people_who_left()), Enrolment.state.in_(SEATED_STATES),
            Enrolment.confirmed_at < rules.taxed_before(now),
        )
        .limit(limit),
    ).all()
    for row in rows:
        for statement in _erasing([row]):
            session.execute(statement)
    return len(rows)


def _emptied_groups(before: datetime) -> ColumnElement[bool]:
    """Say which groups are old and have nobody in them any more."""
    inside = select(Enrolment.group_id).where(Enrolment.group_id.is_not(None))
    return and_(EnrolmentGroup.made_at <= before, EnrolmentGroup.id.not_in(inside))


HELD: Final = PersonalData("enrolment", frozenset({"enrolment", "enrolment_group", "enrolment_step", "entry_claim", "news_wish", "result", "study_group"}), _read, _leaving)

RECORDS: Final[tuple[RecordClass, ...]] = (
    kept_for(
        timedelta(days=730), Enrolment, name="Ended enrolments", since="they ended without a class",
        why="questions and complaints about a place that was given back, refused or ran out", over=lambda before: Enrolment.ended_at <= before,
    ),
    kept_for(
        timedelta(days=365), NewsWish, name="Wishes to hear of a module", since="they are made",
        why="one letter, on request; who still wants it asks again", over=lambda before: NewsWish.made_at <= before,
    ),
    kept_for(
        timedelta(days=730), EnrolmentGroup, name="Groups that enrolled together", since="they are made",
        why="showing who enrolled together to who did it", over=_emptied_groups,
    ),
    RecordClass(
        "What somebody says to have as a diploma", "entry_claim", "until the account is erased, or the person changes it",
        "admission without asking the same twice", "erased",
    ),
    RecordClass(
        "History of an enrolment", "enrolment_step", "as long as the enrolment", "how a place came to be: who, when and why (AVG art. 6(1)(b))", "erased",
    ),
    RecordClass(
        "Attendance", "attendance", "as long as the enrolment", "who was there, as both sides say it (AVG art. 6(1)(b))", "erased",
    ),
    RecordClass(
        "Results", "result", "as long as the enrolment", "one's own record of what one learned; the provider keeps its exams itself (AVG art. 6(1)(b))", "erased",
    ),
    RecordClass(
        "Lots of a draw", "draw_lot", "as long as the class; when the enrolment is erased only a number is left, that leads to nobody",
        "that everybody can draw once more", "stays, without whose it was",
    ),
    RecordClass(
        "Study groups", "study_group", "as long as the class; no learner stands in it", "who opened it, for questions about the room", "stays, with an id only",
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
