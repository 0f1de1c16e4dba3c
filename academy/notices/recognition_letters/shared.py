"""What letters about recognition have in common: to whom, and the facts and links that come back.

Nothing that anybody typed stands in them: no example, reason, or name of a firm or a school. A file is called by its number.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import PersonFacts, Role
from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day, in_current_language, moment_text
from academy.kernel.translation import _
from academy.notices.enrolment_letters.shared import to_person
from academy.notices.gateway import Letter
from academy.notices.message import Said
from academy.recognition import api as recognition

Fact = tuple[str, str]
Link = tuple[str, str]


def to_one(session: Session, person_id: UUID | None, kind: str, about: str, say: Callable[[], Said]) -> list[Letter]:
    """Return a letter to somebody; none to who left."""
    return to_all(_still_here(session, person_id), kind, about, say)


def to_all(people: Iterable[PersonFacts], kind: str, about: str, say: Callable[[], Said]) -> list[Letter]:
    """Return a letter to each of them."""
    return [to_person(each, kind, f"{about}-{each.id.hex}", say) for each in people]


def _still_here(session: Session, person_id: UUID | None) -> list[PersonFacts]:
    found = accounts.people(session, [person_id]).values() if person_id is not None else ()
    return [each for each in found if not accounts.is_nobody(each.email)]


def colleagues(session: Session, provider_id: UUID, *roles: Role, but: Collection[UUID | None] = ()) -> list[PersonFacts]:
    """Return who has one of these roles at a provider, some left out: a learner hears of their own file as learner only."""
    return [each for each in accounts.people_in_role(session, *roles, organisation_id=provider_id) if each.id not in but]


def to_office(session: Session, kind: str, about: str, say: Callable[[], Said]) -> list[Letter]:
    """Return a letter to each at the programme office."""
    return to_all(accounts.people_in_role(session, Role.OFFICE), kind, about, say)


def title_of(module: recognition.ModuleTold) -> str:
    """Return the title of a module in the reader's language."""
    return in_current_language(module.title)


def file_facts(told: recognition.FileTold) -> tuple[Fact, ...]:
    """Return which file a letter is about."""
    return (
        (_("Nummer van de aanvraag"), told.file.code), (_("Module"), title_of(told.module)), (_("Aanbieder"), told.module.provider_name),
    )


def last_day(until: datetime | None) -> str:
    """Return the last day on which something can be done, of which the time is up at this moment; "" without one."""
    return day(amsterdam_day(until - datetime.resolution)) if until else ""


def stamp(moment: datetime | None) -> str:
    """Return what tells a letter from the one about another moment."""
    return f"{moment:%Y%m%d%H%M%S}" if moment else ""


def file_link(told: recognition.FileTold, label: str = "") -> Link:
    """Return the link to a file for its learner."""
    return label or _("Bekijk je aanvraag"), url_for("recognition_claiming.show", code=told.file.code, _external=True)


def slot_link(told: recognition.FileTold, label: str) -> Link:
    """Return the link to where its learner chooses time of an assessor."""
    return label, url_for("recognition_slots.choose", code=told.file.code, _external=True)


def desk_link(told: recognition.FileTold, label: str = "") -> Link:
    """Return the link to a file for who guides or judges it."""
    at = {"provider": told.module.provider_slug, "code": told.file.code}
    return label or _("Bekijk de aanvraag"), url_for("recognition_guiding.file", **at, _external=True)


def board_link(told: recognition.FileTold, label: str = "") -> Link:
    """Return the link to a file for the exam board."""
    at = {"provider": told.module.provider_slug, "code": told.file.code}
    return label or _("Bekijk het verzoek"), url_for("recognition_board.file", **at, _external=True)


def look_facts(look: recognition.LookTold) -> tuple[Fact, ...]:
    """Return what an appointment is, when and where; what an assessor wrote about the place stands on the page only."""
    return (
        (_("Afspraak"), recognition.instrument_word(look.kind)), (_("Wanneer"), moment_text(look.planned_at)), (_("Plaats"), place_words(look.slot, look.place)),
    )


def place_words(slot: recognition.SlotFacts | None, place: catalogue.PlaceFacts | None) -> str:
    """Return where one has to be, as far as it is a place that has a name here."""
    if place is not None:
        return in_current_language(place.name)
    return _("Online") if slot is not None and slot.is_online else ""
