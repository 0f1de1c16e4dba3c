"""Providers with classes, people and firms in them, about which is asked and answered."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import select, update

from academy.accounts import service as accounts
from academy.accounts.api import Role, SizeClass
from academy.accounts.models import Organisation
from academy.catalogue.models import ModuleKind, Offering, Provider
from academy.enrolment.kinds import EnrolmentState, ResultScale
from academy.enrolment.models import Attendance, Enrolment, Result
from academy.funding.kinds import PayerCategory, ShareState, SourceKind
from academy.funding.models import FundedSeat, FundingShare
from academy.kernel.clock import amsterdam_day, end_of_day
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.payments.api import VatCategory
from academy.reports.kinds import Side
from academy.reports.models import Questionnaire, QuestionnaireAnswer, QuestionnaireInvite
from academy.reports.rules import asking
from tests.reports.world import Rows

_numbers = itertools.count(1)
WEEKS: Final = 10  # that a class takes


@dataclass
class Monitor:
    """What a test does; `run` is a transaction of its own."""

    database: Database
    now: datetime

    @property
    def today(self) -> date:
        return amsterdam_day(self.now)

    def run(self, act: Callable[..., Any], *what: Any, **more: Any) -> Any:
        with self.database.writing() as session:
            return act(session, *what, **({"now": self.now} | more))

    def read(self, ask: Callable[..., Any], *what: Any, **more: Any) -> Any:
        with self.database.reading() as session:
            return ask(session, *what, **({"now": self.now} | more))

    def pass_days(self, number: int) -> None:
        self.now += timedelta(days=number)

    def provider(self, name: str = "Opleider", *, role: Role | None = Role.PLANNER) -> UUID:
        """Make a provider with somebody in this role."""
        with self.database.writing() as session:
            rows = Rows(session, self.now)
            rows.module()
            slug = f"opleider-{next(_numbers)}"
            session.execute(update(Provider).where(Provider.id == rows.provider_id).values(name=name, slug=slug))
            session.execute(update(Organisation).where(Organisation.id == rows.provider_id).values(name=name, slug=slug))
            if role is not None:
                accounts.add_membership(session, person_id=rows.person(), organisation_id=rows.provider_id, role=role)
        return rows.provider_id

    def module(self, provider_id: UUID, **about: Any) -> UUID:
        with self.database.writing() as session:
            return Rows(session, self.now, provider_id, True).module(**about)

    def people(self, number: int) -> list[UUID]:
        with self.database.writing() as session:
            rows = Rows(session, self.now)
            return [rows.person() for _each in range(number)]

    def firm(self, size: SizeClass | None = SizeClass.UNDER_50, *, role: Role = Role.BUYER) -> UUID:
        """Make a firm with somebody in this role."""
        with self.database.writing() as session:
            rows = Rows(session, self.now)
            firm_id = rows.firm(size=size)
            accounts.add_membership(session, person_id=rows.person(), organisation_id=firm_id, role=role)
        return firm_id

    def a_class(
        self, provider_id: UUID, people: Sequence[UUID] | int = 1, *, module_id: UUID | None = None, starts_on: date | None = None, weeks: int = WEEKS, firms: Sequence[UUID] = (),
        is_language: bool = False,
    ) -> UUID:
        """Plan a class with these people in it; each of these firms pays for one of them."""
        first = starts_on or self.today
        there = self.people(people) if isinstance(people, int) else people
        module_id = module_id or self.module(provider_id, kind=ModuleKind.LANGUAGE_MODULE if is_language else ModuleKind.LOOSE_MODULE)
        with self.database.writing() as session:
            rows = Rows(session, self.now, provider_id, True)
            offering_id = rows.offering(module_id, starts_on=first)
            session.execute(update(Offering).where(Offering.id == offering_id).values(ends_on=first + timedelta(weeks=weeks)))
            enrolments = [rows.waiting(offering_id, by=person_id, state=EnrolmentState.CONFIRMED) for person_id in there]
            for firm_id, person_id, enrolment_id in zip(firms, there, enrolments, strict=False):
                self._pays(session, firm_id, person_id, enrolment_id, provider_id, offering_id)
        return offering_id

    def _pays(self, session: Any, firm_id: UUID, person_id: UUID, seat_id: UUID, provider_id: UUID, offering_id: UUID) -> None:
        price = Money(10_000)
        seat = FundedSeat(
            id=seat_id, person_id=person_id, supplier_id=provider_id, offering_id=offering_id, description="Module", language="nl", delivered_from=self.today,
            delivered_until=self.today, price=price, vat=Money(0), vat_category=VatCategory.EXEMPT, vat_rate=0, vat_reason="vocational-by-crkbo-provider", made_at=self.now,
        )
        session.add(seat)
        session.flush()
        session.add(FundingShare(
            id=new_id(), seat_id=seat_id, position=1, kind=SourceKind.EMPLOYER, category=PayerCategory.EMPLOYERS, organisation_id=firm_id, amount=price, vat=Money(0),
            state=ShareState.RESERVED,
        ))

    def gave(self, offering_id: UUID, person_id: UUID, *, passed: bool = True, grade: str = "7.0", on: date | None = None, there: Mapping[date, bool] | None = None) -> None:
        """Note the final result of somebody, and at which meetings they were."""
        with self.database.writing() as session:
            enrolment_id = session.scalars(select(Enrolment.id).where(Enrolment.offering_id == offering_id, Enrolment.person_id == person_id)).one()
            moment = end_of_day((on or self.today) - timedelta(days=1))
            session.add(Result(
                enrolment_id=enrolment_id, scale=ResultScale.GRADE_0_10, grade=grade, is_passed=passed, ec=None, entered_at=moment, entered_by=person_id, final_at=moment,
                final_by=person_id,
            ))
            session.add_all(Attendance(enrolment_id=enrolment_id, meets_on=day, by_provider=was, by_learner=None) for day, was in (there or {}).items())

    def said(
        self, offering_id: UUID, *scores: int, side: Side = Side.LEARNER, wave: int = 2, asked: int = 0, closes_on: date | None = None,
    ) -> None:
        """Write a questionnaire that is closed, with an answer of this score to every question for each of `scores`."""
        last = closes_on or self.today - timedelta(days=1)
        with self.database.writing() as session:
            asked_id = new_id()
            session.add(Questionnaire(
                id=asked_id, offering_id=offering_id, side=side, wave=wave, opened_on=last - timedelta(days=21), closes_on=last, asked=max(asked, len(scores)), answered=len(scores),
            ))
            session.flush()
            session.add_all(QuestionnaireAnswer(id=uuid4(), questionnaire_id=asked_id, scores=dict.fromkeys(asking.QUESTIONS[side], score)) for score in scores)

    def questionnaires(self) -> dict[tuple[Side, int], Questionnaire]:
        with self.database.reading() as session:
            return {(row.side, row.wave): row for row in session.scalars(select(Questionnaire))}

    def invites(self, side: Side | None = None) -> list[QuestionnaireInvite]:
        """Return who is asked, of one side or of all, in order."""
        asked = select(QuestionnaireInvite).join(Questionnaire, Questionnaire.id == QuestionnaireInvite.questionnaire_id).order_by(QuestionnaireInvite.id)
        with self.database.reading() as session:
            return list(session.scalars(asked if side is None else asked.where(Questionnaire.side == side)))
