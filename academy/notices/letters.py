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
from academy.kernel.formats import day
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


def way_in_letter(session: Session, change_id: UUID, person_id: UUID, what: str) -> Letter | None:
    """Return the letter that says what changed about a person's ways in; None when the account is erased."""
    person = accounts.people(session, [person_id]).get(person_id)
    if person is None or accounts.is_nobody(person.email):
        return None
    with writing_for(_language(person.language)):
        return _letter(
            "way_in_changed", change_id, person.email, person.language, name=person.name, change=accounts.way_in_words(what),
            url=url_for("factors.security", _external=True),
        )


def invitation_letter(session: Session, invitation_id: UUID, *, now: datetime) -> Letter | None:
    """Return the letter that asks its reader to act for an organisation; None when the invitation was answered, taken back or expired."""
    found = accounts.invitation_for_letter(session, invitation_id, now=now)
    if found is None:
        return None
    with writing_for(_language(found.language)):
        # Not who invites: of what a stranger typed, only the name of the organisation goes along, and that holds no address.
        letter = _letter(
            "invitation", found.id, found.email, found.language, organisation=found.organisation_name, role=accounts.role_word(found.role),
            duty=accounts.duty_words(found.role), until=day(amsterdam_day(found.expires_at)),
            url=url_for("organisations.invitation", token=accounts.invitation_token_for(found.id), _external=True),
        )
        return replace(letter, key=f"{letter.key}-{found.expires_at:%Y%m%d%H%M%S}")  # sent again, it is another letter


def approval_letter(session: Session, approval_id: UUID, *, now: datetime) -> Letter | None:
    """Return the letter that asks a parent, guardian or dean to let someone enrol; None when it was answered, or is too old."""
    found = accounts.approval_for_letter(session, approval_id, now=now)
    if found is None:
        return None
    with writing_for(_language(found.language)):
        # No names: a stranger typed them. The masked address is that of a proven account.
        return _letter(
            "approval", found.id, found.email, found.language, minor=found.minor_email, until=day(found.until),
            url=url_for("privacy.answer_approval", token=accounts.approval_token_for(found.id), _external=True),
        )


def ownership_letter(session: Session, event: accounts.OwnershipHandedOver, *, is_new: bool) -> Letter:
    """Return the letter that says who keeps the organisation from now on: to who does, or to who did."""
    there = accounts.organisation(session, event.organisation_id)
    new, former = accounts.person(session, event.to_id), accounts.person(session, event.from_id)
    person, other = (new, former) if is_new else (former, new)
    with writing_for(_language(person.language)):
        return _letter(
            "ownership_received" if is_new else "ownership_given", event.handover_id, person.email, person.language, name=person.name,
            other=other.name, organisation=there.name, url=url_for("organisations.organisation", slug=there.slug, _external=True),
        )


def enrolment_letter(session: Session, state: enrolment.EnrolmentState, enrolment_id: UUID) -> Letter | None:
    """Return the letter that says the enrolment is in `state`; None when it is so no more."""
    facts = enrolment.enrolment(session, enrolment_id)
    if facts is None or facts.state is not state:
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


def withdrawal_letter(session: Session, enrolment_id: UUID) -> Letter | None:
    """Return the letter that says that the provider called a class off, and why; None when its reader has left."""
    facts = enrolment.enrolment(session, enrolment_id)
    if facts is None:
        return None
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
