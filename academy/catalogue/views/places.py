"""The register of places as a provider keeps it."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.catalogue import facts, forms, service
from academy.catalogue.pages import workspace as pages
from academy.catalogue.queries import workspace
from academy.catalogue.views.blueprint import blueprint
from academy.kernel.db import database
from academy.kernel.ids import short_code
from academy.kernel.translation import _
from academy.kernel.web import render


@blueprint.get("/provider/<provider>/places")
def places(provider: str) -> ResponseReturnValue:
    with database().reading() as session:
        there = workspace.workspace_for_reading(session, require_actor(), provider)
        found = workspace.places(session, there.provider.id)
        own = workspace.own_place_keys(session, there.provider.id) if there.rights.plan else set()
    return render(
        "catalogue/workspace/places.html", workspace=pages.workspace_values(there),
        places=[pages.place_row(place, there, own) for place in found], new_url=url_for("catalogue.new_place", provider=provider),
    )


def _form_page(there: workspace.Workspace, form: forms.PlaceForm, *, is_new: bool) -> str:
    return render("catalogue/workspace/place_form.html", form=form, workspace=pages.workspace_values(there), is_new=is_new,
                  back_url=url_for("catalogue.places", provider=there.provider.slug))


def _save(there: workspace.Workspace, form: forms.PlaceForm, key: str, before: facts.PlaceFacts | None) -> ResponseReturnValue:
    if not form.validate():
        return _form_page(there, form, is_new=before is None), 422
    with database().writing() as session:
        service.register_place(session, form.draft(key, there.provider.slug, before))
    flash(_("De plek is bewaard."), "success")
    return redirect(url_for("catalogue.places", provider=there.provider.slug), 303)


@blueprint.route("/provider/<provider>/places/new", methods=["GET", "POST"])
def new_place(provider: str) -> ResponseReturnValue:
    with database().reading() as session:
        there = workspace.workspace_for_planning(session, require_actor(), provider)
    if request.method == "GET":
        return _form_page(there, forms.PlaceForm(formdata=None), is_new=True)
    return _save(there, forms.PlaceForm(), f"{there.provider.slug[:60]}-{short_code().lower()}", None)


@blueprint.route("/provider/<provider>/places/<place>", methods=["GET", "POST"])
def edit_place(provider: str, place: str) -> ResponseReturnValue:
    with database().reading() as session:
        there = workspace.workspace_for_planning(session, require_actor(), provider)
        found = workspace.own_place(session, there.provider.id, place)
    if request.method == "GET":
        return _form_page(there, forms.PlaceForm(formdata=None, data=forms.place_values(found)), is_new=False)
    return _save(there, forms.PlaceForm(), place, found)
