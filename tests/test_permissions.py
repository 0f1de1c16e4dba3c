"""Who may do what: docs/permissions.md is what the application does, and no id of others opens anything."""

from collections.abc import Iterator

import pytest

from academy.kernel import db
from tests import world
from tools import permissions
from tools.permissions import LINK, MAY, NO, OPEN, SIGN_IN, Line

pytestmark = pytest.mark.slow

# What belongs to others and is meant to be reached: everybody may enrol anywhere and buy for a firm, the programme office sees to all providers.
# What kind of evidence one adds is a word in the address, nobody's. Who has the link of a route without an account may keep it in theirs.
FOR_ALL = {
    "enrolment.arrive", "firm_seats.buy", "pathways_building.keep", "recognition_library.new", "together.enrol_group", "together.group", "waiting.join", "waiting.line", "waiting.news",
    "waiting.stop_news",
}
FOR_THE_OFFICE = {
    "courses.overview", "courses.show", "courses.take_back",
    "catalogue.approve_module", "catalogue.check", "catalogue.send_back_module", "exchange.ask_for_run", "exchange.feeds",
    "exchange.import_log", "exchange.import_problems", "exchange.resume", "study_groups.arrange",
    "experience.file", "report_money.file", "reports.table_file", "taking_part.change", "taking_part.provider",
}


@pytest.fixture(scope="module")
def lines() -> Iterator[list[Line]]:
    """Ask for everything, once."""
    before = list(db._current)
    yield permissions.walk()
    db._current[:] = before


def test_the_document_says_what_the_application_does(lines: list[Line]) -> None:
    print(f"{len(lines) * len(world.ROLES)} requests: {len(lines)} pages and methods, own or of others, as {len(world.ROLES)} roles")  # noqa: T201 - the count is part of the proof
    assert permissions.PAGE.read_text() == permissions.text_of(lines), "run `python -m tools.permissions`"


def test_an_id_of_others_opens_nothing_that_is_not_meant_to(lines: list[Line]) -> None:
    reached = {
        (line.endpoint, role)
        for line in lines if line.is_others
        for role, cell in zip(world.ROLES, line.cells, strict=True) if cell not in {NO, SIGN_IN}
    }
    meant = {(page, role) for page in FOR_ALL for role in world.ROLES[1:]} | {(page, "office") for page in FOR_THE_OFFICE}
    assert reached == meant


def test_each_page_is_reached_by_someone_or_it_is_known_why_not(lines: list[Line]) -> None:
    """A page for which the walk has no right id would look closed to all, and prove nothing."""
    reached = {line.endpoint for line in lines if not line.is_others and {OPEN, LINK, MAY} & set(line.cells)}
    assert {line.endpoint for line in lines} - reached == set(permissions.NEED_MORE)


def test_a_visitor_is_asked_to_sign_in_on_every_page_that_is_not_open(lines: list[Line]) -> None:
    assert {line.cells[0] for line in lines} == {OPEN, LINK, SIGN_IN}


def test_every_answer_has_a_name(lines: list[Line]) -> None:
    assert {cell for line in lines for cell in line.cells} == {OPEN, LINK, MAY, NO, SIGN_IN}
