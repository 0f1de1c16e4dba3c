"""Classes and the people in them: seats never under what is taken, calling off tells everyone, rosters harm no spreadsheet."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Role
from academy.catalogue import api as catalogue
from academy.catalogue.models import Offering
from academy.enrolment import queries, roster, rules, service
from academy.enrolment.errors import OfferingFull, PeopleChanged, SeatsTaken
from academy.enrolment.events import SeatWithdrawn
from academy.enrolment.models import Enrolment, EnrolmentState, SeatPool
from academy.kernel import outbox
from academy.kernel.csv_file import as_csv
from academy.kernel.errors import NotFound
from academy.kernel.outbox import OutboxMessage
from academy.kernel.text import Localized
from tests import builders
from tests.catalogue.workplace import Workplace, open_at


@pytest.fixture(autouse=True)
def _listeners() -> Iterator[None]:
    before = dict(outbox._subscribers)
    outbox._subscribers.clear()  # one row per subscriber, and other tests leave theirs
    for event in (catalogue.OfferingCancelled, SeatWithdrawn):
        outbox.subscribe(f"tests.{event.name}", event, outside=lambda *_: None)
    yield
    outbox._subscribers.clear()
    outbox._subscribers.update(before)


@pytest.fixture
def place(session: Session, now: datetime) -> Workplace:
    found = open_at(session, now)
    found.trust()
    found.publish(found.start())
    return found


def code_of(place: Workplace) -> str:
    return place.work("warmtepompen-onderhouden").offerings[0].code


def enrol(place: Workplace, code: str, *names: str) -> list[str]:
    return [
        builders.enrol(place.session, actor=builders.actor(place.session, place.now, name=name), offering_code=code, now=place.now)
        for name in names
    ]


def change(place: Workplace, code: str, **changes: object) -> None:
    draft = replace(catalogue.offering_for_planning(place.session, place.editor, place.slug, code).draft, **changes)  # type: ignore[arg-type]
    service.replan(place.session, actor=place.editor, provider_slug=place.slug, code=code, draft=draft, now=place.now)


def test_seats_never_go_under_what_is_taken_and_more_can_be_sold_at_once(place: Workplace) -> None:
    code = code_of(place)
    enrol(place, code, "Sam", "Noor")
    change(place, code, seats=2)
    with pytest.raises(OfferingFull):
        enrol(place, code, "Ali")
    change(place, code, seats=3)
    enrol(place, code, "Bo")
    with pytest.raises(SeatsTaken):
        change(place, code, seats=2)
    assert place.session.scalars(select(SeatPool.capacity)).one() == 3


def test_a_class_that_nobody_took_yet_gets_its_new_number_of_seats(place: Workplace) -> None:
    code = code_of(place)
    change(place, code, seats=1)
    enrol(place, code, "Sam")
    with pytest.raises(OfferingFull):
        enrol(place, code, "Noor")


def test_what_contradicts_itself_is_refused_by_the_service_too(place: Workplace) -> None:
    with pytest.raises(catalogue.OfferingFaulty):
        change(place, code_of(place), min_seats=17)


def test_a_concept_opens_and_a_promise_is_shown(place: Workplace) -> None:
    code = place.plan("warmtepompen-onderhouden", starts_on=date(2026, 11, 3))
    with pytest.raises(NotFound):
        catalogue.offering_for_enrolment(place.session, code)
    catalogue.open_for_enrolment(place.session, actor=place.editor, provider_slug=place.slug, code=code, now=place.now)
    catalogue.guarantee_offering(place.session, actor=place.editor, provider_slug=place.slug, code=code, now=place.now)
    place.session.expire_all()
    found = catalogue.offering_for_enrolment(place.session, code).offering
    assert (found.state, found.guaranteed) == (catalogue.OfferingState.ACTIVE, True)
    with pytest.raises(catalogue.OfferingFaulty):
        catalogue.open_for_enrolment(place.session, actor=place.editor, provider_slug=place.slug, code=code, now=place.now)


def test_a_copy_is_a_concept_in_the_next_half_year(place: Workplace) -> None:
    code = code_of(place)
    new = catalogue.copy_offering(place.session, actor=place.editor, provider_slug=place.slug, code=code, now=place.now)
    copied = catalogue.offering_for_planning(place.session, place.editor, place.slug, new).draft
    assert (copied.starts_on, copied.state, copied.weekdays) == (date(2027, 2, 2), catalogue.OfferingState.CONCEPT, ("tue",))
    assert copied.periods[0].closes_on == date(2027, 2, 1)


def test_calling_off_ends_every_seat_once_and_says_so_to_each(place: Workplace, session: Session) -> None:
    code = code_of(place)
    mine = enrol(place, code, "Sam", "Noor")
    service.call_off(session, actor=place.editor, provider_slug=place.slug, code=code, reason="De docent is ziek.", people=2, now=place.now)
    offering_id = catalogue.offering_for_enrolment(session, code).offering.id
    for _again in range(2):  # the outbox may deliver twice
        service.withdraw_seats(session, offering_id=offering_id, now=place.now)
    session.expire_all()
    assert queries.audit(session) == []
    assert set(session.scalars(select(Enrolment.state))) == {EnrolmentState.CANCELLED}
    events = session.scalars(select(OutboxMessage.event)).all()
    assert (events.count(SeatWithdrawn.name), events.count(catalogue.OfferingCancelled.name)) == (2, 1)
    assert catalogue.cancel_reason(session, offering_id) == "De docent is ziek."
    assert len(mine) == 2
    with pytest.raises(catalogue.OfferingFaulty):  # it does not come back to life
        change(place, code, seats=20)


def test_calling_off_asks_again_when_someone_enrolled_meanwhile(place: Workplace) -> None:
    code = code_of(place)
    enrol(place, code, "Sam")
    with pytest.raises(PeopleChanged):
        service.call_off(place.session, actor=place.editor, provider_slug=place.slug, code=code, reason="Ziek.", people=0, now=place.now)


@pytest.mark.parametrize(("role", "sees"), [(Role.TEACHER, True), (Role.READER, True), (Role.PLANNER, True), (Role.ASSESSOR, False)])
def test_a_roster_is_for_those_who_work_with_it(place: Workplace, role: Role, sees: bool) -> None:
    code = code_of(place)
    enrol(place, code, "Noor", "adam")
    person = place.member(role)
    if sees:
        assert [line.name for line in queries.class_of(place.session, person, place.slug, code).roster] == ["adam", "Noor"]
    else:
        with pytest.raises(NotFound):
            queries.class_of(place.session, person, place.slug, code)
    if role is not Role.PLANNER:
        with pytest.raises(NotFound):
            service.call_off(place.session, actor=person, provider_slug=place.slug, code=code, reason="x", people=2, now=place.now)


def test_who_is_enrolled_keeps_the_version_of_that_day(place: Workplace, session: Session) -> None:
    person = builders.actor(session, place.now)
    code = builders.enrol(session, actor=person, offering_code=code_of(place), now=place.now)
    assert queries.version_of(session, queries.my_enrolment(session, person, code)) is None
    place.save("warmtepompen-onderhouden", outcomes=(catalogue.OutcomeDraft(Localized("Je kunt iets anders.")),))
    place.publish("warmtepompen-onderhouden")
    session.expire_all()
    mine = queries.version_of(session, queries.my_enrolment(session, person, code))
    assert mine is not None
    assert (mine.number, mine.content.outcomes[0].text.nl) == (1, "Je meet of een warmtepomp goed werkt.")


# Files


def test_no_name_becomes_a_formula() -> None:
    nasty = ["=1+1", "+31", "-2", "-2+1", "@SUM(A1)", "\t=1", "\r=1", 'Gewoon; met "tekens"', "José"]
    content = as_csv(["Naam"], [[name] for name in nasty]).decode("utf-8-sig")
    cells = [row[0] for row in csv.reader(io.StringIO(content, newline=""), delimiter=";")]
    assert cells == ["Naam", "'=1+1", "'+31", "-2", "'-2+1", "'@SUM(A1)", "'\t=1", "'\r=1", 'Gewoon; met "tekens"', "José"]
    book = zipfile.ZipFile(io.BytesIO(roster.as_workbook(["Naam"], [[name] for name in [*nasty, "https://x.example", "mailto:x@y.nl"]])))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "=1+1" in book.read("xl/sharedStrings.xml").decode()


# Rules


@pytest.mark.parametrize(("taken", "min_seats", "days", "thin"), [
    (7, 8, 20, True), (8, 8, 20, False), (0, 0, 20, False), (0, 0, 14, True), (1, 0, 3, False),
])
def test_a_class_with_too_few_people_is_noticed(taken: int, min_seats: int, days: int, thin: bool) -> None:
    today = date(2026, 9, 1)
    starts_on = today + timedelta(days=days)
    assert rules.is_thin(taken=taken, min_seats=min_seats, guaranteed=False, starts_on=starts_on, today=today) is thin
    assert not rules.is_thin(taken=taken, min_seats=min_seats, guaranteed=True, starts_on=starts_on, today=today)


def test_an_offering_that_is_not_there_withdraws_nothing(session: Session, now: datetime) -> None:
    service.withdraw_seats(session, offering_id=UUID(int=1), now=now)
    assert session.scalars(select(OutboxMessage)).all() == []


def imported(session: Session, now: datetime, code: str, **changes: object) -> None:
    """Let the source of `code` bring it again, changed."""
    row = session.scalars(select(Offering).where(Offering.code == code)).one()
    row.external_id = "R1"
    session.flush()
    first = row.starts_on
    draft = catalogue.OfferingDraft(
        starts_on=first, ends_on=row.ends_on, mode=row.mode, language="nl", seats=row.seats, price=row.price, external_id="R1",
        periods=(catalogue.PeriodDraft(closes_on=first - timedelta(days=3)),), part_of_day=row.part_of_day, weekdays=("tue",),
    )
    provider_id = builders.provider(session)
    catalogue.upsert_offerings(
        session, provider_id=provider_id, drafts=[("NET-01", replace(draft, **changes))], source="feed", now=now,  # type: ignore[arg-type]
    )
    service.follow_seats(session, provider_id=provider_id, now=now)
    session.expire_all()


@pytest.mark.parametrize(("seats", "left"), [(20, 18), (3, 1), (1, 0)])
def test_the_pool_follows_the_source_and_nobody_loses_a_seat(session: Session, now: datetime, seats: int, left: int) -> None:
    code = builders.offering(session, now, seats=10)
    for name in ("Sam", "Noor"):
        builders.enrol(session, actor=builders.actor(session, now, name=name), offering_code=code, now=now)
    imported(session, now, code, seats=seats)
    offering_id = catalogue.offering_for_enrolment(session, code).offering.id
    assert queries.seats(session, [offering_id])[offering_id].left == left
    assert queries.audit(session) == []
    if not left:
        with pytest.raises(OfferingFull):
            builders.enrol(session, actor=builders.actor(session, now), offering_code=code, now=now)


def test_a_class_that_its_source_calls_off_is_news_once(session: Session, now: datetime) -> None:
    code = builders.offering(session, now)
    for _again in range(2):
        imported(session, now, code, state=catalogue.OfferingState.CANCELLED)
    events = session.scalars(select(OutboxMessage.event)).all()
    assert events.count(catalogue.OfferingCancelled.name) == 1
