"""Sources, rules and budgets are made by who keeps the money; what counted is followed, not changed; and what people tell is theirs."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.funding import personal, queries, service
from academy.funding.drafts import BudgetDraft, RuleDraft
from academy.funding.errors import BudgetTooSmall, BudgetWrong, RuleWrong, SourceNotFound
from academy.funding.facts import Situation
from academy.funding.kinds import SourceKind, SupplyKind
from academy.funding.models import Beneficiary, Budget
from academy.kernel.money import FREE, Money
from academy.kernel.text import Localized
from tests import builders
from tests.funding import money

RULE = RuleDraft(Localized("Regel"), date(2026, 9, 2), percentage=5_000, position=10)


def test_who_does_not_keep_the_money_of_an_organisation_finds_nothing_there(session: Session, now: datetime) -> None:
    fund, stranger = money.source(session, now), builders.actor(session, now)
    budget_id = session.scalars(select(Budget.id)).one()
    acts: list[Any] = [
        lambda: service.add_rule(session, actor=stranger, source_id=fund.id, draft=RULE, now=now),
        lambda: service.follow_rule(session, actor=stranger, rule_id=fund.rule_id, draft=RULE, now=now),
        lambda: service.add_budget(session, actor=stranger, source_id=fund.id, draft=BudgetDraft("x", date(2026, 1, 1), date(2026, 12, 31), Money(1)), now=now),
        lambda: service.resize_budget(session, actor=stranger, budget_id=budget_id, amount=Money(1), now=now),
        lambda: service.name_beneficiaries(session, actor=stranger, source_id=fund.id, emails=["x@voorbeeld.nl"], now=now),
        lambda: service.unname_beneficiary(session, actor=stranger, source_id=fund.id, email="x@voorbeeld.nl", now=now),
    ]
    for act in acts:
        with pytest.raises(SourceNotFound):
            act()


@pytest.mark.parametrize("changes", [
    {"valid_from": date(2026, 8, 31)}, {"valid_until": date(2026, 9, 1)}, {"percentage": 0}, {"percentage": 10_001}, {"cap_seat": FREE},
    {"min_age": 30, "max_age": 20}, {"module_kinds": ("mooc",), "excluded_kinds": ("mooc",)}, {"evidence": ("loonstrook",)},
])
def test_a_rule_that_can_not_be_is_refused(session: Session, now: datetime, changes: dict[str, Any]) -> None:
    fund = money.source(session, now)
    with pytest.raises(RuleWrong):
        service.add_rule(session, actor=fund.keeper, source_id=fund.id, draft=replace(RULE, **changes), now=now)


def test_a_rule_is_followed_from_tomorrow_at_the_earliest_by_one_rule_and_counts_until_then(session: Session, now: datetime) -> None:
    one, fund = money.seat(session, now), money.source(session, now)
    with pytest.raises(RuleWrong):
        service.follow_rule(session, actor=fund.keeper, rule_id=fund.rule_id, draft=replace(RULE, valid_from=now.date()), now=now)
    service.follow_rule(session, actor=fund.keeper, rule_id=fund.rule_id, draft=replace(RULE, percentage=1_000), now=now)

    def own(at: datetime) -> int:
        return service.quote(session, found=one.found, situation=Situation(), is_business=False, now=at).own.cents

    assert [own(now), own(now + timedelta(days=1))] == [50_00, 90_00]
    with pytest.raises(RuleWrong), session.begin_nested():
        service.follow_rule(session, actor=fund.keeper, rule_id=fund.rule_id, draft=RULE, now=now)


def test_a_source_has_one_budget_at_a_time_and_it_never_shrinks_below_what_is_promised(session: Session, now: datetime) -> None:
    one, fund = money.seat(session, now), money.source(session, now)
    money.reserve(session, now, one)
    budget_id = session.scalars(select(Budget.id)).one()
    for draft in (
        BudgetDraft("naast", date(2026, 12, 31), date(2027, 12, 31), Money(1)), BudgetDraft("leeg", date(2027, 1, 1), date(2027, 12, 31), FREE),
        BudgetDraft("om", date(2027, 12, 31), date(2027, 1, 1), Money(1)),
    ):
        with pytest.raises(BudgetWrong):
            service.add_budget(session, actor=fund.keeper, source_id=fund.id, draft=draft, now=now)
    with pytest.raises(BudgetTooSmall):
        service.resize_budget(session, actor=fund.keeper, budget_id=budget_id, amount=Money(49_99), now=now)
    service.resize_budget(session, actor=fund.keeper, budget_id=budget_id, amount=Money(50_00), now=now)
    service.add_budget(
        session, actor=fund.keeper, source_id=fund.id, draft=BudgetDraft("2027", date(2027, 1, 1), date(2027, 12, 31), Money(1)), now=now,
    )
    assert service.quote(session, found=one.found, situation=Situation(), is_business=False, now=now).own == money.PRICE


def test_an_employer_names_addresses_once_and_takes_them_off_again(session: Session, now: datetime) -> None:
    one, firm = money.seat(session, now), money.source(session, now, kind=SourceKind.EMPLOYER, slug="firma")
    emails = ["lee@voorbeeld.nl", "noor@voorbeeld.nl"]
    assert service.name_beneficiaries(session, actor=firm.keeper, source_id=firm.id, emails=emails, now=now) == 1
    assert queries.situation_of(session, one.person_id).employer_id == firm.owner_id
    service.unname_beneficiary(session, actor=firm.keeper, source_id=firm.id, email="lee@voorbeeld.nl", now=now)
    assert queries.situation_of(session, one.person_id) == Situation()


def test_a_provider_says_what_it_is_and_what_a_module_is_and_the_vat_follows(session: Session, now: datetime) -> None:
    one, owner = money.seat(session, now, is_told=False), builders.actor(session, now)
    accounts.add_membership(session, person_id=owner.person_id, organisation_id=one.found.provider_id, role=Role.OWNER)
    session.flush()

    def rate() -> int | None:
        found = service.quote(session, found=one.found, situation=Situation(), is_business=False, now=now)
        return None if found.vat is None else found.vat.rate

    def tell(**changes: Any) -> None:
        told: dict[str, Any] = {"from_on": now.date(), "is_recognised": True, "is_in_crkbo": False}
        service.tell_provider_tax(session, actor=owner, **_provider(one), **(told | changes), now=now)

    assert rate() is None
    tell()
    assert rate() == 0  # a part of an AD, of a recognised provider
    tell(is_recognised=False)
    assert rate() == 2_100
    service.tell_module_tax(session, actor=owner, **_module(one), supply=SupplyKind.REGULATED, now=now)
    assert rate() is None
    service.tell_module_tax(session, actor=owner, **_module(one), supply=None, now=now)
    assert rate() == 2_100
    tell(from_on=one.found.offering.starts_on + timedelta(days=1), is_recognised=True)
    assert rate() == 2_100  # on the first day of the class it is not so yet


def _provider(one: money.Seat) -> dict[str, Any]:
    return {"provider_slug": one.found.provider_slug}


def _module(one: money.Seat) -> dict[str, Any]:
    return _provider(one) | {"module_slug": one.found.module_slug}


def test_what_a_learner_tells_is_kept_until_they_take_it_back(session: Session, now: datetime) -> None:
    lee = builders.actor(session, now)
    for told in (Situation(1990, "1315", "ict", "under_5"), Situation(1991, "1315"), Situation()):
        service.save_situation(session, actor=lee, situation=told, now=now)
        assert queries.situation_of(session, lee.person_id) == told


def test_who_leaves_takes_along_what_nobody_paid_and_the_books_keep_the_rest(session: Session, now: datetime) -> None:
    one = money.seat(session, now)
    money.source(session, now, kind=SourceKind.EMPLOYER, slug="firma")
    unpaid = money.Seat(one.found, one.person_id)
    for each in (one, unpaid):
        money.reserve(session, now, each)
    service.end_seat(session, unpaid.id, owed=FREE, now=now)
    found = personal.HELD.leaving(session, one.person_id, now)
    assert [goes.number for goes in found.goes] == [0, 0, 1, 1]
    assert [(stays.number, stays.until) for stays in found.stays] == [(1, date(2033, 12, 31))]
    for goes in found.goes:
        for statement in goes.statements:
            session.execute(statement)
    assert set(queries.split_of(session, [one.id, unpaid.id])) == {one.id}
    assert session.scalars(select(Beneficiary)).all() == []
