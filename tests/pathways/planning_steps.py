"""Steps of a route, written as if somebody had chosen them."""

from datetime import date, timedelta

from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import Option, StepReason
from academy.pathways.models import Pathway, PathwayStep
from tests.pathways.world import World


def plan(world: World, pathway: PathwayFacts, *steps: tuple[str, date], length: timedelta = timedelta(days=63)) -> PathwayFacts:
    """Let a pathway have these steps, as (module, first day), in classes that are expected."""
    with world.database.writing() as session:
        row = session.get_one(Pathway, pathway.id)
        row.chosen = Option.SHORTEST
        session.add_all(
            PathwayStep(
                id=new_id(), pathway_id=row.id, position=position, module_id=world.modules[key], course_key=f"{world.slugs[key]}@{position}", first_on=first,
                last_on=first + length, price=Money(300_00), reason=StepReason.REQUIRED,
            )
            for position, (key, first) in enumerate(steps)
        )
    return world.facts(pathway.id)
