"""Letters about time with an assessor, and about tests here after a remote course: booked, called off, judged."""

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from academy.kernel.formats import moment_text
from academy.kernel.translation import _
from academy.notices.gateway import Letter
from academy.notices.message import Said
from academy.notices.recognition_letters.shared import (
    desk_link,
    file_facts,
    file_link,
    look_facts,
    place_words,
    slot_link,
    title_of,
    to_one,
)
from academy.recognition import api as recognition
from academy.recognition.api import FileState, LocalTestState


def booked(session: Session, event: recognition.SlotBooked, now: datetime) -> list[Letter]:
    """Tell learner and assessor when and where; none once it is called off, done or past."""
    look = recognition.look_told(session, event.instrument_id)
    if look is None or not look.is_open or look.planned_at <= now:
        return []
    told, about = look.told, f"{look.id.hex}-{look.planned_at:%Y%m%d%H%M}"

    def to_learner() -> Said:
        return Said(
            _("Je afspraak staat vast: %(title)s", title=title_of(told.module)),
            (_("Een assessor kijkt met je mee naar wat je al kunt. Dit is je afspraak."), *_more(look)), (*file_facts(told), *look_facts(look)),
            file_link(told), (_("Zet de afspraak in je agenda. Kun je niet? Zeg hem dan af en kies een ander moment."),),
            (_("In je agenda"), url_for("recognition_slots.calendar", code=told.file.code, _external=True)),
        )

    def to_assessor() -> Said:
        return Said(
            _("Je hebt een afspraak: %(title)s", title=title_of(told.module)), (_("Een cursist heeft een afspraak met je."),), (*file_facts(told), *look_facts(look)),
            _of_assessor(look),
        )
    return [
        *to_one(session, told.file.person_id, "slot-booked", about, to_learner), *to_one(session, look.assessor_id, "slot-booked-assessor", about, to_assessor),
    ]


def _more(look: recognition.LookTold) -> tuple[str, ...]:
    """Point at what an assessor wrote about the place: words that a letter does not carry."""
    return (_("Bij je aanvraag staat meer over de plaats."),) if look.slot is not None and look.slot.where else ()


def _of_assessor(look: recognition.LookTold) -> tuple[str, str]:
    """Return the link for an assessor: a draft is not theirs to see yet, their time is."""
    if look.told.file.state is FileState.DRAFT:
        return _("Bekijk je momenten"), url_for("recognition_slots.mine", provider=look.told.module.provider_slug, _external=True)
    return desk_link(look.told)


def called_off(session: Session, event: recognition.SlotCalledOff, _now: datetime) -> list[Letter]:
    """Tell both that it does not take place, and the learner that another moment can be chosen, unless they did; none where the file ended, of which a letter tells."""
    look = recognition.look_told(session, event.instrument_id)
    if look is None or not look.is_called_off or look.told.file.state in {FileState.WITHDRAWN, FileState.ARCHIVED}:
        return []
    told, has_ended = look.told, look.told.file.state is FileState.LAPSED

    def to_learner() -> Said:
        return Said(
            _("Je afspraak gaat niet door: %(title)s", title=title_of(told.module)), (_("Deze afspraak gaat niet door. Kies een ander moment."),),
            (*file_facts(told), *look_facts(look)[:2]), slot_link(told, _("Kies een ander moment")),
        )

    def to_assessor() -> Said:
        return Said(
            _("Een afspraak gaat niet door: %(title)s", title=title_of(told.module)), (_("Deze afspraak gaat niet door. Je hoeft niets te doen."),),
            (*file_facts(told), *look_facts(look)[:2]),
        )
    learner = None if look.is_followed or has_ended else told.file.person_id
    return [
        *to_one(session, learner, "slot-called-off", look.id.hex, to_learner), *to_one(session, look.assessor_id, "slot-called-off-assessor", look.id.hex, to_assessor),
    ]


def test_booked(session: Session, event: recognition.TestBooked, now: datetime) -> list[Letter]:
    """Tell how a test stands: booked and called off to learner and assessor, judged to the learner; of a pass the decision tells."""
    told = recognition.local_test_told(session, event.test_id)
    if told is None or told.test.state is LocalTestState.PASSED:
        return []
    if told.test.state is LocalTestState.FAILED:
        return to_one(session, told.test.person_id, "local-test-judged", told.test.id.hex, lambda: Said(
            _("Je toets is beoordeeld: %(title)s", title=title_of(told.mooc)), (_("De uitslag van je toets staat klaar."),), _test_facts(told), _my_test(told),
        ))
    if told.test.state is LocalTestState.CALLED_OFF:
        return _test_called_off(session, told)
    return _test_to_come(session, told) if told.test.slot.starts_at > now else []


def _test_to_come(session: Session, told: recognition.LocalTestTold) -> list[Letter]:
    def to_learner() -> Said:
        return Said(
            _("Je toets staat vast: %(title)s", title=title_of(told.mooc)),
            (_("Je doet een toets over een online cursus. Haal je die? Dan tellen je studiepunten meteen mee."), _("Neem mee waarmee je laat zien wie je bent.")),
            _test_facts(told), _my_test(told), (_("Kun je niet? Zeg je toets dan af. Iemand anders krijgt dan je plek."),),
        )

    def to_assessor() -> Said:
        return Said(
            _("Iemand doet een toets bij je: %(title)s", title=title_of(told.mooc)),
            (_("Een cursist heeft een plek geboekt voor een toets. Bekijk ook het certificaat van de online cursus."),), _test_facts(told), _test_at_desk(told),
        )
    return [
        *to_one(session, told.test.person_id, "local-test-booked", told.test.id.hex, to_learner),
        *to_one(session, told.test.slot.assessor_id, "local-test-booked-assessor", told.test.id.hex, to_assessor),
    ]


def _test_called_off(session: Session, told: recognition.LocalTestTold) -> list[Letter]:
    def say() -> Said:
        return Said(_("De toets gaat niet door: %(title)s", title=title_of(told.mooc)), (_("Deze toets gaat niet door."),), _test_facts(told))

    return [
        *to_one(session, told.test.person_id, "local-test-called-off", told.test.id.hex, say),
        *to_one(session, told.test.slot.assessor_id, "local-test-called-off-assessor", told.test.id.hex, say),
    ]


def _test_facts(told: recognition.LocalTestTold) -> tuple[tuple[str, str], ...]:
    return (
        (_("Nummer van de toets"), told.test.code), (_("Online cursus"), title_of(told.mooc)), (_("Telt mee voor"), title_of(told.module)),
        (_("Wanneer"), moment_text(told.test.slot.starts_at)), (_("Plaats"), place_words(told.test.slot, told.place)),
    )


def _my_test(told: recognition.LocalTestTold) -> tuple[str, str]:
    return _("Bekijk je toets"), url_for("recognition_mappings.own_test", code=told.test.code, _external=True)


def _test_at_desk(told: recognition.LocalTestTold) -> tuple[str, str]:
    at = {"provider": told.module.provider_slug, "code": told.test.code}
    return _("Bekijk de toets"), url_for("recognition_mappings.judge", **at, _external=True)
