"""Letters about decisions. They say that there is one and where; what was decided is read behind the sign-in."""

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts.api import Role
from academy.kernel.translation import _
from academy.notices.gateway import Letter
from academy.notices.message import Said
from academy.notices.recognition_letters.shared import (
    board_link,
    colleagues,
    file_facts,
    last_day,
    title_of,
    to_all,
    to_one,
)
from academy.recognition import api as recognition


def decided(session: Session, event: recognition.Decided, now: datetime) -> list[Letter]:
    """Tell the learner that there is a decision, and until when they can object; none when another took its place."""
    told = recognition.decision_told(session, event.decision_id)
    if told is None or told.is_replaced:
        return []

    def say() -> Said:
        return Said(
            _("Er is een besluit: %(title)s", title=title_of(told.module)),
            (
                _("De examencommissie heeft besloten over wat je al kunt. Lees het besluit."),
                *([_("Ben je het er niet mee eens? Maak dan bezwaar, uiterlijk op %(day)s. Bij het besluit staat hoe.", day=last_day(told.appeal_until))]
                  if now < told.appeal_until else []),
            ),
            (
                (_("Nummer van het besluit"), told.number), (_("Nummer van de aanvraag"), told.file_code), (_("Module"), title_of(told.module)),
                (_("Aanbieder"), told.module.provider_name),
            ),
            (_("Lees het besluit"), url_for("recognition_board.my_decision", number=told.number, _external=True)),
        )
    return to_one(session, told.person_id, "decided", told.id.hex, say)


def signature_wanted(session: Session, event: recognition.SignatureWanted, _now: datetime) -> list[Letter]:
    """Ask the other members of the exam board to sign; none when the draft was signed or dropped."""
    told, maker = recognition.file_told(session, event.file_id), recognition.draft_maker(session, event.file_id)
    if told is None or maker is None:
        return []
    until = recognition.due(told.file.state, told.file.since)

    def say() -> Said:
        return Said(
            _("Een besluit wacht op je handtekening: %(title)s", title=title_of(told.module)),
            (_("Een collega van de examencommissie heeft een besluit klaargezet. Lees het en teken mee, of bespreek het."),),
            (*file_facts(told), (_("Uiterlijk op"), last_day(until))), board_link(told, _("Lees het besluit")),
        )
    others = colleagues(session, told.file.provider_id, Role.EXAM_BOARD, but={told.file.person_id, maker})
    return to_all(others, "signature-wanted", f"{told.file.id.hex}-{maker.hex}", say)
