"""What reports keep of people, and for how long. Figures are of nobody: what is kept of people is who is asked something, and who of the programme office did what."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Goes, Leaving, PersonalData, RecordClass, Stays, plain_rows
from academy.kernel.translation import _
from academy.reports.models import (
    Commission,
    CommissionStep,
    ParticipationStep,
    QuestionnaireInvite,
    ReadinessTick,
    Snapshot,
)


def _read(session: Session, person_id: UUID) -> dict[str, Any]:
    return {
        "asked_to_answer": plain_rows(session, select(
            QuestionnaireInvite.asked_at, QuestionnaireInvite.reminded_at, QuestionnaireInvite.answered_at,
        ).where(QuestionnaireInvite.person_id == person_id).order_by(QuestionnaireInvite.id)),
        "reports_i_froze": plain_rows(session, select(Snapshot.code, Snapshot.made_at).where(Snapshot.made_by == person_id).order_by(Snapshot.id)),
        "requests_to_providers_i_made": plain_rows(session, select(
            Commission.code, Commission.made_at, Commission.note,
        ).where(Commission.made_by == person_id).order_by(Commission.id)),
        "steps_of_requests": plain_rows(session, select(CommissionStep.to_state, CommissionStep.at).where(CommissionStep.by_id == person_id).order_by(CommissionStep.id)),
        "stages_i_noted": plain_rows(session, select(
            ParticipationStep.to_stage, ParticipationStep.note, ParticipationStep.at,
        ).where(ParticipationStep.by_id == person_id).order_by(ParticipationStep.id)),
        "ticked": plain_rows(session, select(ReadinessTick.item, ReadinessTick.at).where(ReadinessTick.by_id == person_id).order_by(ReadinessTick.at)),
    }


def _leaving(session: Session, person_id: UUID, _now: datetime) -> Leaving:
    asked = QuestionnaireInvite.person_id == person_id
    done = sum(_count(session, which) for which in (
        Snapshot.made_by == person_id, Commission.made_by == person_id, CommissionStep.by_id == person_id, ParticipationStep.by_id == person_id, ReadinessTick.by_id == person_id,
    ))
    return Leaving(
        goes=(Goes(_("vragenlijsten waarvoor je bent gevraagd"), _count(session, asked), (delete(QuestionnaireInvite).where(asked),)),),
        stays=(Stays(_("wat je voor het programmabureau deed aan rapporten en aanvragen"), _("Een verantwoording moet na te gaan zijn. Je naam staat er niet meer bij."), None, done),),
    )


def _count(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(which)) or 0


HELD: Final = PersonalData(
    "reports", frozenset({"questionnaire_invite", "report_snapshot", "commission", "commission_step", "participation_step", "readiness_tick"}), _read, _leaving,
)

RECORDS: Final[tuple[RecordClass, ...]] = (
    RecordClass(
        "Who is asked a questionnaire", "questionnaire_invite", "until the questionnaire closes",
        "asking once, reminding once, and knowing how many answered; what somebody answered is kept apart, without who it was", "erased",
    ),
    RecordClass("Who froze a report", "report_snapshot", "as long as the report", "accounting for it; the figures in it are of nobody", "stays, with an id only"),
    RecordClass("Who made a request to providers", "commission", "as long as the request", "knowing whom to ask about it", "stays, with an id only"),
    RecordClass("Steps of a request to providers", "commission_step", "as long as the request", "how long it took to fill a gap", "stays, with an id only"),
    RecordClass("Who noted how far a provider is", "participation_step", "as long as the provider takes part", "accounting for it", "stays, with an id only"),
    RecordClass("Who saw that a provider is ready", "readiness_tick", "as long as the provider takes part", "knowing whom to ask", "stays, with an id only"),
)
