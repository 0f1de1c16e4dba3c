"""The pages of frozen reports: made, read, checked and published by the programme office; read by everybody once published."""

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.kernel.db import Database
from academy.reports import freezing
from academy.reports.facts import View
from academy.reports.kinds import SnapshotKind
from academy.reports.queries.snapshots import frozen
from tests import builders
from tests.reports import freezer
from tests.reports.browsing import signed_in, text

LIST = "/nl/office/reports/frozen"
Queries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def office(app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Sign somebody of the programme office in; something was counted."""
    app.config["WTF_CSRF_ENABLED"] = False
    freezer.saying(monkeypatch)
    with database.writing() as session:
        freezer.counted(session, now, as_of=date(2026, 9, 1))
        return signed_in(app, session, freezer.office(session, now).person_id)


@pytest.fixture
def code(office: FlaskClient, now: datetime) -> str:
    """Freeze a report of 2026."""
    return freezing.freeze(actor=None, kind=SnapshotKind.YEARLY, view=freezer.YEAR, now=now).code


def test_a_report_is_made_with_one_button_and_read_at_once(office: FlaskClient) -> None:
    assert "Er is nog geen rapport vastgelegd" in text(office, LIST)
    answer = office.post(f"{LIST}/make", data={"kind": "two-yearly", "year": "2026"}, follow_redirects=True)
    page = answer.get_data(as_text=True)
    for part in ("Tweejaarsrapport 2025–2026", "Het rapport is vastgelegd.", "De meeste mensen zoeken Python", "Zo is geteld", "niet te tonen", "Toon de controlegetallen", "Na een nieuwe versie van het platform"):
        assert part in page, part
    assert text(office, LIST).count("Tweejaarsrapport 2025–2026") == 1


def test_the_years_to_choose_from_are_those_that_are_counted(office: FlaskClient) -> None:
    page = text(office, LIST)
    assert [year for year in ("2023", "2024", "2025", "2026", "2027") if f'value="{year}"' in page] == ["2024", "2025", "2026"]
    assert '<option selected value="2025">' in page  # the last one that is over


@pytest.mark.parametrize("sent", [{"kind": "chosen", "year": "2026"}, {"kind": "yearly", "year": "1999"}, {"year": "2026", "kind": ""}])
def test_what_is_no_report_is_not_made(office: FlaskClient, sent: dict[str, str]) -> None:
    answer = office.post(f"{LIST}/make", data=sent)
    assert answer.status_code == 422
    assert "Dit klopt nog niet" in answer.get_data(as_text=True)


def test_two_years_of_which_the_first_was_not_counted_are_not_offered_as_a_report(office: FlaskClient) -> None:
    answer = office.post(f"{LIST}/make", data={"kind": "two-yearly", "year": "2024"})
    assert answer.status_code == 422
    assert "Het jaar ervoor is niet geteld." in answer.get_data(as_text=True)


def test_on_new_years_day_the_year_that_begins_is_no_choice_yet(database: Database, office: FlaskClient, now: datetime) -> None:
    with database.writing() as session:
        freezer.forgotten(session)
        freezer.counted(session, now, as_of=date(2027, 1, 1))
    assert 'value="2027"' not in text(office, LIST)


def test_before_something_is_counted_the_page_says_how_to_begin(app: Flask, database: Database, office: FlaskClient) -> None:
    with database.writing() as session:
        freezer.forgotten(session)
    assert "Tel nu, bij Vraag en aanbod" in text(office, LIST)
    answer = office.post(f"{LIST}/make", data={"kind": "yearly", "year": "2026"})
    assert answer.status_code == 409
    assert "Er is nog niets geteld." in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", ["pdf", "xlsx", "csv"])
def test_the_files_are_those_whose_hashes_were_kept(database: Database, office: FlaskClient, code: str, language: str, kind: str) -> None:
    answer = office.get(f"/{language}/office/reports/frozen/{code}.{kind}")
    with database.reading() as session:
        kept = frozen(session, code).files[f"{language}.{kind}"]
    assert hashlib.sha256(answer.data).hexdigest() == kept
    assert kept in text(office, f"/{language}/office/reports/frozen/{code}")
    assert f'filename="{"rapport" if language == "nl" else "report"}-2026-{code.lower()}.{kind}"' in answer.headers["Content-Disposition"]
    again = office.get(f"/{language}/office/reports/frozen/{code}.{kind}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_whoever_reads_a_report_checks_the_hash_of_its_data_with_the_file_of_it(app: Flask, office: FlaskClient, code: str, language: str) -> None:
    office.post(f"{LIST}/{code}/publish")
    page = text(app.test_client(), f"/{language}/reports/{code}")
    assert f"/{language}/reports/{code}.json" in page
    answer = app.test_client().get(f"/{language}/reports/{code}.json")
    assert hashlib.sha256(answer.data).hexdigest() in page
    assert (json.loads(answer.data)["query"]["period"], answer.mimetype) == ("2026", "application/json")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["ETag"].strip('"') == hashlib.sha256(answer.data).hexdigest()
    assert office.get(f"/{language}/office/reports/frozen/{code}.json").data == answer.data


def test_the_page_of_a_year_that_is_not_over_says_so(office: FlaskClient, code: str, now: datetime) -> None:
    assert "Het jaar was nog niet om" in text(office, f"{LIST}/{code}")
    over = freezing.freeze(actor=None, kind=SnapshotKind.YEARLY, view=View("2025"), now=now).code
    assert "Het jaar was nog niet om" not in text(office, f"{LIST}/{over}")


def test_a_report_is_public_from_publishing_until_it_is_taken_back(app: Flask, office: FlaskClient, code: str) -> None:
    everybody = app.test_client()
    places = (f"/nl/reports/{code}", f"/en/reports/{code}", f"/nl/reports/{code}.pdf", f"/en/reports/{code}.csv", f"/nl/reports/{code}.json")
    assert [everybody.get(place).status_code for place in places] == [404] * 5
    assert "Er is nog geen rapport openbaar" in text(everybody, "/nl/reports")
    assert "Het rapport is nu openbaar." in office.post(f"{LIST}/{code}/publish", follow_redirects=True).get_data(as_text=True)
    assert [everybody.get(place).status_code for place in places] == [200] * 5
    assert "Jaarrapport 2026" in text(everybody, "/nl/reports")
    assert "Annual report 2026" in text(everybody, "/en/reports")
    assert "Ja, haal het van de website" in text(office, f"{LIST}/{code}")
    office.post(f"{LIST}/{code}/take-back")
    assert [everybody.get(place).status_code for place in places] == [404] * 5


def test_the_public_file_is_the_same_file(app: Flask, office: FlaskClient, code: str) -> None:
    office.post(f"{LIST}/{code}/publish")
    assert app.test_client().get(f"/nl/reports/{code}.pdf").data == office.get(f"{LIST}/{code}.pdf").data


@pytest.mark.parametrize("address", ["{list}/{code}.exe", "{list}/NOSUCHREPORT", "{list}/NOSUCHREPORT.pdf", "/nl/reports/NOSUCHREPORT", "/nl/reports/{code}.docx"])
def test_what_is_no_report_or_no_file_is_not_found(office: FlaskClient, code: str, address: str) -> None:
    office.post(f"{LIST}/{code}/publish")
    text(office, address.format(list=LIST, code=code), status=404)


def test_nobody_else_makes_reads_or_publishes_a_report(app: Flask, database: Database, office: FlaskClient, code: str, now: datetime) -> None:
    with database.writing() as session:
        stranger = signed_in(app, session, builders.person(session, now))
    for address in (LIST, f"{LIST}/{code}", f"{LIST}/{code}.pdf"):
        text(stranger, address, status=404)
    for act in (f"{LIST}/make", f"{LIST}/{code}/publish", f"{LIST}/{code}/take-back"):
        assert stranger.post(act, data={"kind": "yearly", "year": "2026"}).status_code == 404
        assert app.test_client().post(act).status_code == 303  # to sign in
    assert "alleen voor het programmabureau" in text(office, LIST)


def test_a_report_that_was_changed_says_so(database: Database, office: FlaskClient, code: str) -> None:
    assert "Dit rapport is veranderd" not in text(office, f"{LIST}/{code}")
    with database.writing() as session:
        freezer.change(session, code)
    assert "Dit rapport is veranderd" in text(office, f"{LIST}/{code}")


def test_the_pages_ask_little_of_the_database(app: Flask, office: FlaskClient, code: str, queries: Queries) -> None:
    office.post(f"{LIST}/{code}/publish")
    for address, budget in ((LIST, 7), (f"{LIST}/{code}", 6), (f"{LIST}/{code}.csv", 4)):
        with queries(budget):
            text(office, address)
    for address in ("/nl/reports", f"/nl/reports/{code}", f"/nl/reports/{code}.csv"):
        with queries(1):
            text(app.test_client(), address)
