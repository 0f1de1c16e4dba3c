"""What the programme office of the demo asked providers to make: one request that a provider said yes to, and one that waits for an answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.demo.money import actor_of
from academy.kernel.clock import amsterdam_day, end_of_day
from academy.reports.facts import View
from academy.reports.kinds import EVERY, MODULE, CommissionInviteState
from academy.reports.models import Commission
from academy.reports.queries.fitting import gap_to_fill
from academy.reports.queries.picture import periods_at
from academy.reports.service.commissioning import CommissionDraft, answer_commission, start_commission

_OFFICE, _PROVIDER, _PLANNER = "office@demo.example", "windesheim", "provider@demo.example"
_ASKED, _ANSWERED, _TWO_WEEKS = timedelta(days=4), timedelta(days=2), timedelta(days=14)


@dataclass(frozen=True)
class _Asked:
    """A gap of `demand`, by its module, with whom it is asked of in which area; `yes` is what the provider of the demo says to it."""

    provider: str
    code: str
    area: str
    of: tuple[str, ...]
    note: str
    yes: str = ""


_COMMISSIONS: Final = (
    _Asked(
        "windesheim", "ENG-07", "13", ("windesheim", "roc-flevoland", "aeres"), "Liefst op dinsdagavond of donderdagavond: dan kunnen de meeste mensen.",
        yes="Wij zoeken een docent voor de avond.",
    ),
    _Asked("windesheim", "BOU-04", "13", ("roc-flevoland", "landstede"), "Liefst op zaterdag: dan kunnen de meeste mensen."),
)


def load_commissions(session: Session, *, now: datetime) -> bool:
    """Let the office ask providers, once; returns whether it did now. Catalogue, people and what was counted are there already."""
    if session.scalar(select(Commission.id).limit(1)) is not None:
        return False
    modules = catalogue.modules_by_name(session, [(each.provider, each.code) for each in _COMMISSIONS])
    providers = {each.slug: each.id for each in catalogue.providers(session)}
    made_at, period = now - _ASKED, periods_at(amsterdam_day(now))[0]
    office, planner = actor_of(session, _OFFICE, now), actor_of(session, _PLANNER, now)
    for each in _COMMISSIONS:
        subject, view = f"{MODULE}{modules[each.provider, each.code].hex}", View(period, each.area, EVERY)
        draft = CommissionDraft(
            subject, view, gap_to_fill(session, office, subject, view).wanted, frozenset(providers[slug] for slug in each.of),
            end_of_day(amsterdam_day(made_at) + _TWO_WEEKS), each.note,
        )
        code = start_commission(session, actor=office, draft=draft, now=made_at)
        if each.yes:
            answer_commission(
                session, actor=planner, provider_slug=_PROVIDER, code=code, answer=CommissionInviteState.WILLING, note=each.yes, now=now - _ANSWERED,
            )
    return True
