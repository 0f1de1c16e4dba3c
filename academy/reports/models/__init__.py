"""Tables of reports."""

from academy.reports.models.acting import Commission, CommissionInvite, CommissionStep
from academy.reports.models.cells import ReportCell, ReportRun, ReportSlot
from academy.reports.models.frozen import Snapshot
from academy.reports.models.monitor import Questionnaire, QuestionnaireAnswer, QuestionnaireInvite
from academy.reports.models.taking_part import Participation, ParticipationStep, ReadinessTick

__all__ = [
    "Commission", "CommissionInvite", "CommissionStep", "Participation", "ParticipationStep", "Questionnaire", "QuestionnaireAnswer", "QuestionnaireInvite", "ReadinessTick",
    "ReportCell", "ReportRun", "ReportSlot", "Snapshot",
]
