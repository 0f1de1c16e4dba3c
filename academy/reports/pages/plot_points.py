"""Charts of points and lines: what grows and how broadly it is of use, and what happens over time."""

from typing import Final

from academy.kernel.formats import in_current_language, number_text
from academy.kernel.translation import _
from academy.reports.facts import ColumnKind, Table, Value
from academy.reports.pages.plot_bars import number, text_of, under_columns
from academy.reports.pages.sketching import LINE, SERIES, TEXT, Sketch
from academy.reports.queries.as_text import hidden_words, value_text
from academy.reports.rules.drawing import Box, Scale, apart, bands, placed, text_width, ticks, wrapped

_PER_CENT: Final = 10  # in tenths
_MOST_GROWTH: Final = 300  # per cent; what grows more stands at the top
_LONGEST: Final = {False: 220.0, True: 190.0}  # of a label beside a point; on a small screen
_MINUS: Final = "\N{MINUS SIGN}"
_FILLED: Final = 0.62  # of the room of a column
_LITTLE: Final = 6.0  # half of a point


def growth(sketch: Sketch, table: Table, most: int) -> None:
    """Draw a point for each skill: further right is of use in more occupations, higher is more growth. Triangles grow, circles do not, diamonds are new.

    Where nothing is known of occupations, further right is wanted by more people.
    """
    rows = table.rows[:most]
    at = {column.name: place for place, column in enumerate(table.columns)}
    grown = [None if row[at["growth"]] is None else number(row[at["growth"]]) / _PER_CENT for row in rows]
    told = [each for each in grown if each is not None]
    marks = ticks(int(min(max([50.0, *told]), _MOST_GROWTH)), most=4)
    low = -100 if any(each < 0 for each in told) else 0
    left, right, top = 58.0, sketch.width - 12, 64.0
    field = Box(left, top, right, top + (330 if sketch.is_narrow else 300))
    upright = Scale(low, marks[-1], field.bottom - 18, top + 40)
    breadth = at["occupations"] if knows_occupations(table) else at["now"]
    broadest = ticks(max((number(row[breadth]) for row in rows), default=1), most=4)
    across = Scale(0, broadest[-1], left + 14, right - 16, is_rooted=True)
    sketch.rect("field", (left, top, right - left, field.bottom - top))
    _growth_key(sketch)
    for each in (*((-100, -50) if low else ()), *marks):
        sketch.line("zero" if each == 0 else "grid", (left, upright.at(each)), (right, upright.at(each)))
        sketch.text(left - 8, upright.at(each) + 4.5, _signed(each), look="quiet", anchor="end")
    for each in broadest:
        sketch.line("grid", (across.at(each), field.bottom), (across.at(each), field.bottom + 5))
        words = number_text(each) if each or breadth == at["now"] else "?"  # what ESCO does not know stands at the left
        sketch.text(across.at(each), field.bottom + LINE + 3, words, look="quiet", anchor="middle")
    points = [(across.at(number(row[breadth])), top + 14 if grew is None else upright.at(grew)) for row, grew in zip(rows, grown, strict=True)]
    names = [wrapped(text_of(row[at["label"]]), _LONGEST[sketch.is_narrow], TEXT)[0] for row in rows]
    boxes = placed(points, [text_width(each, TEXT) for each in names], field, height=LINE, away=_LITTLE + 3)
    for row, (x, y), grew in zip(rows, points, grown, strict=True):
        sketch.open_named(text_of(row[at["label"]]))  # where there is no room for its name beside it
        mark(sketch, 4 if grew is None else 2 if grew > 0 else 1, (x, y))
        sketch.close_named()
    for name, box in zip(names, boxes, strict=True):
        if box is not None:
            sketch.text(box.left, box.bottom - 4.5, name)
    sketch.text(right, field.bottom + 2 * LINE + 6, _("Hoeveel mensen dit willen") if breadth == at["now"] else _("Nodig in hoeveel beroepen"), anchor="end")
    sketch.height = field.bottom + 2 * LINE + 12


def knows_occupations(table: Table) -> bool:
    """Tell whether of any skill is known in how many occupations it is of use."""
    place = next(at for at, column in enumerate(table.columns) if column.name == "occupations")
    return any(row[place] for row in table.rows)


def _signed(per_cent: int) -> str:
    return f"{'+' if per_cent > 0 else _MINUS if per_cent else ''}{abs(per_cent)}%"


def _growth_key(sketch: Sketch) -> None:
    x, y = 8.0, 12.0
    for series, name in ((2, _("meer dan hiervoor")), (1, _("even veel of minder")), (4, _("nieuw"))):
        width = 14 + text_width(name, TEXT) + 20
        if x > _LITTLE + 2 and x + width - 20 > sketch.width:
            x, y = 8.0, y + LINE + 3
        mark(sketch, series, (x, y))
        sketch.text(x + 14, y + 4.5, name)
        x += width
    sketch.text(0, 57, _("Groei van het aantal mensen"))


def mark(sketch: Sketch, series: int, place: tuple[float, float]) -> None:
    """Draw a point with the shape and the colour of a series: circle, triangle, square, diamond, and two that are open."""
    x, y = place
    look, size = f"mark-{series} ring", _LITTLE
    if series in {1, 5}:
        sketch.add("circle", look, cx=x, cy=y, r=size)
    elif series in {3, 6}:
        sketch.rect(look, (x - size + 1, y - size + 1, 2 * size - 2, 2 * size - 2))
    else:
        corners = ((x, y - size - 1), (x + size + 1, y + size - 1), (x - size - 1, y + size - 1)) if series == 2 else (  # noqa: PLR2004 - the second is a triangle
            (x, y - size - 1), (x + size + 1, y), (x, y + size + 1), (x - size - 1, y))
        sketch.add("polygon", look, points=" ".join(f"{a:.1f},{b:.1f}" for a, b in corners))


def over_time(sketch: Sketch, table: Table) -> None:
    """Draw the columns of people as lines, and under them what else is counted as columns, each with a zero of its own."""
    names = [text_of(row[0]) for row in table.rows]
    people = [place for place, column in enumerate(table.columns) if column.kind is ColumnKind.PEOPLE][:SERIES]
    others = [place for place, column in enumerate(table.columns) if column.kind is ColumnKind.COUNT]
    top = max((number(row[place]) for row in table.rows for place in (*people, *others)), default=0)
    left = text_width(number_text(ticks(top)[-1]), TEXT) + 12
    right = sketch.width - 10
    columns = bands(left, right, len(names), filled=_FILLED)
    y = 4.0
    if people:
        y = _lines(sketch, table, people, (left, right), y)
    for place in others:
        y = _columns(sketch, table, place, (left, right), y)
    under_columns(sketch, names, columns, y)


def _lines(sketch: Sketch, table: Table, people: list[int], sides: tuple[float, float], y: float) -> float:
    marks = ticks(max((number(row[place]) for row in table.rows for place in people), default=0), most=4)
    middles = [x + width / 2 for x, width in bands(*sides, len(table.rows), filled=_FILLED)]
    y = _line_key(sketch, table, people, y)
    scale = Scale(0, marks[-1], y + 190, y + 16)
    _level_lines(sketch, marks, scale, sides)
    ends: list[tuple[float, str]] = []
    for series, place in enumerate(people, start=1):
        values = [row[place] for row in table.rows]
        for path in _unbroken(values, middles, scale):
            sketch.add("polyline", f"line-{series}", points=" ".join(f"{a:.1f},{b:.1f}" for a, b in path))
        for value, x in zip(values, middles, strict=True):
            if value is None:
                sketch.hidden((x - 7, scale.at(0) - 9, 14, 9))
            else:
                mark(sketch, series, (x, scale.at(number(value))))
        if values[-1] is not None:
            ends.append((scale.at(number(values[-1])), number_text(number(values[-1]))))
    for place_of_end, (_own, words) in zip(apart([each[0] - 10 for each in ends], least=LINE, lowest=y + 10, highest=scale.at(0) - 6), ends, strict=True):
        sketch.text(middles[-1], place_of_end, words, look="strong", anchor="middle")
    return scale.at(0) + 8


def _unbroken(values: list[Value], middles: list[float], scale: Scale) -> list[list[tuple[float, float]]]:
    """Return the stretches of a line between what is hidden."""
    found: list[list[tuple[float, float]]] = [[]]
    for value, x in zip(values, middles, strict=True):
        if value is None:
            found.append([])
        else:
            found[-1].append((x, scale.at(number(value))))
    return [each for each in found if len(each) > 1]


def _line_key(sketch: Sketch, table: Table, people: list[int], y: float) -> float:
    x = 0.0
    told = [*enumerate((in_current_language(table.columns[place].title) for place in people), start=1)]
    if any(row[place] is None for row in table.rows for place in people):
        told.append((0, hidden_words()))
    for series, name in told:
        width = 34 + text_width(name, TEXT) + 16
        if x and x + width - 16 > sketch.width:
            x, y = 0.0, y + LINE + 4
        if series:
            sketch.line(f"line-{series}", (x, y + 8), (x + 28, y + 8))
            mark(sketch, series, (x + 14, y + 8))
        else:
            sketch.hidden((x + 7, y + 3, 14, 10))
        sketch.text(x + 34, y + 12.5, name)
        x += width
    return y + LINE + 8


def _columns(sketch: Sketch, table: Table, place: int, sides: tuple[float, float], y: float) -> float:
    column, columns = table.columns[place], bands(*sides, len(table.rows), filled=_FILLED)
    marks = ticks(max((number(row[place]) for row in table.rows), default=0), most=2)
    sketch.text(0, y + LINE + 8, in_current_language(column.title), look="strong")
    scale = Scale(0, marks[-1], y + 132, y + 52)
    _level_lines(sketch, marks, scale, sides)
    words = [value_text(column.kind, row[place]) for row in table.rows]
    all_fit = all(text_width(each, TEXT) <= width / _FILLED for each, (_x, width) in zip(words, columns, strict=True))
    for at, (row, (x, width)) in enumerate(zip(table.rows, columns, strict=True)):
        value = row[place]
        top = scale.at(number(value))
        if value is None:
            sketch.hidden((x, scale.at(0) - 9, width, 9))
        else:
            sketch.rect("bar", (x, top, width, scale.at(0) - top))
        if all_fit:
            sketch.text(x + width / 2, top - (14 if value is None else 5), words[at], anchor="middle")
        elif at == len(words) - 1:
            sketch.text(x + width, top - (14 if value is None else 5), words[at], look="strong", anchor="end")
    return scale.at(0)


def _level_lines(sketch: Sketch, marks: tuple[int, ...], scale: Scale, sides: tuple[float, float]) -> None:
    for each in marks:
        sketch.line("grid" if each else "zero", (sides[0], scale.at(each)), (sides[1], scale.at(each)))
        sketch.text(sides[0] - 8, scale.at(each) + 4.5, number_text(each), look="quiet", anchor="end")
