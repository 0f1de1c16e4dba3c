"""Builders with defaults: each returns what a test needs, and a test names only what matters to it."""

import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import queries as accounts_queries
from academy.accounts import service as accounts
from academy.accounts.queries import Actor
from academy.accounts.service import keeping
from academy.catalogue import api as catalogue
from academy.catalogue.models import Programme
from academy.enrolment import service as enrolment
from academy.kernel.clock import amsterdam_day
from academy.kernel.money import Money
from academy.kernel.text import Localized

_numbers = itertools.count(1)

MODULE = catalogue.ModuleDraft(
    external_id="NET-01",
    code="NET-01",
    kind=catalogue.ModuleKind.AD_MODULE,
    title=Localized("Netwerkbeheer", "Network management"),
    summary=Localized("Na deze module kun je een netwerk beheren.", "After this module you can manage a network."),
    description=Localized("Je leert hoe een netwerk werkt.", "You learn how a network works."),
    ec=None,
    nlqf="5",
    eqf="5",
    languages=("nl",),
    sectors=("ict",),
    price=Money(0),
    outcomes=(catalogue.OutcomeDraft(Localized("Je richt een netwerk in.", "You set up a network.")),),
)


def provider(session: Session, slug: str = "windesheim", name: str = "Windesheim in Almere") -> UUID:
    return catalogue.register_provider(
        session,
        catalogue.ProviderDraft(slug=slug, name=name, kind=catalogue.ProviderKind.HBO, city="Almere"),
    )


def module(session: Session, now: datetime, *, provider_id: UUID | None = None, **changes: Any) -> str:
    """Make a module; returns its external id."""
    draft = replace(MODULE, **changes)
    catalogue.upsert_modules(session, provider_id=provider_id or provider(session), drafts=[draft], now=now)
    return draft.external_id


def programme(session: Session, now: datetime, *parts: tuple[str, int], provider_id: UUID | None = None, title: str = "AD ICT",
              **changes: Any) -> UUID:
    """Make a programme of all of these modules, given as (external id, half-year); returns its id."""
    kind = catalogue.RequirementKind
    leaves = tuple(catalogue.RequirementDraft(kind.MODULE, module=external_id, period=period) for external_id, period in parts)
    draft = replace(
        catalogue.ProgrammeDraft(title, title, Localized(title), ec=catalogue.AD_CREDITS, nlqf=catalogue.AD_LEVEL),
        requirements=catalogue.RequirementDraft(kind.ALL_OF, items=leaves), **changes,
    )
    catalogue.upsert_programmes(session, provider_id=provider_id or provider(session), drafts=[draft], now=now)
    return session.scalars(select(Programme.id).where(Programme.external_id == title)).one()


def offering(session: Session, now: datetime, *, seats: int = 10, price: int = 0, starts_on: date | None = None,
             external_id: str | None = None, provider_id: UUID | None = None) -> str:
    """Make an offering that starts in four weeks, with its module when none is given; returns its code."""
    provider_id = provider_id or provider(session)
    first = starts_on or amsterdam_day(now) + timedelta(days=28)
    return catalogue.open_offering(
        session,
        provider_id=provider_id,
        module_external_id=external_id or module(session, now, provider_id=provider_id),
        draft=catalogue.OfferingDraft(
            starts_on=first,
            ends_on=first + timedelta(days=70),
            periods=(catalogue.PeriodDraft(closes_on=first - timedelta(days=3)),),
            mode=catalogue.DeliveryMode.ONLINE,
            part_of_day=catalogue.PartOfDay.EVENING,
            language="nl",
            seats=seats,
            price=Money(price),
            weekdays=("tue",),
        ),
    )


def person(session: Session, now: datetime, *, name: str = "Sam de Vries", email: str | None = None,
           password: str | None = None, language: str = "nl") -> UUID:
    return accounts.register_person(
        session, email=email or f"sam{next(_numbers)}@voorbeeld.nl", name=name, password=password,
        language="en" if language == "en" else "nl", now=now,
    )


def actor(session: Session, now: datetime, **about: str) -> Actor:
    """Make a person who is signed in, by two proofs, so that they may have any role."""
    sign_in = accounts.start_sign_in(session, person_id=person(session, now, **about), device="", now=now, is_twofold=True)
    found = accounts_queries.actor_of(session, sign_in.id, now=now)
    assert found is not None
    return found


def enrol(session: Session, *, actor: Actor, offering_code: str, now: datetime) -> str:
    """Give the actor a seat that is sure in a free class that asks nothing; returns the enrolment's code."""
    code = enrolment.hold_seat(session, actor=actor, offering_code=offering_code, request_key=None, now=now)
    enrolment.confirm(session, actor=actor, code=code, now=now)
    return code


def forget_expired(session: Session, *, now: datetime) -> None:
    """End what accounts keep no longer, in this transaction."""
    for kept in keeping.RECORDS:
        if kept.apply is not None:
            kept.apply(session, now, 1_000)
