"""Tables of enrolment."""

from academy.enrolment.kinds import (
    KEPT_STATES,
    LIVE_STATES,
    SEATED_STATES,
    EnrolmentState,
    PoolKind,
    ResultScale,
    WaitsFor,
    Why,
)
from academy.enrolment.models.classes import Attendance, Result, StudyGroup
from academy.enrolment.models.draws import DrawLot, SeatDraw
from academy.enrolment.models.enrolments import Enrolment, EnrolmentGroup, EnrolmentStep
from academy.enrolment.models.learners import EntryClaim, NewsWish
from academy.enrolment.models.seats import SeatCode, SeatPool

__all__ = [
    "KEPT_STATES", "LIVE_STATES", "SEATED_STATES", "Attendance", "DrawLot", "Enrolment", "EnrolmentGroup", "EnrolmentState", "EnrolmentStep", "EntryClaim",
    "NewsWish", "PoolKind", "Result", "ResultScale", "SeatCode", "SeatDraw", "SeatPool", "StudyGroup", "WaitsFor", "Why",
]
