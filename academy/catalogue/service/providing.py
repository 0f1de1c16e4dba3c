"""Providers, their places, and the names and codes by which they are known."""

from collections.abc import Sequence
from dataclasses import fields
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from academy.accounts import api as accounts
from academy.catalogue.drafts import CodeDraft, FormerName, PlaceDraft, ProviderDraft
from academy.catalogue.models import ExternalCode, Place, Provider, ProviderName
from academy.kernel.ids import new_id

_ELSEWHERE = {"former_names", "codes", "provider"}  # in rows of their own


def register_provider(session: Session, draft: ProviderDraft) -> UUID:
    """Create the provider with its organisation, or bring it up to date; returns its id.

    A new name puts the one of before in the history.
    """
    provider = session.scalars(select(Provider).where(Provider.slug == draft.slug)).one_or_none()
    former = draft.former_names
    if provider is None:
        organisation_id = accounts.register_organisation(
            session, slug=draft.slug, name=draft.name, kind=accounts.OrganisationKind.PROVIDER,
        )
        provider = Provider(id=organisation_id, slug=draft.slug)
        session.add(provider)
    elif provider.name != draft.name:
        former = (*former, FormerName(provider.name))
    for field in fields(draft):
        if field.name not in _ELSEWHERE:
            setattr(provider, field.name, getattr(draft, field.name))
    session.flush()
    _keep_former_names(session, provider.id, former)
    set_codes(session, ExternalCode.provider_id, provider.id, draft.codes)
    session.flush()
    return provider.id


def _keep_former_names(session: Session, provider_id: UUID, names: Sequence[FormerName]) -> None:
    known = {row.name: row for row in session.scalars(select(ProviderName).where(ProviderName.provider_id == provider_id))}
    for former in names:
        row = known.get(former.name)
        if row is None:
            row = ProviderName(id=new_id(), provider_id=provider_id, name=former.name)
            known[former.name] = row
            session.add(row)
        row.used_from, row.used_until = former.used_from or row.used_from, former.used_until or row.used_until


def set_codes(
    session: Session, subject: InstrumentedAttribute[UUID | None], subject_id: UUID, codes: Sequence[CodeDraft],
) -> bool:
    """Give the subject these codes and no others; tells whether anything differed."""
    rows = session.scalars(select(ExternalCode).where(subject == subject_id)).all()
    there = {(row.scheme, row.value, row.valid_from, row.valid_until): row.id for row in rows}
    wanted = {(code.scheme, code.value, code.valid_from, code.valid_until) for code in codes}
    gone = [row_id for key, row_id in there.items() if key not in wanted]
    if gone:
        session.execute(delete(ExternalCode).where(ExternalCode.id.in_(gone)))
    session.add_all(
        ExternalCode(id=new_id(), **{subject.key: subject_id}, scheme=scheme, value=value, valid_from=since, valid_until=until)
        for scheme, value, since, until in sorted(wanted - set(there), key=str)
    )
    return bool(gone) or bool(wanted - set(there))


def register_place(session: Session, draft: PlaceDraft) -> UUID:
    """Create the place, or bring it up to date; returns its id."""
    place = session.scalars(select(Place).where(Place.key == draft.key)).one_or_none()
    if place is None:
        place = Place(id=new_id(), key=draft.key)
        session.add(place)
    for field in fields(draft):
        if field.name not in _ELSEWHERE:
            setattr(place, field.name, getattr(draft, field.name))
    place.provider_id = None
    if draft.provider:
        place.provider_id = session.scalars(select(Provider.id).where(Provider.slug == draft.provider)).one()
    session.flush()
    return place.id
