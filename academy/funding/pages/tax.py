"""Finished values for what decides the VAT of a provider's modules."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3

from academy.catalogue.api import Workspace, kind_word
from academy.funding.forms.tax import BY_KIND
from academy.funding.kinds import SupplyKind, VatReason
from academy.funding.queries.pages_tax import ModuleTaxFacts, StatusFacts, TaxedModule, TaxFacts, status_on
from academy.funding.rules import ProviderStatus, decide, usual_supply
from academy.funding.words import reason_words, supply_words, vat_words
from academy.kernel.formats import in_current_language, money, short_day
from academy.kernel.translation import _

_TO_CHOOSE = (SupplyKind.REGULATED, SupplyKind.VOCATIONAL, SupplyKind.PERSONAL, SupplyKind.ADVICE)


def work_values(there: Workspace) -> dict[str, Any]:
    """Return the provider at whom one works, for the trail above each page."""
    names: dict[str, Any] = {"provider": there.provider.slug}
    return {
        "name": there.provider.name, "url": url_for("workspace.home", **names), "may_edit": there.rights.edit, "tax_url": url_for("tax.provider", **names),
    }


def provider_values(found: TaxFacts, *, today: date) -> dict[str, Any]:
    """Return what was said of a provider, and what that makes of each module that it publishes."""
    slug = found.there.provider.slug
    return {
        "statuses": [_status(one) for one in found.statuses], "is_known": found.status_on(today) is not None,
        "modules": [_module(slug, one, found.statuses, today) for one in found.modules], "count": found.count,
        "paging": {
            "pages": found.pages, "previous_url": _page_url(slug, found, -1), "next_url": _page_url(slug, found, 1),
            "links": [
                {"number": number, "current": number == found.page, "url": url_for("tax.provider", provider=slug, page=number)}
                for number in range(1, found.pages + 1)
            ],
        },
    }


def _page_url(slug: str, found: TaxFacts, step: int) -> str:
    page = found.page + step
    return url_for("tax.provider", provider=slug, page=page) if 1 <= page <= found.pages else ""


def _status(status: StatusFacts) -> dict[str, str]:
    return {
        "from_on": short_day(status.from_on), "recognised": _("erkende instelling") if status.is_recognised else _("geen erkende instelling"),
        "crkbo": _("in het CRKBO") if status.is_in_crkbo else _("niet in het CRKBO"),
    }


def _module(slug: str, module: TaxedModule, statuses: Sequence[StatusFacts], today: date) -> dict[str, Any]:
    status = _as_rule(status_on(statuses, today))
    supply = module.supply or _usual(module, status)
    reason = None if supply is None else decide(supply, status)
    return {
        "title": in_current_language(module.title), "kind": kind_word(module.kind), "price": "" if module.price is None else money(module.price),
        "supply": _("nog niet bekend") if supply is None else supply_words(supply), "is_chosen": module.supply is not None,
        "vat": vat_words(reason), "reason": reason_words(reason), "is_blocked": reason is None,
        "url": url_for("tax.module", provider=slug, module=module.slug),
    }


def module_values(found: ModuleTaxFacts, *, today: date) -> dict[str, Any]:
    """Return one module, with what the table says of it today."""
    return _module(found.there.provider.slug, found.module, found.statuses, today)


def choices(found: ModuleTaxFacts, *, today: date) -> list[SelectChoice]:
    """Return what a module can be to the tax office, each with what the table would then say."""
    status = _as_rule(status_on(found.statuses, today))
    usual = _usual(found.module, status)
    by_kind = _("Laat het van het soort module afhangen (%(kind)s)", kind=kind_word(found.module.kind))
    return [
        SelectChoice(BY_KIND, _outcome(by_kind, None if usual is None else decide(usual, status))),
        *(SelectChoice(each.value, _outcome(supply_words(each), decide(each, status))) for each in _TO_CHOOSE),
    ]


def _outcome(words: str, reason: VatReason | None) -> str:
    return f"{words}: {vat_words(reason)}"


def _usual(module: TaxedModule, status: ProviderStatus | None) -> SupplyKind | None:
    return None if status is None else usual_supply(module.kind.value, status)


def _as_rule(status: StatusFacts | None) -> ProviderStatus | None:
    return None if status is None else ProviderStatus(status.is_recognised, status.is_in_crkbo)
