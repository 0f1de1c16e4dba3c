"""What becomes of chosen routes when the catalogue, a class, a seat, a result or a decision changes: read as it stands now, noted once per cause."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Row, delete, or_, select, update
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment import api as enrolment
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import rows_changed
from academy.pathways.kinds import ChangeKind
from academy.pathways.models import Pathway, PathwayChange, PathwayStep
from academy.pathways.service.noting import Note, in_bites, note, unsay
from academy.recognition import api as recognition

_GONE: Final = (catalogue.OfferingState.CANCELLED, catalogue.OfferingState.INACTIVE)
_BEFORE: Final = timedelta(days=45)  # that a class may begin before the period in which it was expected: less than a period, so it is of no other one
_Step = Row[UUID, UUID | None, UUID, UUID | None, date, date]  # pathway, person, module, offering, first_on, last_on


def follow_modules(session: Session, module_ids: Collection[UUID], *, now: datetime) -> None:
    """Note for the steps to come of these modules what was withdrawn, called off, or is planned at last: five statements, one where nobody chose them.

    Who has a seat keeps it, whatever becomes of the module: their step does not change. What is offered again is taken back.
    """
    steps = _steps(session, PathwayStep.module_id.in_(module_ids), PathwayStep.last_on >= amsterdam_day(now))
    if not steps:
        return
    cards = catalogue.module_cards(session, {each.module_id for each in steps})
    sits = _seats_of(session, steps)
    waiting = [each for each in steps if (each.person_id, each.module_id) not in sits]
    unsay(session, ChangeKind.MODULE_WITHDRAWN, [module_id for module_id, card in cards.items() if card.is_public])
    gone = [each for each in waiting if not cards[each.module_id].is_public]
    note(session, (Note(each.pathway_id, ChangeKind.MODULE_WITHDRAWN, each.module_id, each.module_id) for each in gone), now=now)
    given = [each for each in waiting if cards[each.module_id].is_public]
    _follow_classes(session, given, now=now)
    _find_planned(session, given, now=now)


def follow_provider(session: Session, provider_id: UUID, *, now: datetime) -> None:
    """Do the same for all modules of a provider, of which a file was loaded, and note which programmes are no longer offered."""
    chosen = session.scalars(select(PathwayStep.module_id).where(PathwayStep.last_on >= amsterdam_day(now)).distinct().order_by(PathwayStep.module_id)).all()
    for some in in_bites(chosen):
        follow_modules(session, [module_id for module_id, card in catalogue.module_cards(session, some).items() if card.provider_id == provider_id], now=now)
    _follow_withdrawn(session, now=now)


def follow_class(session: Session, offering_id: UUID, *, now: datetime) -> None:
    """Note for the steps in this class that it is called off, and take back that it was planned."""
    _take_back_planned(session, [offering_id])
    steps = _steps(session, PathwayStep.offering_id == offering_id, PathwayStep.last_on >= amsterdam_day(now))
    _follow_classes(session, steps, now=now)


def follow_programme(session: Session, programme_id: UUID, *, now: datetime) -> None:
    """Note for the chosen routes to a programme that it asks something else; of all that it asked in turn, the last alone counts."""
    which = select(Pathway.id).where(Pathway.programme_id == programme_id, Pathway.chosen.is_not(None))
    routes = session.scalars(which).all()
    if not routes:
        return
    cause_id = uuid5(programme_id, _asked(session, programme_id))
    session.execute(
        delete(PathwayChange).where(
            PathwayChange.pathway_id.in_(which), PathwayChange.kind == ChangeKind.PROGRAMME_CHANGED, PathwayChange.cause_id != cause_id,
        ).execution_options(synchronize_session=False),
    )
    note(session, (Note(each, ChangeKind.PROGRAMME_CHANGED, cause_id) for each in routes), now=now)


def follow_result(session: Session, enrolment_id: UUID, *, now: datetime) -> None:
    """Note for who has this result that a module was passed or must be planned again; a result that was taken up again says nothing."""
    found, result = enrolment.enrolment(session, enrolment_id), enrolment.final_result(session, enrolment_id)
    for kind in (ChangeKind.PASSED, ChangeKind.FAILED):
        is_so = result is not None and result.is_passed == (kind is ChangeKind.PASSED)
        if not is_so:
            unsay(session, kind, [enrolment_id])
        elif found is not None:
            module_id = found.of.offering.module_id
            routes = _routes_with(session, found.person_id, module_id, found.of.module_slug, in_goal=kind is ChangeKind.PASSED)
            note(session, (Note(each, kind, enrolment_id, module_id) for each in routes), now=now)


def follow_decision(session: Session, person_id: UUID, decision_id: UUID, *, now: datetime) -> None:
    """Note for somebody which credits a decision of an exam board granted, or ended."""
    booked = recognition.credits_booked(session, decision_id)
    if booked is None:
        return
    card = catalogue.module_cards(session, [booked.module_id])[booked.module_id]
    routes = _routes_with(session, person_id, booked.module_id, card.slug, in_goal=True)
    for kind, ec in ((ChangeKind.CREDIT_GRANTED, booked.granted), (ChangeKind.CREDIT_ENDED, booked.ended)):
        if ec:
            note(session, (Note(each, kind, decision_id, booked.module_id, ec) for each in routes), now=now)


def follow_seat(session: Session, enrolment_id: UUID, *, now: datetime) -> None:
    """Put the step of a module in the class in which its learner has a seat: they chose another one than the route had, or were moved.

    The price stays the one of the planning: that much of their money is spent.
    """
    found = enrolment.enrolment(session, enrolment_id)
    if found is None or found.state is not enrolment.EnrolmentState.CONFIRMED:
        return
    offering = found.of.offering
    mine = select(Pathway.id).where(Pathway.person_id == found.person_id)
    moved = select(PathwayStep.pathway_id).where(
        PathwayStep.pathway_id.in_(mine), PathwayStep.module_id == offering.module_id, or_(PathwayStep.offering_id.is_(None), PathwayStep.offering_id != offering.id),
    )
    for pathway_id in session.scalars(moved).all():
        _next_version(session, pathway_id, now=now)
        session.execute(
            update(PathwayStep).where(PathwayStep.pathway_id == pathway_id, PathwayStep.module_id == offering.module_id)
            .values(offering_id=offering.id, course_key=offering.code, first_on=offering.starts_on, last_on=offering.ends_on)
            .execution_options(synchronize_session=False),
        )


def steps_to_come(session: Session, *, now: datetime) -> list[UUID]:
    """Return the modules of which somebody chose a class that is only expected, for the round that looks whether it is planned."""
    expected = PathwayStep.offering_id.is_(None) & (PathwayStep.last_on >= amsterdam_day(now))
    return list(session.scalars(select(PathwayStep.module_id).where(expected).distinct().order_by(PathwayStep.module_id)))


def _next_version(session: Session, pathway_id: UUID, *, now: datetime) -> None:
    """Take the pathway for this transaction; a browser that has it open hears that it changed."""
    rows_changed(session, update(Pathway).where(Pathway.id == pathway_id).values(version=Pathway.version + 1, changed_at=now).execution_options(synchronize_session=False))


def _steps(session: Session, *which: Any) -> Sequence[_Step]:  # noqa: ANN401 - clauses
    return session.execute(
        select(PathwayStep.pathway_id, Pathway.person_id, PathwayStep.module_id, PathwayStep.offering_id, PathwayStep.first_on, PathwayStep.last_on)
        .join(Pathway, Pathway.id == PathwayStep.pathway_id).where(*which).order_by(PathwayStep.id),
    ).all()


def _seats_of(session: Session, steps: Iterable[_Step]) -> set[tuple[UUID, UUID]]:
    """Return (person, module) of who follows a module, or passed it."""
    people = {each.person_id for each in steps if each.person_id is not None}
    return {
        (person_id, module_id)
        for some in in_bites(people) for person_id, learning in enrolment.learning_of(session, some).items()
        for module_id in (*(each.module_id for each in learning.passed), *(module_id for module_id, _offering_id in learning.under_way))
    }


def _follow_classes(session: Session, steps: Sequence[_Step], *, now: datetime) -> None:
    """Note which of these steps have lost their class, and take back what was noted of a class that is given after all."""
    planned = [each for each in steps if each.offering_id is not None]
    classes = _offerings(session, {each.offering_id for each in planned})
    off = {offering_id for offering_id, each in classes.items() if each.offering.state in _GONE}
    unsay(session, ChangeKind.CLASS_CANCELLED, [offering_id for offering_id in classes if offering_id not in off])
    note(session, (Note(each.pathway_id, ChangeKind.CLASS_CANCELLED, each.offering_id, each.module_id) for each in planned if each.offering_id in off), now=now)


def _find_planned(session: Session, steps: Iterable[_Step], *, now: datetime) -> None:
    """Note for steps in an expected class which class is planned by now: the first that begins in its time."""
    expected = [each for each in steps if each.offering_id is None]
    if not expected:
        return
    modules = {each.module_id for each in expected}
    _take_back_planned(session, session.scalars(
        select(PathwayChange.cause_id).where(PathwayChange.kind == ChangeKind.CLASS_PLANNED, PathwayChange.module_id.in_(modules)).distinct(),
    ).all())
    since = min(each.first_on for each in expected) - _BEFORE
    ahead = [each for each in catalogue.classes_since(session, modules, since=since) if each.state is catalogue.OfferingState.ACTIVE]
    found = ((step, _planned(ahead, step, amsterdam_day(now))) for step in expected)
    note(session, (Note(step.pathway_id, ChangeKind.CLASS_PLANNED, each.id, step.module_id) for step, each in found if each is not None), now=now)


def _take_back_planned(session: Session, offering_ids: Iterable[UUID]) -> None:
    """Take back that these classes are planned, as far as they are not any more."""
    unsay(session, ChangeKind.CLASS_PLANNED, [each for each, found in _offerings(session, offering_ids).items() if found.offering.state is not catalogue.OfferingState.ACTIVE])


def _offerings(session: Session, offering_ids: Iterable[UUID]) -> dict[UUID, catalogue.OfferingOfModule]:
    return {offering_id: each for some in in_bites(offering_ids) for offering_id, each in catalogue.offerings_by_id(session, some).items()}


def _follow_withdrawn(session: Session, *, now: datetime) -> None:
    """Note for chosen routes that their programme is no longer offered; of one that is offered again that is taken back."""
    followed = session.scalars(select(Pathway.programme_id).where(Pathway.programme_id.is_not(None), Pathway.chosen.is_not(None)).distinct()).all()
    gone = [each for each in followed if each is not None and not _asked(session, each)]
    unsay(session, ChangeKind.PROGRAMME_CHANGED, [uuid5(each, "") for each in followed if each is not None and each not in gone])
    for each in gone:
        follow_programme(session, each, now=now)


def _planned(ahead: Iterable[catalogue.OfferingFacts], step: _Step, today: date) -> catalogue.OfferingFacts | None:
    return next(
        (each for each in ahead if each.module_id == step.module_id and step.first_on - _BEFORE < each.starts_on <= step.last_on and each.starts_on > today), None,
    )


def _routes_with(session: Session, person_id: UUID, module_id: UUID, slug: str, *, in_goal: bool) -> list[UUID]:
    """Return the chosen routes of somebody with this module as a step, or asked by their goal."""
    mine = session.execute(select(Pathway.id, Pathway.programme_id).where(Pathway.person_id == person_id, Pathway.chosen.is_not(None))).all()
    steps = set(session.scalars(select(PathwayStep.pathway_id).where(PathwayStep.module_id == module_id, PathwayStep.pathway_id.in_([row.id for row in mine]))))
    goals = {row.programme_id for row in mine if in_goal and row.programme_id is not None and row.id not in steps}
    asking = {programme_id for programme_id in goals if slug in _modules_asked(session, programme_id)}
    return [row.id for row in mine if row.id in steps or row.programme_id in asking]


def _modules_asked(session: Session, programme_id: UUID) -> set[str]:
    try:
        asked = catalogue.programme_to_follow(session, programme_id).requirements
    except catalogue.ProgrammeNotFound:
        return set()
    return {each.module.slug for each in _nodes(asked) if each.module is not None}


def _asked(session: Session, programme_id: UUID) -> str:
    """Return what a programme asks, in a text that is the same as long as it asks the same; "" once it is gone."""
    try:
        found = catalogue.programme_to_follow(session, programme_id)
    except catalogue.ProgrammeNotFound:
        return ""
    asked = [(each.kind.value, str(each.ec), each.number, "" if each.module is None else each.module.slug, len(each.items)) for each in _nodes(found.requirements)]
    return repr((str(found.ec), str(found.ec_at_provider), asked))


def _nodes(node: catalogue.RequirementFacts | None) -> Iterator[catalogue.RequirementFacts]:
    if node is not None:
        yield node
        for each in node.items:
            yield from _nodes(each)
