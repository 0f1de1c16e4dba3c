"""What is not right about money is kept once, closes itself when it went away, and is told of once a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from academy.kernel.money import FREE, Money
from academy.payments import rounds, rules
from academy.payments.gateway import BankRefused, CheckoutTold, KnownPayment
from academy.payments.kinds import FindingKind, FindingState, NoticeState
from academy.payments.models import BankComparison, Finding, Payment, ReceivedNotice
from academy.payments.service import comparing, reconciling
from academy.payments.service.reconciling import reconcile
from academy.payments.service.sending import retry_failed
from tests.payments.ground import DAY, PRICE, Till

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def findings(till: Till) -> list[tuple[FindingKind, FindingState]]:
    return sorted((each.kind, each.state) for each in till.all(Finding))


def only(till: Till) -> Finding:
    (found,) = till.all(Finding)
    assert isinstance(found, Finding)
    return found


def look(till: Till, *, after: timedelta = HOUR) -> None:
    """Compare with the bank, whole."""
    reconcile(since=till.now - DAY, now=till.now + after)


def turn(till: Till, *, after: timedelta = timedelta()) -> None:
    rounds.find_what_is_wrong(till.now + after)


def stray(till: Till, name: str = "payment_9", *, amount: Money = PRICE, refunded: Money = FREE, at: datetime | None = None) -> None:
    """Let the bank have money that is for nothing here."""
    till.bank.paid[name] = KnownPayment(name, None, amount, refunded, at or till.now)


def wrong_amount(till: Till, amount: Money = Money(1)) -> str:
    """Let somebody pay another amount than was asked, and nobody hear of it; returns what the bank calls the payment."""
    visit = till.visit(till.ask())
    outcome = till.bank.pay(visit, now=till.now)
    till.bank.visits[visit] = replace(outcome, amount=amount)
    till.bank.paid[outcome.vendor_payment] = replace(till.bank.paid[outcome.vendor_payment], amount=amount)
    return outcome.vendor_payment


def test_money_that_we_do_not_know_is_found_once_and_closes_itself_when_it_went_back(till: Till) -> None:
    stray(till)
    look(till)
    look(till, after=2 * HOUR)
    found = only(till)
    assert (found.kind, found.came, found.asked, found.vendor_payment) == (FindingKind.UNKNOWN_MONEY, PRICE, None, "payment_9")
    assert (found.opened_at, found.seen_at) == (till.now + HOUR, till.now + 2 * HOUR)
    stray(till, refunded=PRICE)
    look(till, after=3 * HOUR)
    assert (only(till).state, only(till).closed_at) == (FindingState.GONE, till.now + 3 * HOUR)


def test_what_comes_back_is_open_again_and_what_a_person_closed_is_not(till: Till) -> None:
    stray(till)
    look(till)
    for state, expected in ((FindingState.GONE, FindingState.OPEN), (FindingState.CLOSED, FindingState.CLOSED)):
        with till.database.writing() as session:
            row = session.query(Finding).one()
            row.state, row.closed_at = state, till.now
        look(till, after=2 * HOUR)
        assert only(till).state is expected
    stray(till, amount=Money(1))
    look(till, after=3 * HOUR)
    assert only(till).state is FindingState.OPEN, "of another amount now"


def test_a_payment_that_we_hold_for_paid_and_the_bank_does_not(till: Till) -> None:
    asked = till.buy()
    known = dict(till.bank.paid)
    till.bank.paid.clear()
    look(till)
    assert (only(till).kind, only(till).payment_id, only(till).asked, only(till).came) == (FindingKind.NOT_AT_BANK, asked.id, PRICE, FREE)
    till.bank.paid.update(known)
    look(till, after=2 * HOUR)
    assert only(till).state is FindingState.GONE


@pytest.mark.parametrize(("change", "kind", "amounts"), [
    ({"refunded": Money(500)}, FindingKind.REFUNDS_DIFFER, (FREE, Money(500))),
    ({"amount": Money(24_000)}, FindingKind.AMOUNTS_DIFFER, (PRICE, Money(24_000))),
    ({"vendor_payment": "payment_2"}, FindingKind.PAID_TWICE, (PRICE, PRICE)),
])
def test_each_difference_has_its_kind_and_its_amounts(till: Till, change: dict[str, Any], kind: FindingKind, amounts: Sequence[Money]) -> None:
    asked = till.buy()
    ((name, known),) = till.bank.paid.items()
    till.bank.paid["other" if "vendor_payment" in change else name] = replace(known, **change)
    look(till)
    found = only(till)
    assert (found.kind, found.payment_id, found.about, (found.asked, found.came)) == (kind, asked.id, asked.code, tuple(amounts))


def test_a_wrong_amount_is_one_finding_whoever_tells_of_it(till: Till) -> None:
    vendor_payment = wrong_amount(till)
    (visit,) = till.bank.visits.values()
    payment = till.all(Payment)[0]
    told = CheckoutTold(visit.vendor_session, payment.id, "paid", vendor_payment=vendor_payment, cents=1)
    till.tell(told, notice_id="evt_1")
    turn(till, after=HOUR)
    found = only(till)
    assert (found.kind, found.asked, found.came, found.payment_id) == (FindingKind.WRONG_AMOUNT, PRICE, Money(1), payment.id)
    till.bank.paid[vendor_payment] = replace(till.bank.paid[vendor_payment], refunded=Money(1))
    look(till, after=2 * HOUR)
    assert only(till).state is FindingState.GONE
    assert [each.state for each in till.all(ReceivedNotice)] == [NoticeState.IGNORED], "its notice waits for nobody"
    turn(till, after=3 * HOUR)
    assert only(till).state is FindingState.GONE


def test_the_amount_that_was_asked_by_a_way_that_we_do_not_know(till: Till) -> None:
    asked = till.ask()
    till.bank.paid["payment_9"] = KnownPayment("payment_9", asked.id, PRICE, FREE, till.now)
    look(till)
    assert (only(till).kind, only(till).payment_id) == (FindingKind.UNKNOWN_VISIT, asked.id)


def test_what_is_booked_while_comparing_needs_nobody(till: Till) -> None:
    till.bank.pay(till.visit(till.ask()), now=till.now)
    look(till)
    assert till.all(Finding) == []


def test_orders_that_failed_and_notices_that_wait_are_found_and_close_themselves(till: Till) -> None:
    till.connect()
    asked = till.buy()
    till.bank.refuses = {"refund", "transfer"}
    till.give_back(asked, Money(100))
    till.work()
    till.tell(CheckoutTold("visit_9", None, "paid", cents=1), notice_id="evt_9")
    turn(till, after=10 * MINUTE)
    kinds = [FindingKind.REFUND_FAILED, FindingKind.TRANSFER_FAILED]
    assert findings(till) == [(kind, FindingState.OPEN) for kind in kinds], "a notice may be early"
    turn(till, after=20 * MINUTE)
    assert findings(till) == sorted((kind, FindingState.OPEN) for kind in (*kinds, FindingKind.NOTICE_WAITS))
    till.bank.refuses.clear()
    with till.database.writing() as session:
        session.query(ReceivedNotice).where(ReceivedNotice.id == "evt_9").update({"state": NoticeState.DONE})
        retry_failed(session, now=till.now)
    turn(till, after=30 * MINUTE)
    assert {state for _kind, state in findings(till)} == {FindingState.GONE}


# Once a day, a page at a turn


def test_the_clock_compares_page_by_page_and_ends_once_a_day(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "_AT_ONCE", 2)
    for number in range(5):
        stray(till, f"payment_{number}")
    turn(till)
    assert len(till.all(Finding)) == 5
    assert till.bank.asked.count("payments_since") == 3, "two payments each, and nothing asked twice"
    turn(till, after=HOUR)
    assert till.bank.asked.count("payments_since") == 3, "not again today"
    turn(till, after=DAY)
    assert till.bank.asked.count("payments_since") == 6


def test_who_comes_after_a_bank_that_was_away_goes_on_where_it_was(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "_AT_ONCE", 2)
    for number in range(5):
        stray(till, f"payment_{number}")
    seen: list[str] = []
    answer = till.bank.payments_since

    def once_away(since: datetime, *, after: str = "") -> Any:
        seen.append(after)
        if len(seen) == 2:
            till.bank.away.add("payments_since")
        return answer(since, after=after)

    monkeypatch.setattr(till.bank, "payments_since", once_away)
    turn(till)
    till.bank.away.clear()
    turn(till, after=MINUTE)
    assert seen == ["", "payment_1"], "a bank that is away is left alone for two minutes"
    turn(till, after=3 * MINUTE)
    assert seen == ["", "payment_1", "payment_1", "payment_3"]
    assert len(till.all(Finding)) == 5
    assert till.all(BankComparison)[0].done_at == till.now + 3 * MINUTE


def test_two_workers_do_not_compare_the_same_page(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    stray(till)
    answer = till.bank.payments_since

    def meanwhile(since: datetime, *, after: str = "") -> Any:
        monkeypatch.setattr(till.bank, "payments_since", answer)
        assert comparing.go_on(till.now) is False, "somebody is at it"
        return answer(since, after=after)

    monkeypatch.setattr(till.bank, "payments_since", meanwhile)
    turn(till)
    assert till.bank.asked.count("payments_since") == 1


def test_a_point_that_the_bank_does_not_know_any_more_means_from_the_beginning(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "_AT_ONCE", 2)
    for number in range(3):
        stray(till, f"payment_{number}")
    answer = till.bank.payments_since
    refuses = iter([False, True])

    def refusing(since: datetime, *, after: str = "") -> Any:
        if next(refuses, False):
            raise BankRefused("resource_missing starting_after")
        return answer(since, after=after)

    monkeypatch.setattr(till.bank, "payments_since", refusing)
    turn(till)
    assert (till.all(BankComparison)[0].after, till.all(BankComparison)[0].done_at) == ("", None)
    turn(till, after=2 * HOUR)
    assert till.all(BankComparison)[0].done_at is not None
    assert len(till.all(Finding)) == 3


def test_what_was_not_compared_whole_closes_nothing(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "_AT_ONCE", 1)
    stray(till, "payment_1")
    stray(till, "payment_2")
    look(till)
    till.bank.paid["payment_2"] = replace(till.bank.paid["payment_2"], refunded=PRICE)
    reconciling.compare_page(since=till.now - DAY, after="", started_at=till.now + 2 * HOUR, now=till.now + 2 * HOUR)
    assert {state for _kind, state in findings(till)} == {FindingState.OPEN}


def test_what_is_open_is_looked_at_again_however_long_ago_it_happened(till: Till) -> None:
    long_ago = till.now - timedelta(days=90)
    stray(till, at=long_ago)
    reconcile(since=long_ago - DAY, now=till.now)
    turn(till, after=HOUR)
    assert only(till).state is FindingState.OPEN, "a month back it is not met, and so not known to be gone"
    stray(till, at=long_ago, refunded=PRICE)
    turn(till, after=DAY + HOUR)
    assert only(till).state is FindingState.GONE


def test_a_day_begins_at_five_in_the_morning(now: datetime) -> None:
    midnight = now.replace(hour=22)  # in Amsterdam, in summer
    assert not rules.is_new_day(midnight - HOUR, now=midnight + 4 * HOUR)
    assert rules.is_new_day(midnight - HOUR, now=midnight + 5 * HOUR)
    assert rules.is_new_day(None, now=now)


# The letter


def letters(till: Till) -> int:
    return till.news().count("attention-needed")


def test_the_programme_office_is_told_once_a_day_and_only_of_something_new(till: Till) -> None:
    turn(till)
    assert letters(till) == 0, "nothing is wrong"
    stray(till)
    turn(till, after=DAY)
    turn(till, after=DAY + HOUR)
    assert letters(till) == 1
    turn(till, after=2 * DAY)
    assert letters(till) == 1, "still the same"
    stray(till, "payment_8")
    turn(till, after=3 * DAY)
    assert letters(till) == 2


def test_the_letter_waits_for_the_bank_and_not_for_ever(till: Till) -> None:
    till.give_back(till.buy(), Money(100))
    till.bank.refuses.add("refund")
    till.work()
    till.bank.away.add("payments_since")
    turn(till)
    assert letters(till) == 0
    turn(till, after=4 * HOUR)
    assert letters(till) == 1
