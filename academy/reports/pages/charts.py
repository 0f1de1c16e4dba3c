"""Charts of the tables of reports: drawn here, as SVG. The finding is the title, and the same numbers stand in words under it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from academy.kernel.formats import in_current_language, number_text
from academy.kernel.text import Language
from academy.kernel.translation import _, reading_in
from academy.reports.facts import Table
from academy.reports.pages import findings, plot_bars, plot_points
from academy.reports.pages.plot_bars import name_of
from academy.reports.pages.sketching import Draw, drawn, on_paper
from academy.reports.queries.as_text import columns_to_read, is_number, texts_of


@dataclass(frozen=True)
class Chart:
    """A drawing with its numbers. `title` is what is found, `description` what the drawing shows in words; `svg` is empty where there is
    nothing to draw: then `title` is that of the table.

    `heading` and `rows` are the table under it in the reader's words, of which `numbers` tells which columns stand right, and `urls` where each row leads,
    "" for nowhere; `wide` is the drawing that goes on paper.
    """

    name: str
    title: str
    description: str
    note: str
    svg: Markup
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]
    wide: str
    urls: tuple[str, ...]


def gap_chart(table: Table, language: Language, *, links: Mapping[str, str] | None = None, most: int = 12) -> Chart:
    """Return the gaps as bars, the highest score first (`gaps`). `links` leads from a skill's URI to the rows behind its bar."""
    return _chart(table, language, findings.of_gaps, lambda sketch: plot_bars.gaps(sketch, table, links or {}, most), most=most, links=links, is_linked=True)


def growth_chart(table: Table, language: Language, *, links: Mapping[str, str] | None = None, most: int = 20) -> Chart:
    """Return each gap as a point: how much more people want it, and in how many occupations it is of use (`growth`). `links` as of the gaps, in its table."""
    return _chart(table, language, findings.of_growth, lambda sketch: plot_points.growth(sketch, table, most), most=most, links=links)


def time_chart(table: Table, language: Language, *, links: Mapping[str, str] | None = None, beyond: str = "") -> Chart:
    """Return lines for the columns of people, and columns for what else is counted, over the periods of the first column (`timeline`).

    `links` leads from a period to its page, in the table; `beyond` stands after the title, "" for nothing.
    """
    return _chart(table, language, findings.of_time, lambda sketch: plot_points.over_time(sketch, table), links=links, beyond=beyond)


def heat_chart(table: Table, language: Language, *, links: Mapping[str, str] | None = None, beyond: str = "", most: int = 12) -> Chart:
    """Return how many people can at which part of the week, the darker the more (`slots`). `links` as of the gaps; `beyond` stands after the title, "" for nothing."""
    return _chart(
        table, language, findings.of_slots, lambda sketch: plot_bars.heat(sketch, table, links or {}, most), most=most, links=links, is_linked=True, beyond=beyond,
    )


def share_chart(table: Table, language: Language, *, columns: Sequence[str] = ()) -> Chart:
    """Return money by category over time, stacked: a bar for each row, a part for each of `columns` (all of euros but `total`, when none is named)."""
    return _chart(table, language, lambda each: findings.of_shares(each, columns), lambda sketch: plot_bars.shares(sketch, table, columns))


def side_chart(table: Table, language: Language) -> Chart:
    """Return what each side thinks: a bar from 1 to 5 for each time it was asked (`sides`)."""
    return _chart(table, language, findings.of_sides, lambda sketch: plot_bars.scores(sketch, table))


def for_paper(chart: Chart) -> str:
    """Return the drawing as SVG that stands alone, with its colours inside; empty where there is nothing to draw."""
    return on_paper(chart.wide) if chart.wide else ""


def _chart(
    table: Table, language: Language, find: Callable[[Table], tuple[str, str]], draw: Draw, *, most: int | None = None, links: Mapping[str, str] | None = None,
    is_linked: bool = False, beyond: str = "",
) -> Chart:
    """Return a chart; `is_linked` tells that the drawing has the links too, and not its table alone."""
    with reading_in(language):
        read = columns_to_read(table)
        rows = tuple((name_of(texts[read[0]]), *(texts[at] for at in read[1:])) for texts in (texts_of(table, row) for row in table.rows))
        title, description = find(table) if rows else (in_current_language(table.title), "")
        if rows and beyond:
            title += f" ({beyond})"
        wide, svg = drawn(table.name, title, description, draw, has_links=is_linked and bool(links)) if rows else ("", Markup())
        return Chart(
            table.name, title, description, " ".join(_notes(table, most)) if rows else _("Hierover is nog niets te tekenen."), svg, tuple(in_current_language(table.columns[at].title) for at in read), rows,
            tuple(is_number(table.columns[at]) for at in read), wide, tuple((links or {}).get(str(row[0]), "") for row in table.rows),
        )


def _notes(table: Table, most: int | None) -> Iterator[str]:
    """Yield what was counted, and that a drawing leaves rows out."""
    if table.note:
        yield in_current_language(table.note)
    if most is not None and len(table.rows) > most:
        yield _("Getekend zijn de eerste %(most)s van %(all)s.", most=number_text(most), all=number_text(len(table.rows)))
