"""Rules, seats and situations to decide on; a test names only what matters to it."""

from datetime import date
from typing import Any

from academy.funding.kinds import PayerCategory, SourceKind
from academy.funding.rules import Asked, RuleFacts, Situation
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.kernel.text import Localized

TODAY = date(2026, 9, 1)
PROVIDER = new_id()
NOBODY = Situation()


def rule(**changes: Any) -> RuleFacts:
    """Return a rule of a source of its own that pays half of everything for everybody."""
    rule_id = changes.pop("id", None) or new_id()
    values: dict[str, Any] = {
        "id": rule_id, "first_id": rule_id, "follows_id": None, "source_id": new_id(), "source_slug": "fonds", "source_name": Localized("Fonds"),
        "kind": SourceKind.SECTOR_FUND, "category": PayerCategory.SECTOR, "owner_id": new_id(), "name": Localized("Regel"),
        "valid_from": date(2026, 1, 1), "valid_until": None, "percentage": 5_000, "position": 10,
    }
    return RuleFacts(**(values | changes))


def asked(**changes: Any) -> Asked:
    """Return a seat in a loose module of 100 euros without VAT."""
    values: dict[str, Any] = {"module_kind": "loose_module", "provider_id": PROVIDER, "price": Money(100_00), "vat": FREE, "on": TODAY}
    return Asked(**(values | changes))
