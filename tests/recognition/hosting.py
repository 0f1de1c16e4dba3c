"""A provider elsewhere on the platform, a remote course, and what a test asks and looks at; beside the world."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from academy.accounts.api import Actor, Role
from academy.accounts.models import TrailEntry
from academy.catalogue.api import ModuleKind, OutcomeDraft
from academy.catalogue.models import Module
from academy.kernel.ids import new_id, short_code
from academy.kernel.text import Localized
from academy.recognition.kinds import EvidenceKind, InstrumentKind
from academy.recognition.models import Agreement, AssessorSlot, Credit, LocalTest, RecognisedTotal
from academy.recognition.service import agreeing, mapping
from academy.recognition.service.mapping import MappingDraft
from tests import builders
from tests.recognition.world import World

HOST = "hva"


@dataclass
class Hosting:
    """A host with a module that is like that of the world, and its people; `world` is home."""

    world: World
    host_id: UUID
    module_id: UUID
    slug: str
    mooc_slug: str
    host_board: Actor
    host_planner: Actor

    def ask(self, **what: Any) -> str:
        """Let the learner ask that the module of the host counts for the first two outcomes; returns the agreement's code."""
        asked = {"actor": self.world.learner, "home_slug": self.world.module.slug, "outcome_ids": self.world.outcomes[:2], "host": self.slug, "language": "nl"} | what
        return str(self.world.run(agreeing.ask_agreement, **asked))

    def ask_elsewhere(self) -> str:
        return self.ask(host=agreeing.HostElsewhere("Hogeschool Gent", "Netwerken", "NW-1", "inschrijven@gent.voorbeeld"))

    def sign_home(self, code: str, actor: Actor | None = None) -> None:
        self.world.run(agreeing.sign_home, actor=actor or self.world.board, provider_slug=self.world.slug, code=code)

    def sign_host(self, code: str, actor: Actor | None = None) -> None:
        self.world.run(agreeing.sign_host, actor=actor or self.host_planner, provider_slug=HOST, code=code)

    def signed(self) -> str:
        """Return an agreement that all three signed."""
        code = self.ask()
        self.sign_home(code)
        self.sign_host(code)
        return code

    def row(self, code: str) -> Agreement:
        with self.world.database.reading() as session:
            found = session.scalars(select(Agreement).where(Agreement.code == code)).one()
            session.expunge(found)
            return found

    def credits(self, of: Actor | None = None) -> dict[UUID, Decimal]:
        """Return what counts for the learner, by outcome."""
        person_id = (of or self.world.learner).person_id
        with self.world.database.reading() as session:
            rows = session.execute(select(Credit.outcome_id, Credit.ec).where(Credit.person_id == person_id, Credit.ended_at.is_(None)))
            return dict(rows.all())

    def total(self) -> Decimal:
        with self.world.database.reading() as session:
            found = session.scalars(select(RecognisedTotal.ec).where(RecognisedTotal.person_id == self.world.learner.person_id)).one_or_none()
            return found or Decimal(0)

    def trail(self, like: str) -> list[tuple[str, UUID | None]]:
        """Return the acts whose name begins so, with who did them."""
        with self.world.database.reading() as session:
            rows = session.execute(select(TrailEntry.act, TrailEntry.actor_id).where(TrailEntry.act.like(f"{like}%")).order_by(TrailEntry.number))
            return [(row.act, row.actor_id) for row in rows]

    # Remote courses

    def publish(self, *, actor: Actor | None = None, **changes: Any) -> str:
        """Let the exam board say that the remote course and a test earn the first outcome, for a year; returns the mapping's code."""
        today = self.world.now.date()
        said: dict[str, Any] = {
            "mooc_slug": self.mooc_slug, "module_slug": self.world.module.slug, "outcome_ids": frozenset(self.world.outcomes[:1]), "valid_from": today,
            "valid_until": today + timedelta(days=365),
        } | changes
        return str(self.world.run(mapping.publish_mapping, actor=actor or self.world.board, provider_slug=self.world.slug, draft=MappingDraft(**said)))

    def slot(self, *, places: int = 1, days: int = 7, assessor: Actor | None = None) -> str:
        """Offer a moment for tests; returns its code."""
        starts = self.world.now + timedelta(days=days)
        with self.world.database.writing() as session:
            made = AssessorSlot(
                id=new_id(), code=short_code(), provider_id=self.world.provider_id, assessor_id=(assessor or self.world.assessor).person_id, kind=InstrumentKind.TEST,
                starts_at=starts, ends_at=starts + timedelta(hours=1), capacity=places,
            )
            session.add(made)
            return made.code

    def taken(self, slot: str) -> int:
        with self.world.database.reading() as session:
            return session.scalars(select(AssessorSlot.taken).where(AssessorSlot.code == slot)).one()

    def certificate(self, of: Actor | None = None) -> UUID:
        return self.world.evidence(EvidenceKind.MOOC, of, source="Leerplein", code="NET-101")

    def test(self, code: str) -> LocalTest:
        with self.world.database.reading() as session:
            found = session.scalars(select(LocalTest).where(LocalTest.code == code)).one()
            session.expunge(found)
            return found


def make_hosting(world: World) -> Hosting:
    with world.database.writing() as session:
        host_id = builders.provider(session, HOST, "Hogeschool van Amsterdam")
        words = (OutcomeDraft(Localized("Je beheert een server.", "You manage a server.")),)
        builders.module(session, world.now, provider_id=host_id, external_id="SRV-01", code="SRV-01", title=Localized("Servers beheren", "Servers"), ec=Decimal(5), outcomes=words)
        builders.module(
            session, world.now, provider_id=host_id, external_id="MOOC-01", code="MOOC-01", kind=ModuleKind.MOOC, title=Localized("Netwerken online", "Networks online"),
            outcomes=words,
        )
        found = dict(session.execute(select(Module.external_id, Module.id)).all())
        slugs = dict(session.execute(select(Module.external_id, Module.slug)).all())
    return Hosting(
        world, host_id, found["SRV-01"], slugs["SRV-01"], slugs["MOOC-01"], world.person("Hanna Host", Role.EXAM_BOARD, at=host_id),
        world.person("Piet Planner", Role.PLANNER, at=host_id),
    )
