"""Routes that were chosen, written as they would be kept, and what was noted of them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from academy.catalogue.models import Offering
from academy.kernel.ids import new_id
from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import ChangeKind, Option, StepReason
from academy.pathways.models import Pathway, PathwayChange, PathwayStep
from tests.pathways.world import AUTUMN, LENGTH, World


def step(world: World, pathway: PathwayFacts, key: str, weekday: str | None, *, starts_on: date = AUTUMN) -> None:
    """Let a route have a step: in a class of the world, or without a weekday in one that is expected."""
    with world.database.writing() as session:
        offering = None if weekday is None else session.scalars(select(Offering).where(Offering.code == world.classes[key, weekday])).one()
        first_on = starts_on if offering is None else offering.starts_on
        session.add(PathwayStep(
            id=new_id(), pathway_id=pathway.id, position=len(pathway.steps), module_id=world.modules[key], offering_id=None if offering is None else offering.id,
            course_key=f"{key}@{first_on}" if offering is None else offering.code, first_on=first_on, last_on=first_on + LENGTH, reason=StepReason.REQUIRED,
        ))
        session.execute(update(Pathway).where(Pathway.id == pathway.id).values(chosen=Option.SHORTEST))


def route(world: World, *keys: tuple[str, str | None], **values: Any) -> PathwayFacts:
    """Make a pathway with a chosen route of these steps: (module, weekday of its class)."""
    pathway = world.pathway(**values)
    for key, weekday in keys:
        step(world, pathway, key, weekday)
        pathway = world.facts(pathway.id)
    return pathway


def noted(world: World, pathway: PathwayFacts) -> list[tuple[ChangeKind, UUID | None]]:
    """Return what was noted for a pathway, the oldest first."""
    with world.database.reading() as session:
        rows = session.execute(select(PathwayChange.kind, PathwayChange.module_id).where(PathwayChange.pathway_id == pathway.id).order_by(PathwayChange.id))
        return [(kind, module_id) for kind, module_id in rows]
