"""What higher rooms may call of enrolment."""

from academy.enrolment.events import (
    AdmissionAsked,
    AdmissionRefused,
    ClassExtended,
    ClassGoesAhead,
    ClassUndecided,
    EnrolmentCancelled,
    EnrolmentConfirmed,
    EnrolmentWithdrawn,
    GroupEnrolled,
    HoldExpired,
    NewsWanted,
    PaymentPromised,
    PutInLine,
    RefundDue,
    ResultFinal,
    SeatHeldForGuest,
    SeatMoved,
    SeatOffered,
    SeatsChanged,
    SeatTakenOver,
    SeatWithdrawn,
    StudyGroupOpened,
    StudyGroupPossible,
    WithdrawalRefused,
)
from academy.enrolment.kinds import ResultScale, WaitsFor
from academy.enrolment.links import waiting_token_for
from academy.enrolment.models import EnrolmentState
from academy.enrolment.queries import EnrolmentFacts, enrolment, my_enrolments, place_in_line, seats, seats_left
from academy.enrolment.queries.inbox import reason_for
from academy.enrolment.queries.leaving import Contract, contract_of
from academy.enrolment.queries.paying import payment_to_make
from academy.enrolment.queries.results import final_result
from academy.enrolment.queries.study_groups import study_group_for_letter, wanting
from academy.enrolment.queries.together import GroupFacts, group_for_letter
from academy.enrolment.rules import seats_state
from academy.enrolment.rules.withdrawing import Right
from academy.enrolment.service import confirm, hold_seat, join_waiting_list
from academy.enrolment.service.admitting import Settlement, settle
from academy.enrolment.service.finishing import finish_ended
from academy.enrolment.service.grading import Entry, enter_results, make_final
from academy.enrolment.service.together import enrol_group
from academy.enrolment.words import exact_moment, last_moment_words, owed_words, why_not_words

__all__ = [
    "AdmissionAsked", "AdmissionRefused", "ClassExtended", "ClassGoesAhead", "ClassUndecided", "Contract", "EnrolmentCancelled", "EnrolmentConfirmed",
    "EnrolmentFacts", "EnrolmentState", "EnrolmentWithdrawn", "Entry", "GroupEnrolled", "GroupFacts", "HoldExpired", "NewsWanted", "PaymentPromised",
    "PutInLine", "RefundDue", "ResultFinal", "ResultScale", "Right", "SeatHeldForGuest", "SeatMoved", "SeatOffered", "SeatTakenOver", "SeatWithdrawn",
    "SeatsChanged", "Settlement", "StudyGroupOpened", "StudyGroupPossible", "WaitsFor", "WithdrawalRefused", "confirm",
    "contract_of", "enrol_group", "enrolment", "enter_results", "exact_moment", "final_result", "finish_ended", "group_for_letter", "hold_seat",
    "join_waiting_list", "last_moment_words", "make_final", "my_enrolments", "owed_words", "payment_to_make", "place_in_line", "reason_for", "seats", "seats_left",
    "seats_state", "settle", "study_group_for_letter", "waiting_token_for", "wanting", "why_not_words",
]
