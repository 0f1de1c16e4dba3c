"""Who paid, which funds were used, and which paid seats stayed empty (requirements R11 and R25)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.funding import api as funding
from academy.kernel.formats import number_text
from academy.kernel.money import FREE, Money
from academy.kernel.text import Localized
from academy.kernel.translation import _, ngettext
from academy.reports.facts import ColumnKind, PaidYear, Section, Table, Value, View
from academy.reports.queries.as_text import value_text
from academy.reports.queries.columns import Titles, columns_of
from academy.reports.queries.reach import require_office
from academy.reports.rules import paying, quarters
from academy.reports.rules.hiding import FEW_FIRMS, FEW_PEOPLE, by_hundreds
from academy.reports.rules.paying import Cell, Counted
from academy.reports.rules.ratios import growth, share
from academy.reports.sources import money as sources
from academy.reports.sources.money import CATEGORIES, BudgetUse, category_words
from academy.reports.words import in_both, period_words

SHOWN: Final = 8  # quarters of the drawing
YEARS: Final = 3
_TEXT, _COUNT, _EURO, _PERCENT, _DAY = ColumnKind.TEXT, ColumnKind.COUNT, ColumnKind.EURO, ColumnKind.PERCENT, ColumnKind.DAY
_Told = Mapping[Cell, Counted | None]
_COLUMNS: Final[Titles] = {
    "period": (lambda: _("Periode"), _TEXT), "total": (lambda: _("Samen"), _EURO), "category": (lambda: _("Wie"), _TEXT), "amount": (lambda: _("Bedrag"), _EURO),
    "before": (lambda: _("Hiervoor"), _EURO), "share": (lambda: _("Aandeel"), _PERCENT), "share_before": (lambda: _("Aandeel hiervoor"), _PERCENT),
    "change": (lambda: _("Verandering"), _PERCENT), "source": (lambda: _("Regeling"), _TEXT), "kind": (lambda: _("Soort"), _TEXT), "budget": (lambda: _("Budget"), _TEXT),
    "from": (lambda: _("Vanaf"), _DAY), "until": (lambda: _("Tot en met"), _DAY), "earmarked": (lambda: _("Toegewezen"), _EURO), "spent": (lambda: _("Besteed"), _EURO),
    "free": (lambda: _("Vrij"), _EURO), "used": (lambda: _("Gebruikt"), _PERCENT), "unnamed": (lambda: _("Plekken zonder naam"), _COUNT),
    "unnamed_paid": (lambda: _("Bedrag zonder naam"), _EURO), "absent": (lambda: _("Nooit gekomen"), ColumnKind.PEOPLE), "absent_paid": (lambda: _("Bedrag nooit gekomen"), _EURO),
    **{each.value: (partial(category_words, each), _EURO) for each in CATEGORIES},
}


@dataclass(frozen=True)
class _Money:
    """All that the tables tell, as far as it may be told; `whole` are twelve quarters, of the years that it is about."""

    view: View
    whole: tuple[str, ...]
    as_of: date
    paid: _Told
    unnamed: _Told
    absent: _Told
    budgets: Sequence[BudgetUse]

    @property
    def periods(self) -> tuple[str, str]:
        """Return the period before, and that of the view."""
        return quarters.before(self.view.period), self.view.period


def money_of_office(session: Session, actor: Actor, *, view: View, as_of: date) -> Section:
    """Return the section of one period. Raises NotFound for who is not of the programme office."""
    require_office(session, actor)
    return money_section(session, view=view, from_on=quarters.first_day(view.period), until_on=quarters.last_day(view.period), as_of=as_of)


def money_section(session: Session, *, view: View, from_on: date, until_on: date, as_of: date) -> Section:
    """Return who paid, what funds were used, and which paid seats stayed empty. Money is not told by area or sector: of the view only the period counts.

    Tables: `paid` (period TEXT, education EURO, employers EURO, individuals EURO, sector EURO, total EURO): eight quarters, the oldest first; `total` is of what is
    shown. `paid-years`: the same of three years. `shares` (category TEXT, amount EURO, before EURO, share PERCENT, share_before PERCENT, change PERCENT): the period
    of the view and the one before. `funds` (source TEXT, kind TEXT, budget TEXT, from DAY, until DAY, amount EURO, earmarked EURO, spent EURO, free EURO, used
    PERCENT): budgets that ran between the two days, those of employers together and from three firms on. `empty` (period TEXT, category TEXT, unnamed COUNT,
    unnamed_paid EURO, absent PEOPLE, absent_paid EURO), without rows of nothing. Eight statements.

    An amount of fewer than ten different people is hidden, as is one from which it would be found; what employers paid and seats without a name are told from three
    firms on. Amounts are rounded to hundreds of euros, people and seats to fives; sums and shares are of what is told. They are as they are now (what went back is off
    them), of seats that were sure, and classes that began or ended, before `as_of`.
    """
    year = int(quarters.year_of(view.period))
    whole = tuple(f"{each}-{number}" for each in range(year - YEARS + 1, year + 1) for number in range(1, 5))
    found = _Money(
        view, whole, as_of, paying.told(sources.paid(session, whole, as_of=as_of)), paying.told(sources.unnamed_seats(session, whole, as_of=as_of)),
        paying.told(sources.absent_seats(session, whole, as_of=as_of)), sources.budgets(session, from_on=from_on, until_on=until_on),
    )
    sentences = tuple(in_both(say) for say in (lambda: _most_words(found), lambda: _total_words(found), lambda: _empty_words(found)))
    return Section("money", in_both(lambda: _("Wie betaalde")), tuple(each for each in sentences if each), (
        _paid_table(found), _years_table(found), _shares_table(found), _funds_table(found), _empty_table(found),
    ))


def paid_in(told: _Told, periods: Sequence[str]) -> list[PaidYear]:
    """Return what the four categories paid in each period; None for what is hidden."""
    return [PaidYear(period, {each.value: _amount(told, each.value, period) for each in CATEGORIES}) for period in periods]


def _amount(told: _Told, category: str, period: str) -> Money | None:
    counted = told.get(Cell(category, period), Counted())
    return None if counted is None else Money(counted.cents)


def _sum(one: PaidYear) -> int:
    """Return the sum in cents of what is shown: a sum of everything would tell what is hidden."""
    return sum((amount for amount in one.amounts.values() if amount is not None), FREE).cents


def _of_periods(found: _Money, periods: Sequence[str]) -> tuple[tuple[Value, ...], ...]:
    return tuple((one.period, *(_cents(amount) for amount in one.amounts.values()), _sum(one)) for one in paid_in(found.paid, periods))


def _who(category: funding.PayerCategory) -> Localized:
    return in_both(lambda: category_words(category))


def _cents(amount: Money | None) -> int | None:
    return None if amount is None else amount.cents


def _paid_table(found: _Money) -> Table:
    last = quarters.quarter_of(min(quarters.last_day(found.view.period), found.as_of - timedelta(days=1)))
    shown = tuple(quarters.quarters_until(last, number=SHOWN))
    return Table(
        "paid", in_both(lambda: _("Betaald per kwartaal")), columns_of(_COLUMNS, "period", *(each.value for each in CATEGORIES), "total"), _of_periods(found, shown), in_both(_paid_note),
    )


def _paid_note() -> str:
    return _(
        "Geteld is wat is betaald of op een factuur staat, min wat terugging, in het kwartaal waarin de plek zeker werd. Een bedrag van minder dan %(least)s mensen "
        "of minder dan %(firms)s werkgevers laten we niet zien, en ook geen bedrag waaruit je het kunt uitrekenen. Het telt niet mee bij Samen. Kortingen tellen niet "
        "mee. Bedragen zijn afgerond op honderd euro.", least=FEW_PEOPLE, firms=FEW_FIRMS,
    )


def _years_table(found: _Money) -> Table:
    years = sorted({quarters.year_of(each) for each in found.whole})
    return Table(
        "paid-years", in_both(lambda: _("Betaald per jaar")), columns_of(_COLUMNS, "period", *(each.value for each in CATEGORIES), "total"), _of_periods(found, years),
        in_both(lambda: _("Het laatste jaar telt tot de dag waarop is geteld.")),
    )


def _shares_table(found: _Money) -> Table:
    before, now = paid_in(found.paid, found.periods)
    rows: list[tuple[Value, ...]] = []
    for each in CATEGORIES:
        amount, was = _cents(now.amounts[each.value]), _cents(before.amounts[each.value])
        rows.append((
            _who(each), amount, was, None if amount is None else share(amount, _sum(now)),
            None if was is None else share(was, _sum(before)), None if amount is None or was is None else growth(amount, was),
        ))
    return Table(
        "shares", in_both(lambda: _("Aandeel van elke groep")), columns_of(_COLUMNS, "category", "amount", "before", "share", "share_before", "change"), tuple(rows),
        in_both(lambda: _("Het aandeel is van wat we laten zien. Hiervoor is het kwartaal of jaar ervoor.")),
    )


def _funds_table(found: _Money) -> Table:
    employers = [each for each in found.budgets if each.kind == funding.SourceKind.EMPLOYER]
    rows = [_fund_row(each) for each in found.budgets if each.kind != funding.SourceKind.EMPLOYER]
    if employers:
        rows.append(_employers_row(employers))
    return Table(
        "funds", in_both(lambda: _("Wat van regelingen is gebruikt")),
        columns_of(_COLUMNS, "source", "kind", "budget", "from", "until", "amount", "earmarked", "spent", "free", "used"), tuple(rows), in_both(lambda: _(
            "Budgetten die in deze periode liepen, met wat er nu van is gebruikt. Bedragen zijn afgerond op honderd euro. "
            "Budgetten van werkgevers staan bij elkaar, vanaf %(firms)s werkgevers.", firms=FEW_FIRMS,
        )),
    )


def _fund_row(each: BudgetUse) -> tuple[Value, ...]:
    kind = in_both(lambda: funding.source_word(funding.SourceKind(each.kind)))
    return (
        each.source, kind, each.name, each.from_on.isoformat(), each.until_on.isoformat(), by_hundreds(each.amount),
        *_use(each.amount, _of_people(each.earmarked, each.people_earmarked), _of_people(each.spent, each.people_spent)),
    )


def _of_people(cents: int, people: int) -> int | None:
    """Return an amount for so many people; also money for nobody in particular is hidden, unless it is nothing."""
    return None if (cents or people) and people < FEW_PEOPLE else cents


def _employers_row(them: Sequence[BudgetUse]) -> tuple[Value, ...]:
    """Return the budgets of employers as one. Each amount is hidden that is of one or two firms, or for few people: how many, together, stands with each budget."""
    name = in_both(lambda: _("Budgetten van werkgevers"))
    kind = in_both(lambda: funding.source_word(funding.SourceKind.EMPLOYER))
    firms = len({each.owner_id for each in them})
    is_told = firms >= FEW_FIRMS
    amount = sum(each.amount for each in them)
    earmarked = _of_firms([(each.owner_id, each.earmarked) for each in them], them[0].people_earmarked) if is_told else None
    spent = _of_firms([(each.owner_id, each.spent) for each in them], them[0].people_spent) if is_told else None
    number = in_both(lambda: ngettext("%(num)s werkgever", "%(num)s werkgevers", firms))
    return (name, kind, number, None, None, by_hundreds(amount) if is_told else None, *_use(amount, earmarked, spent))


def _of_firms(amounts: Sequence[tuple[UUID, int]], people: int) -> int | None:
    firms = {owner_id for owner_id, cents in amounts if cents}
    return None if 0 < len(firms) < FEW_FIRMS or 0 < people < FEW_PEOPLE else sum(cents for _owner_id, cents in amounts)


def _use(amount: int, earmarked: int | None, spent: int | None) -> tuple[int | None, int | None, int | None, int | None]:
    """Return what is earmarked, spent and free, all rounded, and how much is used. What is left would tell of a hidden part, so it is hidden too."""
    whole, promised, gone = by_hundreds(amount), *(None if each is None else by_hundreds(each) for each in (earmarked, spent))
    if promised is None or gone is None:
        return promised, gone, None, None
    free = by_hundreds(amount - (earmarked or 0) - (spent or 0))
    return promised, gone, free, share(whole - free, whole)


def _empty_table(found: _Money) -> Table:
    rows: list[tuple[Value, ...]] = []
    for period in reversed(found.periods):
        for each in CATEGORIES:
            unnamed, absent = (told.get(Cell(each.value, period), Counted()) for told in (found.unnamed, found.absent))
            if unnamed == absent == Counted():
                continue
            rows.append((
                period, _who(each), *((None, None) if unnamed is None else (unnamed.seats, unnamed.cents)),
                *((None, None) if absent is None else (absent.people, absent.cents)),
            ))
    return Table(
        "empty", in_both(lambda: _("Betaald en leeg gebleven")), columns_of(_COLUMNS, "period", "category", "unnamed", "unnamed_paid", "absent", "absent_paid"), tuple(rows),
        in_both(lambda: _(
            "Plekken zonder naam zijn vooraf gekocht, en niemand zat er toen de les begon. We tonen ze vanaf %(firms)s werkgevers. Nooit gekomen is wie een plek "
            "had, en van wie de opleider opschreef dat diegene er niet was, en nooit dat diegene er wel was. Wie door twee groepen werd betaald, telt bij allebei. "
            "Aantallen zijn afgerond op vijf, en bedragen op honderd euro. Wat niet in de tabel staat, is nul.", firms=FEW_FIRMS,
        )),
    )


def _euros(cents: int) -> str:
    return value_text(ColumnKind.EURO, cents)


def _most_words(found: _Money) -> str:
    """Return who paid most in the period."""
    one = paid_in(found.paid, found.periods)[1]
    whole = _sum(one)
    if not whole:
        return _("Over %(period)s is niets betaald, of het is niet te tonen.", period=period_words(found.view.period))
    amount, most = max(((one.amounts[each.value] or FREE).cents, each) for each in CATEGORIES)
    return _("In %(period)s betaalde deze groep het meest: %(who)s. Dat was %(amount)s, %(share)s van wat we laten zien.",
             period=period_words(found.view.period), who=category_words(most), amount=_euros(amount),
             share=value_text(ColumnKind.PERCENT, share(amount, whole)))


def _total_words(found: _Money) -> str:
    """Return what is shown of the period together, beside the one before."""
    before, now = paid_in(found.paid, found.periods)
    return _("Samen is dat %(now)s. In %(period)s was het %(then)s.", now=_euros(_sum(now)), period=period_words(before.period), then=_euros(_sum(before)))


def _empty_words(found: _Money) -> str:
    """Return how many paid seats stayed empty in the period, as far as that may be told."""
    unnamed, absent = ({each: told.get(Cell(each.value, found.view.period), Counted()) for each in CATEGORIES} for told in (found.unnamed, found.absent))
    if all(each == Counted() for each in (*unnamed.values(), *absent.values())):
        return _("Voor zover bekend bleef er in %(period)s geen betaalde plek leeg.", period=period_words(found.view.period))
    seats = {who: None if each is None else each.seats for who, each in unnamed.items()}
    people = {who: None if each is None else each.people for who, each in absent.items()}
    return _("Betaalde plekken die leeg bleven: zonder naam %(unnamed)s, en mensen die nooit kwamen %(absent)s.", unnamed=_by_who(seats), absent=_by_who(people))


def _by_who(numbers: Mapping[funding.PayerCategory, int | None]) -> str:
    """Return the numbers of each group by its name: together they would count who is in two, or tell what is hidden."""
    told = [f"{number_text(number)} ({category_words(who)})" for who, number in numbers.items() if number]
    hidden = [f"{value_text(ColumnKind.EURO, None)} ({category_words(who)})" for who, number in numbers.items() if number is None]
    return ", ".join((*told, *hidden)) or number_text(0)
