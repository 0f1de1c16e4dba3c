"""The page behind the link in a letter to somebody whose employer pays a seat: opened without signing in, answered with one click."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.employers import links, service
from academy.employers.errors import GuestOver
from academy.employers.forms.people import GuestForm
from academy.employers.kinds import GuestState
from academy.employers.pages import seats as pages
from academy.employers.queries import guests as queries
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled

blueprint = localized_blueprint("seat_guests", __name__)


@blueprint.route("/seat/<token>", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=60)
def answer(token: str) -> ResponseReturnValue:
    form, now = GuestForm(), utc_now()
    with database().reading() as session:
        guest = queries.guest_by_id(session, links.guest_id_of(token))
        of, payer, _payer_id = queries.offered_to(session, guest)
    if guest.state in {GuestState.CANCELLED, GuestState.LAPSED} or (guest.state is GuestState.INVITED and now >= guest.until):
        raise GuestOver
    if request.method == "GET" or guest.state is not GuestState.INVITED or not form.validate():
        return _private(render("employers/guest.html", form=form, state=guest.state.value, invitation=pages.invitation_values(of, payer, guest)))
    with database().writing() as session:
        if form.answer.data == "yes":
            service.accept_seat(session, guest_id=guest.id, allows=bool(form.allows.data), now=now)
        else:
            service.decline_seat(session, guest_id=guest.id, now=now)
    return redirect(url_for("seat_guests.answer", token=token), 303)


def _private(page: str) -> Response:
    """Answer with a page whose address is a secret: into no search engine; that it goes to no other site, every page says."""
    return Response(page, 200, {"X-Robots-Tag": "noindex"})
