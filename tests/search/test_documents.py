import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from academy.catalogue.api import DeliveryMode, ModuleKind, OutcomeFacts, PartOfDay, PeriodFacts, SkillTag, TargetGroup
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.search.documents import AT_ANY_TIME, cropped, module_document, programme_document
from academy.search.gateway import SearchDocument
from academy.search.index_spec import ANY_TIME, CLOSED, DAY_ZERO, LATER, OPEN_NOW, SOON, label_in
from tests.search import supply
from tests.search.supply import NOW, TODAY


def card(document: object, language: str = "nl") -> dict[str, object]:
    return json.loads(document.cards[language])  # type: ignore[attr-defined,no-any-return]


def words(document: SearchDocument) -> set[str]:
    return {word for texts in document.texts.values() for text in texts for word in text.split()}


def test_both_languages_are_found_and_each_has_its_card() -> None:
    document = supply.document("Zorg", title=Localized("Zorg", "Care"), outcomes=(OutcomeFacts(new_id(), Localized("Je helpt", "You help"), ()),))
    assert {"zorg", "care", "helpt", "help"} <= words(document)
    assert card(document)["title"] == "Zorg"
    assert card(document, "en")["title"] == "Care"


def test_provider_with_former_name_institution_topics_and_code_are_found() -> None:
    made = supply.module(
        provider=supply.provider("Aeres", former_name="CAH Vilentum"), institution="Stanford", topics=("Kassenbouw",), code="AG-7",
    )
    document = module_document(made, seats_left={}, now=NOW)
    assert {"aeres", "vilentum", "stanford", "kassenbouw", "ag7"} <= words(document)
    assert document.codes == ("ag7",)


def test_the_first_start_with_a_free_seat_is_shown() -> None:
    full = supply.offering(starts_on=TODAY + timedelta(days=12))
    free = supply.offering(starts_on=TODAY + timedelta(days=40), price=Money(0))
    document = supply.document("Zorg", offerings=(full, free), seats_left={full.id: 0, free.id: 2})
    assert card(document)["starts"] == (TODAY + timedelta(days=40)).isoformat()
    assert (card(document)["seats"], card(document)["price"]) == (2, 0)


def test_an_offering_without_a_seat_count_has_all_its_seats() -> None:
    assert card(supply.document("Zorg", offerings=(supply.offering(seats=14),)))["seats"] == 14


def test_a_closed_offering_is_no_choice() -> None:
    closed = supply.offering(periods=supply.until(TODAY - timedelta(days=1)))
    document = supply.document("Zorg", offerings=(closed,))
    assert card(document)["starts"] == ""
    assert document.facets["weekday"] == ()


@pytest.mark.parametrize(("ec", "band"), [
    (None, ()), ("0", ("0",)), ("0.5", ("1-5",)), ("5", ("1-5",)), ("5.5", ("6-10",)), ("10", ("6-10",)), ("20", ("11-20",)),
    ("20.5", ("more",)),
])
def test_credits_fall_in_bands(ec: str | None, band: tuple[str, ...]) -> None:
    assert supply.document("Zorg", ec=None if ec is None else Decimal(ec)).facets["ec"] == band


@pytest.mark.parametrize(("cents", "band"), [
    (None, "unknown"), (0, "free"), (1, "to-250"), (250_00, "to-250"), (250_01, "to-500"), (1000_00, "to-1000"), (1000_01, "more"),
])
def test_prices_fall_in_bands(cents: int | None, band: str) -> None:
    assert supply.document("Zorg", price=None if cents is None else Money(cents)).facets["price"] == (band,)


def test_facets_have_each_value_once_and_unknown_ones_as_they_came() -> None:
    document = supply.document("Zorg", languages=("nl", "Español"), nlqf="4+", offerings=(supply.offering(), supply.offering()))
    assert document.facets["language"] == ("nl", "Español")
    assert document.facets["level"] == ("4+",)
    assert document.facets["part_of_day"] == ("evening",)


def test_a_mooc_without_dates_is_online_at_ones_own_pace() -> None:
    document = supply.document("Zorg", kind=ModuleKind.MOOC)
    assert document.facets["mode"] == (DeliveryMode.ONLINE.value,)
    assert document.facets["part_of_day"] == (PartOfDay.ANY.value,)


def test_hostile_text_keeps_no_control_characters() -> None:
    document = supply.document("Zorg\x02<b>\x00", summary=Localized("a\x03\u200bb"))
    assert card(document)["title"] == "Zorg <b>"
    assert card(document)["summary"] == "a b"


def test_long_text_is_cut_between_words() -> None:
    assert cropped("woord " * 100).endswith("woord…")
    assert len(cropped("woord " * 100)) <= 221


def opens(days: int) -> tuple[PeriodFacts, ...]:
    return (PeriodFacts(TargetGroup.PUBLIC, TODAY + timedelta(days=days), TODAY + timedelta(days=200), has_queue=False, queue_max=None, website=""),)


def test_open_now_comes_before_soon_before_later_before_closed_or_full() -> None:
    full = supply.offering()
    documents = [
        supply.document("A", offerings=(supply.offering(starts_on=TODAY + timedelta(days=90)),)),
        supply.document("A", kind=ModuleKind.MOOC),
        supply.document("A", offerings=(supply.offering(periods=opens(45), starts_on=TODAY + timedelta(days=300)),)),
        supply.document("A", offerings=(supply.offering(periods=opens(46), starts_on=TODAY + timedelta(days=300)),)),
        supply.document("A"),
        supply.document("A", offerings=(full,), seats_left={full.id: 0}),
    ]
    assert [document.availability for document in documents] == [OPEN_NOW, ANY_TIME, SOON, LATER, CLOSED, CLOSED]


def test_numbers_are_cents_tenths_of_credits_and_days_and_only_what_is_known() -> None:
    starts = TODAY + timedelta(days=20)
    document = supply.document("A", ec=Decimal("2.5"), offerings=(supply.offering(price=Money(545_00), starts_on=starts),))
    assert document.numbers == {"price": 545_00, "ec": 25, "start": (starts - DAY_ZERO).days}
    assert supply.document("A", ec=None).numbers == {}


def test_a_document_stands_where_its_shown_offering_is() -> None:
    there = replace(supply.CAMPUS, latitude=52.37, longitude=5.22)
    assert supply.document("A", offerings=(supply.offering(place=there),)).place == (52.37, 5.22)
    assert supply.document("A", offerings=(supply.offering(),)).place is None


def test_skills_are_found_by_their_words_and_chosen_by_their_code_with_a_label_in_both_languages() -> None:
    tag = SkillTag(uri="http://data.europa.eu/esco/skill/ab-12", label=Localized("lassen", "welding"))
    made = supply.module(outcomes=(OutcomeFacts(new_id(), Localized("Je werkt veilig", ""), (tag,)),))
    document = module_document(made, seats_left={}, now=NOW, skill_words={tag.uri: ("metaalverbinden",)})
    assert {"lassen", "welding", "metaalverbinden"} <= words(document)
    assert document.facets["skill"] == ("ab-12",)
    assert label_in("en", document.labels["skill"]["ab-12"]) == "welding"


def test_the_same_facts_give_the_same_checksum_and_a_seat_less_another() -> None:
    offering = supply.offering()
    made = supply.module(offerings=(offering,))
    first = module_document(made, seats_left={}, now=NOW)
    assert module_document(made, seats_left={}, now=NOW).checksum == first.checksum
    assert module_document(made, seats_left={offering.id: 3}, now=NOW).checksum != first.checksum


def test_a_programme_says_whether_its_modules_are_known() -> None:
    made = supply.programme()
    assert programme_document(made).facets["composed"] == ("yes",)
    assert programme_document(replace(made, module_count=0)).facets["composed"] == ()
    assert programme_document(made).facets["kind"] == ("programme",)


def test_codes_of_registers_are_found_like_the_own_code() -> None:
    assert programme_document(supply.programme(), ("80152", "A 7.1")).codes == ("adict", "80152", "a7.1")
    assert module_document(supply.module(), seats_left={}, now=NOW, codes=("ICT-01", "25393")).codes == ("ict01", "25393")


def test_what_has_begun_and_is_open_can_be_begun_at_any_time() -> None:
    begun = supply.offering(starts_on=TODAY - timedelta(days=30), periods=supply.until(TODAY + timedelta(days=5)))
    document = supply.document("Zorg", offerings=(begun,))
    assert document.facets["start"] == (AT_ANY_TIME,)
    assert card(document)["begun"]
    assert document.availability == OPEN_NOW
