"""Letters about reports: a provider is asked to fill a gap and answers, and somebody is asked how a class was. Written from the present state."""

from typing import Final

from academy.kernel.outbox import Event
from academy.notices.enrolment_letters import Write
from academy.notices.report_letters import commissions, questionnaires
from academy.reports import api as reports

# By the name of the subscriber, which stands in the outbox.
LETTERS: Final[dict[str, tuple[type[Event], Write]]] = {
    "notices.commission-letters": (reports.CommissionSent, commissions.sent),
    "notices.commission-answered-letters": (reports.CommissionAnswered, commissions.answered),
    "notices.questionnaire-letter": (reports.QuestionnaireAsked, questionnaires.asked),
    "notices.questionnaire-reminder-letter": (reports.QuestionnaireReminded, questionnaires.reminded),
}
