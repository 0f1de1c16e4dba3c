"""A provider with its people, for tests of the workspace."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.models import Module, PublicationState
from academy.catalogue.queries import publication, workspace
from academy.catalogue.service import publishing
from academy.kernel.money import Money
from academy.kernel.text import Localized
from tests import builders

SLUG = "windesheim"
DRAFT = catalogue.ModuleDraft(
    external_id="", code="", kind=catalogue.ModuleKind.LOOSE_MODULE, title=Localized("Warmtepompen onderhouden"),
    summary=Localized("Na deze module kun je een warmtepomp nakijken."), ec=Decimal("2.5"), nlqf="4", languages=("nl",),
    outcomes=(catalogue.OutcomeDraft(Localized("Je meet of een warmtepomp goed werkt.")),),
)
CLASS = catalogue.OfferingDraft(
    starts_on=date(2026, 10, 6), ends_on=date(2026, 12, 8), mode=catalogue.DeliveryMode.ONLINE, language="nl", seats=16, price=Money(0),
    periods=(catalogue.PeriodDraft(date(2026, 10, 5)),), weekdays=("tue",), part_of_day=catalogue.PartOfDay.EVENING,
    state=catalogue.OfferingState.CONCEPT,
)


@dataclass
class Workplace:
    """What a test does at a provider, in one transaction."""

    session: Session
    provider_id: UUID
    editor: Actor
    now: datetime
    slug: str = SLUG

    def member(self, *roles: accounts.Role) -> Actor:
        """Return someone new with these roles at the provider."""
        person = builders.actor(self.session, self.now)
        for role in roles:
            accounts.add_membership(self.session, person_id=person.person_id, organisation_id=self.provider_id, role=role)
        return person

    def trust(self) -> None:
        catalogue.trust_provider(self.session, provider_id=self.provider_id, now=self.now)

    def start(self, *, actor: Actor | None = None, with_class: bool = True, **changes: Any) -> str:
        """Make a draft; returns its slug."""
        slug = publishing.start_module(
            self.session, actor=actor or self.editor, provider_slug=self.slug, draft=replace(DRAFT, **changes), now=self.now,
        )
        if with_class:
            self.plan(slug)
        return slug

    def plan(self, module: str, *, actor: Actor | None = None, **changes: Any) -> str:
        return catalogue.plan_offering(
            self.session, actor=actor or self.editor, provider_slug=self.slug, module_slug=module, draft=replace(CLASS, **changes),
            now=self.now,
        )

    def work(self, module: str) -> workspace.ModuleInWork:
        self.session.flush()
        self.session.expire_all()
        return workspace.module_in_work(self.session, self.editor, self.slug, module)

    def save(self, module: str, **changes: Any) -> None:
        draft = replace(self.work(module).content, **changes)
        publishing.save_module(
            self.session, actor=self.editor, provider_slug=self.slug, module_slug=module, draft=draft, seen=self.work(module).digest,
            now=self.now,
        )

    def publish(self, module: str, *, actor: Actor | None = None, seen: str | None = None, reason: str = "") -> PublicationState:
        digest = self.work(module).digest if seen is None else seen
        return publishing.publish(
            self.session, actor=actor or self.editor, provider_slug=self.slug, module_slug=module, seen=digest, reason=reason, now=self.now,
        )

    def acts(self, module: str) -> list[str]:
        """Return what happened to a module, oldest first."""
        return [step.facts.act.value for step in reversed(publication.history(self.session, self.work(module)).steps)]

    def row(self, module: str) -> Module:
        return self.session.scalars(select(Module).where(Module.slug == module)).one()


def open_at(session: Session, now: datetime, slug: str = SLUG) -> Workplace:
    """Return a provider with an editor, not trusted yet."""
    provider_id = builders.provider(session, slug, slug.title())
    place = Workplace(session, provider_id, builders.actor(session, now), now, slug)
    accounts.add_membership(session, person_id=place.editor.person_id, organisation_id=provider_id, role=accounts.Role.EDITOR)
    return place


def office(session: Session, now: datetime) -> Actor:
    """Return someone of the programme office."""
    person = builders.actor(session, now)
    organisation_id = accounts.register_organisation(
        session, slug="programmabureau", name="Programmabureau", kind=accounts.OrganisationKind.OFFICE,
    )
    accounts.add_membership(session, person_id=person.person_id, organisation_id=organisation_id, role=accounts.Role.OFFICE)
    return person
