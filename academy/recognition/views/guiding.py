"""Pages about who guides and judges: their desk, and a file at a time."""

from typing import Final

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.translation import _
from academy.kernel.web import ActForm, localized_blueprint, render
from academy.recognition.forms.guiding import AGAINST, FOR_AND_SIGN, AdviceForm
from academy.recognition.kinds import Advice
from academy.recognition.pages import desk as desk_pages
from academy.recognition.pages import guiding as pages
from academy.recognition.queries import desk as desk_queries
from academy.recognition.queries import guiding as queries
from academy.recognition.queries.desk import Tab
from academy.recognition.service import guiding

blueprint = localized_blueprint("recognition_guiding", __name__)

_LAST_PAGE: Final = 10_000
_TABS: Final = {each.value: each for each in Tab}


@blueprint.get("/provider/<provider>/recognition")
def desk(provider: str) -> ResponseReturnValue:
    now, page = utc_now(), min(max(request.args.get("page", 1, type=int), 1), _LAST_PAGE)
    with database().reading() as session:
        found = desk_queries.desk_page(session, require_actor(), provider, tab=_TABS.get(request.args.get("tab", "")), page=page, now=now)
    return render("recognition/desk.html", menu=desk_pages.menu(found.desk), found=desk_pages.desk_values(found, now=now))


def _page(provider: str, code: str, form: AdviceForm) -> ResponseReturnValue:
    """Answer with a file, once it is on record that somebody looks at it."""
    actor, now = require_actor(), utc_now()
    with database().reading() as session:
        found = queries.guided_file(session, actor, provider, code)
        is_seen = not (found.sees or found.evidence is not None) or queries.is_seen(session, actor, found.file.id, now=now)
    if not is_seen:
        with database().writing() as session:
            guiding.note_look(session, actor=actor, desk=found.desk, file=found.file, now=now)
    shown = pages.file_values(found, actor, now=now)
    return render("recognition/guide_file.html", menu=desk_pages.menu(found.desk), file=shown, form=form), 422 if form.errors else 200


@blueprint.get("/provider/<provider>/recognition/<code>", endpoint="file")
def file_page(provider: str, code: str) -> ResponseReturnValue:
    return _page(provider, code, AdviceForm(formdata=None))


def _back(provider: str, code: str, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("recognition_guiding.file", provider=provider, code=code), 303)


@blueprint.post("/provider/<provider>/recognition/<code>/take")
def take(provider: str, code: str) -> ResponseReturnValue:
    ActForm().validate()
    with database().writing() as session:
        guiding.take_file(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    return _back(provider, code, _("Jij begeleidt deze aanvraag nu. Maak een afspraak met de cursist en geef daarna je advies."))


@blueprint.post("/provider/<provider>/recognition/<code>/hand-back")
def hand_back(provider: str, code: str) -> ResponseReturnValue:
    ActForm().validate()
    with database().writing() as session:
        guiding.hand_back_file(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    flash(_("Je begeleidt deze aanvraag niet meer. Een collega kan haar oppakken."), "success")
    return redirect(url_for("recognition_guiding.desk", provider=provider), 303)


@blueprint.post("/provider/<provider>/recognition/<code>/advice")
def advise(provider: str, code: str) -> ResponseReturnValue:
    form, actor, now = AdviceForm(), require_actor(), utc_now()
    if not form.validate():
        return _page(provider, code, form)
    reason = form.reason.data or ""
    with database().writing() as session:
        if form.act.data == FOR_AND_SIGN:
            guiding.advise_and_sign(session, actor=actor, provider_slug=provider, code=code, reason=reason, now=now)
        else:
            advice = Advice.AGAINST if form.act.data == AGAINST else Advice.FOR
            guiding.advise(session, actor=actor, provider_slug=provider, code=code, advice=advice, reason=reason, now=now)
    return _back(provider, code, _("Je advies is verstuurd. De cursist krijgt een e-mail."))


@blueprint.post("/provider/<provider>/recognition/<code>/sign")
def sign(provider: str, code: str) -> ResponseReturnValue:
    ActForm().validate()
    with database().writing() as session:
        guiding.sign_as_guide(session, actor=require_actor(), provider_slug=provider, code=code, now=utc_now())
    return _back(provider, code, _("Je hebt de afspraak getekend."))
