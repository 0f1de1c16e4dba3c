"""What higher rooms may call of enrolment."""

from academy.enrolment.errors import (
    AlreadyEnrolled,
    BlockTooLarge,
    EnrolmentClosed,
    EnrolmentNotFound,
    NotAdmitted,
    OfferingFull,
    SeatCodeUsed,
)
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
    NotDrawn,
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
from academy.enrolment.queries.blocks import BlockCode, BlockSeat, codes_of_block, seats_of_block, seats_of_blocks
from academy.enrolment.queries.credits import Learning, ModulePassed, learning_of, people_enrolled
from academy.enrolment.queries.drawing import MyLot, my_lot
from academy.enrolment.queries.inbox import reason_for
from academy.enrolment.queries.leaving import Contract, contract_of
from academy.enrolment.queries.paying import payment_to_make
from academy.enrolment.queries.progress import Progress, progress_of
from academy.enrolment.queries.results import final_result
from academy.enrolment.queries.study_groups import study_group_for_letter, wanting
from academy.enrolment.queries.together import GroupFacts, group_for_letter
from academy.enrolment.rules import seats_state
from academy.enrolment.rules.withdrawing import Right
from academy.enrolment.rules.working_time import nine_in_ten, working_days, working_time
from academy.enrolment.service import confirm, hold_seat, join_waiting_list
from academy.enrolment.service.admitting import Settlement, settle
from academy.enrolment.service.attending import note_attendance, note_rest
from academy.enrolment.service.blocks import (
    SoldBlock,
    claim_seat,
    grow_block,
    make_block_codes,
    order_blocks,
    release_seat,
    replace_person,
    sell_block,
    shrink_block,
    take_blocks_back,
)
from academy.enrolment.service.finishing import finish_ended
from academy.enrolment.service.grading import Entry, enter_results, make_final
from academy.enrolment.service.inviting import offer_seats
from academy.enrolment.service.together import enrol_group
from academy.enrolment.words import exact_moment, last_moment_words, owed_words, why_not_words

__all__ = [
    "AdmissionAsked", "AdmissionRefused", "AlreadyEnrolled", "BlockCode", "BlockSeat", "BlockTooLarge", "ClassExtended", "ClassGoesAhead",
    "ClassUndecided", "Contract", "EnrolmentCancelled", "EnrolmentClosed", "EnrolmentConfirmed", "EnrolmentFacts", "EnrolmentNotFound", "EnrolmentState",
    "EnrolmentWithdrawn", "Entry", "GroupEnrolled", "GroupFacts", "HoldExpired", "Learning", "ModulePassed", "MyLot", "NewsWanted", "NotAdmitted",
    "NotDrawn", "OfferingFull", "PaymentPromised", "Progress", "PutInLine", "RefundDue", "ResultFinal", "ResultScale", "Right", "SeatCodeUsed",
    "SeatHeldForGuest", "SeatMoved", "SeatOffered", "SeatTakenOver", "SeatWithdrawn", "SeatsChanged", "Settlement", "SoldBlock", "StudyGroupOpened",
    "StudyGroupPossible", "WaitsFor", "WithdrawalRefused", "claim_seat", "codes_of_block", "confirm", "contract_of", "enrol_group", "enrolment",
    "enter_results", "exact_moment", "final_result", "finish_ended", "group_for_letter", "grow_block", "hold_seat", "join_waiting_list",
    "last_moment_words", "learning_of", "make_block_codes", "make_final", "my_enrolments", "my_lot", "nine_in_ten", "note_attendance", "note_rest", "offer_seats", "order_blocks",
    "owed_words", "payment_to_make", "people_enrolled", "place_in_line", "progress_of", "reason_for", "release_seat", "replace_person", "seats",
    "seats_left", "seats_of_block", "seats_of_blocks", "seats_state", "sell_block", "settle", "shrink_block", "study_group_for_letter",
    "take_blocks_back", "waiting_token_for", "wanting", "why_not_words", "working_days", "working_time",
]
