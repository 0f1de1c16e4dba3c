"""The pages of a company's own course: how far it is, the next step as a form, taking one back, and all courses for the programme office."""

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.accounts import service as accounts
from academy.accounts.api import Actor, OrganisationKind, Role, add_membership
from academy.employers.kinds import CourseStage
from academy.employers.queries import courses as queries
from academy.employers.rules.accrediting import valid_until
from academy.employers.service import accrediting
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from tests import builders
from tests.employers.market import DAY, SLUG, Firm, Market, open_market

Counted = Callable[[int], AbstractContextManager[list[str]]]
COURSES = "/nl/organisations/firma-1/courses"
OFFICE = "/nl/office/courses"
PATH = (CourseStage.VALIDITY_ASKED, CourseStage.VALIDITY_GRANTED, CourseStage.LEVEL_ASKED)
LINK = "https://example.org/dossier"
GRANTED = {"stage": "level-granted", "nlqf": "4+", "register_code": "NLQF-7", "link": ""}


@pytest.fixture
def market(app: Flask, database: Database) -> Market:
    app.config["WTF_CSRF_ENABLED"] = False
    return open_market(database, utc_now())


@pytest.fixture
def at_work(app: Flask, market: Market) -> Callable[[Actor], FlaskClient]:
    def sign_in(actor: Actor) -> FlaskClient:
        client = app.test_client()
        with market.database.writing() as session:
            row = accounts.start_sign_in(session, person_id=actor.person_id, device="", now=market.now, is_twofold=True)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = row.id.hex
        return client

    return sign_in


@pytest.fixture
def firm(market: Market) -> Firm:
    return market.firm()


@pytest.fixture
def buyer(firm: Firm, at_work: Callable[[Actor], FlaskClient]) -> FlaskClient:
    return at_work(firm.actor)


@pytest.fixture
def office(market: Market) -> Actor:
    with market.database.writing() as session:
        there = accounts.register_organisation(session, slug="bureau", name="Programmabureau", kind=OrganisationKind.OFFICE)
        actor = builders.actor(session, market.now, name="Bo Makelaar")
        add_membership(session, person_id=actor.person_id, organisation_id=there, role=Role.OFFICE)
    return actor


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def today() -> date:
    return amsterdam_day(utc_now())


def begin(market: Market, firm: Firm, title: str = "Veilig hijsen", **about: str) -> str:
    return str(market.run(accrediting.begin_course, actor=firm.actor, organisation_id=firm.organisation_id, title=title, **about))


def at_stage(market: Market, firm: Firm, *stages: CourseStage, title: str = "Veilig hijsen", on_day: date | None = None) -> str:
    """Begin a course and bring it along these stages, all on one day; returns its code."""
    code = begin(market, firm, title, nlqf="4")
    for stage in stages:
        level = {"nlqf": "4+", "register_code": "NLQF-7"} if stage is CourseStage.LEVEL_GRANTED else {}
        market.run(accrediting.note_stage, actor=firm.actor, code=code, stage=stage, on_day=on_day or today(), link=LINK, **level)
    return code


def granted(market: Market, firm: Firm, *, until: date, title: str = "Veilig hijsen") -> str:
    """Return a course of which the level counts until a day, or the day after where six years before there was no such day."""
    ends = until + 2 * DAY if (until + DAY).strftime("%m-%d") == "02-29" else until + DAY
    on_day = ends.replace(year=ends.year - 6)
    return at_stage(market, firm, *PATH, CourseStage.LEVEL_GRANTED, title=title, on_day=on_day)


def stage_of(market: Market, firm: Firm, code: str) -> CourseStage:
    with market.database.reading() as session:
        return queries.course_to_keep(session, firm.actor, code).stage


def in_months(months: int) -> date:
    """Return a day to which there are so many whole months from today, and not one more."""
    month = today().replace(day=1)
    for _month in range(months):
        month = (month + timedelta(days=31)).replace(day=1)
    same = month + timedelta(days=today().day - 1)
    return same if same.month == month.month else same.replace(day=1)  # not every month has the day


# A firm


def test_without_courses_four_sentences_say_what_a_level_brings_and_how_the_path_goes(buyer: FlaskClient) -> None:
    page = text(buyer, COURSES)
    for said in ("laat zien hoe zwaar jullie cursus is", "Eerst kijkt NCP NLQF", "Daarna bepaalt NCP NLQF", "telt zes jaar", "€ 2.400", "€ 1.000"):
        assert said in page
    assert f'href="{COURSES}"' in text(buyer, "/nl/employer/firma-1")


def test_a_course_is_begun_with_a_name_and_a_form_sent_twice_begins_one(market: Market, firm: Firm, buyer: FlaskClient) -> None:
    sent = {"title": "Veilig <hijsen>", "nlqf": "4+", "request_key": str(new_id())}
    answers = [buyer.post(COURSES, data=sent) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    page = text(buyer, answers[0].headers["Location"])
    assert "Veilig &lt;hijsen&gt;" in page
    assert "De cursus staat erbij." in page
    assert "Begonnen op" in page
    listed = text(buyer, COURSES)
    assert listed.count("Veilig &lt;hijsen&gt;</a>") == 1
    assert "Hoopt op niveau 4+" in listed
    assert "Vraag de geldigheid aan bij NCP NLQF." in listed


def test_two_forms_with_the_same_name_are_two_courses(market: Market, firm: Firm, buyer: FlaskClient) -> None:
    for _time in range(2):
        assert buyer.post(COURSES, data={"title": "Hijsen", "nlqf": "", "request_key": str(new_id())}).status_code == 303
    with market.database.reading() as session:
        assert len(queries.courses_at(session, firm.actor, "firma-1").courses) == 2


def test_a_course_without_a_name_or_with_too_long_a_one_is_told_at_the_field_and_keeps_what_was_typed(buyer: FlaskClient) -> None:
    for title, sentence in ((" ", "Vul de naam van de cursus in."), ("x" * 161, "Gebruik hooguit 160 tekens.")):
        answer = buyer.post(COURSES, data={"title": title, "nlqf": "5", "request_key": str(new_id())})
        page = answer.get_data(as_text=True)
        assert (answer.status_code, page.count(sentence)) == (422, 2)
        assert '<option selected value="5">' in page
        assert title.strip() in page


def test_what_ends_first_stands_first_and_then_by_name(market: Market, firm: Firm, buyer: FlaskClient) -> None:
    begin(market, firm, "Aarden")
    granted(market, firm, until=in_months(30), title="Boren")
    granted(market, firm, until=in_months(5), title="Zagen")
    page = text(buyer, COURSES)
    assert page.index(">Zagen<") < page.index(">Boren<") < page.index(">Aarden<")
    assert "nog 5 maanden" in page
    assert "Vraag op tijd een nieuwe beoordeling aan" in page


TOLD = {
    CourseStage.PREPARING: ((), "In voorbereiding", "Vraag de geldigheid aan", ("We vroegen de geldigheid aan",)),
    CourseStage.VALIDITY_ASKED: (PATH[:1], "Geldigheid gevraagd", "Wacht op het antwoord", ("De geldigheid is gekregen", "De geldigheid is geweigerd")),
    CourseStage.VALIDITY_REFUSED: ((*PATH[:1], CourseStage.VALIDITY_REFUSED), "Geldigheid geweigerd", "vraag de geldigheid opnieuw aan", ("We vroegen de geldigheid aan",)),
    CourseStage.VALIDITY_GRANTED: (PATH[:2], "Geldigheid gekregen", "Vraag het niveau aan", ("We vroegen het niveau aan",)),
    CourseStage.LEVEL_ASKED: (PATH, "Niveau gevraagd", "Wacht op het antwoord", ("Het niveau is gekregen", "Het niveau is geweigerd")),
    CourseStage.LEVEL_REFUSED: ((*PATH, CourseStage.LEVEL_REFUSED), "Niveau geweigerd", "vraag het niveau opnieuw aan", ("We vroegen het niveau aan",)),
    CourseStage.LEVEL_GRANTED: ((*PATH, CourseStage.LEVEL_GRANTED), "Niveau gekregen", "Nu niets.", ("We vroegen het niveau opnieuw aan",)),
}


@pytest.mark.parametrize("stage", CourseStage)
def test_every_stage_says_where_the_course_is_what_is_to_be_done_and_offers_what_can_follow(
    market: Market, firm: Firm, buyer: FlaskClient, stage: CourseStage,
) -> None:
    stages, label, todo, offered = TOLD[stage]
    address = f"/nl/courses/{at_stage(market, firm, *stages)}"
    page = text(buyer, address)
    for said in (label, todo, *offered, "De weg naar een niveau"):
        assert said in page
    everything = {words for _stages, _label, _todo, ways in TOLD.values() for words in ways}
    assert not [words for words in everything - set(offered) if words in page]
    assert page.count('rel="external noopener">Documenten') == len(stages)
    assert 'lang="en"' in text(buyer, address.replace("/nl/", "/en/"))


def test_a_step_is_noted_with_its_day_and_the_link_to_its_documents(market: Market, firm: Firm, buyer: FlaskClient) -> None:
    address = f"/nl/courses/{begin(market, firm)}"
    long_ago = today() - 40 * DAY  # asked before it was followed here
    answer = buyer.post(address, data={"stage": "validity-asked", "on_day": long_ago.isoformat(), "link": LINK}, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "De stap is genoteerd." in page
    assert f'<a class="nl-link" href="{LINK}" rel="external noopener">' in page


def test_the_same_step_sent_twice_is_noted_once(market: Market, firm: Firm, buyer: FlaskClient) -> None:
    code = at_stage(market, firm, *PATH)
    sent = GRANTED | {"on_day": today().isoformat()}
    assert [buyer.post(f"/nl/courses/{code}", data=sent).status_code for _time in range(2)] == [303, 303]
    page = text(buyer, f"/nl/courses/{code}")
    assert page.count("niveau 4+, geldig tot en met") == 1
    assert "NLQF-7" in page


def test_a_step_that_no_longer_follows_is_refused_with_what_to_do(market: Market, firm: Firm, buyer: FlaskClient) -> None:
    code = at_stage(market, firm, *PATH[:2])
    answer = buyer.post(f"/nl/courses/{code}", data={"stage": "validity-refused", "on_day": today().isoformat(), "link": ""})
    assert answer.status_code == 409
    assert "Kijk hoe ver de cursus is." in answer.get_data(as_text=True)
    assert stage_of(market, firm, code) is CourseStage.VALIDITY_GRANTED


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(market: Market, firm: Firm, buyer: FlaskClient) -> None:
    code = at_stage(market, firm, *PATH, on_day=today() - 9 * DAY)
    good = GRANTED | {"on_day": today().isoformat(), "link": LINK}
    wrong = {
        "stage": [("", "Kies wat er is gebeurd."), ("onzin", "Kies wat er is gebeurd.")], "nlqf": [("", "Kies het niveau dat is gekregen.")],
        "register_code": [(" ", "Vul de code uit het register in."), ("x" * 61, "Gebruik hooguit 60 tekens.")],
        "on_day": [
            ("", "Vul de dag in."), ((today() + DAY).isoformat(), "Deze dag moet nog komen."), ((today() - 10 * DAY).isoformat(), "De stap hiervoor was op"),
            ("gisteren", "Dit is geen datum."),
        ],
        "link": [
            (each, "Begin de link met https://") for each in ("javascript:alert(1)", "voorbeeld.nl/map", "https://", "https://[", "https://a b.nl", "ftp://a.nl")
        ] + [("https://a.nl/" + "x" * 500, "Gebruik hooguit 500 tekens.")],
    }
    for name, tries in wrong.items():
        for value, sentence in tries:
            answer = buyer.post(f"/nl/courses/{code}", data=good | {name: value})
            page = answer.get_data(as_text=True)
            assert (answer.status_code, page.count(sentence)) == (422, 2), (name, value)
            typed = good | {name: value.strip()}
            assert all(f'value="{typed[each]}"' in page for each in ("register_code", "on_day", "link") if typed[each]), (name, value)
    assert stage_of(market, firm, code) is CourseStage.LEVEL_ASKED


def test_a_refused_level_asks_for_no_level_and_no_code(market: Market, firm: Firm, buyer: FlaskClient) -> None:
    code = at_stage(market, firm, *PATH)
    sent = {"stage": "level-refused", "on_day": today().isoformat(), "nlqf": "", "register_code": "", "link": ""}
    assert buyer.post(f"/nl/courses/{code}", data=sent).status_code == 303
    assert stage_of(market, firm, code) is CourseStage.LEVEL_REFUSED


def test_a_level_says_until_when_it_counts_how_long_that_is_and_when_it_is_reminded(market: Market, firm: Firm, buyer: FlaskClient) -> None:
    page = text(buyer, f"/nl/courses/{granted(market, firm, until=in_months(14))}")
    for said in ("nog 14 maanden", "NLQF-7", "E-mail op", "Geldig tot en met"):
        assert said in page
    assert re.search(r"nog 1[01] dagen", text(buyer, f"/nl/courses/{granted(market, firm, until=today() + 9 * DAY)}"))


def test_a_level_of_which_the_years_are_over_says_so(market: Market, firm: Firm, buyer: FlaskClient) -> None:
    page = text(buyer, f"/nl/courses/{granted(market, firm, until=today() - 2 * DAY)}")
    for said in ("Niveau verlopen", "(voorbij)", "Het niveau telt niet meer."):
        assert said in page
    assert "nog " not in re.sub(r"<[^>]+>", "", page[page.index("Geldig tot en met"):page.index("Noteer de volgende stap")])


def test_a_level_that_is_asked_again_still_tells_of_the_one_before(market: Market, firm: Firm, buyer: FlaskClient) -> None:
    code = granted(market, firm, until=in_months(5))
    market.run(accrediting.note_stage, actor=firm.actor, code=code, stage=CourseStage.LEVEL_ASKED, on_day=today())
    page = text(buyer, f"/nl/courses/{code}")
    assert "niveau 4+, geldig tot en met" in page
    assert "Gehoopt niveau" in page


def test_a_step_that_was_noted_wrongly_is_taken_back_and_stays_to_be_read(market: Market, firm: Firm, buyer: FlaskClient) -> None:
    code = at_stage(market, firm, *PATH[:2])
    page = text(buyer, f"/nl/courses/{code}")
    key = re.search(r'name="step" value="(\w+)"', page)
    assert key is not None
    answers = [buyer.post(f"/nl/courses/{code}/take-back", data={"step": key[1]}) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert stage_of(market, firm, code) is CourseStage.VALIDITY_ASKED
    page = text(buyer, f"/nl/courses/{code}")
    assert "Geldigheid gekregen (" in page
    assert "teruggenomen op" in page
    assert [buyer.post(f"/nl/courses/{code}/take-back", data={"step": each}).status_code for each in ("", "x", new_id().hex)] == [409] * 3


def test_having_begun_is_not_taken_back(market: Market, firm: Firm, buyer: FlaskClient) -> None:
    assert "Neem de laatste stap terug" not in text(buyer, f"/nl/courses/{begin(market, firm)}")


# Who


def test_a_provider_and_the_programme_office_keep_courses_too(market: Market, firm: Firm, office: Actor, at_work: Callable[[Actor], FlaskClient]) -> None:
    with market.database.writing() as session:
        editor = builders.actor(session, market.now, name="Eva Redacteur")
        add_membership(session, person_id=editor.person_id, organisation_id=market.provider_id, role=Role.EDITOR)
    there = f"/nl/organisations/{SLUG}/courses"
    assert at_work(editor).post(there, data={"title": "Lesgeven", "nlqf": "", "request_key": str(new_id())}).status_code == 303
    assert f'href="/nl/provider/{SLUG}"' in text(at_work(editor), there)
    assert f'href="{there}"' in text(at_work(editor), f"/nl/provider/{SLUG}")
    assert f'href="{there}"' not in text(at_work(market.planner), f"/nl/provider/{SLUG}")
    code = begin(market, firm)
    for page in (there, COURSES, f"/nl/courses/{code}"):
        assert f'href="{OFFICE}"' in text(at_work(office), page)
    sent = {"stage": "validity-asked", "on_day": today().isoformat(), "link": ""}
    assert at_work(office).post(f"/nl/courses/{code}", data=sent).status_code == 303


def test_to_everybody_else_there_is_no_course(app: Flask, market: Market, firm: Firm, office: Actor, at_work: Callable[[Actor], FlaskClient]) -> None:
    code = begin(market, firm)
    with market.database.writing() as session:
        stranger, reader = (builders.actor(session, market.now, name=name) for name in ("Vera Vreemd", "Rik Lezer"))
        assert firm.organisation_id is not None
        add_membership(session, person_id=reader.person_id, organisation_id=firm.organisation_id, role=Role.READER)
    pages = (COURSES, f"/nl/courses/{code}", OFFICE, f"{OFFICE}.csv")
    for who in (stranger, reader, market.planner, market.firm().actor):
        assert [at_work(who).get(page).status_code for page in pages] == [404] * 4
        assert at_work(who).post(COURSES, data={"title": "Van een ander", "nlqf": ""}).status_code == 404
        assert at_work(who).post(f"/nl/courses/{code}", data=GRANTED).status_code == 404
        assert at_work(who).post(f"/nl/courses/{code}/take-back", data={"step": new_id().hex}).status_code == 404
    assert [app.test_client().get(page).status_code for page in pages] == [303] * 4
    assert [at_work(firm.actor).get(page).status_code for page in pages] == [200, 200, 404, 404]
    assert at_work(office).get("/nl/organisations/bestaat-niet/courses").status_code == 404


# The programme office


def test_the_office_sees_all_courses_what_ends_first_first_and_by_stage(market: Market, firm: Firm, office: Actor, at_work: Callable[[Actor], FlaskClient]) -> None:
    desk = at_work(office)
    assert "Hier staat geen cursus" in text(desk, OFFICE)
    other = market.firm()
    begin(market, firm, "Aarden")
    granted(market, other, until=in_months(30), title="Boren")
    granted(market, firm, until=in_months(5), title="Zagen")
    page = text(desk, OFFICE)
    assert page.index(">Zagen<") < page.index(">Boren<") < page.index(">Aarden<")
    for said in ("Firma 1", "Firma 2", "3 cursussen.", "Niveau gekregen (2)", "nog 5 maanden"):
        assert said in page
    page = text(desk, f"{OFFICE}?stage=preparing")
    assert (">Aarden<" in page, ">Boren<" in page) == (True, False)
    assert "3 cursussen." in text(desk, f"{OFFICE}?stage=onzin&page=-3")
    assert ">Aarden<" not in text(desk, f"{OFFICE}?page=2")
    assert f'href="{OFFICE}"' in text(desk, "/nl/office/broker")
    assert 'lang="en"' in text(desk, OFFICE.replace("/nl/", "/en/"))


def test_the_file_has_a_line_for_each_course_and_no_formula(market: Market, firm: Firm, office: Actor, at_work: Callable[[Actor], FlaskClient]) -> None:
    begin(market, firm, "=HYPERLINK(1)")
    code = granted(market, firm, until=in_months(5), title="Zagen")
    answer = at_work(office).get(f"{OFFICE}.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    _heading, first, second = csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")), delimiter=";")
    with market.database.reading() as session:
        level_from = queries.course_to_keep(session, firm.actor, code).level_from
    assert level_from is not None
    assert first == ["Firma 1", "Zagen", code, "Niveau gekregen", level_from.isoformat(), "4+", "NLQF-7", valid_until(level_from).isoformat()]
    assert second[1] == "'=HYPERLINK(1)"
    assert at_work(office).get(f"{OFFICE}.csv?stage=preparing").get_data(as_text=True).count("\n") == 2


def test_the_pages_stay_within_their_queries_however_many_courses(
    market: Market, firm: Firm, office: Actor, at_work: Callable[[Actor], FlaskClient], queries: Counted,
) -> None:
    buyer, desk = at_work(firm.actor), at_work(office)
    code = at_stage(market, firm, *PATH)
    for _time in range(3):
        for client, address, most in ((buyer, COURSES, 6), (buyer, f"/nl/courses/{code}", 8), (desk, OFFICE, 7)):
            with queries(most):
                text(client, address)
        at_stage(market, firm, *PATH[:2])
