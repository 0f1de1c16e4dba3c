"""Finished values for the pages of accounts."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import segno
from flask import request, url_for
from markupsafe import Markup

from academy.accounts.gateway import IdentityProvider
from academy.accounts.models import ApprovalState, OrganisationKind, Purpose, Role
from academy.accounts.personal import Leaving
from academy.accounts.queries import Actor, MembershipFacts, SignInFacts
from academy.accounts.queries.factors import PasskeyFacts
from academy.accounts.queries.identities import IdentityFacts
from academy.accounts.queries.minors import AskedFacts
from academy.accounts.queries.organisations import InvitationFacts, MemberFacts, Standing
from academy.accounts.queries.privacy import ErasureFacts, LinkedOrganisation
from academy.accounts.rules import APPROVAL_LIFETIME, RelyingParty, desk_of, is_nobody, masked, purposes_of
from academy.accounts.words import (
    country_word,
    duty_words,
    kind_word,
    method_word,
    purpose_words,
    role_word,
    size_words,
)
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import day, in_current_language, short_day
from academy.kernel.text import Localized
from academy.kernel.translation import _, reading_language


def by_organisation(memberships: Iterable[MembershipFacts]) -> list[dict[str, str]]:
    """Return each organisation once, with the roles in it: `{"name": "Windesheim", "roles": "redacteur, planner"}`.

    `url` is where one works for it, "" where there is no such place (yet); `page` is where one sees who acts for it.
    """
    roles: dict[str, list[MembershipFacts]] = {}
    for membership in memberships:
        roles.setdefault(membership.organisation_slug, []).append(membership)
    return [
        {
            "slug": slug, "name": found[0].organisation_name, "kind": kind_word(found[0].kind), "roles": _roles(one.role for one in found),
            "url": _workplace(found), "page": url_for("organisations.organisation", slug=slug),
        }
        for slug, found in roles.items()
    ]


def organisation_values(there: Standing, sectors: Iterable[tuple[str, Localized]]) -> dict[str, Any]:
    """Return an organisation as its members see it; facts that nobody filled in are left out."""
    facts = there.organisation
    named = {code: in_current_language(title) for code, title in sectors}
    known = (
        (_("Soort"), kind_word(facts.kind)),
        (_("KvK-nummer"), facts.kvk_number),
        (_("Btw-nummer"), facts.vat_id),
        (_("Land"), "" if facts.country == "NL" else country_word(facts.country)),
        (_("Mensen"), size_words(facts.size_class) if facts.size_class else ""),
        (_("Sector"), named.get(facts.sector, facts.sector)),
    )
    return {
        "slug": facts.slug, "name": facts.name, "facts": [(label, value) for label, value in known if value],
        "my_roles": _roles(sorted(there.roles, key=list(Role).index)), "may_keep": there.rights.keep,
        "money": [(label, url) for roles, label, url in _money_pages(facts.slug, facts.kind) if roles & there.roles],
    }


def _money_pages(slug: str, kind: OrganisationKind) -> list[tuple[frozenset[Role], str, str]]:
    """Return where the money of an organisation is seen, with the roles that see it: pages of higher rooms."""
    payers = frozenset({Role.OWNER, Role.BUYER, Role.FUND_MANAGER, Role.OFFICE})
    bought = (payers, _("Facturen en factuurgegevens"), url_for("invoices.bought", slug=slug))
    if kind is OrganisationKind.EMPLOYER:
        return [(payers | {Role.APPROVER, Role.READER}, _("Budget voor leren"), url_for("employer_budget.budget", organisation=slug)), bought]
    if kind in {OrganisationKind.FUND, OrganisationKind.OFFICE}:
        return [(payers | {Role.READER}, _("Geld voor leren"), url_for("sources.overview", organisation=slug)), bought]
    if kind is OrganisationKind.PROVIDER:
        owners = frozenset({Role.OWNER})
        return [
            (owners, _("Wat jullie krijgen"), url_for("payouts.overview", slug=slug)),
            (owners, _("Facturen die jullie sturen"), url_for("outgoing.sold", slug=slug)), bought,
        ]
    return [bought]


def member_values(there: Standing, one: MemberFacts, actor: Actor) -> dict[str, Any]:
    """Return someone who acts for an organisation, as its owners see them."""
    slug, is_me = there.organisation.slug, one.person_id == actor.person_id
    at: dict[str, Any] = {"slug": slug, "member": one.person_id.hex}
    return {
        "name": one.name, "email": one.email, "roles": _roles(one.roles), "is_me": is_me, "is_owner": Role.OWNER in one.roles,
        "url": url_for("organisations.member", **at), "remove_url": url_for("organisations.remove", **at),
        "hand_over_url": url_for("organisations.hand_over", **at),
    }


def roles_there(people: Iterable[MemberFacts]) -> list[str]:
    """Return how many people have each role, as all members may know it: `eigenaar: 1`."""
    counted = Counter(role for one in people for role in one.roles)
    return [f"{role_word(role)}: {counted[role]}" for role in Role if counted[role]]


def invitation_values(found: InvitationFacts, now: datetime) -> dict[str, Any]:
    """Return an open invitation as owners see it."""
    at: dict[str, Any] = {"slug": found.organisation_slug, "invitation": found.id.hex}
    return {
        "email": found.email, "role": role_word(found.role), "until": day(amsterdam_day(found.expires_at)), "is_expired": found.expires_at <= now,
        "again_url": url_for("organisations.send_again", **at), "take_back_url": url_for("organisations.take_back", **at),
    }


def asked(found: InvitationFacts) -> dict[str, str]:
    """Return an invitation as who opens the letter sees it."""
    return {
        "organisation": found.organisation_name, "role": role_word(found.role), "duty": duty_words(found.role), "email_masked": masked(found.email),
    }


def _roles(roles: Iterable[Role]) -> str:
    return ", ".join(role_word(role) for role in roles)


def _workplace(found: Iterable[MembershipFacts]) -> str:
    desk = desk_of((one.kind, one.role, one.organisation_slug) for one in found)
    if "provider" in desk:
        return url_for("workspace.home", provider=desk["provider"])
    if "exam_board" in desk:
        return url_for("recognition_board.inbox", provider=desk["exam_board"])
    if "assessor" in desk:
        return url_for("recognition_guiding.desk", provider=desk["assessor"])
    if "employer" in desk:
        return url_for("employer_budget.budget", organisation=desk["employer"])
    if "fund" in desk:
        return url_for("sources.overview", organisation=desk["fund"])
    return url_for("catalogue.checks") if "office" in desk else ""


def linked_identities(linked: Iterable[IdentityFacts], providers: Iterable[IdentityProvider]) -> list[dict[str, object]]:
    """Return each linked identity as `{"name": "eduID", "email": …, "linked": …, "used": …, "unlink_url": …}`.

    SURFconext signs for eduID too: where providers share an issuer the names of all stand there. One that was taken out of the settings goes
    by its address.
    """
    names: dict[str, list[str]] = {}
    for provider in providers:
        names.setdefault(provider.issuer, []).append(provider.name)
    return [
        {
            "name": " / ".join(names.get(each.issuer) or [urlsplit(each.issuer).hostname or each.issuer]), "email": each.email,
            "linked": each.linked_at, "used": each.used_at, "unlink_url": url_for("identities.unlink", identity=each.id.hex),
        }
        for each in linked
    ]


def passkeys_elsewhere(party: RelyingParty) -> str:
    """Return where this page works with passkeys, "" when it does here: on one's own machine it may be open at a number (127.0.0.1)."""
    if urlsplit(request.host_url).hostname == party.id:
        return ""
    return party.origin + request.full_path.rstrip("?")


def passkey_line(passkey: PasskeyFacts) -> dict[str, object]:
    return {
        "name": passkey.name, "added": passkey.created_at, "used": passkey.used_at,
        "url": url_for("factors.passkey", passkey=passkey.id.hex),
    }


def sign_in_line(found: SignInFacts, *, here: UUID) -> dict[str, object]:
    """Return one sign-in for the list; `here` is the id of the present one."""
    return {
        "device": found.device, "method": method_word(found.method), "started": found.started_at, "ended": found.ended_at,
        "is_here": found.id == here, "end_url": url_for("factors.end_sign_in", sign_in=found.id.hex),
    }


def qr_code(text: str) -> Markup:
    """Return a picture that a telephone reads, as SVG in the page; its size comes from the style sheet."""
    return Markup(segno.make(text, error="m").svg_inline(border=4, light="#fff", omitsize=True, svgclass="academy-qr__picture"))  # noqa: S704 - drawn here


def allowed_lines(organisations: Iterable[LinkedOrganisation]) -> list[dict[str, object]]:
    """Return each organisation that may be allowed something: `{"name", "kind", "choices": [{"what", "since", "organisation", "purpose"}]}`.

    `since` is None for what is not allowed. An organisation of a kind that never sees anything of people is left out.
    """
    lines: list[dict[str, object]] = []
    for each in organisations:
        purposes = [purpose for purpose in Purpose if purpose in purposes_of(each.kind) or purpose in each.allowed]
        choices = [
            {"what": purpose_words(one), "since": each.allowed.get(one), "organisation": each.id, "purpose": one.value} for one in purposes
        ]
        if choices:
            lines.append({"name": each.name, "kind": kind_word(each.kind), "choices": choices})
    return lines


def leaving_lists(leaving: Leaving) -> dict[str, list[dict[str, str]]]:
    """Return what goes, what stays and what stands in the way, in words."""
    return {
        "goes": [{"what": each.what} for each in leaving.goes],
        "stays": [_staying(each.what, each.why, each.until, reading_language()) for each in leaving.stays],
        "obstacles": [
            {"what": each.what, "label": each.link.label, "url": url_for(each.link.endpoint, **each.link.values)} for each in leaving.obstacles
        ],
    }


def kept_lines(left: ErasureFacts) -> list[dict[str, str]]:
    """Return what stayed of who left, as that person read it then; `language` is that of `what` and `why`."""
    return [
        _staying(each["what"], each["why"], each["until"] and date.fromisoformat(each["until"]), each["language"])
        for each in left.kept
    ]


def _staying(what: str, why: str, until: date | None, language: str) -> dict[str, str]:
    ends = _("Tot en met %(day)s.", day=short_day(until)) if until else _("Hier is geen einddatum voor.")
    return {"what": what, "why": why, "until": ends, "language": language}


def asked_line(asked: AskedFacts, *, now: datetime) -> dict[str, str]:
    """Return one who was asked to approve, and what became of it, in words."""
    if asked.state is ApprovalState.GIVEN:
        state = _("zei ja")
    elif asked.state is ApprovalState.REFUSED:
        state = _("zei nee")
    else:
        state = _("nog geen antwoord") if asked.asked_at > now - APPROVAL_LIFETIME else _("geen antwoord, de link werkt niet meer")
    has_left = is_nobody(asked.email)
    return {
        "name": _("Iemand die niet meer bij AD Academy is") if has_left else asked.name, "email": "" if has_left else asked.email,
        "state": state, "day": short_day(amsterdam_day(asked.asked_at)),
    }
