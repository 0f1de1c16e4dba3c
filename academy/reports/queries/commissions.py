"""Reads of commissions: what the programme office asked providers to fill, what they answered, and how long it took."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.api import ModuleCard, OfferingState
from academy.enrolment.api import working_days, working_time
from academy.kernel.clock import amsterdam_day
from academy.kernel.text import Localized
from academy.reports.errors import CommissionNotFound
from academy.reports.facts import CommissionFacts, InviteFacts, View
from academy.reports.kinds import EVERY, UNKNOWN, CommissionInviteState, CommissionState
from academy.reports.models import Commission, CommissionInvite, CommissionStep
from academy.reports.queries.reach import require_office
from academy.reports.rules.commissioning import ENDED, Class, Milestones, first_class, milestones
from academy.reports.sources.offered import modules_to_name
from academy.reports.sources.skills import labels_of

_GIVEN: Final = (OfferingState.ACTIVE, OfferingState.INACTIVE)


@dataclass(frozen=True)
class Invited:
    """A provider that was asked, its own words with its answer, and where it can be reached in public."""

    facts: InviteFacts
    note: str
    email: str
    phone: str


@dataclass(frozen=True)
class Step:
    """One change of a commission and who brought it; "" by itself, or erased."""

    at: datetime
    was: CommissionState | None
    becomes: CommissionState
    by: str


@dataclass(frozen=True)
class Row:
    """A commission in a list: how many were asked and said yes, and when it came where."""

    facts: CommissionFacts
    asked: int
    willing: int
    answered: int
    reached: Milestones
    first_on: date | None


@dataclass(frozen=True)
class Followed:
    """A commission with all that happened. `reason` is why it was closed."""

    facts: CommissionFacts
    reason: str
    invited: tuple[Invited, ...]
    steps: tuple[Step, ...]
    reached: Milestones
    first_on: date | None


@dataclass(frozen=True)
class UnderWay:
    """A commission that did not end: its code and where it stands, to lead to it from its gap."""

    code: str
    state: CommissionState


@dataclass(frozen=True)
class AskedOf:
    """A commission as a provider that was asked sees it; `note` is its own, `reason` why the commission was closed."""

    facts: CommissionFacts
    reason: str
    state: CommissionInviteState
    note: str
    module: ModuleCard | None


@dataclass(frozen=True)
class ToAnswer:
    """A commission with the provider's workspace and its own modules, which it can name: (id, title, whether it trains the skill)."""

    there: catalogue.Workspace
    asked: AskedOf
    modules: tuple[tuple[UUID, Localized, bool], ...]


@dataclass(frozen=True)
class Told:
    """A commission and one provider's answer, for a letter."""

    facts: CommissionFacts
    state: CommissionInviteState
    answered_at: datetime | None
    provider_name: str
    provider_slug: str


def days_taken(since: datetime, until: datetime) -> int:
    """Return the working days from one moment to another, rounded up; one at least."""
    return working_days(working_time(since, until))


def facts_of(session: Session, rows: Collection[Commission]) -> dict[UUID, CommissionFacts]:
    """Return these commissions by id, with the names of their gaps."""
    labels = labels_of(session, {row.subject for row in rows})
    return {
        row.id: CommissionFacts(
            row.id, row.code, row.state, row.subject, labels[row.subject], View(row.period, row.area, row.sector), row.wanted, row.note, row.made_at,
            row.answer_by, row.ended_at,
        )
        for row in rows
    }


def classes_of(session: Session, module_ids: Collection[UUID], *, since: date) -> dict[UUID, list[Class]]:
    """Return by module, as far as it is public, the classes that begin on a day or later and were not called off."""
    public = [card.id for card in catalogue.module_cards(session, module_ids).values() if card.is_public]
    found: dict[UUID, list[Class]] = {}
    for each in catalogue.classes_since(session, public, since=since) if public else ():
        if each.state in _GIVEN:
            found.setdefault(each.module_id, []).append(Class(each.starts_on, each.state is OfferingState.ACTIVE))
    return found


def first_on(classes: Mapping[UUID, Sequence[Class]], module_ids: Iterable[UUID], made_at: datetime, *, today: date) -> date | None:
    """Return the day of the first class with which a commission is filled: one that begins on the day it was made, or later."""
    since = amsterdam_day(made_at)
    return first_class((one for each in module_ids for one in classes.get(each, ()) if one.starts_on >= since), today=today)


def making(invites: Iterable[CommissionInvite]) -> list[UUID]:
    """Return the modules that are named by who said yes."""
    return [each.module_id for each in invites if each.state is CommissionInviteState.WILLING and each.module_id is not None]


def commissions(session: Session, actor: Actor, *, has_ended: bool, today: date) -> list[Row]:
    """Return the commissions that are under way, or those that ended, the newest first; at most 200. Raises NotFound for who is not of the programme office."""
    require_office(session, actor)
    which = Commission.state.in_(ENDED) if has_ended else Commission.state.not_in(ENDED)
    return rows_of(session, which, today=today, most=200)


def area_asked(view: View) -> str:
    """Return for which area providers are asked to fill a gap of a view: where nobody told where they live, for everywhere."""
    return EVERY if view.area == UNKNOWN else view.area


def under_way(session: Session, subjects: Collection[str], *, area: str) -> dict[str, UnderWay]:
    """Return by gap the commission of an area that did not end: there is one at most. One statement, none without gaps."""
    if not subjects:
        return {}
    here = (Commission.subject.in_(subjects), Commission.area == area, Commission.state.not_in(ENDED))
    rows = session.execute(select(Commission.subject, Commission.code, Commission.state).where(*here))
    return {subject: UnderWay(code, state) for subject, code, state in rows}


def rows_of(session: Session, *which: ColumnElement[bool], today: date, most: int | None = None) -> list[Row]:
    """Return the commissions that are wanted, the newest first. Seven statements."""
    listed = session.scalars(select(Commission).where(*which).order_by(Commission.made_at.desc(), Commission.code).limit(most)).all()
    facts, steps = facts_of(session, listed), steps_of(session, [row.id for row in listed])
    invites: dict[UUID, list[CommissionInvite]] = {}
    for invite in session.scalars(select(CommissionInvite).where(CommissionInvite.commission_id.in_(facts))):
        invites.setdefault(invite.commission_id, []).append(invite)
    named = [each for listed_of in invites.values() for each in making(listed_of)]
    classes = classes_of(session, named, since=amsterdam_day(min(row.made_at for row in listed))) if named else {}
    return [
        Row(
            facts[row.id], len(invites.get(row.id, ())), sum(each.state is CommissionInviteState.WILLING for each in invites.get(row.id, ())),
            sum(each.state is not CommissionInviteState.INVITED for each in invites.get(row.id, ())),
            milestones((each.to_state, each.at) for each in steps.get(row.id, ())), first_on(classes, making(invites.get(row.id, ())), row.made_at, today=today),
        )
        for row in listed
    ]


def steps_of(session: Session, ids: Collection[UUID]) -> dict[UUID, list[CommissionStep]]:
    """Return the steps of commissions, the first first."""
    found: dict[UUID, list[CommissionStep]] = {}
    for step in session.scalars(select(CommissionStep).where(CommissionStep.commission_id.in_(ids)).order_by(CommissionStep.id)):
        found.setdefault(step.commission_id, []).append(step)
    return found


def commission(session: Session, actor: Actor, code: str, *, today: date) -> Followed:
    """Return a commission with all that happened. Raises NotFound for who is not of the programme office, CommissionNotFound."""
    require_office(session, actor)
    row = session.scalars(select(Commission).where(Commission.code == code.upper())).one_or_none()
    if row is None:
        raise CommissionNotFound
    facts = facts_of(session, [row])[row.id]
    steps = steps_of(session, [row.id]).get(row.id, [])
    invites = session.scalars(select(CommissionInvite).where(CommissionInvite.commission_id == row.id)).all()
    names = accounts.people(session, {step.by_id for step in steps if step.by_id is not None})
    classes = classes_of(session, making(invites), since=amsterdam_day(row.made_at))
    return Followed(
        facts, row.reason, _invited(session, row, invites, classes, today=today),
        tuple(Step(step.at, step.from_state, step.to_state, names[step.by_id].name if step.by_id in names else "") for step in steps),
        milestones((step.to_state, step.at) for step in steps), first_on(classes, making(invites), row.made_at, today=today),
    )


def _invited(
    session: Session, row: Commission, invites: Sequence[CommissionInvite], classes: Mapping[UUID, Sequence[Class]], *, today: date,
) -> tuple[Invited, ...]:
    """Return who was asked, who said yes first and then by name."""
    asked = {one.provider_id: one for one in invites}
    providers = [one for one in catalogue.providers(session) if one.id in asked]
    cards = catalogue.module_cards(session, {one.module_id for one in invites if one.module_id is not None})
    found = []
    for provider in providers:
        one = asked[provider.id]
        card = cards.get(one.module_id) if one.module_id is not None else None
        first = first_on(classes, making([one]), row.made_at, today=today)
        facts = InviteFacts(
            provider.id, provider.name, provider.slug, one.state, one.answered_at, None if card is None else card.title,
            card.slug if card is not None and card.is_public else "", first,
        )
        found.append(Invited(facts, one.note, provider.contact_email, provider.contact_phone))
    order = (CommissionInviteState.WILLING, CommissionInviteState.INVITED, CommissionInviteState.DECLINED)
    return tuple(sorted(found, key=lambda each: (order.index(each.facts.state), each.facts.provider_name.casefold(), each.facts.provider_slug)))


def asked_at(session: Session, actor: Actor, provider_slug: str) -> tuple[catalogue.Workspace, tuple[AskedOf, ...]]:
    """Return what a provider is asked, what it can still answer first, to who plans there. Raises ProviderNotFound."""
    there = catalogue.workspace_for_planning(session, actor, provider_slug)
    found = _asked(session, there.provider.id)
    return there, tuple(sorted(found, key=lambda each: (each.facts.state in ENDED, each.state is not CommissionInviteState.INVITED)))


def _asked(session: Session, provider_id: UUID, *which: ColumnElement[bool]) -> list[AskedOf]:
    rows = session.execute(
        select(Commission, CommissionInvite).join(CommissionInvite, CommissionInvite.commission_id == Commission.id)
        .where(CommissionInvite.provider_id == provider_id, *which).order_by(Commission.made_at.desc(), Commission.code),
    ).all()
    facts = facts_of(session, [row for row, _invite in rows])
    cards = catalogue.module_cards(session, {invite.module_id for _row, invite in rows if invite.module_id is not None})
    return [
        AskedOf(facts[row.id], row.reason, invite.state, invite.note, cards.get(invite.module_id) if invite.module_id is not None else None)
        for row, invite in rows
    ]


def to_answer(session: Session, actor: Actor, provider_slug: str, code: str) -> ToAnswer:
    """Return a commission for who answers for a provider that was asked. Raises ProviderNotFound, CommissionNotFound."""
    there = catalogue.workspace_for_planning(session, actor, provider_slug)
    found = _asked(session, there.provider.id, Commission.code == code.upper())
    if not found:
        raise CommissionNotFound
    return ToAnswer(there, found[0], modules_to_name(session, there.provider.id, found[0].facts.skill))


def told(session: Session, commission_id: UUID, provider_id: UUID) -> Told | None:
    """Return a commission with one provider's answer, for a letter; None when that provider is not asked."""
    row = session.execute(
        select(Commission, CommissionInvite).join(CommissionInvite, CommissionInvite.commission_id == Commission.id)
        .where(Commission.id == commission_id, CommissionInvite.provider_id == provider_id),
    ).one_or_none()
    if row is None:
        return None
    provider = accounts.organisation(session, provider_id)
    found, invite = row
    return Told(facts_of(session, [found])[commission_id], invite.state, invite.answered_at, provider.name, provider.slug)
