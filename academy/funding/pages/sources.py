"""Finished values for who keeps money for learning: sources, their budgets as bars, their rules, and what is to be done."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import url_for

from academy.accounts.api import OrganisationKind
from academy.funding.facts import BudgetFacts
from academy.funding.pages.rules import rule_values, when_words
from academy.funding.queries.pages_sources import GIVES, Keeper, KeeperFacts, SourceInWork
from academy.funding.words import source_word
from academy.kernel.figures import bar
from academy.kernel.formats import in_current_language, money, short_day
from academy.kernel.money import FREE, Money
from academy.kernel.translation import _, ngettext


def euros(amount: Money) -> str:
    """Return an amount; of nothing a number too, because it stands beside others."""
    return "€ 0" if amount.is_zero else money(amount)


def keeper_values(there: Keeper) -> dict[str, Any]:
    """Return at which organisation one works, for the trail above each page."""
    return {
        "name": there.name, "slug": there.slug, "may_keep": there.rights.keep, "may_approve": there.rights.approve, "url": home_url(there),
        "asked_url": url_for("approving.asked", organisation=there.slug), "new_url": url_for("sources.new", organisation=there.slug),
        "is_employer": there.kind is OrganisationKind.EMPLOYER, "invoices_url": _invoices_url(there), "seats_url": url_for("funded_seats.overview", organisation=there.slug),
    }


def _invoices_url(there: Keeper) -> str:
    """Return where the bills are, for who keeps the money and pays them."""
    pays = there.rights.keep and there.kind in {OrganisationKind.EMPLOYER, OrganisationKind.FUND, OrganisationKind.OFFICE}
    return url_for("invoices.bought", slug=there.slug) if pays else ""


def home_url(there: Keeper) -> str:
    """Return the page where the money of an organisation begins."""
    return url_for("employer_budget.budget" if there.kind is OrganisationKind.EMPLOYER else "sources.overview", organisation=there.slug)


def budget_values(budget: BudgetFacts) -> dict[str, Any]:
    """Return a budget as a bar, and the same in words."""
    parts = [("earmarked", budget.earmarked.cents), ("spent", budget.spent.cents)]
    return {
        "id": budget.id.hex, "name": budget.name, "days": _days(budget), "bar": bar(parts, budget.amount.cents), "amount": euros(budget.amount),
        "earmarked": euros(budget.earmarked), "spent": euros(budget.spent), "left": euros(budget.left),
    }


def _days(budget: BudgetFacts) -> str:
    return _("%(first)s tot en met %(last)s", first=short_day(budget.from_on), last=short_day(budget.until_on))


def sums(budgets: Iterable[BudgetFacts]) -> list[tuple[str, str]]:
    """Return the four numbers: what there is, what is promised, what is spent, what is free."""
    found = list(budgets)
    named = (
        (_("Budget"), [one.amount for one in found]), (_("Toegewezen"), [one.earmarked for one in found]),
        (_("Besteed"), [one.spent for one in found]), (_("Vrij"), [one.left for one in found]),
    )
    return [(label, euros(sum(amounts, FREE))) for label, amounts in named]


def source_row(there: Keeper, source: SourceInWork, *, today: date) -> dict[str, Any]:
    """Return a source in a list, with its budget of today and what it lacks."""
    return {
        "name": in_current_language(source.name), "kind": source_word(source.kind),
        "url": url_for("sources.source", organisation=there.slug, source=source.slug),
        "budgets": [budget_values(one) for one in source.budgets_on(today)], "lacks": _lacks(source, today=today),
    }


def _lacks(source: SourceInWork, *, today: date) -> str:
    if not any(rule.valid_until is None or rule.valid_until >= today for rule in source.rules):
        return _("Er is geen regel. Zonder regel betaalt dit budget niets.")
    if not any(budget.until_on >= today for budget in source.budgets):
        return _("Het budget is afgelopen. Zonder budget betaalt deze regeling niets.")
    return ""


def tasks(found: KeeperFacts, *, today: date) -> list[dict[str, str]]:
    """Return what is to be done, the most urgent first."""
    there, todo = found.keeper, []
    if there.rights.approve and found.to_approve:
        words = ngettext("%(num)s aanvraag wacht op jullie antwoord", "%(num)s aanvragen wachten op jullie antwoord", found.to_approve)
        todo.append({"label": _("Goedkeuren"), "title": words, "url": url_for("approving.asked", organisation=there.slug)})
    for source in found.sources if there.rights.keep else ():
        lacks = _lacks(source, today=today)
        if lacks:
            row = source_row(there, source, today=today)
            todo.append({"label": row["name"], "title": lacks, "url": row["url"]})
    return todo


def source_values(there: Keeper, source: SourceInWork, *, today: date) -> dict[str, Any]:
    """Return a source with its budgets, and its rules in force, to come and over."""
    names: dict[str, Any] = {"organisation": there.slug, "source": source.slug}
    rules = [
        (rule, rule_values(
            rule, today=today,
            next_url=url_for("funding_rules.following", rule=rule.id.hex, **names) if there.rights.keep and not source.is_followed(rule) else "",
        ))
        for rule in source.rules
    ]
    return {
        "name": in_current_language(source.name), "kind": source_word(source.kind), "slug": source.slug,
        "explanation": in_current_language(source.explanation), "url": url_for("sources.source", **names),
        "budgets": [
            {**budget_values(one), "resize_url": url_for("sources.resize", budget=one.id.hex, **names)}
            for one in source.budgets if one.until_on >= today
        ],
        "now": [values for rule, values in rules if rule.counts_on(today)],
        "later": [values for rule, values in rules if rule.valid_from > today],
        "over": [
            {"name": values["name"], "pays": values["pays"], "when": when_words(rule)} for rule, values in rules
            if rule.valid_until is not None and rule.valid_until < today
        ],
        "new_rule_url": url_for("funding_rules.new", **names), "new_budget_url": url_for("sources.new_budget", **names),
        "lacks": _lacks(source, today=today),
    }


def kind_words(there: Keeper) -> str:
    """Return what an organisation can give, when that is one kind of money; else nothing, because the form asks it."""
    kinds = GIVES[there.kind]
    return source_word(kinds[0]) if len(kinds) == 1 else ""


def people_choices(found: KeeperFacts, chosen: SourceInWork | None) -> list[dict[str, Any]]:
    """Return the budgets to choose from, where there are several."""
    if chosen is None or len(found.sources) == 1:
        return []
    return [
        {
            "label": in_current_language(one.name), "current": one.id == chosen.id,
            "url": url_for("employer_budget.budget", organisation=found.keeper.slug, source=one.slug, _anchor="people"),
        }
        for one in found.sources
    ]


def people_values(there: Keeper, source: SourceInWork, emails: Sequence[str]) -> dict[str, Any]:
    """Return who may use a budget, with what takes each off the list."""
    names: dict[str, Any] = {"organisation": there.slug, "source": source.slug}
    return {
        "source": in_current_language(source.name), "emails": emails, "add_url": url_for("employer_budget.add_people", **names), "remove_url": url_for("employer_budget.remove_person", **names),
        "count": ngettext("%(num)s adres", "%(num)s adressen", len(emails)),
    }
