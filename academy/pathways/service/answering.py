"""Answers of the solver, kept by the digest of their question."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from academy.pathways.kinds import Limit, Option, Proof
from academy.pathways.models import KeptAnswer
from academy.pathways.problem import Answer, Blocker, Placed, Route


def kept(session: Session, digest: str) -> Answer | None:
    """Return the answer to the question with this digest, where it was calculated before."""
    row = session.get(KeptAnswer, digest)
    return None if row is None else _answer(row.answer)


def keep(session: Session, digest: str, answer: Answer, *, now: datetime) -> None:
    """Keep an answer that is whole; the first one stays when two were calculated at the same time."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(KeptAnswer).values(digest=digest, answer=_as_json(answer), solved_at=now).on_conflict_do_nothing())


def _as_json(answer: Answer) -> dict[str, object]:
    return {
        "routes": [
            {
                "option": route.option.value, "courses": list(route.courses), "value": route.value, "bound": route.bound, "proof": route.proof.value,
                "placed": [[place.module, place.node, place.ec] for place in route.placed],
            }
            for route in answer.routes
        ],
        "blockers": [
            {
                "node": blocker.node, "modules": list(blocker.modules), "limits": [limit.value for limit in blocker.limits],
                "opens": [[limit.value, value] for limit, value in blocker.opens],
            }
            for blocker in answer.blockers
        ],
        "is_whole": answer.is_whole,
    }


def _answer(found: Mapping[str, Any]) -> Answer:
    return Answer(
        tuple(
            Route(
                Option(route["option"]), tuple(route["courses"]), tuple(Placed(*place) for place in route["placed"]), route["value"], route["bound"],
                Proof(route["proof"]),
            )
            for route in found["routes"]
        ),
        tuple(
            Blocker(
                blocker["node"], tuple(blocker["modules"]), tuple(Limit(limit) for limit in blocker["limits"]),
                tuple((Limit(limit), value) for limit, value in blocker["opens"]),
            )
            for blocker in found["blockers"]
        ),
        found["is_whole"],
    )
