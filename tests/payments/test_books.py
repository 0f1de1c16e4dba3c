"""The ledger: everything twice, nothing changed, and what goes in and out adds up to the cent whatever happens."""

import random
from contextlib import suppress
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase

from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.payments import rules
from academy.payments.errors import BankAway
from academy.payments.facts import PaymentFacts
from academy.payments.kinds import AccountKind, Booked, SendState
from academy.payments.models import LedgerAccount, LedgerEntry, LedgerTransaction, Refund, Transfer, TransferReversal
from academy.payments.queries import ledger
from academy.payments.service import sending
from academy.payments.service.booking import Booking, account_id, book, book_all
from tests.enrolment.races import at_the_same_time
from tests.payments.ground import PRICE, Till, open_till

CASES: Final = 10_000
RANDOM: Final = random.Random(2026)  # noqa: S311 - chance without secrets


def _split(amount: int, chance: random.Random) -> list[Money]:
    """Return some refunds that are together at most the amount."""
    parts = []
    while amount and chance.random() < 0.7:
        parts.append(Money(chance.randint(1, amount)))
        amount -= parts[-1].cents
    return parts


def _legs(amount: Money, fee: Money, refunds: list[Money]) -> list[rules.Leg]:
    provider = rules.provider_account(new_id())
    legs, back = rules.fee_legs(provider, fee), FREE
    for refund in refunds:
        before, after = (rules.fee_left(fee, amount, back=each) for each in (back, back + refund))
        legs += rules.fee_back_legs(provider, before, after)
        back += refund
    return legs


def test_what_providers_keep_and_the_fee_are_what_was_paid_less_what_went_back_in_ten_thousand_cases() -> None:
    for _case in range(CASES):
        amount, rate = Money(RANDOM.randint(1, 300_000)), RANDOM.choice([0, 1, 250, 484, 1_000, 9_999, 10_000, RANDOM.randint(0, 10_000)])
        fee, refunds = rules.fee_of(amount, rate), _split(amount.cents, RANDOM)
        assert FREE <= fee <= amount
        back, reversed_ = FREE, FREE
        for refund in refunds:
            given = rules.fee_left(fee, amount, back=back) - rules.fee_left(fee, amount, back=back + refund)
            assert FREE <= given <= refund, "a provider gives back no less than nothing"
            back, reversed_ = back + refund, reversed_ + refund - given
        left = rules.fee_left(fee, amount, back=back)
        assert (amount - fee - reversed_) + left == amount - back
        assert back != amount or left == FREE, "of what went back whole, nothing is kept"
        legs = _legs(amount, fee, refunds)
        assert all(each >= FREE for _debit, _credit, each in legs)
        earned = {code: sum(each.cents for debit, credit, each in legs if credit == code) - sum(each.cents for debit, credit, each in legs if debit == code)
                  for code in (rules.FEES, rules.FEE_VAT)}
        assert earned == {rules.FEES: (left - rules.vat_in(left)).cents, rules.FEE_VAT: rules.vat_in(left).cents}


@pytest.mark.parametrize(("fee", "vat"), [(0, 0), (1, 0), (3, 1), (121, 21), (484, 84), (500, 87)])
def test_the_vat_in_a_fee_is_twenty_one_of_every_hundred_and_twenty_one_cents(fee: int, vat: int) -> None:
    assert rules.vat_in(Money(fee)) == Money(vat)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_in_whatever_order_all_adds_up_in_the_end(till: Till, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - cases to try, no secret
    till = open_till(till.database, till.now, fee_rate=chance.choice([0, 484, 3_000]))
    bought: list[PaymentFacts] = []
    for _step in range(25):
        _something(till, bought, chance)
        assert sum(till.holds().values()) == 0
    till.bank.away.clear()
    till.bank.forgets_to_answer.clear()
    till.connect()
    for _turn in range(3):
        till.now += timedelta(hours=2)
        till.work()
    assert {each.state for kind in (Refund, Transfer, TransferReversal) for each in till.all(kind)} <= {SendState.DONE}
    charged, held = sum(each.amount.cents for each in bought), till.holds()
    fee = -held.get(AccountKind.FEES, 0) - held.get(AccountKind.VAT, 0)
    assert (till.bank.moved("transfer") - till.bank.moved("reversal")).cents + fee == charged - till.bank.moved("refund").cents
    assert held.get(AccountKind.CLEARING, 0) == fee, "what is left at the bank is what we earned"
    assert held.get(AccountKind.PROVIDER, 0) == held.get(AccountKind.PAYER, 0) == 0


def _something(till: Till, bought: list[PaymentFacts], chance: random.Random) -> None:
    troubles = ["start_checkout", "refund", "transfer", "reverse_transfer"]
    match chance.choice(["buy", "buy", "refund", "refund", "refund", "work", "away", "forgets", "well", "time", "connect"]):
        case "buy":
            with suppress(BankAway):
                bought.append(till.buy(Money(chance.randint(1, 50_000))))
        case "refund" if bought:
            _some_back(till, chance.choice(bought), chance)
        case "away":
            till.bank.away.add(chance.choice(troubles))
        case "forgets":
            till.bank.forgets_to_answer.add(chance.choice(troubles))
        case "well":
            till.bank.away.clear()
            till.bank.forgets_to_answer.clear()
        case "time":
            till.now += timedelta(hours=1)
        case "connect" if chance.random() < 0.3:
            till.connect()
        case _:
            till.work()


def _some_back(till: Till, asked: PaymentFacts, chance: random.Random) -> None:
    left = asked.amount.cents - sum(each.amount.cents for each in till.all(Refund) if each.payment_id == asked.id)
    if left:
        till.give_back(asked, Money(chance.randint(1, left)))


# The ledger itself


def test_the_same_key_is_booked_once(till: Till) -> None:
    about, legs = new_id(), [(rules.CLEARING, rules.FEES, PRICE)]
    with till.database.writing() as session:
        for _time in range(2):
            book(session, key="once", kind=Booked.PAID, about_id=about, legs=legs, at=till.now)
    assert till.holds() == {"clearing": 24_500, "fees": -24_500}
    assert at_the_same_time(
        till.database,
        lambda session: book(session, key="twice", kind=Booked.PAID, about_id=about, legs=legs, at=till.now),
        lambda session: book(session, key="twice", kind=Booked.PAID, about_id=about, legs=legs, at=till.now),
    ) == "done"
    assert till.holds() == {"clearing": 49_000, "fees": -49_000}


def test_nothing_is_booked_of_nothing_and_less_than_nothing_is_refused(till: Till) -> None:
    with till.database.writing() as session:
        book(session, key="nothing", kind=Booked.FEE, about_id=new_id(), legs=[(rules.CLEARING, rules.FEES, FREE)], at=till.now)
        with pytest.raises(ValueError, match="the other way round"):
            book_all(session, [Booking("less", Booked.FEE, new_id(), [(rules.CLEARING, rules.FEES, Money(-1))])], at=till.now)
    assert till.all(LedgerTransaction) == till.all(LedgerAccount) == []


@pytest.mark.parametrize("statement", [update(LedgerEntry).values(amount=Money(1)), delete(LedgerEntry), update(LedgerTransaction).values(note="x"),
                                       delete(LedgerTransaction), update(LedgerAccount).values(code="x"), delete(LedgerAccount)], ids=str)
def test_the_database_itself_refuses_to_change_what_was_booked(till: Till, statement: UpdateBase) -> None:
    till.buy()
    with pytest.raises(DBAPIError), till.database.writing() as session:
        session.execute(statement)


def test_an_account_is_read_as_a_statement_that_adds_up(till: Till) -> None:
    clearing = account_id(rules.CLEARING)
    first = till.buy()
    till.now += timedelta(days=1)
    since = till.now
    till.buy(Money(100))
    till.give_back(first, Money(4_500))
    till.work()
    with till.database.reading() as session:
        found = ledger.statement(session, clearing, since=since, until=since + timedelta(days=1))
        assert (found.opening, found.closing, found.left_out) == (PRICE, Money(20_100), 0)
        assert [(line.kind, line.amount, line.balance) for line in found.lines] == [
            (Booked.PAID, Money(100), Money(24_600)), (Booked.REFUNDED, Money(-4_500), Money(20_100)),
        ]
        short = ledger.statement(session, clearing, since=since, until=since + timedelta(days=1), most=1)
        assert ([line.amount for line in short.lines], short.left_out) == ([Money(-4_500)], 1)
        assert ledger.balance(session, clearing) == Money(20_100)
        assert ledger.balances(session) == {
            AccountKind.CLEARING: Money(20_100), AccountKind.PAYER: FREE, AccountKind.PROVIDER: Money(-20_100), AccountKind.FEES: FREE, AccountKind.VAT: FREE,
        }
        assert ledger.statement(session, new_id(), since=since, until=since) == ledger.Statement(FREE, [], 0, FREE)


def test_every_account_knows_whose_it_is(till: Till) -> None:
    till.buy()
    with till.database.reading() as session:
        owners = dict(session.execute(select(LedgerAccount.code, LedgerAccount.owner_id)).all())
    assert owners == {"clearing": None, f"payer:{till.payer.person_id}": till.payer.person_id, f"provider:{till.provider_id}": till.provider_id}


def test_failed_orders_go_out_again_only_when_a_person_says_so(till: Till) -> None:
    with till.database.writing() as session:
        assert sending.retry_failed(session, now=till.now) == 0
