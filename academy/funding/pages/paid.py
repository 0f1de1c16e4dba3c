"""Finished values for "Wie betaalde wat": four categories over the quarters, as a figure, a table and a file."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import dropwhile
from typing import Any, Final

from flask import url_for

from academy.funding.pages.rules import lower_first
from academy.funding.pages.sources import euros
from academy.funding.queries.pages_dearer import Dearer
from academy.funding.queries.pages_paid import CATEGORIES, LEAST_SEATS, Paid, Quarter
from academy.funding.words import category_words
from academy.kernel.csv_file import as_csv
from academy.kernel.figures import HEIGHT, WIDTH, stacked
from academy.kernel.formats import in_current_language, money, number_text
from academy.kernel.money import FREE, Money
from academy.kernel.translation import _

QUARTERS: Final = 8


def quarter_words(quarter: Quarter) -> str:
    """Return `2026, kwartaal 4`: the year first, so that a list of them reads down."""
    return _("%(year)s, kwartaal %(number)s", year=quarter.year, number=quarter.number)


def paid_values(found: Sequence[Paid]) -> dict[str, Any]:
    """Return the figure and the table, from the first quarter in which anything was paid; the newest stands last in the figure, first in the table."""
    quarters = list(dropwhile(lambda one: not any(paid.seats for paid in one[1]), _by_quarter(found)))
    drawn = stacked([
        (f"{quarter.year}-{quarter.number}", [(paid.category.value, paid.amount.cents) for paid in row if paid.amount is not None]) for quarter, row in quarters
    ])
    return {
        "figure": asdict(drawn), "names": _names([quarter for quarter, _row in quarters], [column.middle for column in drawn.columns]), "width": WIDTH, "height": HEIGHT, "lines": [{"y": line.y, "label": euros(Money(line.value))} for line in drawn.lines],
        "looks": [(category.value, category_words(category)) for category in CATEGORIES],
        "heading": [category_words(category) for category in CATEGORIES],
        "rows": [(quarter_words(quarter), [_cell(paid) for paid in row], euros(_shown_sum(row))) for quarter, row in reversed(quarters)],
        "sentences": _sentences(quarters), "is_empty": not any(paid.seats for paid in found), "least": LEAST_SEATS,
    }


def _names(quarters: Sequence[Quarter], middles: Sequence[int]) -> list[dict[str, Any]]:
    """Return what stands below the columns; the year only where it begins, so that there is room on a telephone."""
    years = [None, *(quarter.year for quarter in quarters)]
    return [
        {"x": x, "quarter": _("K%(number)s", number=quarter.number), "year": "" if quarter.year == before else str(quarter.year)}
        for quarter, before, x in zip(quarters, years, middles, strict=False)
    ]


def _by_quarter(found: Sequence[Paid]) -> list[tuple[Quarter, list[Paid]]]:
    rows: dict[Quarter, list[Paid]] = {}
    for paid in found:
        rows.setdefault(paid.quarter, []).append(paid)
    return list(rows.items())


def _cell(paid: Paid) -> str:
    return _("minder dan %(least)s plekken", least=LEAST_SEATS) if paid.amount is None else euros(paid.amount)


def _shown_sum(row: Sequence[Paid]) -> Money:
    """Return the sum of what is shown: a sum of everything would tell what is hidden."""
    return sum((paid.amount for paid in row if paid.amount is not None), FREE)


def _sentences(quarters: Sequence[tuple[Quarter, list[Paid]]]) -> list[str]:
    """Return the figure in words: who paid most in the newest quarter that shows anything, and how that compares with the quarter before."""
    shown = [place for place, (_quarter, row) in enumerate(quarters, start=1) if not _shown_sum(row).is_zero]
    if not shown:
        return [_("Er is nog te weinig betaald om te tonen.")]
    *_before, (last, row) = quarters[:shown[-1]]
    amount, category = max((paid.amount, paid.category) for paid in row if paid.amount is not None)
    said = [_(
        "In kwartaal %(number)s van %(year)s kwam het meeste van %(who)s: %(amount)s.", number=last.number, year=last.year,
        who=lower_first(category_words(category)), amount=money(amount),
    )]
    if _before:
        now, then = _shown_sum(row), _shown_sum(_before[-1][1])
        said.append(_("Samen is dat %(now)s. Het kwartaal daarvoor was het %(then)s.", now=euros(now), then=euros(then)))
    return said


def paid_file(found: Sequence[Paid]) -> bytes:
    """Return the table as a file: one line per quarter and category, amounts in euros with a comma; hidden ones stay empty."""
    heading = (_("Jaar"), _("Kwartaal"), _("Wie"), _("Plekken"), _("Betaald in euro"))
    return as_csv(heading, [
        (str(paid.quarter.year), str(paid.quarter.number), category_words(paid.category), _seats(paid), _plain(paid.amount)) for paid in found
    ])


def dearer_values(found: Sequence[Dearer]) -> list[dict[str, str]]:
    """Return each module that costs more where a fund pays along, in words."""
    return [
        {
            "title": in_current_language(one.title), "url": url_for("enrolment.module_page", slug=one.slug),
            "words": _("%(provider)s vraagt %(with_money)s waar een regeling meebetaalt, en %(without)s waar dat niet zo is.", provider=one.provider,
                       with_money=money(one.with_money), without=money(one.without)),
        }
        for one in found
    ]


def _seats(paid: Paid) -> str:
    return f"< {LEAST_SEATS}" if paid.amount is None else number_text(paid.seats)


def _plain(amount: Money | None) -> str:
    return "" if amount is None else f"{amount.cents // 100},{amount.cents % 100:02d}"
