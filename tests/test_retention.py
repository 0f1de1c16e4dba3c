"""What is kept too long is ended, what is not is left alone, and the document says the same as the code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from academy import retention
from academy.accounts import service as accounts
from academy.accounts.models import (
    Approval,
    ApprovalState,
    Challenge,
    Consent,
    Invitation,
    LinkKind,
    OrganisationKind,
    Person,
    Purpose,
    Role,
    SignIn,
    SignInLink,
    Throttle,
)
from academy.accounts.personal import RecordClass
from academy.catalogue import api as catalogue
from academy.catalogue.models import Module
from academy.employers.kinds import CallOutcome, DemandState, Party, PledgeState, PoolState
from academy.employers.models import CallNote, Demand, Pledge, Pool
from academy.enrolment import queries as enrolment_queries
from academy.enrolment.models import Enrolment, EnrolmentGroup, EnrolmentState, NewsWish, SeatPool
from academy.funding.kinds import AskState, BlockState, SourceKind, VatReason
from academy.funding.models import EmployerAsk, FundedBlock
from academy.kernel.db import Base, Database
from academy.kernel.ids import new_id, short_code
from academy.kernel.money import Money
from academy.kernel.outbox import MessageState, OutboxMessage
from academy.payments.api import VatCategory
from academy.payments.kinds import FindingKind, FindingState, NoticeState, PaymentState, SendState
from academy.payments.models import Finding, MoneyReturn, Payment, ReceivedNotice
from academy.search.models import SavedKind, SavedSearch, SavedState, SearchEvent
from tests import builders, tables
from tests.funding import money
from tests.pathways import kept_examples as kept_routes
from tests.recognition import kept_examples

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
DAY, MOMENT = timedelta(days=1), timedelta(seconds=1)
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "privacy.md"


def person(session: Session) -> UUID:
    return builders.person(session, NOW)


def organisation(session: Session) -> UUID:
    return accounts.register_organisation(session, slug="firma", name="Firma", kind=OrganisationKind.EMPLOYER)


def link(_session: Session, over: datetime) -> Base:
    return SignInLink(id=new_id(), kind=LinkKind.WELCOME, email="x@voorbeeld.nl", language="nl", created_at=NOW, expires_at=over)


def sign_in(session: Session, over: datetime) -> Base:
    return SignIn(id=new_id(), person_id=person(session), started_at=NOW, expires_at=over)


def throttle(_session: Session, over: datetime) -> Base:
    return Throttle(key=new_id().hex, window_ends_at=over, count=1)


def challenge(session: Session, over: datetime) -> Base:
    return Challenge(id=new_id(), person_id=person(session), nonce=b"n", expires_at=over)


def invitation(session: Session, over: datetime) -> Base:
    return Invitation(
        id=new_id(), organisation_id=organisation(session), email="x@voorbeeld.nl", role=Role.READER, language="nl", invited_by=person(session),
        created_at=NOW, expires_at=over,
    )


def consent(session: Session, over: datetime) -> Base:
    return Consent(
        id=new_id(), person_id=person(session), organisation_id=organisation(session), purpose=Purpose.RESULT_TO_EMPLOYER, given_at=over - DAY,
        withdrawn_at=over,
    )


def approval(session: Session, over: datetime) -> Base:
    return Approval(id=new_id(), person_id=person(session), email="o@voorbeeld.nl", name="Ouder", state=ApprovalState.ASKED, asked_at=over)


def enrolled(session: Session, at: datetime) -> Enrolment:
    actor = builders.actor(session, at)
    builders.enrol(session, actor=actor, offering_code=builders.offering(session, at), now=at)
    return session.scalars(select(Enrolment).where(Enrolment.person_id == actor.person_id)).one()


def cancelled(session: Session, over: datetime) -> Base:
    row = enrolled(session, over)
    session.execute(update(SeatPool).where(SeatPool.id == row.pool_id).values(taken=SeatPool.taken - 1))
    row.state, row.ended_at = EnrolmentState.CANCELLED, over
    return row


def employer_ask(session: Session, over: datetime) -> Base:
    return EmployerAsk(
        id=new_id(), seat_id=new_id(), person_id=person(session), email="baas@voorbeeld.nl", why="", language="nl", state=AskState.WANTED, made_at=over,
    )


def guest(_session: Session, over: datetime) -> Base:
    return Person(id=new_id(), email=f"{new_id().hex}@voorbeeld.nl", name="Gast", language="nl", created_at=over)


def news_wish(session: Session, over: datetime) -> Base:
    builders.module(session, NOW)
    module_id = session.scalars(select(Module.id)).first()
    assert module_id is not None
    return NewsWish(id=new_id(), person_id=person(session), module_id=module_id, made_at=over)


def group(session: Session, over: datetime) -> Base:
    return EnrolmentGroup(id=new_id(), code=new_id().hex[:20], made_by=person(session), made_at=over)


def search_event(_session: Session, over: datetime) -> Base:
    return SearchEvent(
        id=new_id().int % 2**62, day=over.date(), hour=1, language="nl", terms="x", redacted=False, filters={}, choices=0, sort="best", hits=0,
        looser=False,
    )


def saved(*, kind: SavedKind = SavedKind.SEARCH, state: SavedState = SavedState.ACTIVE) -> "Make":
    def make(_session: Session, over: datetime) -> Base:
        stopped = over if state is SavedState.STOPPED else None
        return SavedSearch(
            id=new_id(), kind=kind, state=state, email="x@voorbeeld.nl", language="nl", query="x", parameters=[], terms="x",
            fingerprint=new_id().hex, created_at=NOW if stopped else over, looked_at=NOW, stopped_at=stopped,
        )

    return make


def message(_session: Session, over: datetime) -> Base:
    return OutboxMessage(
        id=new_id(), event="X.y.v1", subscriber="x.y", payload={}, state=MessageState.DONE, created_at=over, due_at=over, done_at=over,
    )


Make = Callable[[Session, datetime], Base]
# Of each class with a clock: a row of which that clock began at a given moment. A class without an example fails below.
def payment(session: Session, over: datetime) -> Base:
    return Payment(
        id=new_id(), code=short_code(), purpose="enrolment", subject_id=new_id(), person_id=person(session), supplier_id=organisation(session),
        description="", language="nl", amount=Money(1), state=PaymentState.ENDED, opened_at=over, pay_until=over, ended_at=over,
    )


def notice(_session: Session, over: datetime) -> Base:
    return ReceivedNotice(id=new_id().hex, kind="x", content={}, state=NoticeState.DONE, received_at=over, due_at=over, done_at=over)


def finding(session: Session, over: datetime) -> Base:
    return Finding(
        id=new_id(), code=short_code(), key=new_id().hex, kind=FindingKind.UNKNOWN_MONEY, state=FindingState.CLOSED, about="x", happened_at=over,
        opened_at=over, seen_at=over, closed_at=over, closed_by=person(session), reason="x",
    )


def money_return(_session: Session, over: datetime) -> Base:
    return MoneyReturn(
        id=new_id(), vendor_payment=new_id().hex, amount=Money(1), state=SendState.DONE, asked_at=over, due_at=over, ended_at=over,
    )


def demand(session: Session, over: datetime, *, state: DemandState = DemandState.UNPROVEN) -> Demand:
    ended = over if state is DemandState.WITHDRAWN else None
    row = Demand(
        id=new_id(), code=short_code(), party=Party.CITIZEN, state=state, email="x@voorbeeld.nl", language="nl", words="x", people=1,
        made_at=NOW if ended else over, ended_at=ended,
    )
    session.add(row)
    session.flush()
    return row


def withdrawn_demand(session: Session, over: datetime) -> Base:
    """Return a demand that was taken back, with a pool that it began and a pledge of another for it: both go on without."""
    row = demand(session, over, state=DemandState.WITHDRAWN)
    session.add(Pool(
        id=new_id(), code=short_code(), state=PoolState.IDEA, title="x", language="nl", threshold=12, most_seats=24, deadline=NOW.date(), begun_by=row.id,
        made_at=NOW,
    ))
    return row


def pledge(state: PledgeState, party: Party = Party.CITIZEN) -> "Make":
    def make(session: Session, over: datetime) -> Base:
        there = Pool(
            id=new_id(), code=short_code(), state=PoolState.IDEA, title="x", language="nl", threshold=12, most_seats=24, deadline=NOW.date(), made_at=NOW,
        )
        session.add(there)
        session.flush()
        is_proven = state is not PledgeState.UNPROVEN
        block_id = bought(session) if party is Party.EMPLOYER else None
        return Pledge(
            id=new_id(), code=short_code(), pool_id=there.id, party=party, state=state, email="x@voorbeeld.nl", language="nl", seats=1,
            made_at=NOW if is_proven else over, answered_at=over if is_proven else None, person_id=person(session) if is_proven else None, block_id=block_id,
        )

    return make


def bought(session: Session) -> UUID:
    """Return a block of one seat that a firm bought."""
    firm = money.source(session, NOW, kind=SourceKind.EMPLOYER, slug=f"firma-{new_id().hex}")
    offering = catalogue.offering_with_code(session, builders.offering(session, NOW))
    row = FundedBlock(
        id=new_id(), organisation_id=firm.owner_id, source_id=firm.id, supplier_id=offering.provider_id, offering_id=offering.offering.id,
        state=BlockState.PROMISED, seats=1, price=Money(0), vat=Money(0), vat_category=VatCategory.EXEMPT, vat_rate=0, vat_reason=VatReason.CRKBO,
        description="x", language="nl", delivered_from=NOW.date(), delivered_until=NOW.date(), made_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.id


def call_note(session: Session, over: datetime) -> Base:
    return CallNote(id=new_id(), demand_id=demand(session, NOW).id, outcome=CallOutcome.REACHED, at=over)


EXAMPLES: dict[str, Make] = {
    "Sign-in links": link,
    "Sign-ins": sign_in,
    "Counted attempts": throttle,
    "What a passkey must sign": challenge,
    "Invitations": invitation,
    "Consents taken back": consent,
    "Approvals that nobody gave": approval,
    "Guests who never came": guest,
    "Ended enrolments": cancelled,
    "Wishes to hear of a module": news_wish,
    "Groups that enrolled together": group,
    "Letters to employers that came to nothing": employer_ask,
    "Payments that were not paid": payment,
    "Notices of the bank": notice,
    "Money that a person looked at": finding,
    "Money that was for nothing here and went back": money_return,
    "Searches": search_event,
    "Saved searches and wishes": saved(),
    "Saved searches that were stopped": saved(state=SavedState.STOPPED),
    "Saved searches of an address that nobody confirmed": saved(state=SavedState.WAITING),
    "Wishes of an address that nobody confirmed": saved(kind=SavedKind.WISH, state=SavedState.WAITING),
    "Delivered messages": message,
    "Pledges of an address that nobody confirmed": pledge(PledgeState.UNPROVEN),
    "Demand of an address that nobody confirmed": demand,
    "Pledges that came to nothing, and those of citizens who got a seat": pledge(PledgeState.DECLINED),
    "Pledges that became seats of a firm or school": pledge(PledgeState.PLACED, Party.EMPLOYER),
    "Demand that was met, taken back or ran out": withdrawn_demand,
    "Notes of calls by the programme office": call_note,
    **kept_examples.EXAMPLES,
    **kept_routes.EXAMPLES,
}
TIMED = [each for each in retention.RECORDS if each.period is not None]


def test_the_document_has_the_same_table() -> None:
    assert retention.as_table() in DOCUMENT.read_text()


def test_every_class_with_a_clock_has_an_example() -> None:
    assert {each.name for each in TIMED} == set(EXAMPLES)


def test_every_table_about_people_has_a_period() -> None:
    tables.import_models()
    about_people = {
        table.name for table in Base.metadata.tables.values()
        if "email" in table.columns or any(key.column.table.name == "person" for key in table.foreign_keys)
    }
    assert about_people <= {each.table for each in retention.RECORDS}


@pytest.mark.parametrize("record_class", TIMED, ids=lambda each: each.name)
def test_what_is_over_ends_and_what_is_not_stays(database: Database, record_class: RecordClass) -> None:
    assert record_class.period is not None
    margin = 2 * DAY if record_class.name == "Searches" else MOMENT  # of a search only the day is known
    with database.writing() as session:
        for over in (NOW - record_class.period - margin, NOW - record_class.period + margin):
            session.add(EXAMPLES[record_class.name](session, over))
    table = next(mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__tablename__ == record_class.table)
    assert retention.apply(database, now=NOW) >= 1
    with database.reading() as session:
        left = session.scalars(select(table)).all()
        if record_class.then == "pseudonymised":
            assert [str(each.email).endswith("@voorbeeld.nl") for each in left].count(True) == 1
            assert len(left) == 2, "without who it was, and as it was"
        else:
            assert len(left) == 1
        assert enrolment_queries.audit(session) == []
    assert retention.apply(database, now=NOW) == 0


def test_much_is_ended_in_many_short_transactions(database: Database) -> None:
    with database.writing() as session:
        session.add_all(throttle(session, NOW - DAY) for _ in range(25))
    assert retention.apply(database, now=NOW, batch=10) == 25
    with database.reading() as session:
        assert session.scalars(select(Throttle)).all() == []


def test_a_class_that_fails_holds_up_no_other_and_a_turn_broken_off_is_finished_by_the_next(
    database: Database, monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns = iter([False, True])  # the first transaction of the first class is done, the second one fails

    def breaks(session: Session, now: datetime, limit: int) -> int:
        if next(turns):
            session.execute(delete(Throttle))
            raise ConnectionError
        return links.apply(session, now, limit) if links.apply else 0

    links, throttles = (next(each for each in TIMED if each.name == name) for name in ("Sign-in links", "Counted attempts"))
    monkeypatch.setattr(retention, "RECORDS", (replace(links, apply=breaks), throttles))
    with database.writing() as session:
        session.add_all(link(session, NOW - DAY) for _each in range(3))
        session.add_all([throttle(session, NOW - DAY), throttle(session, NOW + DAY)])
    with pytest.raises(ExceptionGroup) as failed:
        retention.apply(database, now=NOW, batch=2)
    assert [type(each) for each in failed.value.exceptions] == [ConnectionError]
    with database.reading() as session:
        assert len(session.scalars(select(SignInLink)).all()) == 1, "what was done stays done"
        assert len(session.scalars(select(Throttle)).all()) == 1, "the other class had its turn, and what failed was undone"
    monkeypatch.undo()
    assert retention.apply(database, now=NOW, batch=2) == 1


@pytest.mark.parametrize(("year", "is_kept"), [(2019, True), (2018, False)])
def test_paid_enrolments_of_who_left_go_after_the_seventh_year(database: Database, year: int, is_kept: bool) -> None:
    with database.writing() as session:
        row = enrolled(session, datetime(year, 12, 31, 12, tzinfo=UTC))
        session.get_one(Person, row.person_id).erased_at = NOW
    assert retention.apply(database, now=NOW) == (0 if is_kept else 1) + 1  # the sign-in of then is over too
    with database.reading() as session:
        assert len(session.scalars(select(Enrolment)).all()) == is_kept
        assert enrolment_queries.audit(session) == []


def test_enrolments_of_who_is_still_here_stay(database: Database) -> None:
    with database.writing() as session:
        enrolled(session, datetime(2010, 1, 1, 12, tzinfo=UTC))
    retention.apply(database, now=NOW)
    with database.reading() as session:
        assert len(session.scalars(select(Enrolment)).all()) == 1
