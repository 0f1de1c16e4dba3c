"""What letters about seats and classes have in common: to whom, and the facts and links that come back."""

from collections.abc import Callable, Collection
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.enrolment import api as enrolment
from academy.kernel.formats import in_current_language
from academy.kernel.translation import _
from academy.kernel.web import writing_for
from academy.notices.gateway import Letter
from academy.notices.message import Said, language_of, letter_saying

Facts = enrolment.EnrolmentFacts


def to_person(person: accounts.PersonFacts, kind: str, about: object, say: Callable[[], Said]) -> Letter:
    """Return a letter in the language of its reader; `about` and the kind make it one letter, however often it is sent."""
    with writing_for(language_of(person.language)):
        return letter_saying(say(), kind, about, person.email, person.language)


def to_learner(
    session: Session, kind: str, enrolment_id: UUID, states: Collection[enrolment.EnrolmentState], say: Callable[[Facts], Said | None], *,
    version: str = "",
) -> list[Letter]:
    """Return the letter to who has an enrolment; none when it is in none of these states any more, for then it has no meaning.

    `version` tells letters of one kind about one enrolment apart, where there is more than one in the course of time.
    """
    facts = enrolment.enrolment(session, enrolment_id)
    if facts is None or facts.state not in states:
        return []
    person = accounts.person(session, facts.person_id)
    with writing_for(language_of(person.language)):
        said = say(facts)
        about = f"{enrolment_id}-{version}" if version else enrolment_id
        return [] if said is None else [letter_saying(said, kind, about, person.email, person.language)]


def to_planners(session: Session, kind: str, about: UUID, of: catalogue.OfferingOfModule, say: Callable[[], Said]) -> list[Letter]:
    """Return a letter to each who plans classes at the provider; where nobody does, to its owners."""
    return [to_person(person, kind, f"{about.hex}-{person.id.hex}", say) for person in planners_at(session, of.provider_id)]


def planners_at(session: Session, provider_id: UUID) -> list[accounts.PersonFacts]:
    """Return who plans classes at a provider; where nobody does, its owners."""
    found = accounts.people_in_role(session, accounts.Role.PLANNER, organisation_id=provider_id)
    return found or accounts.people_in_role(session, accounts.Role.OWNER, organisation_id=provider_id)


def title_of(of: catalogue.OfferingOfModule) -> str:
    """Return the title of the module in the reader's language."""
    return in_current_language(of.module_title)


def class_facts(of: catalogue.OfferingOfModule) -> tuple[tuple[str, str], ...]:
    """Return who gives a class, when and where."""
    return (
        (_("Aanbieder"), of.provider_name),
        (_("Wanneer"), catalogue.dates_words(of.offering)),
        (_("Dag en tijd"), catalogue.schedule_words(of.offering.weekdays, of.offering.part_of_day)),
        (_("Plaats"), catalogue.place_words(of.offering)),
    )


def code_fact(code: str) -> tuple[str, str]:
    """Return the number by which one names one's enrolment."""
    return _("Nummer van je inschrijving"), code


def to_enrolment(facts: Facts) -> tuple[str, str]:
    """Return the link to one's enrolment."""
    return _("Bekijk je inschrijving"), url_for("enrolment.enrolment_page", code=facts.code, _external=True)


def to_module(of: catalogue.OfferingOfModule) -> tuple[str, str]:
    """Return the link to a module with its other moments."""
    return _("Bekijk de module"), url_for("enrolment.module_page", slug=of.module_slug, _external=True)


def price_fact(of: catalogue.OfferingOfModule) -> tuple[str, str]:
    """Return what a class costs."""
    return _("Prijs"), catalogue.price_words(of.offering.price, of.offering.price_note)


def contact_facts(session: Session, of: catalogue.OfferingOfModule) -> tuple[tuple[str, str], ...]:
    """Return who gives a class and how one reaches them."""
    provider = catalogue.provider_facts(catalogue.provider_by_slug(session, of.provider_slug))
    return (_("Aanbieder"), provider.name), (_("E-mailadres van de aanbieder"), provider.contact_email), (_("Telefoon"), provider.contact_phone)


def to_withdrawing(facts: Facts) -> tuple[str, str]:
    """Return the link to the withdrawal function, with the number of the enrolment filled in."""
    return _("Herroep hier je overeenkomst"), url_for("leaving.withdraw", code=facts.code, _external=True)


def leave_url(facts: Facts) -> str:
    """Return the link with which one leaves a line, or lets an offer go, without signing in."""
    return url_for("waiting.leave", token=enrolment.waiting_token_for(facts.id), _external=True)
