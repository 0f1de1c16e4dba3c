"""Letters about recognition: for each event, the letters that it leads to, written from the present state. What was decided stands in none of them."""

from typing import Final

from academy.kernel.outbox import Event
from academy.notices.enrolment_letters import Write
from academy.notices.recognition_letters import agreements, appointments, clocks, decisions, files, statements
from academy.recognition import api as recognition

# By the name of the subscriber, which stands in the outbox.
LETTERS: Final[dict[str, tuple[type[Event], Write]]] = {
    "notices.file-moved-letters": (recognition.FileMoved, files.moved),
    "notices.file-still-letter": (recognition.FileStill, clocks.still),
    "notices.step-late-letters": (recognition.StepLate, clocks.late),
    "notices.statement-asked-letter": (recognition.StatementAsked, statements.asked),
    "notices.statement-answered-letter": (recognition.StatementAnswered, statements.answered),
    "notices.slot-booked-letters": (recognition.SlotBooked, appointments.booked),
    "notices.slot-called-off-letters": (recognition.SlotCalledOff, appointments.called_off),
    "notices.test-booked-letters": (recognition.TestBooked, appointments.test_booked),
    "notices.decided-letter": (recognition.Decided, decisions.decided),
    "notices.signature-wanted-letters": (recognition.SignatureWanted, decisions.signature_wanted),
    "notices.agreement-asked-letters": (recognition.AgreementAsked, agreements.asked),
    "notices.agreement-changed-letters": (recognition.AgreementChanged, agreements.changed),
}
