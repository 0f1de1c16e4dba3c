"""Saying what decides VAT: what a provider is to the tax office from a day on, and what a module is."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, record
from academy.catalogue import api as catalogue
from academy.funding.events import VatDecided
from academy.funding.kinds import SupplyKind
from academy.funding.models import ModuleTax, ProviderTax
from academy.funding.service.quoting import forget_rules
from academy.kernel.db import insert_for
from academy.kernel.ids import new_id
from academy.kernel.outbox import announce


def note_provider_tax(
    session: Session, *, provider_id: UUID, from_on: date, is_recognised: bool, is_in_crkbo: bool, by: UUID | None, now: datetime,
) -> None:
    """Keep what a provider is from a day on, without asking who says so: for whoever knows it otherwise. The last for a day counts."""
    said = {"is_recognised": is_recognised, "is_in_crkbo": is_in_crkbo, "said_at": now, "said_by": by}
    changed = session.scalar(
        insert_for(session, ProviderTax).values(id=new_id(), provider_id=provider_id, from_on=from_on, **said)
        .on_conflict_do_update(
            index_elements=[ProviderTax.provider_id, ProviderTax.from_on], set_=said,
            where=or_(ProviderTax.is_recognised != is_recognised, ProviderTax.is_in_crkbo != is_in_crkbo),  # said again, it is the same
        ).returning(ProviderTax.id),
    )
    forget_rules()
    if changed is not None:
        announce(session, VatDecided(provider_id))


def tell_provider_tax(
    session: Session, *, actor: Actor, provider_slug: str, from_on: date, is_recognised: bool, is_in_crkbo: bool, now: datetime,
) -> None:
    """Say what a provider is from a day on; said again for the same day, the last counts. Seats that were reserved keep their VAT. Raises ProviderNotFound."""
    there = catalogue.workspace_for_reading(session, actor, provider_slug)
    if not there.rights.edit:
        raise catalogue.ProviderNotFound
    note_provider_tax(
        session, provider_id=there.provider.id, from_on=from_on, is_recognised=is_recognised, is_in_crkbo=is_in_crkbo, by=actor.person_id, now=now,
    )
    record(
        session, "provider-tax-told", actor_id=actor.person_id, organisation_id=there.provider.id, about="provider", about_id=there.provider.id, now=now,
    )


def tell_module_tax(
    session: Session, *, actor: Actor, provider_slug: str, module_slug: str, supply: SupplyKind | None, now: datetime,
) -> None:
    """Say what a module is; None leaves it to its kind. Raises ProviderNotFound, ModuleNotFound."""
    work = catalogue.module_for_planning(session, actor, provider_slug, module_slug)
    if not work.workspace.rights.edit:
        raise catalogue.ProviderNotFound
    if supply is None:
        session.execute(delete(ModuleTax).where(ModuleTax.module_id == work.id))
    else:
        said = {"supply": supply, "said_at": now, "said_by": actor.person_id}
        session.execute(
            insert_for(session, ModuleTax).values(module_id=work.id, **said)
            .on_conflict_do_update(index_elements=[ModuleTax.module_id], set_=said),
        )
    record(
        session, "module-tax-told", actor_id=actor.person_id, organisation_id=work.workspace.provider.id, about="module", about_id=work.id, now=now,
    )
    forget_rules()
    announce(session, VatDecided(work.workspace.provider.id))
