"""schema.org about what is offered: what machines may rely on, and that no text of a provider gets out of its data block."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from academy.catalogue import api as catalogue
from academy.catalogue import facts, structured_data
from academy.kernel.money import Money
from academy.kernel.text import Localized

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
ADDRESS, PROVIDER = "https://a.example/nl/modules/net", "https://a.example/nl/providers/windesheim"
WINDESHEIM = facts.ProviderFacts(
    UUID(int=1), "windesheim", "Windesheim", catalogue.ProviderKind.HBO, Localized("Hogeschool"), "Almere", "NL", "", "a@b.nl", "", True,
    ("CHW",), (facts.CodeFacts(catalogue.CodeScheme.BRIN, "01VU", None, None),),
)
PLACE = facts.PlaceFacts(
    UUID(int=4), "w", Localized("Campus"), catalogue.PlaceKind.CAMPUS, "Dreef 5", "Almere", None, True, Localized(), 52.37, 5.22,
)
OFFERING = facts.OfferingFacts(
    id=UUID(int=2), code="ABC123", module_id=UUID(int=3), state=catalogue.OfferingState.ACTIVE, starts_on=date(2026, 9, 28),
    ends_on=date(2026, 12, 4), flexible_from=None, flexible_until=None, weekdays=("tue", "fri"),
    part_of_day=catalogue.PartOfDay.EVENING, mode=catalogue.DeliveryMode.BLENDED, language="nl", min_seats=0, seats=20,
    decides_on=None, guaranteed=False, price=Money(49550), price_note="", place=PLACE,
    periods=(facts.PeriodFacts(catalogue.TargetGroup.PUBLIC, date(2026, 8, 1), date(2026, 9, 20), False, None, ""),),
)
MODULE = facts.ModuleFacts(
    id=UUID(int=3), slug="net", code="NET-01", external_id="NET-01", kind=catalogue.ModuleKind.AD_MODULE,
    state=catalogue.PublicationState.PUBLISHED, version=1, title=Localized("Netwerkbeheer"), summary=Localized("Je beheert een netwerk."),
    description=Localized(), entry=Localized(), prerequisites=None, institution="", website="", ec=Decimal("7.5"), hours=210, nlqf="5",
    eqf="5", languages=("nl",), language_level="", modes=(), assessments=(), certificate=None, sectors=("ict",), topics=(),
    price=None, price_note="", changed_at=NOW, provider=WINDESHEIM,
    outcomes=(facts.OutcomeFacts(UUID(int=5), Localized("Je richt een netwerk in."), (facts.SkillTag("http://esco/1", Localized("netwerk")),)),),
    offerings=(OFFERING,),
)


def course(module: facts.ModuleFacts = MODULE, *, left: int = 3, now: datetime = NOW) -> dict[str, Any]:
    page = facts.ModulePage(module, (), (), (), ("", ""))
    return structured_data.course_data(
        page, language="nl", address=ADDRESS, provider_address=PROVIDER, left={OFFERING.id: left}, now=now,
    )


def instance(offering: facts.OfferingFacts = OFFERING, **asked: Any) -> dict[str, Any]:
    (found,) = course(replace(MODULE, offerings=(offering,)), **asked)["hasCourseInstance"]
    return dict(found)


def test_a_module_is_a_course_with_credits_level_outcomes_and_skills() -> None:
    found = course()
    assert (found["@type"], found["numberOfCredits"], found["educationalLevel"]) == ("Course", 7.5, "NLQF 5 / EQF 5")
    assert found["provider"] == {"@type": "CollegeOrUniversity", "@id": PROVIDER, "name": "Windesheim", "url": PROVIDER}
    assert found["teaches"] == [
        "Je richt een netwerk in.",
        {"@type": "DefinedTerm", "termCode": "http://esco/1", "name": "netwerk", "inDefinedTermSet": "https://esco.ec.europa.eu"},
    ]


def test_an_offering_is_an_instance_with_days_place_and_price() -> None:
    found = instance()
    assert found["courseMode"] == "blended"
    assert found["courseSchedule"][0]["byDay"] == ["https://schema.org/Tuesday", "https://schema.org/Friday"]
    assert found["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": 52.37, "longitude": 5.22}
    assert (found["offers"]["price"], found["offers"]["priceCurrency"]) == ("495.50", "EUR")
    assert (found["offers"]["validFrom"], found["offers"]["validThrough"]) == ("2026-08-01", "2026-09-20")
    assert (found["maximumAttendeeCapacity"], found["remainingAttendeeCapacity"]) == (20, 3)


def test_hours_stand_in_the_schedule_where_they_are_known() -> None:
    meeting = facts.SessionFacts(catalogue.PartOfDay.EVENING, "tue", None, time(19), time(21, 30), Localized(), None)
    (schedule,) = instance(replace(OFFERING, sessions=(meeting,)))["courseSchedule"]
    assert (schedule["byDay"], schedule["startTime"], schedule["endTime"]) == ("https://schema.org/Tuesday", "19:00:00", "21:30:00")


@pytest.mark.parametrize(("left", "day", "said"), [
    (3, date(2026, 9, 1), "InStock"), (0, date(2026, 9, 1), "SoldOut"), (3, date(2026, 7, 1), "PreOrder"),
    (3, date(2026, 9, 25), "Discontinued"),
])
def test_availability_is_what_a_visitor_would_find(left: int, day: date, said: str) -> None:
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert instance(left=left, now=now)["offers"]["availability"] == f"https://schema.org/{said}"


def test_an_unknown_price_is_not_told() -> None:
    assert "offers" not in instance(replace(OFFERING, price=None))


def test_a_provider_has_its_codes_and_names_of_before() -> None:
    found = structured_data.provider_data(WINDESHEIM, language="nl", address=PROVIDER)
    assert found["alternateName"] == ["CHW"]
    assert found["identifier"] == [{"@type": "PropertyValue", "propertyID": "BRIN", "value": "01VU"}]


def test_a_register_is_no_school() -> None:
    register = replace(WINDESHEIM, kind=catalogue.ProviderKind.REGISTER)
    assert structured_data.provider_data(register, language="nl", address=PROVIDER)["@type"] == "Organization"


def test_a_list_counts_on_from_the_page_before() -> None:
    entries = [structured_data.Listed("Course", f"https://a.example/{number}", f"M{number}") for number in (1, 2)]
    found = structured_data.list_data(entries, name="Modules", start=51)
    assert [item["position"] for item in found["itemListElement"]] == [51, 52]
    assert all(item["item"]["description"] for item in found["itemListElement"])  # Google asks for name and description


@pytest.mark.parametrize("nasty", ["</script><script>alert(1)</script>", "<!--<script>", "a & b", "line\u2028end"])
def test_no_text_gets_out_of_the_data_block(nasty: str) -> None:
    text = structured_data.json_ld(course(replace(MODULE, title=Localized(nasty))))
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text)["name"] == nasty
