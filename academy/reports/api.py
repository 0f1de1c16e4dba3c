"""What letters may ask of reports."""

from academy.reports.events import CommissionAnswered, CommissionSent, QuestionnaireAsked, QuestionnaireReminded
from academy.reports.kinds import CommissionInviteState, Side
from academy.reports.links import questionnaire_token_for
from academy.reports.queries.asking import InviteTold, invite_told
from academy.reports.queries.commissions import Told as CommissionTold
from academy.reports.queries.commissions import told as commission_told
from academy.reports.words import area_words

__all__ = [
    "CommissionAnswered", "CommissionInviteState", "CommissionSent", "CommissionTold", "InviteTold", "QuestionnaireAsked", "QuestionnaireReminded", "Side", "area_words", "commission_told",
    "invite_told", "questionnaire_token_for",
]
