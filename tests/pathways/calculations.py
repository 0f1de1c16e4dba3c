"""What the process of the solver can be asked to do in tests: each goes wrong in a way of its own."""

import os
import signal
import sys
import time

from academy.pathways.problem import Answer, Blocker, Budget, Problem


def load_nothing() -> None:
    """The process begins at once."""


def stuck(_problem: Problem, _budget: Budget) -> Answer:
    """Never answer."""
    while True:
        time.sleep(1)


def killed(_problem: Problem, _budget: Budget) -> Answer:
    """End as when the machine is out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return Answer()


def failing(_problem: Problem, _budget: Budget) -> Answer:
    raise RuntimeError("this can not be calculated")


def rooms_there(_problem: Problem, _budget: Budget) -> Answer:
    """Tell which of the heavy things are loaded in the process."""
    heavy = ("academy.app", "flask", "sqlalchemy", "pandas", "ortools")
    return Answer((), tuple(Blocker(name, (), ()) for name in heavy if name in sys.modules))


def told_budget(_problem: Problem, budget: Budget) -> Answer:
    """Tell in a blocker how many thousandths of a second there are for all options together."""
    return Answer((), (Blocker(str(int(budget.whole * 1000)), (), ()),))
