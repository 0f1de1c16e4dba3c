"""What higher rooms may call of the catalogue."""

from academy.catalogue.drafts import (
    ModuleDraft,
    OfferingDraft,
    PlaceDraft,
    ProgrammeDraft,
    ProviderDraft,
    UpsertCount,
)
from academy.catalogue.errors import ModuleNotFound, OfferingNotFound, ProviderNotFound
from academy.catalogue.events import ModuleChanged, ProgrammeArranged, ProviderImported
from academy.catalogue.facts import (
    ModuleFacts,
    ModulePage,
    ModuleSummary,
    OfferingFacts,
    OfferingOfModule,
    PlaceFacts,
    ProgrammePage,
    ProgrammeSummary,
    ProviderFacts,
    ProviderPage,
)
from academy.catalogue.models import (
    DeliveryMode,
    ModuleKind,
    OfferingState,
    PartOfDay,
    PlaceKind,
    ProviderKind,
)
from academy.catalogue.queries import (
    module_facts,
    module_page,
    modules_by_words,
    offering_for_enrolment,
    offerings_by_id,
    programme_page,
    programmes,
    provider_by_slug,
    provider_facts,
    provider_page,
    providers,
    published_module_ids,
)
from academy.catalogue.rules import AD_CREDITS, HOURS_PER_EC, LEVELS, SECTORS, WEEKDAYS, credits_gap, hours_of_study
from academy.catalogue.service import (
    arrange_programme,
    finish_import,
    open_offering,
    register_place,
    register_provider,
    upsert_modules,
    upsert_programmes,
)
from academy.catalogue.words import (
    dates_words,
    kind_word,
    language_word,
    level_word,
    mode_word,
    part_of_day_word,
    place_words,
    schedule_words,
    sector_word,
    variant_word,
    weekday_word,
)

__all__ = [
    "AD_CREDITS", "HOURS_PER_EC", "LEVELS", "SECTORS", "WEEKDAYS", "DeliveryMode", "ModuleChanged", "ModuleDraft",
    "ModuleFacts", "ModuleKind", "ModuleNotFound", "ModulePage", "ModuleSummary", "OfferingDraft", "OfferingFacts",
    "OfferingNotFound", "OfferingOfModule", "OfferingState", "PartOfDay", "PlaceDraft", "PlaceFacts",
    "PlaceKind", "ProgrammeArranged", "ProgrammeDraft", "ProgrammePage", "ProgrammeSummary", "ProviderDraft", "ProviderFacts",
    "ProviderImported", "ProviderKind", "ProviderNotFound", "ProviderPage", "UpsertCount", "arrange_programme",
    "credits_gap", "dates_words", "finish_import", "hours_of_study", "kind_word", "language_word", "level_word", "mode_word",
    "module_facts", "module_page", "modules_by_words", "offering_for_enrolment", "offerings_by_id", "open_offering",
    "part_of_day_word", "place_words", "programme_page", "programmes", "provider_by_slug", "provider_facts", "provider_page", "providers",
    "published_module_ids", "register_place", "register_provider", "schedule_words", "sector_word", "upsert_modules",
    "upsert_programmes", "variant_word", "weekday_word",
]
