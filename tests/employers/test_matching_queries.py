"""What fits is found in plain words, by skills and by circumstances, the best first, and with the reason why; also while the search engine is away."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.employers.queries import matching
from academy.employers.queries.recognising import recognised_skills
from academy.employers.rules import Reason
from academy.employers.service.matching import Matches, matches_for
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.search import service as search
from academy.search.embedded_engine import EmbeddedEngine
from academy.skills import api as skills
from academy.skills import drafting
from academy.skills import service as skill_service
from tests import builders
from tests.employers import asking
from tests.skills.conftest import CRAFTS, LEAD, METAL, WELD, Esco

ASKED = replace(asking.DRAFT, words="Onze lassers moeten leren lassen", slots=(), postcode="", skills=())


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    """Put an empty index in place of that of the process; made anew by `search.rebuild`."""
    made = EmbeddedEngine(tmp_path / "index")
    search.set_engine(made)
    return made


@pytest.fixture
def classification(database: Database, now: datetime, tmp_path: Path) -> None:
    """Load the small classification, with metalwork as one more skill of the crafts."""
    esco = Esco()
    esco.files["broaderRelationsSkillPillar.csv"].append({"conceptUri": METAL, "broaderType": "SkillGroup", "broaderUri": CRAFTS})
    with database.writing() as session:
        skill_service.load_version(session, drafting.prepare(esco.write(tmp_path / "esco"), version="1.1.1"), now=now)


def module(session: Session, now: datetime, title: str, *, uri: str = "", number: int = 0, **changes: Any) -> str:
    """Make a module that teaches one skill, without a class; returns its external id."""
    outcome = catalogue.OutcomeDraft(Localized("Je kunt het."), (uri,) if uri else ())
    draft: dict[str, Any] = {"external_id": f"M{number}", "code": f"M{number}", "title": Localized(title), "summary": Localized("Een cursus."), "outcomes": (outcome,)}
    return builders.module(session, now, **{**draft, **changes})


def titles(found: Matches) -> list[str]:
    return [each.module.title.nl for each in found.modules]


# Skills in words


@pytest.mark.usefixtures("classification")
def test_a_skill_is_recognised_when_all_words_of_its_name_are_there(session: Session) -> None:
    def meant(text: str) -> list[str]:
        return [each.uri for each in recognised_skills(session, text) if not each.via]

    assert meant("Our people must weld, also underwater!") == [WELD]
    assert meant("we need somebody who leads the others") == [LEAD]
    assert meant("underwater photography") == []
    assert meant("iron and steel") == [METAL]  # another name of it
    assert meant("") == meant("van de het") == meant("@ # !") == []


@pytest.mark.usefixtures("classification")
def test_an_occupation_in_the_words_offers_what_it_asks_to_be_added(session: Session) -> None:
    found = recognised_skills(session, "Twee lassers voor de werkplaats")
    assert {(each.uri, each.via.replace("\N{SOFT HYPHEN}", "")) for each in found} == {(WELD, "lasser"), (LEAD, "lasser")}


@pytest.mark.usefixtures("classification")
def test_skills_beside_each_other_are_known_by_what_they_fall_under(session: Session) -> None:
    near = skills.near_skills(session, [WELD, LEAD])
    assert near[WELD] == (frozenset({CRAFTS}), frozenset({METAL}))
    assert near[LEAD] == (frozenset(), frozenset())


# Modules


@pytest.mark.usefixtures("engine", "classification")
def test_a_module_that_teaches_the_skill_goes_before_one_that_shares_a_word(database: Database, now: datetime) -> None:
    with database.writing() as session:
        provider = builders.provider(session)
        module(session, now, "Weld underwater in practice", uri=WELD, number=1, provider_id=provider)
        module(session, now, "Underwater photography", number=2, provider_id=provider)
        module(session, now, "Bookkeeping", number=3, provider_id=provider)
    search.rebuild(now=now)
    found = matches_for(replace(ASKED, words="weld underwater", language="en"), language="en", now=now)
    assert titles(found) == ["Weld underwater in practice", "Underwater photography"]
    assert [each.reason for each in found.modules[0].match.reasons][:2] == [Reason.SKILL, Reason.WORDS]
    assert found.labels[WELD].en == "weld underwater"


@pytest.mark.usefixtures("engine", "classification")
def test_what_lies_beside_the_skill_fits_less_and_says_so(database: Database, now: datetime) -> None:
    with database.writing() as session:
        module(session, now, "Underwater metals", uri=METAL)
    search.rebuild(now=now)
    found = matches_for(replace(ASKED, words="underwater welds", skills=(WELD,)), language="nl", now=now)
    assert [each.reason for each in found.modules[0].match.reasons] == [Reason.RELATED, Reason.WORDS]


@pytest.mark.usefixtures("engine", "classification")
def test_a_skill_that_was_taken_away_counts_no_more(database: Database, now: datetime) -> None:
    with database.writing() as session:
        module(session, now, "Underwater things", uri=WELD)
    search.rebuild(now=now)
    for dropped, reasons in ((frozenset[str](), [Reason.SKILL, Reason.WORDS]), (frozenset({WELD}), [Reason.WORDS])):
        found = matches_for(replace(ASKED, words="weld underwater"), language="en", dropped=dropped, now=now)
        assert [each.reason for each in found.modules[0].match.reasons] == reasons
        assert [each.uri for each in found.skills] == [WELD]  # it stays on the page, to be put back


@pytest.mark.usefixtures("engine")
def test_words_are_found_in_other_forms_and_told_as_they_were_typed(database: Database, now: datetime) -> None:
    with database.writing() as session:
        module(session, now, "Netwerken beheren")
    search.rebuild(now=now)
    found = matches_for(replace(ASKED, words="een netwerk beheren"), language="nl", now=now)
    assert [(each.reason, each.about) for each in found.modules[0].match.reasons] == [(Reason.WORDS, ("beheren", "netwerk"))]


@pytest.mark.usefixtures("engine")
def test_of_the_classes_of_a_module_the_one_that_fits_best_is_shown(database: Database, now: datetime) -> None:
    first = amsterdam_day(now) + timedelta(days=200)
    with database.writing() as session:
        provider = builders.provider(session)
        builders.offering(session, now, price=900_00, provider_id=provider)
        cheap = builders.offering(session, now, price=100_00, starts_on=first, external_id="NET-01", provider_id=provider)
    search.rebuild(now=now)
    asked = replace(ASKED, words="netwerk beheren", most_price=Money(150_00), slots=("tue-evening",), online=True)
    [fit] = matches_for(asked, language="nl", now=now).modules
    assert fit.offering is not None
    assert fit.offering.code == cheap
    assert [each.reason for each in fit.match.reasons] == [Reason.WORDS, Reason.ONLINE, Reason.SLOT, Reason.PRICE]


@pytest.mark.usefixtures("engine")
def test_a_class_that_is_too_far_away_does_not_fit_and_one_beside_it_does(database: Database, now: datetime) -> None:
    with database.writing() as session:
        provider = builders.provider(session)
        builders.module(session, now, provider_id=provider)
        catalogue.register_place(session, catalogue.PlaceDraft(
            key="almere", name=Localized("Almere"), city="Almere", kind=catalogue.PlaceKind.CAMPUS, latitude=52.37, longitude=5.22,
        ))
        catalogue.open_offering(session, provider_id=provider, module_external_id="NET-01", draft=_in_almere(now))
    search.rebuild(now=now)
    found = {
        postcode: [each.reason for fit in matches_for(replace(ASKED, words="netwerk", postcode=postcode), language="nl", now=now).modules
                   for each in fit.match.reasons]
        for postcode in ("1315", "8232", "6211")
    }
    assert found == {"1315": [Reason.WORDS, Reason.PLACE], "8232": [Reason.WORDS, Reason.NEAR], "6211": []}


def _in_almere(now: datetime) -> catalogue.OfferingDraft:
    first = amsterdam_day(now) + timedelta(days=28)
    return catalogue.OfferingDraft(
        starts_on=first, ends_on=first, periods=(catalogue.PeriodDraft(closes_on=first),), mode=catalogue.DeliveryMode.ON_CAMPUS,
        part_of_day=catalogue.PartOfDay.EVENING, language="nl", seats=10, price=Money(0), weekdays=("tue",), place_key="almere",
    )


@pytest.mark.usefixtures("engine")
def test_while_the_engine_is_away_modules_come_by_their_title_and_the_answer_says_so(database: Database, now: datetime) -> None:
    with database.writing() as session:
        builders.module(session, now)
    found = matches_for(replace(ASKED, words="netwerkbeheer"), language="nl", now=now)  # no index was ever made
    assert (titles(found), found.degraded) == (["Netwerkbeheer"], True)


# Pools


@pytest.mark.usefixtures("engine")
def test_a_pool_that_fits_is_found_with_where_it_stands(database: Database, now: datetime) -> None:
    with database.writing() as session:
        code = asking.gathered(session, now, email="een@voorbeeld.nl")
        asking.gathered(session, now, email="twee@voorbeeld.nl", words="Boekhouden", kvk_number="87654321")
        asking.gathered(session, now, email="drie@voorbeeld.nl", postcode="9711", kvk_number="11111111")
    [fit] = matches_for(replace(ASKED, words="brood bakken", postcode="1334", slots=("tue-evening",)), language="nl", now=now).pools
    assert (fit.pool.code, fit.standing.seats, fit.standing.threshold, fit.only_firms) == (code, 3, 12, True)
    assert [(each.reason, each.about) for each in fit.match.reasons] == [
        (Reason.WORDS, ("bakken", "brood")), (Reason.PLACE, ("13",)), (Reason.SLOT, ("tue-evening",)),
    ]


@pytest.mark.usefixtures("engine")
def test_a_pool_whose_time_is_over_or_that_one_is_in_is_not_offered(database: Database, now: datetime) -> None:
    asked = replace(ASKED, words="brood bakken", postcode="1315")
    with database.writing() as session:
        code = asking.gathered(session, now, email="een@voorbeeld.nl")
    [there] = matches_for(asked, language="nl", now=now).pools
    assert there.pool.code == code
    assert matches_for(asked, language="nl", but=(there.pool.id,), now=now).pools == []
    assert matches_for(asked, language="nl", now=now + timedelta(days=60)).pools == []


@pytest.mark.usefixtures("engine")
def test_what_a_stranger_began_is_shown_to_nobody_until_the_address_is_proven(database: Database, now: datetime) -> None:
    asked = replace(ASKED, words="brood bakken", postcode="1315")
    with database.writing() as session:
        demand = asking.ask(session, now)
        asking.join(session, demand, now)
    assert matches_for(asked, language="nl", now=now).pools == []
    with database.writing() as session:
        asking.prove(session, demand, now)
    [fit] = matches_for(asked, language="nl", now=now).pools
    assert (fit.standing.seats, fit.standing.firms) == (3, 1)


# Demands that fit a module


def test_open_questions_that_fit_a_module_come_best_first_and_unproven_ones_never(session: Session, now: datetime) -> None:
    provider = builders.provider(session)
    builders.offering(session, now, provider_id=provider)
    asked = {"best": "netwerk beheren", "less": "netwerk en boekhouden en verkopen", "none": "brood bakken"}
    for number, (name, words) in enumerate(asked.items()):
        asking.prove(session, asking.ask(session, now, email=f"{name}@voorbeeld.nl", words=words, postcode="", online=True, kvk_number=f"1234567{number}"), now)
    asking.ask(session, now, email="wacht@voorbeeld.nl", words="netwerk beheren")
    [there] = catalogue.module_facts(session, today=amsterdam_day(now))
    found = matching.fitting_demands(session, there, now=now)
    assert [each.demand.email for each in found] == ["best@voorbeeld.nl", "less@voorbeeld.nl"]
    assert [each.reason for each in found[0].match.reasons] == [Reason.WORDS, Reason.ONLINE, Reason.SLOT]


@pytest.mark.usefixtures("classification")
def test_a_question_for_a_skill_finds_the_module_that_teaches_one_beside_it(session: Session, now: datetime) -> None:
    module(session, now, "Metaal", uri=METAL)
    asking.prove(session, asking.ask(session, now, words="onder water werken", skills=(WELD,)), now)
    [there] = catalogue.module_facts(session, today=amsterdam_day(now))
    [fit] = matching.fitting_demands(session, there, now=now)
    assert [each.reason for each in fit.match.reasons] == [Reason.RELATED]


# How much it asks of the database


@pytest.mark.usefixtures("engine", "classification")
def test_all_that_fits_takes_ten_statements_however_much_there_is(
    database: Database, now: datetime, queries: Callable[[int], AbstractContextManager[list[str]]],
) -> None:
    with database.writing() as session:
        provider = builders.provider(session)
        for number in range(12):
            module(session, now, f"Weld underwater {number}", uri=WELD, number=number, provider_id=provider)
            asking.gathered(session, now, email=f"firma{number}@voorbeeld.nl", words="weld underwater", kvk_number=f"123456{number:02}")
    search.rebuild(now=now)
    with queries(10):
        found = matches_for(replace(ASKED, words="weld underwater, metals, welder", language="en"), language="en", now=now)
    assert (len(found.modules), len(found.pools)) == (matching.MOST_FITS, matching.MOST_FITS)
