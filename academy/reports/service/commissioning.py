"""Asking providers to fill a gap, and following it to the first class: the steps of a commission, each guarded by the state it comes from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.catalogue.api import ModuleNotFound
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import rows_changed
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce
from academy.reports.errors import CommissionEnded, CommissionNotFound, CommissionUnderWay, CommissionUnfit
from academy.reports.events import CommissionAnswered, CommissionSent
from academy.reports.facts import View
from academy.reports.kinds import CommissionInviteState, CommissionState
from academy.reports.models import Commission, CommissionInvite, CommissionStep
from academy.reports.queries.commissions import classes_of, first_on, making
from academy.reports.queries.fitting import is_subject
from academy.reports.queries.reach import require_office
from academy.reports.rules.commissioning import ENDED, state_of
from academy.reports.sources.offered import modules_to_name

_SECOND_CLICK: Final = timedelta(minutes=1)  # who asks the same once more within it pressed the button twice


@dataclass(frozen=True)
class CommissionDraft:
    """What is asked of whom: the gap in a view, for how many people as it was told, until when an answer is wanted, and what providers should know."""

    subject: str  # a skill's URI, or `module:<hex>`
    view: View
    wanted: int
    provider_ids: frozenset[UUID]
    answer_by: datetime
    note: str = ""


def start_commission(session: Session, *, actor: Actor, draft: CommissionDraft, now: datetime) -> str:
    """Ask providers to fill a gap; returns the commission's code. Raises NotFound for who is not of the programme office.

    CommissionUnfit without a gap that is there, a provider, or with a day to answer that is past; CommissionUnderWay when it is asked already for this area.
    """
    require_office(session, actor)
    if draft.answer_by <= now or draft.wanted < 0 or not draft.provider_ids or not is_subject(session, draft.subject):
        raise CommissionUnfit
    row = Commission(
        id=new_id(), code=short_code(), state=CommissionState.OPEN, subject=draft.subject, period=draft.view.period, area=draft.view.area,
        sector=draft.view.sector, wanted=draft.wanted, note=draft.note.strip(), answer_by=draft.answer_by, made_at=now, made_by=actor.person_id,
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:  # the index says it: at most one is under way per subject and area
        raise _under_way_already(session, row, draft.provider_ids) from error
    _add_step(session, row.id, None, CommissionState.OPEN, by=actor.person_id, now=now)
    _invite(session, row.id, draft.provider_ids)
    record(
        session, "commission-made", actor_id=actor.person_id, now=now, about=Commission.__tablename__, about_id=row.id,
        details={"commission": row.code, "providers": len(draft.provider_ids)},
    )
    return row.code


def _under_way_already(session: Session, asked: Commission, provider_ids: Collection[UUID]) -> CommissionUnderWay:
    """Return the refusal of `asked`, which is not kept: a second click is told from somebody who asks something else, which would get lost unseen."""
    there = session.scalars(select(Commission).where(Commission.subject == asked.subject, Commission.area == asked.area, Commission.state.not_in(ENDED))).one_or_none()
    if there is None:
        return CommissionUnderWay()
    same = all(getattr(there, each) == getattr(asked, each) for each in ("made_by", "answer_by", "note"))
    is_just_now = abs(asked.made_at - there.made_at) <= _SECOND_CLICK
    return CommissionUnderWay(there.code, is_second_click=same and is_just_now and _asked_of(session, there.id) == set(provider_ids))


def invite_more(session: Session, *, actor: Actor, code: str, provider_ids: Collection[UUID], now: datetime) -> int:
    """Ask other providers too; who was asked before is not asked twice. Returns how many were added.

    Raises NotFound, CommissionNotFound, CommissionEnded, and CommissionUnfit without a provider.
    """
    require_office(session, actor)
    commission_id = _with_code(session, code)
    _hold(session, commission_id)
    if not provider_ids:
        raise CommissionUnfit
    added = _invite(session, commission_id, provider_ids)
    if added:
        record(
            session, "commission-invited", actor_id=actor.person_id, now=now, about=Commission.__tablename__, about_id=commission_id,
            details={"commission": code.upper(), "providers": added},
        )
    return added


def answer_commission(
    session: Session, *, actor: Actor, provider_slug: str, code: str, answer: CommissionInviteState, module_id: UUID | None = None, note: str = "",
    now: datetime,
) -> None:
    """Say for a provider whether it fills the gap, and with which of its modules if that is known; it can be said anew until the first class began.

    The same answer again changes nothing and tells nobody. Raises ProviderNotFound for who does not plan there, CommissionNotFound when it was not asked,
    CommissionEnded, ModuleNotFound for a module that is not its own, ValueError for what is no answer.
    """
    if answer is CommissionInviteState.INVITED:
        raise ValueError("to be invited is no answer")
    there = catalogue.workspace_for_planning(session, actor, provider_slug)
    commission_id = _with_code(session, code, CommissionInvite.provider_id == there.provider.id)
    _hold(session, commission_id)
    named = module_id if answer is CommissionInviteState.WILLING else None
    subject = session.scalars(select(Commission.subject).where(Commission.id == commission_id)).one()
    if named is not None and all(each != named for each, _title, _trains in modules_to_name(session, there.provider.id, subject)):
        raise ModuleNotFound
    mine = (CommissionInvite.commission_id == commission_id, CommissionInvite.provider_id == there.provider.id)
    before = session.execute(select(CommissionInvite.state, CommissionInvite.module_id, CommissionInvite.note).where(*mine)).one()
    if tuple(before) == (answer, named, note.strip()):
        return
    changed = update(CommissionInvite).where(*mine).values(state=answer, module_id=named, note=note.strip(), answered_at=now)
    session.execute(changed.execution_options(synchronize_session=False))
    if before[0] is not answer:
        announce(session, CommissionAnswered(commission_id, there.provider.id))
    _follow(session, commission_id, by=actor.person_id, now=now)
    record(
        session, "commission-answered", actor_id=actor.person_id, now=now, organisation_id=there.provider.id, about=Commission.__tablename__,
        about_id=commission_id, details={"commission": code.upper(), "answer": answer.value},
    )


def close_commission(session: Session, *, actor: Actor, code: str, reason: str, now: datetime) -> None:
    """Give up a commission, with a reason; who was asked reads it on the page. Raises NotFound, CommissionNotFound, CommissionEnded, CommissionUnfit without a reason."""
    require_office(session, actor)
    commission_id = _with_code(session, code)
    was = _hold(session, commission_id)
    if not reason.strip():
        raise CommissionUnfit
    _move(session, commission_id, was, CommissionState.CLOSED, by=actor.person_id, now=now, reason=reason.strip())
    record(
        session, "commission-closed", actor_id=actor.person_id, now=now, about=Commission.__tablename__, about_id=commission_id, details={"commission": code.upper()},
    )


def follow_modules(session: Session, module_ids: Collection[UUID], *, now: datetime) -> None:
    """Bring the commissions along in which these modules are named: a first class is public, was called off, or began. Repeatable."""
    named = select(CommissionInvite.commission_id).where(CommissionInvite.module_id.in_(module_ids))
    for commission_id in commissions_to_follow(session, Commission.id.in_(named)):
        follow_commission(session, commission_id, now=now)


def follow_class(session: Session, offering_id: UUID, *, now: datetime) -> None:
    """Bring the commissions along in which the module of a class is named. Repeatable."""
    follow_modules(session, catalogue.modules_of_offerings(session, [offering_id]).values(), now=now)


def follow_provider(session: Session, provider_id: UUID, *, now: datetime) -> None:
    """Bring the commissions along in which a provider named a module. Repeatable."""
    named = select(CommissionInvite.commission_id).where(CommissionInvite.provider_id == provider_id, CommissionInvite.module_id.is_not(None))
    for commission_id in commissions_to_follow(session, Commission.id.in_(named)):
        follow_commission(session, commission_id, now=now)


def commissions_to_follow(session: Session, *which: ColumnElement[bool]) -> list[UUID]:
    """Return the commissions under way in which somebody named a module, in the order in which all hold them."""
    named = select(CommissionInvite.commission_id).where(CommissionInvite.module_id.is_not(None))
    return list(session.scalars(select(Commission.id).where(Commission.state.not_in(ENDED), Commission.id.in_(named), *which).order_by(Commission.id)))


def follow_commission(session: Session, commission_id: UUID, *, now: datetime) -> None:
    """Bring a commission to where its modules and classes are. Repeatable; one that ended stays as it is."""
    try:
        _hold(session, commission_id)
    except CommissionEnded:
        return
    _follow(session, commission_id, by=None, now=now)


def _with_code(session: Session, code: str, *of_provider: ColumnElement[bool]) -> UUID:
    wanted = select(Commission.id).where(Commission.code == code.upper())
    if of_provider:
        wanted = wanted.join(CommissionInvite, CommissionInvite.commission_id == Commission.id).where(*of_provider)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise CommissionNotFound
    return found


def _hold(session: Session, commission_id: UUID) -> CommissionState:
    """Hold a commission until the commit: answers, classes and closing come one after the other, and each sees what the one before wrote. Raises CommissionEnded."""
    held = update(Commission).where(Commission.id == commission_id, Commission.state.not_in(ENDED)).values(note=Commission.note)
    if rows_changed(session, held.execution_options(synchronize_session=False)) != 1:
        raise CommissionEnded
    return session.scalars(select(Commission.state).where(Commission.id == commission_id)).one()


def _invite(session: Session, commission_id: UUID, provider_ids: Collection[UUID]) -> int:
    """Ask those who were not asked yet, of a commission that is held; returns how many."""
    if not {each.id for each in catalogue.providers(session)}.issuperset(provider_ids):
        raise CommissionUnfit
    added = sorted(set(provider_ids) - _asked_of(session, commission_id))
    session.add_all(CommissionInvite(commission_id=commission_id, provider_id=each, state=CommissionInviteState.INVITED) for each in added)
    session.flush()
    for each in added:
        announce(session, CommissionSent(commission_id, each))
    return len(added)


def _asked_of(session: Session, commission_id: UUID) -> set[UUID]:
    return set(session.scalars(select(CommissionInvite.provider_id).where(CommissionInvite.commission_id == commission_id)))


def _follow(session: Session, commission_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """Bring a commission that is held to the state that its answers and classes say."""
    was, made_at = session.execute(select(Commission.state, Commission.made_at).where(Commission.id == commission_id)).one()
    invites = session.scalars(select(CommissionInvite).where(CommissionInvite.commission_id == commission_id).execution_options(populate_existing=True)).all()
    today, named = amsterdam_day(now), making(invites)
    classes = classes_of(session, named, since=amsterdam_day(made_at)) if named else {}
    is_promised = any(each.state is CommissionInviteState.WILLING for each in invites)
    becomes = state_of(is_promised=is_promised, first_on=first_on(classes, named, made_at, today=today), today=today)
    if becomes is not was:
        _move(session, commission_id, was, becomes, by=by, now=now)


def _move(
    session: Session, commission_id: UUID, was: CommissionState, becomes: CommissionState, *, by: UUID | None, now: datetime, reason: str = "",
) -> None:
    """Take a commission that is held from one state to the next, and write it down."""
    moved = update(Commission).where(Commission.id == commission_id, Commission.state == was).values(
        state=becomes, ended_at=now if becomes in ENDED else None, reason=reason,
    )
    session.execute(moved.execution_options(synchronize_session=False))
    _add_step(session, commission_id, was, becomes, by=by, now=now)


def _add_step(session: Session, commission_id: UUID, was: CommissionState | None, becomes: CommissionState, *, by: UUID | None, now: datetime) -> None:
    session.add(CommissionStep(id=new_id(), commission_id=commission_id, from_state=was, to_state=becomes, at=now, by_id=by))
    session.flush()
