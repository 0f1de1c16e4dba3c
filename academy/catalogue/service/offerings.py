"""Offerings: opened by hand, or created and changed by the source's own key."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from academy.catalogue.drafts import OfferingDraft, SessionDraft, UpsertCount
from academy.catalogue.errors import ModuleNotFound, PlaceNotFound
from academy.catalogue.events import ModuleChanged, OfferingCancelled
from academy.catalogue.models import ClassSession, EnrolmentPeriod, Module, Offering, OfferingState, PartOfDay, Place
from academy.catalogue.rules import WEEKDAYS
from academy.catalogue.service.prices import note_price
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce

_PLAIN = (
    "state", "starts_on", "ends_on", "flexible_from", "flexible_until", "part_of_day", "mode", "language", "min_seats", "seats",
    "decides_on", "guaranteed", "price", "price_note", "cancel_free_days", "cancel_late_percent",
)


def open_offering(
    session: Session, *, provider_id: UUID, module_external_id: str, draft: OfferingDraft, is_news: bool = True,
) -> str:
    """Make an offering of a module; returns its code for people. Raises ModuleNotFound, PlaceNotFound.

    Whoever makes many says `is_news=False` and announces once, with `finish_import`: news of each would keep the next publication waiting.
    """
    module_id = session.scalars(
        select(Module.id).where(Module.provider_id == provider_id, Module.external_id == module_external_id),
    ).one_or_none()
    if module_id is None:
        raise ModuleNotFound
    offering = Offering(id=new_id(), code=short_code(), module_id=module_id, external_id=draft.external_id, periods=[], sessions=[])
    apply_offering(offering, draft, places_of(session, [draft]))
    session.add(offering)
    session.flush()
    if is_news:
        announce(session, ModuleChanged(module_id))
    return offering.code


def upsert_offerings(
    session: Session, *, provider_id: UUID, drafts: Sequence[tuple[str, OfferingDraft]], source: str, now: datetime,
) -> UpsertCount:
    """Create or change offerings, each given with its module's external id, by their own external id; what is the same is not touched.

    Raises ModuleNotFound and PlaceNotFound: the caller reports offerings without a module beforehand. The change of a module's
    offerings is news of the import as a whole (`finish_import`).
    """
    count = UpsertCount()
    modules: dict[str, UUID] = dict(session.execute(
        select(Module.external_id, Module.id).where(
            Module.provider_id == provider_id, Module.external_id.in_({module for module, _draft in drafts}),
        ),
    ).all())
    if len(modules) < len({module for module, _draft in drafts}):
        raise ModuleNotFound
    known = {
        (row.module_id, row.external_id): row
        for row in session.scalars(
            select(Offering)
            .where(Offering.module_id.in_(modules.values()), Offering.external_id != "")
            .options(selectinload(Offering.periods), selectinload(Offering.sessions)),
        )
    }
    places = places_of(session, [draft for _module, draft in drafts])
    touched = set()
    for module, draft in drafts:
        offering = known.get((modules[module], draft.external_id))
        if offering is None:
            offering = Offering(
                id=new_id(), code=short_code(), module_id=modules[module], external_id=draft.external_id, periods=[], sessions=[],
            )
            apply_offering(offering, draft, places)
            session.add(offering)
            known[offering.module_id, draft.external_id] = offering
            count.new.append(draft.external_id)
            touched.add(offering.module_id)
        elif change_offering(session, offering, draft, places, now=now):
            count.changed.append(draft.external_id)
            touched.add(offering.module_id)
        else:
            count.same.append(draft.external_id)
        offering.source = source
    session.execute(update(Module).where(Module.id.in_(touched)).values(changed_at=now))
    session.flush()
    return count


def change_offering(session: Session, offering: Offering, draft: OfferingDraft, places: Mapping[str, UUID], *, now: datetime) -> bool:
    """Apply the draft; what a public class cost before is kept, and that a source calls one off is news for who is enrolled."""
    was, price = offering.state, offering.price
    differs = apply_offering(offering, draft, places)
    if was is OfferingState.ACTIVE:
        note_price(session, module_id=offering.module_id, offering_id=offering.id, was=price, becomes=offering.price, now=now)
    if offering.state is OfferingState.CANCELLED and was is not OfferingState.CANCELLED:
        announce(session, OfferingCancelled(offering.id))
    return differs


def places_of(session: Session, drafts: Sequence[OfferingDraft]) -> dict[str, UUID]:
    keys = {draft.place_key for draft in drafts} | {meeting.place_key for draft in drafts for meeting in draft.sessions}
    wanted = keys - {None}
    found: dict[str, UUID] = dict(session.execute(select(Place.key, Place.id).where(Place.key.in_(wanted))).all()) if wanted else {}
    if len(found) < len(wanted):
        raise PlaceNotFound
    return found


def apply_offering(offering: Offering, draft: OfferingDraft, places: Mapping[str, UUID]) -> bool:
    """Give the offering what the draft says; tells whether anything differed. Periods and sessions have been loaded."""
    values: dict[str, Any] = {name: getattr(draft, name) for name in _PLAIN}
    values["weekdays"] = list(draft.weekdays)
    values["place_id"] = places[draft.place_key] if draft.place_key else None
    if draft.sessions:
        values |= _usual(draft.sessions, places)
    differs = [name for name, value in values.items() if getattr(offering, name) != value]
    for name in differs:
        setattr(offering, name, values[name])
    return bool(differs) | _apply_periods(offering, draft) | _apply_sessions(offering, draft, places)


def _usual(sessions: Sequence[SessionDraft], places: Mapping[str, UUID]) -> dict[str, Any]:
    """Return how it usually goes: the weekdays of all meetings, the part of the day and place of most."""
    days = {meeting.weekday for meeting in sessions if meeting.weekday}
    days |= {WEEKDAYS[meeting.on_date.weekday()] for meeting in sessions if meeting.on_date}
    parts = [meeting.part_of_day for meeting in sessions]
    kept = [places[meeting.place_key] for meeting in sessions if meeting.place_key]
    return {
        "weekdays": sorted(days, key=WEEKDAYS.index),
        "part_of_day": max(PartOfDay, key=parts.count),
        "place_id": max(kept, key=kept.count) if kept else None,
    }


def _apply_periods(offering: Offering, draft: OfferingDraft) -> bool:
    wanted = {(period.target_group, period.closes_on): period for period in draft.periods}
    there = {(period.target_group, period.closes_on): period for period in offering.periods}
    offering.periods = [there.get(key) or EnrolmentPeriod(id=new_id()) for key in wanted]
    differs = there.keys() != wanted.keys()
    for row, period in zip(offering.periods, wanted.values(), strict=True):
        for name, value in vars(period).items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                differs = True
    return differs


def _apply_sessions(offering: Offering, draft: OfferingDraft, places: Mapping[str, UUID]) -> bool:
    wanted = [
        {name: value for name, value in vars(meeting).items() if name != "place_key"}
        | {"place_id": places[meeting.place_key] if meeting.place_key else None, "position": position}
        for position, meeting in enumerate(draft.sessions, start=1)
    ]
    there = [{name: getattr(row, name) for name in values} for row, values in zip(offering.sessions, wanted, strict=False)]
    if there == wanted and len(offering.sessions) == len(wanted):
        return False
    kept = offering.sessions[: len(wanted)]
    offering.sessions = [*kept, *(ClassSession(id=new_id()) for _ in wanted[len(kept):])]
    for row, values in zip(offering.sessions, wanted, strict=True):
        for name, value in values.items():
            setattr(row, name, value)
    return True
