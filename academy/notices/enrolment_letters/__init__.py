"""Letters about seats, classes and their money: for each event, the letters that it leads to, written from the present state."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from academy.enrolment import api as enrolment
from academy.funding import api as funding
from academy.kernel.outbox import Event
from academy.notices.enrolment_letters import classes, drawing, employers, leaving, money, seats, together
from academy.notices.gateway import Letter
from academy.payments import api as payments

Write = Callable[[Session, Any, datetime], Iterable[Letter]]

# By the name of the subscriber, which stands in the outbox.
LETTERS: Final[dict[str, tuple[type[Event], Write]]] = {
    "notices.confirmation-letter": (enrolment.EnrolmentConfirmed, seats.confirmed),
    "notices.put-in-line-letter": (enrolment.PutInLine, seats.put_in_line),
    "notices.not-drawn-letter": (enrolment.NotDrawn, drawing.not_drawn),
    "notices.offer-letter": (enrolment.SeatOffered, seats.offered),
    "notices.admission-letters": (enrolment.AdmissionAsked, seats.admission_asked),
    "notices.refusal-letter": (enrolment.AdmissionRefused, seats.admission_refused),
    "notices.payment-letter": (enrolment.PaymentPromised, money.payment_promised),
    "notices.expiry-letter": (enrolment.HoldExpired, seats.hold_expired),
    "notices.guest-letter": (enrolment.SeatHeldForGuest, seats.held_for_guest),
    "notices.news-letter": (enrolment.NewsWanted, seats.news_wanted),
    "notices.group-letters": (enrolment.GroupEnrolled, together.group_enrolled),
    "notices.substitute-letters": (enrolment.SeatTakenOver, together.taken_over),
    "notices.cancellation-letter": (enrolment.EnrolmentCancelled, leaving.cancelled),
    "notices.called-off-letter": (enrolment.SeatWithdrawn, leaving.called_off),
    "notices.withdrawal-letter": (enrolment.EnrolmentWithdrawn, leaving.withdrawn),
    "notices.withdrawal-refused-letter": (enrolment.WithdrawalRefused, leaving.withdrawal_refused),
    "notices.goes-ahead-letter": (enrolment.ClassGoesAhead, classes.goes_ahead),
    "notices.undecided-letters": (enrolment.ClassUndecided, classes.undecided),
    "notices.extended-letter": (enrolment.ClassExtended, classes.extended),
    "notices.moved-letter": (enrolment.SeatMoved, classes.moved),
    "notices.result-letter": (enrolment.ResultFinal, classes.result_final),
    "notices.share-asked-letters": (funding.ShareAsked, money.share_asked),
    "notices.employer-letters": (funding.EmployerAsked, employers.employer_asked),
    "notices.employer-answer-letter": (funding.EmployerAnswered, employers.employer_answered),
    "notices.share-refused-letter": (funding.ShareRefused, money.share_refused),
    "notices.receipt": (payments.PaymentSettled, money.paid),
    "notices.refund-letter": (payments.RefundDone, money.refunded),
    "notices.refund-failed-letters": (payments.RefundFailed, money.refund_failed),
    "notices.money-letters": (payments.AttentionNeeded, money.attention_needed),
    "notices.invoice-letter": (payments.InvoiceIssued, money.invoice_issued),
    "notices.study-group-possible-letters": (enrolment.StudyGroupPossible, classes.study_group_possible),
    "notices.study-group-letters": (enrolment.StudyGroupOpened, classes.study_group_opened),
}
