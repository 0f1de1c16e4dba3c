"""Writing letters: present facts in, a finished letter in the reader's language out."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.enrolment import api as enrolment
from academy.kernel.clock import amsterdam_day
from academy.kernel.text import Language
from academy.kernel.web import render, writing_for
from academy.notices.gateway import Letter
from academy.search import api as search

_MOST_IN_LETTER: Final = 10


def sign_in_letter(session: Session, link_id: UUID, *, now: datetime) -> Letter | None:
    """Return the letter with a sign-in link; None when the link has no use any more."""
    link = accounts.link_for_letter(session, link_id, now=now)
    if link is None:
        return None
    kind = "sign_in_link" if link.kind is accounts.LinkKind.SIGN_IN else str(link.kind)
    kind = {"welcome": "welcome_link"}.get(kind, kind)
    minutes = int(accounts.LINK_LIFETIME.total_seconds() // 60)
    with writing_for(_language(link.language)):
        url = url_for("accounts.open_link", token=accounts.token_for(link_id), _external=True)
        # No name: a stranger typed it, and a letter of ours must not carry a stranger's words to any address.
        return _letter(kind, link_id, link.email, link.language, name="", url=url, minutes=minutes)


def enrolment_letter(session: Session, state: enrolment.EnrolmentState, enrolment_id: UUID) -> Letter | None:
    """Return the letter that says the enrolment is in `state`; None when it is so no more."""
    facts = enrolment.enrolment(session, enrolment_id)
    if facts.state is not state:
        return None
    kind = f"enrolment_{state.value}"
    person = accounts.person(session, facts.person_id)
    offering = facts.of.offering
    with writing_for(_language(person.language)):
        return _letter(
            kind, enrolment_id, person.email, person.language,
            name=person.name,
            module_title=facts.of.module_title.in_language(_language(person.language)),
            provider=facts.of.provider_name,
            dates=catalogue.dates_words(offering),
            schedule=catalogue.schedule_words(offering.weekdays, offering.part_of_day),
            place=catalogue.place_words(offering),
            url=url_for("enrolment.enrolment_page", code=facts.code, _external=True),
            search_url=url_for("search.results", _external=True),
        )


def check_letter(session: Session, step_id: UUID) -> Letter | None:
    """Return the letter that says what the programme office decided, for who submitted the module; None when nobody did."""
    outcome = catalogue.check_outcome(session, step_id)
    if outcome is None:
        return None
    approved = outcome.act is catalogue.PublicationAct.PUBLISHED
    person = accounts.person(session, outcome.submitter_id)
    language = _language(person.language)
    with writing_for(language):
        work = url_for("catalogue.module_in_work", provider=outcome.provider_slug, module=outcome.module_slug, _external=True)
        public = url_for("enrolment.module_page", slug=outcome.module_slug, _external=True)
        return _letter(
            "module_approved" if approved else "module_sent_back", step_id, person.email, person.language,
            name=person.name, module_title=outcome.module_title.in_language(language), provider=outcome.provider_name,
            reason=outcome.reason, url=public if approved else work,
        )


def withdrawal_letter(session: Session, enrolment_id: UUID) -> Letter:
    """Return the letter that says that the provider called a class off, and why."""
    facts = enrolment.enrolment(session, enrolment_id)
    person = accounts.person(session, facts.person_id)
    language = _language(person.language)
    with writing_for(language):
        return _letter(
            "class_called_off", enrolment_id, person.email, person.language,
            name=person.name, module_title=facts.of.module_title.in_language(language), provider=facts.of.provider_name,
            dates=catalogue.dates_words(facts.of.offering), reason=catalogue.cancel_reason(session, facts.of.offering.id),
            url=url_for("enrolment.module_page", slug=facts.of.module_slug, _external=True),
        )


def saved_search_letter(session: Session, saved_search_id: UUID) -> Letter | None:
    """Return the letter that asks whether the address is theirs; None when it is answered already, or taken away."""
    kept = search.unconfirmed(session, saved_search_id)
    if kept is None or kept.email is None:
        return None
    with writing_for(kept.language):
        # Not what was asked: a stranger typed it, and a letter of ours must not carry a stranger's words to any address.
        url = _saved_search_url(kept)
        return replace(_letter("saved_search", kept.id, kept.email, kept.language, url=url), stop_url=url)


def new_fits_letter(session: Session, letter_id: UUID, *, now: datetime) -> Letter | None:
    """Return the letter that names what is new for a saved search; None when nothing of it is there any more, or it was stopped."""
    found = search.new_fits(session, letter_id)
    kept = None if found is None else found.saved
    if found is None or kept is None or kept.email is None:
        return None
    with writing_for(kept.language):
        fits = _fits(session, found.documents, kept.language, now)
        if not fits:
            return None
        asked = urlencode([*([("q", kept.query)] if kept.query else []), *kept.parameters])
        stop_url = _saved_search_url(kept)
        return replace(
            _letter(
                "new_fits", letter_id, kept.email, kept.language, query=kept.query, fits=fits[:_MOST_IN_LETTER], number=len(fits),
                more=max(0, len(fits) - _MOST_IN_LETTER), search_url=f"{url_for('search.results', _external=True)}?{asked}", stop_url=stop_url,
            ),
            stop_url=stop_url,
        )


def _saved_search_url(kept: search.Saved) -> str:
    return url_for("searches.by_link", token=search.token_for(kept.id), _external=True)


def _fits(session: Session, documents: Iterable[str], language: Language, now: datetime) -> list[dict[str, str]]:
    """Return title, provider and address of what the documents stand for, as far as it is public now."""
    ids: dict[str, list[UUID]] = {"module": [], "programme": []}
    for document in documents:
        kind, _colon, number = document.partition(":")
        ids.get(kind, []).append(UUID(number))
    modules = catalogue.module_facts(session, today=amsterdam_day(now), module_ids=ids["module"]) if ids["module"] else ()
    programmes = catalogue.programmes(session, programme_ids=ids["programme"]) if ids["programme"] else ()
    named = [(each.title, each.provider.name, "enrolment.module_page", each.slug) for each in modules]
    named += [(each.title, each.provider_name, "catalogue.programme_page", each.slug) for each in programmes]
    return [
        {"title": title.in_language(language), "provider": provider, "url": url_for(endpoint, slug=slug, _external=True)}
        for title, provider, endpoint, slug in named
    ]


def _letter(kind: str, about: UUID, to: str, language: str, **values: object) -> Letter:
    subject = " ".join(render(f"notices/mail/{kind}.subject.txt", **values).split())
    return Letter(
        key=f"{kind.replace('_', '-')}-{about}",
        to=to,
        subject=subject,
        text=render(f"notices/mail/{kind}.txt", subject=subject, **values),
        html=render(f"notices/mail/{kind}.html", subject=subject, **values),
        language=language,
    )


def _language(text: str) -> Language:
    return "en" if text == "en" else "nl"
