"""What changed for a route. A result or decision is named, not told: what it says is read behind the sign-in. Nothing that the learner typed stands in it."""

from datetime import datetime
from typing import Final

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.kernel.formats import in_current_language
from academy.kernel.translation import _, _l, ngettext
from academy.notices.enrolment_letters.shared import to_person
from academy.notices.gateway import Letter
from academy.notices.message import Said
from academy.pathways import api as pathways
from academy.pathways.api import ChangeFacts, ChangeKind

_MOST: Final = 10
_RESULT, _DECISION = _l("Er is een resultaat voor %(title)s."), _l("Er is een besluit over %(title)s.")
_WORDS: Final = {
    ChangeKind.MODULE_WITHDRAWN: _l("%(title)s wordt niet meer gegeven."),
    ChangeKind.CLASS_CANCELLED: _l("De groep voor %(title)s gaat niet door."),
    ChangeKind.CLASS_PLANNED: _l("Voor %(title)s is nu een groep gepland."),
    ChangeKind.PROGRAMME_CHANGED: _l("De opleiding vraagt nu andere modules."),
    ChangeKind.PASSED: _RESULT, ChangeKind.FAILED: _RESULT, ChangeKind.CREDIT_GRANTED: _DECISION, ChangeKind.CREDIT_ENDED: _DECISION,
}


def concerned(session: Session, event: pathways.PathwayConcerned, _now: datetime) -> list[Letter]:
    """Tell what changed for a route; none once its learner looked after it, or left."""
    told = pathways.changes_told(session, event.pathway_id)
    if told is None:
        return []
    reader = accounts.people(session, [told.person_id]).get(told.person_id)
    if reader is None or accounts.is_nobody(reader.email):
        return []

    def say() -> Said:
        sentences = list(dict.fromkeys(_sentence(each) for each in told.changes))
        more = len(sentences) - _MOST
        return Said(
            _("Er is iets veranderd voor je route"),
            (
                *sentences[:_MOST], *([ngettext("En nog %(num)s verandering.", "En nog %(num)s veranderingen.", more)] if more > 0 else []),
                _("Bekijk of je route nog klopt. Is er een andere route nodig? Dan staat die klaar. Jij kiest."),
            ),
            link=(_("Bekijk wat er veranderd is"), url_for("pathways_following.changes", key=told.edit_key, _external=True)),
            after=(_("Wie deze link heeft, kan je route veranderen. Stuur deze mail dus niet door."),),
        )
    return [to_person(reader, "pathway-concerned", f"{told.pathway_id.hex}-{told.told_at:%Y%m%d%H%M%S}", say)]


def _sentence(change: ChangeFacts) -> str:
    return str(_WORDS[change.kind]) % {"title": "" if change.title is None else in_current_language(change.title)}
