"""Wants that show in what learners do: places on waiting lists, wishes, outcomes that an exam board refused, and routes that are blocked."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from academy.accounts.models import Person
from academy.catalogue.models import Offering, OutcomeSkill, Place
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.models import Enrolment, EnrolmentStep
from academy.pathways.models import Pathway, RouteBlocker
from academy.recognition.kinds import Judgement
from academy.recognition.models import Decision, DecisionAnswer
from academy.reports.kinds import UNKNOWN, ActionLine, Source, Subject
from academy.reports.rules.signals import SOME_DAY, WITHIN_A_YEAR, Signal
from academy.reports.sources.areas import area_of, area_of_class
from academy.reports.sources.modules import NO_MODULE, ModuleFacts, chosen_sector
from academy.reports.sources.naming import skills_called
from academy.reports.sources.window import Window
from academy.search.models import SavedKind, SavedSearch, SavedState

_AT_ONCE: Final = 5_000  # rows in memory


def waiting(session: Session, window: Window, known: Mapping[UUID, ModuleFacts]) -> Iterator[Signal]:
    """Yield who waits or waited for a seat, in the area of the class: from coming in line until a seat came, or they left. One statement."""
    for each in session.execute(_in_line(window)):
        module = known.get(each.module_id, NO_MODULE)
        left_at = None if each.state is EnrolmentState.WAITING else each.left_at or each.queued_at
        for quarter in window.standing(each.queued_at, left_at):
            for skill in module.subjects:
                yield _want(
                    skill, Source.WAITING, f"p:{each.person_id.hex}", quarter, area=area_of_class(each.mode, each.latitude, each.longitude), sector=module.sector, urgency=WITHIN_A_YEAR,
                    line=ActionLine.INTERNATIONAL if each.language == "en" else ActionLine.LIFELONG, slots=each.when_can_you,
                )


def _in_line(window: Window) -> Select[Any]:
    left = (
        select(EnrolmentStep.enrolment_id, func.max(EnrolmentStep.at).label("at")).where(EnrolmentStep.from_state == EnrolmentState.WAITING)
        .group_by(EnrolmentStep.enrolment_id).subquery()
    )
    return (
        select(
            Enrolment.person_id, Enrolment.state, Enrolment.queued_at, Enrolment.when_can_you, Offering.module_id, Offering.language, Offering.mode,
            Place.latitude, Place.longitude, left.c.at.label("left_at"),
        )
        .join(Offering, Offering.id == Enrolment.offering_id).outerjoin(Place, Place.id == Offering.place_id)
        .outerjoin(left, left.c.enrolment_id == Enrolment.id)
        .where(
            Enrolment.queued_at < window.until,
            (Enrolment.state == EnrolmentState.WAITING) | (Enrolment.queued_at >= window.since) | (left.c.at >= window.since),
        )
        .execution_options(yield_per=_AT_ONCE)
    )


def wishes(session: Session, window: Window) -> Iterator[Signal]:
    """Yield wishes, of the skill that their words are a name of, else of UNKNOWN, as long as they are kept. Two statements; one when there are none.

    A wish with the address of an account is of its person; with another address, of whoever has that. One without is of nobody: anybody leaves as many of those as they like,
    so `searches` counts it.
    """
    rows = session.execute(
        select(SavedSearch.email, SavedSearch.language, SavedSearch.terms, SavedSearch.parameters, SavedSearch.created_at, Person.id.label("person_id"))
        .outerjoin(Person, Person.email == SavedSearch.email)
        .where(SavedSearch.kind == SavedKind.WISH, SavedSearch.state == SavedState.ACTIVE, SavedSearch.email.is_not(None), SavedSearch.created_at < window.until),
    ).all()
    called = skills_called(session, {(each.terms, each.language) for each in rows})
    for each in rows:
        skill = called.get((each.terms, each.language), UNKNOWN)
        for quarter in window.standing(each.created_at, None):
            yield _want(
                skill, Source.WISH, _wisher(each.email, each.person_id), quarter, area=UNKNOWN, sector=chosen_sector(each.parameters),
                line=ActionLine.INTERNATIONAL if each.language == "en" else ActionLine.LIFELONG,
            )


def _wisher(email: str, person_id: UUID | None) -> str:
    return f"r:{hashlib.sha256(email.encode()).hexdigest()}" if person_id is None else f"p:{person_id.hex}"


def refused(session: Session, window: Window, known: Mapping[UUID, ModuleFacts]) -> Iterator[Signal]:
    """Yield outcomes that an exam board did not recognise, or only in part, in the quarter of the decision that counted then. One statement."""
    later = aliased(Decision)
    rows = session.execute(
        select(Decision.person_id, Decision.module_id, Decision.decided_at, OutcomeSkill.skill_uri)
        .join(DecisionAnswer, DecisionAnswer.decision_id == Decision.id).outerjoin(OutcomeSkill, OutcomeSkill.outcome_id == DecisionAnswer.outcome_id)
        .where(
            DecisionAnswer.judgement != Judgement.YES, Decision.decided_at >= window.since, Decision.decided_at < window.until,
            ~select(later.id).where(later.replaces_id == Decision.id, later.decided_at < window.until).exists(),
        )
        .execution_options(yield_per=_AT_ONCE),
    )
    for each in rows:
        module = known.get(each.module_id, NO_MODULE)
        for skill in (each.skill_uri,) if each.skill_uri else module.subjects:
            yield _want(
                skill, Source.REFUSED, f"p:{each.person_id.hex}", window.quarter(each.decided_at), area=UNKNOWN, sector=module.sector,
                line=ActionLine.PROGRESSION,
            )


def blocked(session: Session, window: Window, known: Mapping[UUID, ModuleFacts]) -> Iterator[Signal]:
    """Yield what stands or stood in the way of a route, a skill or the skills of a module: from when it was found until there was a way. One statement."""
    rows = session.execute(
        select(
            RouteBlocker.id, RouteBlocker.pathway_id, RouteBlocker.module_id, RouteBlocker.subject, RouteBlocker.parts, RouteBlocker.area, RouteBlocker.found_at,
            RouteBlocker.ended_at, Pathway.person_id,
        )
        .outerjoin(Pathway, Pathway.id == RouteBlocker.pathway_id)
        .where(
            RouteBlocker.subject != "", RouteBlocker.found_at < window.until, (RouteBlocker.ended_at.is_(None)) | (RouteBlocker.ended_at >= window.since),
        )
        .execution_options(yield_per=_AT_ONCE),
    )
    for each in rows:
        module = known.get(each.module_id, NO_MODULE)
        subject = f"r:{(each.pathway_id or each.id).hex}" if each.person_id is None else f"p:{each.person_id.hex}"
        for quarter in window.standing(each.found_at, each.ended_at):
            for skill in (each.subject,) if each.module_id is None else module.subjects:
                yield _want(
                    skill, Source.BLOCKED, subject, quarter, area=each.area, sector=module.sector, line=ActionLine.PROGRESSION, slots=each.parts,
                )


def _want(
    skill: str, source: Source, subject: str, quarter: str, *, area: str | None, sector: str, line: ActionLine, urgency: int = SOME_DAY, slots: Sequence[str] = (),
) -> Signal:
    """Return what one person wants. `area` is a postcode or its first digits, as far as it is known."""
    return Signal(
        skill, source, subject, Subject.PERSON, f"{source.value}:{subject}", 1, quarter, area_of(area), sector, urgency, 0, line, tuple(slots),
    )
