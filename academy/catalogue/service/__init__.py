"""Use cases of the catalogue."""

from academy.catalogue.service.importing import (
    MissingSupply,
    archive_missing,
    finish_import,
    link_prerequisites,
    missing_supply,
    switch_off_missing_offerings,
)
from academy.catalogue.service.modules import upsert_modules
from academy.catalogue.service.offerings import open_offering, upsert_offerings
from academy.catalogue.service.planning import (
    call_off_offering,
    copy_offering,
    extend_offering,
    found_offering,
    guarantee_offering,
    keep_offering,
    open_for_enrolment,
    plan_offering,
    promise_offering,
    replan_offering,
)
from academy.catalogue.service.programmes import upsert_programmes
from academy.catalogue.service.providing import register_place, register_provider
from academy.catalogue.service.publishing import trust_provider
from academy.catalogue.service.tailoring import draft_tailored

__all__ = [
    "MissingSupply", "archive_missing", "call_off_offering", "copy_offering", "draft_tailored", "extend_offering", "finish_import", "found_offering", "guarantee_offering",
    "keep_offering", "link_prerequisites", "missing_supply", "open_for_enrolment", "open_offering", "plan_offering", "promise_offering",
    "register_place", "register_provider", "replan_offering", "switch_off_missing_offerings", "trust_provider", "upsert_modules",
    "upsert_offerings", "upsert_programmes",
]
