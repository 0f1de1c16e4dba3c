"""Pages about organisations, who acts for them, and invitations."""

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import login, pages, queries, rules, service
from academy.accounts.errors import TooManyInvitations
from academy.accounts.forms import organisations as forms
from academy.accounts.links import invitation_id_of
from academy.accounts.models import OrganisationKind
from academy.accounts.queries import organisations as reads
from academy.accounts.service import invitations
from academy.accounts.service import organisations as use_cases
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.errors import NotFound
from academy.kernel.ids import id_in
from academy.kernel.translation import _, reading_language
from academy.kernel.web import ActForm, localized_blueprint, open_to_all, render, throttled
from academy.kernel.web.visits import network_of

blueprint = localized_blueprint("organisations", __name__)


def _show_desk() -> None:
    """Bring menu and header up to date after a change of what someone acts for."""
    login.show_desk(login.require_actor())


def _page_of(slug: str) -> ResponseReturnValue:
    return redirect(url_for("organisations.organisation", slug=slug), 303)


@blueprint.get("/my/organisations")
def mine() -> ResponseReturnValue:
    _show_desk()
    with database().reading() as db_session:
        memberships = queries.memberships_of(db_session, login.require_actor().person_id)
    return render("accounts/organisations.html", organisations=pages.by_organisation(memberships))


def _filled_form(there: reads.Standing | None) -> forms.OrganisationForm:
    shown = {"country": "NL"} if there is None else forms.organisation_values(there.organisation)
    form = forms.OrganisationForm(formdata=None, data=shown) if request.method == "GET" else forms.OrganisationForm()
    kind = OrganisationKind.EMPLOYER if there is None else there.organisation.kind
    form.offer(kind, use_cases.sectors(amsterdam_day(utc_now())))
    return form


def _can_be_kept(form: forms.OrganisationForm, *, but: UUID | None = None) -> bool:
    if request.method == "GET" or not form.is_in_order():
        return False
    with database().reading() as db_session:
        if reads.is_taken(db_session, kvk_number=form.draft.kvk_number, vat_id=form.draft.vat_id, but=but):
            form.refuse_number()
    return not form.errors


@blueprint.route("/my/organisations/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    form, actor = _filled_form(None), login.require_actor()
    if not _can_be_kept(form):
        return render("accounts/new_organisation.html", form=form, there=None), 200 if request.method == "GET" else 422
    with database().writing() as db_session:
        slug = use_cases.start_organisation(db_session, actor=actor, draft=form.draft, now=utc_now())
    _show_desk()
    flash(_("Je bedrijf staat erin. Nodig hieronder je collega’s uit."), "success")
    return _page_of(slug)


@blueprint.route("/my/organisations/<slug>/edit", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    actor = login.require_actor()
    with database().reading() as db_session:
        there = reads.standing_of_owner(db_session, actor, slug)
    form = _filled_form(there)
    if not _can_be_kept(form, but=there.organisation.id):
        return render("accounts/new_organisation.html", form=form, there=there.organisation), 200 if request.method == "GET" else 422
    with database().writing() as db_session:
        use_cases.change_organisation(db_session, actor=actor, slug=slug, draft=form.draft)
    _show_desk()
    flash(_("Opgeslagen."), "success")
    return _page_of(slug)


def _people(slug: str) -> tuple[reads.Standing, list[reads.MemberFacts], list[reads.InvitationFacts]]:
    with database().reading() as db_session:
        there = reads.standing(db_session, login.require_actor(), slug)
        people = reads.members(db_session, there.organisation.id)
        asked = reads.open_invitations(db_session, there.organisation.id) if there.rights.keep else []
    return there, people, asked


@blueprint.get("/my/organisations/<slug>")
def organisation(slug: str) -> ResponseReturnValue:
    there, people, asked = _people(slug)
    form = forms.InviteForm(formdata=None)
    form.offer(there.organisation.kind)
    return _organisation_page(there, people, asked, form)


def _organisation_page(
    there: reads.Standing, people: list[reads.MemberFacts], asked: list[reads.InvitationFacts], form: forms.InviteForm,
) -> str:
    now, actor = utc_now(), login.require_actor()
    values = pages.organisation_values(there, use_cases.sectors(amsterdam_day(now)))
    if not there.rights.keep:
        return render("accounts/organisation.html", organisation=values, roles=pages.roles_there(people))
    return render(
        "accounts/members.html", organisation=values, form=form, members=[pages.member_values(there, one, actor) for one in people],
        invitations=[pages.invitation_values(one, now) for one in asked],
    )


def _count_invitation(organisation_id: UUID, *, now: datetime) -> None:
    """Count a letter of today, in a transaction of its own. Raises TooManyInvitations."""
    with database().writing() as db_session:
        counted = rules.Invited(*(
            service.count_attempt(db_session, what=what, who=who, now=now, window=rules.INVITATION_WINDOW)
            for what, who in (("invitation", organisation_id.hex), ("invitations", network_of(request.remote_addr)))
        ))
    if counted.too_many:
        raise TooManyInvitations


@blueprint.post("/my/organisations/<slug>/invitations")
def invite(slug: str) -> ResponseReturnValue:
    actor, now = login.require_actor(), utc_now()
    there, people, asked = _people(slug)
    if not there.rights.keep:
        raise NotFound
    form = forms.InviteForm()
    form.offer(there.organisation.kind)
    if not form.is_in_order(people, asked):
        return _organisation_page(there, people, asked, form), 422
    _count_invitation(there.organisation.id, now=now)
    with database().writing() as db_session:
        invitations.invite(
            db_session, actor=actor, slug=slug, email=form.address, role=form.chosen, language=reading_language(), now=now,
        )
    flash(_("We hebben een uitnodiging gestuurd naar %(email)s.", email=form.address), "success")
    return _page_of(slug)


@blueprint.post("/my/organisations/<slug>/invitations/<invitation>/again")
def send_again(slug: str, invitation: str) -> ResponseReturnValue:
    actor, now = login.require_actor(), utc_now()
    with database().reading() as db_session:
        there = reads.standing_of_owner(db_session, actor, slug)
    _count_invitation(there.organisation.id, now=now)
    with database().writing() as db_session:
        invitations.send_again(db_session, actor=actor, slug=slug, invitation_id=id_in(invitation), now=now)
    flash(_("We hebben de uitnodiging opnieuw gestuurd. Ze werkt weer 14 dagen."), "success")
    return _page_of(slug)


@blueprint.post("/my/organisations/<slug>/invitations/<invitation>/take-back")
def take_back(slug: str, invitation: str) -> ResponseReturnValue:
    with database().writing() as db_session:
        invitations.take_back(db_session, actor=login.require_actor(), slug=slug, invitation_id=id_in(invitation), now=utc_now())
    flash(_("De uitnodiging is ingetrokken. De link in de brief werkt niet meer."), "success")
    return _page_of(slug)


@blueprint.route("/my/organisations/<slug>/members/<member>", methods=["GET", "POST"])
def member(slug: str, member: str) -> ResponseReturnValue:
    actor, person_id = login.require_actor(), id_in(member)
    with database().reading() as db_session:
        there = reads.standing_of_owner(db_session, actor, slug)
        found = reads.member(db_session, there, person_id)
    form = forms.RolesForm(formdata=None, data={"roles": found.roles}) if request.method == "GET" else forms.RolesForm()
    form.offer(there.organisation.kind)
    if request.method == "GET" or not form.validate():
        page = render("accounts/member.html", form=form, organisation=there.organisation, member=pages.member_values(there, found, actor))
        return page, 200 if request.method == "GET" else 422
    with database().writing() as db_session:
        use_cases.change_roles(db_session, actor=actor, slug=slug, person_id=person_id, roles=form.chosen, now=utc_now())
    _show_desk()
    flash(_("De rollen van %(name)s zijn gewijzigd.", name=found.name), "success")
    return _page_of(slug)


@blueprint.post("/my/organisations/<slug>/members/<member>/remove")
def remove(slug: str, member: str) -> ResponseReturnValue:
    with database().writing() as db_session:
        use_cases.remove_member(db_session, actor=login.require_actor(), slug=slug, person_id=id_in(member), now=utc_now())
    flash(_("Deze collega hoort er niet meer bij."), "success")
    return _page_of(slug)


@blueprint.post("/my/organisations/<slug>/members/<member>/hand-over")
def hand_over(slug: str, member: str) -> ResponseReturnValue:
    with database().writing() as db_session:
        use_cases.hand_over(db_session, actor=login.require_actor(), slug=slug, person_id=id_in(member), now=utc_now())
    _show_desk()
    flash(_("De organisatie heeft een nieuwe eigenaar. Jullie krijgen allebei een e-mail."), "success")
    return _page_of(slug)


@blueprint.post("/my/organisations/<slug>/leave")
def leave(slug: str) -> ResponseReturnValue:
    with database().writing() as db_session:
        use_cases.leave(db_session, actor=login.require_actor(), slug=slug, now=utc_now())
    flash(_("Je hoort niet meer bij deze organisatie."), "success")
    return redirect(url_for("organisations.mine"), 303)


@blueprint.route("/my/organisations/<slug>/close", methods=["GET", "POST"])
def close(slug: str) -> ResponseReturnValue:
    actor, form = login.require_actor(), ActForm()
    with database().reading() as db_session:
        there = reads.standing_of_owner(db_session, actor, slug)
    if request.method == "GET" or not form.validate():
        return render("accounts/close_organisation.html", form=form, organisation=there.organisation)
    with database().writing() as db_session:
        use_cases.close(db_session, actor=actor, slug=slug, now=utc_now())
    flash(_("%(name)s is gesloten.", name=there.organisation.name), "success")
    return redirect(url_for("organisations.mine"), 303)


@blueprint.post("/my/acting-for")
def act_for() -> ResponseReturnValue:
    slug = request.form.get("slug", "")[:80]
    with database().writing() as db_session:
        use_cases.act_for(db_session, actor=login.require_actor(), slug=slug)
    _show_desk()
    flash(_("Je werkt nu voor %(name)s.", name=session["acting"]["name"] or _("jezelf")), "success")
    return redirect(url_for("organisations.mine"), 303)


@blueprint.route("/invitations/<token>", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=600)
def invitation(token: str) -> ResponseReturnValue:
    # A GET only asks for one click: mail programs fetch links to check them, and that must not use the invitation up.
    actor, now = login.current_actor(), utc_now()
    with database().reading() as db_session:
        found = reads.valid_invitation(db_session, invitation_id_of(token), now=now)
    if actor is None or request.method == "GET":
        who = "stranger" if actor is None else "invited" if actor.email == found.email else "other"
        return render("accounts/invitation.html", invitation=pages.asked(found), who=who, back=request.path)
    with database().writing() as db_session:
        slug = invitations.accept_invitation(db_session, actor=actor, invitation_id=found.id, now=now)
    _show_desk()
    flash(_("Je werkt nu mee bij %(name)s.", name=found.organisation_name), "success")
    return _page_of(slug)
