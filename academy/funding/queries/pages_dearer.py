"""Where a seat costs more when public or sector money pays along than when none does: a sign of prices that follow the money (capability B16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from academy.accounts.api import Actor, memberships_of
from academy.catalogue import api as catalogue
from academy.funding.kinds import ShareState, SourceKind
from academy.funding.models import FundedSeat, FundingShare
from academy.funding.policy import sees_all_payers
from academy.kernel.errors import NotFound
from academy.kernel.money import Money
from academy.kernel.text import Localized

_LOOKED_BACK: Final = timedelta(days=365)
_OWN_MONEY: Final = (SourceKind.LEARNER, SourceKind.EMPLOYER)


@dataclass(frozen=True)
class Dearer:
    """A module of which the dearest class that somebody's fund paid along costs more than the dearest that none did."""

    slug: str
    title: Localized
    provider: str
    with_money: Money
    without: Money


def dearer_with_money(session: Session, actor: Actor, *, now: datetime) -> Sequence[Dearer]:
    """Return these modules of the last year, the largest difference first. Of one class everybody pays the same, so classes of a module are compared.

    Raises NotFound to whoever does not read for the programme office.
    """
    if not sees_all_payers(memberships_of(session, actor.person_id)):
        raise NotFound
    pays_along = exists().where(
        FundingShare.seat_id == FundedSeat.id, FundingShare.kind.not_in(_OWN_MONEY), FundingShare.state != ShareState.RELEASED,
    )
    rows = session.execute(
        select(FundedSeat.offering_id, pays_along.label("pays_along"), func.max(FundedSeat.price))
        .where(FundedSeat.made_at >= now - _LOOKED_BACK, FundedSeat.ended_at.is_(None)).group_by(FundedSeat.offering_id, "pays_along"),
    ).all()
    helped = {offering_id for offering_id, along, _price in rows if along}
    classes = catalogue.offerings_by_id(session, {offering_id for offering_id, _along, _price in rows})
    prices: dict[tuple[str, bool], Money] = {}
    about: dict[str, catalogue.OfferingOfModule] = {}
    for offering_id, _along, price in rows:
        found = classes[offering_id]
        about[found.module_slug] = found
        key = found.module_slug, offering_id in helped
        prices[key] = max(price, prices.get(key, price))
    dearer = [
        Dearer(slug, found.module_title, found.provider_name, prices[slug, True], prices[slug, False])
        for slug, found in about.items()
        if (slug, True) in prices and (slug, False) in prices and prices[slug, True] > prices[slug, False]
    ]
    return sorted(dearer, key=lambda one: (one.without - one.with_money, one.slug))

