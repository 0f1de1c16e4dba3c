"""The programme office reads how recognition goes: numbers and clocks, never a file."""

from flask import Response
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.web import localized_blueprint, render, throttled
from academy.recognition.pages import office as pages
from academy.recognition.queries.office import Numbers, numbers

blueprint = localized_blueprint("recognition_office", __name__)


def _found() -> Numbers:
    with database().reading() as session:
        return numbers(session, require_actor(), now=utc_now())


@blueprint.get("/office/recognition")
def overview() -> ResponseReturnValue:
    return render("recognition/office.html", found=pages.numbers_values(_found()))


@blueprint.get("/office/recognition.csv")
@throttled(a_minute=60)
def overview_file() -> ResponseReturnValue:
    answer = Response(pages.numbers_file(_found()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="erkenning.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
