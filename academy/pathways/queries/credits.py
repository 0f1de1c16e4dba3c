"""What somebody has and is getting, module by module: final results, what was recognised, and the classes that they follow. The caller has asked who may know it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.catalogue.api import ModuleToTake
from academy.enrolment import api as enrolment
from academy.enrolment.api import Learning
from academy.pathways.kinds import Standing
from academy.pathways.problem import Credit
from academy.pathways.queries.goals import tenths
from academy.recognition import api as recognition
from academy.recognition.api import RecognisedModule


@dataclass(frozen=True)
class Having:
    """Credits of one person, each module at most once, by slug; `classes` are the offerings that they follow, with the slug of the module."""

    credits: tuple[Credit, ...] = ()
    classes: tuple[tuple[str, UUID], ...] = ()


@dataclass(frozen=True)
class Learned:
    """What people learned, as it is on record, to be asked for one goal after another."""

    learning: Mapping[UUID, Learning]
    recognised: Mapping[UUID, Sequence[RecognisedModule]]
    modules: Mapping[UUID, ModuleToTake]

    def touches(self, person_id: UUID, asked: Collection[UUID]) -> bool:
        """Tell whether somebody has, or is getting, anything of these modules."""
        mine = self.learning[person_id]
        return (
            any(each.module_id in asked for each in mine.passed) or any(module_id in asked for module_id, _class in mine.under_way)
            or any(each.module_id in asked for each in self.recognised[person_id])
        )

    def having(self, person_id: UUID, *, asked: Collection[UUID]) -> Having:
        """Return what somebody has for a goal that asks these modules.

        What was recognised because of a result of another module here is one thing with that result: it counts as the module of the two that is asked;
        of two or of none as the one with the result.
        """
        return _having(self.learning[person_id], self.recognised[person_id], self.modules, asked)


def credits_of(session: Session, person_id: UUID, *, asked: Collection[UUID] = ()) -> tuple[Credit, ...]:
    """Return what somebody has and is getting; `asked` are the modules of the goal: at most six statements."""
    return learned_of(session, [person_id]).having(person_id, asked=asked).credits


def learned_of(session: Session, person_ids: Collection[UUID]) -> Learned:
    """Return what each of these people learned: at most six statements, for hundreds at once."""
    learning = enrolment.learning_of(session, person_ids)
    recognised = recognition.recognised_modules(session, person_ids)
    ids = {each.module_id for found in recognised.values() for each in found}
    for found in learning.values():
        ids.update(each.module_id for each in found.passed)
        ids.update(module_id for module_id, _class in found.under_way)
    return Learned(learning, recognised, catalogue.modules_to_take(session, ids) if ids else {})


def _having(learning: Learning, recognised: Iterable[RecognisedModule], modules: Mapping[UUID, ModuleToTake], asked: Collection[UUID]) -> Having:
    passed = {each.module_id: each for each in learning.passed}
    found: dict[UUID, Credit] = {}
    for one in recognised:
        rests_on = one.hosts & passed.keys()
        if rests_on and (one.module_id not in asked or rests_on.intersection(asked)):
            ec, is_whole = one.counts.ec - one.counts.transferred, False
        else:
            ec, is_whole = one.counts.ec, one.counts.is_whole
            for host in rests_on:
                del passed[host]
        if (ec > 0 or is_whole) and one.module_id not in passed:
            found[one.module_id] = _credit(modules[one.module_id], Standing.RECOGNISED, ec, is_whole=is_whole, on=one)
    for module_id, result in passed.items():
        module = modules[module_id]
        found[module_id] = Credit(module.slug, module.provider_slug, tenths(result.ec), Standing.OBTAINED, is_whole=True, nlqf=module.nlqf, on=result.on)
    following = tuple((modules[module_id].slug, offering_id) for module_id, offering_id in learning.under_way)
    under_way = [*_in_progress(learning, modules, found)]
    return Having((*found.values(), *under_way), following)


def _credit(module: ModuleToTake, standing: Standing, ec: Decimal, *, is_whole: bool, on: RecognisedModule) -> Credit:
    return Credit(module.slug, module.provider_slug, tenths(ec), standing, is_whole, module.nlqf, on.on)


def _in_progress(learning: Learning, modules: Mapping[UUID, ModuleToTake], found: dict[UUID, Credit]) -> Iterator[Credit]:
    """Yield what is followed and not had whole; what was recognised of such a module goes up in it."""
    for module_id in dict.fromkeys(module_id for module_id, _class in learning.under_way):
        before, module = found.get(module_id), modules[module_id]
        if before is None or not before.is_whole:
            found.pop(module_id, None)
            yield Credit(module.slug, module.provider_slug, tenths(module.ec), Standing.IN_PROGRESS, is_whole=True, nlqf=module.nlqf)
