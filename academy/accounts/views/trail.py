"""What happened with my data: the audit trail, as far as it is about me."""

from typing import Final
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from academy.accounts.login import require_actor
from academy.accounts.queries import trail
from academy.accounts.trail_words import act_words, actor_words
from academy.kernel.csv_file import as_csv
from academy.kernel.db import database
from academy.kernel.formats import moment_text
from academy.kernel.translation import _
from academy.kernel.web import localized_blueprint, render, throttled

blueprint = localized_blueprint("trail", __name__)

_ON_A_PAGE: Final = 25
_HIGHEST: Final = 2**63 - 1  # of a number in the database


def _line(found: trail.TrailFacts, reader_id: UUID) -> dict[str, str]:
    organisation, actor_id = found.organisation_name, found.actor_id
    return {
        "when": moment_text(found.at), "what": act_words(found.act, found.details, organisation), "module": str(found.details.get("module", "")),
        "who": actor_words(
            name=found.actor_name, organisation=organisation, is_reader=actor_id == reader_id, is_person=actor_id is not None,
        ),
    }


@blueprint.get("/my/trail")
def mine() -> ResponseReturnValue:
    reader, before = require_actor().person_id, request.args.get("before", type=int)
    before = None if before is None else min(max(before, 0), _HIGHEST)
    with database().reading() as session:
        found = trail.trail_of(session, reader, before=before, most=_ON_A_PAGE + 1)
    shown = found[:_ON_A_PAGE]
    return render(
        "accounts/trail.html", lines=[_line(each, reader) for each in shown], is_later=before is not None,
        earlier=shown[-1].number if len(found) > _ON_A_PAGE else None,
    )


@blueprint.get("/my/trail.csv")
@throttled(a_minute=60)
def mine_as_file() -> ResponseReturnValue:
    reader = require_actor().person_id
    with database().reading() as session:
        found = trail.trail_of(session, reader)
    lines = [_line(each, reader) for each in found]
    answer = Response(
        as_csv((_("Wanneer"), _("Wat"), _("Wie")), [(line["when"], line["what"], line["who"]) for line in lines]),
        content_type="text/csv; charset=utf-8",
    )
    name = _("logboek")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
