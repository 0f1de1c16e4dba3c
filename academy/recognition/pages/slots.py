"""Finished values for the pages about time of assessors: what is offered, what a learner chooses from, and the file for a calendar."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import url_for

from academy.catalogue import api as catalogue
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.formats import clock_text, day, in_current_language, shown
from academy.kernel.text import Localized
from academy.kernel.translation import _, ngettext, reading_language
from academy.kernel.web import public_address
from academy.recognition.facts import SlotFacts
from academy.recognition.kinds import OPEN_TO_EVIDENCE, FileState
from academy.recognition.queries.slots import Booked, Choice, OwnSlot, OwnSlots
from academy.recognition.words import instrument_word

_Places = Mapping[UUID, catalogue.PlaceFacts]


def when_words(begins: datetime, ends: datetime | None = None) -> str:
    """Return a moment as people say it: `di 8 september 2026, 13:30–14:30`."""
    hours = [clock_text(each.astimezone(AMSTERDAM).time()) for each in (begins, ends) if each is not None]
    return f"{day(amsterdam_day(begins))}, {'–'.join(hours)}"


def where_words(slot: SlotFacts | None, places: _Places, *, is_booked: bool = True) -> str:
    """Return where it is: the place with its address, what else was said of it, or that it is online; the link of a call is for who booked it."""
    if slot is None:
        return ""
    more = slot.where if is_booked or not slot.is_online else ""
    found = places.get(slot.place_id) if slot.place_id else None
    named = ", ".join(filter(None, (in_current_language(found.name), found.street_address, found.city))) if found else ""
    return " · ".join(filter(None, (_("online") if slot.is_online else "", named, more)))


def booked_values(booked: Booked | None, names: Mapping[UUID, str], places: _Places, *, now: datetime) -> dict[str, Any] | None:
    """Return an appointment, None where there is none."""
    if booked is None:
        return None
    slot = booked.slot
    return {
        "kind": instrument_word(booked.kind), "when": when_words(booked.planned_at, slot.ends_at if slot else None), "where": where_words(slot, places),
        "who": names.get(booked.assessor_id, ""), "is_past": now >= booked.planned_at, "slot": slot.code if slot else "",
    }


def choice_values(choice: Choice, *, now: datetime) -> dict[str, Any]:
    """Return what a learner chooses from, with what is booked now."""
    code, file = choice.file.code, choice.file
    back = url_for("recognition_claiming.show", code=code)
    is_before = file.state in OPEN_TO_EVIDENCE
    return {
        "title": shown(choice.title), "code": code, "is_open": choice.is_open, "back_url": back, "booked": booked_values(choice.booked, choice.names, choice.places, now=now),
        "call_off_url": url_for("recognition_slots.call_off", code=code), "ics_url": url_for("recognition_slots.calendar", code=code), "is_before": is_before,
        "is_draft": file.state is FileState.DRAFT,
        "next_url": f"{back}/send" if is_before and file.state is not FileState.INTAKE_PLANNED else "",
    }


def slot_choices(choice: Choice) -> tuple[list[tuple[str, str]], str]:
    """Return the moments on offer, as (code, words), and the code of the one that is booked already, which is not among them."""
    mine = choice.booked.slot.code if choice.booked and choice.booked.slot else ""
    return [(each.code, _slot_words(each, choice)) for each in choice.slots if each.code != mine], mine


def _slot_words(slot: SlotFacts, choice: Choice) -> str:
    who = choice.names.get(slot.assessor_id, "")
    parts = (when_words(slot.starts_at, slot.ends_at), instrument_word(slot.kind), where_words(slot, choice.places, is_booked=False), _("met %(name)s", name=who) if who else "")
    return " · ".join(filter(None, parts))


def own_values(own: OwnSlots) -> dict[str, Any]:
    """Return what an assessor offers, the first day first, with who booked it."""
    places = {each.id: each for each in own.places}
    return {"slots": [_own_row(each, own.desk.slug, places) for each in own.slots], "is_empty": not own.slots}


def _own_row(each: OwnSlot, slug: str, places: _Places) -> dict[str, Any]:
    slot = each.slot
    return {
        "when": when_words(slot.starts_at, slot.ends_at), "kind": instrument_word(slot.kind), "where": where_words(slot, places),
        "booked": [(code, url_for("recognition_judging.judge", provider=slug, code=code)) for code in each.files], "note": _booked_words(slot, len(each.files)),
        "withdraw_url": url_for("recognition_slots.withdraw", provider=slug, slot=slot.code) if not slot.taken and slot.capacity else "",
    }


def _booked_words(slot: SlotFacts, files: int) -> str:
    """Return how full it is; what was agreed with one learner has no places to fill."""
    if not slot.capacity:
        return _("afgesproken")
    if not slot.taken:
        return _("nog vrij") if slot.capacity == 1 else ngettext("nog %(num)s plek vrij", "nog %(num)s plekken vrij", slot.capacity)
    if slot.capacity == 1:
        return _("geboekt")
    words = _("%(taken)s van %(places)s plekken geboekt", taken=slot.taken, places=slot.capacity)
    return words if files == slot.taken else ", ".join((words, _("ook voor toetsen na een online cursus")))


def calendar(choice: Choice, *, now: datetime) -> bytes:
    """Return the calendar file of an appointment; the same appointment keeps its name (UID) in the reader's agenda."""
    booked = choice.booked
    assert booked is not None
    slot, address = booked.slot, public_address(url_for("recognition_slots.choose", code=choice.file.code))
    begins, ends = booked.planned_at, slot.ends_at if slot else booked.planned_at + timedelta(hours=1)
    on = amsterdam_day(begins)
    where = catalogue.PlaceFacts(
        booked.id, "", Localized(where_words(slot, choice.places)), catalogue.PlaceKind.MEETING_PLACE, "", "", None, None, Localized(), None, None,
    )
    meets = catalogue.SessionFacts(
        catalogue.PartOfDay.ANY, None, on, begins.astimezone(AMSTERDAM).time(), ends.astimezone(AMSTERDAM).time(), Localized(instrument_word(booked.kind)), where,
    )
    offering = catalogue.OfferingFacts(
        id=booked.id, code=f"{choice.file.code}-{slot.code if slot else ''}", module_id=choice.file.module_id, state=catalogue.OfferingState.ACTIVE, starts_on=on, ends_on=on,
        flexible_from=None, flexible_until=None, weekdays=(), part_of_day=catalogue.PartOfDay.ANY, mode=catalogue.DeliveryMode.ON_CAMPUS, language=reading_language(),
        min_seats=1, seats=1, decides_on=None, guaranteed=True, price=None, price_note="", place=where, periods=(), sessions=(meets,),
    )
    title = _("Erkenning: %(module)s", module=in_current_language(choice.title))
    words = catalogue.CalendarWords(
        title=title, begins=_("Start"), ends=_("Laatste dag"), address=address, host=urlsplit(address).hostname or "", language=reading_language(),
    )
    return catalogue.calendar_of([catalogue.CalendarPart(offering, words, 1)], title=title, now=now)
