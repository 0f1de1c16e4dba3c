"""What counts as a want, whose it is, where and how urgent."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta

from academy.accounts.models import SizeClass
from academy.catalogue.models import PublicationState
from academy.employers.kinds import DemandState, Party, PledgeState
from academy.enrolment.kinds import EnrolmentState
from academy.kernel.clock import amsterdam_day
from academy.recognition.kinds import Judgement
from academy.reports.kinds import ActionLine, Source, Subject
from academy.reports.rules.signals import Asked, Signal, Supply
from academy.reports.sources.searches import asked_in_vain
from academy.reports.sources.signals import signals
from academy.reports.sources.skills import clusters, labels_of, occupations_of
from academy.reports.sources.supply import supply
from academy.search.models import SavedState
from academy.skills.models import ConceptStatus, LabelKind, Necessity, Occupation, OccupationSkill, SkillKind
from tests.reports.world import ALMERE, CLOUD, DUTCH, WELDING, ZWOLLE, Rows

BEFORE = timedelta(days=7)
Budget = Callable[[int], AbstractContextManager[list[str]]]


def test_a_demand_of_a_firm_counts_as_a_firm_with_the_people_it_asks_for(rows: Rows, now: datetime) -> None:
    firm = rows.firm("zorg")
    demand_id = rows.demand(CLOUD, firm=firm, people=8, postcode="1315", at=now - BEFORE, slots=["tue-evening"])

    assert _found(rows) == [Signal(
        CLOUD, Source.DEMAND, f"o:{firm.hex}", Subject.FIRM, f"d:{demand_id.hex}", 8, "2026-3", "13", "zorg", 100, 0, ActionLine.VOCATIONAL, ("tue-evening",),
    )]


def test_a_firm_of_one_person_and_a_citizen_count_as_one_person(rows: Rows, now: datetime) -> None:
    person = rows.person()
    rows.demand(CLOUD, firm=rows.firm(size=SizeClass.ALONE), by=person, people=3, at=now - BEFORE)
    rows.demand(CLOUD, by=person, people=2, at=now - BEFORE)

    assert {(each.subject, each.kind, each.people, each.line) for each in _found(rows)} == {
        (f"p:{person.hex}", Subject.PERSON, 1, ActionLine.VOCATIONAL), (f"p:{person.hex}", Subject.PERSON, 1, ActionLine.LIFELONG),
    }


def test_a_firm_of_which_nobody_knows_the_size_is_a_person_where_it_asks_for_one(rows: Rows, now: datetime) -> None:
    person, firm, known = rows.person(), rows.firm(size=None), rows.firm()
    alone = rows.demand(CLOUD, firm=firm, by=person, people=1, at=now - BEFORE)
    rows.pledge(rows.pool(CLOUD), firm=firm, by=person, demand_id=alone, seats=2, at=now - BEFORE)
    rows.pledge(rows.pool(CLOUD), firm=firm, by=person, seats=1, at=now - BEFORE)
    rows.demand(WELDING, party=Party.EMPLOYER, kvk_number="12345678", by=person, people=1, at=now - BEFORE)
    rows.demand(DUTCH, firm=firm, by=person, people=2, at=now - BEFORE)
    rows.demand(DUTCH, firm=known, by=person, people=1, at=now - BEFORE)

    found = _found(rows)
    assert {each.subject for each in found if each.skill != DUTCH} == {f"p:{person.hex}"}
    assert {each.subject for each in found if each.skill == DUTCH} == {f"o:{firm.hex}", f"o:{known.hex}"}


def test_an_employer_that_is_not_known_here_is_the_same_firm_by_its_number(rows: Rows, now: datetime) -> None:
    for people in (2, 3):
        rows.demand(CLOUD, party=Party.EMPLOYER, kvk_number="12345678", people=people, at=now - BEFORE)
    school = rows.person()
    rows.demand(CLOUD, party=Party.SCHOOL, by=school, people=20, at=now - BEFORE)

    assert {(each.subject, each.kind) for each in _found(rows)} == {("o:12345678", Subject.FIRM), (f"o:{school.hex}", Subject.FIRM)}


def test_what_nobody_proved_or_somebody_took_back_is_no_demand(rows: Rows, now: datetime) -> None:
    rows.demand(CLOUD, at=now - BEFORE, state=DemandState.UNPROVEN)
    rows.demand(CLOUD, at=now - BEFORE, state=DemandState.WITHDRAWN, ended_at=now - BEFORE / 2)

    assert _found(rows) == []


def test_a_want_counts_in_every_quarter_in_which_it_stood(rows: Rows, now: datetime) -> None:
    rows.demand(CLOUD, at=datetime(2025, 11, 1, tzinfo=now.tzinfo), state=DemandState.MET, ended_at=datetime(2026, 4, 2, tzinfo=now.tzinfo))
    rows.demand(WELDING, at=datetime(2026, 6, 1, tzinfo=now.tzinfo))

    assert [(each.skill, each.quarter) for each in _found(rows)] == [
        (CLOUD, "2025-4"), (CLOUD, "2026-1"), (CLOUD, "2026-2"), (WELDING, "2026-2"), (WELDING, "2026-3"),
    ]


def test_twelve_quarters_are_counted(rows: Rows, now: datetime) -> None:
    rows.demand(CLOUD, at=datetime(2010, 1, 1, tzinfo=now.tzinfo))

    found = [each.quarter for each in _found(rows)]

    assert len(found) == 12
    assert (found[0], found[-1]) == ("2023-4", "2026-3")


def test_it_is_urgent_what_is_wanted_within_three_months_and_less_so_within_a_year(rows: Rows, now: datetime) -> None:
    at = datetime(2026, 5, 1, tzinfo=now.tzinfo)
    for skill, wanted_by in ((CLOUD, date(2026, 10, 1)), (WELDING, date(2027, 3, 1)), (DUTCH, date(2028, 1, 1))):
        rows.demand(skill, at=at, wanted_by=wanted_by)

    assert {(each.skill, each.quarter, each.urgency) for each in _found(rows)} == {
        (CLOUD, "2026-2", 150), (CLOUD, "2026-3", 200), (WELDING, "2026-2", 150), (WELDING, "2026-3", 150), (DUTCH, "2026-2", 100), (DUTCH, "2026-3", 100),
    }


def test_what_is_asked_in_english_is_international(rows: Rows, now: datetime) -> None:
    rows.demand(CLOUD, firm=rows.firm(), language="en", at=now - BEFORE)
    rows.demand(WELDING, language="en", at=now - BEFORE)

    assert {each.line for each in _found(rows)} == {ActionLine.INTERNATIONAL}


def test_a_demand_and_the_pledge_made_of_it_are_one_need(rows: Rows, now: datetime) -> None:
    firm, person = rows.firm(), rows.person()
    demand_id = rows.demand(CLOUD, firm=firm, by=person, people=4, at=now - BEFORE)
    rows.pledge(rows.pool(CLOUD), firm=firm, by=person, demand_id=demand_id, seats=3, most=500_00, at=now - BEFORE)

    found = _found(rows)

    assert {(each.source, each.people, each.cents, each.urgency) for each in found} == {(Source.DEMAND, 4, 0, 100), (Source.PLEDGE, 3, 1500_00, 150)}
    assert {(each.subject, each.need) for each in found} == {(f"o:{firm.hex}", f"d:{demand_id.hex}")}


def test_a_pledge_is_for_what_the_module_of_its_pool_trains_in_the_area_of_the_pool(rows: Rows, now: datetime) -> None:
    module_id = rows.module(CLOUD, WELDING, sectors=("bouw", "ict"))
    rows.pledge(rows.pool(DUTCH, module_id=module_id, area="80", price=400_00), seats=2, at=now - BEFORE)

    assert {(each.skill, each.area, each.sector, each.cents) for each in _found(rows)} == {(CLOUD, "80", "bouw", 800_00), (WELDING, "80", "bouw", 800_00)}


def test_only_pledges_that_live_or_have_seats_count(rows: Rows, now: datetime) -> None:
    pool_id = rows.pool(CLOUD)
    for state in PledgeState:
        proven_at = None if state is PledgeState.UNPROVEN else now - BEFORE
        rows.pledge(pool_id, at=now - BEFORE, state=state, proven_at=proven_at)

    assert len(_found(rows)) == 4  # open, asked, confirmed, placed


def test_who_waits_wants_what_the_module_trains_where_the_class_is(rows: Rows, now: datetime) -> None:
    person = rows.person()
    rows.waiting(rows.offering(rows.module(CLOUD, sectors=("ict",)), language="en", at=ZWOLLE), by=person, at=now - BEFORE, slots=("sat-morning",))

    assert _found(rows) == [Signal(
        CLOUD, Source.WAITING, f"p:{person.hex}", Subject.PERSON, f"waiting:p:{person.hex}", 1, "2026-3", "80", "ict", 150, 0, ActionLine.INTERNATIONAL, ("sat-morning",),
    )]


def test_a_module_that_names_no_skills_stands_for_itself(rows: Rows, now: datetime) -> None:
    module_id = rows.module(sectors=("ict",))
    own, offering_id = f"module:{module_id.hex}", rows.offering(module_id)
    rows.waiting(offering_id, at=now - BEFORE)
    rows.pledge(rows.pool(module_id=module_id), at=now - BEFORE)
    rows.blocked(module_id=module_id, at=now - BEFORE)
    rows.refused(rows.outcome(module_id, position=2), module_id, at=now - BEFORE)

    assert {(each.skill, each.source) for each in _found(rows)} == {
        (own, source) for source in (Source.WAITING, Source.PLEDGE, Source.BLOCKED, Source.REFUSED)
    }
    assert [each.skill for each in _planned(rows)] == [own]
    assert labels_of(rows.session, [own])[own].nl.startswith("Module ")


def test_a_demand_in_which_no_skill_was_recognised_is_of_no_skill_known(rows: Rows, now: datetime) -> None:
    rows.demand(at=now - BEFORE)

    assert [each.skill for each in _found(rows)] == [""]


def test_who_waited_counts_until_a_seat_came(rows: Rows, now: datetime) -> None:
    offering_id = rows.offering(rows.module(CLOUD))
    rows.waiting(offering_id, at=datetime(2025, 12, 1, tzinfo=now.tzinfo), left_at=datetime(2026, 2, 1, tzinfo=now.tzinfo), state=EnrolmentState.CONFIRMED)

    assert [each.quarter for each in _found(rows)] == ["2025-4", "2026-1"]


def test_an_outcome_that_left_its_module_is_not_waited_for(rows: Rows, now: datetime) -> None:
    module_id = rows.module(CLOUD)
    rows.outcome(module_id, WELDING, position=2, left_in_version=3)
    rows.waiting(rows.offering(module_id), at=now - BEFORE)

    assert [each.skill for each in _found(rows)] == [CLOUD]


def test_a_wish_is_of_the_skill_that_its_words_are_a_name_of(rows: Rows, now: datetime) -> None:
    rows.skills()
    person = rows.person(email="wens@example.test")
    rows.wish("cloudbeheer", email="wens@example.test", at=now - BEFORE, parameters=[("sector", "ict")])
    rows.wish("cloudbeheer voor gevorderden", email="andere@example.test", at=now - BEFORE)

    first, second = _found(rows)
    assert first.skill == ""
    assert [(each.skill, each.source, each.subject, each.area, each.sector, each.line) for each in (second,)] == [
        (CLOUD, Source.WISH, f"p:{person.hex}", "", "ict", ActionLine.LIFELONG),
    ]


def test_wishes_from_one_address_are_of_one_person_and_those_without_are_of_nobody(rows: Rows, now: datetime) -> None:
    rows.skills()
    for words, email in (("lassen", "a@example.test"), ("cloudbeheer", "a@example.test"), ("lassen", "b@example.test"), *[("lassen", None)] * 9):
        rows.wish(words, email=email, at=now - BEFORE)

    assert len({each.subject for each in _found(rows)}) == 2
    assert not any("example.test" in each.subject for each in _found(rows))


def test_what_an_exam_board_did_not_recognise_in_whole_is_wanted_unless_the_decision_was_replaced(rows: Rows, now: datetime) -> None:
    module_id = rows.module(sectors=("zorg",))
    whole, partly, replaced = (rows.outcome(module_id, uri, position=number) for number, uri in enumerate((CLOUD, WELDING, DUTCH), start=2))
    rows.refused(whole, module_id, at=now - BEFORE, judgement=Judgement.YES)
    rows.refused(partly, module_id, at=now - BEFORE, judgement=Judgement.PARTLY)
    first = rows.refused(replaced, module_id, at=now - BEFORE)
    rows.refused(replaced, module_id, at=now - BEFORE / 2, judgement=Judgement.YES, replaces=first)

    assert [(each.skill, each.source, each.sector, each.line) for each in _found(rows)] == [(WELDING, Source.REFUSED, "zorg", ActionLine.PROGRESSION)]


def test_a_blocked_route_wants_the_skill_or_what_the_module_trains(rows: Rows, now: datetime) -> None:
    person = rows.person()
    kept, loose = rows.pathway(person), rows.pathway()
    rows.blocked(skill=CLOUD, pathway_id=kept, at=now - BEFORE, parts=["mon-evening"], area="80")
    rows.blocked(module_id=rows.module(WELDING, sectors=("bouw",)), pathway_id=loose, at=now - BEFORE)
    rows.blocked(at=now - BEFORE)  # the route as a whole

    assert {(each.skill, each.subject, each.area, each.sector, each.slots) for each in _found(rows)} == {
        (CLOUD, f"p:{person.hex}", "80", "", ("mon-evening",)), (WELDING, f"r:{loose.hex}", "13", "bouw", ()),
    }


def test_a_sector_that_the_region_does_not_have_is_unknown(rows: Rows, now: datetime) -> None:
    rows.demand(CLOUD, firm=rows.firm("Bakkerijen"), at=now - BEFORE)

    assert [each.sector for each in _found(rows)] == [""]


def test_what_happens_on_the_day_itself_is_not_counted_yet(rows: Rows, now: datetime) -> None:
    rows.skills()
    midnight = datetime(2026, 8, 31, 22, 0, tzinfo=now.tzinfo)  # in Amsterdam
    module_id = rows.module(CLOUD)
    offering_id, outcome_id, pool_id = rows.offering(module_id), rows.outcome(module_id, CLOUD, position=2), rows.pool(CLOUD)

    def write(at: datetime) -> None:
        rows.demand(CLOUD, at=at)
        rows.pledge(pool_id, at=at)
        rows.waiting(offering_id, at=at)
        rows.wish("lassen", email=f"{at.second}@example.test", at=at)
        rows.wish("lassen", at=at)
        rows.refused(outcome_id, module_id, at=at)
        rows.blocked(skill=CLOUD, at=at)
        rows.searches("lassen", on=amsterdam_day(at))

    write(midnight)
    assert _found(rows) == []
    assert list(asked_in_vain(rows.session, as_of=date(2026, 9, 1))) == []
    write(midnight - timedelta(seconds=1))
    assert len(_found(rows)) == 6
    assert [each.times for each in asked_in_vain(rows.session, as_of=date(2026, 9, 1))] == [2]


def test_a_search_counts_when_it_found_too_little_for_the_skill_that_its_words_are_a_name_of(rows: Rows) -> None:
    rows.skills()
    rows.name(CLOUD, "Cloud-beheer (Azure)")
    for day in (date(2026, 8, 1), date(2026, 8, 2)):
        rows.searches("lassen", 3, on=day, hits=2)
        rows.searches("lassen", on=day, hits=40, looser=True)
        rows.searches("lassen", on=day, hits=3)
        rows.searches("iets", on=day)
        rows.searches("cloud beheer azure", 2, on=day, filters={"sector": ["ict"], "mode": ["online"]})
        rows.searches("cloud beheer azure", 3, on=day, filters={"sector": ["ict", "zorg"]})

    assert list(asked_in_vain(rows.session, as_of=date(2026, 9, 1))) == [
        Asked("", "2026-3", "", 2), Asked(CLOUD, "2026-3", "", 6), Asked(CLOUD, "2026-3", "ict", 4), Asked(WELDING, "2026-3", "", 8),
    ]


def test_what_was_sought_a_few_times_or_on_one_day_is_told_of_no_skill(rows: Rows) -> None:
    rows.skills()
    first, second = date(2026, 7, 1), date(2026, 8, 2)
    rows.searches("cloudbeheer", 9, on=first)
    rows.searches("lassen", on=first)
    rows.searches("lassen", on=second)
    rows.searches("nederlands spreken", on=first)
    rows.searches("speak dutch", on=second, language="en")
    rows.searches("nederlands spreken", on=second)
    rows.searches("nederlands spreken", on=date(2026, 6, 30))  # of another quarter
    rows.searches("nederlands spreken", on=second, filters={"sector": ["ict"]})

    assert list(asked_in_vain(rows.session, as_of=date(2026, 9, 1))) == [
        Asked("", "2026-2", "", 1), Asked("", "2026-3", "", 11), Asked("", "2026-3", "ict", 1), Asked(DUTCH, "2026-3", "", 3),
    ]


def test_a_wish_without_an_address_is_a_search_in_vain_on_the_day_it_was_made(rows: Rows, now: datetime) -> None:
    rows.skills()
    for days in (1, 2, 3):
        rows.wish("lassen", at=now - timedelta(days=days), parameters=[("sector", "ict")])
    rows.wish("lassen", at=now - timedelta(days=1), parameters=[("sector", "ict")], state=SavedState.WAITING)
    rows.wish("lassen", email="a@example.test", at=now - timedelta(days=1))
    rows.wish("cloudbeheer", at=datetime(2010, 1, 1, tzinfo=now.tzinfo))

    assert list(asked_in_vain(rows.session, as_of=date(2026, 9, 1))) == [Asked(WELDING, "2026-3", "ict", 3)]


def test_words_that_are_a_name_of_several_skills_count_for_one(rows: Rows) -> None:
    for number, (language, kind) in enumerate((("en", LabelKind.PREFERRED), ("nl", LabelKind.ALTERNATIVE), ("nl", LabelKind.PREFERRED), ("nl", LabelKind.PREFERRED))):
        rows.name(rows.skill(f"http://esco/{number}"), "python", language, kind)
    rows.name(rows.skill("http://esco/0-group", kind=SkillKind.GROUP), "python")
    for day in (1, 2):
        rows.searches("python", 2, on=date(2026, 8, day))
        rows.searches("python", 3, on=date(2026, 8, day), language="en")

    assert {(each.skill, each.times) for each in asked_in_vain(rows.session, as_of=date(2026, 9, 1))} == {("http://esco/2", 4), ("http://esco/0", 6)}


def test_a_class_serves_the_quarter_in_which_it_starts_and_the_two_before(rows: Rows) -> None:
    offering_id = rows.offering(rows.module(CLOUD, sectors=("ict", "zorg")), starts_on=date(2026, 4, 10), seats=20, taken=5, sponsored=4, at=ALMERE)

    assert _planned(rows) == [Supply(CLOUD, offering_id.hex, ("2025-4", "2026-1", "2026-2"), "13", ("ict", "zorg"), 20, 11, ("2026-3", "2026"))]


def test_a_class_that_starts_next_quarter_serves_this_one(rows: Rows) -> None:
    rows.offering(rows.module(CLOUD), starts_on=date(2026, 10, 10))
    rows.offering(rows.module(CLOUD), starts_on=date(2027, 3, 31))
    rows.offering(rows.module(CLOUD), starts_on=date(2027, 4, 1))

    assert sorted(each.quarters for each in _planned(rows)) == [("2026-2", "2026-3"), ("2026-3",)]


def test_a_class_that_one_can_enter_later_serves_until_then(rows: Rows) -> None:
    rows.offering(rows.module(CLOUD), starts_on=date(2023, 1, 10), flexible_until=date(2024, 2, 1))

    assert [each.quarters for each in _planned(rows)] == [("2023-4", "2024-1")]


def test_a_class_that_began_has_no_free_seats_now_unless_one_can_still_enter(rows: Rows) -> None:
    module_id = rows.module(CLOUD)
    rows.offering(module_id, starts_on=date(2026, 8, 31))
    rows.offering(module_id, starts_on=date(2026, 9, 1))
    rows.offering(module_id, starts_on=date(2026, 5, 1), flexible_until=date(2026, 8, 31))
    rows.offering(module_id, starts_on=date(2026, 5, 1), flexible_until=date(2026, 9, 1))

    assert [each.over for each in _planned(rows)] == [("2026-3", "2026"), (), ("2026-3", "2026"), ()]


def test_a_class_without_pools_has_all_its_seats_free(rows: Rows) -> None:
    rows.offering(rows.module(CLOUD), seats=15, taken=None)

    assert [(each.seats, each.free) for each in _planned(rows)] == [(15, 15)]


def test_a_class_of_a_module_that_is_not_public_serves_nobody(rows: Rows) -> None:
    rows.offering(rows.module(CLOUD, state=PublicationState.ARCHIVED))

    assert _planned(rows) == []


def test_more_rows_take_no_more_statements(rows: Rows, now: datetime, queries: Budget) -> None:
    rows.skills()
    for number in range(20):
        module_id = rows.module(CLOUD)
        rows.waiting(rows.offering(module_id), at=now - BEFORE)
        rows.demand(CLOUD, WELDING, at=now - BEFORE)
        rows.pledge(rows.pool(CLOUD), at=now - BEFORE)
        rows.blocked(skill=CLOUD, at=now - BEFORE)
        rows.wish("lassen", at=now - BEFORE, email=f"q{number}@example.test")
        rows.searches("lassen", on=date(2026, 8, 1))

    with queries(9):
        assert _found(rows)
    with queries(3):
        assert list(asked_in_vain(rows.session, as_of=date(2026, 9, 1)))
    with queries(3):
        assert _planned(rows)


def test_skills_have_their_words_in_both_languages_and_how_many_occupations_ask_for_them(rows: Rows) -> None:
    rows.skills()
    for number in range(3):
        uri = f"http://esco/occupation-{number}"
        rows.session.add(Occupation(uri=uri, scheme="esco", code=str(number), isco_group="2500", first_version="1", last_version="1", status=ConceptStatus.RELEASED))
        rows.session.flush()
        rows.session.add(OccupationSkill(occupation_uri=uri, skill_uri=CLOUD, necessity=Necessity.ESSENTIAL))
    rows.session.flush()

    labels = labels_of(rows.session, [CLOUD, "http://esco/gone"])

    assert (labels[CLOUD].nl, labels[CLOUD].en) == ("cloudbeheer", "cloud management")
    assert labels["http://esco/gone"].nl == "http://esco/gone"
    assert occupations_of(rows.session, [CLOUD, WELDING]) == {CLOUD: 3, WELDING: 0}
    assert (clusters()["ict"], clusters()["agrofood"]) == ("ict-media", None)


def _found(rows: Rows) -> list[Signal]:
    found = signals(rows.session, as_of=date(2026, 9, 1))
    return sorted((replace(each) for each in found), key=lambda each: (each.skill, each.quarter, each.source, each.subject))


def _planned(rows: Rows) -> list[Supply]:
    return list(supply(rows.session, as_of=date(2026, 9, 1)))
