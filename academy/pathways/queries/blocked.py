"""What stands in the way of routes, counted: the demand that the programme office can have courses made for (capability B6).

Counted are people: who has an account once, whatever number of pathways they have; of others each pathway, so that one person may be several there. Only what blocks
still: who found a route, went another way or took the pathway away, does not wait any more. Numbers of fewer than ten people are hidden here, so that no page or file can tell them;
the others are by fives: beside the reports, which hide more, exact ones would tell what is hidden there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.errors import NotFound
from academy.kernel.small_groups import LEAST_PEOPLE, by_fives
from academy.kernel.text import Localized
from academy.pathways.kinds import Limit
from academy.pathways.models import Pathway, RouteBlocker
from academy.pathways.policy import is_of_office
from academy.pathways.queries.pathways import time_of
from academy.pathways.rules.small_groups import shown_groups
from academy.pathways.rules.times import kind_of_times
from academy.skills import api as skills

TOP: Final = 10
YEAR: Final = timedelta(days=365)
_BANDS: Final = (10, 20, 30, 50, 100)  # km: a distance of somebody's own may tell who they are
_VARIANTS: Final = 3


@dataclass(frozen=True, order=True)
class Within:
    """The limits within which something can not be had: `limits` in the order of Limit.

    `times` are what all have in common, "evening", "day", "weekend" or "" for others; `distance` in km, rounded up to a band, None beyond the last. Both only where they are such a limit.
    """

    limits: tuple[str, ...]
    times: str = ""
    distance: int | None = None


@dataclass(frozen=True)
class Blocked:
    """A subject: a module, a skill, or the route as a whole. `people` is by fives, None when fewer than ten wait for it.

    `within` are the limits that most of them have, with how many; None where that number would tell of fewer than ten others.
    """

    subject: str
    title: Localized
    module_slug: str  # "" when it is not public, and of others
    provider_name: str
    people: int | None
    within: tuple[tuple[Within, int | None], ...] = ()

    @property
    def is_skill(self) -> bool:
        """Tell whether it is something one must be able to do, which any module may teach."""
        return bool(self.subject) and not self.provider_name


@dataclass(frozen=True)
class BlockedRoutes:
    """The ten that most people wait for, the most first; those of few people by name. `people` is how many wait in all, by fives, None where that would tell what is hidden."""

    top: tuple[Blocked, ...]
    people: int | None


def person_of() -> ColumnElement[UUID]:
    """Return who a row of a pathway is of: their account, else the pathway."""
    return func.coalesce(Pathway.person_id, Pathway.id)


def blocked_routes(session: Session, actor: Actor, *, now: datetime) -> BlockedRoutes:
    """Return what blocks routes that were made in a year. Raises NotFound to whoever is not of the programme office. At most six statements."""
    if not is_of_office(accounts.memberships_of(session, actor.person_id)):
        raise NotFound
    there = (RouteBlocker.ended_at.is_(None), RouteBlocker.found_at >= now - YEAR)
    people = func.count(person_of().distinct())
    counted = session.execute(
        select(RouteBlocker.subject, people).join(Pathway, Pathway.id == RouteBlocker.pathway_id).where(*there)
        .group_by(RouteBlocker.subject).order_by(people.desc(), RouteBlocker.subject).limit(TOP),
    ).all()
    if not counted:
        return BlockedRoutes((), 0)
    subjects = [subject for subject, _people in counted]
    rows = session.execute(
        select(RouteBlocker.subject, person_of(), RouteBlocker.limits, RouteBlocker.parts, RouteBlocker.distance)
        .join(Pathway, Pathway.id == RouteBlocker.pathway_id).where(*there, RouteBlocker.subject.in_(subjects)).order_by(RouteBlocker.found_at, RouteBlocker.id),
    )
    within: dict[str, dict[UUID, Within]] = defaultdict(dict)
    for subject, person, limits, parts, distance in rows:
        within[subject][person] = _within(limits, parts, distance)  # the newest of somebody with two pathways
    named = _named(session, subjects)
    found = [
        Blocked(subject, *named.get(subject, (Localized(""), "", "")), by_fives(number) if number >= LEAST_PEOPLE else None, _told(within[subject].values()))
        for subject, number in counted
    ]
    everybody = session.scalar(select(people).select_from(RouteBlocker).join(Pathway, Pathway.id == RouteBlocker.pathway_id).where(*there)) or 0
    is_hidden = any(each.people is None for each in found)
    return BlockedRoutes(_in_order(found), None if is_hidden or everybody < LEAST_PEOPLE else by_fives(everybody))


def _told(kinds: Iterable[Within]) -> tuple[tuple[Within, int | None], ...]:
    """Return the limits that many share, with their numbers by fives; the order of the same number tells nothing."""
    told = [(kind, None if number is None else by_fives(number)) for kind, number in shown_groups(kinds, most=_VARIANTS)]
    return tuple(sorted(told, key=lambda one: (-(one[1] or 0), one[0].limits, repr(one[0]))))


def _in_order(found: Sequence[Blocked]) -> tuple[Blocked, ...]:
    """Return the most first; the order of what is hidden tells nothing."""
    return tuple(sorted(found, key=lambda each: (-(each.people or 0), (each.title.nl or each.title.en).casefold(), each.subject)))


def _within(limits: Iterable[str], parts: Collection[str], distance: int | None) -> Within:
    known = tuple(limit.value for limit in Limit if limit.value in set(limits))
    return Within(
        known, kind_of_times([time_of(each) for each in parts]) if Limit.PARTS.value in known else "",
        next((band for band in _BANDS if distance <= band), None) if distance is not None and Limit.DISTANCE.value in known else None,
    )


def _named(session: Session, subjects: Sequence[str]) -> Mapping[str, tuple[Localized, str, str]]:
    """Return (title, slug of a public module, provider) by subject; the route as a whole has none of them."""
    modules = {subject: UUID(hex=subject) for subject in subjects if _is_module(subject)}
    cards = catalogue.module_cards(session, list(modules.values()))
    found = {
        subject: (card.title, card.slug if card.is_public else "", card.provider_name)
        for subject, module_id in modules.items() if (card := cards.get(module_id)) is not None
    }
    uris = [subject for subject in subjects if subject and subject not in modules]
    return found | {uri: (skill.label, "", "") for uri, skill in (skills.skills_by_uri(session, uris) if uris else {}).items()}


def _is_module(subject: str) -> bool:
    """Tell whether a subject is the id of a module in hex; the URI of a skill never is."""
    try:
        return UUID(hex=subject).hex == subject
    except ValueError:
        return False
