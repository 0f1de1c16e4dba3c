"""Finished values for who answers by the link in a letter: no more of the learner than deciding needs."""

from datetime import datetime
from typing import Any

from flask import url_for

from academy.funding.facts import AskFacts
from academy.funding.kinds import AskState
from academy.funding.links import ask_token_for
from academy.funding.queries.by_letter import AskedByLetter
from academy.kernel.formats import in_current_language, moment_text, money, short_day
from academy.kernel.money import FREE
from academy.kernel.translation import _


def asked_values(asked: AskedByLetter) -> dict[str, Any]:
    """Return what is asked: who, what, when, the price, what others pay, and what is left."""
    facts = asked.facts
    first, last = short_day(facts.delivered_from), short_day(facts.delivered_until)
    return {
        "who": asked.who, "what": facts.description, "provider": asked.supplier_name, "when": first if first == last else f"{first} – {last}", "why": facts.why,
        "firm": asked.firm_name, "passed_from": asked.passed_from, "own": money(facts.own), "own_cents": str(facts.own.cents),
        "until": moment_text(facts.own_until) if facts.own_until else "",
        "lines": [
            (_("De prijs"), money(facts.price), ""),
            *((_("%(source)s betaalt", source=in_current_language(name)), money(amount), "") for name, amount in asked.others),
            (_("Aan jullie gevraagd"), money(facts.own), ""),
        ],
    }


def decided_values(asked: AskedByLetter, *, now: datetime) -> dict[str, Any]:
    """Return what came of it, for a link that has done its work."""
    heading, words = _outcome(asked.facts, asked.who, now)
    token = ask_token_for(asked.facts.id)
    is_yes = asked.facts.state in {AskState.APPROVED, AskState.PART}
    return {
        "heading": heading, "words": words, "what": asked.facts.description, "firm": asked.firm_name if is_yes else "",
        "amount": money(asked.facts.amount) if is_yes and asked.facts.amount else "", "is_yes": is_yes,
        "signer": asked.facts.signer if is_yes else "",
        "invoice_url": url_for("by_letter.invoice", token=token) if asked.invoice_id is not None else "",
    }


def _outcome(facts: AskFacts, who: str, now: datetime) -> tuple[str, str]:
    amount = money(facts.amount or FREE)
    match facts.state:
        case AskState.APPROVED:
            return _("Toegezegd"), _(
                "Jullie betalen %(amount)s. %(who)s krijgt een e-mail. De factuur komt na afloop van de maand waarin de plek zeker is.",
                amount=amount, who=who,
            )
        case AskState.PART:
            return _("Voor een deel toegezegd"), _(
                "Jullie betalen %(amount)s, als %(who)s de rest zelf wil betalen. We hebben het gevraagd.", amount=amount, who=who,
            )
        case AskState.REFUSED:
            return _("Niet toegezegd"), _("Jullie betalen niets. %(who)s krijgt een e-mail met jouw uitleg.", who=who)
        case AskState.PASSED_ON:
            return _("Doorgestuurd"), _(
                "Dit bedrijf is hier al bekend. We vragen het aan wie daar over geld beslist. Jij hoeft niets meer te doen.",
            )
        case AskState.WITHDRAWN:
            return _("Niet meer nodig"), _("%(who)s betaalt zelf. Jullie hoeven niets te doen.", who=who)
        case _:
            is_late = facts.until <= now
            return _("Deze vraag is voorbij"), _("De tijd om te antwoorden is om. Jullie betalen niets.") if is_late else _(
                "De plek is teruggegeven. Jullie betalen niets.",
            )
