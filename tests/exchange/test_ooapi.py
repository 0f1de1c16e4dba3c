"""OOAPI v5 and v6 payloads to drafts: what is taken, what is tolerated, what is refused and why. Pure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.catalogue.api import (
    AssessmentForm,
    CertificateKind,
    CodeDraft,
    CodeScheme,
    DeliveryMode,
    ModuleKind,
    OfferingState,
    PeriodDraft,
    ProgrammeType,
    TargetGroup,
)
from academy.exchange.ooapi import supply_of
from academy.exchange.payloads import parent_of
from academy.exchange.spool import SpooledItem
from academy.exchange.supply import Supply
from academy.kernel.money import Money
from academy.kernel.text import Localized

TODAY = date(2026, 9, 1)


def text(nl: str, en: str = "") -> list[dict[str, str]]:
    return [{"language": "nl-NL", "value": nl}, *([{"language": "en-GB", "value": en}] if en else [])]


def code(value: str, kind: str = "identifier") -> dict[str, str]:
    return {"codeType": kind, "code": value}


RIO = {"consumerKey": "rio", "educationOffererCode": "123A321", "educationLocationCode": "334X123"}
COURSE_5 = {
    "courseId": "c1", "primaryCode": code("ADICT-M3"), "name": text("Module 3: Cloudbeheer", "Module 3: Cloud"), "abbreviation": "ADICT-M3",
    "description": text("<p>Je leert <b>wolken</b>.</p><p>En meer.</p>"), "teachingLanguage": "nld", "level": "associate degree",
    "studyLoad": {"studyLoadUnit": "ects", "value": 5}, "duration": "P10W", "validFrom": "2026-09-01", "educationSpecification": "s1",
    "modeOfDelivery": ["hybrid"], "learningOutcomes": [text("Je richt een omgeving in.", "You set one up."), text("Je beheert haar.")],
    "fieldsOfStudy": "0612", "consumers": [RIO],
}
SPECIFICATION_5 = {
    "educationSpecificationId": "s1", "educationSpecificationType": "course", "primaryCode": code("S1"), "name": text("Cloud"),
    "level": "associate degree", "levelOfQualification": "5", "formalDocument": "certificate",
}
PROGRAM_5 = {
    "programId": "p1", "programType": "program", "primaryCode": code("80132", "crohoCreboCode"), "name": text("Ad ICT", "AD ICT"),
    "abbreviation": "ADICT", "description": text("Twee jaar."), "teachingLanguage": "nld", "level": "associate degree",
    "levelOfQualification": "5", "studyLoad": {"studyLoadUnit": "ects", "value": 120}, "duration": "P2Y", "modeOfStudy": "part-time",
    "consumers": [{**RIO, "jointPartnerCodes": ["999A111"], "foreignPartners": ["Universidade do Porto"]}],
}
OFFERING_5 = {
    "offeringId": "o1", "offeringType": "course", "course": "c1", "primaryCode": code("M3-1", "offeringCode"), "name": text("Op vrijdag"),
    "description": text("In Almere"), "teachingLanguage": "nld", "modeOfDelivery": ["situated"], "resultExpected": True,
    "maxNumberStudents": 24, "minNumberStudents": 8, "startDate": "2027-02-05", "endDate": "2027-04-16", "enrollStartDate": "2026-11-01",
    "enrollEndDate": "2027-01-25",
    "priceInformation": [{"costType": "total costs", "amount": "495.00", "currency": "EUR"}],
}
COURSE_6 = {
    "courseId": "c1", "primaryCode": code("ADICT-M3"), "name": text("Cloudbeheer"), "teachingLanguages": ["nld", "eng"],
    "level": "associate_degree", "studyLoad": [{"studyLoadUnit": "ects", "value": "7.5"}, {"studyLoadUnit": "hour", "value": 210}],
    "modesOfDelivery": ["blended", "work_based"], "learningOutcomeIds": ["l1"], "organisationId": "org",
    "validFrom": "2026-09-01T00:00:00+02:00",
}
OUTCOME_6 = {"learningOutcomeId": "l1", "primaryCode": code("L1"), "name": text("Je richt een omgeving in.")}
PROGRAMME_6 = {"programmeId": "p1", "programmeType": "programme", "primaryCode": code("P1", "programme_code"), "name": text("Ad ICT"),
               "levelOfQualification": "eqf_5", "parentId": "p0"}
OFFERING_6 = {
    "courseOfferingId": "o1", "courseId": "c1", "primaryCode": code("M3-1", "offering_code"), "name": text("Op vrijdag"), "state": "active",
    "teachingLanguages": ["eng"], "modesOfDelivery": ["online", "presential"], "startDateTime": "2027-02-05T09:00:00+01:00",
    "endDateTime": "2027-04-16T17:00:00+02:00", "maxNumberStudents": 24,
    "enrolmentPeriods": [
        {"startDateTime": "2026-11-01T00:00:00+01:00", "endDateTime": "2027-01-01T00:00:00+01:00", "targetGroups": ["employers"],
         "queueEnabled": True, "maxQueuedNumberStudents": 5},
        {"startDateTime": "2027-01-01T00:00:00+01:00", "endDateTime": "2027-01-25T23:59:59+01:00", "enrolmentUrl": "https://x.example/e"},
    ],
}


def mapped(*values: Mapping[str, Any], offerers: Mapping[str, str] | None = None) -> Supply:
    found = [SpooledItem("items.json", 1, number, dict(value), parent_of(value)) for number, value in enumerate(values, start=1)]
    return supply_of(found, provider="windesheim", offerers=offerers or {}, today=TODAY)


def refused(*values: Mapping[str, Any]) -> list[tuple[int | None, str, str, str]]:
    return [(problem.line, problem.column, problem.code, problem.value) for problem in mapped(*values).problems]


def noticed(supply: Supply) -> set[tuple[str, str]]:
    return {(notice.code, notice.column) for notice in supply.notices.all()}


# v5 ----------------------------------------------------------------------------------------------------------------------------------


def test_a_course_of_v5_becomes_a_module() -> None:
    supply = mapped(COURSE_5, SPECIFICATION_5)
    assert supply.problems == []
    module, = supply.modules
    assert (module.external_id, module.code, module.kind) == ("c1", "ADICT-M3", ModuleKind.AD_MODULE)
    assert module.title == Localized("Module 3: Cloudbeheer", "Module 3: Cloud")
    assert (module.summary, module.description) == (Localized("Je leert wolken."), Localized("Je leert wolken.\n\nEn meer."))
    assert (module.ec, module.nlqf, module.eqf, module.languages, module.modes) == (
        Decimal("5.0"), "5", "5", ("nl",), (DeliveryMode.BLENDED,))
    assert [outcome.text for outcome in module.outcomes] == [
        Localized("Je richt een omgeving in.", "You set one up."), Localized("Je beheert haar.")]
    assert (module.topics, module.certificate) == (("ICT",), CertificateKind.CERTIFICATE)
    assert module.codes == (CodeDraft(CodeScheme.RIO_OFFERER, "123A321"), CodeDraft(CodeScheme.RIO_LOCATION, "334X123"))


def test_the_specification_gives_the_level_that_a_course_does_not_say() -> None:
    module, = mapped({**COURSE_5, "level": "undefined"}, SPECIFICATION_5).modules
    assert (module.nlqf, module.eqf) == ("5", "5")
    module, = mapped({**COURSE_5, "level": "bachelor"}, SPECIFICATION_5).modules
    assert module.nlqf == "6", "what the course says itself goes first"


def test_a_program_of_v5_becomes_a_programme_below_its_specification() -> None:
    specification = {**SPECIFICATION_5, "educationSpecificationType": "program"}
    supply = mapped({**PROGRAM_5, "educationSpecification": "s1"}, specification, offerers={"999A111": "aeres"})
    above, programme = supply.programmes
    assert (above.type, above.external_id) == (ProgrammeType.SPECIFICATION, "education-specification/s1")
    assert (programme.type, programme.parent) == (ProgrammeType.PROGRAMME, "education-specification/s1")
    assert (programme.ec, programme.months, programme.variants, programme.nlqf) == (Decimal("120.0"), 24, ("deeltijd",), "5")
    assert (programme.partners, programme.partner_providers) == (("Universidade do Porto",), ("aeres",))
    assert CodeDraft(CodeScheme.CROHO, "80132") in programme.codes
    assert programme.intakes is None, "nothing is said about when one can begin"


def test_a_vocational_code_is_crebo_and_a_dot_in_it_is_taken_out() -> None:
    supply = mapped({**PROGRAM_5, "level": "secondary vocational education 4", "primaryCode": code("25.080", "crohoCreboCode")})
    assert CodeDraft(CodeScheme.CREBO, "25080") in supply.programmes[0].codes
    assert ("dot-in-code", "primaryCode.code") in noticed(supply)


def test_an_offering_of_v5_has_dates_seats_price_and_one_period() -> None:
    supply = mapped(COURSE_5, SPECIFICATION_5, OFFERING_5)
    (module, offering), = supply.offerings
    assert (module, offering.external_id, offering.starts_on, offering.ends_on) == ("c1", "o1", date(2027, 2, 5), date(2027, 4, 16))
    assert (offering.seats, offering.min_seats, offering.price) == (24, 8, Money(49_500))
    assert (offering.mode, offering.language, offering.state) == (DeliveryMode.ON_CAMPUS, "nl", OfferingState.ACTIVE)
    assert offering.periods == (PeriodDraft(closes_on=date(2027, 1, 25), opens_on=date(2026, 11, 1)),)


def test_an_offering_of_a_programme_is_an_intake() -> None:
    supply = mapped(PROGRAM_5, {**OFFERING_5, "offeringType": "program", "course": None, "program": "p1"})
    intake, = supply.programmes[0].intakes or ()
    assert (intake.starts_on, intake.closes_on, intake.seats, intake.variant) == (date(2027, 2, 5), date(2027, 1, 25), 24, "deeltijd")
    assert supply.offerings == []


def test_the_override_of_today_goes_first_and_the_others_are_noticed() -> None:
    overrides = [
        {"validFrom": "2026-01-01", "validTo": "2026-12-31", "course": {"name": text("Nu")}},
        {"validFrom": "2027-01-01", "course": {"name": text("Straks")}},
    ]
    supply = mapped({**COURSE_5, "timelineOverrides": overrides}, SPECIFICATION_5)
    assert supply.modules[0].title == Localized("Nu")
    assert supply.modules[0].ec == Decimal("5.0"), "what the override does not say stays"
    assert ("override-of-another-time", "timelineOverrides") in noticed(supply)


def test_a_place_where_one_goes_is_kept_and_an_address_for_letters_is_not() -> None:
    address = {"addressType": "teaching", "street": "Hospitaaldreef", "streetNumber": 5, "city": "Almere",
               "geolocation": {"latitude": "52.37", "longitude": "5.22"}}
    supply = mapped(COURSE_5, {**OFFERING_5, "addresses": [{**address, "addressType": "postal"}, address]})
    place, = supply.places
    assert (place.key, place.name.nl, place.latitude) == ("windesheim-almere-hospitaaldreef-5", "Hospitaaldreef 5, Almere", 52.37)
    assert supply.offerings[0][1].place_key == place.key
    assert mapped(COURSE_5, {**OFFERING_5, "addresses": [{**address, "addressType": "postal"}]}).places == []


# v6 ----------------------------------------------------------------------------------------------------------------------------------


def test_a_course_of_v6_becomes_a_module_with_its_outcomes_and_loads() -> None:
    supply = mapped(COURSE_6, OUTCOME_6)
    assert supply.problems == []
    module, = supply.modules
    assert (module.kind, module.nlqf, module.ec, module.hours) == (ModuleKind.AD_MODULE, "5", Decimal("7.5"), 210)
    assert (module.languages, module.modes) == (("nl", "en"), (DeliveryMode.BLENDED, DeliveryMode.IN_COMPANY))
    assert [outcome.text.nl for outcome in module.outcomes] == ["Je richt een omgeving in."]


def test_a_programme_of_v6_belongs_to_its_specification() -> None:
    above = {**PROGRAMME_6, "programmeId": "p0", "programmeType": "specification", "parentId": None}
    supply = mapped(PROGRAMME_6, above)
    assert [(draft.external_id, draft.type, draft.parent) for draft in supply.programmes] == [
        ("p1", ProgrammeType.PROGRAMME, "p0"), ("p0", ProgrammeType.SPECIFICATION, "")]
    assert supply.programmes[0].codes == (CodeDraft(CodeScheme.PROGRAMME_CODE, "P1"),)


def test_the_periods_of_v6_keep_their_group_and_queue_and_end_on_the_day_before_midnight() -> None:
    (_module, offering), = mapped(COURSE_6, OFFERING_6).offerings
    assert offering.periods == (
        PeriodDraft(date(2026, 12, 31), date(2026, 11, 1), TargetGroup.EMPLOYERS, has_queue=True, queue_max=5),
        PeriodDraft(date(2027, 1, 25), date(2027, 1, 1), TargetGroup.PUBLIC, website="https://x.example/e"),
    )
    assert (offering.mode, offering.language, offering.starts_on) == (DeliveryMode.BLENDED, "en", date(2027, 2, 5))


def test_an_unknown_target_group_opens_its_period_to_nobody() -> None:
    supply = mapped(COURSE_6, {**OFFERING_6, "enrolmentPeriods": [{**OFFERING_6["enrolmentPeriods"][0], "targetGroups": ["alumni"]}]})  # type: ignore[index]
    assert supply.offerings[0][1].periods == ()
    assert ("group-unknown", "enrolmentPeriods[].targetGroups") in noticed(supply)


def test_a_cancelled_offering_stays_cancelled_and_a_concept_without_dates_is_left_out() -> None:
    assert mapped(COURSE_6, {**OFFERING_6, "state": "cancelled"}).offerings[0][1].state is OfferingState.CANCELLED
    concept = mapped(COURSE_6, {**OFFERING_6, "state": "concept", "startDateTime": None, "endDateTime": None})
    assert (concept.offerings, concept.problems) == ([], [])
    assert ("concept-without-dates", "startDateTime") in noticed(concept)


# Tolerated ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "notice"), [
    ({"admissionRequirements": "Mbo 4"}, ("string-instead-of-list", "admissionRequirements")),
    ({"abbreviation": None, "description": ".."}, ("no-words", "description")),
    ({"modeOfDelivery": ["telepathie"]}, ("word-unknown", "modeOfDelivery")),
    ({"teachingLanguage": "tlh"}, ("language-unknown", "teachingLanguage")),
    ({"fieldsOfStudy": "vak"}, ("field-unknown", "fieldsOfStudy")),
    ({"link": "javascript:alert(1)"}, ("not-a-url", "link")),
    ({"primaryCode": "ADICT"}, ("code-type-missing", "primaryCode")),
    ({"primaryCode": code("string", "crohoCreboCode")}, ("not-a-register-code", "primaryCode.code")),
    ({"validTo": "2026-08-31", "validFrom": "2026-01-01"}, ("no-longer-valid", "validTo")),
    ({"level": "x-ons-niveau"}, ("word-unknown", "level")),
    ({"consumers": [{**RIO, "foreignPartners": "Harvard"}]}, ("string-instead-of-list", "consumers[].foreignPartners")),
    ({"name": [{"language": "de-DE", "value": "Wolken"}]}, ("other-language", "name")),
])
def test_what_is_odd_and_clear_is_taken_with_a_notice(change: dict[str, Any], notice: tuple[str, str]) -> None:
    supply = mapped({**COURSE_5, **change}, SPECIFICATION_5)
    assert len(supply.modules) == 1
    assert supply.problems == []
    assert notice in noticed(supply)


def test_entry_and_assessment_are_read_from_words() -> None:
    module, = mapped({**COURSE_5, "admissionRequirements": text("Mbo 4"), "qualificationRequirements": text("Module 2"),
                      "assessment": text("Portfolio en een mondelinge toets")}).modules
    assert module.entry == Localized("Mbo 4\n\nModule 2")
    assert module.assessments == (AssessmentForm.ORAL, AssessmentForm.PORTFOLIO)


@pytest.mark.parametrize(("duration", "months"), [
    ("P2Y", 24), ("P18M", 18), ("P10W", 2), ("P1Y6M", 18), ("P1DT30H4S", None), ("twee jaar", None), ("P", None),
])
def test_a_duration_becomes_whole_months(duration: str, months: int | None) -> None:
    supply = mapped({**PROGRAM_5, "duration": duration})
    assert supply.programmes[0].months == months
    assert (("not-a-duration", "duration") in noticed(supply)) == (duration in {"twee jaar", "P"})


def test_another_currency_stays_in_words() -> None:
    price = [{"costType": "total costs", "amount": "495.00", "currency": "CHF"}]
    supply = mapped(COURSE_5, {**OFFERING_5, "priceInformation": price})
    assert (supply.offerings[0][1].price, supply.offerings[0][1].price_note) == (None, "CHF 495.00")
    assert ("price-not-in-euros", "priceInformation[].currency") in noticed(supply)


def test_an_offering_without_a_number_of_seats_sells_none() -> None:
    supply = mapped(COURSE_5, {**OFFERING_5, "maxNumberStudents": None})
    assert (supply.offerings[0][1].seats, supply.offerings[0][1].min_seats) == (0, 0)
    assert ("seats-unknown", "maxNumberStudents") in noticed(supply)


def test_a_closed_offering_has_no_period() -> None:
    closed = {**OFFERING_5, "consumers": [{"consumerKey": "rio", "registrationStatus": "closed"}]}
    assert mapped(COURSE_5, closed).offerings[0][1].periods == ()


def test_an_organisation_is_reported_and_changes_nothing() -> None:
    supply = mapped({"organizationId": "o", "organizationType": "root", "name": text("Windesheim"), "primaryCode": code("01VU", "brin")})
    notice, = supply.notices.all()
    assert "Windesheim, brin 01VU" in notice.text
    assert (supply.rows, supply.modules, supply.programmes) == (1, [], [])


# Refused -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "column", "found", "value"), [
    ({"name": None}, "name", "empty", ""),
    ({"primaryCode": None}, "primaryCode", "empty", ""),
    ({"courseId": "c\x001"}, "primaryCode", "id-not-usable", "c 1"),
    ({"courseId": "c" * 301}, "primaryCode", "id-not-usable", "c" * 79 + "…"),
    ({"name": text("a" * 301)}, "name", "too-long", "a" * 79 + "…"),
    ({"level": "expert"}, "level", "word-unknown", "expert"),
    ({"studyLoad": {"studyLoadUnit": "ects", "value": 241}}, "studyLoad.value", "ec-too-high", "241"),
    ({"studyLoad": {"studyLoadUnit": "ects", "value": -1}}, "studyLoad.value", "not-ec", "-1"),
    ({"studyLoad": {"studyLoadUnit": "liter", "value": 1}}, "studyLoad.studyLoadUnit", "word-unknown", "liter"),
    ({"validFrom": "gisteren"}, "validFrom", "not-a-date", "gisteren"),
    ({"validTo": "2026-08-01"}, "validTo", "end-before-start", "2026-08-01"),
    ({"consumers": [{**RIO, "educationOffererCode": "123A32"}]}, "consumers[0].educationOffererCode", "not-a-rio-code", "123A32"),
    ({"consumers": [{**RIO, "educationLocationCode": "334A123"}]}, "consumers[0].educationLocationCode", "not-a-rio-code", "334A123"),
    ({"consumers": [{**RIO, "jointPartnerCodes": ["x"]}]}, "consumers[0].jointPartnerCodes[0]", "not-a-rio-code", "x"),
])
def test_what_can_not_be_right_refuses_the_course(change: dict[str, Any], column: str, found: str, value: str) -> None:
    assert refused({**COURSE_5, **change}, SPECIFICATION_5) == [(1, column, found, value)]


@pytest.mark.parametrize(("change", "column", "found"), [
    ({"endDate": "2027-02-04"}, "endDate", "end-before-start"),
    ({"startDate": None}, "startDateTime", "empty"),
    ({"enrollEndDate": "2026-10-31"}, "enrollEndDate", "end-before-start"),
    ({"enrollEndDate": "2027-05-01"}, "enrollEndDate", "closes-after-end"),
    ({"minNumberStudents": 25}, "minNumberStudents", "min-above-max"),
    ({"maxNumberStudents": "veel"}, "maxNumberStudents", "not-a-number"),
    ({"offeringType": "feest"}, "offeringType", "word-unknown"),
    ({"priceInformation": [{"costType": "total costs", "amount": "495,00", "currency": "EUR"}]}, "priceInformation[0].amount", "not-a-price"),
    ({"course": "niets"}, "course", "parent-unknown"),
    ({"course": None}, "course", "parent-missing"),
])
def test_what_can_not_be_right_refuses_the_offering_and_keeps_the_course(change: dict[str, Any], column: str, found: str) -> None:
    supply = mapped(COURSE_5, SPECIFICATION_5, {**OFFERING_5, **change})
    assert [(problem.line, problem.column, problem.code) for problem in supply.problems] == [(3, column, found)]
    assert (len(supply.modules), supply.offerings, supply.refused) == (1, [], 1)


def test_an_unknown_state_is_refused_for_it_could_mean_cancelled() -> None:
    assert refused(COURSE_6, {**OFFERING_6, "state": "geannuleerd"}) == [(2, "state", "word-unknown", "geannuleerd")]


def test_a_specification_of_an_unknown_type_is_refused() -> None:
    assert refused(COURSE_5, {**SPECIFICATION_5, "educationSpecificationType": "badType"}) == [
        (2, "educationSpecificationType", "word-unknown", "badType")]


def test_a_specification_that_nothing_belongs_to_is_refused_where_there_are_courses_to_see_it_by() -> None:
    assert refused({**COURSE_5, "educationSpecification": None}, SPECIFICATION_5) == [(2, "educationSpecificationId", "orphan", "s1")]
    assert refused(SPECIFICATION_5) == []
    assert refused({**COURSE_5, "educationSpecification": None}, {**SPECIFICATION_5, "parent": "elders"}) == []


def test_an_offering_of_a_refused_course_says_so_and_what_was_refused_has_not_vanished() -> None:
    supply = mapped({**COURSE_5, "level": "expert"}, OFFERING_5)
    assert [(problem.column, problem.code) for problem in supply.problems] == [("level", "word-unknown"), ("course", "parent-refused")]
    assert set(supply.keys()) == {"c1"}


def test_the_same_item_twice_is_one_and_two_that_differ_are_one_and_a_refusal() -> None:
    twice = mapped(COURSE_5, COURSE_5, SPECIFICATION_5)
    assert (len(twice.modules), twice.problems) == (1, [])
    differs = mapped(COURSE_5, {**COURSE_5, "name": text("Anders")}, SPECIFICATION_5)
    assert differs.modules[0].title.nl == "Module 3: Cloudbeheer"
    assert [(problem.line, problem.code) for problem in differs.problems] == [(2, "duplicate-differs")]


def test_programmes_that_are_each_others_parent_are_taken_without() -> None:
    supply = mapped({**PROGRAMME_6, "parentId": "p2"}, {**PROGRAMME_6, "programmeId": "p2", "parentId": "p1"})
    assert [draft.parent for draft in supply.programmes] == ["", ""]
    assert ("parent-circle", "parent") in noticed(supply)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["2027-01-01", "nld", "1.5"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([
        "language", "value", "codeType", "code", "studyLoadUnit", "consumerKey", "course", "validFrom", "costType", "amount", "street",
        "addressType", "building", "address", "startDateTime", "targetGroups"]), inner, max_size=4),
    max_leaves=8,
)


@given(st.data())
def test_whatever_stands_in_a_field_it_is_taken_or_refused_and_never_a_fault(data: st.DataObject) -> None:
    values = [dict(each) for each in (COURSE_5, SPECIFICATION_5, PROGRAM_5, OFFERING_5, COURSE_6, OFFERING_6, OUTCOME_6, PROGRAMME_6)]
    for value in values:
        for name in data.draw(st.lists(st.sampled_from([*value, "timelineOverrides", "rooms", "addresses", "enrolmentPeriods"]), max_size=3)):
            value[name] = data.draw(_JSON)
    supply = mapped(*values)
    assert supply.rows == len(values)
