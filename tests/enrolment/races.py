"""A race as two open transactions: the second meets the first before it commits."""

import threading
from collections.abc import Callable

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.kernel.db import Database
from academy.kernel.errors import Refusal

Act = Callable[[Session], object]


def at_the_same_time(database: Database, first: Act, second: Act, *, guarded: bool = True) -> str:
    """Return what the second heard: `done`, the code of a refusal, or `stopped by the database` by a CHECK or an index.

    With `guarded` the second has to wait for the first; a negative control has taken the guard away.
    """
    heard: list[str] = []

    def rival() -> None:
        try:
            with database.writing() as session:
                second(session)
            heard.append("done")
        except Refusal as refusal:
            heard.append(refusal.code)
        except IntegrityError:
            heard.append("stopped by the database")

    thread = threading.Thread(target=rival)
    with database.writing() as session:
        first(session)
        session.flush()
        thread.start()
        thread.join(0.4)
        assert not (guarded and heard), "the second did not wait for the first"
    thread.join(10)
    return heard[0]
