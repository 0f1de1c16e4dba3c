"""What letters about pools have in common: to whom, and the facts and links that come back.

A pool without a module is named by its number: its title is in the words of who began it, and those go to nobody by letter.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.catalogue import api as catalogue
from academy.employers import api as employers
from academy.enrolment import api as enrolment
from academy.kernel.formats import day, in_current_language, money
from academy.kernel.money import Money
from academy.kernel.translation import _
from academy.notices.enrolment_letters.shared import planners_at, to_person
from academy.notices.gateway import Letter
from academy.notices.message import Said

_WHO_BUY: Final = (Role.OWNER, Role.BUYER, Role.DEAN)
Fact = tuple[str, str]


@dataclass(frozen=True)
class Group:
    """A pool with its module and its class, as far as it has them."""

    pool: employers.PoolFacts
    module: catalogue.ModuleCard | None
    of: catalogue.OfferingOfModule | None

    @property
    def title(self) -> str:
        """The name of the pool, in the reader's language."""
        return in_current_language(self.module.title) if self.module else _("groep %(code)s", code=self.pool.code)

    @property
    def price(self) -> Money | None:
        """The price of a seat: of the class where there is one, else what is expected."""
        return self.of.offering.price if self.of else self.pool.price

    def gathers(self) -> tuple[Fact, ...]:
        """Return what a pool gathers for, where, and until when."""
        return (
            (_("Waarvoor"), self.title), (_("Waar"), employers.area_words(self.pool.area)),
            (_("Prijs van één plek, naar verwachting"), money(self.price) if self.price is not None else ""),
            (_("We zoeken tot en met"), day(self.pool.deadline)),
        )


def group_of(session: Session, pool_id: UUID) -> Group:
    """Return a pool. Raises PoolNotFound."""
    pool = employers.pool_by_id(session, pool_id)
    return Group(pool, employers.module_of_pool(session, pool), employers.class_of_pool(session, pool))


def to_parties(
    session: Session, kind: str, pledges: Iterable[employers.PledgeFacts], say: Callable[[employers.PledgeFacts], Said], *, version: str = "",
) -> list[Letter]:
    """Return a letter to who made each pledge, where their address is proven; when they left, to who buys for the same firm.

    `version` tells letters of one kind about one pledge apart, where there is more than one in the course of time.
    """
    return [
        letter for pledge in pledges
        for letter in _to_party(session, kind, pledge, partial(say, pledge), about=f"{pledge.id.hex}-{version}" if version else pledge.id.hex)
    ]


def _to_party(session: Session, kind: str, pledge: employers.PledgeFacts, say: Callable[[], Said], *, about: str) -> list[Letter]:
    person = accounts.people(session, [pledge.person_id]).get(pledge.person_id) if pledge.person_id else None
    if person is not None and not accounts.is_nobody(person.email):
        return [to_person(person, kind, about, say)]
    if person is None or pledge.organisation_id is None:
        return []
    others = accounts.people_in_role(session, *_WHO_BUY, organisation_id=pledge.organisation_id)
    return [to_person(each, kind, f"{about}-{each.id.hex}", say) for each in others]


def to_provider(session: Session, kind: str, about: str, provider_id: UUID, say: Callable[[], Said]) -> list[Letter]:
    """Return a letter to each who plans classes at the provider; where nobody does, to its owners."""
    return [to_person(each, kind, f"{about}-{each.id.hex}", say) for each in planners_at(session, provider_id)]


def to_office(session: Session, kind: str, about: str, say: Callable[[], Said]) -> list[Letter]:
    """Return a letter to each at the programme office."""
    return [to_person(each, kind, f"{about}-{each.id.hex}", say) for each in accounts.people_in_role(session, Role.OFFICE)]


def stamp(moment: datetime | None) -> str:
    """Return what tells a letter from the one about an earlier moment."""
    return f"{moment:%Y%m%d%H%M%S}" if moment else ""


def last_day(until: datetime | None) -> str:
    """Return the last day on which something can be done, of which the time is up at this moment; "" without one."""
    return enrolment.last_moment_words(until) if until else ""


def pledge_url(pledge: employers.PledgeFacts) -> str:
    """Return the address of the page of a pledge, which opens without signing in."""
    return url_for("gathering.pledge", token=employers.pledge_token_for(pledge.id), _external=True)


def class_url(of: catalogue.OfferingOfModule) -> str:
    """Return the address of a class in the workspace of its provider."""
    return url_for("workspace.offering", provider=of.provider_slug, code=of.offering.code, _external=True)


def to_look_on(group: Group) -> tuple[str, str]:
    """Return the link to where else one can look: the module, or everything there is."""
    if group.module is not None and group.module.is_public:
        return _("Bekijk de module"), url_for("enrolment.module_page", slug=group.module.slug, _external=True)
    return _("Zoek een module"), url_for("search.results", _external=True)
