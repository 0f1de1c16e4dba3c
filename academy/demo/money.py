"""What the demo pays with: what its providers are for VAT, a fund that pays half, and an employer with a budget for its people."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue.api import ProviderKind
from academy.demo.people import ACCOUNTS, EMPLOYER, FUND, DemoOrganisation
from academy.funding import api as funding
from academy.funding.api import BudgetDraft, RuleDraft, Situation, SourceDraft, SourceKind
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.text import Localized

_SINCE: Final = date(2020, 1, 1)
_RECOGNISED: Final = frozenset({ProviderKind.HBO, ProviderKind.MBO, ProviderKind.UNIVERSITY})
_ALMERE: Final = "1300-1379"
_HALF, _WHOLE = 5_000, 10_000
_YEAR_AND_QUARTER: Final = timedelta(days=460)  # the sources were there before the year that lies behind the demo

_FUND: Final = SourceDraft(
    Localized("Scholingsfonds Flevoland", "Flevoland training fund"), SourceKind.SECTOR_FUND,
    Localized("Betaalt de helft voor wie in Almere woont.", "Pays half for who lives in Almere."),
)
_EMPLOYER: Final = SourceDraft(
    Localized("Leerbudget Zilvermeeuw Techniek", "Learning budget of Zilvermeeuw Techniek"), SourceKind.EMPLOYER,
    Localized("Voor iedereen die bij ons werkt.", "For everyone who works with us."),
)


def note_taxes(session: Session, providers: Mapping[UUID, ProviderKind], *, now: datetime) -> None:
    """Say of each provider what it is for VAT: institutions are recognised, companies are in the register of vocational training."""
    for provider_id, kind in providers.items():
        funding.note_provider_tax(
            session, provider_id=provider_id, from_on=_SINCE, is_recognised=kind in _RECOGNISED, is_in_crkbo=kind is ProviderKind.COMPANY, by=None,
            now=now,
        )


def load_money(session: Session, *, now: datetime) -> bool:
    """Give a fund and an employer money and a rule, once; returns whether they got it now. Lotte lives where the fund pays, and works for the employer."""
    fund, employer = owner_of(session, FUND), owner_of(session, EMPLOYER)
    if funding.source_ids(session, fund):
        return False
    _pays(session, fund, "fund@demo.example", source=_FUND, amount=Money(5_000_000), rule=RuleDraft(
        Localized("De helft, voor wie in Almere woont", "Half, for who lives in Almere"), amsterdam_day(now), _HALF, 10, cap_person_year=Money(50_000),
        postcodes=(_ALMERE,),
    ), now=now)
    source_id = _pays(session, employer, "employer@demo.example", source=_EMPLOYER, amount=Money(1_000_000), rule=RuleDraft(
        Localized("Wat er overblijft", "What is left"), amsterdam_day(now), _WHOLE, 20, cap_seat=Money(150_000), needs_approval=True,
    ), now=now)
    funding.name_beneficiaries(
        session, actor=actor_of(session, "employer@demo.example", now), source_id=source_id, emails=["learner@demo.example"], now=now,
    )
    funding.save_situation(session, actor=actor_of(session, "learner@demo.example", now), situation=Situation(postcode="1315"), now=now)
    return True


def _pays(
    session: Session, owner_id: UUID, email: str, *, source: SourceDraft, amount: Money, rule: RuleDraft, now: datetime,
) -> UUID:
    actor, year = actor_of(session, email, now), amsterdam_day(now).year
    funding.make_source(session, actor=actor, owner_id=owner_id, draft=source, now=now - _YEAR_AND_QUARTER)
    (source_id,) = funding.source_ids(session, owner_id)
    budget = BudgetDraft(f"{year}-{year + 1}", date(year, 1, 1), date(year + 1, 12, 31), amount)
    funding.add_budget(session, actor=actor, source_id=source_id, draft=budget, now=now)
    funding.add_rule(session, actor=actor, source_id=source_id, draft=rule, now=now)
    return source_id


def owner_of(session: Session, there: DemoOrganisation) -> UUID:
    """Return the id of an organisation of the demo."""
    return accounts.register_organisation(session, slug=there.slug, name=there.name, kind=there.kind)


def actor_of(session: Session, email: str, now: datetime) -> Actor:
    """Return somebody of the demo, to act in their name; nobody signs in."""
    name = next(account.name for account in ACCOUNTS if account.email == email)
    person_id = accounts.register_person(session, email=email, name=name, password=None, language="nl", now=now)
    return Actor(person_id, new_id(), name, email, "nl")
