"""Who is to be asked, and a questionnaire as who is asked reads it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from academy.kernel.clock import amsterdam_day, end_of_day
from academy.reports.errors import QuestionnaireClosed, QuestionnaireNotFound
from academy.reports.facts import QuestionnaireFacts
from academy.reports.models import Questionnaire, QuestionnaireInvite
from academy.reports.rules import asking
from academy.reports.sources import experience as source


@dataclass(frozen=True)
class InviteTold:
    """A questionnaire with who is asked to answer it."""

    person_id: UUID
    asked_at: datetime
    reminded_at: datetime | None
    questionnaire: QuestionnaireFacts


def waves_due(session: Session, *, now: datetime) -> list[tuple[UUID, int]]:
    """Return the classes of which a wave is to be asked now, with the wave. Two statements."""
    today = amsterdam_day(now)
    from_on, until_on = asking.days_with_a_wave(today)
    found = source.classes_to_look_at(session, from_on=from_on, until_on=until_on)
    rows = session.execute(select(Questionnaire.offering_id, Questionnaire.wave).where(Questionnaire.offering_id.in_([each.id for each in found])))
    asked = {(offering_id, wave) for offering_id, wave in rows}
    return [
        (each.id, wave) for each in found for wave in asking.WAVES
        if asking.is_due(wave, starts_on=each.starts_on, ends_on=each.ends_on, today=today) and (each.id, wave) not in asked
    ]


def has_to_remind(session: Session, *, now: datetime) -> bool:
    """Tell whether anybody is to be asked once more."""
    today = amsterdam_day(now)
    return bool(session.scalar(select(exists().where(
        QuestionnaireInvite.questionnaire_id == Questionnaire.id, QuestionnaireInvite.answered_at.is_(None), QuestionnaireInvite.reminded_at.is_(None),
        Questionnaire.closes_on >= today, QuestionnaireInvite.asked_at < end_of_day(asking.remind_before(today)),
    ))))


def has_to_close(session: Session, *, now: datetime) -> bool:
    """Tell whether it is still known who was asked by a questionnaire that is closed."""
    return bool(session.scalar(select(exists().where(
        QuestionnaireInvite.questionnaire_id == Questionnaire.id, Questionnaire.closes_on < amsterdam_day(now),
    ))))


def invite_told(session: Session, invite_id: UUID, *, today: date) -> InviteTold | None:
    """Return an invite with its questionnaire; None once it is forgotten, or the class does not take place any more. Two statements."""
    row = session.execute(
        select(QuestionnaireInvite, Questionnaire).join(Questionnaire, Questionnaire.id == QuestionnaireInvite.questionnaire_id)
        .where(QuestionnaireInvite.id == invite_id),
    ).one_or_none()
    of = None if row is None else source.class_by_id(session, row.Questionnaire.offering_id)
    if row is None or of is None:
        return None
    invite, asked = row.QuestionnaireInvite, row.Questionnaire
    facts = QuestionnaireFacts(
        id=asked.id, side=asked.side, module_title=of.module_title, provider_name=of.provider_name, starts_on=of.starts_on, ends_on=of.ends_on,
        closes_on=asked.closes_on, is_open=today <= asked.closes_on, is_answered=invite.answered_at is not None,
    )
    return InviteTold(invite.person_id, invite.asked_at, invite.reminded_at, facts)


def questionnaire_to_answer(session: Session, invite_id: UUID | None, *, now: datetime) -> QuestionnaireFacts:
    """Return the questionnaire behind a link. Raises QuestionnaireNotFound for a link that is no link of ours, QuestionnaireClosed once it is closed."""
    if invite_id is None:
        raise QuestionnaireNotFound
    told = invite_told(session, invite_id, today=amsterdam_day(now))
    if told is None or not told.questionnaire.is_open:
        raise QuestionnaireClosed
    return told.questionnaire
