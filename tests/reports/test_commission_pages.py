"""The pages on which providers are asked to fill a gap, on which they answer, and what the offer adds to that of the anchors."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from academy.accounts.api import Actor, Role, add_membership
from academy.accounts.models import Organisation
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.kernel.text import Localized
from academy.reports.errors import CommissionUnfit
from academy.reports.facts import View
from academy.reports.kinds import CommissionState
from academy.reports.models import Commission
from academy.reports.pages import complementing
from academy.reports.queries.picture import periods_at
from academy.reports.service import commissioning as service
from tests import builders
from tests.reports.browsing import signed_in, text
from tests.reports.commission_desk import NO, Desk, open_desk
from tests.reports.world import CLOUD, DUTCH, WELDING

Counted = Callable[[int], AbstractContextManager[list[str]]]
OFFICE, NEW = "/nl/office/commissions", f"/nl/office/commissions/new?skill={CLOUD}&area=13"
BESIDE = "/nl/office/complementarity"


@pytest.fixture
def desk(app: Flask, database: Database) -> Desk:
    app.config["WTF_CSRF_ENABLED"] = False
    return open_desk(database, utc_now())


@pytest.fixture
def at_work(app: Flask, desk: Desk) -> Callable[[Actor], FlaskClient]:
    def sign_in(actor: Actor) -> FlaskClient:
        with desk.database.writing() as session:
            return signed_in(app, session, actor.person_id)

    return sign_in


@pytest.fixture
def office(desk: Desk, at_work: Callable[[Actor], FlaskClient]) -> FlaskClient:
    return at_work(desk.office)


@pytest.fixture
def windesheim(desk: Desk, at_work: Callable[[Actor], FlaskClient]) -> FlaskClient:
    return at_work(desk.planners["windesheim"])


def in_two_weeks(desk: Desk) -> str:
    return amsterdam_day(desk.now).replace(year=amsterdam_day(desk.now).year + 1).isoformat()


def test_from_a_gap_two_clicks_ask_those_who_fit_best(office: FlaskClient, desk: Desk) -> None:
    page = text(office, NEW)
    assert page.index("Windesheim in Almere") < page.index("Aeres Hogeschool") < page.index("ROC van Flevoland")
    assert [slug for slug in desk.providers if f'value="{slug}" checked' in page] == ["windesheim", "aeres"]
    assert "1 module leert dit" in page
    day = in_two_weeks(desk)
    answer = office.post(NEW, data={"providers": ["windesheim", "roc"], "answer_by": day, "note": "Liefst in de avond."})
    assert answer.status_code == 303
    shown = text(office, answer.location)
    for words in ("cloudbeheer", "Almere (13)", "Liefst in de avond.", "2 opleiders antwoorden nog", "Windesheim in Almere", "ROC van Flevoland"):
        assert words in shown, words
    listed = text(office, OFFICE)
    assert "0 ja van 2" in listed
    with desk.database.reading() as session:
        row = session.scalars(select(Commission)).one()
    assert (row.subject, row.area, row.period) == (CLOUD, "13", periods_at(amsterdam_day(utc_now()))[0])


@pytest.mark.parametrize(("wrong", "says"), [
    ({"providers": []}, "Kies ten minste één opleider."), ({"providers": ["is-not-there"]}, "ongeldig"), ({"answer_by": ""}, "Vul een dag in."),
    ({"answer_by": "2020-01-01"}, "Kies een dag na vandaag"), ({"answer_by": "2099-01-01"}, "Kies een dag na vandaag"), ({"note": "x" * 2001}, "hooguit 2.000"),
])
def test_what_is_not_in_order_comes_back_with_a_sentence(office: FlaskClient, desk: Desk, wrong: dict[str, object], says: str) -> None:
    good = {"providers": ["roc"], "answer_by": in_two_weeks(desk), "note": "Graag."}
    answer = office.post(NEW, data=good | wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Fout:" in page
    if says != "ongeldig":
        assert says in page
    assert ('value="roc" checked' in page) is ("providers" not in wrong)


@pytest.mark.parametrize("query", ["", "?skill=", "?skill=a%00", "?skill=http://esco/none", f"?skill={CLOUD}&period=2026-9", f"?skill={CLOUD}&area=1", f"?skill={'x' * 301}",
    *(f"?skill={CLOUD}&sector={wrong}" for wrong in ("bogus", "c:bogus", "unknown", "x" * 46)),
    *(f"?skill={CLOUD}&period={wrong}" for wrong in ("%2B202", "%20202-1", "\N{FULLWIDTH DIGIT NINE}" * 4, "1999", "2999-1", "2026-4%20")),
])
def test_an_address_that_names_no_gap_is_not_found(office: FlaskClient, query: str) -> None:
    text(office, f"{OFFICE}/new{query}", status=404)


def test_a_module_is_a_gap_by_one_way_of_writing_its_id(office: FlaskClient, desk: Desk) -> None:
    there = desk.modules["cloud"]
    assert "Cloud beheren" in text(office, f"{OFFICE}/new?skill=module:{there.hex}")
    for other in (there.hex.upper(), str(there), f"%7B{there.hex}%7D", f"urn:uuid:{there}", f"{there.hex}%0A"):
        text(office, f"{OFFICE}/new?skill=module:{other}", status=404)
    with pytest.raises(CommissionUnfit):
        desk.asks(subject=f"module:{there}")


def test_who_asks_twice_is_led_to_what_is_under_way(office: FlaskClient, desk: Desk) -> None:
    data = {"providers": ["roc"], "answer_by": in_two_weeks(desk)}
    assert office.post(NEW, data=data).status_code == 303
    answer = office.post(NEW, data=data | {"providers": ["aeres"]})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Voor deze vaardigheid loopt al een aanvraag bij opleiders." in page
    with desk.database.reading() as session:
        code = session.scalars(select(Commission.code)).one()
    assert f'<a href="/nl/office/commissions/{code}">Bekijk de aanvraag die loopt</a>' in page


def test_a_second_click_leads_to_what_the_first_one_sent(office: FlaskClient, desk: Desk, at_work: Callable[[Actor], FlaskClient]) -> None:
    data = {"providers": ["roc", "aeres"], "answer_by": in_two_weeks(desk), "note": "Graag."}
    first, second = (office.post(NEW, data=data) for _each in range(2))
    assert (second.status_code, second.location) == (303, first.location)
    assert text(office, first.location).count("De aanvraag is verstuurd.") == 1
    with desk.database.writing() as session:
        colleague = builders.actor(session, desk.now)
        add_membership(session, person_id=colleague.person_id, organisation_id=session.scalars(select(Organisation.id).where(Organisation.slug == "bureau")).one(), role=Role.OFFICE)
    assert at_work(colleague).post(NEW, data=data).status_code == 409, "a colleague hears that it runs"
    for other in ({"providers": ["roc"]}, {"note": "Snel."}):
        assert office.post(NEW, data=data | other).status_code == 409, "what is asked otherwise does not get lost unseen"
    with desk.database.writing() as session:
        row = session.scalars(select(Commission)).one()
        row.made_at -= timedelta(seconds=61)
    assert office.post(NEW, data=data).status_code == 409, "a minute later it is no second click"


def test_a_choice_that_is_none_is_said_so_in_the_language_of_the_page(windesheim: FlaskClient, desk: Desk) -> None:
    code = desk.asks()
    for language, says, never in (("nl", "Ongeldige keuze.", "Not a valid"), ("en", "Not a valid choice.", "Ongeldige")):
        answer = windesheim.post(f"/{language}/provider/windesheim/commissions/{code}", data={"answer": "perhaps", "module": "none"})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert says in page, language
        assert never not in page, language


def test_the_list_parts_its_answers_from_the_last_day_to_answer(office: FlaskClient, desk: Desk) -> None:
    desk.asks()
    assert '0 ja van 3 <span class="academy-note">· antwoord tot en met' in text(office, OFFICE)


def test_the_way_to_the_first_class_stands_on_its_page_with_its_days(office: FlaskClient, desk: Desk) -> None:
    code = desk.asks()
    desk.pass_days(1)
    desk.answers("windesheim", code, module_id=desk.modules["cloud"], note="Vanaf januari.")
    desk.answers("roc", code, NO)
    desk.class_of(desk.modules["cloud"], in_days=20)
    desk.run(service.follow_modules, module_ids=[desk.modules["cloud"]])
    page = text(office, f"{OFFICE}/{code.lower()}")
    for words in ("Gepland", "De eerste groep is gepland.", "binnen 1 werkdag", "Gevraagd in", "begint op", "Cloud beheren", "Vanaf januari.", "eerste groep op", "Bo Bureau"):
        assert words in page, words
    assert page.index("Windesheim in Almere") < page.index("Aeres Hogeschool") < page.index("ROC van Flevoland"), "who said yes first, who said no last"


def test_more_can_be_asked_and_it_can_be_stopped(office: FlaskClient, desk: Desk) -> None:
    code = desk.asks("aeres")
    page = office.post(f"{OFFICE}/{code}/invite", data={})
    assert page.status_code == 422
    assert "Kies ten minste één opleider." in page.get_data(as_text=True)
    assert office.post(f"{OFFICE}/{code}/invite", data={"providers": ["roc", "windesheim"]}).status_code == 303
    assert "Alle opleiders zijn gevraagd." in text(office, f"{OFFICE}/{code}")
    assert office.post(f"{OFFICE}/{code}/close", data={"reason": " "}).status_code == 422
    assert office.post(f"{OFFICE}/{code}/close", data={"reason": "De vraag is weg."}).status_code == 303
    page_after = text(office, f"{OFFICE}/{code}")
    assert "De vraag is weg." in page_after
    assert "Vraag er meer" not in page_after
    assert code in text(office, f"{OFFICE}?show=ended")
    assert code not in text(office, OFFICE)


def test_a_provider_reads_what_is_asked_and_answers(windesheim: FlaskClient, desk: Desk) -> None:
    code = desk.asks()
    address = f"/nl/provider/windesheim/commissions/{code}"
    assert "/nl/provider/windesheim/commissions" in text(windesheim, "/nl/provider/windesheim")
    listed = text(windesheim, "/nl/provider/windesheim/commissions")
    assert "cloudbeheer" in listed
    page = text(windesheim, address)
    for words in ("cloudbeheer", "25 mensen", "Liefst in de avond.", "Cloud beheren (leert deze vaardigheid al)"):
        assert words in page, words
    assert windesheim.post(address, data={}).status_code == 422
    assert windesheim.post(address, data={"answer": "willing", "module": ""}).status_code == 303
    assert "Maak een nieuwe module" in text(windesheim, address)
    assert windesheim.post(address, data={"answer": "willing", "module": desk.modules["cloud"].hex, "note": "Vanaf januari."}).status_code == 303
    page = text(windesheim, address)
    for words in ("Plan een startmoment", "Vanaf januari.", "Wordt gemaakt"):
        assert words in page, words
    assert desk.state(code) is CommissionState.MAKING
    assert windesheim.post(address, data={"answer": "willing", "module": desk.modules["welding"].hex}).status_code == 422, "a module of another"
    desk.run(service.close_commission, actor=desk.office, code=code, reason="De vraag is weg.")
    page = text(windesheim, address)
    assert "De vraag is weg." in page
    assert "Stuur dit antwoord" not in page
    assert windesheim.post(address, data={"answer": "declined", "module": ""}).status_code == 409


def test_nobody_else_comes_in(desk: Desk, at_work: Callable[[Actor], FlaskClient], windesheim: FlaskClient) -> None:
    code = desk.asks("windesheim")
    with desk.database.writing() as session:
        reader = builders.actor(session, desk.now)
        add_membership(session, person_id=reader.person_id, organisation_id=desk.providers["windesheim"], role=Role.READER)
    for client in (at_work(desk.stranger), windesheim):
        for address in (OFFICE, NEW, f"{OFFICE}/{code}", BESIDE, f"{BESIDE}.csv"):
            text(client, address, status=404)
        for act in ("invite", "close"):
            assert client.post(f"{OFFICE}/{code}/{act}", data={"providers": ["roc"], "reason": "Weg."}).status_code == 404
    for client in (at_work(desk.stranger), at_work(reader), at_work(desk.planners["aeres"]), at_work(desk.office)):
        text(client, f"/nl/provider/windesheim/commissions/{code}", status=404)
    text(at_work(desk.planners["aeres"]), f"/nl/provider/aeres/commissions/{code}", status=404)
    assert "/provider/windesheim/commissions" not in text(at_work(reader), "/nl/provider/windesheim")


def test_nobody_answers_or_acts_for_another_by_its_address(desk: Desk, at_work: Callable[[Actor], FlaskClient], office: FlaskClient, windesheim: FlaskClient) -> None:
    code, other = desk.asks("windesheim"), desk.asks("aeres", view=View("2026-3", "82"))
    yes = {"answer": "willing", "module": ""}
    for client, slug, asked in (
        (at_work(desk.planners["aeres"]), "windesheim", code), (at_work(desk.planners["aeres"]), "aeres", code), (windesheim, "windesheim", other),
        (at_work(desk.stranger), "windesheim", code), (office, "windesheim", code), (windesheim, "windesheim", "BCDFGHJKLM"),
    ):
        assert client.post(f"/nl/provider/{slug}/commissions/{asked}", data=yes).status_code == 404, (slug, asked)
    for act in ("", "/invite", "/close"):
        answer = office.get(f"{OFFICE}/BCDFGHJKLM") if not act else office.post(f"{OFFICE}/BCDFGHJKLM{act}", data={"providers": ["roc"], "reason": "Weg."})
        assert answer.status_code == 404, act
    assert {desk.state(each) for each in (code, other)} == {CommissionState.OPEN}


def test_the_same_answer_stop_or_question_sent_twice_changes_nothing_more(office: FlaskClient, windesheim: FlaskClient, desk: Desk) -> None:
    code = desk.asks("windesheim")
    for address, client, data, second in (
        (f"/nl/provider/windesheim/commissions/{code}", windesheim, {"answer": "willing", "module": desk.modules["cloud"].hex}, 303),
        (f"{OFFICE}/{code}/invite", office, {"providers": ["roc"]}, 303), (f"{OFFICE}/{code}/close", office, {"reason": "Weg."}, 409),
    ):
        assert [client.post(address, data=data).status_code for _each in range(2)] == [303, second], address
    assert desk.steps(code) == [CommissionState.OPEN, CommissionState.MAKING, CommissionState.CLOSED]
    assert [each.facts.provider_slug for each in desk.followed(code).invited] == ["windesheim", "roc"]


def test_what_others_offer_stands_beside_the_anchors_with_a_file(office: FlaskClient, desk: Desk) -> None:
    assert "Er is nog geen anker" in text(office, BESIDE)
    desk.takes_part("windesheim", is_anchor=True)
    desk.module("roc", CLOUD, DUTCH, WELDING)
    page = text(office, BESIDE)
    for words in ("Modules naast het aanbod van Windesheim in Almere. Aanvulling: 1. Deels hetzelfde: 0. Bestaat al: 1.", "Bestaat al (1)", "2 van 3", "cloudbeheer, Nederlands spreken", "Cloud beheren"):
        assert words in page, words
    assert "Lassen" not in text(office, f"{BESIDE}?show=overlaps")
    rows = list(csv.reader(io.StringIO(office.get(f"{BESIDE}.csv").data.decode("utf-8-sig")), delimiter=";"))
    assert [row[1:5] for row in rows[1:]] == [["Aeres Hogeschool", "Vult aan", "1", "0"], ["ROC van Flevoland", "Bestaat al", "3", "2"]]


def test_beyond_the_last_page_stands_the_last_page(office: FlaskClient, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(complementing, "SHOWN", 1)
    desk.takes_part("windesheim", is_anchor=True)
    desk.module("roc", CLOUD, DUTCH, WELDING)
    last = text(office, f"{BESIDE}?page=2")
    assert "Lassen" in last
    assert 'rel="prev"' in last
    assert text(office, f"{BESIDE}?page=900").replace("page=900", "page=2") == last


def test_modules_of_which_nothing_can_be_said_are_folded_away(office: FlaskClient, desk: Desk) -> None:
    desk.takes_part("windesheim", is_anchor=True)
    desk.module("roc", title=Localized("Vergaderen", "Meetings"))
    page = text(office, BESIDE)
    assert page.index("Lassen") < page.index("</table>") < page.index("1 module zonder vaardigheden") < page.index("Vergaderen")
    assert "academy-state--unknown" not in page
    chosen = text(office, f"{BESIDE}?show=unknown")
    assert chosen.index("Vergaderen") < chosen.index("academy-state--unknown") < chosen.index("</table>")
    assert "zonder vaardigheden" not in chosen


def test_pages_cost_as_many_statements_however_long_the_lists(office: FlaskClient, windesheim: FlaskClient, desk: Desk, queries: Counted) -> None:
    desk.takes_part("windesheim", is_anchor=True)
    codes = [desk.asks(view=View("2026-3", str(area))) for area in range(10, 22)]
    for code in codes:
        desk.answers("windesheim", code, module_id=desk.modules["cloud"])
    for client, address, most in (
        (office, OFFICE, 12), (office, f"{OFFICE}/{codes[0]}", 23), (office, NEW, 14), (office, BESIDE, 10),
        (windesheim, "/nl/provider/windesheim/commissions", 10), (windesheim, f"/nl/provider/windesheim/commissions/{codes[0]}", 10),
    ):
        text(client, address)
        with queries(most):
            text(client, address)
