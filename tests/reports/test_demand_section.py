"""Demand against supply as a section: sentences, eight tables, and nothing in them that the cells hide."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from academy.kernel.db import Database
from academy.kernel.text import Localized
from academy.reports.facts import Section, Table, View
from academy.reports.kinds import Source
from academy.reports.queries.cells import at_one_moment, last_run, top_cells
from academy.reports.queries.dashboard import dashboard
from academy.reports.queries.demand import compare, demand_section
from academy.reports.queries.drilling import gap_of
from academy.reports.queries.picture import periods_at, picture, quarters_of_line
from tests.reports.celled import Cells
from tests.reports.world import CLOUD, DUTCH, WELDING, Rows

AS_OF = date(2026, 9, 1)
NOW = View("2026-3")
Queries = Callable[[int], AbstractContextManager[list[str]]]

COLUMNS = {
    "figures": "name value before unit", "gaps": "skill label people firms seats pledged searches places free urgency score",
    "growth": "skill label now before growth occupations", "timeline": "period waiting pledged searches", "slots": "skill label morning afternoon evening weekend",
    "sources": "source people firms seats searches", "clusters": "cluster label people firms seats places free", "lines": "line label people firms seats",
}


@pytest.fixture
def cells(session: Session, rows: Rows) -> Cells:
    """Return who writes cells, of skills that have names."""
    rows.skills()
    return Cells(session)


def section(session: Session, view: View = NOW, as_of: date = AS_OF) -> Section:
    return demand_section(session, view=view, from_on=date(2026, 7, 1), until_on=date(2026, 9, 30), as_of=as_of)


def table(session: Session, name: str, view: View = NOW, as_of: date = AS_OF) -> Table:
    return next(each for each in section(session, view, as_of).tables if each.name == name)


def column(found: Table, name: str) -> list[Any]:
    at = found.column(name)
    return [row[at] for row in found.rows]


def dutch(found: Section) -> list[str]:
    return [each.nl.replace("\N{NO-BREAK SPACE}", " ") for each in found.sentences]


def test_the_section_has_the_tables_and_columns_on_which_files_and_charts_rely(session: Session) -> None:
    found = section(session)
    assert {each.name: " ".join(one.name for one in each.columns) for each in found.tables} == COLUMNS
    assert all(len(row) == len(each.columns) for each in found.tables for row in each.rows)
    assert all(each.title.nl and each.note.nl for each in found.tables)


def test_three_sentences_say_the_greatest_gap_how_much_is_asked_and_what_grows(session: Session, cells: Cells) -> None:
    cells.cell(people=60, seats=20)
    cells.cell(period="2026-2", people=45)
    cells.cell(CLOUD, people=40, seats=15, free=2, places=20, score=53)
    cells.cell(CLOUD, period="2026-2", people=20)
    cells.cell(WELDING, people=30, score=30)
    cells.cell(WELDING, period="2026-2", people=25)
    assert dutch(section(session)) == [
        "Het grootste gat is “cloudbeheer”: 55 mensen willen dit leren, en er zijn 2 vrije plekken.",
        "In kwartaal 3 van 2026 willen 80 mensen iets leren. In kwartaal 2 van 2026 waren het er 45. Deze periode is nog niet voorbij.",
        "De meeste mensen kwamen erbij voor “cloudbeheer”: van 20 naar 55.",
    ]
    assert "nog niet voorbij" not in dutch(section(session, as_of=date(2026, 10, 1)))[1]


def test_sentences_of_a_quiet_period_say_so_and_name_no_number(session: Session, cells: Cells) -> None:
    assert dutch(section(session)) == [
        "Er is geen gat dat we kunnen laten zien.", "Hoeveel mensen in kwartaal 3 van 2026 iets willen leren, kunnen we niet laten zien: dat zou iets zeggen over een kleine groep.",
        "Er is niets waar duidelijk meer vraag naar is dan in kwartaal 2 van 2026.",
    ]
    cells.cell(people=20)
    cells.cell(CLOUD, people=20, score=20)
    assert dutch(section(session))[0].endswith("en er is geen vrije plek.")
    assert "Hoeveel het er in kwartaal 2 van 2026 waren, kunnen we niet laten zien." in dutch(section(session))[1]


def test_where_gaps_are_hidden_the_first_sentence_says_so_also_when_they_do_not_fit_in_the_list(session: Session, cells: Cells) -> None:
    for number in range(20):
        cells.cell(f"http://esco/{number}", people=20, score=20)
    assert "Sommige gaten" not in dutch(section(session))[0]
    cells.cell(CLOUD, people=None, seats=0, cents=None)
    assert dutch(section(session))[0].endswith("en er is geen vrije plek. Sommige gaten kunnen we niet laten zien.")


def test_a_number_that_is_not_of_everybody_says_so_and_compares_with_nothing(session: Session, cells: Cells) -> None:
    cells.cell(CLOUD, people=40, seats=15, score=55)
    cells.cell(CLOUD, period="2026-2", people=None, seats=15)
    cells.cell(WELDING, people=None, seats=20, score=20)
    assert dutch(section(session))[2] == "Nieuw in beeld: “cloudbeheer”; “lassen”."
    assert column(table(session, "growth"), "growth") == [None, None]
    cells.cell(people=None, seats=20)
    assert "Een deel van de mensen kunnen we niet laten zien." in dutch(section(session))[1]


def test_what_is_new_or_was_hidden_is_a_finding_beside_what_grows(session: Session, cells: Cells) -> None:
    cells.cell(CLOUD, people=40, score=40)
    cells.cell(CLOUD, period="2026-2", people=15)
    cells.cell(WELDING, people=10, score=10)
    cells.cell(WELDING, period="2026-2", people=None)
    assert dutch(section(session))[2] == "De meeste mensen kwamen erbij voor “cloudbeheer”: van 15 naar 40. Nieuw in beeld: “lassen”."


def test_nothing_is_compared_with_a_period_that_was_not_counted(session: Session, cells: Cells) -> None:
    oldest = View("2023-4")
    cells.cell(period="2023-4", people=40)
    cells.cell(CLOUD, period="2023-4", people=20, score=20)
    sentences = dutch(section(session, oldest))
    assert sentences[1:] == ["In kwartaal 4 van 2023 willen 40 mensen iets leren."]
    assert {each.nl for each in column(table(session, "figures", oldest), "before")} == {"niet geteld"}
    assert table(session, "growth", oldest).rows == ()
    assert quarters_of_line("2023-4", AS_OF) == ("2023-4",)
    assert len(dutch(section(session, View("2024-1")))) == 3


def test_skills_with_room_enough_do_not_push_the_gaps_out_of_the_list(session: Session, cells: Cells) -> None:
    for number in range(25):
        cells.cell(f"http://esco/{number}", people=90, places=99, free=99)
    cells.cell(CLOUD, people=None, seats=None, cents=None)
    assert column(table(session, "gaps"), "skill") == [CLOUD]


def test_what_is_wanted_as_much_is_chosen_in_the_same_order_on_every_database(session: Session, cells: Cells) -> None:
    for name in ("b", "A", "a-b", "aB", "_", "B"):
        cells.cell(f"http://esco/{name}", people=20, score=20)
    assert [each.key.skill[-1] for each in top_cells(session, NOW, limit=3)] == ["A", "B", "_"]


def test_gaps_and_figures_are_of_one_count_while_another_is_written(database: Database, now: datetime) -> None:
    with database.writing() as session:
        Cells(session).run(AS_OF, now)
    with database.reading() as session:
        at_one_moment(session)
        run = last_run(session)
        with database.writing() as other:
            Cells(other).cell(CLOUD, people=20, score=20)
        assert run is not None
        assert dashboard(session, run=run, view=NOW).found.gaps == ()


def test_gaps_stand_by_score_and_what_is_hidden_stands_last_by_its_name(session: Session, cells: Cells) -> None:
    cells.cell(WELDING, people=20, score=20)
    cells.cell(DUTCH, people=None, seats=None, cents=None, searches=90)
    cells.cell(CLOUD, people=None, seats=None, cents=None, firms=2)
    cells.cell("http://esco/enough", people=30, places=40, free=40)
    cells.cell("http://esco/few-and-room", people=None, seats=None, cents=None, places=10, free=10)
    found = table(session, "gaps")
    assert column(found, "label") == [Localized("lassen", "welding"), Localized("cloudbeheer", "cloud management"), Localized("Nederlands spreken", "speak Dutch")]
    assert column(found, "people") == [20, None, None]
    assert column(found, "pledged") == [0, None, None]


def test_a_cell_that_is_not_kept_is_never_shown_as_nobody(session: Session, cells: Cells) -> None:
    cells.cell(CLOUD, people=20, score=20)
    assert column(table(session, "growth"), "before") == [None]
    assert column(table(session, "growth"), "growth") == [None]
    assert column(table(session, "sources"), "people") == [None] * len(Source)
    assert column(table(session, "figures"), "value")[:3] == [None, 0, None]


def test_growth_is_told_in_tenths_of_a_per_cent_and_not_of_who_is_hidden_now(session: Session, cells: Cells) -> None:
    cells.cell(CLOUD, people=40, score=40)
    cells.cell(CLOUD, period="2026-2", people=15)
    cells.cell(WELDING, people=10, score=10)
    cells.cell(WELDING, period="2026-2", people=30)
    cells.cell(DUTCH, people=None, searches=3)
    found = table(session, "growth")
    assert list(zip(column(found, "now"), column(found, "before"), column(found, "growth"), strict=True)) == [(40, 15, 1667), (10, 30, -667)]
    assert column(found, "occupations") == [None, None], "the classification knows none of them: that is not nought"


def test_the_line_over_time_begins_where_there_is_something_and_ends_with_what_is_looked_at(session: Session, cells: Cells) -> None:
    cells.cell(source=Source.WAITING, period="2025-4", people=15)
    cells.cell(source=Source.PLEDGE, people=0, firms=4, seats=20)
    cells.cell(source=Source.SEARCH, searches=12)
    assert table(session, "timeline").rows == (("2025-4", 15, None, 0), ("2026-1", None, None, 0), ("2026-2", None, None, 0), ("2026-3", None, 20, 12))
    assert quarters_of_line("2026", AS_OF)[-1] == "2026-3"
    assert quarters_of_line("2025", AS_OF)[-1] == "2025-4"


def test_moments_of_the_week_leave_out_who_named_none(session: Session, cells: Cells) -> None:
    for uri in (CLOUD, WELDING):
        cells.cell(uri, people=20, score=20)
    cells.slot(CLOUD, "evening", 15)
    cells.slot(CLOUD, "morning", None)
    assert table(session, "slots").rows == ((CLOUD, Localized("cloudbeheer", "cloud management"), None, None, 15, None),)


def test_clusters_are_those_of_the_area_and_lines_of_action_those_of_everywhere(session: Session, cells: Cells) -> None:
    cells.cell(sector="c:health", people=50, places=20, free=5)
    cells.cell(sector="c:health", area="13", people=30)
    cells.cell(source="7b", people=25)
    everywhere, here = table(session, "clusters"), table(session, "clusters", View("2026-3", "13"))
    at = column(everywhere, "cluster").index("health")
    assert (everywhere.rows[at][2], here.rows[at][2]) == (50, 30)
    assert table(session, "lines", View("2026-3", "13")).rows[1][2] == 25


def test_two_areas_stand_beside_each_other_with_the_same_skills(session: Session, cells: Cells) -> None:
    cells.cell(area="13", people=50, free=3, places=3)
    cells.cell(area="82", people=30)
    cells.cell(CLOUD, area="13", people=40, score=40)
    cells.cell(CLOUD, area="82", people=10, free=4, places=4)
    cells.cell(WELDING, area="13", people=20, score=20)
    found = compare(session, picture(session, view=View("2026-3", "13"), as_of=AS_OF), "82")
    assert [row[2:] for row in found.rows] == [(50, 3, 30, 0), (40, 0, 10, 4), (20, 0, None, None)], "of welding nothing is kept in Lelystad: seats may be free there"
    assert [each.title.nl for each in found.columns[2:]] == [
        "Mensen, Almere (13)", "Vrije plekken, Almere (13)", "Mensen, Lelystad (82)", "Vrije plekken, Lelystad (82)",
    ]


def test_free_seats_of_what_is_not_kept_are_only_told_where_they_are_known(session: Session, cells: Cells) -> None:
    cells.cell(people=50, places=30, free=9)
    cells.cell(area="", people=None, places=12, free=7)
    cells.cell(CLOUD, people=20, score=20)
    cells.cell(WELDING, people=20, places=10, free=5, score=15)
    found = compare(session, picture(session, view=NOW, as_of=AS_OF), "82")
    assert column(found, "there_free") == [7, 0, None], "online serves there too; what is planned nowhere is not planned there; of the third nothing is kept"
    for skill, is_known in ((WELDING, False), (CLOUD, True)):
        gap = gap_of(session, View("2026-3", "82"), skill)
        assert (gap.knows_seats, gap.cell.places) == (is_known, 0), skill


def test_online_classes_serve_an_area_and_its_clusters_of_which_nothing_is_kept(session: Session, cells: Cells) -> None:
    cells.cell(sector="c:health", people=None, places=20, free=5)
    cells.cell(sector="c:health", area="", people=None, places=12, free=3)
    cells.cell(people=50, places=20, free=5)
    cells.cell(area="", people=None, places=14, free=4)
    view = View("2026-3", "82")
    found = table(session, "clusters", view)
    assert [row[5:] for row in found.rows if row[0] == "health"] == [(12, 3)]
    assert {row[5:] for row in found.rows if row[0] != "health"} == {(0, 0)}, "of all skills together every cell with classes is kept"
    assert column(table(session, "figures", view), "value")[4] == 4


@pytest.mark.parametrize(("view", "words"), [
    (NOW, ""), (View("2026-3", "13"), ", alle gebieden"), (View("2026-3", "*", "ict"), ", alle sectoren"), (View("2026-3", "13", "ict"), ", alle gebieden en sectoren"),
])
def test_a_table_of_everywhere_says_so_in_its_title_beside_a_view_of_less(session: Session, view: View, words: str) -> None:
    assert {name: table(session, name, view).title.nl for name in ("lines", "sources", "timeline", "slots", "clusters")} == {
        "lines": f"Per actielijn{words}", "sources": f"Waar de vraag vandaan komt{words}", "timeline": f"Wachten en toezeggen door de tijd{words}",
        "slots": f"Wanneer mensen kunnen{words}", "clusters": "Per cluster van het economisch programma",
    }


def test_a_counted_region_reads_the_same_twice_and_in_both_languages(region: Database) -> None:
    with region.reading() as session:
        found = section(session)
        assert found == section(session)
    gaps = next(each for each in found.tables if each.name == "gaps")
    assert [(row[1], row[2], row[4], row[8]) for row in gaps.rows][:2] == [(Localized("cloudbeheer", "cloud management"), 10, 20, 2), (Localized("lassen", "welding"), 10, 0, 0)]
    assert column(next(each for each in found.tables if each.name == "figures"), "value") == [45, 4, 5400_00, 12, 2, 2]


def test_the_whole_page_takes_ten_statements_however_much_was_counted(session: Session, cells: Cells, now: datetime, queries: Queries) -> None:
    cells.run(AS_OF, now)
    for number in range(40):
        cells.cell(f"http://esco/{number}", area="13", people=20 + number, score=20 + number)
    run = last_run(session)
    assert run is not None
    with queries(10):
        found = dashboard(session, run=run, view=View("2026-3", "13"), beside="82")
    assert len(found.found.gaps) == 20
    assert found.areas == ()


def test_one_can_look_back_over_twelve_quarters_and_the_years_of_which_all_is_counted() -> None:
    assert periods_at(date(2026, 2, 1)) == (
        "2026-1", "2026", "2025-4", "2025-3", "2025-2", "2025-1", "2025", "2024-4", "2024-3", "2024-2", "2024-1", "2024", "2023-4", "2023-3", "2023-2",
    )
    assert periods_at(date(2026, 1, 1))[0] == "2025-4"
