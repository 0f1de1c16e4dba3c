"""A made-up report with a bit of everything: hidden values, two languages, amounts, shares, days, long names, signs that mean something elsewhere."""

from datetime import date
from typing import Any, Final

from academy.kernel.text import Localized
from academy.reports.facts import Column, ColumnKind, Section, Table, View
from academy.reports.kinds import SnapshotKind
from academy.reports.queries.as_data import Report
from academy.reports.queries.headings import about_of, title_of
from academy.reports.queries.method import method_section

_LABELS: Final = ("Programmeren in Python", "Zorgplannen schrijven", "Magazijn inrichten", "=1+1", "#panic()", "Duurzaam bouwen met hout en andere materialen die groeien")


def column(name: str, kind: ColumnKind, title: str = "") -> Column:
    return Column(name, Localized(title or name.capitalize(), f"{title or name.capitalize()} (en)"), kind)


def gaps(*, rows: int = 6) -> Table:
    """Make a table as wide as the widest of a real report."""
    kinds = (("skill", ColumnKind.TEXT), ("label", ColumnKind.TEXT), ("people", ColumnKind.PEOPLE), ("firms", ColumnKind.COUNT), ("seats", ColumnKind.PEOPLE), ("pledged", ColumnKind.EURO),
             ("searches", ColumnKind.COUNT), ("places", ColumnKind.COUNT), ("free", ColumnKind.COUNT), ("urgency", ColumnKind.COUNT), ("score", ColumnKind.COUNT))
    return Table(
        "gaps", Localized("De grootste gaten", "The largest gaps"), tuple(column(name, kind) for name, kind in kinds),
        tuple(
            (f"http://data.europa.eu/esco/skill/{at}", Localized(_LABELS[at % 6], f"{_LABELS[at % 6]} (en)"), None if at % 3 == 2 else 40 - 5 * (at % 6), at, None if at % 2 else 25,
             None if at == 1 else 125_050 * at, 300 - at, 12, 3, 150, 1_250 - at)
            for at in range(rows)
        ),
        Localized("Geteld zijn mensen, uit vragen, toezeggingen en wachtlijsten.", "People are counted, from requests, pledges and waiting lists."),
    )


def changes() -> Table:
    return Table(
        "figures", Localized("Zes getallen", "Six figures"),
        (column("name", ColumnKind.TEXT), column("value", ColumnKind.COUNT), column("before", ColumnKind.COUNT), column("unit", ColumnKind.TEXT)),
        ((Localized("Mensen", "People"), None, 45, "people"), (Localized("Toegezegd", "Pledged"), 1_234_50, 0, "euro"), (Localized("Gaten", "Gaps"), 12, None, "")),
    )


def shares() -> Table:
    return Table(
        "shares", Localized("Aandelen: per [dag] en kwartaal/jaar", "Shares"),
        (column("day", ColumnKind.DAY), column("share", ColumnKind.PERCENT), column("amount", ColumnKind.EURO), column("about", ColumnKind.TEXT)),
        (("2026-09-30", 125, 0, "a"), ("2026-12-31", None, -5_00, ""), ("2026-01-01", 1000, None, "@SUM(A1)")),
    )


def report(*sections: Section, kind: SnapshotKind = SnapshotKind.YEARLY, **changed: Any) -> Report:
    """Make a report; of `sections`, or of one with each table above, and the page of the method."""
    about: dict[str, Any] = {"view": View("2026"), "from_on": date(2026, 1, 1), "until_on": date(2026, 12, 31), "as_of": date(2026, 11, 23), "method": "1"} | changed
    title, words = title_of(kind, about["view"]), about_of(kind, about["view"])
    return Report(kind=kind, title=title, about=words, sections=(*(sections or (demand(),)), method_section()), **about)


def demand(*tables: Table) -> Section:
    sentences = (
        Localized("De meeste mensen zoeken Python: 40 mensen, en 3 plekken zijn vrij.", "Most people look for Python: 40 people, and 3 places are free."),
        Localized("Bedrijven zegden € 12.500 toe, twee keer zo veel als een jaar eerder.", "Firms pledged €12,500, twice as much as a year before."),
        Localized("Driehonderd keer vond een zoeker niets.", "Three hundred times a search found nothing."),
    )
    return Section("demand", Localized("Vraag en aanbod", "Demand and supply"), sentences, tables or (changes(), gaps(), shares()))
