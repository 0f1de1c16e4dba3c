"""Letters about company courses on their way to a level of the Dutch qualifications framework (NLQF); a course is called by its number."""

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from academy.employers import api as employers
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day
from academy.kernel.translation import _
from academy.notices.enrolment_letters.shared import to_person
from academy.notices.gateway import Letter
from academy.notices.message import Said


def level_ends(session: Session, event: employers.LevelEnds, now: datetime) -> list[Letter]:
    """Tell who keeps a course that its level ends, in time for an assessment; none when it was asked for again, or ended."""
    course = employers.course_told(session, event.course_id)
    if course is None or amsterdam_day(now) > course.level_until:
        return []

    def say() -> Said:
        return Said(
            _("Het NLQF-niveau van een eigen cursus loopt af: %(code)s", code=course.code),
            (
                _("Het niveau van je cursus geldt tot en met %(day)s.", day=day(course.level_until)),
                _("Wil je het houden? Vraag dan op tijd een nieuwe beoordeling aan bij NCP NLQF. Een beoordeling duurt maanden."),
                _("Noteer daarna bij je cursus dat je het niveau hebt aangevraagd."),
            ),
            ((_("Nummer van de cursus"), course.code), (_("Niveau geldt tot en met"), day(course.level_until))),
            (_("Bekijk je cursus"), url_for("courses.show", code=course.code, _external=True)),
        )
    return [
        to_person(each, "level-ends", f"{course.id.hex}-{course.level_until:%Y%m%d}-{each.id.hex}", say) for each in course.keepers
    ]
