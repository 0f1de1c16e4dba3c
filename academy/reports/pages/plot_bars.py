"""Charts of bars and cells: gaps in order, parts of the week, money by category."""

from collections.abc import Mapping, Sequence
from typing import Final

from academy.kernel.formats import in_current_language, number_text
from academy.kernel.text import Localized
from academy.kernel.translation import _, ngettext, reading_language
from academy.reports.facts import ColumnKind, Table, Value
from academy.reports.pages.sketching import LINE, SERIES, TEXT, Sketch
from academy.reports.queries.as_text import hidden_words, value_text
from academy.reports.rules.asking import HIGHEST, LOWEST
from academy.reports.rules.drawing import Scale, bands, slanted, stacked, step_of, text_width, ticks, wrapped
from academy.reports.rules.ratios import per_cent
from academy.reports.words import period_words

_STEPS: Final = 5  # shades of the heat map
_DARK: Final = 4  # from this shade on words in a cell are white
_PATTERNS: Final = {2: ("pen-dark", "rising"), 3: ("pen-dark", "level"), 4: ("pen-light", "falling"), 5: ("pen-light", "upright")}
_TOTAL: Final = frozenset({"total", "together"})
_BOLD: Final = 1.06  # how much wider bold letters are
_MILLION: Final = 1_000_000
_LEAST_FOR_WORDS: Final = 20.0  # a part of a bar that is lower holds no number


def gaps(sketch: Sketch, table: Table, links: Mapping[str, str], most: int) -> None:
    """Draw a bar for each gap: its score, with for how many people it is and how many seats are free; hatched where the score is of too few."""
    rows = table.rows[:most]
    at = {column.name: place for place, column in enumerate(table.columns)}
    top = max((number(row[at["score"]]) for row in rows), default=0)
    value_room = text_width(_score_words(top), TEXT) + 8
    scale = Scale(0, max(top, 1), 0, sketch.width - value_room)
    y = 0.0
    for row in rows:
        skill, score, who = str(row[at["skill"]]), number(row[at["score"]]), _who(row, at)
        room = sketch.width if sketch.is_narrow else sketch.width - text_width(who, TEXT) - 12
        lines = wrapped(text_of(row[at["label"]]), room, TEXT * _BOLD, lines=2 if sketch.is_narrow else 1)
        if skill in links:
            sketch.open_link(links[skill])
            sketch.rect("reach", (0, y, sketch.width, LINE * len(lines) + (38 if sketch.is_narrow else 20)))
        for line in lines:
            y += LINE
            sketch.text(0, y - 4, line, look="strong")
        _bar(sketch, score, scale, y)
        if sketch.is_narrow:
            sketch.text(0, y + 33, who, look="quiet")
        else:
            sketch.text(sketch.width, y - 4, who, look="quiet", anchor="end")
        if skill in links:
            sketch.close_link()
        y += 48 if sketch.is_narrow else 31
    sketch.height = y


def _bar(sketch: Sketch, score: int, scale: Scale, y: float) -> None:
    if score:
        length = max(scale.at(score), 2)
        sketch.rect("bar", (0, y + 2, length, 16), round_by=3)
        sketch.text(length + 6, y + 14.5, _score_words(score))
    else:
        sketch.hidden((0, y + 2, 48, 16))
        sketch.text(54, y + 14.5, hidden_words(), look="quiet")


def _score_words(score: int) -> str:
    return _("score %(number)s", number=number_text(score))


def _who(row: Sequence[Value], at: Mapping[str, int]) -> str:
    people, seats, free = row[at["people"]], row[at["seats"]], number(row[at["free"]])
    wanted = number(people) + number(seats)
    if wanted:
        first = ngettext("%(people)s mens", "%(people)s mensen", wanted, people=number_text(wanted))
    else:
        first = _("mensen: niet te tonen") if people is None or seats is None else _("niemand")
    return first + " · " + ngettext("%(free)s vrije plek", "%(free)s vrije plekken", free, free=number_text(free))


def scores(sketch: Sketch, table: Table) -> None:
    """Draw for each row a bar for each score, from 1 to 5; hatched where it is hidden."""
    places = [place for place, column in enumerate(table.columns) if column.kind is ColumnKind.SCORE]
    titles = {place: in_current_language(table.columns[place].title) for place in places}
    left = max(text_width(each, TEXT) for each in titles.values()) + 12
    scale = Scale(10 * LOWEST, 10 * HIGHEST, left, sketch.width - text_width("5,0", TEXT) - 8)
    y = 0.0
    for row in table.rows:
        y += LINE
        sketch.text(0, y - 4, text_of(row[0]), look="strong")
        for place in places:
            sketch.text(0, y + 14.5, titles[place], look="quiet")
            _score(sketch, row[place], scale, y)
            y += 23
        y += 9
    sketch.height = y


def _score(sketch: Sketch, value: Value, scale: Scale, y: float) -> None:
    left = scale.at(10 * LOWEST)
    if value is None:
        sketch.hidden((left, y + 2, 48, 16))
        sketch.text(left + 54, y + 14.5, hidden_words(), look="quiet")
        return
    length = max(scale.at(number(value)) - left, 2)
    sketch.rect("bar", (left, y + 2, length, 16), round_by=3)
    sketch.text(left + length + 6, y + 14.5, value_text(ColumnKind.SCORE, value))


def heat(sketch: Sketch, table: Table, links: Mapping[str, str], most: int) -> None:
    """Draw a row for each skill and a cell for each part of the week; the number stands in it, and it is hatched where that is hidden, as is told above."""
    rows = table.rows[:most]
    label = table.column("label")
    parts = [place for place, column in enumerate(table.columns) if column.kind is ColumnKind.PEOPLE]
    top = max((number(row[place]) for row in rows for place in parts), default=0)
    left = 0.0 if sketch.is_narrow else 230.0
    columns = bands(left, sketch.width, len(parts), filled=0.97)
    y = 0.0
    if any(row[place] is None for row in rows for place in parts):
        sketch.hidden((1, 4, 15, 15))
        sketch.text(22, 16.5, hidden_words())
        y = LINE + 8
    for place, (x, width) in zip(parts, columns, strict=True):
        sketch.text(x + width / 2, y + LINE, in_current_language(table.columns[place].title), look="strong", anchor="middle")
    y += LINE + 10
    for row in rows:
        lines, address = wrapped(text_of(row[label]), (sketch.width if sketch.is_narrow else left - 12), TEXT, lines=2), links.get(str(row[0]), "")
        if address:
            sketch.open_link(address)
            sketch.rect("reach", (0, y, sketch.width, LINE * len(lines) + 35 if sketch.is_narrow else 32))
        for line_at, line in enumerate(lines):
            first = y + LINE - 3 if sketch.is_narrow else y + 20 - (len(lines) - 1) * LINE / 2
            sketch.text(0, first + LINE * line_at, line)
        y += LINE * len(lines) + 3 if sketch.is_narrow else 0
        for place, (x, width) in zip(parts, columns, strict=True):
            _cell(sketch, row[place], top, (x, y, width, 32))
        if address:
            sketch.close_link()
        y += 42 if sketch.is_narrow else 36
    sketch.height = y + 2


def _cell(sketch: Sketch, value: Value, top: int, box: tuple[float, float, float, float]) -> None:
    left, y, width, _height = box
    if value is None:
        sketch.hidden(box)
        return
    step = step_of(number(value), top, steps=_STEPS)
    sketch.rect(f"heat-{step}" if step else "nothing", box, round_by=3)
    sketch.text(left + width / 2, y + 20.5, number_text(number(value)), look="on-dark" if step >= _DARK else "", anchor="middle")


def categories(table: Table, chosen: Sequence[str]) -> list[int]:
    """Return the columns that are parts of a bar. Raises ValueError for a column that is not there."""
    if chosen:
        return [table.column(name) for name in chosen][:SERIES]
    return [place for place, column in enumerate(table.columns) if column.kind is ColumnKind.EURO and column.name not in _TOTAL][:SERIES]


def shares(sketch: Sketch, table: Table, chosen: Sequence[str]) -> None:
    """Draw a bar for each row, with a part for each category: its own colour and its own pattern."""
    places = categories(table, chosen)
    y = _key(sketch, [in_current_language(table.columns[place].title) for place in places], has_hidden=any(row[place] is None for row in table.rows for place in places))
    highest = max((sum(max(number(row[place]), 0) for place in places) for row in table.rows), default=0)
    marks = ticks(-(-highest // 100), most=4)
    left = max(text_width(_short_euros(each), TEXT) for each in marks) + 10
    field = (y + 14, y + (250 if sketch.is_narrow else 300))
    scale = Scale(0, marks[-1] * 100, field[1], field[0])
    for each in marks:
        sketch.line("grid" if each else "zero", (left, scale.at(each * 100)), (sketch.width, scale.at(each * 100)))
        sketch.text(left - 8, scale.at(each * 100) + 4.5, _short_euros(each), look="quiet", anchor="end")
    columns = bands(left, sketch.width, len(table.rows), filled=0.62)
    for row, (x, width) in zip(table.rows, columns, strict=True):
        values = [None if row[place] is None else number(row[place]) for place in places]
        whole = sum(each for each in values if each is not None and each > 0)
        for series, (value, part) in enumerate(zip(values, stacked(values, scale), strict=True), start=1):
            if part is not None and value is not None:
                _part(sketch, series, (x, part[0], width, part[1]), value_text(ColumnKind.PERCENT, per_cent(value, whole)))
        if None in values:
            sketch.hidden((x, scale.at(whole) - 8, width, 8))
    under_columns(sketch, [text_of(row[0]) for row in table.rows], columns, field[1])


def _part(sketch: Sketch, series: int, box: tuple[float, float, float, float], share: str) -> None:
    left, top, width, height = box
    sketch.rect(f"fill-{series} edge", box)
    if height > 1:
        _pattern(sketch, series, box)
    if height >= _LEAST_FOR_WORDS and width >= text_width(share, TEXT) + 8:
        room, middle = text_width(share, TEXT) + 6, top + height / 2
        sketch.rect("paper", (left + (width - room) / 2, middle - 8.5, room, 17), round_by=3)
        sketch.text(left + width / 2, middle + 4.5, share, anchor="middle")


def _pattern(sketch: Sketch, series: int, box: tuple[float, float, float, float]) -> None:
    """Draw lines in a direction of its own over every category, so that nobody needs the colour; the first and the last have none."""
    left, top, width, height = box
    pen, direction = _PATTERNS.get(series, ("", ""))
    if direction in {"level", "upright"}:
        room = height if direction == "level" else width
        at = 4.0
        while at < room:
            start, end = ((left, top + at), (left + width, top + at)) if direction == "level" else ((left + at, top), (left + at, top + height))
            sketch.line(pen, start, end)
            at += 7.0
    elif direction:
        for x1, y1, x2, y2 in slanted(width, height, 9.0):
            first, second = (x1, x2) if direction == "rising" else (width - x1, width - x2)
            sketch.line(pen, (left + first, top + y1), (left + second, top + y2))


def _key(sketch: Sketch, names: Sequence[str], *, has_hidden: bool) -> float:
    """Draw what each colour and pattern is, over as many lines as it takes; return where they end."""
    x, y = 0.0, 4.0
    told = [*enumerate(names, start=1), *([(0, hidden_words())] if has_hidden else [])]
    for series, name in told:
        width = 22 + text_width(name, TEXT) + 14
        if x and x + width - 14 > sketch.width:
            x, y = 0.0, y + LINE + 4
        box = (x + 1, y, 15, 15)
        if series:
            sketch.rect(f"fill-{series} edge", box)
            _pattern(sketch, series, box)
        else:
            sketch.hidden(box)
        sketch.text(x + 22, y + 12.5, name)
        x += width
    return y + LINE + 6


def under_columns(sketch: Sketch, names: Sequence[str], columns: Sequence[tuple[float, float]], y: float) -> None:
    """Write what the columns are: quarters as a number with the year under the first of each; all other names as they are, and set the height."""
    year = ""
    for name, (x, width) in zip(names, columns, strict=True):
        own_year, dash, quarter = name.partition("-")
        if dash and own_year.isdigit() and quarter.isdigit():
            lines: tuple[str, ...] = (_("k%(number)s", number=quarter), own_year if own_year != year else "")
            year = own_year
        else:
            lines = wrapped(name, width * 1.5, TEXT, lines=2)
        for line_at, line in enumerate(lines, start=1):
            if line:
                sketch.text(x + width / 2, y + LINE * line_at, line, look="quiet", anchor="middle")
    sketch.height = y + LINE * 2 + 8


def _short_euros(euros: int) -> str:
    """Return euros for beside a line: `€ 500`, `€ 20.000`, `€ 2,5 mln`."""
    whole, rest = divmod(euros, _MILLION)
    if not whole or rest % (_MILLION // 10):
        return value_text(ColumnKind.EURO, euros * 100)
    tenths = f"{',' if reading_language() == 'nl' else '.'}{rest * 10 // _MILLION}" if rest else ""
    return _("€ %(number)s mln", number=f"{whole}{tenths}")


def number(value: Value) -> int:
    """Return a number of a table; 0 for what is hidden."""
    return value if isinstance(value, int) else 0


def text_of(value: Value) -> str:
    """Return a text of a table in the reader's language."""
    return in_current_language(value) if isinstance(value, Localized) else str(value or "")


def name_of(value: Value) -> str:
    """Return the name of a row in a sentence: a quarter in words."""
    text = text_of(value)
    year, dash, quarter = text.partition("-")
    return period_words(text) if year.isdigit() and (not dash or quarter.isdigit()) else text
