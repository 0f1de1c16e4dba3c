"""Pages about the learner's own evidence: the library, adding to it, the evidence of a file, who may see it, and the files themselves."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.catalogue import api as catalogue
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.errors import NotFound
from academy.kernel.ids import id_in
from academy.kernel.translation import _
from academy.kernel.web import ActForm, localized_blueprint, render, takes_files
from academy.kernel.web.attachments import attachment, shown
from academy.recognition.errors.evidence import EvidenceNotFound
from academy.recognition.facts import ClaimedOutcome
from academy.recognition.forms.evidence import FORMS, KeepForm, ShareForm, UseForm, form_for
from academy.recognition.pages import library as pages
from academy.recognition.queries import library as queries
from academy.recognition.queries.files import file_of_learner
from academy.recognition.queries.portfolio import evidence_of, outcomes_of
from academy.recognition.service import evidence as service
from academy.recognition.service.receiving import kept

blueprint = localized_blueprint("recognition_library", __name__)


# The library


@blueprint.get("/my/evidence")
def library() -> ResponseReturnValue:
    with database().reading() as session:
        person_id = require_actor().person_id
        pieces, taken = queries.library_of(session, person_id), queries.taken_of(session, person_id)
        cards = catalogue.module_cards(session, {use.module_id for each in pieces for use in each.used_in})
    return render("recognition/library.html", **pages.library_values(pieces, taken, cards))


@blueprint.route("/my/evidence/new/<kind>", methods=["GET", "POST"])
@takes_files(most_bytes=service.MOST_BYTES)
def new(kind: str) -> ResponseReturnValue:
    """Add a piece; in `file` stands the code of the file that it is for, if any."""
    if kind not in FORMS:
        raise NotFound
    form, actor, code, now = FORMS[kind](), require_actor(), request.args.get("file", ""), utc_now()
    form.offer(pages.outcome_choices(_outcomes(code)))
    if request.method == "GET" or not form.validate():
        return render("recognition/library_new.html", form=form, kind=kind, code=code), 200 if request.method == "GET" else 422
    with kept(form.upload) as taken, database().writing() as session:
        added = service.add_evidence(session, actor=actor, draft=form.draft, stored=taken.stored, now=now)
        if code:
            service.use_evidence(
                session, actor=actor, code=code, evidence_id=added.evidence_id, outcome_ids=form.chosen, only_these=False, now=now,
            )
        taken.is_named = added.is_new
    flash(_("Je bewijs is toegevoegd.") if added.is_new else _("Je had dit al. Dit is het bewijs dat er stond."), "success")
    return redirect(url_for(".for_file", code=code) if code else url_for(".piece", evidence_id=added.evidence_id), 303)


def _outcomes(code: str) -> tuple[ClaimedOutcome, ...]:
    if not code:
        return ()
    with database().reading() as session:
        return outcomes_of(session, file_of_learner(session, require_actor(), code).id)


@blueprint.get("/my/evidence/<evidence_id>")
def piece(evidence_id: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.piece_of(session, require_actor(), id_in(evidence_id))
        cards = catalogue.module_cards(session, {use.module_id for use in found.used_in})
        looks, known = queries.looks_at(session, found), queries.known_by_name(session, [use.file_id for use in found.used_in])
    keep = KeepForm(formdata=None, keep=found.facts.is_kept)
    return render("recognition/library_piece.html", piece=pages.piece_values(found, cards, looks, known), keep=keep)


@blueprint.route("/my/evidence/<evidence_id>/edit", methods=["GET", "POST"])
def edit(evidence_id: str) -> ResponseReturnValue:
    actor = require_actor()
    with database().reading() as session:
        facts = queries.piece_of(session, actor, id_in(evidence_id)).facts
    if not form_for(facts):
        raise EvidenceNotFound
    form = FORMS[form_for(facts)](obj=facts)
    form.describe_only()
    if request.method == "GET" or not form.validate():
        return render("recognition/library_edit.html", form=form, title=facts.title, evidence_id=facts.id), 200 if request.method == "GET" else 422
    with database().writing() as session:
        service.describe_evidence(session, actor=actor, evidence_id=facts.id, draft=form.draft, now=utc_now())
    flash(_("Opgeslagen."), "success")
    return redirect(url_for(".piece", evidence_id=facts.id), 303)


@blueprint.post("/my/evidence/<evidence_id>/keep")
def keep(evidence_id: str) -> ResponseReturnValue:
    form, piece_id = KeepForm(), id_in(evidence_id)
    with database().writing() as session:
        service.keep_evidence(session, actor=require_actor(), evidence_id=piece_id, is_kept=bool(form.keep.data))
    flash(_("Opgeslagen. Dit bewijs blijft bewaard.") if form.keep.data else _("Opgeslagen. Dit bewijs gaat weg als je aanvraag klaar is."), "success")
    return redirect(url_for(".piece", evidence_id=piece_id), 303)


@blueprint.post("/my/evidence/<evidence_id>/remove")
def remove(evidence_id: str) -> ResponseReturnValue:
    with database().writing() as session:
        service.remove_evidence(session, actor=require_actor(), evidence_id=id_in(evidence_id), now=utc_now())
    flash(_("Verwijderd. Ook het bestand is weg."), "success")
    return redirect(url_for(".library"), 303)


@blueprint.get("/recognition/evidence/<evidence_id>/file")
def file(evidence_id: str) -> ResponseReturnValue:
    """Give the file of a piece to its owner and to who may see it now; that they got it is written down first."""
    actor, now = require_actor(), utc_now()
    with database().writing() as session:
        seen = queries.evidence_to_see(session, actor, id_in(evidence_id))
        stored = pages.stored_file(seen.facts)
        if stored is None:
            raise EvidenceNotFound
        is_download = "download" in request.args or not stored.is_shown
        service.note_look(session, actor=actor, seen=seen, is_download=is_download, now=now)
    return attachment(stored) if is_download else shown(stored)


# The evidence of a file


@blueprint.get("/my/recognition/<code>/evidence")
def for_file(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = file_of_learner(session, require_actor(), code)
        outcomes, used = outcomes_of(session, found.id), evidence_of(session, found.id)
        said, library_now = queries.said_of(session, [each.id for each in used]), queries.library_of(session, found.person_id)
        card = catalogue.module_cards(session, [found.module_id])[found.module_id]
    add = FORMS["work"](formdata=None)
    add.offer(pages.outcome_choices(outcomes))
    return render("recognition/library_file.html", form=ActForm(), add=add, file=pages.for_file_values(found, card, outcomes, used, library_now, said))


@blueprint.post("/my/recognition/<code>/evidence")
def use(code: str) -> ResponseReturnValue:
    form = UseForm()
    form.offer(pages.outcome_choices(_outcomes(code)))
    form.validate()  # an outcome of another file is not one of the choices
    with database().writing() as session:
        service.use_evidence(
            session, actor=require_actor(), code=code, evidence_id=id_in(form.evidence.data or ""), outcome_ids=form.chosen, now=utc_now(),
        )
    flash(_("Opgeslagen."), "success")
    return redirect(url_for(".for_file", code=code), 303)


@blueprint.post("/my/recognition/<code>/evidence/drop")
def drop(code: str) -> ResponseReturnValue:
    with database().writing() as session:
        service.drop_evidence(session, actor=require_actor(), code=code, evidence_id=id_in(UseForm().evidence.data or ""), now=utc_now())
    flash(_("Weggehaald uit deze aanvraag. Het staat nog wel bij je bewijzen."), "success")
    return redirect(url_for(".for_file", code=code), 303)


# Who may see it


@blueprint.get("/my/recognition/<code>/sharing")
def sharing(code: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = file_of_learner(session, require_actor(), code)
        shares, assessors = queries.shares_of(session, found.id), queries.assessors_for(session, found)
        names = queries.people_around(session, found, shares)
        card = catalogue.module_cards(session, [found.module_id])[found.module_id]
    return render("recognition/library_sharing.html", form=ActForm(), file=pages.sharing_values(found, card, shares, assessors, names))


@blueprint.post("/my/recognition/<code>/sharing")
def share(code: str) -> ResponseReturnValue:
    with database().writing() as session:
        service.share_file(session, actor=require_actor(), code=code, assessor_id=id_in(ShareForm().assessor.data or ""), now=utc_now())
    flash(_("Gedeeld. Deze assessor ziet nu de bewijzen van deze aanvraag."), "success")
    return redirect(url_for(".sharing", code=code), 303)


@blueprint.post("/my/recognition/<code>/sharing/back")
def unshare(code: str) -> ResponseReturnValue:
    with database().writing() as session:
        service.unshare_file(session, actor=require_actor(), code=code, assessor_id=id_in(ShareForm().assessor.data or ""), now=utc_now())
    flash(_("Teruggenomen. Deze assessor ziet je bewijzen niet meer."), "success")
    return redirect(url_for(".sharing", code=code), 303)
