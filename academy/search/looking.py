"""The worker's look for what is new in saved searches: the engine is asked outside any transaction, one small transaction per search."""

from collections.abc import Callable
from datetime import datetime

from academy.kernel.db import database
from academy.search.gateway import SearchQuery
from academy.search.memory import saved
from academy.search.memory.saved import Find, Saved

_MOST_PER_TURN = 200  # a few seconds, so that letters do not wait


def tell_about_new(*, question: Callable[[Saved], SearchQuery], find: Find, now: datetime) -> int:
    """Look at the saved searches that are due and announce what is new; returns how many letters that makes.

    An engine that is away ends the turn: they stay due.
    """
    with database().reading() as session:
        waiting = saved.due(session, now=now, limit=_MOST_PER_TURN)
    letters = 0
    for each in waiting:
        fits = saved.fitting(find, question(each))
        if fits is None:
            break
        with database().writing() as session:
            letters += saved.note_look(session, saved=each, fits=saved.may_be_told(each, *fits), now=now) > 0
    return letters
