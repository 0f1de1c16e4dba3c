"""The kinds that enrolments, pools and results come in; plain words, so that rules can use them."""

from enum import StrEnum


class PoolKind(StrEnum):
    """For whom the seats of a pool are."""

    PUBLIC = "public"
    SPONSOR = "sponsor"
    TARGET_GROUP = "target-group"


class EnrolmentState(StrEnum):
    """Where an enrolment stands (docs/enrolment.md draws the ways between them)."""

    REQUESTED = "requested"  # the provider decides about admission
    HELD = "held"  # the seat is kept until somebody acts, at the latest at `until`
    WAITING = "waiting"
    OFFERED = "offered"  # a seat that came free is kept for who waited
    CONFIRMED = "confirmed"
    FINISHED = "finished"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"  # out of the contract within fourteen days (BW 6:230o)
    EXPIRED = "expired"


class WaitsFor(StrEnum):
    """Who or what has to act before a kept seat is sure."""

    LEARNER = "learner"
    PROVIDER = "provider"
    PAYMENT = "payment"
    EMPLOYER = "employer"


class Why(StrEnum):
    """Why an enrolment changed."""

    ASKED = "asked"
    CONFIRMED = "confirmed"  # by the learner
    ADMISSION_ASKED = "admission-asked"
    ADMITTED = "admitted"  # by the provider
    NOT_ADMITTED = "not-admitted"
    PAYMENT_PROMISED = "payment-promised"
    PAID = "paid"
    PUT_IN_LINE = "put-in-line"
    SEAT_CAME_FREE = "seat-came-free"
    OFFER_ACCEPTED = "offer-accepted"
    TIME_RAN_OUT = "time-ran-out"
    GIVEN_BACK = "given-back"  # by the learner
    WITHDRAWN = "withdrawn"
    SUBSTITUTED = "substituted"
    TOOK_OVER = "took-over"
    MOVED = "moved"  # to another class of the same module
    CALLED_OFF = "called-off"
    CLASS_ENDED = "class-ended"


class ResultScale(StrEnum):
    """How a result is written (OOAPI v6 resultValueType)."""

    PASS_OR_FAIL = "pass-or-fail"  # noqa: S105 - no password
    INSUFFICIENT_TO_GOOD = "insufficient-satisfactory-good"
    GRADE_0_10 = "grade-0-10-one-decimal"
    GRADE_0_100 = "grade-0-100"


# Who has a seat, counted in `SeatPool.taken`; and who has something running in an offering, of which there is one per person.
SEATED_STATES = (
    EnrolmentState.REQUESTED, EnrolmentState.HELD, EnrolmentState.OFFERED, EnrolmentState.CONFIRMED, EnrolmentState.FINISHED,
)
LIVE_STATES = (*SEATED_STATES, EnrolmentState.WAITING)
# Seats that are kept until a moment.
KEPT_STATES = (EnrolmentState.REQUESTED, EnrolmentState.HELD, EnrolmentState.OFFERED)
