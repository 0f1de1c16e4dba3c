"""Pages about signing in and about me."""

from flask import Response, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import forms, links, login, pages, passwords, queries, rules, service
from academy.accounts.errors import TooManyAttempts
from academy.accounts.rules import SecondStep
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.text import Language
from academy.kernel.translation import _, reading_language
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled

blueprint = localized_blueprint("accounts", __name__)


def _next() -> str:
    return login.safe_next(request.values.get("next") or request.values.get("link-next") or "")


def _sign_in_page(*, password_form: forms.PasswordSignInForm | None, link_form: forms.LinkForm | None) -> str:
    return render(
        "accounts/sign_in.html",
        passkeys_elsewhere=pages.passkeys_elsewhere(login.party()),
        password_form=password_form or forms.PasswordSignInForm(formdata=None, next=_next()),
        link_form=link_form or forms.LinkForm(formdata=None, next=_next(), prefix="link"),
        next=_next(),
    )


@blueprint.get("/sign-in")
@open_to_all
def sign_in() -> ResponseReturnValue:
    if login.current_actor() is not None and "again" not in request.args:  # who must prove anew who they are stays in meanwhile
        return redirect(_next() or url_for("enrolment.my_learning"))
    return _sign_in_page(password_form=None, link_form=None)


@blueprint.post("/sign-in")
@open_to_all
def sign_in_with_password() -> ResponseReturnValue:
    form = forms.PasswordSignInForm()
    if not form.validate():
        return _sign_in_page(password_form=form, link_form=None), 422
    if not login.sign_in_with_password(form.address, form.password.data or "", now=utc_now()):
        form.form_errors.append(_("E-mailadres en wachtwoord horen niet bij elkaar. Vraag anders een link per e-mail."))
        return _sign_in_page(password_form=form, link_form=None), 422
    return redirect(login.way_on(_next() or url_for("enrolment.my_learning")), 303)


@blueprint.post("/sign-in/passkey/challenge")
@open_to_all
def passkey_challenge() -> ResponseReturnValue:
    return Response(login.ask_for_passkey(None, now=utc_now()), mimetype="application/json")


@blueprint.post("/sign-in/passkey")
@open_to_all
def sign_in_with_passkey() -> ResponseReturnValue:
    login.sign_in_with_passkey(request.form.get("credential", ""), now=utc_now())
    return redirect(_next() or url_for("enrolment.my_learning"), 303)


@blueprint.post("/sign-in/link")
@open_to_all
def send_link() -> ResponseReturnValue:
    form = forms.LinkForm(prefix="link")
    if not form.validate():
        return _sign_in_page(password_form=None, link_form=form), 422
    return _mail_link(form.address, name="", sign_up=False, next_path=login.safe_next(form.next.data or ""))


@blueprint.route("/sign-up", methods=["GET", "POST"])
@open_to_all
def sign_up() -> ResponseReturnValue:
    form = forms.SignUpForm(next=_next())
    if request.method == "GET":
        return render("accounts/sign_up.html", form=form)
    if not form.validate():
        return render("accounts/sign_up.html", form=form), 422
    next_path = login.safe_next(form.next.data or "")
    return _mail_link(form.address, name=form.name.data or "", sign_up=True, next_path=next_path)


def _mail_link(email: str, *, name: str, sign_up: bool, next_path: str) -> ResponseReturnValue:
    now = utc_now()
    counted = login.attempts("link", email, now=now)
    if counted.too_many_links:
        raise TooManyAttempts
    if not counted.mailbox_is_full:
        with database().writing() as db_session:
            service.request_link(
                db_session, email=email, name=name, sign_up=sign_up, next_path=next_path, language=reading_language(), now=now,
            )
    session["mailed_to"] = email
    return redirect(url_for("accounts.check_mail"), 303)


@blueprint.get("/check-mail")
@open_to_all
def check_mail() -> ResponseReturnValue:
    email = session.get("mailed_to")
    if email is None:
        return redirect(url_for("accounts.sign_in"))
    return render("accounts/check_mail.html", email=email)


@blueprint.route("/sign-in/link/<token>", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=600)
def open_link(token: str) -> ResponseReturnValue:
    # A GET only asks for one click: mail programs fetch links to check them, and that must not use the link up.
    with database().reading() as db_session:
        link = queries.valid_link(db_session, links.link_id_of(token), now=utc_now())
    form = forms.OpenLinkForm()
    if not link.needs_name:
        del form.name
    page = {"form": form, "email_masked": rules.masked(link.email)}
    if request.method == "GET":
        return render("accounts/open_link.html", **page)
    if not form.validate():
        return render("accounts/open_link.html", **page), 422
    return _use_link(link, str(form.data.get("name") or ""))


def _use_link(link: queries.LinkFacts, name: str) -> ResponseReturnValue:
    now = utc_now()
    with database().writing() as db_session:
        sign_in_row = service.use_link(
            db_session, link_id=link.id, name=name, device=rules.device_of(request.user_agent.string), now=now,
        )
    login.remember(sign_in_row, now=now)
    flash(_("Je bent ingelogd."), "success")
    return redirect(login.way_on(login.safe_next(link.next_path) or url_for("enrolment.my_learning")), 303)


@blueprint.post("/sign-out")
@open_to_all
@login.reachable_while(SecondStep.TO_GIVE, SecondStep.TO_SET_UP)
def sign_out() -> ResponseReturnValue:
    actor = login.current_actor()
    if actor is not None:
        with database().writing() as db_session:
            service.end_sign_in(db_session, actor=actor, now=utc_now())
    login.forget()
    flash(_("Je bent uitgelogd."), "success")
    return redirect(url_for("search.home"), 303)


@blueprint.post("/sign-out-everywhere")
def sign_out_everywhere() -> ResponseReturnValue:
    with database().writing() as db_session:
        service.end_all_sign_ins(db_session, actor=login.require_actor(), now=utc_now())
    login.forget()
    flash(_("Je bent op al je apparaten uitgelogd."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _account_page(*, form: forms.ProfileForm | None, password_form: forms.NewPasswordForm | None) -> str:
    actor = login.require_actor()
    with database().reading() as db_session:
        memberships = queries.memberships_of(db_session, actor.person_id)
    return render(
        "accounts/account.html",
        person=actor,
        form=form or forms.ProfileForm(formdata=None, name=actor.name, language=actor.language),
        password_form=password_form or forms.NewPasswordForm(formdata=None),
        organisations=pages.by_organisation(memberships),
    )


@blueprint.get("/my/account")
def account() -> ResponseReturnValue:
    return _account_page(form=None, password_form=None)


@blueprint.post("/my/account")
def change_account() -> ResponseReturnValue:
    form = forms.ProfileForm()
    if not form.validate():
        return _account_page(form=form, password_form=None), 422
    language: Language = "en" if form.language.data == "en" else "nl"
    with database().writing() as db_session:
        service.change_profile(db_session, actor=login.require_actor(), name=form.name.data or "", language=language)
    flash(_("Opgeslagen."), "success")
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/my/account/password")
def change_password() -> ResponseReturnValue:
    form, now = forms.NewPasswordForm(), utc_now()
    actor = login.require_fresh_actor(url_for("accounts.account"), now=now)
    if not form.validate():
        return _account_page(form=None, password_form=form), 422
    password_hash = passwords.hash_of(form.new_password.data or "")  # slow, so outside the transaction
    with database().writing() as db_session:
        service.set_password(db_session, actor=actor, password_hash=password_hash, now=now)
    flash(_("Je nieuwe wachtwoord werkt. Op andere apparaten ben je uitgelogd."), "success")
    return redirect(url_for("accounts.account"), 303)
