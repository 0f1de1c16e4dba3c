"""A price split over who pays it, as agreed when the learner confirms."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.accounts.models import Organisation
from academy.catalogue import api as catalogue
from academy.funding import service
from academy.funding.drafts import RuleDraft, SourceDraft
from academy.funding.errors import BudgetUsedUp, OwnShareChanged, VatUndecided
from academy.funding.events import ShareAsked
from academy.funding.facts import Situation
from academy.funding.kinds import Fallback, SourceKind, VatReason
from academy.funding.models import Budget, FundingSource
from academy.funding.service import budgets
from academy.kernel.money import FREE, Money
from academy.kernel.outbox import subscribe
from academy.kernel.text import Localized
from academy.payments.api import VatCategory
from tests import builders
from tests.enrolment.vat import decide_vat
from tests.funding import money
from tests.funding.money import Seat


def test_without_anybody_elses_money_the_learner_pays_the_whole_price(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    found = money.reserve(session, now, one)
    assert (found.own, found.waits_until) == (money.PRICE, None)
    assert money.states(session, one) == [("learner", 100_00, "reserved")]


def test_what_is_free_has_no_shares(session: Session, now: datetime) -> None:
    one = money.seat(session, now, price=FREE, is_told=False)
    assert money.reserve(session, now, one).own == FREE
    service.confirm_seat(session, one.id, now=now)
    service.end_seat(session, one.id, owed=FREE, now=now)


def test_employer_fund_and_learner_each_pay_their_part_in_order_and_together_the_price(session: Session, now: datetime) -> None:
    one = money.seat(session, now, is_in_crkbo=False)
    fund = money.source(session, now, percentage=3_333, position=1)
    firm = money.source(session, now, kind=SourceKind.EMPLOYER, slug="firma", percentage=10_000, cap_seat=Money(50_00), position=2, needs_approval=True)
    found = money.reserve(session, now, one)
    assert found.own == Money(16_67)
    assert found.waits_until == now + timedelta(days=7)
    assert money.states(session, one) == [
        ("sector-fund", 33_33, "approved"), ("employer", 50_00, "reserved"), ("learner", 16_67, "reserved"),
    ]
    split = money.split(session, one)
    assert (split.vat.reason, split.vat.rate, split.vat.amount) == (VatReason.NOT_IN_CRKBO, 2100, Money(17_36))
    assert [share.vat.cents for share in split.shares] == [5_79, 8_68, 2_89]
    assert (money.used(session, fund), money.used(session, firm)) == ((33_33, 0), (50_00, 0))
    assert money.adds_up(session)


def test_the_same_seat_asked_again_keeps_the_split_it_has(session: Session, now: datetime) -> None:
    one, fund = money.seat(session, now), money.source(session, now)
    assert money.reserve(session, now, one) == money.reserve(session, now, one)
    assert money.used(session, fund) == (50_00, 0)


def test_nothing_is_sold_while_nobody_said_what_the_provider_is_to_the_tax_office(session: Session, now: datetime) -> None:
    one = money.seat(session, now, is_told=False)
    with pytest.raises(VatUndecided):
        money.reserve(session, now, one)
    assert service.quote(session, found=one.found, situation=Situation(), is_business=False, now=now).vat is None


def test_a_learner_never_pays_more_than_was_shown(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    with pytest.raises(OwnShareChanged):
        money.reserve(session, now, one, most_own=Money(99_99))
    money.source(session, now, percentage=1)
    assert money.reserve(session, now, one, most_own=Money(99_99)).own == Money(99_99)


def test_a_budget_gives_what_it_still_has_and_then_nothing(session: Session, now: datetime) -> None:
    one, fund = money.seat(session, now), money.source(session, now, budget=Money(80_00))
    others = [money.another(session, now, one) for _number in range(2)]
    assert [money.reserve(session, now, each).own.cents for each in (one, *others)] == [50_00, 70_00, 100_00]
    assert money.used(session, fund) == (80_00, 0)


def test_a_fund_without_a_budget_promises_nothing_and_regular_funds_of_education_need_none(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    money.source(session, now, budget=None)
    assert money.reserve(session, now, one).own == money.PRICE
    other = money.another(session, now, one)
    money.source(session, now, kind=SourceKind.PUBLIC_EDUCATION, slug="rijk", budget=None)
    assert money.reserve(session, now, other).own == Money(50_00)


def test_a_cap_per_person_counts_over_their_seats_of_a_year_also_when_another_rule_follows(session: Session, now: datetime) -> None:
    one, fund = money.seat(session, now), money.source(session, now, cap_person_year=Money(80_00))
    again, later = Seat(one.found, one.person_id), Seat(one.found, one.person_id)
    assert [money.reserve(session, now, each).own.cents for each in (one, again)] == [50_00, 70_00]
    tomorrow = now + timedelta(days=1)
    draft = RuleDraft(Localized("Nieuw"), tomorrow.date(), percentage=5_000, position=10, cap_person_year=Money(90_00))
    service.follow_rule(session, actor=fund.keeper, rule_id=fund.rule_id, draft=draft, now=now)
    assert money.reserve(session, tomorrow, later).own.cents == 90_00
    assert money.adds_up(session)
    assert money.reserve(session, now, money.another(session, now, one)).own.cents == 50_00


def test_a_cap_per_firm_counts_over_all_who_work_there(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    money.source(session, now, cap_firm_year=Money(60_00))
    other = Seat(one.found, builders.person(session, now, email="noor@voorbeeld.nl"))
    money.source(
        session, now, kind=SourceKind.EMPLOYER, slug="firma", percentage=1, emails=("lee@voorbeeld.nl", "noor@voorbeeld.nl"), position=20,
    )
    assert [money.reserve(session, now, each).own.cents for each in (one, other)] == [49_99, 89_99]
    assert money.adds_up(session)


def test_a_cap_per_provider_counts_over_all_its_classes_and_not_those_of_another(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    money.source(session, now, cap_provider_year=Money(60_00))
    elsewhere = builders.provider(session, "ander", "Een ander")
    decide_vat(session, now, elsewhere)
    codes = [builders.offering(session, now, price=100_00, provider_id=provider_id) for provider_id in (one.found.provider_id, elsewhere)]
    same, other = (Seat(catalogue.offering_for_enrolment(session, code), builders.person(session, now)) for code in codes)
    assert [money.reserve(session, now, each).own.cents for each in (one, same, other)] == [50_00, 90_00, 50_00]
    assert money.adds_up(session)


def _used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let somebody use the last of every budget between looking and taking."""
    monkeypatch.setattr(budgets, "earmark", lambda *_: False)


def test_a_budget_used_up_in_this_moment_leaves_its_part_to_the_learner_who_agreed_to_that(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = money.seat(session, now)
    money.source(session, now)
    _used_up(monkeypatch)
    assert money.reserve(session, now, one).own == money.PRICE
    assert money.states(session, one) == [("learner", 100_00, "reserved")]


@pytest.mark.parametrize("fallback", [Fallback.NOBODY, Fallback.EMPLOYER])
def test_and_refuses_a_learner_who_did_not(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch, fallback: Fallback) -> None:
    one = money.seat(session, now)
    money.source(session, now, fallback=fallback)
    _used_up(monkeypatch)
    with pytest.raises(BudgetUsedUp):
        money.reserve(session, now, one)


def test_a_firm_in_another_country_of_the_eu_that_pays_all_pays_without_vat_and_declares_it_there(session: Session, now: datetime) -> None:
    one = money.seat(session, now, is_in_crkbo=False)
    firm = money.source(session, now, kind=SourceKind.EMPLOYER, slug="firma", percentage=10_000)
    session.execute(update(Organisation).where(Organisation.id == firm.owner_id).values(country="BE", vat_id="BE0123456789"))
    assert money.reserve(session, now, one).own == FREE
    split = money.split(session, one)
    assert (split.price, split.vat.amount, split.vat.category) == (Money(82_64), FREE, VatCategory.REVERSE_CHARGE)
    assert money.used(session, firm) == (82_64, 0)


def test_a_confirmed_seat_settles_what_its_own_provider_gives(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    owner = builders.actor(session, now)
    accounts.add_membership(session, person_id=owner.person_id, organisation_id=one.found.provider_id, role=Role.OWNER)
    session.flush()
    draft = SourceDraft(Localized("Korting"), SourceKind.PROVIDER_DISCOUNT)
    slug = service.make_source(session, actor=owner, owner_id=one.found.provider_id, draft=draft, now=now)
    source_id = session.scalars(select(FundingSource.id).where(FundingSource.slug == slug)).one()
    rule = RuleDraft(Localized("Vroeg"), now.date(), percentage=1_000, position=1)
    service.add_rule(session, actor=owner, source_id=source_id, draft=rule, now=now)
    money.reserve(session, now, one)
    service.confirm_seat(session, one.id, now=now)
    service.confirm_seat(session, one.id, now=now)
    assert money.states(session, one) == [("provider-discount", 10_00, "settled"), ("learner", 90_00, "reserved")]


def test_reserving_costs_few_statements_and_a_quote_none_once_rules_are_known(
    session: Session, now: datetime, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    subscribe("funding-test.asked", ShareAsked, inside=lambda *_: None)
    one = money.seat(session, now)
    money.source(session, now)
    service.quote(session, found=one.found, situation=Situation(), is_business=False, now=now)
    session.expire_all()
    with queries(0):
        shown = service.quote(session, found=one.found, situation=Situation(), is_business=False, now=now)
    assert shown.own == Money(50_00)
    with queries(14):
        money.reserve(session, now, one)


def test_what_is_remembered_for_cards_is_read_again_after_half_a_minute_and_after_a_change_here(session: Session, now: datetime) -> None:
    one, fund = money.seat(session, now), money.source(session, now)

    def own(at: datetime) -> int:
        return service.quote(session, found=one.found, situation=Situation(), is_business=False, now=at).own.cents

    assert own(now) == 50_00
    session.execute(update(Budget).where(Budget.source_id == fund.id).values(earmarked=Budget.amount))  # as another process would
    assert (own(now + timedelta(seconds=29)), own(now + timedelta(seconds=30))) == (50_00, 100_00)
    budget_id = session.scalars(select(Budget.id).where(Budget.source_id == fund.id)).one()
    service.resize_budget(session, actor=fund.keeper, budget_id=budget_id, amount=Money(1_010_00), now=now)
    assert own(now + timedelta(seconds=31)) == 90_00
