"""A programme office that asks, and three providers: Windesheim trains the skill, Aeres one beside it, and the ROC nothing of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update

from academy.accounts import service as accounts
from academy.accounts.api import OrganisationKind, Role, add_membership
from academy.accounts.queries import Actor
from academy.catalogue.models import Module, Offering, OfferingState, PublicationState
from academy.kernel.clock import amsterdam_day, end_of_day
from academy.kernel.db import Database
from academy.kernel.text import Localized
from academy.reports.facts import View
from academy.reports.kinds import CommissionInviteState, CommissionState, Stage
from academy.reports.models import Commission, CommissionStep, Participation
from academy.reports.queries import commissions as queries
from academy.reports.service import commissioning as service
from academy.skills.models import SkillBroader, SkillKind
from tests import builders
from tests.reports.world import CLOUD, DUTCH, NAMES, WELDING, Rows

SLUGS: Final = ("windesheim", "aeres", "roc")
HERE: Final = View("2026-3", "13")
YES, NO = CommissionInviteState.WILLING, CommissionInviteState.DECLINED


@dataclass
class Desk:
    """Who asks and who answers; `run` is a transaction of its own. `providers` and `planners` are by slug."""

    database: Database
    now: datetime
    office: Actor
    stranger: Actor
    providers: dict[str, UUID]
    planners: dict[str, Actor]
    modules: dict[str, UUID] = field(default_factory=dict)

    def run(self, act: Callable[..., Any], **what: Any) -> Any:
        with self.database.writing() as session:
            return act(session, **({"now": self.now} | what))

    def pass_days(self, number: int) -> None:
        self.now += timedelta(days=number)

    def draft(self, *slugs: str, subject: str = CLOUD, view: View = HERE, **about: Any) -> service.CommissionDraft:
        chosen = frozenset(self.providers[slug] for slug in slugs or SLUGS)
        values: dict[str, Any] = {"wanted": 25, "answer_by": end_of_day(amsterdam_day(self.now) + timedelta(days=14)), "note": "Liefst in de avond."} | about
        return service.CommissionDraft(subject, view, values["wanted"], values.get("provider_ids", chosen), values["answer_by"], values["note"])

    def asks(self, *slugs: str, **about: Any) -> str:
        """Start a commission with all providers, or these; returns its code."""
        return str(self.run(service.start_commission, actor=self.office, draft=self.draft(*slugs, **about)))

    def answers(self, slug: str, code: str, answer: CommissionInviteState = YES, **about: Any) -> None:
        self.run(service.answer_commission, actor=self.planners[slug], provider_slug=slug, code=code, answer=answer, **about)

    def state(self, code: str) -> CommissionState:
        with self.database.reading() as session:
            return session.scalars(select(Commission.state).where(Commission.code == code)).one()

    def id_of(self, code: str) -> UUID:
        with self.database.reading() as session:
            return session.scalars(select(Commission.id).where(Commission.code == code)).one()

    def steps(self, code: str) -> list[CommissionState]:
        with self.database.reading() as session:
            wanted = select(CommissionStep.to_state).join(Commission, Commission.id == CommissionStep.commission_id).where(Commission.code == code)
            return list(session.scalars(wanted.order_by(CommissionStep.id)))

    def followed(self, code: str) -> queries.Followed:
        with self.database.reading() as session:
            return queries.commission(session, self.office, code, today=amsterdam_day(self.now))

    def module(self, slug: str, *skills: str, **about: Any) -> UUID:
        """Make a module of a provider that trains these skills."""
        with self.database.writing() as session:
            return Rows(session, self.now, self.providers[slug], _has_provider=True, _skills=set(NAMES)).module(*skills, **about)

    def class_of(self, module_id: UUID, *, in_days: int = 30, state: OfferingState = OfferingState.ACTIVE) -> UUID:
        """Plan a class; nobody says so until somebody follows."""
        with self.database.writing() as session:
            return Rows(session, self.now).offering(module_id, starts_on=amsterdam_day(self.now) + timedelta(days=in_days), state=state)

    def sets(self, row: type[Module] | type[Offering], row_id: UUID, state: PublicationState | OfferingState) -> None:
        with self.database.writing() as session:
            session.execute(update(row).where(row.id == row_id).values(state=state))

    def takes_part(self, slug: str, *, stage: Stage = Stage.RUNNING, is_anchor: bool = False) -> None:
        with self.database.writing() as session:
            session.add(Participation(
                provider_id=self.providers[slug], stage=stage, since=date(2026, 1, 1), is_large=True, is_anchor=is_anchor, changed_at=self.now,
            ))


def open_desk(database: Database, now: datetime) -> Desk:
    """Make it all; Windesheim has `cloud`, which is public and has no class yet, and Aeres `welding`, a skill under the same broader one."""
    with database.writing() as session:
        rows = Rows(session, now)
        rows.skills()
        rows.skill("http://esco/technique", kind=SkillKind.GROUP, nl="techniek", en="technology")
        session.add_all(SkillBroader(skill_uri=uri, broader_uri="http://esco/technique") for uri in (CLOUD, WELDING))
        there = accounts.register_organisation(session, slug="bureau", name="Programmabureau", kind=OrganisationKind.OFFICE)
        office = builders.actor(session, now, name="Bo Bureau")
        add_membership(session, person_id=office.person_id, organisation_id=there, role=Role.OFFICE)
        names = {"windesheim": "Windesheim in Almere", "aeres": "Aeres Hogeschool", "roc": "ROC van Flevoland"}
        providers = {slug: builders.provider(session, slug, name) for slug, name in names.items()}
        planners = {slug: builders.actor(session, now, name=f"Plan van {slug}") for slug in names}
        for slug, actor in planners.items():
            add_membership(session, person_id=actor.person_id, organisation_id=providers[slug], role=Role.PLANNER)
        desk = Desk(database, now, office, builders.actor(session, now), providers, planners)
    desk.modules = {
        "cloud": desk.module("windesheim", CLOUD, DUTCH, title=Localized("Cloud beheren", "Managing clouds")),
        "welding": desk.module("aeres", WELDING, title=Localized("Lassen", "Welding")),
    }
    return desk
