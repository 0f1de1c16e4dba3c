"""Letters of the clock: nothing happens in a file, or somebody is late with it. Nothing is decided by either."""

from datetime import datetime
from typing import Final

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts.api import PersonFacts, Role
from academy.kernel.translation import _
from academy.notices.gateway import Letter
from academy.notices.message import Said
from academy.notices.recognition_letters.shared import (
    board_link,
    colleagues,
    desk_link,
    file_facts,
    file_link,
    last_day,
    stamp,
    title_of,
    to_all,
    to_office,
    to_one,
)
from academy.recognition import api as recognition
from academy.recognition.api import FileTold, Who

_SECOND: Final = 2


def still(session: Session, event: recognition.FileStill, _now: datetime) -> list[Letter]:
    """Tell a learner that nothing happens in a file, the second time with the day on which it would end; none once they did something."""
    told = recognition.file_told(session, event.file_id)
    if told is None or told.file.state not in recognition.WAITS_FOR_LEARNER or len(told.file.told) != event.letter:
        return []
    ends_at = recognition.lapses_at(told.file.idle_since, told.file.told)

    def say() -> Said:
        if event.letter < _SECOND:
            return Said(
                _("Hoe gaat het met je aanvraag? %(title)s", title=title_of(told.module)),
                (
                    _("Er is al een tijd niets gebeurd in je aanvraag. De volgende stap is aan jou."),
                    *([_("Lukt het niet? Vraag je begeleider om hulp.")] if told.file.guide_id else []),
                ),
                file_facts(told), file_link(told), (_("Wil je niet verder? Trek je aanvraag dan in."),),
            )
        return Said(
            _("Je aanvraag stopt bijna: %(title)s", title=title_of(told.module)),
            (
                _("Er is al lang niets gebeurd. Doe je niets tot en met %(day)s? Dan stopt je aanvraag.", day=last_day(ends_at)),
                _("Doe de volgende stap. Dan loopt je aanvraag gewoon door."),
            ),
            (*file_facts(told), (_("Laatste dag"), last_day(ends_at))), file_link(told), (_("Stopt je aanvraag toch? Dan krijg je bericht, en kun je daarna nog verder."),),
        )
    return to_one(session, told.file.person_id, "file-still", f"{told.file.id.hex}-{stamp(told.file.idle_since)}-{event.letter}", say)


def late(session: Session, event: recognition.StepLate, now: datetime) -> list[Letter]:
    """Tell colleagues that a file waits too long, and the programme office; none when it went further."""
    told = recognition.file_told(session, event.file_id)
    until = None if told is None else recognition.due(told.file.state, told.file.since)
    if told is None or until is None or now < until:
        return []
    about = f"{told.file.id.hex}-{stamp(told.file.since)}"
    who = recognition.CLOCKS[told.file.state].who

    def to_colleagues() -> Said:
        return Said(
            _("Een aanvraag wacht te lang: %(title)s", title=title_of(told.module)),
            (_("Deze aanvraag had uiterlijk op %(day)s verder moeten zijn. Een cursist wacht op jullie.", day=last_day(until)),),
            file_facts(told), board_link(told) if who is Who.EXAM_BOARD else desk_link(told),
        )

    def to_the_office() -> Said:
        return Said(
            _("Een aanvraag wacht te lang bij %(provider)s", provider=told.module.provider_name),
            (_("Een aanvraag om erkenning had uiterlijk op %(day)s verder moeten zijn.", day=last_day(until)), _("Bel de aanbieder en vraag wat er nodig is.")),
            (*file_facts(told), (_("Aan zet"), recognition.part_word(who))), (_("Bekijk de cijfers"), url_for("recognition_office.overview", _external=True)),
        )
    return [
        *to_all(_whose_turn(session, told, who), "step-late", about, to_colleagues), *to_office(session, "step-late-office", about, to_the_office),
    ]


def _whose_turn(session: Session, told: FileTold, who: Who) -> list[PersonFacts]:
    """Return who has the same part, without who can not do this step: the learner, and for an assessor the guide."""
    file = told.file
    role = Role.EXAM_BOARD if who is Who.EXAM_BOARD else Role.ASSESSOR
    return colleagues(session, file.provider_id, role, but={file.person_id, file.guide_id if who is Who.ASSESSOR else None})
