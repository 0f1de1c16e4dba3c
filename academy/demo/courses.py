"""A course of the demo's firm that has a level of NLQF, which ends within a year: so that a newcomer sees the whole path, and the reminder."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.employers.kinds import CourseStage
from academy.employers.service import accrediting
from academy.kernel.clock import amsterdam_day

_LINK: Final = "https://voorbeeld.nl/dossier/veilig-hijsen"
# What happened how many days ago; the level was granted nearly five and a half years ago.
_PATH: Final = (
    (CourseStage.VALIDITY_ASKED, 2210), (CourseStage.VALIDITY_GRANTED, 2150), (CourseStage.LEVEL_ASKED, 2090), (CourseStage.LEVEL_GRANTED, 1975),
)


def load_course(session: Session, *, actor: Actor, now: datetime) -> None:
    """Let who acts for the firm follow its course, from the first day to the level."""
    (firm, *_more) = accounts.memberships_of(session, actor.person_id)
    code = accrediting.begin_course(session, actor=actor, organisation_id=firm.organisation_id, title="Veilig hijsen voor monteurs", nlqf="4", now=now)
    for stage, days in _PATH:
        level = ("4", "NLQF-2021-0456") if stage is CourseStage.LEVEL_GRANTED else ("", "")
        accrediting.note_stage(
            session, actor=actor, code=code, stage=stage, on_day=amsterdam_day(now) - timedelta(days=days), link=_LINK, nlqf=level[0],
            register_code=level[1], now=now,
        )
