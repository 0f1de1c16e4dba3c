"""Yearly caps: of what a rule pays in a calendar year for one person, one firm, and the seats of one provider."""

from typing import Protocol
from uuid import UUID, uuid5

from academy.kernel.money import Money

Caps = tuple[tuple[UUID, Money], ...]  # for whom, and how much at most


class Capped(Protocol):
    """A rule as a row or as facts."""

    @property
    def cap_person_year(self) -> Money | None: ...

    @property
    def cap_firm_year(self) -> Money | None: ...

    @property
    def cap_provider_year(self) -> Money | None: ...


def yearly_caps(rule: Capped) -> tuple[Money | None, Money | None, Money | None]:
    """Return the caps of a rule in the order of `subjects_of_caps`."""
    return rule.cap_person_year, rule.cap_firm_year, rule.cap_provider_year


def subjects_of_caps(person_id: UUID | None, firm_id: UUID | None, provider_id: UUID) -> tuple[UUID | None, UUID | None, UUID]:
    """Return for whom a seat counts under each of the caps."""
    return person_id, firm_id, cap_subject_of_provider(provider_id)


def cap_subject_of_provider(provider_id: UUID) -> UUID:
    """Return under which id the cap of a provider is counted: not its own, for a provider is the employer of its people too."""
    return uuid5(provider_id, "provider")
