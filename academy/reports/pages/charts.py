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

    `heading` and `rows` are the table under it in the reader's words, of which `numbers` tells which columns stand right; `wide` is the drawing that goes on paper.
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


def gap_chart(table: Table, language: Language, *, links: Mapping[str, str] | None = None, most: int = 12) -> Chart:
    """Return the gaps as bars, the highest score first (`gaps`). `links` leads from a skill's URI to the rows behind its bar."""
    return _chart(table, language, findings.of_gaps, lambda sketch: plot_bars.gaps(sketch, table, links or {}, most), most=most, has_links=bool(links))


def growth_chart(table: Table, language: Language, *, most: int = 20) -> Chart:
    """Return each gap as a point: how much more people want it, and in how many occupations it is of use (`growth`)."""
    return _chart(table, language, findings.of_growth, lambda sketch: plot_points.growth(sketch, table, most), most=most)


def time_chart(table: Table, language: Language) -> Chart:
    """Return lines for the columns of people, and columns for what else is counted, over the periods of the first column (`timeline`)."""
    return _chart(table, language, findings.of_time, lambda sketch: plot_points.over_time(sketch, table))


def heat_chart(table: Table, language: Language, *, most: int = 12) -> Chart:
    """Return how many people can at which part of the week, the darker the more (`slots`)."""
    return _chart(table, language, findings.of_slots, lambda sketch: plot_bars.heat(sketch, table, most), most=most)


def share_chart(table: Table, language: Language, *, columns: Sequence[str] = ()) -> Chart:
    """Return money by category over time, stacked: a bar for each row, a part for each of `columns` (all of euros but `total`, when none is named)."""
    return _chart(table, language, lambda each: findings.of_shares(each, columns), lambda sketch: plot_bars.shares(sketch, table, columns))


def for_paper(chart: Chart) -> str:
    """Return the drawing as SVG that stands alone, with its colours inside; empty where there is nothing to draw."""
    return on_paper(chart.wide) if chart.wide else ""


def _chart(
    table: Table, language: Language, find: Callable[[Table], tuple[str, str]], draw: Draw, *, most: int | None = None, has_links: bool = False,
) -> Chart:
    with reading_in(language):
        read = columns_to_read(table)
        rows = tuple((name_of(texts[read[0]]), *(texts[at] for at in read[1:])) for texts in (texts_of(table, row) for row in table.rows))
        title, description = find(table) if rows else (in_current_language(table.title), "")
        wide, svg = drawn(table.name, title, description, draw, has_links=has_links) if rows else ("", Markup())
        return Chart(
            table.name, title, description, " ".join(_notes(table, most)) if rows else _("Hierover is nog niets te tekenen."), svg, tuple(in_current_language(table.columns[at].title) for at in read), rows,
            tuple(is_number(table.columns[at]) for at in read), wide,
        )


def _notes(table: Table, most: int | None) -> Iterator[str]:
    """Yield what was counted, and that a drawing leaves rows out."""
    if table.note:
        yield in_current_language(table.note)
    if most is not None and len(table.rows) > most:
        yield _("Getekend zijn de eerste %(most)s van %(all)s.", most=number_text(most), all=number_text(len(table.rows)))
