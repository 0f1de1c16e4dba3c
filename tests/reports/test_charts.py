"""Charts: what is found stands above them, nothing hidden is told, and the same table is the same drawing."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.kernel.text import Localized
from academy.reports.facts import Column, ColumnKind, Table
from academy.reports.pages import charts
from academy.reports.pages.charts import Chart, for_paper
from academy.reports.pages.sketching import TEXT
from academy.reports.rules.drawing import text_width

_T, _P, _C, _E, _G, _S = ColumnKind.TEXT, ColumnKind.PEOPLE, ColumnKind.COUNT, ColumnKind.EURO, ColumnKind.PERCENT, ColumnKind.SCORE
_SVG = "{http://www.w3.org/2000/svg}"
_STYLES = Path(__file__).resolve().parents[2] / "academy" / "static" / "src" / "plots.css"


def table(name: str, columns: list[tuple[str, str, ColumnKind]], rows: list[tuple[Any, ...]]) -> Table:
    return Table(name, Localized(name, name), tuple(Column(key, Localized(title, f"{title} (en)"), kind) for key, title, kind in columns), tuple(rows), Localized("Zo geteld.", "Counted so."))


def gaps(*rows: tuple[Any, ...]) -> Table:
    """Return gaps of which is told: name, people, seats, free seats and score."""
    columns = [
        ("skill", "Code", _T), ("label", "Vaardigheid", _T), ("people", "Mensen", _P), ("firms", "Bedrijven", _C), ("seats", "Mensen van bedrijven", _P), ("pledged", "Toegezegd", _E),
        ("searches", "Zoekvragen", _C), ("places", "Plekken", _C), ("free", "Vrije plekken", _C), ("urgency", "Haast", _C), ("score", "Score", _C),
    ]
    return table("gaps", columns, [(f"uri:{name}", Localized(name, f"{name} (en)"), people, 2, seats, 100, 3, 20, free, 150, score) for name, people, seats, free, score in rows])


def growth(*rows: tuple[Any, ...]) -> Table:
    columns = [("skill", "Code", _T), ("label", "Vaardigheid", _T), ("now", "Mensen nu", _P), ("before", "Mensen hiervoor", _P), ("growth", "Groei", _G), ("occupations", "Beroepen", _C)]
    return table("growth", columns, [(f"uri:{name}", Localized(name), 20, 10, grew, occupations) for name, grew, occupations in rows])


def timeline(*rows: tuple[Any, ...]) -> Table:
    return table("timeline", [("period", "Periode", _T), ("waiting", "Op een wachtlijst", _P), ("pledged", "Toegezegd", _P), ("searches", "Zoekvragen", _C)], list(rows))


def slots(*rows: tuple[Any, ...]) -> Table:
    columns = [("skill", "Code", _T), ("label", "Vaardigheid", _T), ("morning", "Ochtend", _P), ("afternoon", "Middag", _P), ("evening", "Avond", _P), ("weekend", "Weekend", _P)]
    return table("slots", columns, [(f"uri:{name}", Localized(name), *parts) for name, *parts in rows])


def paid(*rows: tuple[Any, ...]) -> Table:
    columns = [("period", "Periode", _T), ("education", "Onderwijs", _E), ("employers", "Werkgevers", _E), ("individuals", "Mensen zelf", _E), ("sector", "Sectorfondsen", _E), ("total", "Samen", _E)]
    return table("paid", columns, list(rows))


def every_chart() -> list[Chart]:
    """Return each chart with all that can happen in it: hidden, nothing, much, little and a long name."""
    long = "Zorgplannen opstellen voor ouderen met meerdere aandoeningen <en> hun “naasten” & buren"
    return [
        charts.gap_chart(gaps((long, 120, 30, 4, 1234), ("Lassen", 15, 0, 0, 90), ("Bakken", None, None, 1, 0)), "nl", links={"uri:Lassen": "/nl/gap?a=1&b=2"}),
        charts.growth_chart(growth((long, 11000, 600), ("Lassen", -500, 0), ("Bakken", None, 12), ("Rijden", 0, 12)), "nl"),
        charts.time_chart(timeline(("2025-4", None, 15, 0), ("2026-1", 40, None, 123_456), ("2026-2", 55, 60, 1_200)), "nl"),
        charts.heat_chart(slots((long, None, 0, 140, 10), ("Lassen", 25, 25, 25, None)), "nl"),
        charts.share_chart(paid(("2026-1", 100_000, 200_000, None, 50_000, 350_000), ("2026-2", 0, 900_000_00, 1, 100_000, 0)), "nl"),
    ]


def drawings(chart: Chart) -> list[ET.Element]:
    return list(ET.fromstring(f"<div>{chart.svg}</div>"))  # noqa: S314 - drawn here


def words(drawing: ET.Element) -> list[str]:
    return [each.text or "" for each in drawing.iter(f"{_SVG}text")]


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: chart.name)
def test_a_chart_has_a_name_a_description_and_two_sizes_that_do_not_share_an_id(chart: Chart) -> None:
    both = drawings(chart)
    assert len(both) == 2
    ids = [each.attrib["id"] for drawing in both for each in drawing.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids)) == 4
    for drawing in both:
        assert drawing.findtext(f"{_SVG}title") == chart.title
        assert drawing.findtext(f"{_SVG}desc") == chart.description
        assert chart.title
        assert chart.description


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: chart.name)
def test_every_text_and_rectangle_lies_within_its_drawing(chart: Chart) -> None:
    for drawing in drawings(chart):
        _left, _top, width, height = map(float, drawing.attrib["viewBox"].split())
        for each in drawing.iter(f"{_SVG}text"):
            at, y, room = float(each.attrib["x"]), float(each.attrib["y"]), text_width(each.text or "", TEXT)
            first = {"start": at, "middle": at - room / 2, "end": at - room}[each.attrib.get("text-anchor", "start")]
            assert first >= -1, each.text
            assert first + room <= width + 8, each.text  # the width is the widest that letters can be
            assert TEXT * 0.7 <= y <= height, each.text
        for each in drawing.iter(f"{_SVG}rect"):
            x, y, wide, high = (float(each.attrib[name]) for name in ("x", "y", "width", "height"))
            assert min(wide, high) >= 0
            assert x >= 0
            assert x + wide <= width + 0.1
            assert y >= 0
            assert y + high <= height + 0.1


def test_the_same_table_is_the_same_drawing() -> None:
    assert every_chart() == every_chart()


def test_what_stands_in_a_drawing_has_a_look_on_the_page_and_on_paper() -> None:
    styles = _STYLES.read_text(encoding="utf-8")
    for chart in every_chart():
        looks = {each for found in re.findall(r'class="([^"]+)"', str(chart.svg)) for each in found.split()}
        for look in looks:
            assert re.search(rf"\.{look}[ :,]", styles), look
        paper = for_paper(chart)
        inside = {each for found in re.findall(r'class="([^"]+)"', paper) for each in found.split()}
        assert {f".{look}{{" for look in inside} <= set(re.findall(r"\.academy-plot__[\w-]+\{", paper))


def test_paper_has_a_drawing_that_stands_alone_and_leads_nowhere() -> None:
    for chart in every_chart():
        drawing = ET.fromstring(for_paper(chart))  # noqa: S314 - drawn here
        assert drawing.attrib["viewBox"].split()[2:] == [drawing.attrib["width"], drawing.attrib["height"]]
        assert drawing.find(f".//{_SVG}a") is None
        assert words(drawing) == words(drawings(chart)[0])


def test_the_greatest_gap_is_the_title_and_every_bar_leads_to_its_rows() -> None:
    chart = charts.gap_chart(gaps(("Lassen", 15, 10, 1, 90), ("Bakken", None, None, 4, 0)), "nl", links={"uri:Lassen": "/nl/gap?a=1&b=2"})
    assert chart.title == "Het grootste gat: “Lassen”, met 25 mensen en 1 vrije plek"
    wide = drawings(chart)[0]
    assert [each.attrib["href"] for each in wide.iter(f"{_SVG}a")] == ["/nl/gap?a=1&b=2"]
    assert wide.attrib["role"] == "group"  # what is an image has no links for who does not see it
    assert "25 mensen · 1 vrije plek" in words(wide)


def test_a_gap_that_is_hidden_has_no_bar_and_no_number() -> None:
    wide = drawings(charts.gap_chart(gaps(("Bakken", None, None, 4, 0)), "nl"))[0]
    assert words(wide) == ["Bakken", "niet te tonen", "mensen: niet te tonen · 4 vrije plekken"]
    assert not [each for each in wide.iter(f"{_SVG}rect") if each.attrib["class"] == "academy-plot__bar"]
    assert [each for each in wide.iter(f"{_SVG}line") if each.attrib["class"] == "academy-plot__hatch"]


def test_a_line_stops_where_a_number_is_hidden() -> None:
    rows = [("2025-3", 20, 1, 1), ("2025-4", 30, 1, 1), ("2026-1", None, 1, 1), ("2026-2", 40, 1, 1), ("2026-3", 50, 1, 1)]
    wide = drawings(charts.time_chart(timeline(*rows), "nl"))[0]
    lines = [each for each in wide.iter(f"{_SVG}polyline") if each.attrib["class"] == "academy-plot__line-1"]
    assert [len(each.attrib["points"].split()) for each in lines] == [2, 2]
    assert "niet te tonen" in words(wide)


def test_the_part_of_the_week_that_fits_most_often_is_the_title() -> None:
    chart = charts.heat_chart(slots(("Lassen", 10, 0, 40, None), ("Bakken", 25, 10, 30, 0), ("Rijden", 30, 0, 0, 0)), "nl")
    assert chart.title == "Avond past het vaakst: bij 2 van 3 vaardigheden"
    assert words(drawings(chart)[0])[0] == "niet te tonen", "hatched is no number, and above the drawing stands what it is"


def test_who_pays_most_is_the_title_and_a_sum_is_no_payer() -> None:
    chart = charts.share_chart(paid(("2026-1", 30_000_00, 10_000_00, None, 0, 40_000_00)), "nl")
    assert chart.title == "Wie het meest betaalt: Onderwijs, met 75% van €\N{NO-BREAK SPACE}40.000, in kwartaal 1 van 2026"
    assert "Samen" not in words(drawings(chart)[0])
    assert "75%" in words(drawings(chart)[0])
    chosen = charts.share_chart(paid(("2026-1", 30_000_00, 10_000_00, None, 0, 40_000_00)), "nl", columns=("employers", "sector"))
    assert chosen.title.startswith("Wie het meest betaalt: Werkgevers, met 100%")


def test_a_sum_of_money_says_of_which_periods_it_is() -> None:
    rows = [("2025-1", 0, 0, 0, 0, 0), ("2026-4", 30_000_00, 10_000_00, 0, 0, 40_000_00)]
    assert charts.share_chart(paid(*rows), "nl").title.endswith("van €\N{NO-BREAK SPACE}40.000, van kwartaal 1 van 2025 tot en met kwartaal 4 van 2026")


def sides(*rows: tuple[str, int | None, int | None]) -> Table:
    return table("sides", [("side", "Kant", _T), ("wave-1", "Na twee weken", _S), ("wave-2", "Na afloop", _S)], [*rows])


def test_what_each_side_thinks_is_a_bar_or_hatched_and_what_was_said_last_is_the_title() -> None:
    chart = charts.side_chart(sides(("Cursisten", 38, 43), ("Opleiders", None, None)), "nl")
    assert chart.title == "Na afloop: cursisten 4,3; opleiders niet te tonen"
    looks = [each.attrib["class"] for each in drawings(chart)[0].iter(f"{_SVG}rect")]
    assert (looks.count("academy-plot__bar"), looks.count("academy-plot__mesh")) == (2, 2)
    assert charts.side_chart(sides(("Cursisten", 38, None)), "nl").title == "Na twee weken: cursisten 3,8"
    assert charts.side_chart(sides(("Cursisten", None, None)), "nl").title == "Van geen kant is al te tonen hoe tevreden ze is"


def test_growth_tells_what_grew_most_and_what_is_new_has_a_shape_of_its_own() -> None:
    chart = charts.growth_chart(growth(("Lassen", 500, 12), ("Bakken", 1500, 3), ("Rijden", None, 40), ("Naaien", -200, 1)), "nl")
    assert chart.title == "De vraag naar “Bakken” groeide het meest: 150%, nodig in 3 beroepen"
    wide = drawings(chart)[0]
    shapes = [(each.tag.removeprefix(_SVG), len(each.attrib.get("points", "").split())) for each in wide.iter() if "academy-plot__ring" in each.attrib.get("class", "")]
    assert sorted(shapes) == sorted([("polygon", 3), ("circle", 0), ("polygon", 4)] + [("polygon", 3)] * 2 + [("polygon", 4), ("circle", 0)])


def test_where_no_occupations_are_known_growth_stands_beside_how_many_want_it() -> None:
    unknown = charts.growth_chart(growth(("Lassen", 500, None), ("Bakken", 1500, None)), "nl")
    assert "Hoeveel mensen dit willen" in words(drawings(unknown)[0])
    assert "hoe meer mensen dit willen" in unknown.description
    assert unknown.title == "De vraag naar “Bakken” groeide het meest: 150%"
    some = words(drawings(charts.growth_chart(growth(("Lassen", 500, 12), ("Bakken", 1500, None)), "nl"))[0])
    assert "Nodig in hoeveel beroepen" in some
    assert "?" in some


def test_a_line_over_time_is_called_after_the_first_of_which_something_is_told() -> None:
    chart = charts.time_chart(timeline(("2026-1", None, 15, 1_200), ("2026-2", None, 30, 800)), "nl")
    assert chart.title == "Toegezegd: van 15 in kwartaal 1 van 2026 naar 30 in kwartaal 2 van 2026"


def test_what_is_new_is_a_finding_of_its_own() -> None:
    chart = charts.growth_chart(growth(("Rijden", None, 40), ("Naaien", -200, 1)), "nl")
    assert chart.title == "Nieuw in beeld: “Rijden”"
    grown = charts.growth_chart(growth(("Lassen", 500, 12), ("Rijden", None, 40)), "nl")
    assert grown.title.startswith("De vraag naar “Lassen” groeide het meest")
    assert grown.description.endswith("Nieuw in beeld: “Rijden”.")
    assert charts.growth_chart(growth(("Naaien", -200, 1)), "nl").title == "Naar geen vaardigheid groeide de vraag"


def test_the_numbers_under_a_chart_are_those_of_the_table_in_words() -> None:
    chart = charts.time_chart(timeline(("2026-1", None, 15, 1_200)), "nl")
    assert chart.heading == ("Periode", "Op een wachtlijst", "Toegezegd", "Zoekvragen")
    assert chart.rows == (("kwartaal 1 van 2026", "niet te tonen", "15", "1.200"),)
    assert chart.numbers == (False, True, True, True)
    assert chart.note == "Zo geteld."


def test_a_drawing_that_leaves_rows_out_says_so_and_the_table_has_them_all() -> None:
    rows = [(f"Vaardigheid {number}", 15, 0, 0, 90 - number) for number in range(20)]
    chart = charts.gap_chart(gaps(*rows), "nl", most=8)
    assert len([each for each in drawings(chart)[0].iter(f"{_SVG}rect") if each.attrib["class"] == "academy-plot__bar"]) == 8
    assert len(chart.rows) == 20
    assert chart.note == "Zo geteld. Getekend zijn de eerste 8 van 20."
    assert charts.gap_chart(gaps(*rows), "nl", most=20).note == "Zo geteld."


def test_nothing_to_draw_is_said_and_leaves_paper_empty() -> None:
    chart = charts.gap_chart(gaps(), "nl")
    assert not chart.svg
    assert (chart.title, chart.note) == ("gaps", "Hierover is nog niets te tekenen.")
    assert for_paper(chart) == ""


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=80), st.integers(0, 10**9), st.one_of(st.none(), st.integers(10, 10**7)))
def test_no_name_breaks_out_of_a_drawing(name: str, score: int, people: int | None) -> None:
    chart = charts.gap_chart(gaps((f"<b>{name}\"'</svg>&", people, None, 3, score)), "en")
    for drawing in drawings(chart):
        assert not drawing.findall(f".//{_SVG}b")
    ET.fromstring(for_paper(chart))  # noqa: S314 - drawn here


def test_a_bar_says_that_its_number_is_a_score() -> None:
    for drawing in drawings(charts.gap_chart(gaps(("Lassen", 15, 10, 1, 31)), "nl")):
        assert "score 31" in words(drawing)
        assert "31" not in words(drawing)


def test_skills_at_the_same_place_are_all_called_by_name_where_there_is_room() -> None:
    names = {"Lassen van staal", "Bakken van brood", "Rijden met vee"}
    for drawing in drawings(charts.growth_chart(growth(*((name, 500, 15) for name in names)), "nl")):
        assert names <= set(words(drawing)), "at the right edge, where no name fits right, above or below"
    crowd = {f"Een vaardigheid met een lange naam {number}" for number in range(9)}
    for drawing in drawings(charts.growth_chart(growth(*((name, 500, 12) for name in crowd)), "nl")):
        assert {each.findtext(f"{_SVG}title") for each in drawing.iter(f"{_SVG}g")} == crowd, "a name for which there is no room shows under the pointer"


def test_every_row_of_the_week_leads_to_its_rows() -> None:
    chart = charts.heat_chart(slots(("Lassen", 10, 0, 40, None), ("Bakken", 25, 10, 30, 0)), "nl", links={"uri:Lassen": "/nl/gap?a=1"})
    for drawing in drawings(chart):
        assert [each.attrib["href"] for each in drawing.iter(f"{_SVG}a")] == ["/nl/gap?a=1"]
        assert drawing.attrib["role"] == "group"
    assert chart.urls == ("/nl/gap?a=1", "")
    assert "<a" not in for_paper(chart)
