"""What the programme office of the demo asked providers to make: one request of which the class began, one that a provider said yes to, and one that waits."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.demo.money import actor_of
from academy.demo.paid_year import first_of_quarter
from academy.kernel.clock import AMSTERDAM, amsterdam_day, end_of_day
from academy.reports.facts import View
from academy.reports.kinds import EVERY, MODULE, CommissionInviteState
from academy.reports.models import Commission
from academy.reports.queries.fitting import gap_to_fill
from academy.reports.queries.picture import periods_at
from academy.reports.rules.quarters import quarter_of
from academy.reports.service.commissioning import CommissionDraft, answer_commission, follow_modules, start_commission

_OFFICE, _PROVIDER, _PLANNER = "office@demo.example", "windesheim", "provider@demo.example"
_ASKED, _ANSWERED, _TWO_WEEKS = timedelta(days=4), timedelta(days=2), timedelta(days=14)
# Into the quarter before, in which the paid year has a class of the module: it is asked, promised, named when the class is there, and the class has begun.
_ASKED_BEFORE, _PROMISED, _NAMED, _BEGAN = timedelta(days=5), timedelta(days=9), timedelta(days=16), timedelta(days=30)


@dataclass(frozen=True)
class _Asked:
    """A gap of `demand`, by its module, with whom it is asked of in which area; `yes` is what the provider of the demo says to it.

    It `is_filled` with a class of the paid year.
    """

    provider: str
    code: str
    area: str
    of: tuple[str, ...]
    note: str
    yes: str = ""
    is_filled: bool = False


_COMMISSIONS: Final = (
    _Asked(
        "windesheim", "ENG-07", "13", ("windesheim", "roc-flevoland", "aeres"), "Liefst op dinsdagavond of donderdagavond: dan kunnen de meeste mensen.",
        yes="Wij zoeken een docent voor de avond.",
    ),
    _Asked("windesheim", "BOU-04", "13", ("roc-flevoland", "landstede"), "Liefst op zaterdag: dan kunnen de meeste mensen."),
    _Asked(
        "windesheim", "BOU-11", "13", ("windesheim", "roc-flevoland"), "Liefst op woensdagavond.", yes="Wij geven deze module ook in de avond.", is_filled=True,
    ),
)


def load_commissions(session: Session, *, now: datetime) -> bool:
    """Let the office ask providers, once; returns whether it did now. Catalogue, people and what was counted are there already."""
    if session.scalar(select(Commission.id).limit(1)) is not None:
        return False
    modules = catalogue.modules_by_name(session, [(each.provider, each.code) for each in _COMMISSIONS])
    providers = {each.slug: each.id for each in catalogue.providers(session)}
    before = datetime.combine(first_of_quarter(amsterdam_day(now), ago=1), time(10), AMSTERDAM)
    office, planner = actor_of(session, _OFFICE, now), actor_of(session, _PLANNER, now)
    for each in _COMMISSIONS:
        module_id = modules[each.provider, each.code]
        made_at = before + _ASKED_BEFORE if each.is_filled else now - _ASKED
        answers: list[tuple[UUID | None, datetime]] = [(None, before + _PROMISED if each.is_filled else now - _ANSWERED)] if each.yes else []
        answers += [(module_id, before + _NAMED)] if each.is_filled else []
        period = quarter_of(amsterdam_day(made_at)) if each.is_filled else periods_at(amsterdam_day(now))[0]
        subject, view = f"{MODULE}{module_id.hex}", View(period, each.area, EVERY)
        draft = CommissionDraft(
            subject, view, gap_to_fill(session, office, subject, view).wanted, frozenset(providers[slug] for slug in each.of),
            end_of_day(amsterdam_day(made_at) + _TWO_WEEKS), each.note,
        )
        code = start_commission(session, actor=office, draft=draft, now=made_at)
        for named, at in answers:
            answer_commission(
                session, actor=planner, provider_slug=_PROVIDER, code=code, answer=CommissionInviteState.WILLING, module_id=named, note=each.yes, now=at,
            )
        if each.is_filled:
            follow_modules(session, [module_id], now=before + _BEGAN)
    return True
