"""The office reads who paid, what funds were used and which paid seats stayed empty; the numbers are those of the rows, and tell of nobody in particular.

    mutation                                                           red
    `paying._lines_of` yields nothing                                  the last hidden quarter is found from its year
    `paying.told` shows everything                                     amounts of few people are shown
    years as the sum of the people of quarters                         a year of few people who came back is shown
    `Attendance.by_learner` left out of who was seen                   who said to have been there is called absent
"""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.funding.kinds import PayerCategory, ShareState, SourceKind
from academy.kernel.clock import amsterdam_day
from academy.reports.facts import Section, Table, View
from academy.reports.queries.money import money_section
from academy.reports.rules.paying import Cell, Counted, growth, tenths, told, told_of_firms
from academy.reports.rules.quarters import is_year, last_day, quarter_of
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
    assert [tenths(1, 3), tenths(2, 3), tenths(0, 5), tenths(5, 5), tenths(1, 0)] == [333, 667, 0, 1000, None]
    assert [growth(150, 100), growth(50, 100), growth(100, 100), growth(1, 0), growth(0, 3)] == [500, -500, 0, None, -1000]


@given(st.lists(st.integers(0, 30), min_size=4, max_size=4), st.integers(0, 4))
def test_no_quarter_of_few_people_is_told_nor_found_from_its_year(quarters: list[int], repeated: int) -> None:
    year = max([*quarters, sum(quarters) - repeated * 5])  # who came back counts once in the year
    cells = {Cell("sector", f"2026-{number}"): Counted(people, people, people * 100) for number, people in enumerate(quarters, start=1)}
    cells[Cell("sector", "2026")] = Counted(year, year, sum(quarters) * 100)
    found = told(cells)
    hidden = [cells[cell] for cell, shown in found.items() if shown is None and cell.period != "2026"]
    assert all(shown is None or not 0 < shown.people < 10 for shown in found.values())
    if found[Cell("sector", "2026")] is not None:
        assert not hidden or (len(hidden) > 1 and sum(each.people for each in hidden) >= 10)


def test_seats_of_two_firms_are_not_told_and_of_three_they_are() -> None:
    cell = Cell("employers", "2026-1")
    assert told_of_firms({cell: Counted(2, 40, 100)})[cell] is None
    assert told_of_firms({cell: Counted(3, 4, 100)})[cell] == Counted(3, 4, 100)
    assert told({cell: Counted(0, 4, 100)})[cell] == Counted(0, 4, 100), "what is nobody's tells of nobody"


# Who paid


def test_what_was_paid_equals_a_count_in_plain_python(cash: Cash) -> None:
    dice, people = random.Random(11), [cash.rows.person() for _number in range(25)]  # noqa: S311 - no secret
    counted: dict[Cell, tuple[set[UUID], list[int]]] = defaultdict(lambda: (set(), []))
    begin = datetime(2023, 12, 31, 12, tzinfo=UTC)
    for _seat in range(220):
        at = begin + timedelta(minutes=dice.randrange(60 * 24 * 1096))
        category, state = dice.choice(list(PayerCategory)), dice.choice([ShareState.PAID, ShareState.INVOICED, ShareState.SETTLED, ShareState.APPROVED, ShareState.RELEASED])
        amount, person = dice.randrange(1, 90_000), dice.choice(people)
        refunded = dice.choice([0, 0, amount // 2, amount])
        cash.seat(category, at=at, by=person, amount=amount, refunded=refunded, state=state)
        day = amsterdam_day(at)
        is_paid = state not in {ShareState.APPROVED, ShareState.RELEASED} and refunded < amount
        if is_paid and category is not PayerCategory.NOBODY and date(2024, 1, 1) <= day < AS_OF:
            for period in (quarter_of(day), str(day.year)):
                counted[Cell(category.value, period)][0].add(person)
                counted[Cell(category.value, period)][1].append(amount - refunded)
    expected = {cell: Counted(len(those), len(cents), sum(cents)) for cell, (those, cents) in counted.items()}
    assert sources.paid(cash.rows.session, WHOLE, as_of=AS_OF) == expected
    found = section(cash)
    assert found == section(cash), "the same rows give the same report"
    for name in ("paid", "paid-years"):
        for values in table(found, name).rows:
            period = str(values[0])
            for category, shown in zip(sources.CATEGORIES, values[1:-1], strict=True):
                truth = expected.get(Cell(category.value, period), Counted())
                assert truth.people if shown is None else shown == truth.cents, (period, category)
                assert shown is None or not 0 < truth.people < 10


def test_a_quarter_of_few_people_is_hidden_and_another_with_it_so_that_its_year_does_not_tell(cash: Cash) -> None:
    cash.seats(3, SECTOR, at=Q3, amount=77_700)
    cash.seats(12, SECTOR, at=Q2)
    cash.seats(30, SECTOR, at=datetime(2026, 1, 5, tzinfo=UTC))
    found = section(cash)
    assert [row[4] for row in table(found, "paid").rows[-4:]] == [300_000, None, None, 0]
    assert row(found, "paid-years", "2026")["sector"] == 3 * 77_700 + 420_000
    assert row(found, "paid", "2026-3")["total"] == 0


def test_a_year_of_few_people_who_came_back_is_hidden(cash: Cash) -> None:
    people = [cash.rows.person() for _number in range(4)]
    for at in (datetime(2026, 2, 2, tzinfo=UTC), Q2, Q3):
        for person in people:
            cash.seat(INDIVIDUALS, at=at, by=person)
    assert row(section(cash), "paid-years", "2026")["individuals"] is None
    assert "te weinig" in section(cash).sentences[0].nl


def test_shares_and_trend_are_of_what_is_shown(cash: Cash) -> None:
    cash.seats(10, SECTOR, at=Q2)
    cash.seats(10, SECTOR, at=Q3, amount=15_000)
    cash.seats(10, EMPLOYERS, at=Q3, amount=5_000)
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
    assert empty["2026"][-2:] == (11, 110_000)
    assert "2025" not in empty, "then there was nothing"
    assert "geen betaalde plek leeg" in section(cash, "2025").sentences[-1].nl
    assert found.sentences[-1].nl == "Betaalde plekken die leeg bleven: zonder naam 0, en mensen die nooit kwamen 11."


def test_few_who_never_came_are_not_told(cash: Cash) -> None:
    over = cash.offering(date(2026, 7, 6))
    for _person in range(9):
        cash.sat(SECTOR, offering_id=over, seen=(False,))
    found = section(cash)
    assert next(row for row in table(found, "empty").rows if getattr(row[1], "nl", "") == "Sectorfondsen")[-2:] == (None, None)
    assert "nooit kwamen minder dan 10" in found.sentences[-1].nl


def test_seats_that_were_bought_and_got_no_name_are_told_from_three_firms_on(cash: Cash) -> None:
    firms = [cash.rows.firm() for _firm in range(3)]
    for firm in firms[:2]:
        cash.block(firm, unnamed=5, starts_on=date(2026, 7, 6))
    cash.block(firms[2], unnamed=4, starts_on=date(2026, 7, 6), state=ShareState.RELEASED)
    employers = [row for row in table(section(cash), "empty").rows if getattr(row[1], "nl", "") == "Werkgevers"]
    assert employers[0][2:4] == (None, None)
    assert "te weinig werkgevers" in section(cash).sentences[-1].nl
    cash.block(firms[2], unnamed=4, starts_on=date(2026, 8, 3))
    cash.block(firms[0], unnamed=9, starts_on=AS_OF)  # begins on the day of counting
    employers = [row for row in table(section(cash), "empty").rows if getattr(row[1], "nl", "") == "Werkgevers"]
    assert employers[0][2:4] == (14, 140_000)


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
