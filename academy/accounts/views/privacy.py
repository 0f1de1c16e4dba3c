"""Pages about what I allow, taking my data with me, leaving, and approval for who is younger than sixteen."""

import json
from contextlib import suppress
from uuid import UUID

from flask import Response, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import links, login, pages, personal, rules, service
from academy.accounts.forms.privacy import AgeForm, AnswerForm, ApprovalForm, ConsentForm, EraseForm
from academy.accounts.queries import minors as minors_queries
from academy.accounts.queries import privacy as queries
from academy.accounts.service import minors, privacy
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.db import database
from academy.kernel.errors import NotFound
from academy.kernel.translation import _, reading_language
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled

blueprint = localized_blueprint("privacy", __name__)


@blueprint.get("/my/privacy")
def overview() -> ResponseReturnValue:
    actor = login.require_actor()
    with database().reading() as db_session:
        organisations = queries.linked_organisations(db_session, actor.person_id)
    return render("accounts/privacy.html", person=actor, organisations=pages.allowed_lines(organisations))


@blueprint.post("/my/privacy/consents")
def give() -> ResponseReturnValue:
    organisation_id, purpose = ConsentForm().values()
    with database().writing() as db_session:
        privacy.give_consent(
            db_session, actor=login.require_actor(), organisation_id=organisation_id, purpose=purpose, now=utc_now(),
        )
    flash(_("Opgeslagen. Je kunt dit altijd weer intrekken."), "success")
    return redirect(url_for("privacy.overview"), 303)


@blueprint.post("/my/privacy/consents/withdraw")
def withdraw() -> ResponseReturnValue:
    organisation_id, purpose = ConsentForm().values()
    with database().writing() as db_session:
        privacy.withdraw_consent(
            db_session, actor=login.require_actor(), organisation_id=organisation_id, purpose=purpose, now=utc_now(),
        )
    flash(_("Ingetrokken. Vanaf nu ziet deze organisatie dit niet meer."), "success")
    return redirect(url_for("privacy.overview"), 303)


@blueprint.post("/my/privacy/download")
@throttled(a_minute=60)
def download() -> ResponseReturnValue:
    now = utc_now()
    with database().writing() as db_session:
        found = privacy.export_personal_data(db_session, actor=login.require_actor(), now=now)
    name = _("mijn-gegevens-%(day)s.json", day=amsterdam_day(now).isoformat())
    return Response(
        json.dumps(found, ensure_ascii=False, indent=2) + "\n", mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _erase_page(form: EraseForm) -> str:
    actor, now = login.require_actor(), utc_now()
    with database().reading() as db_session:
        leaving = personal.leaving_of(db_session, actor.person_id, now=now)
        is_fresh = queries.signed_in_since(db_session, actor.sign_in_id, moment=now - rules.FRESH_SIGN_IN)
    form.who.data = links.leaving_token_for(actor.person_id)
    return render("accounts/erase.html", form=form, person=actor, is_fresh=is_fresh, **pages.leaving_lists(leaving))


@blueprint.get("/my/privacy/erase")
def erase() -> ResponseReturnValue:
    return _erase_page(EraseForm(formdata=None))


@blueprint.post("/my/privacy/erase")
@open_to_all  # who presses twice is signed out by the first press, and hears all the same what became of it
def erase_now() -> ResponseReturnValue:
    form, actor = EraseForm(), login.current_actor()
    who = links.leaver_id_of(form.who.data or "")
    if actor is None or who != actor.person_id:
        return _already_erased(who)
    if not form.validate():
        return _erase_page(form), 422
    with database().writing() as db_session:
        privacy.erase_person(db_session, actor=actor, language=reading_language(), now=utc_now())
    for room in personal.rooms():
        if room.sweep is not None:
            with suppress(OSError):  # files of a trial installation: the account is gone all the same
                room.sweep(actor.email)
    login.forget()
    return _shown(actor.person_id)


def _already_erased(person_id: UUID | None) -> ResponseReturnValue:
    """Show what became of the account that the form was for, when that is gone; else begin at the page of who is signed in."""
    with database().reading() as db_session, suppress(NotFound):
        if person_id is not None:
            queries.erasure(db_session, person_id)
            return _shown(person_id)
    return redirect(url_for("privacy.erase"), 303)


def _shown(person_id: UUID) -> ResponseReturnValue:
    session["left"] = person_id.hex
    return redirect(url_for("privacy.erased"), 303)


@blueprint.get("/my/privacy/erased")
@open_to_all
def erased() -> ResponseReturnValue:
    if "left" not in session:
        return redirect(url_for("search.home"))
    with database().reading() as db_session:
        left = queries.erasure(db_session, UUID(hex=session["left"]))
    return render("accounts/erased.html", erased_at=left.erased_at, kept=pages.kept_lines(left))


@blueprint.post("/my/privacy/sign-in-again")
def sign_in_again() -> ResponseReturnValue:
    with database().writing() as db_session:
        service.end_sign_in(db_session, actor=login.require_actor(), now=utc_now())
    login.forget()
    return redirect(url_for("accounts.sign_in", next=url_for("privacy.erase")), 303)


# Younger than sixteen


def _approval_page(*, age_form: AgeForm | None = None, form: ApprovalForm | None = None) -> str:
    with database().reading() as db_session:
        minor = minors_queries.minor_of(db_session, login.require_actor().person_id)
    return render(
        "accounts/approval.html",
        is_minor=minor.is_minor,
        asked=[pages.asked_line(each, now=utc_now()) for each in minor.asked],
        age_form=age_form or AgeForm(formdata=None, under_sixteen="yes" if minor.is_minor else "no"),
        form=form or ApprovalForm(formdata=None),
    )


@blueprint.get("/my/privacy/approval")
def approval() -> ResponseReturnValue:
    return _approval_page()


@blueprint.post("/my/privacy/age")
def declare_age() -> ResponseReturnValue:
    form = AgeForm()
    if not form.validate():
        return _approval_page(age_form=form), 422
    with database().writing() as db_session:
        minors.declare_age(
            db_session, actor=login.require_actor(), is_minor=form.under_sixteen.data == "yes", now=utc_now(),
        )
    flash(_("Opgeslagen."), "success")
    return redirect(url_for("privacy.approval"), 303)


@blueprint.post("/my/privacy/approval")
def ask_approval() -> ResponseReturnValue:
    form, actor = ApprovalForm(), login.require_actor()
    if not form.is_in_order(actor.email):
        return _approval_page(form=form), 422
    with database().writing() as db_session:
        minors.ask_approval(db_session, actor=actor, email=form.address, name=form.name.data or "", now=utc_now())
    flash(_("We hebben de brief verstuurd. Je ziet hier het antwoord."), "success")
    return redirect(url_for("privacy.approval"), 303)


@blueprint.route("/approvals/<token>", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=600)
def answer_approval(token: str) -> ResponseReturnValue:
    form, approval_id = AnswerForm(), links.approval_id_of(token)
    with database().reading() as db_session:
        asked = minors_queries.open_approval(db_session, approval_id, now=utc_now())
    if request.method == "GET" or not form.validate():
        return render("accounts/answer_approval.html", form=form, asked=asked), 200 if request.method == "GET" else 422
    is_given = form.answer.data == "yes"
    with database().writing() as db_session:
        minors.answer_approval(db_session, approval_id=approval_id, is_given=is_given, now=utc_now())
    return render("accounts/answered_approval.html", is_given=is_given, minor_name=asked.minor_name)
