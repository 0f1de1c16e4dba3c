"""The page of a module: everything in its fixed order, never an old price or seat, few statements."""

import html
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.models import LearningOutcome, Module, Offering, OutcomeSkill
from academy.enrolment import rules
from academy.enrolment.pages.module import module_view
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.kernel.translation import reading_in
from academy.skills.models import ConceptStatus, Skill, SkillKind
from tests import builders
from tests.enrolment.proofs.ground import pool_apart

Budget = Callable[[int], AbstractContextManager[list[str]]]
PAGE = "/nl/modules/netwerkbeheer"


def text(client: FlaskClient, address: str = PAGE) -> str:
    """Return what a reader reads between header and footer, on one line."""
    page = client.get(address).get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(page[page.index("<main") : page.index("<footer")])).split())


def open_offering(session: Session, now: datetime, **changes: Any) -> str:
    """Open an offering of NET-01 that starts in four weeks and asks nothing that `changes` does not say."""
    first = amsterdam_day(now) + timedelta(days=28)
    draft = catalogue.OfferingDraft(
        starts_on=first, ends_on=first + timedelta(days=69), periods=(catalogue.PeriodDraft(closes_on=first - timedelta(days=3)),),
        mode=catalogue.DeliveryMode.ON_CAMPUS, part_of_day=catalogue.PartOfDay.EVENING, language="nl", seats=10, price=Money(0),
        weekdays=("tue",),
    )
    return catalogue.open_offering(session, provider_id=builders.provider(session), module_external_id="NET-01", draft=replace(draft, **changes))


def test_the_page_takes_three_statements_for_a_stranger(client: FlaskClient, database: Database, queries: Budget) -> None:
    with database.writing() as session:
        now = utc_now()
        builders.module(session, now)
        for _number in range(5):
            open_offering(session, now)
        builders.programme(session, now, ("NET-01", 1))
    for _twice in range(2):
        with queries(3):
            assert client.get(PAGE).status_code == 200


def test_its_parts_stand_in_a_fixed_order(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        builders.offering(session, utc_now())
    page = text(client)
    parts = ["Netwerkbeheer Na deze module", "Start ", "Schrijf je in", "Dit kun je na afloop", "Voor wie", "Zo werkt het", "Startmomenten",
             "Wat het kost", "Wie geeft deze module", "Dit lijkt erop", "Fout gezien?"]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


def test_a_price_that_changed_is_never_shown_as_it_was(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        builders.offering(session, utc_now(), price=49500)
    assert "€ 495" in text(client)
    with database.writing() as session:
        session.execute(update(Offering).values(price=Money(51500)))
    page = text(client)
    assert "€ 515" in page
    assert "€ 495" not in page


def test_a_seat_that_was_taken_is_gone_at_once(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        code = builders.offering(session, utc_now(), seats=2)
    assert "Nog 2 plekken" in text(client)
    with database.writing() as session:
        builders.enrol(session, actor=builders.actor(session, utc_now()), offering_code=code, now=utc_now())
    assert "Nog 1 plek" in text(client)


def test_seats_that_are_kept_apart_are_not_offered_to_everybody(client: FlaskClient, database: Database) -> None:
    now = utc_now()
    with database.writing() as session:
        code = builders.offering(session, now, seats=4)
        pool_apart(session, code, now + timedelta(days=7), seats_apart=3, code="ALMERE")
    for page in (text(client), text(client, f"/nl/offerings/{code}/enrol")):
        assert "Nog 1 plek" in page
    with database.writing() as session:
        builders.enrol(session, actor=builders.actor(session, now), offering_code=code, now=now)
    for page in (text(client), text(client, f"/nl/offerings/{code}/enrol")):
        assert "Vol" in page
        assert "Nog " not in page


def test_a_title_that_changed_is_shown_and_so_is_that_of_a_programme(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        builders.offering(session, utc_now())
        provider_id = builders.provider(session)
        builders.programme(session, utc_now(), ("NET-01", 1), provider_id=provider_id)
    assert "AD ICT" in text(client)
    with database.writing() as session:
        session.execute(update(Module).values(title=Localized("Netwerken")))
        draft = catalogue.ProgrammeDraft("AD ICT", "AD ICT", Localized("AD Techniek"))
        catalogue.upsert_programmes(session, provider_id=provider_id, drafts=[draft], now=utc_now())
    page = text(client)
    assert "AD Techniek" in page
    assert "Netwerken" in page


def test_each_start_moment_has_its_own_price_place_meetings_and_periods(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        now = utc_now()
        builders.module(session, now)
        for key, name, step_free in (("a", "Campus", True), ("b", "Bouwplaats", False)):
            catalogue.register_place(session, catalogue.PlaceDraft(
                key, Localized(name), catalogue.PlaceKind.CAMPUS, street_address=f"{name}straat 1", city="Almere", step_free=step_free,
            ))
        meeting = catalogue.SessionDraft(catalogue.PartOfDay.EVENING, weekday="tue", starts_at=time(19), ends_at=time(21, 30), place_key="a")
        open_offering(session, now, sessions=(meeting,), price=Money(10000))
        first = amsterdam_day(now) + timedelta(days=60)
        open_offering(session, now, starts_on=first, ends_on=first + timedelta(days=7), place_key="b", price=None, price_note="USD 90", periods=(
            catalogue.PeriodDraft(closes_on=first - timedelta(days=9)),
            catalogue.PeriodDraft(closes_on=first - timedelta(days=30), target_group=catalogue.TargetGroup.EMPLOYERS),
        ))
    page = text(client)
    for shown in ("dinsdag 19:00–21:30", "Campusstraat 1, Almere", "zonder drempels of trappen te bereiken", "€ 100", "USD 90",
                  "niet zonder drempels", "Voor werkgevers: tot en met"):
        assert shown in page, shown


@pytest.mark.parametrize(("min_seats", "guaranteed", "shown", "hidden"), [
    (12, False, "0 van 12 aanmeldingen, besluit op", "Gaat zeker door"), (12, True, "Gaat zeker door", "0 van 12"),
    (1, False, "0 van 1 aanmeldingen", "Gaat zeker door"), (0, False, "Plekken", "Gaat zeker door"),
])
def test_whether_it_goes_ahead_is_told(
    client: FlaskClient, database: Database, min_seats: int, guaranteed: bool, shown: str, hidden: str,
) -> None:
    with database.writing() as session:
        now = utc_now()
        builders.module(session, now)
        open_offering(session, now, seats=20, min_seats=min_seats, guaranteed=guaranteed, decides_on=amsterdam_day(now) + timedelta(days=20))
    page = text(client)
    assert shown in page
    assert hidden not in page


def test_an_offering_goes_ahead_when_as_many_as_it_needs_have_enrolled() -> None:
    assert rules.goes_ahead(taken=12, min_seats=12, guaranteed=False)
    assert not rules.goes_ahead(taken=11, min_seats=12, guaranteed=False)
    assert not rules.goes_ahead(taken=3, min_seats=0, guaranteed=False)  # nothing was ever asked, so nothing is promised


def test_what_comes_before_is_read_as_all_and_one_of_with_links(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        now, provider_id = utc_now(), builders.provider(session)
        for code, title in (("A", "Aap"), ("B", "Beer")):
            builders.module(session, now, provider_id=provider_id, external_id=code, code=code, title=Localized(title))
        needed = catalogue.parse_prerequisites("A & (B | level>=4 | ec>=60)")
        builders.module(session, now, provider_id=provider_id, prerequisites=needed)
        catalogue.link_prerequisites(session, provider_id=provider_id)
    page = text(client)
    assert "Je hebt dit allemaal nodig: Aap één van deze: Beer of een diploma op niveau 4 (mbo 4) of hoger of 60 EC van de opleiding" in page
    assert 'href="/nl/modules/aap"' in client.get(PAGE).get_data(as_text=True)
    assert "Hierna kun je verder met Netwerkbeheer" in text(client, "/nl/modules/aap")


def test_each_outcome_shows_its_skills_and_where_they_come_from(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        builders.module(session, utc_now())
        session.add(Skill(uri="http://esco/1", scheme="esco", kind=SkillKind.SKILL, first_version="1", last_version="1",
                          status=ConceptStatus.RELEASED, description=""))
        outcome = session.scalars(select(LearningOutcome.id)).one()
        session.add(OutcomeSkill(outcome_id=outcome, skill_uri="http://esco/1", scheme_version="1", label=Localized("netwerken", "networking")))
    assert "Deze dienst gebruikt de ESCO-classificatie" in text(client)
    assert '<span class="nl-data-badge">netwerken</span>' in client.get(PAGE).get_data(as_text=True)
    assert '<span class="nl-data-badge">networking</span>' in client.get(PAGE.replace("/nl/", "/en/")).get_data(as_text=True)
    with database.writing() as session:
        session.execute(delete(OutcomeSkill))
    assert "Deze dienst gebruikt de ESCO-classificatie" not in text(client)


def test_a_text_in_the_other_language_says_which_it_is(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        builders.module(session, utc_now(), title=Localized(en="Network <b>management</b>"), summary=Localized("Kort."))
    page = client.get("/nl/modules/network-b-management-b").get_data(as_text=True)
    assert '<h1 class="nl-heading nl-heading--level-1" lang="en">Network &lt;b&gt;' in page
    assert '<p class="nl-paragraph nl-paragraph--lead">Kort.' in page


def test_a_module_without_anything_says_what_is_not_known(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        builders.module(session, utc_now(), outcomes=(), summary=Localized(), description=Localized(), price=None, ec=None)
    page = text(client)
    for shown in ("De aanbieder heeft de leeruitkomsten nog niet opgeschreven.", "De aanbieder noemt geen eisen vooraf.",
                  "Er staat nog geen startmoment gepland.", "Prijs nog niet bekend", "Hij hoort nog niet bij een opleiding."):
        assert shown in page


def test_a_module_that_is_no_longer_given_says_so_and_shows_the_way(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        builders.module(session, utc_now())
        session.execute(update(Module).values(state=catalogue.PublicationState.ARCHIVED))
    answer = client.get(PAGE)
    assert answer.status_code == 410
    assert "“Netwerkbeheer” wordt niet meer gegeven." in answer.get_data(as_text=True)
    assert 'href="/nl/modules/netwerkbeheer/similar"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("state", [catalogue.PublicationState.DRAFT, catalogue.PublicationState.CHECK])
def test_a_module_that_was_never_published_does_not_exist(client: FlaskClient, database: Database, state: catalogue.PublicationState) -> None:
    with database.writing() as session:
        builders.module(session, utc_now())
        session.execute(update(Module).values(state=state))
    assert client.get(PAGE).status_code == 404


def test_machines_read_the_same_price_and_seats(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        builders.module(session, utc_now(), title=Localized("Netwerk </script>"), ec=Decimal("7.5"))
        open_offering(session, utc_now(), price=Money(49500))
    page = client.get("/nl/modules/netwerk-script").get_data(as_text=True)
    (block,) = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    found = json.loads(block)
    assert (found["name"], found["numberOfCredits"]) == ("Netwerk </script>", 7.5)
    assert found["hasCourseInstance"][0]["offers"]["price"] == "495.00"
    assert found["hasCourseInstance"][0]["remainingAttendeeCapacity"] == 10


def test_a_page_names_itself_in_both_languages(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        builders.module(session, utc_now())
    page = client.get("/en/modules/netwerkbeheer?utm=1").get_data(as_text=True)
    assert '<link rel="canonical" href="http://127.0.0.1:8000/en/modules/netwerkbeheer">' in page
    assert re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page) == [
        ("nl", "http://127.0.0.1:8000/nl/modules/netwerkbeheer"), ("en", "http://127.0.0.1:8000/en/modules/netwerkbeheer"),
        ("x-default", "http://127.0.0.1:8000/nl/modules/netwerkbeheer"),
    ]


def test_the_page_of_someone_enrolled_is_not_shown_to_others(client: FlaskClient, app: Any, database: Database) -> None:
    with database.writing() as session:
        code = builders.offering(session, utc_now())
        actor = builders.actor(session, utc_now())
        mine = builders.enrol(session, actor=actor, offering_code=code, now=utc_now())
    with app.test_request_context(PAGE), reading_in("nl"), database.reading() as session:
        page = catalogue.module_page(session, "netwerkbeheer", today=amsterdam_day(utc_now()))
        view = module_view(page, seats={}, mine={page.module.offerings[0].id: mine}, quotes={}, now=utc_now())
    assert "Deze module staat bij Mijn leren" in view.body
    assert "Deze module staat bij Mijn leren" not in text(client)
