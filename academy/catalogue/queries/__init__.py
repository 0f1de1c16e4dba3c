"""Reads of the catalogue; frozen facts come out."""

from academy.catalogue.queries.addresses import sitemap_part, sitemap_size
from academy.catalogue.queries.copying import offering_facts, provider_facts
from academy.catalogue.queries.deciding import offerings_beside, offerings_soon, offerings_to_decide
from academy.catalogue.queries.module_page import module_page
from academy.catalogue.queries.modules import module_facts, modules_by_words, published_module_ids
from academy.catalogue.queries.naming import (
    ModuleCard,
    module_cards,
    module_keys,
    modules_by_name,
    modules_by_slug,
    place_keys,
)
from academy.catalogue.queries.offerings import (
    cancel_reason,
    ended_offerings,
    offering_for_calendar,
    offering_for_enrolment,
    offering_of_provider,
    offering_with_code,
    offerings_at,
    offerings_by_id,
    online_offerings_ahead,
    seats_offered,
    unfinished_offerings,
    with_meetings,
)
from academy.catalogue.queries.programmes import programme_page, programmes, requirements_of
from academy.catalogue.queries.providers import (
    modules_training,
    provider_by_slug,
    provider_page,
    providers,
    providers_by_code,
    register_codes,
    tell_of_providers,
    told_of,
)
from academy.catalogue.queries.publication import ModuleVersionFacts, check_outcome, module_version
from academy.catalogue.queries.workspace import (
    MODULES_PER_PAGE,
    ModuleInWork,
    ModuleRow,
    OfferingInWork,
    Task,
    Workspace,
    module_for_planning,
    module_table,
    offering_for_planning,
    offering_for_reading,
    places,
    tasks,
    workspace_for_answering,
    workspace_for_planning,
    workspace_for_reading,
)

__all__ = [
    "MODULES_PER_PAGE", "ModuleCard", "ModuleInWork", "ModuleRow", "ModuleVersionFacts", "OfferingInWork", "Task", "Workspace", "cancel_reason",
    "check_outcome", "ended_offerings", "module_cards", "module_facts", "module_for_planning", "module_keys", "module_page", "module_table",
    "module_version", "modules_by_name", "modules_by_slug", "modules_by_words", "modules_training", "offering_facts", "offering_for_calendar", "offering_for_enrolment",
    "offering_for_planning", "offering_for_reading", "offering_of_provider", "offering_with_code", "offerings_at", "offerings_beside", "offerings_by_id",
    "offerings_soon", "offerings_to_decide", "online_offerings_ahead", "place_keys", "places", "programme_page",
    "programmes", "provider_by_slug", "provider_facts", "provider_page", "providers", "providers_by_code", "published_module_ids",
    "register_codes", "requirements_of", "seats_offered", "sitemap_part", "sitemap_size", "tasks", "tell_of_providers", "told_of",
    "unfinished_offerings", "with_meetings", "workspace_for_answering", "workspace_for_planning", "workspace_for_reading",
]
