"""Feeds of course providers become the catalogue's drafts: each shape recognised by its content, each record once, orphans named."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from academy.catalogue.api import (
    CertificateKind,
    DeliveryMode,
    ModuleDraft,
    ModuleKind,
    OfferingDraft,
    OfferingState,
    ProgrammeDraft,
    RequirementDraft,
    RequirementKind,
)
from academy.exchange.provider_feeds import study_load
from academy.exchange.provider_feeds.gathering import SEATS_WITHOUT_LIMIT
from academy.exchange.provider_feeds.prices import Fare, price_of
from academy.exchange.provider_feeds.reading import Owner, ProviderFeed, read_feeds
from academy.exchange.supply import Supply
from academy.kernel.money import FREE, Money
from academy.kernel.text import Localized
from tests.exchange import feed_samples as samples

TODAY = date(2026, 9, 1)
Read = Callable[..., Supply]


@pytest.fixture
def feeds(tmp_path: Path) -> Callable[..., list[ProviderFeed]]:
    """Read JSON values as files of one folder, under names that say nothing."""

    def read(*values: Any, today: date = TODAY, owner: Owner | None = None) -> list[ProviderFeed]:
        for number, value in enumerate(values):
            (tmp_path / f"{number}.json").write_text(json.dumps(value))
        return read_feeds([tmp_path], owner=owner, today=today)

    return read


@pytest.fixture
def read(feeds: Callable[..., list[ProviderFeed]]) -> Read:
    def one(*values: Any, **options: Any) -> Supply:
        (feed,) = feeds(*values, **options)
        return feed.supply

    return one


def only(supply: Supply) -> tuple[ModuleDraft, OfferingDraft]:
    """Return the single course and the single run of a feed in which nothing is wrong."""
    assert (supply.problems, supply.refused) == ([], 0)
    (module,), ((key, offering),) = supply.modules, supply.offerings
    assert key == module.external_id
    return module, offering


def found(supply: Supply) -> list[tuple[str, str]]:
    return [(problem.code, problem.value) for problem in supply.problems]


def tree(programme: ProgrammeDraft) -> Any:
    """Return the requirements in short: ("all_of", …), (2, …) for a number of, a key for a module."""

    def short(part: RequirementDraft) -> Any:
        if part.kind is RequirementKind.MODULE:
            return part.module
        return (part.number or part.kind.value, *(short(item) for item in part.items))

    return None if programme.requirements is None else short(programme.requirements)


def test_an_edx_course_becomes_a_mooc_with_its_run(read: Read) -> None:
    module, run = only(read(samples.page(samples.EDX_COURSE)))
    assert (module.external_id, module.kind, module.title) == ("Poort+BIJ1", ModuleKind.MOOC, Localized(nl="Bijen houden"))
    assert module.description.nl == "Eerst kijken.\n\nDan doen & delen."
    assert [outcome.text.nl for outcome in module.outcomes] == ["Je zet een kast op.", "Je oogst honing."]
    assert (module.topics, module.nlqf, module.ec) == (("Biology", "Introductory"), "", None)
    assert (module.institution, module.entry.nl, module.languages) == ("De Poort", "Een tuin", ("nl",))
    assert module.hours == 40  # 8 weeks of 4 to 6 hours
    assert (module.price, module.price_note) == (FREE, "verified USD 49")
    # half past ten in the evening in Greenwich is the next day in Amsterdam
    assert (run.starts_on, run.ends_on) == (date(2026, 10, 2), date(2026, 12, 1))
    assert (run.seats, run.state, run.mode, run.language) == (SEATS_WITHOUT_LIMIT, OfferingState.ACTIVE, DeliveryMode.ONLINE, "nl")
    assert (run.flexible_from, run.flexible_until, run.periods[0].closes_on) == (run.starts_on, run.ends_on, run.ends_on)
    assert run.periods[0].website == "https://voorbeeld.nl/bijen"


def test_nobody_who_teaches_is_named_in_what_is_brought(read: Read) -> None:
    supply = read(samples.page(samples.EDX_COURSE))
    sloan = read([samples.SLOAN_COURSE], [samples.SLOAN_RUN])
    assert "Anders" not in repr((supply.modules, supply.offerings, sloan.modules, sloan.offerings))


def test_a_past_run_is_kept_as_inactive(read: Read) -> None:
    _module, run = only(read(samples.page(samples.EDX_COURSE), today=date(2026, 12, 2)))
    assert run.state is OfferingState.INACTIVE
    _module, run = only(read(samples.page(samples.EDX_COURSE), today=date(2026, 12, 1)))
    assert run.state is OfferingState.ACTIVE


def test_an_edx_programme_asks_all_of_its_courses_and_a_course_that_came_by_itself_is_taken_from_there(read: Read) -> None:
    supply = read([samples.EDX_PROGRAMME], samples.page(samples.with_(samples.EDX_COURSE, title="Uit de lijst")))
    assert [module.title.nl or module.title.en for module in supply.modules] == ["Uit de lijst", "Honing"]
    assert tree(supply.programmes[0]) == ("all_of", "Poort+BIJ1", "Poort+BIJ2")
    assert found(supply) == [("course-without-run", "Poort+BIJ2")]
    assert [notice.code for notice in supply.notices.all()] == ["course-again"]


def test_the_open_learning_library_is_told_from_edx_by_where_its_runs_are(feeds: Callable[..., list[ProviderFeed]]) -> None:
    run = samples.with_(samples.EDX_RUN, marketing_url="https://openlearninglibrary.mit.edu/courses/x", seats=[])
    (feed,) = feeds(samples.page(samples.with_(samples.EDX_COURSE, course_runs=[run])))
    assert feed.slug == "mit-open-learning-library"


def test_a_mitx_online_course_keeps_dollars_as_words_and_its_days_of_enrolment(read: Read) -> None:
    module, run = only(read(samples.page(samples.MITXO_COURSE)))
    assert (module.price, module.price_note, run.price, run.price_note) == (None, "USD 100", None, "USD 100")
    assert (module.hours, module.certificate) == (59, CertificateKind.CERTIFICATE)
    assert module.website == "https://mitxonline.mit.edu/courses/golven/"
    assert module.description.en == "Hoe een golf loopt.\n\n9 weeks · 5-8 hrs/wk"
    assert module.topics == ("Natuur", "Physics")
    (period,) = run.periods
    assert (period.opens_on, period.closes_on, run.flexible_from) == (date(2026, 12, 1), date(2027, 1, 20), None)


def test_who_may_audit_pays_nothing_and_the_certificate_stays_words(read: Read) -> None:
    run = samples.with_(samples.MITXO_RUN, enrollment_modes=[{"mode_slug": "verified"}, {"mode_slug": "audit"}])
    _module, offering = only(read(samples.page(samples.with_(samples.MITXO_COURSE, courseruns=[run]))))
    assert (offering.price, offering.price_note) == (FREE, "certificate USD 100")


def test_a_requirement_tree_keeps_its_operators(read: Read) -> None:
    asked = samples.operator(
        "all_of", samples.course_node(1),
        samples.operator("min_number_of", samples.course_node(2), samples.course_node(3), value="1", title="Keuze"),
    )
    root = {"data": {"node_type": "program_root"}, "children": [asked]}
    supply = read(samples.page(*samples.mitxo_courses(3)), samples.page(samples.mitxo_programme(5, root)))
    (programme,) = supply.programmes
    assert tree(programme) == ("all_of", "vak-1", (1, "vak-2", "vak-3"))
    assert programme.requirements is not None
    assert programme.requirements.items[1].title == Localized(en="Keuze")


def test_a_programme_within_a_programme_is_written_out_and_one_shown_as_a_course_is_a_module(read: Read) -> None:
    supply = read({
        "programs": [
            samples.mitxo_programme(10, samples.course_node(1), samples.programme_node(11), samples.programme_node(12)),
            samples.mitxo_programme(11, samples.operator("min_number_of", samples.course_node(1), samples.course_node(2), value=2)),
            samples.mitxo_programme(12, samples.course_node(2), display_mode="course"),
        ],
        "courses": samples.mitxo_courses(2),
    })
    assert [tree(programme) for programme in supply.programmes] == [
        ("all_of", "vak-1", ("all_of", (2, "vak-1", "vak-2")), "programma-12"), (2, "vak-1", "vak-2"),
    ]
    assert [module.external_id for module in supply.modules] == ["vak-1", "vak-2", "programma-12"]
    assert found(supply) == [("course-without-run", key) for key in ("vak-1", "vak-2", "programma-12")]


def test_a_mitx_online_programme_with_days_can_be_begun_then(read: Read) -> None:
    days = {"start_date": "2027-09-15T00:00:00Z", "end_date": "2027-12-01T00:00:00Z", "enrollment_end": "2027-10-15T00:00:00Z"}
    supply = read(samples.page(samples.mitxo_programme(5, **days, page={"page_url": None, "price": "$149"})))
    (intake,) = supply.programmes[0].intakes or ()
    assert (intake.starts_on, intake.ends_on, intake.closes_on) == (date(2027, 9, 15), date(2027, 12, 1), date(2027, 10, 15))
    assert (intake.price, intake.price_note) == (None, "USD 149")


def test_an_xpro_course_and_its_programme(read: Read) -> None:
    supply = read([samples.XPRO_COURSE], [samples.XPRO_PROGRAMME])
    assert [module.external_id for module in supply.modules] == ["lei-1", "lei-2"]
    module, (_key, run) = supply.modules[0], supply.offerings[0]
    assert (module.kind, module.ec, module.hours) == (ModuleKind.LOOSE_MODULE, None, 21)  # CEU are no EC
    assert module.description.en == "Voor wie leidt.\n\n3-4 Weeks · 5-7 Hours per Week · 1.25 CEU"
    assert (run.price_note, run.periods[0].website) == ("USD 999", "https://voorbeeld.nl/lei")
    (programme,) = supply.programmes
    assert tree(programme) == ("all_of", "lei-1", "lei-2")
    assert [(intake.starts_on, intake.price_note) for intake in programme.intakes or ()] == [(date(2026, 11, 2), "USD 1800")]
    assert [notice.code for notice in supply.notices.all()] == ["course-again"]
    assert (supply.rows, found(supply)) == (5, [])


def test_a_bootcamp_is_a_course_with_one_run_at_a_place(read: Read) -> None:
    supply = read([samples.BOOTCAMP])
    module, run = only(supply)
    assert (module.modes, module.price, module.price_note) == ((DeliveryMode.ON_CAMPUS,), None, "Early Bird USD 8500; Standard USD 9500")
    assert [(place.key, place.name.en, place.provider) for place in supply.places] == [
        ("mit-bootcamps-almere-haven", "Almere Haven", "mit-bootcamps"),
    ]
    assert (run.place_key, run.external_id) == ("mit-bootcamps-almere-haven", "Kamp1")


def test_sloan_courses_and_runs_in_two_files_find_each_other(read: Read) -> None:
    module, run = only(read([samples.SLOAN_RUN], [samples.SLOAN_COURSE]))
    assert (run.external_id, run.mode, run.starts_on) == ("K1/KET 3-1-2027", DeliveryMode.ON_CAMPUS, date(2027, 3, 1))
    assert (run.price, run.price_note) == (None, "CHF 4100; USD 4500")
    assert (module.hours, module.topics, run.periods[0].website) == (24, ("Business: Operations",), "https://voorbeeld.nl/ketens")
    assert module.description.en == "Van boer tot bord.\n\nOperations · 3 days · 8 hours/day · 2.0 CEU"


def test_euros_become_money(read: Read) -> None:
    run = samples.with_(samples.SLOAN_RUN, Currency="EUR", Price=None)
    module, offering = only(read([samples.SLOAN_COURSE], [run]))
    assert (offering.price, offering.price_note, module.price) == (Money(410000), "", Money(410000))


def test_runs_without_a_course_and_courses_without_a_run_are_listed_by_their_keys(read: Read) -> None:
    supply = read(
        [samples.SLOAN_COURSE, samples.with_(samples.SLOAN_COURSE, Course_Id="K2")],
        [samples.SLOAN_RUN, samples.with_(samples.SLOAN_RUN, Course_Id="K3")],
    )
    assert found(supply) == [("course-without-run", "K2"), ("run-without-course", "K3")]
    assert (supply.rows, supply.refused, [module.external_id for module in supply.modules]) == (4, 1, ["K1", "K2"])
    orphan = supply.problems[1]
    assert (orphan.source, orphan.line, orphan.column) == ("1.json", 2, "Course_Id")


def test_a_sloan_file_of_courses_alone_says_that_the_runs_were_not_given(feeds: Callable[..., list[ProviderFeed]]) -> None:
    (feed,) = feeds([samples.SLOAN_COURSE])
    assert (found(feed.supply), feed.is_whole) == ([], False)
    assert [notice.code for notice in feed.supply.notices.all()] == ["runs-not-given"]


def test_a_prolearn_course_has_a_run_for_each_of_its_starts(read: Read) -> None:
    supply = read(samples.prolearn(samples.PROLEARN))
    assert [(run.external_id, run.starts_on, run.ends_on) for _key, run in supply.offerings] == [
        ("7/2027-06-02", date(2027, 6, 2), date(2027, 6, 6)), ("7/2027-11-19", date(2027, 11, 19), date(2027, 11, 23)),
    ]
    (module,) = supply.modules
    assert (module.price_note, module.institution, module.topics) == ("USD 3500", "De Poort", ("Innovation", "Techniek"))


def test_a_date_in_the_next_century_is_no_date(read: Read) -> None:
    supply = read(samples.prolearn(samples.with_(samples.PROLEARN, start_value=[4859740800], end_value=[4862419200])))
    assert found(supply) == [("run-without-start", "7")]
    assert {notice.code for notice in supply.notices.all()} == {"date-far-ahead"}
    assert len(supply.modules) == 1


def test_of_two_records_with_one_key_the_one_that_starts_last_is_loaded(read: Read) -> None:
    old = samples.with_(samples.PROLEARN, title="Oud", start_value=[1600000000], end_value=[1600100000])
    supply = read(samples.prolearn(old, samples.PROLEARN))
    assert [module.title.en for module in supply.modules] == ["Meten"]
    assert found(supply) == [("duplicate-differs", "7")]


def test_a_prolearn_programme_asks_the_courses_that_came_along(read: Read) -> None:
    programme = samples.with_(samples.PROLEARN, nid="8", field_course_or_program="program", field_related_courses_programs=[7])
    supply = read(samples.prolearn(programme, samples.PROLEARN))
    assert tree(supply.programmes[0]) == ("all_of", "7")
    assert [intake.starts_on for intake in supply.programmes[0].intakes or ()] == [date(2027, 6, 2), date(2027, 11, 19)]


def test_a_feed_that_counts_more_than_it_holds_or_has_a_next_page_is_not_whole(feeds: Callable[..., list[ProviderFeed]]) -> None:
    counted = samples.prolearn(samples.PROLEARN)
    counted["data"]["searchAPISearch"]["result_count"] = 2
    paged = samples.page(samples.EDX_COURSE, next="https://voorbeeld.nl/?page=2")
    assert [(feed.slug, feed.is_whole) for feed in feeds(counted, paged, [samples.BOOTCAMP])] == [
        ("mit-professional-learning", False), ("edx", False), ("mit-bootcamps", True),
    ]


def test_lists_of_subjects_are_recognised_and_bring_nothing(feeds: Callable[..., list[ProviderFeed]]) -> None:
    (feed,) = feeds(samples.TERMS, samples.SITE_CONFIG)
    assert feed.is_empty
    assert [notice.text for notice in feed.supply.notices.all()] == [
        "1 subjects and no course: nothing to load", "3 subjects and no course: nothing to load",
    ]


def test_with_an_owner_everything_is_the_owners(feeds: Callable[..., list[ProviderFeed]]) -> None:
    (feed,) = feeds([samples.BOOTCAMP], [samples.XPRO_COURSE], owner=Owner("poort", "De Poort"))
    assert (feed.slug, feed.name, len(feed.supply.modules)) == ("poort", "De Poort", 2)
    assert feed.supply.places[0].provider == "poort"


@pytest.mark.parametrize(("length", "effort", "hours"), [
    ("6 weeks", "6-8 hrs/wk", 42), ("9 weeks", "5-8 hours per week", 59), ("3 days", "8 hours/day", 24), ("30 Days", "6 Hours", 6),
    ("3 months", "4 hours/week", 52), ("6 weeks", "8 hours/day", None), ("2 days + coaching", "8 hours/day", None),
    ("7 months", "3 one-week modules", None), ("", "", None), ("0 weeks", "5 hours/week", None), ("12 meses", "5 hours/week", None),
])
def test_hours_of_study_are_counted_only_where_the_words_allow(length: str, effort: str, hours: int | None) -> None:
    assert study_load.hours_of(length, effort) == hours


def test_several_prices_in_euros_count_as_the_highest() -> None:
    price = price_of([Fare(Decimal(80), "EUR", "early"), Fare(Decimal("95.50"), "EUR", "late")])
    assert (price.amount, price.note) == (Money(9550), "early EUR 80; late EUR 95.50")
