"""The monitor of experience: waves of questions are opened, answered by nobody in particular, reminded of once, and closed."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.kernel.clock import amsterdam_day, begin_of_day, end_of_day
from academy.kernel.db import insert_new, rows_changed
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce
from academy.reports.errors import AnsweredAlready, QuestionnaireClosed, QuestionnaireNotFound
from academy.reports.events import QuestionnaireAsked, QuestionnaireReminded
from academy.reports.kinds import Side
from academy.reports.models import Questionnaire, QuestionnaireAnswer, QuestionnaireInvite
from academy.reports.rules import asking
from academy.reports.sources import experience as source

_AT_ONCE: Final = 200  # rows in one transaction of the clock
_SPEAK_FOR: Final = {Side.INSTITUTION: (Role.PLANNER,), Side.FIRM: (Role.BUYER, Role.DEAN)}
_Asked = tuple[UUID, UUID | None]  # a person, and for which organisation they are asked


def open_wave(session: Session, offering_id: UUID, wave: int, *, now: datetime) -> int:
    """Ask all sides about a class, each once; returns how many people were asked. A class that does not take place any more is left alone."""
    found = source.class_by_id(session, offering_id)
    if found is None:
        return 0
    firms = source.firms_of(session, [offering_id], still=True).get(offering_id, set())
    sides: dict[Side, list[_Asked]] = {
        Side.LEARNER: [(person_id, None) for person_id in _there(session, source.learners_in(session, offering_id))],
        Side.INSTITUTION: _one_of_each(session, Side.INSTITUTION, [found.provider_id], now=now),
        Side.FIRM: _one_of_each(session, Side.FIRM, sorted(firms), now=now),
    }
    return sum(_ask(session, offering_id, side, wave, people, now=now) for side, people in sides.items() if people)


def _ask(session: Session, offering_id: UUID, side: Side, wave: int, people: list[_Asked], *, now: datetime) -> int:
    questionnaire_id, today = new_id(), amsterdam_day(now)
    row = {
        "id": questionnaire_id, "offering_id": offering_id, "side": side, "wave": wave, "opened_on": today, "closes_on": asking.last_day(today),
        "asked": len(people), "answered": 0,
    }
    if not _written(session, row):
        return 0  # somebody else asked meanwhile
    for person_id, organisation_id in people:
        invite = QuestionnaireInvite(id=new_id(), questionnaire_id=questionnaire_id, person_id=person_id, organisation_id=organisation_id, asked_at=now)
        session.add(invite)
        announce(session, QuestionnaireAsked(invite.id))
    return len(people)


def _written(session: Session, row: Mapping[str, object]) -> bool:
    """Write a questionnaire unless this side was asked in this wave; tells whether it was written."""
    added = insert_new(session, Questionnaire, "offering_id", "side", "wave").values(row).returning(Questionnaire.id)
    return session.scalar(added) is not None


def _there(session: Session, person_ids: Iterable[UUID]) -> list[UUID]:
    """Return those who did not leave."""
    return sorted(each.id for each in accounts.people(session, person_ids).values() if not accounts.is_nobody(each.email))


def _one_of_each(session: Session, side: Side, organisation_ids: Iterable[UUID], *, now: datetime) -> list[_Asked]:
    """Return one person of each organisation: who plans or buys for it; where nobody does, its owner.

    Who is asked about another class already is left alone until those questions are closed, so that one who gives or buys many classes has one list at a time.
    """
    busy = set(session.scalars(
        select(QuestionnaireInvite.person_id).join(Questionnaire, Questionnaire.id == QuestionnaireInvite.questionnaire_id)
        .where(Questionnaire.side == side, Questionnaire.closes_on >= amsterdam_day(now)),
    ))
    asked: list[_Asked] = []
    for organisation_id in organisation_ids:
        found = accounts.people_in_role(session, *_SPEAK_FOR[side], organisation_id=organisation_id)
        found = found or accounts.people_in_role(session, Role.OWNER, organisation_id=organisation_id)
        who = next((each.id for each in found if each.id not in busy), None)
        if who is not None:
            busy.add(who)
            asked.append((who, organisation_id))
    return asked


def answer(session: Session, *, invite_id: UUID | None, scores: Mapping[str, int], now: datetime) -> None:
    """Keep what somebody answers, apart from who they are. Raises QuestionnaireNotFound, QuestionnaireClosed, AnsweredAlready, ValueError."""
    if invite_id is None:
        raise QuestionnaireNotFound
    row = session.execute(
        select(Questionnaire.id, Questionnaire.side).join(QuestionnaireInvite, QuestionnaireInvite.questionnaire_id == Questionnaire.id)
        .where(QuestionnaireInvite.id == invite_id, Questionnaire.closes_on >= amsterdam_day(now)),
    ).one_or_none()
    if row is None:
        raise QuestionnaireClosed
    if not asking.are_good(row.side, scores):
        raise ValueError(f"no answers to the questions of {row.side}")
    # To the day only: who answered at the moment at which an answer was written, would be known.
    said_on = begin_of_day(amsterdam_day(now))
    used = update(QuestionnaireInvite).where(QuestionnaireInvite.id == invite_id, QuestionnaireInvite.answered_at.is_(None)).values(answered_at=said_on)
    if not rows_changed(session, used.execution_options(synchronize_session=False)):
        raise AnsweredAlready
    counted = update(Questionnaire).where(Questionnaire.id == row.id, Questionnaire.answered < Questionnaire.asked).values(answered=Questionnaire.answered + 1)
    if not rows_changed(session, counted.execution_options(synchronize_session=False)):
        raise AnsweredAlready
    session.add(QuestionnaireAnswer(id=uuid4(), questionnaire_id=row.id, scores=dict(sorted(scores.items()))))


def remind(session: Session, *, now: datetime) -> int:
    """Ask once more who did not answer in a week, some at a time; returns how many."""
    today = amsterdam_day(now)
    due = session.scalars(
        select(QuestionnaireInvite.id).join(Questionnaire, Questionnaire.id == QuestionnaireInvite.questionnaire_id)
        .where(
            QuestionnaireInvite.answered_at.is_(None), QuestionnaireInvite.reminded_at.is_(None), Questionnaire.closes_on >= today,
            QuestionnaireInvite.asked_at < end_of_day(asking.remind_before(today)),
        )
        .order_by(QuestionnaireInvite.id).limit(_AT_ONCE),
    ).all()
    for invite_id in due:
        once = update(QuestionnaireInvite).where(
            QuestionnaireInvite.id == invite_id, QuestionnaireInvite.reminded_at.is_(None), QuestionnaireInvite.answered_at.is_(None),
        ).values(reminded_at=now)
        if rows_changed(session, once.execution_options(synchronize_session=False)):
            announce(session, QuestionnaireReminded(invite_id))
    return len(due)


def close(session: Session, *, now: datetime) -> int:
    """Forget who was asked by questionnaires that are closed, some at a time; returns how many. Before that, what was answered is written anew."""
    over = (
        select(QuestionnaireInvite.id, QuestionnaireInvite.questionnaire_id).join(Questionnaire, Questionnaire.id == QuestionnaireInvite.questionnaire_id)
        .where(Questionnaire.closes_on < amsterdam_day(now)).order_by(QuestionnaireInvite.id).limit(_AT_ONCE)
    )
    rows = session.execute(over).all()
    if not rows:
        return 0
    _write_anew(session, {row.questionnaire_id for row in rows})
    gone = delete(QuestionnaireInvite).where(QuestionnaireInvite.id.in_([row.id for row in rows]))
    return rows_changed(session, gone.execution_options(synchronize_session=False))


def _write_anew(session: Session, questionnaire_ids: Collection[UUID]) -> None:
    """Write all answers to questionnaires again, in the order of their random ids.

    PostgreSQL keeps by each row the transaction that wrote it (xmin) and where it lies (ctid). An answer shares the first with the invite that it used, and the second tells the order
    of answering. After this all of them are of one transaction, and lie as their ids are. A plain UPDATE would leave their order as it was.
    """
    of = QuestionnaireAnswer.questionnaire_id.in_(questionnaire_ids)
    kept = [
        {"id": row.id, "questionnaire_id": row.questionnaire_id, "scores": row.scores}
        for row in session.execute(select(QuestionnaireAnswer.id, QuestionnaireAnswer.questionnaire_id, QuestionnaireAnswer.scores).where(of).order_by(QuestionnaireAnswer.id))
    ]
    if kept:
        session.execute(delete(QuestionnaireAnswer).where(QuestionnaireAnswer.id.in_([row["id"] for row in kept])).execution_options(synchronize_session=False))
        session.execute(insert(QuestionnaireAnswer), kept)
