"""The office reads who paid, what funds were used and which paid seats stayed empty; the numbers are those of the rows, and tell of nobody in particular.

    mutation                                                           red
    `paying._hidden_in` returns only what is of a few                  the last hidden quarter is found from its year
    `paying.told` shows everything                                     amounts of few people are shown
    `paying._are_enough` adds up the people of what is hidden          two quarters of the same few are found from their year
    `_is_enough` of employers without firms                            what one firm paid for 42 people is shown
    years as the sum of the people of quarters                         a year of few people who came back is shown
    `Attendance.by_learner` left out of who was seen                   who said to have been there is called absent
"""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from academy.funding.kinds import PayerCategory, ShareState, SourceKind
from academy.kernel.clock import amsterdam_day
from academy.reports.facts import Section, Table, View
from academy.reports.queries.money import money_section
from academy.reports.rules.hiding import by_hundreds
from academy.reports.rules.paying import Cell, Counted, told
from academy.reports.rules.quarters import is_year, last_day, quarter_of
from academy.reports.rules.ratios import growth, share
from academy.reports.sources import money as sources
from tests.reports.funded import EMPLOYERS, INDIVIDUALS, SECTOR, Cash
from tests.reports.world import Rows

AS_OF = date(2026, 11, 24)
WHOLE = tuple(f"{year}-{number}" for year in (2024, 2025, 2026) for number in (1, 2, 3, 4))
Q3 = datetime(2026, 8, 3, 9, tzinfo=UTC)
Q2 = datetime(2026, 5, 4, 9, tzinfo=UTC)


@pytest.fixture
def cash(rows: Rows) -> Cash:
    return Cash(rows)


def section(cash: Cash, period: str = "2026", *, as_of: date = AS_OF) -> Section:
    found = View(period)
    first = date(int(period[:4]), 1, 1) if is_year(period) else date(int(period[:4]), int(period[-1]) * 3 - 2, 1)
    return money_section(cash.rows.session, view=found, from_on=first, until_on=last_day(period), as_of=as_of)


def table(found: Section, name: str) -> Table:
    return next(each for each in found.tables if each.name == name)


def row(found: Section, name: str, first: str) -> dict[str, object]:
    one = table(found, name)
    values = next(row for row in one.rows if str(getattr(row[0], "nl", row[0])) == first)
    return dict(zip((column.name for column in one.columns), values, strict=True))


# The rules


def test_shares_and_growth_are_tenths_of_a_per_cent_to_the_nearest() -> None:
    assert [share(1, 3), share(2, 3), share(0, 5), share(5, 5), share(1, 0)] == [333, 667, 0, 1000, None]
    assert [growth(150, 100), growth(50, 100), growth(100, 100), growth(1, 0), growth(0, 3)] == [500, -500, 0, None, -1000]


_PAYING = st.sets(st.tuples(st.integers(0, 30), st.integers(0, 4)), max_size=30)  # people, and the firm that paid for each


def _these(first: int, last: int, firms: int = 3) -> set[tuple[int, int]]:
    return {(number, number % firms) for number in range(first, last)}


@given(st.lists(_PAYING, min_size=4, max_size=4), st.sampled_from(["sector", "employers"]))
@example([_these(0, 20), _these(20, 22), _these(20, 29), _these(10, 25)], "sector")
@example([_these(0, 20), _these(20, 40, firms=2), _these(40, 60, firms=2), _these(0, 20)], "employers")
def test_nothing_of_a_few_people_or_firms_is_told_nor_found_from_a_year_whoever_comes_back(quarters: list[set[tuple[int, int]]], category: str) -> None:
    def counted(pairs: set[tuple[int, int]]) -> Counted:
        return Counted(len({person for person, _firm in pairs}), len({firm for _person, firm in pairs}), len(pairs), 100_00 * len(pairs))

    def is_of_enough(pairs: set[tuple[int, int]]) -> bool:
        return not pairs or (counted(pairs).people >= 10 and (category == "sector" or counted(pairs).firms >= 3))

    year = Cell(category, "2026")
    there = {Cell(category, f"2026-{number}"): pairs for number, pairs in enumerate(quarters, start=1)}
    found = told({cell: counted(pairs) for cell, pairs in (there | {year: set().union(*quarters)}).items()})
    assert all(is_of_enough(pairs) for cell, pairs in there.items() if found[cell] is not None)
    if found[year] is not None:
        hidden = [pairs for cell, pairs in there.items() if found[cell] is None]
        assert is_of_enough(set().union(*quarters))
        assert not hidden or (len(hidden) > 1 and all(hidden)), "alone, or beside nothing, it is found"
        assert is_of_enough(set().union(*hidden)), "what is hidden together is found from the year"


def test_two_quarters_of_the_same_few_are_not_found_from_their_year() -> None:
    cells = {Cell("sector", f"2026-{number}"): Counted(people, 1, people, 100_000) for number, people in ((1, 20), (2, 2), (3, 9), (4, 15))}
    found = told(cells | {Cell("sector", "2026"): Counted(34, 1, 46, 400_000)})
    assert [cell.period for cell, counted in found.items() if counted is None] == ["2026-2", "2026-3", "2026-4"], "two and nine are nine together, and ten of the others came twice"


@pytest.mark.parametrize(("category", "counted", "is_told"), [
    ("employers", Counted(42, 1, 42, 100), False), ("employers", Counted(42, 2, 42, 100), False), ("employers", Counted(42, 3, 42, 100), True),
    ("employers", Counted(0, 1, 4, 100), False), ("employers", Counted(0, 3, 4, 100), True), ("employers", Counted(9, 3, 42, 100), False),
    ("sector", Counted(10, 1, 10, 100), True), ("sector", Counted(0, 1, 4, 100), False), ("individuals", Counted(10, 0, 10, 100), True), ("sector", Counted(), True),
])
def test_an_amount_needs_ten_people_and_of_employers_three_firms(category: str, counted: Counted, is_told: bool) -> None:
    cell = Cell(category, "2026-1")
    assert (told({cell: counted})[cell] is not None) is is_told


def test_what_is_told_is_rounded() -> None:
    cell = Cell("sector", "2026-1")
    assert told({cell: Counted(11, 1, 13, 12_345_67)})[cell] == Counted(10, 1, 15, 12_300_00)


# Who paid


def test_what_was_paid_equals_a_count_in_plain_python(cash: Cash) -> None:
    dice, people = random.Random(11), [cash.rows.person() for _number in range(25)]  # noqa: S311 - no secret
    counted: dict[Cell, tuple[set[UUID], set[UUID], list[int]]] = defaultdict(lambda: (set(), set(), []))
    firms = [cash.rows.firm() for _firm in range(5)]
    begin = datetime(2023, 12, 31, 12, tzinfo=UTC)
    for _seat in range(220):
        at = begin + timedelta(minutes=dice.randrange(60 * 24 * 1096))
        category, state = dice.choice(list(PayerCategory)), dice.choice([ShareState.PAID, ShareState.INVOICED, ShareState.SETTLED, ShareState.APPROVED, ShareState.RELEASED])
        amount, person, firm = dice.randrange(1, 90_000), dice.choice(people), dice.choice(firms)
        refunded = dice.choice([0, 0, amount // 2, amount])
        cash.seat(category, at=at, by=person, amount=amount, refunded=refunded, state=state, firm=firm)
        day = amsterdam_day(at)
        is_paid = state not in {ShareState.APPROVED, ShareState.RELEASED} and refunded < amount
        if is_paid and category is not PayerCategory.NOBODY and date(2024, 1, 1) <= day < AS_OF:
            for period in (quarter_of(day), str(day.year)):
                counted[Cell(category.value, period)][0].add(person)
                counted[Cell(category.value, period)][1].update([firm] if category is not INDIVIDUALS else [])
                counted[Cell(category.value, period)][2].append(amount - refunded)
    expected = {cell: Counted(len(those), len(payers), len(cents), sum(cents)) for cell, (those, payers, cents) in counted.items()}
    assert sources.paid(cash.rows.session, WHOLE, as_of=AS_OF) == expected
    found = section(cash)
    assert found == section(cash), "the same rows give the same report"
    for name in ("paid", "paid-years"):
        for values in table(found, name).rows:
            period = str(values[0])
            for category, shown in zip(sources.CATEGORIES, values[1:-1], strict=True):
                truth = expected.get(Cell(category.value, period), Counted())
                assert truth.people if shown is None else shown == by_hundreds(truth.cents), (period, category)
                assert shown is None or not 0 < truth.people < 10


def test_a_quarter_of_few_people_is_hidden_and_another_with_it_so_that_its_year_does_not_tell(cash: Cash) -> None:
    cash.seats(3, SECTOR, at=Q3, amount=77_700)
    cash.seats(12, SECTOR, at=Q2)
    cash.seats(30, SECTOR, at=datetime(2026, 1, 5, tzinfo=UTC))
    found = section(cash)
    assert [row[4] for row in table(found, "paid").rows[-4:]] == [300_000, None, None, 0]
    assert row(found, "paid-years", "2026")["sector"] == 650_000, "€ 6.531 to the nearest hundred"
    assert row(found, "paid", "2026-3")["total"] == 0


def test_a_year_of_few_people_who_came_back_is_hidden(cash: Cash) -> None:
    people = [cash.rows.person() for _number in range(4)]
    for at in (datetime(2026, 2, 2, tzinfo=UTC), Q2, Q3):
        for person in people:
            cash.seat(INDIVIDUALS, at=at, by=person)
    assert row(section(cash), "paid-years", "2026")["individuals"] is None
    assert "niet te tonen" in section(cash).sentences[0].nl


def test_what_one_firm_paid_is_not_told_whoever_it_paid_for(cash: Cash) -> None:
    firm = cash.rows.firm()
    cash.seats(42, EMPLOYERS, at=Q3, firm=firm)
    cash.seats(20, SECTOR, at=Q3)
    found = section(cash)
    assert row(found, "paid-years", "2026")["employers"] is None
    assert row(found, "paid", "2026-3") | {"period": ""} == {"period": "", "education": 0, "employers": None, "individuals": 0, "sector": 200_000, "total": 200_000}
    assert row(found, "shares", "Sectorfondsen")["share"] == 1000, "of what is told"
    assert "4.200" not in str(found)
    cash.seats(2, EMPLOYERS, at=Q3)
    assert row(section(cash), "paid-years", "2026")["employers"] == 440_000, "of three firms it is told"


def test_seats_without_a_name_tell_nothing_of_the_firm_that_paid_them(cash: Cash) -> None:
    cash.block(cash.rows.firm(), unnamed=4, starts_on=date(2026, 7, 6), price=12_345)
    found = section(cash)
    assert row(found, "paid-years", "2026")["employers"] is None
    assert "493" not in str(found)


def test_shares_and_trend_are_of_what_is_shown(cash: Cash) -> None:
    cash.seats(10, SECTOR, at=Q2)
    cash.seats(10, SECTOR, at=Q3, amount=15_000)
    cash.seats(10, EMPLOYERS, at=Q3, amount=5_000)  # of three firms
    cash.seats(2, INDIVIDUALS, at=Q3)
    found = section(cash, "2026-3")
    assert row(found, "shares", "Sectorfondsen") == {"category": row(found, "shares", "Sectorfondsen")["category"], "amount": 150_000, "before": 100_000, "share": 750,
                                                     "share_before": 1000, "change": 500}
    assert (row(found, "shares", "Mensen zelf")["amount"], row(found, "shares", "Mensen zelf")["share"]) == (None, None)
    assert row(found, "shares", "Werkgevers")["change"] is None, "before it there was nothing"
    assert found.sentences[0].nl.replace("\N{NO-BREAK SPACE}", " ") == (
        "In kwartaal 3 van 2026 betaalde deze groep het meest: Sectorfondsen. Dat was € 1.500, 75% van wat we laten zien."
    )
    assert "2.000" in found.sentences[1].nl
    assert "in Q" not in found.sentences[0].en


def test_a_seat_counts_from_the_day_it_was_sure_and_not_on_the_day_of_counting(cash: Cash) -> None:
    cash.seats(10, SECTOR, at=datetime(2026, 11, 23, 22, 59, tzinfo=UTC))
    cash.seats(10, SECTOR, at=datetime(2026, 11, 23, 23, 0, tzinfo=UTC), amount=1)  # midnight in Amsterdam
    assert row(section(cash), "paid", "2026-4")["sector"] == 100_000
    assert [row[0] for row in table(section(cash), "paid").rows] == [*WHOLE[4:]]


# What stayed empty


def test_who_was_never_seen_in_a_class_that_is_over_had_an_empty_seat(cash: Cash) -> None:
    over = cash.offering(date(2026, 7, 6))
    for _person in range(11):
        cash.sat(SECTOR, offering_id=over, seen=(False, False))
    cash.sat(SECTOR, offering_id=over, seen=(False, True))
    cash.sat(SECTOR, offering_id=over, seen=(False,), by_learner=True)
    cash.sat(SECTOR, offering_id=over, seen=(None, None))  # nobody noted anything
    cash.sat(SECTOR, offering_id=over, seen=(False,), state=ShareState.RELEASED)
    cash.sat(SECTOR, offering_id=cash.offering(date(2026, 9, 7), weeks=20), seen=(False,))
    found = section(cash)
    empty = {str(row[0]): row for row in table(found, "empty").rows if getattr(row[1], "nl", "") == "Sectorfondsen"}
    assert empty["2026"][-2:] == (10, 110_000), "eleven, by fives"
    assert "2025" not in empty, "then there was nothing"
    assert "geen betaalde plek leeg" in section(cash, "2025").sentences[-1].nl
    assert found.sentences[-1].nl == "Betaalde plekken die leeg bleven: zonder naam 0, en mensen die nooit kwamen 10 (Sectorfondsen)."


def test_few_who_never_came_are_not_told(cash: Cash) -> None:
    over = cash.offering(date(2026, 7, 6))
    for _person in range(9):
        cash.sat(SECTOR, offering_id=over, seen=(False,))
    found = section(cash)
    assert next(row for row in table(found, "empty").rows if getattr(row[1], "nl", "") == "Sectorfondsen")[-2:] == (None, None)
    assert "nooit kwamen niet te tonen (Sectorfondsen)" in found.sentences[-1].nl
    for _person in range(40):
        cash.sat(INDIVIDUALS, offering_id=over, seen=(False,))
    assert "nooit kwamen 40 (Mensen zelf), niet te tonen (Sectorfondsen)" in section(cash).sentences[-1].nl, "many of one group are not few because of another"


def test_seats_that_were_bought_and_got_no_name_are_told_from_three_firms_on(cash: Cash) -> None:
    firms = [cash.rows.firm() for _firm in range(3)]
    for firm in firms[:2]:
        cash.block(firm, unnamed=5, starts_on=date(2026, 7, 6))
    cash.block(firms[2], unnamed=4, starts_on=date(2026, 7, 6), state=ShareState.RELEASED)
    employers = [row for row in table(section(cash), "empty").rows if getattr(row[1], "nl", "") == "Werkgevers"]
    assert employers[0][2:4] == (None, None)
    assert "zonder naam niet te tonen (Werkgevers)" in section(cash).sentences[-1].nl
    cash.block(firms[2], unnamed=4, starts_on=date(2026, 8, 3))
    cash.block(firms[0], unnamed=9, starts_on=AS_OF)  # begins on the day of counting
    employers = [row for row in table(section(cash), "empty").rows if getattr(row[1], "nl", "") == "Werkgevers"]
    assert employers[0][2:4] == (15, 140_000), "fourteen, by fives"


# Funds


def test_a_fund_tells_what_is_used_where_enough_people_use_it(cash: Cash) -> None:
    budget = cash.budget(cash.source(name="Fonds Groot"), earmarked=100_000, spent=200_000)
    cash.seats(10, SECTOR, state=ShareState.APPROVED, budget=budget)
    cash.seats(20, SECTOR, budget=budget)
    few = cash.budget(cash.source(name="Fonds Klein"), earmarked=100_000, spent=20_000)
    cash.seats(10, SECTOR, state=ShareState.RESERVED, budget=few)
    cash.seats(2, SECTOR, budget=few)
    cash.budget(cash.source(SourceKind.PROVIDER_DISCOUNT, name="Korting"))
    cash.budget(cash.source(name="Fonds Oud"), year=2024)
    found = section(cash)
    assert [row[0].nl for row in table(found, "funds").rows] == ["Fonds Groot", "Fonds Klein"]  # type: ignore[union-attr]
    assert row(found, "funds", "Fonds Groot") | {"kind": 0, "source": 0} == {
        "source": 0, "kind": 0, "budget": "2026", "from": "2026-01-01", "until": "2026-12-31", "amount": 1_000_000, "earmarked": 100_000, "spent": 200_000, "free": 700_000,
        "used": 300,
    }
    small = row(found, "funds", "Fonds Klein")
    assert (small["earmarked"], small["spent"], small["free"], small["used"]) == (100_000, None, None, None), "what is free would tell it"


def test_budgets_of_employers_are_one_line_that_needs_three_firms_and_ten_people(cash: Cash) -> None:
    budgets = [cash.budget(cash.source(SourceKind.EMPLOYER, owner=cash.rows.firm(), name="Eigen geld"), spent=40_000) for _firm in range(2)]
    for budget in budgets:
        cash.seats(4, EMPLOYERS, budget=budget)
    assert [row[5:] for row in table(section(cash), "funds").rows] == [(None,) * 5]
    third = cash.budget(cash.source(SourceKind.EMPLOYER, owner=cash.rows.firm(), name="Eigen geld"), spent=20_000)
    cash.seats(1, EMPLOYERS, budget=third)
    [line] = table(section(cash), "funds").rows
    assert line[5:8] == (3_000_000, 0, None), "three firms, nine people"
    cash.seats(1, EMPLOYERS, budget=third)
    [line] = table(section(cash), "funds").rows
    assert line[5:] == (3_000_000, 0, 100_000, 2_900_000, 33)
    assert "Eigen geld" not in str(line)
