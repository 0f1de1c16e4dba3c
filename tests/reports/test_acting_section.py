"""What a report tells of what was done about gaps: as it stood on a day, equal for equal rows, and without anybody in it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.text import Localized
from academy.reports.facts import Section, View
from academy.reports.kinds import CommissionState
from academy.reports.queries.acting import acting_section
from academy.reports.service import commissioning as service
from academy.reports.words import area_words, commission_words, in_both
from tests.reports.commission_desk import NO, Desk, open_desk
from tests.reports.world import CLOUD, DUTCH, WELDING

Counted = Callable[[int], AbstractContextManager[list[str]]]
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    return open_desk(database, now)


def section(desk: Desk, *, view: View | None = None, days: tuple[date, date] = YEAR, as_of: date | None = None) -> Section:
    with desk.database.reading() as session:
        return acting_section(
            session, view=view or View("2026"), from_on=days[0], until_on=days[1], as_of=as_of or amsterdam_day(desk.now) + timedelta(days=1),
        )


def rows(found: Section, table: str) -> list[Mapping[str, Any]]:
    (named,) = [each for each in found.tables if each.name == table]
    return [dict(zip([column.name for column in named.columns], row, strict=True)) for row in named.rows]


def filled(desk: Desk) -> str:
    """Ask for a gap on day 0, hear yes on day 1, see a class on day 7, which begins on day 14; returns the commission's code."""
    code = desk.asks("windesheim", "aeres")
    desk.pass_days(1)
    desk.answers("windesheim", code, module_id=desk.modules["cloud"])
    desk.answers("aeres", code, NO)
    desk.pass_days(6)
    offering = desk.class_of(desk.modules["cloud"], in_days=7)
    desk.run(service.follow_class, offering_id=offering)
    desk.pass_days(7)
    desk.run(service.follow_class, offering_id=offering)
    return code


def test_a_gap_is_told_from_asking_to_the_first_class_in_working_days(desk: Desk, now: datetime) -> None:
    code = filled(desk)
    found = section(desk)
    day = amsterdam_day(now)
    assert rows(found, "commissions") == [{
        "code": code, "skill": CLOUD, "label": Localized("cloudbeheer", "cloud management"), "area": in_both(lambda: area_words("13")),
        "state": in_both(lambda: commission_words(CommissionState.STARTED)), "wanted": 25, "asked": day.isoformat(), "providers": 2, "willing": 1,
        "agreed": (day + timedelta(days=1)).isoformat(), "planned": (day + timedelta(days=7)).isoformat(), "started": (day + timedelta(days=14)).isoformat(), "days": 10,
    }]
    assert [(each["number"], each["median"], each["longest"]) for each in rows(found, "times")] == [(1, 1, 1), (1, 5, 5), (1, 10, 10)]
    assert "Voor 1 gat" in found.sentences[0].nl
    assert "10 werkdagen" in found.sentences[1].nl


def test_it_tells_what_stood_when_the_day_began_whatever_came_after(desk: Desk, now: datetime) -> None:
    filled(desk)
    day = amsterdam_day(now)

    def as_of(days: int) -> list[Any]:
        return [(each["state"].nl, each["willing"], each["days"]) for each in rows(section(desk, as_of=day + timedelta(days=days)), "commissions")]

    assert as_of(0) == []
    assert as_of(1) == [("Wacht op antwoord", 0, None)]
    assert as_of(2) == [("Wordt gemaakt", 1, None)]
    assert as_of(8) == as_of(14) == [("Gepland", 1, None)]
    assert as_of(15) == [("Begonnen", 1, 10)]


def test_what_ended_before_or_began_after_the_period_is_left_out(desk: Desk, now: datetime) -> None:
    filled(desk)
    day = amsterdam_day(now)
    assert rows(section(desk, days=(day + timedelta(days=14), day + timedelta(days=20))), "commissions")
    assert not rows(section(desk, days=(day + timedelta(days=15), day + timedelta(days=20))), "commissions")
    assert not rows(section(desk, days=(day - timedelta(days=9), day - timedelta(days=1))), "commissions")


def test_an_area_a_sector_and_a_cluster_show_their_own(desk: Desk) -> None:
    desk.asks(view=View("2026-3", "13", "ict"))
    desk.asks(subject=DUTCH, view=View("2026-3", "82", "zorg"))

    def skills(**chosen: str) -> list[str]:
        return [each["skill"] for each in rows(section(desk, view=View("2026", **chosen)), "commissions")]

    assert skills() == [CLOUD, DUTCH] or skills() == [DUTCH, CLOUD]
    assert (skills(area="13"), skills(area="82"), skills(sector="ict"), skills(sector="c:ict-media")) == ([CLOUD], [DUTCH], [CLOUD], [CLOUD])


def test_nothing_done_is_a_section_that_says_so(desk: Desk) -> None:
    found = section(desk)
    assert rows(found, "commissions") == []
    assert [each["median"] for each in rows(found, "times")] == [None] * 3
    assert found.sentences == (Localized("Er is in deze periode voor geen gat gevraagd het te vullen.", found.sentences[0].en),)


def test_what_others_offer_is_told_beside_all_that_the_anchors_train(desk: Desk) -> None:
    assert rows(section(desk), "complementarity") == [], "no provider is noted as an anchor"
    desk.takes_part("windesheim", is_anchor=True)
    desk.module("aeres", CLOUD, DUTCH)
    desk.module("roc", CLOUD, WELDING)
    desk.module("roc")
    numbers = [(each["provider"], *(each[name] for name in ("modules", "complements", "partly", "overlaps", "unknown"))) for each in rows(section(desk), "complementarity")]
    assert numbers == [("Aeres Hogeschool", 2, 1, 0, 1, 0), ("ROC van Flevoland", 2, 0, 1, 0, 1)]
    assert "Windesheim in Almere" in section(desk).tables[2].note.nl
    assert "Van 3 modules van andere opleiders is te zeggen of ze aanvullen wat de ankers bieden: 1 wel, 1 deels en 1 niet." in [each.nl for each in section(desk).sentences]


def test_of_whom_nothing_can_be_said_no_row_stands_there_but_how_many_there_are(desk: Desk) -> None:
    desk.takes_part("windesheim", is_anchor=True)
    desk.module("roc")
    desk.module("roc")
    found = section(desk)
    assert [each["provider"] for each in rows(found, "complementarity")] == ["Aeres Hogeschool"]
    assert "Van 1 opleider staat hier niets: van de modules (2) is het niet te zeggen." in found.tables[2].note.nl
    assert "Van 1 module van andere opleiders is te zeggen of die aanvult wat de ankers bieden: 1 wel, 0 deels en 0 niet." in [each.nl for each in found.sentences]


def test_equal_rows_make_an_equal_section_in_few_statements(desk: Desk, queries: Counted) -> None:
    filled(desk)
    desk.asks(subject=WELDING)
    desk.takes_part("windesheim", is_anchor=True)
    assert section(desk) == section(desk)
    with queries(12):
        section(desk)


def test_nobody_and_no_typed_text_stands_in_it(desk: Desk) -> None:
    code = filled(desk)
    closed = desk.asks(subject=WELDING)
    desk.run(service.close_commission, actor=desk.office, code=closed, reason="Jan wil het niet.")
    told = str(section(desk))
    assert code in told
    for typed in ("Jan wil", "avond", "Bo Bureau", "Plan van"):
        assert typed not in told
