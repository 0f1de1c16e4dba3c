"""Finished values for the pages on which one enrols others, or sends somebody else."""

from typing import Any

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment.pages.waiting import class_values
from academy.enrolment.queries import EnrolmentFacts
from academy.enrolment.service.together import MOST_TOGETHER
from academy.kernel.formats import money


def group_values(of: catalogue.OfferingOfModule, *, people: int) -> dict[str, Any]:
    """Return the class of a form with so many rows, and whether enrolling is a promise to pay."""
    price = of.offering.price
    return class_values(of) | {
        "is_free": price is None or price.is_zero, "each": money(price) if price else "", "may_add": people < MOST_TOGETHER,
        "alone_url": url_for("enrolment.enrol", code=of.offering.code),
    }


def substitute_values(facts: EnrolmentFacts) -> dict[str, Any]:
    """Return the seat that somebody else can have."""
    return class_values(facts.of) | {
        "url": url_for("enrolment.enrolment_page", code=facts.code), "asks_something": facts.of.prerequisites is not None,
    }
