"""The pages of the workspace as their people use them, without a browser."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.catalogue.models import Module, Offering, Place, PublicationState
from academy.demo import load_people
from academy.kernel.db import Database, database
from academy.skills import drafts, models
from academy.skills import service as skills
from tests import builders
from tests.world import as_role

WORK = "/nl/provider/windesheim"
FORM = {
    "title": "Warmtepompen", "summary": "Na deze module kun je een warmtepomp nakijken.", "outcomes-0-text": "Je meet een warmtepomp door.",
    "kind": "loose_module", "ec": "2,5", "nlqf": "4", "languages": "nl", "certificate": "", "language_level": "", "act": "plan",
}
CLASS = {
    "starts_on": "2030-02-05", "ends_on": "2030-04-09", "weekdays": "tue", "part_of_day": "evening", "mode": "online", "place": "",
    "seats": "16", "price": "49,50", "language": "nl", "act": "look",
}
PREREQUISITES = {
    "groups-0-how": "all", "groups-0-first": "NET-01", "groups-0-second": "", "groups-0-third": "", "groups-0-fourth": "",
    "level": "4", "ec": "", "expression": "",
}


@pytest.fixture
def house(app: Flask, database: Database) -> Flask:
    now = datetime.now(UTC)  # noqa: TID251 - requests read the real clock
    app.config["WTF_CSRF_ENABLED"] = False
    with database.writing() as session:
        load_people(session, now=now)
        code = builders.offering(session, now)
        builders.enrol(session, actor=builders.actor(session, now, name="=Sam"), offering_code=code, now=now)
    return app


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def seen(page: str) -> str:
    """Return what the form on a page remembers of what its reader saw."""
    return page.partition('name="seen" type="hidden" value="')[2].partition('"')[0]


def code_of(client: FlaskClient, module: str) -> str:
    return text(client, f"{WORK}/modules/{module}").partition(f"{WORK}/offerings/")[2].partition('"')[0]


def test_from_an_empty_form_to_the_programme_office_and_online(house: Flask) -> None:
    editor, office = as_role(house, "provider"), as_role(house, "office")
    answer = editor.post(f"{WORK}/modules/new", data=FORM)
    assert answer.headers["Location"] == f"{WORK}/modules/warmtepompen/offerings/new"
    answer = editor.post(answer.headers["Location"], data=CLASS)
    page = text(editor, answer.headers["Location"])
    assert "Compleet: 85 van 100" in page
    assert "€\N{NO-BREAK SPACE}49,50" in page
    assert editor.post(f"{WORK}/modules/warmtepompen/publish", data={"seen": seen(page)}).status_code == 303
    assert "Warmtepompen" in text(office, "/nl/office/checks")
    assert "Kijk hiernaar" in text(office, "/nl/office/checks/warmtepompen")
    assert office.post("/nl/office/checks/warmtepompen/send-back", data={"reason": ""}).status_code == 422
    assert office.post("/nl/office/checks/warmtepompen/approve", data={"seen": "iets anders"}).status_code == 409
    assert office.post("/nl/office/checks/warmtepompen/approve", data={"seen": seen(page)}).status_code == 303
    assert "Warmtepompen" in text(house.test_client(), "/nl/modules/warmtepompen")


@pytest.mark.parametrize(("changes", "says"), [
    ({"title": ""}, "Geef de module een titel."), ({"ec": "veel"}, "Schrijf een getal"), ({"ec": "-1"}, "kan niet kloppen"),
    ({"website": "javascript:alert(1)"}, "Begin met https://"), ({"outcomes-0-text": "x" * 501}, "Leerdoel 1 is te lang"),
    ({"price": "12,345"}, "twee cijfers"), ({"nlqf": "onzin"}, "is-invalid"), ({"price": "1,250"}, "twee cijfers"),
    ({"ec": "7,55"}, "één cijfer achter de komma"), ({"ec": "1e3"}, "Schrijf een getal"), ({"language_level": "x" * 11}, "is-invalid"),
])
def test_what_can_not_be_saved_is_told_and_kept(house: Flask, changes: dict[str, str], says: str) -> None:
    answer = as_role(house, "provider").post(f"{WORK}/modules/new", data=FORM | changes)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert says in page or says == "is-invalid"
    assert "Na deze module kun je een warmtepomp nakijken." in page
    with database().reading() as session:
        assert session.scalars(select(Module).where(Module.state == PublicationState.DRAFT)).all() == []


@pytest.mark.parametrize(("changes", "says"), [
    ({"ends_on": "2030-02-04", "weekdays": []}, "De laatste les is vóór de eerste"), ({"min_seats": "17"}, "meer mensen nodig"),
    ({"closes_on": "2030-04-10"}, "pas na de laatste les"), ({"starts_on": "morgen"}, "Dit is geen datum"),
    ({"cancel_late_percent": "101"}, "van 0 tot en met 100"), ({"cancel_free_days": "61"}, "van 1 tot en met 60"),
    ({"cancel_free_days": "-5"}, "is-invalid"), ({"cancel_free_days": "0"}, "van 1 tot en met 60"), ({"cancel_late_percent": "-1"}, "is-invalid"),
    ({"seats": "1,5"}, "heel getal"), ({"language": "x" * 11}, "is-invalid"), ({"price": ""}, "Gratis? Schrijf dan 0."), ({"starts_on": "0026-01-01"}, "Controleer het jaar"),
])
def test_a_class_that_contradicts_itself_is_told_at_the_field(house: Flask, changes: dict[str, str | list[str]], says: str) -> None:
    answer = as_role(house, "provider").post(f"{WORK}/modules/netwerkbeheer/offerings/new", data=CLASS | changes)
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True) or says == "is-invalid"


def test_a_price_with_a_dot_for_thousands_or_a_comma_is_the_same_price(house: Flask) -> None:
    editor = as_role(house, "provider")
    for written in ("1.250,50", "1250.50", "€ 1250,50", "1,250.50"):
        answer = editor.post(f"{WORK}/modules/netwerkbeheer/offerings/new", data=CLASS | {"price": written})
        assert "€\N{NO-BREAK SPACE}1.250,50" in text(editor, answer.headers["Location"])


def test_what_leaving_costs_is_kept_and_shown_again(house: Flask) -> None:
    editor = as_role(house, "provider")
    answer = editor.post(
        f"{WORK}/modules/netwerkbeheer/offerings/new", data=CLASS | {"cancel_free_days": "14", "cancel_late_percent": "50", "act": "later"},
    )
    assert answer.status_code == 303
    with database().reading() as session:
        made = session.scalars(select(Offering).where(Offering.cancel_late_percent > 0)).one()
        assert (made.cancel_free_days, made.cancel_late_percent) == (14, 50)
    form = text(editor, f"{WORK}/offerings/{made.code}/edit")
    assert 'value="14"' in form
    assert 'value="50"' in form


def test_skills_are_found_chosen_and_kept_without_javascript(house: Flask) -> None:
    uri, now = "http://data.europa.eu/esco/skill/1", datetime.now(UTC)  # noqa: TID251 - as above
    label = drafts.LabelDraft(models.LabelKind.PREFERRED, "warmtepompen onderhouden")
    with database().writing() as session:
        skills.load_version(session, drafts.SchemeDraft(
            "esco", "1.2", {uri: drafts.SkillDraft(models.SkillKind.SKILL, None, "")}, {(uri, "nl", "warmtepompen onderhouden"): label},
            {}, {}, {}, {}, 0, (),
        ), now=now)
    editor = as_role(house, "provider")
    page = editor.post(f"{WORK}/modules/new", data=FORM | {"act": "find-0", "outcomes-0-find": "warmtepompen"}).get_data(as_text=True)
    assert f'value="{uri}"' in page
    assert "ESCO" in page  # whose classification it is
    assert "Warmtepompen" in page  # what was written stays
    fragment = text(editor, f"/nl/outcomes/skills?row=0&q=warmte&outcomes-0-skills={uri}")
    assert "checked" in fragment
    for kept in ("", f"&outcomes-0-skills={uri}"):  # found, and chosen
        assert '<span lang="nl">warmtepompen onderhouden</span>' in text(editor, f"/en/outcomes/skills?row=0&q=warmte{kept}")
        assert "<span>warmtepompen onderhouden</span>" in text(editor, f"/nl/outcomes/skills?row=0&q=warmte{kept}")
    editor.post(f"{WORK}/modules/new", data=FORM | {"outcomes-0-skills": uri})
    assert "checked" in text(editor, f"{WORK}/modules/warmtepompen/edit").partition(uri)[2][:20]


def test_who_saves_second_keeps_the_own_text_and_is_told_before_it_replaces_the_first(house: Flask) -> None:
    first, second = as_role(house, "provider"), as_role(house, "provider")
    first.post(f"{WORK}/modules/new", data=FORM)
    address = f"{WORK}/modules/warmtepompen/edit"
    began_with = FORM | {"act": "look", "seen": seen(text(first, address))}
    assert first.post(address, data=began_with | {"summary": "Van de een."}).status_code == 303
    wrong = second.post(address, data=began_with | {"summary": "Van de ander.", "ec": "veel"})
    assert (wrong.status_code, seen(wrong.get_data(as_text=True))) == (422, began_with["seen"])  # another mistake does not hide it
    answer = second.post(address, data=began_with | {"summary": "Van de ander."})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Deze module is veranderd terwijl jij schreef" in page
    assert "Van de ander.</textarea>" in page
    assert "Van de een." in text(first, address)  # nothing is saved yet
    again = second.post(address, data=began_with | {"summary": "Van de ander.", "seen": seen(page)})
    assert again.status_code == 303
    assert "Van de ander." in text(first, address)


def test_who_changes_prerequisites_second_is_told_so_too(house: Flask) -> None:
    editor = as_role(house, "provider")
    editor.post(f"{WORK}/modules/new", data=FORM)
    address = f"{WORK}/modules/warmtepompen/prerequisites"
    began_with = PREREQUISITES | {"seen": seen(text(editor, address))}
    assert editor.post(address, data=began_with | {"expression": "NET-01 | level>=4"}).status_code == 303
    answer = editor.post(address, data=began_with | {"expression": "year>=2"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Deze module is veranderd terwijl jij schreef" in page
    assert "year&gt;=2</textarea>" in page
    assert "NET-01 | level&gt;=4" in text(editor, address)
    assert editor.post(address, data=began_with | {"expression": "year>=2", "seen": seen(page)}).status_code == 303
    assert "year&gt;=2" in text(editor, address)


def test_prerequisites_are_chosen_in_groups_or_written(house: Flask) -> None:
    editor = as_role(house, "provider")
    editor.post(f"{WORK}/modules/new", data=FORM)
    address = f"{WORK}/modules/warmtepompen/prerequisites"
    chosen = PREREQUISITES | {"seen": seen(text(editor, address))}
    assert editor.post(address, data=chosen | {"act": "add-group"}).status_code == 200
    assert editor.post(address, data=chosen).status_code == 303
    assert '<option selected value="NET-01">' in text(editor, address)
    assert editor.post(address, data=chosen | {"expression": "NET-01 & ("}).status_code == 422
    chosen |= {"expression": "NET-01 | aeres/BOD-1", "seen": seen(text(editor, address))}
    assert editor.post(address, data=chosen).status_code == 303
    assert "NET-01 | aeres/BOD-1" in text(editor, address)  # what does not fit in groups stays as it was written


def test_the_roster_is_a_file_to_keep_and_no_formula(house: Flask) -> None:
    teacher = as_role(house, "teacher")
    code = code_of(teacher, "netwerkbeheer")
    answer = teacher.get(f"{WORK}/offerings/{code}/roster.csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "'=Sam" in answer.get_data(as_text=True)
    assert teacher.get(f"{WORK}/offerings/{code}/roster.xlsx").data.startswith(b"PK")
    for role in ("learner", "assessor", "employer", "office"):
        assert as_role(house, role).get(f"{WORK}/offerings/{code}/roster.csv").status_code == 404


def test_calling_off_says_how_many_people_lose_their_seat(house: Flask) -> None:
    editor = as_role(house, "provider")
    address = f"{WORK}/offerings/{code_of(editor, 'netwerkbeheer')}/call-off"
    assert "1 persoon is ingeschreven" in text(editor, address)
    assert editor.post(address, data={"reason": "", "people": "1"}).status_code == 422
    assert editor.post(address, data={"reason": "Ziek", "people": "0"}).status_code == 409
    assert editor.post(address, data={"reason": "Ziek", "people": "9" * 5000}).status_code == 409
    assert editor.post(address, data={"reason": "Ziek", "people": "1"}).status_code == 303


def test_places_are_kept_by_their_own_provider(house: Flask) -> None:
    editor = as_role(house, "provider")
    place = {"name": "Lokaal 3", "kind": "campus", "city": "Almere", "capacity": "20", "step_free": "yes", "latitude": "52,37", "longitude": "5,22"}
    assert editor.post(f"{WORK}/places/new", data=place | {"latitude": "152"}).status_code == 422
    assert editor.post(f"{WORK}/places/new", data=place).status_code == 303
    assert "Bereikbaar met een rolstoel" in text(editor, f"{WORK}/places")
    with database().reading() as session:
        row = session.scalars(select(Place)).one()
        assert (row.latitude, row.capacity, row.provider_id is not None) == (52.37, 20, True)
    assert as_role(house, "teacher").get(f"{WORK}/places/{row.key}").status_code == 404


def test_what_nobody_can_type_is_refused_or_left_out(house: Flask) -> None:
    editor = as_role(house, "provider")
    assert editor.get(f"{WORK}?q=%00").status_code == 200
    assert editor.post(f"{WORK}/modules/new", data=FORM | {"code": "a\x00b"}).status_code == 400
    editor.post(f"{WORK}/modules/new", data=FORM | {"title": "Warmte\x07pompen"})
    with database().reading() as session:
        assert session.scalars(select(Module.title).where(Module.slug == "warmtepompen")).one().nl == "Warmtepompen"


def test_the_menu_leads_to_the_workspace_of_those_who_have_one(house: Flask) -> None:
    # The programme office sees its desk only after the second proof.
    for email, word in (("provider", "Aanbod beheren"), ("office", ""), ("learner", "")):
        client = house.test_client()
        client.post("/nl/sign-in", data={"email": f"{email}@demo.example", "password": "demo-academy-2026"})
        page = text(client, "/nl/about")
        assert [one for one in ("Aanbod beheren", "Modules nakijken") if one in page] == ([word] if word else [])


def test_the_workspace_costs_a_fixed_number_of_questions(
    house: Flask, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    editor = as_role(house, "provider")
    for budget, address in ((19, WORK), (15, f"{WORK}/modules/netwerkbeheer"), (15, f"{WORK}/modules/netwerkbeheer/history")):
        with queries(budget):
            assert editor.get(address).status_code == 200
