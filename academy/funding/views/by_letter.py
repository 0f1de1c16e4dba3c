"""The page behind the link in a letter to an employer: opened without signing in, answered once."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from academy.funding import links, service
from academy.funding.errors import AskGone
from academy.funding.forms.answering import AnswerForm
from academy.funding.pages.by_letter import asked_values, decided_values
from academy.funding.queries.by_letter import AskedByLetter, asked_by_letter
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, open_to_all, render, throttled
from academy.payments import api as payments

blueprint = localized_blueprint("by_letter", __name__)


@blueprint.route("/employer-answer/<token>", methods=["GET", "POST"])
@open_to_all
@throttled(a_minute=60)
def answer(token: str) -> ResponseReturnValue:
    asked, form = _asked(token), AnswerForm()
    if not asked.facts.is_open(utc_now()):  # answered, or over: it decides nothing any more
        page = render("funding/by_letter_decided.html", decided=decided_values(asked, now=utc_now()))
        return _private(page, 200 if request.method == "GET" else 409)
    form.offer(asks_firm=asked.asks_firm)
    if request.method == "GET" or not form.is_in_order(asked.facts.own):
        form.shown.data = str(asked.facts.own.cents)
        return _private(render("funding/by_letter.html", asked=asked_values(asked), form=form), 200 if request.method == "GET" else 422)
    with database().writing() as session:
        service.answer_ask(session, ask_id=asked.facts.id, answer=form.given, now=utc_now())
    return redirect(url_for("by_letter.answer", token=token), 303)


@blueprint.get("/employer-answer/<token>/invoice.pdf")
@open_to_all
@throttled(a_minute=60)
def invoice(token: str) -> ResponseReturnValue:
    asked = _asked(token)
    if asked.invoice_id is None:
        raise AskGone
    with database().reading() as session:
        found = payments.invoice_document(session, asked.invoice_id)
    return Response(payments.invoice_pdf(found), mimetype="application/pdf", headers={
        "Content-Disposition": f'attachment; filename="{found.facts.code}.pdf"', "X-Robots-Tag": "noindex",
    })


def _asked(token: str) -> AskedByLetter:
    with database().reading() as session:
        return asked_by_letter(session, links.ask_id_of(token))


def _private(page: str, status: int) -> Response:
    """Answer with a page whose address is a secret: into no search engine; that it goes to no other site, every page says."""
    return Response(page, status, {"X-Robots-Tag": "noindex"})
