"""How far people are with a programme: one person for their own pages, and everybody at night, in few statements for hundreds of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.enrolment import api as enrolment
from academy.kernel.clock import amsterdam_day
from academy.pathways.facts import GoalFacts
from academy.pathways.problem import Node
from academy.pathways.queries.credit_rules import CreditRuleFacts, credit_rule_of
from academy.pathways.queries.credits import Learned, learned_of
from academy.pathways.queries.goals import asked_of_programme, modules_counting, tenths, tree_of, with_others
from academy.pathways.rules.audit import Audit, audit
from academy.recognition import api as recognition

AT_ONCE: Final = 500  # people


@dataclass(frozen=True)
class Auditable:
    """A programme made ready to audit many people: what it asks, the modules that can count for it, and what credits must be."""

    id: UUID
    goal: GoalFacts
    tree: Node
    module_ids: frozenset[UUID]
    home: frozenset[str]
    rule: CreditRuleFacts

    def audit(self, learned: Learned, person_id: UUID, *, today: date) -> Audit:
        """Return how far somebody is."""
        return audit(
            self.tree, learned.having(person_id, asked=self.module_ids).credits, at_home=tenths(self.goal.at_home), home=self.home,
            least_nlqf=self.rule.least_nlqf, valid_years=self.rule.valid_years, today=today,
        )


def programme_to_audit(session: Session, programme_id: UUID, *, now: datetime) -> Auditable:
    """Return a programme made ready: at most eight statements. Raises ProgrammeNotFound."""
    asked = asked_of_programme(session, programme_id)
    counts_as = modules_counting(session, asked.module_ids, now=now)
    ids = with_others(asked.module_ids, counts_as)
    goal, tree = tree_of(asked, catalogue.modules_to_take(session, ids), counts_as)
    home = frozenset(() if asked.programme is None else (asked.programme.provider_slug,))
    return Auditable(programme_id, goal, tree, ids, home, credit_rule_of(session, programme_id))


def audit_of(session: Session, person_id: UUID, programme_id: UUID, *, now: datetime) -> Audit:
    """Return how far one person is, by what is on record. Raises ProgrammeNotFound."""
    return audits_of_many(session, programme_id, [person_id], now=now)[person_id]


def audits_of_many(session: Session, programme_id: UUID, person_ids: Collection[UUID], *, now: datetime) -> dict[UUID, Audit]:
    """Return how far each of these people is: at most fourteen statements, however many they are. Raises ProgrammeNotFound."""
    programme = programme_to_audit(session, programme_id, now=now)
    learned = learned_of(session, person_ids)
    return {person_id: programme.audit(learned, person_id, today=amsterdam_day(now)) for person_id in person_ids}


def people_to_audit(session: Session, *, after: UUID | None) -> list[UUID]:
    """Return the next people who have credits or follow something, by id: none at the end."""
    everybody = union(enrolment.people_enrolled(), recognition.people_with_credits()).subquery()
    person_id = everybody.c.person_id
    wanted = select(person_id).order_by(person_id).limit(AT_ONCE)
    return list(session.scalars(wanted if after is None else wanted.where(person_id > after)))


def audit_everybody(session: Session, programmes: Sequence[Auditable], *, now: datetime) -> Iterator[tuple[int, list[tuple[UUID, UUID, Audit]]]]:
    """Yield after each bite of people how many were looked at, and (programme, person, audit) of those whom a programme has to do with."""
    after, done, today = None, 0, amsterdam_day(now)
    while people := people_to_audit(session, after=after):
        after, learned = people[-1], learned_of(session, people)
        done += len(people)
        yield done, [
            (programme.id, person_id, programme.audit(learned, person_id, today=today))
            for person_id in people for programme in programmes if learned.touches(person_id, programme.module_ids)
        ]
        session.expunge_all()


def number_of_people(session: Session) -> int:
    """Return how many people have credits or follow something."""
    everybody = union(enrolment.people_enrolled(), recognition.people_with_credits()).subquery()
    return session.scalar(select(func.count()).select_from(everybody)) or 0
