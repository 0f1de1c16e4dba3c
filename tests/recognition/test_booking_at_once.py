"""Two decisions on one person at the same moment, as two open transactions: what is granted counts, and what counts together is what is live.

The row of the person's total is held before anything is read (`booking._hold`); the first two are red on PostgreSQL where it is held after that.
"""

from decimal import Decimal

from sqlalchemy import select

from academy.kernel.db import Database
from academy.recognition.models import Credit
from academy.recognition.queries.auditing import audit
from tests.enrolment.races import at_the_same_time
from tests.recognition.test_booking import book, live, most, total
from tests.recognition.world import NO, YES, World


def test_what_is_granted_while_another_decision_takes_it_away_counts(database: Database, world: World) -> None:
    with database.writing() as session:
        first = book(session, world, (YES, NO, NO))
    heard = at_the_same_time(
        database, lambda session: book(session, world, (NO, NO, NO), replaces=first), lambda session: book(session, world, (YES, YES, NO)),
    )
    assert heard == "done"
    with database.reading() as session:
        assert set(live(session)) == set(world.outcomes[:2])
        assert not audit(session).any


def test_what_is_taken_away_while_another_decision_grants_it_goes_on_under_that(database: Database, world: World) -> None:
    with database.writing() as session:
        first = book(session, world, (YES, NO, NO))
    heard = at_the_same_time(
        database, lambda session: book(session, world, (YES, YES, NO)), lambda session: book(session, world, (NO, NO, NO), replaces=first),
    )
    assert heard == "done"
    with database.reading() as session:
        assert set(live(session)) == set(world.outcomes[:2])
        assert first not in session.scalars(select(Credit.decision_id).where(Credit.ended_at.is_(None))).all()
        assert not audit(session).any


def test_what_is_added_above_the_maximum_counts_when_something_ends_at_the_same_moment(database: Database, world: World) -> None:
    with database.writing() as session:
        most(session, world, Decimal(3))
        first = book(session, world, (YES, YES, NO))
    heard = at_the_same_time(
        database, lambda session: book(session, world, (NO, NO, YES)), lambda session: book(session, world, (NO, YES, NO), replaces=first),
    )
    assert heard == "done"
    with database.reading() as session:
        assert total(session) == Decimal(3)
        assert sum(live(session).values()) == Decimal("3.3")
