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
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day
from academy.kernel.text import Language
from academy.kernel.translation import _
from academy.kernel.web import writing_for
from academy.notices.gateway import Letter
from academy.notices.message import Said, language_of, letter_of, letter_saying
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
    with writing_for(language_of(link.language)):
        url = url_for("accounts.open_link", token=accounts.token_for(link_id), _external=True)
        # No name: a stranger typed it, and a letter of ours must not carry a stranger's words to any address.
        return letter_of(kind, link_id, link.email, link.language, name="", url=url, minutes=minutes)


def way_in_letter(session: Session, change_id: UUID, person_id: UUID, what: str) -> Letter | None:
    """Return the letter that says what changed about a person's ways in; None when the account is erased."""
    person = accounts.people(session, [person_id]).get(person_id)
    if person is None or accounts.is_nobody(person.email):
        return None
    with writing_for(language_of(person.language)):
        return letter_of(
            "way_in_changed", change_id, person.email, person.language, name=person.name, change=accounts.way_in_words(what),
            url=url_for("factors.security", _external=True),
        )


def unused_letter(session: Session, person_id: UUID) -> Letter | None:
    """Return the letter that says that an account nobody uses ends; None when its owner came back or left."""
    ends_on = accounts.ends_unused_on(session, person_id)
    if ends_on is None:
        return None
    person = accounts.person(session, person_id)
    with writing_for(language_of(person.language)):
        said = Said(
            _("Je gebruikt je account al twee jaar niet"),
            (_(
                "Je hebt twee jaar niet ingelogd bij AD Academy. Op %(day)s wissen we je account, want zonder jou heeft het geen doel. "
                "Wil je het houden? Log dan vóór die dag één keer in.", day=day(ends_on),
            ),),
            link=(_("Log in en houd je account"), url_for("accounts.sign_in", _external=True)),
            after=(_("Hoef je je account niet meer? Dan hoef je niets te doen. Wat er precies gebeurt, lees je op de pagina over privacy."),),
        )
        return letter_saying(said, "account-unused", f"{person_id}-{ends_on:%Y%m%d}", person.email, person.language)


def invitation_letter(session: Session, invitation_id: UUID, *, now: datetime) -> Letter | None:
    """Return the letter that asks its reader to act for an organisation; None when the invitation was answered, taken back or expired."""
    found = accounts.invitation_for_letter(session, invitation_id, now=now)
    if found is None:
        return None
    with writing_for(language_of(found.language)):
        # Not who invites: of what a stranger typed, only the name of the organisation goes along, and that holds no address.
        letter = letter_of(
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
    with writing_for(language_of(found.language)):
        # No names: a stranger typed them. The masked address is that of a proven account.
        return letter_of(
            "approval", found.id, found.email, found.language, minor=found.minor_email, until=day(found.until),
            url=url_for("privacy.answer_approval", token=accounts.approval_token_for(found.id), _external=True),
        )


def ownership_letter(session: Session, event: accounts.OwnershipHandedOver, *, is_new: bool) -> Letter:
    """Return the letter that says who keeps the organisation from now on: to who does, or to who did."""
    there = accounts.organisation(session, event.organisation_id)
    new, former = accounts.person(session, event.to_id), accounts.person(session, event.from_id)
    person, other = (new, former) if is_new else (former, new)
    with writing_for(language_of(person.language)):
        return letter_of(
            "ownership_received" if is_new else "ownership_given", event.handover_id, person.email, person.language, name=person.name,
            other=other.name, organisation=there.name, url=url_for("organisations.organisation", slug=there.slug, _external=True),
        )


def check_letter(session: Session, step_id: UUID) -> Letter | None:
    """Return the letter that says what the programme office decided, for who submitted the module; None when nobody did."""
    outcome = catalogue.check_outcome(session, step_id)
    if outcome is None:
        return None
    approved = outcome.act is catalogue.PublicationAct.PUBLISHED
    person = accounts.person(session, outcome.submitter_id)
    language = language_of(person.language)
    with writing_for(language):
        work = url_for("catalogue.module_in_work", provider=outcome.provider_slug, module=outcome.module_slug, _external=True)
        public = url_for("enrolment.module_page", slug=outcome.module_slug, _external=True)
        return letter_of(
            "module_approved" if approved else "module_sent_back", step_id, person.email, person.language,
            name=person.name, module_title=outcome.module_title.in_language(language), provider=outcome.provider_name,
            reason=outcome.reason, url=public if approved else work,
        )


def saved_search_letter(session: Session, saved_search_id: UUID) -> Letter | None:
    """Return the letter that asks whether the address is theirs; None when it is answered already, or taken away."""
    kept = search.unconfirmed(session, saved_search_id)
    if kept is None or kept.email is None:
        return None
    with writing_for(kept.language):
        # Not what was asked: a stranger typed it, and a letter of ours must not carry a stranger's words to any address.
        url = _saved_search_url(kept)
        return replace(letter_of("saved_search", kept.id, kept.email, kept.language, url=url), stop_url=url)


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
            letter_of(
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
