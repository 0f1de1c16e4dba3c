"""Wants of people and firms for a skill, from every room in which they show. A want counts in each quarter in which it stood."""

from collections.abc import Iterator
from datetime import date
from itertools import chain

from sqlalchemy.orm import Session

from academy.reports.rules.signals import Signal
from academy.reports.sources.asking import demands, pledges
from academy.reports.sources.learning import blocked, refused, waiting, wishes
from academy.reports.sources.modules import modules
from academy.reports.sources.window import window_of


def signals(session: Session, *, as_of: date) -> Iterator[Signal]:
    """Yield every want that stood in the twelve quarters before midnight in Amsterdam that begins `as_of`, in no order. Eight statements, and one more if there are wishes.

    What happened later does not count, as far as the rooms keep when it happened: of a pledge, a wish and a class only what it is now is known.
    """
    window, known = window_of(as_of), modules(session)
    yield from chain(
        demands(session, window), pledges(session, window, known), waiting(session, window, known), wishes(session, window), refused(session, window, known),
        blocked(session, window, known),
    )
