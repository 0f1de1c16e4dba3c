"""The pages of demand against supply: read by the programme office alone, with numbers that may be told, files under each table, and buttons that act."""

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.reports.errors import CountingAlready
from academy.reports.kinds import CommissionState, Source
from academy.reports.models import Commission
from academy.reports.queries import cells
from academy.reports.service import counting
from academy.reports.service.rolling import roll_up
from academy.reports.words import source_words
from tests import builders
from tests.reports import freezer
from tests.reports.browsing import signed_in, text
from tests.reports.celled import Cells
from tests.reports.world import CLOUD, DUTCH, WELDING, Rows

PAGE = "/nl/office/reports"
Queries = Callable[[int], AbstractContextManager[list[str]]]


def fill(session: Session, now: datetime) -> None:
    """Write what was counted of Almere and Lelystad in the third quarter of 2026."""
    Rows(session, now).skills()
    cells = Cells(session)
    cells.run(date(2026, 9, 1), now)
    cells.cell(people=60, seats=20, firms=6, cents=12_000_00, searches=40, places=30, free=12)
    cells.cell(period="2026-2", people=45)
    cells.cell(CLOUD, people=40, seats=15, firms=5, cents=11_000_00, searches=9, free=2, places=20, urgency=150, score=111)
    cells.cell(WELDING, people=None, seats=None, cents=None, firms=2)
    cells.cell(area="13", people=30)
    cells.cell(CLOUD, area="13", people=30, score=30)
    cells.cell(area="82", people=20)
    cells.cell(CLOUD, area="82", people=20, score=20)
    cells.cell(source=Source.WAITING, people=35)
    cells.slot(CLOUD, "evening", 25)


@pytest.fixture
def office(app: Flask, database: Database, now: datetime) -> FlaskClient:
    """Sign somebody of the programme office in; nothing was counted yet."""
    app.config["WTF_CSRF_ENABLED"] = False
    with database.writing() as session:
        return signed_in(app, session, freezer.office(session, now).person_id)


@pytest.fixture
def counted(office: FlaskClient, database: Database, now: datetime) -> FlaskClient:
    with database.writing() as session:
        fill(session, now)
    return office


def commission(subject: str, code: str, now: datetime, **about: Any) -> Commission:
    """Return a request to providers for Almere, of the quarter before; a yes was said."""
    values = {"area": "13", "state": CommissionState.MAKING} | about
    return Commission(id=new_id(), code=code, subject=subject, period="2026-2", sector="*", wanted=20, note="", made_at=now, answer_by=now, **values)


def test_before_the_first_count_the_page_says_so_and_one_button_counts(office: FlaskClient) -> None:
    assert "Er is nog niets geteld" in text(office, PAGE)
    assert "Er is nog niets geteld." in text(office, f"{PAGE}/gaps.csv", status=409)
    assert "Er is nog niets geteld." in text(office, f"{PAGE}/gap?skill={CLOUD}", status=409)
    answer = office.post(f"{PAGE}/count", follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "Opnieuw geteld." in page
    assert "Hier is nog niets te zien" in page


def test_the_page_says_sentences_six_figures_four_charts_and_the_gaps(counted: FlaskClient) -> None:
    page = text(counted, PAGE)
    for part in (
        "Het grootste gat is “cloudbeheer”: 55 mensen willen dit leren, en er zijn 2 vrije plekken.", "In kwartaal 3 van 2026 willen 80 mensen iets leren.",
        "Geteld tot en met ma 31 augustus 2026", "€ 12.000", "was 45", "Score = mensen zonder plek keer haast keer geld", "elke € 500", "niet te tonen",
        "Wie geen account heeft, telt per route", "Kwartaal 3 van 2026 · Alle gebieden · Alle sectoren: 80 mensen.", "Sommige gaten kunnen we niet laten zien.",
    ):
        assert part in page, part
    assert page.count("31 augustus 2026") == 1
    assert "Modules nakijken</a>" not in page.split("<main")[1].split("<h1")[0]
    assert page.count('class="academy-numbers__item"') == 6
    assert page.count('<figure class="academy-plot">') == 4
    assert page.index("cloudbeheer</a>") < page.index("lassen</a>")


def test_every_bar_and_every_line_of_the_table_opens_the_rows_behind_it(counted: FlaskClient) -> None:
    page = text(counted, f"{PAGE}?area=13")
    links = set(re.findall(r'href="([^"]*/office/reports/gap\?[^"]*)"', page))
    assert len(links) == 1
    behind = text(counted, links.pop().replace("&amp;", "&"))
    assert "Kwartaal 3 van 2026 · Almere (13) · Alle sectoren" in behind
    assert "Ongeveer 30 mensen willen dit leren; er is geen vrije plek." in behind
    assert "Start aanvraag bij opleiders" in behind


def test_the_score_is_shown_as_a_sum_that_one_can_check(counted: FlaskClient) -> None:
    page = text(counted, f"{PAGE}/gap?skill={CLOUD}&period=2026-3")
    assert "Score 111 = (55 mensen min 2 vrije plekken) keer haast 1,5 keer geld 1,4" in page
    assert "Ongeveer 55 mensen willen dit leren; er zijn 2 vrije plekken." in page


def test_of_what_is_hidden_no_page_says_that_it_is_nobody_or_fewer_than_ten(counted: FlaskClient) -> None:
    page = text(counted, f"{PAGE}/gap?skill={WELDING}")
    assert "Hoeveel mensen dit willen, kunnen we niet laten zien: dat zou iets zeggen over een kleine groep." in page
    for each in (page, text(counted, PAGE), text(counted, f"{PAGE}?area=unknown")):
        assert "niet te tonen" in each
        assert not re.search(r"&lt; 10|Niemand|minder dan tien", each)


def test_what_is_not_known_of_another_area_is_a_dash_and_never_nought(counted: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        Cells(session).cell(DUTCH, area="13", people=20, score=20)
        Cells(session).cell(DUTCH, people=20, places=9, free=9, score=11)
    page = text(counted, f"{PAGE}?area=13&with=82")
    assert re.search(r">Nederlands spreken</a></th>\s*<td [^>]*>20</td>\s*<td [^>]*>0</td>\s*<td [^>]*>niet te tonen</td>\s*<td [^>]*>–</td>", page.split('id="beside-title"')[1])
    rows = list(csv.reader(io.StringIO(counted.get(f"{PAGE}/comparison.csv?area=13&with=82").get_data().decode("utf-8-sig")), delimiter=";"))
    assert next(row for row in rows if row[1] == "Nederlands spreken")[2:] == ["20", "0", "niet te tonen", ""]
    assert re.search(r"<dt>Vrije plekken</dt><dd>–</dd>", text(counted, f"{PAGE}/gap?skill={DUTCH}&area=82"))
    assert re.search(r"<dt>Vrije plekken</dt><dd>9 van 9</dd>", text(counted, f"{PAGE}/gap?skill={DUTCH}"))


def test_the_tables_under_the_charts_lead_to_the_rows_and_to_the_other_periods(counted: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        Cells(session, "2026-2").cell(source=Source.WAITING, people=30)
    figures = text(counted, f"{PAGE}?sector=ict&with=82").split("<figure")[1:]
    assert not re.findall(r'<th scope="row"><a', figures[0] + figures[1] + figures[3]), "nobody of that sector wants anything"
    assert re.findall(r'<th scope="row"><a class="nl-link" href="([^"]*)">([^<]*)</a>', figures[2]) == [
        ("/nl/office/reports?period=2026-2&amp;sector=ict&amp;with=82", "kwartaal 2 van 2026"),
    ], "not to the page one is on"
    assert "(alle sectoren)</figcaption>" in figures[2]
    assert "Waar de vraag vandaan komt, alle sectoren</h2>" in text(counted, f"{PAGE}/gap?skill={CLOUD}&sector=ict")
    figures = text(counted, PAGE).split("<figure")[1:]
    for figure in (figures[0], figures[1], figures[3]):
        assert re.search(r'<th scope="row"><a class="nl-link" href="/nl/office/reports/gap\?skill=[^"]*">cloudbeheer</a>', figure)
    assert 'class="academy-plot__link" href="/nl/office/reports/gap?' in figures[3]
    assert "(alle " not in figures[2]


def test_a_source_leads_to_its_rows_on_the_page_and_else_says_that_there_are_none(counted: FlaskClient, database: Database, now: datetime) -> None:
    page = text(counted, f"{PAGE}/gap?skill={CLOUD}")
    assert re.findall("Hiervan staat verder niets op deze pagina: ([^<]*)[.]", page) == ["; ".join(map(source_words, Source))]
    with database.writing() as session:
        rows = Rows(session, now)
        rows.demand(CLOUD, firm=rows.firm(), people=4, at=now - timedelta(days=1))
    page = text(counted, f"{PAGE}/gap?skill={CLOUD}&period=2026-3")
    assert re.findall("Hiervan staat verder niets op deze pagina: ([^<]*)[.]", page) == ["; ".join(source_words(each) for each in Source if each is not Source.DEMAND)]
    assert '<a class="nl-link" href="#demands-title">Vragen van bedrijven en mensen</a>' in page
    assert 'id="demands-title"' in page


def test_a_gap_that_is_asked_already_leads_to_that_and_not_to_another(counted: FlaskClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        session.add(commission(CLOUD, "BCDFGH2345", now))
    page = text(counted, f"{PAGE}/gap?skill={CLOUD}&area=13")
    assert "Er loopt al een aanvraag." in page
    assert "Wordt gemaakt" in page
    assert "/nl/office/commissions/BCDFGH2345" in page
    assert "Start aanvraag" not in page
    assert "Start aanvraag" in text(counted, f"{PAGE}/gap?skill={CLOUD}")


def test_the_list_of_gaps_leads_to_the_request_that_is_under_way_for_that_area(counted: FlaskClient, database: Database, now: datetime) -> None:
    def offered(about: str = "") -> list[tuple[str, str]]:
        """Return what one can do about each gap: where it leads, and its words."""
        listed = text(counted, f"{PAGE}{about}").split('aria-labelledby="gaps-title"')[1].split("</section>")[0]
        return re.findall(r'href="/nl/office/commissions/(\w+)[^"]*">([^<]*)<span class="academy-hidden">: (?:cloudbeheer|lassen)</span>', listed)

    start = ("new", "Start aanvraag")
    with database.writing() as session:
        session.add(commission(CLOUD, "BCDFGH2345", now))
        session.add(commission(CLOUD, "BCDFGH2346", now, area="82", state=CommissionState.STARTED, ended_at=now))
        session.add(commission(WELDING, "BCDFGH2347", now, area="*", state=CommissionState.OPEN))
    assert offered("?area=13&period=2026-3") == [("BCDFGH2345", "Aanvraag loopt")]
    assert "Wordt gemaakt" in text(counted, f"{PAGE}?area=13")
    assert offered("?area=82") == [start], "what has ended can be asked again"
    assert offered() == [start, ("BCDFGH2347", "Aanvraag loopt")]
    assert "Wacht op antwoord" in text(counted, PAGE)


def test_who_lives_nowhere_that_is_told_is_asked_for_everywhere(counted: FlaskClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        Cells(session).cell(CLOUD, area="", people=20, score=20)
        session.add(commission(CLOUD, "BCDFGH2345", now, area="*"))
    for address in (f"{PAGE}?area=unknown", f"{PAGE}/gap?skill={CLOUD}&area=unknown"):
        page = text(counted, address)
        assert "/nl/office/commissions/BCDFGH2345" in page, address
        assert "Start aanvraag" not in page, address


def test_what_can_not_be_chosen_counts_as_not_chosen(counted: FlaskClient) -> None:
    for about in ("period=2019-1", "period=nonsense", "area=99x", "area=0", "sector=magic", "with=nowhere", "period=2026-3&with=*"):
        assert "Het grootste gat is “cloudbeheer”: 55 mensen" in text(counted, f"{PAGE}?{about}"), about
    assert "Er is geen gat dat we kunnen laten zien." in text(counted, f"{PAGE}?area=unknown&sector=unknown")
    for skill in ("", "x" * 301, "http://esco/unknown", "module:12", f"module:{'0' * 32}", "a%00", "%ED%A0%80"):
        text(counted, f"{PAGE}/gap?skill={skill}", status=404)


def test_another_area_stands_beside_it(counted: FlaskClient) -> None:
    page = text(counted, f"{PAGE}?area=13&with=82")
    assert "Mensen, Almere (13)" in page
    assert "Mensen, Lelystad (82)" in page
    assert "Mensen, " not in text(counted, f"{PAGE}?area=13&with=13")
    assert "Mensen, Alle gebieden" in text(counted, f"{PAGE}?area=13&with=*")


@pytest.mark.parametrize("name", ["figures", "gaps", "growth", "timeline", "slots", "sources", "clusters", "lines", "comparison"])
def test_each_table_is_there_as_a_file(counted: FlaskClient, name: str) -> None:
    answer = counted.get(f"{PAGE}/{name}.csv?period=2026-3&area=13&with=82")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "text/csv", "no-store")
    heading, *rows = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";")
    assert rows
    assert all(len(row) == len(heading) for row in rows)


def test_a_file_shows_amounts_in_euros_and_says_what_is_hidden(counted: FlaskClient) -> None:
    rows = list(csv.reader(io.StringIO(counted.get(f"{PAGE}/gaps.csv").get_data().decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:6] == [CLOUD, "cloudbeheer", "40", "5", "15", "11000,00"]
    assert rows[2][:6] == [WELDING, "lassen", "niet te tonen", "2", "niet te tonen", "niet te tonen"]
    figures = list(csv.reader(io.StringIO(counted.get(f"{PAGE}/figures.csv").get_data().decode("utf-8-sig")), delimiter=";"))
    assert figures[3] == ["Toegezegd geld", "12000,00", "0,00", "euro"]
    text(counted, f"{PAGE}/secrets.csv", status=404)


def test_while_somebody_counts_another_hears_that(counted: FlaskClient) -> None:
    with counting.AT_WORK:
        answer = counted.post(f"{PAGE}/count")
    assert answer.status_code == 409
    assert "Er wordt al geteld." in answer.get_data(as_text=True)
    assert counted.post(f"{PAGE}/count?area=13").headers["Location"].endswith("area=13")


def test_counting_that_stumbles_leaves_the_way_free(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    def stumble(**_about: object) -> None:
        raise ValueError("the database is away")

    monkeypatch.setattr(counting, "count", stumble)
    for _each in range(2):
        with pytest.raises(ValueError, match="away"):
            counting.count_now(now)
    with counting.AT_WORK, pytest.raises(CountingAlready):
        counting.count_now(now)


def test_a_report_of_what_is_chosen_is_made_with_one_button(counted: FlaskClient) -> None:
    answer = counted.post(f"{PAGE}/make?period=2026-3&area=13")
    assert answer.status_code == 303
    page = text(counted, answer.headers["Location"])
    assert "Almere (13)" in page
    assert "Het rapport is vastgelegd." in page


def test_the_page_reads_in_english_as_well(counted: FlaskClient) -> None:
    assert "cloud management" in text(counted, "/en/office/reports")


@pytest.mark.usefixtures("counted")
def test_nobody_else_reads_or_acts(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        client = signed_in(app, session, builders.actor(session, now).person_id)
    for address in (PAGE, f"{PAGE}/gaps.csv", f"{PAGE}/gap?skill={CLOUD}"):
        assert client.get(address).status_code == 404, address
    for address in (f"{PAGE}/count", f"{PAGE}/make"):
        assert client.post(address).status_code == 404, address


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}/gaps.csv", f"{PAGE}/gap?skill={CLOUD}"], ids=["page", "file", "gap"])
def test_all_that_is_read_is_of_one_count_while_another_is_written(
    counted: FlaskClient, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch, address: str,
) -> None:
    def read() -> str:
        return re.sub(r'(nonce|name="csrf_token" value)="[^"]*"', "", text(counted, address))

    def cells_of(*about: Any, **more: Any) -> Any:
        """Let a count of nothing at all be written after the page found out what was counted last, and before it reads the cells."""
        monkeypatch.undo()
        with database.writing() as other:
            roll_up(other, as_of=date(2026, 9, 2), now=now + timedelta(days=1))
        return cells.cells_of(*about, **more)

    before = read()
    monkeypatch.setattr(cells, "cells_of", cells_of)
    assert read() == before
    assert read() != before


def test_the_pages_take_few_statements(counted: FlaskClient, database: Database, now: datetime, queries: Queries) -> None:
    text(counted, PAGE)
    with queries(15):
        text(counted, f"{PAGE}?area=13&with=82")
    with database.writing() as session:
        uris = [f"http://esco/{number}" for number in range(20)]
        for number, uri in enumerate(uris):
            Cells(session).cell(uri, people=20, score=200)
            session.add(commission(uri, f"BCDFGH{number:04}", now, area="*"))
    with queries(13):  # on PostgreSQL one is to read all at one moment
        assert text(counted, PAGE).count("Aanvraag loopt") == len(uris)
    with queries(20):
        text(counted, f"{PAGE}/gap?skill={CLOUD}")
