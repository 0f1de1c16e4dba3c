"""Rows of pathways whose time is over at a given moment: one per class of records with a clock."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.kernel.db import Base
from academy.kernel.ids import new_id
from academy.pathways.kinds import GoalKind
from academy.pathways.models import KeptAnswer, Pathway, RouteBlocker


def unseen(_session: Session, over: datetime) -> Base:
    return Pathway(
        id=new_id(), edit_key=new_id().hex, read_key=new_id().hex, goal=GoalKind.SKILLS, skills=["http://esco/x"], made_at=over, changed_at=over, seen_at=over,
    )


def blocker(_session: Session, over: datetime) -> Base:
    return RouteBlocker(id=new_id(), subject="http://esco/x", found_at=over)


def answer(_session: Session, over: datetime) -> Base:
    return KeptAnswer(digest=new_id().hex, answer={}, solved_at=over)


EXAMPLES = {"Routes without an account": unseen, "What stood in the way of a route": blocker, "Answers of the solver": answer}
