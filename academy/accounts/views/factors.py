"""Pages about passkeys, authenticator apps, recovery codes and where I am signed in."""

from typing import Final

from flask import Response, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import login, pages, queries, rules
from academy.accounts.forms.factors import AppCodeForm, PasskeyNameForm, SecondStepForm
from academy.accounts.queries.factors import factors_of, passkey_of
from academy.accounts.queries.people import sign_in_history
from academy.accounts.rules import SecondStep
from academy.accounts.service import factors, passkeys, signing_in
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.errors import NotFound
from academy.kernel.ids import id_in
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render

blueprint = localized_blueprint("factors", __name__)
_NOT_KEPT: Final = {"Cache-Control": "no-store"}  # a secret must not stay in the browser's cache


def _fresh_actor(page: str = "factors.security") -> queries.Actor:
    """Return who changes how they get in, and comes back to `page`. Raises RecentSignInNeeded when they proved who they are too long ago."""
    return login.require_fresh_actor(url_for(page), now=utc_now())


def _to_security(said: str = "") -> ResponseReturnValue:
    if said:
        flash(said, "success")
    return redirect(url_for("factors.security"), 303)


@blueprint.get("/my/account/security")
@login.reachable_while(SecondStep.TO_SET_UP)
def security() -> ResponseReturnValue:
    actor, now = login.require_actor(), utc_now()
    with database().reading() as db_session:
        found = factors_of(db_session, actor)
        sign_ins = sign_in_history(db_session, actor, now=now)
    lines = [pages.sign_in_line(each, here=actor.sign_in_id) for each in sign_ins]
    return render(
        "accounts/security.html",
        is_setting_up=actor.second_step is SecondStep.TO_SET_UP,
        is_fresh=any(each.id == actor.sign_in_id and each.proven_at >= now - rules.FRESH_SIGN_IN for each in sign_ins),
        passkeys=[pages.passkey_line(each) for each in found.passkeys],
        passkeys_elsewhere=pages.passkeys_elsewhere(login.party()),
        app_since=found.app_since,
        codes_left=found.recovery_codes_left,
        has_factor=bool(found.passkeys or found.app_since),
        sign_ins=[line for line in lines if line["ended"] is None],
        history=lines,
    )


# Passkeys


@blueprint.post("/my/account/security/passkeys/challenge")
@login.reachable_while(SecondStep.TO_SET_UP)
def passkey_challenge() -> ResponseReturnValue:
    actor = _fresh_actor()
    with database().writing() as db_session:
        question = passkeys.ask_for_new(db_session, actor=actor, party=login.party(), now=utc_now())
    session["challenge"] = question.challenge_id.hex
    return Response(question.options, mimetype="application/json")


@blueprint.post("/my/account/security/passkeys")
@login.reachable_while(SecondStep.TO_SET_UP)
def add_passkey() -> ResponseReturnValue:
    actor, now = _fresh_actor(), utc_now()
    with database().writing() as db_session:
        nonce = passkeys.take_challenge(db_session, session.get("challenge", ""), actor=actor, now=now)
    key = passkeys.checked_new(request.form.get("credential", ""), nonce=nonce, party=login.party())
    name = rules.device_of(request.user_agent.string) or _("Toegangssleutel")
    with database().writing() as db_session:
        passkeys.add_passkey(db_session, key, actor=actor, name=name, now=now)
    login.show_desk(actor)
    return _to_security(_("Je kunt nu inloggen met je toegangssleutel."))


@blueprint.route("/my/account/security/passkeys/<passkey>", methods=["GET", "POST"])
def passkey(passkey: str) -> ResponseReturnValue:
    actor = login.require_actor()
    with database().reading() as db_session:
        found = passkey_of(db_session, actor, id_in(passkey))
    form = PasskeyNameForm(name=found.name)
    page = {"form": form, "name": found.name, "remove_url": url_for("factors.remove_passkey", passkey=passkey)}
    if request.method == "GET":
        return render("accounts/passkey.html", **page)
    if not form.validate():
        return render("accounts/passkey.html", **page), 422
    with database().writing() as db_session:
        passkeys.rename_passkey(db_session, actor=actor, passkey_id=found.id, name=form.name.data or "")
    return _to_security(_("Opgeslagen."))


@blueprint.post("/my/account/security/passkeys/<passkey>/remove")
def remove_passkey(passkey: str) -> ResponseReturnValue:
    actor = _fresh_actor()
    with database().writing() as db_session:
        passkeys.remove_passkey(db_session, actor=actor, passkey_id=id_in(passkey), now=utc_now())
    return _to_security(_("De toegangssleutel is verwijderd. Verwijder hem ook op je apparaat."))


# The authenticator app


@blueprint.post("/my/account/security/app/begin")
@login.reachable_while(SecondStep.TO_SET_UP)
def begin_app() -> ResponseReturnValue:
    actor = _fresh_actor()
    with database().writing() as db_session:
        factors.begin_app(db_session, actor=actor)
    return redirect(url_for("factors.set_up_app"), 303)


@blueprint.route("/my/account/security/app", methods=["GET", "POST"])
@login.reachable_while(SecondStep.TO_SET_UP)
def set_up_app() -> ResponseReturnValue:
    actor, form = _fresh_actor("factors.set_up_app"), AppCodeForm()
    with database().reading() as db_session:
        secret = factors.secret_to_set_up(db_session, actor=actor)
    if secret is None:  # not begun, or done already
        return _to_security()
    if request.method == "POST" and form.validate():
        if login.confirm_app(form.code.data or "", now=utc_now()):
            return _to_security(_("Je app is ingesteld. Maak nu ook herstelcodes, voor als je je telefoon kwijt bent."))
        form.code.errors = [_("Deze code klopt niet. Kijk of de klok van je telefoon gelijk loopt.")]
    qr_code = pages.qr_code(factors.address_for_app(secret, email=actor.email))
    letters = " ".join(secret[start:start + 4] for start in range(0, len(secret), 4))
    return render("accounts/app.html", form=form, qr_code=qr_code, secret=letters), 422 if form.errors else 200, _NOT_KEPT


@blueprint.post("/my/account/security/app/remove")
def remove_app() -> ResponseReturnValue:
    actor = _fresh_actor()
    with database().writing() as db_session:
        factors.remove_app(db_session, actor=actor, now=utc_now())
    return _to_security(_("De app is verwijderd."))


# Recovery codes


@blueprint.post("/my/account/security/recovery-codes")
def make_recovery_codes() -> ResponseReturnValue:
    actor = _fresh_actor()
    with database().writing() as db_session:
        codes = factors.make_recovery_codes(db_session, actor=actor, now=utc_now())
    return render("accounts/recovery_codes.html", codes=codes)


@blueprint.post("/my/account/security/recovery-codes/file")
def recovery_codes_file() -> ResponseReturnValue:
    # The codes come from the page that showed them; nothing else is ever sent back.
    asked = request.form.getlist("code")[:rules.RECOVERY_CODES]
    with database().reading() as db_session:
        codes = factors.still_working(db_session, asked, actor=login.require_actor())
    if not codes:
        raise NotFound
    text = "\r\n".join([_("Herstelcodes van AD Academy Almere. Elke code werkt één keer."), "", *codes, ""])
    headers = {"Content-Disposition": 'attachment; filename="ad-academy-herstelcodes.txt"'}
    return Response(text, mimetype="text/plain", headers=headers)


# Where I am signed in


@blueprint.post("/my/account/security/sign-ins/<sign_in>/end")
def end_sign_in(sign_in: str) -> ResponseReturnValue:
    actor, ended = login.require_actor(), id_in(sign_in)
    with database().writing() as db_session:
        signing_in.end_one_sign_in(db_session, actor=actor, sign_in_id=ended, now=utc_now())
    if ended == actor.sign_in_id:
        login.forget()
        return redirect(url_for("accounts.sign_in"), 303)
    return _to_security(_("Op dat apparaat ben je uitgelogd."))


@blueprint.post("/my/account/security/sign-ins/end-others")
def end_other_sign_ins() -> ResponseReturnValue:
    with database().writing() as db_session:
        signing_in.end_other_sign_ins(db_session, actor=login.require_actor(), now=utc_now())
    return _to_security(_("Op andere apparaten ben je uitgelogd."))


# The second step


def _way_on() -> str:
    return login.safe_next(request.values.get("next") or "") or url_for("enrolment.my_learning")


@blueprint.route("/sign-in/second-step", methods=["GET", "POST"])
@login.reachable_while(SecondStep.TO_GIVE, SecondStep.TO_SET_UP)
def second_step() -> ResponseReturnValue:
    actor, form = login.require_actor(), SecondStepForm()
    if actor.second_step is SecondStep.TO_SET_UP:
        return redirect(url_for("factors.security"), 303)
    if actor.second_step is SecondStep.DONE:
        login.show_desk(actor)  # the answer that carried it may have been lost on its way
        return redirect(_way_on(), 303)
    if request.method == "POST" and form.validate():
        if login.second_step_with_code(form.code.data or "", now=utc_now()):
            return redirect(_way_on(), 303)
        form.code.errors = [_("Deze code klopt niet, of is al gebruikt.")]
    return _second_step_page(form, actor), 422 if form.errors else 200


def _second_step_page(form: SecondStepForm, actor: queries.Actor) -> str:
    with database().reading() as db_session:
        has_passkey = bool(factors_of(db_session, actor).passkeys)
    return render(
        "accounts/second_step.html", form=form, next=login.safe_next(request.values.get("next") or ""), has_passkey=has_passkey,
        passkeys_elsewhere=pages.passkeys_elsewhere(login.party()), demo_code=login.shown_code(now=utc_now()),
    )


@blueprint.post("/sign-in/second-step/passkey/challenge")
@login.reachable_while(SecondStep.TO_GIVE)
def second_step_challenge() -> ResponseReturnValue:
    return Response(login.ask_for_passkey(login.require_actor(), now=utc_now()), mimetype="application/json")


@blueprint.post("/sign-in/second-step/passkey")
@login.reachable_while(SecondStep.TO_GIVE)
def second_step_with_passkey() -> ResponseReturnValue:
    login.second_step_with_passkey(request.form.get("credential", ""), now=utc_now())
    return redirect(_way_on(), 303)
