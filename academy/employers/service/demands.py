"""Use cases of demand: asking, proving that the address is theirs, taking it back."""

from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.employers import queries
from academy.employers.drafts import DemandDraft
from academy.employers.errors import (
    DemandGone,
    DemandNotYours,
    DemandPromised,
    FirmElsewhere,
    FirmNeeded,
    TooManyDemands,
)
from academy.employers.events import DemandOpened, DemandPosted
from academy.employers.facts import DemandFacts
from academy.employers.kinds import OPEN_DEMANDS, DemandState, Party, PledgeState
from academy.employers.models import Demand, DemandSkill
from academy.employers.queries import requests
from academy.employers.rules import clocks
from academy.employers.service import confirming, firms, pledging, requesting
from academy.kernel.db import rows_changed
from academy.kernel.errors import DatabaseBusy
from academy.kernel.ids import new_id, short_code
from academy.kernel.outbox import announce

MOST_OPEN: Final = 20  # per address, those not proven yet among them


def post_demand(session: Session, *, draft: DemandDraft, actor: Actor | None, request_key: UUID | None, next_path: str, now: datetime) -> str:
    """Keep what somebody wants to be learned; returns its code. Written with the actor's own address it counts at once, unless it is for a firm that
    they do not act for (yet): that is said where it is proven.

    Another address gets a letter, with a link that signs in and goes on to `next_path` (`{code}` in it is filled in), where it is proven. The
    same form sent again is the same demand. Raises TooManyDemands.
    """
    again = queries.demand_of_request(session, request_key, draft.email)
    if again is not None:
        return again
    if queries.open_demands_of(session, draft.email) >= MOST_OPEN:
        raise TooManyDemands
    row = _row(draft, request_key, now)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:  # the same form, sent twice at once: who starts over finds what the other one made
        raise DatabaseBusy from error
    session.add_all(DemandSkill(demand_id=row.id, skill_uri=uri) for uri in dict.fromkeys(draft.skills))
    session.flush()
    if actor is not None and actor.email == draft.email:
        with suppress(FirmNeeded, FirmElsewhere):  # refused before anything is written
            _open(session, queries.demand_by_id(session, row.id), actor, firm_name="", now=now)
    else:
        link_id = accounts.make_link(session, email=draft.email, language=draft.language, next_path=next_path.format(code=row.code), now=now)
        announce(session, DemandPosted(row.id, link_id))
    return row.code


def _row(draft: DemandDraft, request_key: UUID | None, now: datetime) -> Demand:
    return Demand(
        id=new_id(), code=short_code(), request_key=request_key, party=draft.party, state=DemandState.UNPROVEN, email=draft.email,
        kvk_number="" if draft.party is Party.CITIZEN else draft.kvk_number, language=draft.language, words=draft.words, people=draft.people,
        slots=list(draft.slots), postcode=draft.postcode, online=draft.online, level=draft.level, wanted_by=draft.wanted_by,
        most_price=draft.most_price, made_at=now,
    )


def prove_demand(session: Session, *, actor: Actor, code: str, firm_name: str, now: datetime) -> bool:
    """Let a demand count, now that who wrote it has followed the link; with it the pledges that were made for it. Tells whether all of them do: a pool
    may be full by now. Repeatable.

    `firm_name` is asked where its number is new here: then the actor's firm begins with it. Raises DemandNotFound, DemandNotYours, DemandGone,
    FirmElsewhere.
    """
    facts = queries.demand_to_act_on(session, actor, code)
    if facts.state is DemandState.WITHDRAWN:
        raise DemandGone
    if facts.state is not DemandState.UNPROVEN:
        return True
    if facts.email != actor.email:
        raise DemandNotYours
    return _open(session, facts, actor, firm_name=firm_name, now=now)


def _open(session: Session, facts: DemandFacts, actor: Actor, *, firm_name: str, now: datetime) -> bool:
    firm_id = firms.firm_for(session, actor, party=facts.party, kvk_number=facts.kvk_number, firm_name=firm_name, now=now)
    opened = update(Demand).where(Demand.id == facts.id, Demand.state == DemandState.UNPROVEN).values(
        state=DemandState.OPEN, person_id=actor.person_id, organisation_id=firm_id, proven_at=now, answer_by=clocks.demand_answered_until(now),
    )
    if rows_changed(session, opened) != 1:
        raise DatabaseBusy  # proven twice at once: who starts over finds it open
    announce(session, DemandOpened(facts.id))
    return pledging.prove_pledges_of(session, demand_id=facts.id, person_id=actor.person_id, organisation_id=firm_id, now=now)


def withdraw_demand(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Take a demand back, with what was promised for it and the request that was made of it. A second time changes nothing.

    Raises DemandNotFound, and DemandPromised where seats were confirmed for it, or a class was chosen that is not called off.
    """
    facts = queries.demand_to_act_on(session, actor, code)
    requesting.withdraw_requests_of(session, facts.id, now=now)
    pledges = pledging.kept_pledges_of(session, facts.id)
    if facts.state in OPEN_DEMANDS and (any(one.state is PledgeState.CONFIRMED for one in pledges) or requests.has_class(session, facts.id)):
        raise DemandPromised
    taken = update(Demand).where(Demand.id == facts.id, Demand.state.in_((DemandState.UNPROVEN, *OPEN_DEMANDS)))
    if rows_changed(session, taken.values(state=DemandState.WITHDRAWN, ended_at=now)) == 1:
        pledging.withdraw_pledges_of(session, demand_id=facts.id, now=now)
        for one in pledges:
            if one.state is PledgeState.ASKED:
                confirming.decline_pledge(session, pledge_id=one.id, now=now)
