"""All there is to tell its owner about one enrolment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment.queries.blocks import payers_of
from academy.enrolment.queries.drawing import MyLot, my_lot
from academy.enrolment.queries.history import HistoryLine, history
from academy.enrolment.queries.leaving import contract_of
from academy.enrolment.queries.mine import EnrolmentFacts, my_enrolment, version_of
from academy.enrolment.queries.paying import PaidSeat, paid_seat
from academy.enrolment.queries.results import ResultFacts, final_result
from academy.enrolment.queries.seats import place_in_line
from academy.enrolment.queries.study_groups import StudyGroupFacts, my_study_groups
from academy.enrolment.rules.withdrawing import Right
from academy.kernel.clock import amsterdam_day


@dataclass(frozen=True)
class Story:
    """An enrolment with its history, who pays it, the right to withdraw, its place in line, what it led to, and with whom its owner meets."""

    facts: EnrolmentFacts
    lines: list[HistoryLine]
    right: Right
    place: int | None  # in line, from 1
    version: catalogue.ModuleVersionFacts | None  # what the module said on enrolling, where it says otherwise now
    result: ResultFacts | None
    group: StudyGroupFacts | None
    paid: PaidSeat
    payer: str  # by name, who bought the seat before it was known who comes
    lot: MyLot | None  # in the draw of the class, where its seats are drawn


def story_of(session: Session, actor: Actor, code: str, *, now: datetime) -> Story:
    """Return the story of an enrolment of the actor. Raises EnrolmentNotFound."""
    facts = my_enrolment(session, actor, code)
    return Story(
        facts, history(session, facts.id), contract_of(session, facts, now=now).right, place_in_line(session, facts.id), version_of(session, facts),
        final_result(session, facts.id), my_study_groups(session, [facts], today=amsterdam_day(now)).get(facts.id),
        paid_seat(session, facts), payers_of(session, [facts]).get(facts.id, ""),
        my_lot(session, enrolment_id=facts.id, offering_id=facts.of.offering.id),
    )
