"""What search does when the catalogue or the seats change; outside a transaction and repeatable: the present state is read."""

from datetime import datetime

from academy.catalogue.api import ModuleChanged, ProgrammeArranged, ProviderImported
from academy.enrolment.api import SeatsChanged
from academy.kernel.outbox import subscribe
from academy.search import occupations, service
from academy.skills.api import VersionLoaded


def register() -> None:
    """Subscribe once per process."""
    subscribe("search.refresh-module", ModuleChanged, outside=_refresh_module)
    subscribe("search.refresh-provider", ProviderImported, outside=_refresh_provider)
    subscribe("search.refresh-programme", ProgrammeArranged, outside=_refresh_programme)
    subscribe("search.refresh-seats", SeatsChanged, outside=_refresh_seats)
    subscribe("search.refresh-occupations", VersionLoaded, outside=_refresh_occupations)


def _refresh_module(event: ModuleChanged, now: datetime) -> None:
    service.refresh_modules([event.module_id], now=now)


def _refresh_provider(event: ProviderImported, now: datetime) -> None:
    service.refresh_provider(event.provider_id, now=now)


def _refresh_programme(event: ProgrammeArranged, now: datetime) -> None:
    service.refresh_programme(event.programme_id, now=now)


def _refresh_seats(event: SeatsChanged, now: datetime) -> None:
    service.refresh_offering(event.offering_id, now=now)


def _refresh_occupations(_event: VersionLoaded, _now: datetime) -> None:
    occupations.rebuild()
