"""Pages of what one paid oneself."""

from flask import Response
from flask.typing import ResponseReturnValue

from academy.accounts import api as accounts
from academy.accounts.login import require_actor
from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, render, throttled
from academy.payments.invoice_pdf import receipt_pdf
from academy.payments.pages.mine import payment_row
from academy.payments.queries import mine as queries
from academy.payments.views.files import PDF, as_attachment

blueprint = localized_blueprint("my_payments", __name__)


@blueprint.get("/my/payments")
def mine() -> ResponseReturnValue:
    with database().reading() as session:
        found = queries.payments_of(session, require_actor().person_id)
        suppliers = {supplier_id: accounts.organisation(session, supplier_id).name for supplier_id in {one.supplier_id for one in found}}
    return render("payments/mine.html", payments=[payment_row(one, suppliers) for one in found])


@blueprint.get("/my/payments/<code>/receipt.pdf")
@throttled(a_minute=60)
def receipt(code: str) -> Response:
    actor = require_actor()
    with database().reading() as session:
        found = queries.paid_by_me(session, actor, code)
        supplier = accounts.organisation(session, found.supplier_id).name
        payer = actor.name if found.payer.organisation_id is None else accounts.organisation(session, found.payer.organisation_id).name
    paper = receipt_pdf(found, supplier_name=supplier, payer_name=payer)
    return as_attachment(paper, filename=f"{found.code}.pdf", media_type=PDF)
