"""Finished values for what a provider asks and allows, and how the credits of a module are divided over its outcomes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for

from academy.kernel.formats import credits_text, shown
from academy.kernel.translation import _, ngettext
from academy.recognition.forms.terms import HEAVIEST, WeightsForm
from academy.recognition.pages.desk import paging
from academy.recognition.queries.outcomes import ModuleToClaim
from academy.recognition.queries.terms import TermsThere
from academy.recognition.rules.credits import shares


def terms_values(found: TermsThere) -> dict[str, Any]:
    """Return what stands beside the form: what is wrong with the exam board, and a page of the modules."""
    slug = found.desk.slug

    def at(page: int) -> str:
        return url_for("recognition_terms.terms", provider=slug, page=page if page > 1 else None)

    return {
        "board_words": _board_words(found), "modules": [_module(slug, each) for each in found.modules], "paging": paging(found.page, found.pages, at),
        "members_url": url_for("organisations.organisation", slug=slug),
    }


def _board_words(found: TermsThere) -> str:
    if not found.members:
        return _("Jullie examencommissie heeft geen leden. Zolang dat zo is, blijft elke aanvraag liggen: niets wordt vanzelf besloten.")
    if found.members < found.terms.signatures:
        return _("Jullie examencommissie heeft één lid, en een besluit vraagt twee handtekeningen. Nodig nog een lid uit, of kies een handtekening.")
    return ""


def _module(slug: str, module: ModuleToClaim) -> dict[str, Any]:
    number = len(module.outcomes)
    return {
        "title": shown(module.title), "code": module.code, "ec": "" if module.ec is None else f"{credits_text(module.ec)} EC",
        "outcomes": ngettext("%(num)s leeruitkomst", "%(num)s leeruitkomsten", number) if number else "",
        "is_weighed": len({each.weight for each in module.outcomes}) > 1,
        "url": url_for("recognition_terms.weights", provider=slug, module=module.slug) if number else "",
    }


def weights_values(slug: str, module: ModuleToClaim, form: WeightsForm) -> dict[str, Any]:
    """Return the outcomes of a module with their fields, and what each would be worth; no shares as long as a weight is not one."""
    worth: Mapping[UUID, str] = {}
    if all(_is_weight(form.weight_field(each)) for each in form.outcome_ids):
        parts = shares(module.ec, [int(form.weight_field(each).data) for each in form.outcome_ids])
        worth = {each: f"{credits_text(part)} EC" for each, part in zip(form.outcome_ids, parts, strict=True)}
    return {
        "title": shown(module.title), "ec": "" if not module.ec else f"{credits_text(module.ec)} EC",
        "outcomes": [
            {"number": number, "wording": shown(each.wording), "field": form.weight_field(each.id), "worth": worth.get(each.id, "")}
            for number, each in enumerate(module.outcomes, start=1)
        ],
        "url": url_for("recognition_terms.weights", provider=slug, module=module.slug),
        "shares_url": url_for("recognition_terms.shares", provider=slug, module=module.slug),
        "is_known": bool(worth),
    }


def _is_weight(field: Any) -> bool:  # noqa: ANN401 - a bound field
    """Tell whether a field holds a weight; what could not be read leaves the former one in it."""
    return not field.process_errors and isinstance(field.data, int) and 1 <= field.data <= HEAVIEST
