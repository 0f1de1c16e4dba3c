"""Finished values for the pages about leaving."""

from datetime import datetime
from typing import Any

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment import rules, words
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.queries import EnrolmentFacts
from academy.enrolment.queries.leaving import Contract
from academy.enrolment.rules.withdrawing import Right
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day, in_current_language, money
from academy.kernel.translation import _


def contract_values(contract: Contract) -> dict[str, Any]:
    """Return what an enrolment says as a contract that its learner withdraws from."""
    facts = contract.facts
    is_open, is_done = contract.right is Right.OPEN, contract.right is Right.WITHDRAWN
    why_not, next_step = ("", "") if is_open else words.why_not_words(contract.right, contract.until)
    return {
        "code": facts.code,
        "title": in_current_language(facts.of.module_title),
        "provider": facts.of.provider_name,
        "dates": catalogue.dates_words(facts.of.offering),
        "url": url_for("enrolment.enrolment_page", code=facts.code),
        "withdraw_url": url_for("leaving.withdraw", code=facts.code),
        "until": words.last_moment_words(contract.until),
        "is_open": is_open,
        "is_done": is_done,
        "withdrawn_at": words.exact_moment(contract.withdrawn_at) if contract.withdrawn_at else "",
        "cost": words.owed_words(price=contract.price, owed=contract.owed, held=contract.held, meetings=contract.meetings) if is_open or is_done else "",
        "why_not": why_not,
        "next_step": next_step,
    }


def cancel_values(facts: EnrolmentFacts, *, payer: str = "", now: datetime) -> dict[str, Any]:
    """Return what giving a place back costs and until when one can; what is not sure yet costs nothing, at any time. `payer` bought it, and owes that."""
    terms = facts.cancel_terms(amsterdam_day(now))
    is_sure = facts.state in {EnrolmentState.CONFIRMED, EnrolmentState.FINISHED}
    return {
        "cost": _("%(cost)s, voor %(name)s", cost=money(terms.cost), name=payer) if payer and not terms.cost.is_zero else money(terms.cost),
        "until": day(terms.last_day) if is_sure else "",
        "is_too_late": is_sure and not rules.may_cancel(starts_on=facts.of.offering.starts_on, today=amsterdam_day(now)),
        "withdraw_url": url_for("leaving.withdraw", code=facts.code),
    }
