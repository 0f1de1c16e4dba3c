"""What everybody may read: the numbers of the platform, also the bad ones."""

from flask import Response
from flask.typing import ResponseReturnValue

from academy.kernel.clock import utc_now
from academy.kernel.db import database
from academy.kernel.web import in_sitemap, localized_blueprint, open_to_all, render, throttled
from academy.reports.pages import open_numbers as pages

blueprint = localized_blueprint("open_numbers", __name__)


@blueprint.get("/open-numbers")
@open_to_all
@in_sitemap(lambda: ({},))
@throttled(a_minute=300)
def page() -> ResponseReturnValue:
    today, found = pages.numbers_of_a_year(database(), now=utc_now())
    return render("reports/open_numbers.html", there=pages.page_values(today, found))


@blueprint.get("/open-numbers.csv")
@open_to_all
@throttled(a_minute=60)
def file() -> ResponseReturnValue:
    _today, found = pages.numbers_of_a_year(database(), now=utc_now())
    answer = Response(pages.file(found), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="open-cijfers.csv"'
    return answer
