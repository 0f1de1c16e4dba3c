"""What was done about gaps, as a part of a report: what providers were asked, how long it took, and what the offer adds to that of the anchors."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from statistics import median
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.kernel.clock import amsterdam_day, begin_of_day, end_of_day
from academy.kernel.formats import number_text
from academy.kernel.translation import _, ngettext
from academy.reports.facts import ColumnKind, CommissionFacts, Section, Table, Value, View
from academy.reports.kinds import CLUSTER, EVERY, CommissionInviteState, CommissionState
from academy.reports.models import Commission, CommissionInvite
from academy.reports.queries.columns import Titles, columns_of
from academy.reports.queries.commissions import days_taken, facts_of, steps_of
from academy.reports.queries.complementing import Complementarity, beside_the_anchors, by_provider
from academy.reports.rules.commissioning import Milestones, milestones, state_at
from academy.reports.rules.complementing import Relation
from academy.reports.sources.skills import clusters
from academy.reports.words import area_words, commission_words, in_both, relation_words

_TEXT, _COUNT, _ON = ColumnKind.TEXT, ColumnKind.COUNT, ColumnKind.DAY
_COLUMNS: Final[Titles] = {
    "code": (lambda: _("Nummer"), _TEXT), "skill": (lambda: _("Vaardigheid (code)"), _TEXT), "label": (lambda: _("Waarvoor"), _TEXT), "area": (lambda: _("Gebied"), _TEXT),
    "state": (lambda: _("Stand"), _TEXT), "wanted": (lambda: _("Gevraagd voor"), _COUNT), "asked": (lambda: _("Gevraagd op"), _ON),
    "providers": (lambda: _("Opleiders gevraagd"), _COUNT), "willing": (lambda: _("Zeiden ja"), _COUNT), "agreed": (lambda: _("Eerste ja"), _ON),
    "planned": (lambda: _("Startmoment openbaar"), _ON), "started": (lambda: _("Eerste groep begon"), _ON), "days": (lambda: _("Werkdagen tot de eerste groep"), _COUNT),
    "step": (lambda: _("Van vraag tot"), _TEXT), "number": (lambda: _("Hoe vaak"), _COUNT), "median": (lambda: _("De helft binnen (werkdagen)"), _COUNT),
    "longest": (lambda: _("Langste (werkdagen)"), _COUNT), "provider": (lambda: _("Opleider"), _TEXT), "modules": (lambda: _("Modules"), _COUNT),
    **{relation.value: (partial(relation_words, relation), _COUNT) for relation in Relation},
}


@dataclass(frozen=True)
class _Acted:
    """A commission as it stood before a moment."""

    facts: CommissionFacts
    state: CommissionState
    reached: Milestones
    providers: int
    willing: int


def acting_section(session: Session, *, view: View, from_on: date, until_on: date, as_of: date) -> Section:
    """Return what was done about gaps: every commission that was under way between the two days, as it stood when `as_of` began.

    `commissions`: code, skill (URI, or `module:<hex>`), label, area, state, wanted (people as it was told when it was made; None: it was not), asked, providers
    (asked), willing (that say yes), agreed, planned, started (days; None: not), days (working days from asking to the first class, None: not begun), the oldest first.
    `times`: step, number, median, longest: working days from asking to the first yes, to a public class and to the first class, of those in `commissions`.
    `complementarity`: provider, modules, complements, partly, overlaps, unknown (numbers of modules), of every provider that is no anchor and of which
    something can be said of a module, by name; the catalogue as it is now, for the whole region. Nothing in it is of people. At most twelve statements.
    """
    acted, beside = _acted(session, view, from_on, until_on, as_of), beside_the_anchors(session)
    return Section(
        "acting", in_both(lambda: _("Wat er aan gaten is gedaan")), tuple(in_both(each) for each in _sentences(acted, beside)),
        (_commissions_table(acted), _times_table(acted), _beside_table(beside)),
    )


def _acted(session: Session, view: View, from_on: date, until_on: date, as_of: date) -> list[_Acted]:
    moment = begin_of_day(as_of)
    wanted = select(Commission).where(Commission.made_at < min(moment, end_of_day(until_on)))
    if view.area != EVERY:
        wanted = wanted.where(Commission.area == view.area)
    rows = [
        row for row in session.scalars(wanted.order_by(Commission.made_at, Commission.code))
        if (row.ended_at is None or amsterdam_day(row.ended_at) >= from_on) and _is_in(row.sector, view.sector)
    ]
    facts, steps = facts_of(session, rows), steps_of(session, [row.id for row in rows])
    invites: dict[object, list[CommissionInvite]] = {}
    for invite in session.scalars(select(CommissionInvite).where(CommissionInvite.commission_id.in_(facts))):
        invites.setdefault(invite.commission_id, []).append(invite)
    found = []
    for row in rows:
        way = [(each.to_state, each.at) for each in steps.get(row.id, ()) if each.at < moment]
        asked = invites.get(row.id, [])
        willing = sum(each.state is CommissionInviteState.WILLING and each.answered_at is not None and each.answered_at < moment for each in asked)
        found.append(_Acted(facts[row.id], state_at(way, moment) or CommissionState.OPEN, milestones(way), len(asked), willing))
    return found


def _is_in(sector: str, chosen: str) -> bool:
    """Tell whether a commission for a sector, a cluster or EVERY belongs to what is looked at."""
    return chosen in {EVERY, sector} or (chosen.startswith(CLUSTER) and clusters().get(sector) == chosen.removeprefix(CLUSTER))


def _sentences(acted: Sequence[_Acted], beside: Complementarity) -> list[Callable[[], str]]:
    started = [each for each in acted if each.reached.started_at is not None]
    under_way = sum(each.state not in {CommissionState.STARTED, CommissionState.CLOSED} for each in acted)
    said: list[Callable[[], str]] = [
        lambda: ngettext(
            "Voor %(num)s gat is opleiders gevraagd het te vullen: %(started)s is begonnen en %(under_way)s loopt nog.",
            "Voor %(num)s gaten is opleiders gevraagd ze te vullen: %(started)s zijn begonnen en %(under_way)s lopen nog.",
            len(acted), num=number_text(len(acted)), started=number_text(len(started)), under_way=number_text(under_way),
        ) if acted else _("Er is in deze periode voor geen gat gevraagd het te vullen."),
    ]
    days = _days(acted, lambda reached: reached.started_at)
    if days:
        said.append(lambda: ngettext(
            "De helft begon binnen %(num)s werkdag na de vraag.", "De helft begon binnen %(num)s werkdagen na de vraag.", _half(days),
        ))
    told = len(beside.lines) - beside.number(Relation.UNKNOWN)
    if told:
        said.append(lambda: ngettext(
            "Van %(told)s module van andere opleiders is te zeggen of die aanvult wat de ankers bieden: %(adds)s wel, %(partly)s deels en %(same)s niet.",
            "Van %(told)s modules van andere opleiders is te zeggen of ze aanvullen wat de ankers bieden: %(adds)s wel, %(partly)s deels en %(same)s niet.", told,
            told=number_text(told), adds=number_text(beside.number(Relation.COMPLEMENTS)), partly=number_text(beside.number(Relation.PARTLY)),
            same=number_text(beside.number(Relation.OVERLAPS)),
        ))
    return said


def _days(acted: Iterable[_Acted], when: Callable[[Milestones], datetime | None]) -> list[int]:
    found = ((each.facts.made_at, when(each.reached)) for each in acted)
    return [days_taken(made, at) for made, at in found if at is not None]


def _half(days: Sequence[int]) -> int:
    return int(median(days) + 0.5)


def _commissions_table(acted: Sequence[_Acted]) -> Table:
    return Table(
        "commissions", in_both(lambda: _("Aanvragen bij opleiders")),
        columns_of(_COLUMNS, "code", "skill", "label", "area", "state", "wanted", "asked", "providers", "willing", "agreed", "planned", "started", "days"),
        tuple(_row(each) for each in acted),
        in_both(lambda: _("Aanvragen die in deze periode liepen. Gevraagd voor: zoveel mensen als toen gezegd kon worden. Een stap die terugviel, telt niet.")),
    )


def _row(one: _Acted) -> tuple[Value, ...]:
    facts, reached = one.facts, one.reached
    return (
        facts.code, facts.skill, facts.label, in_both(lambda: area_words(facts.view.area)), in_both(lambda: commission_words(one.state)), facts.wanted or None,
        amsterdam_day(facts.made_at).isoformat(), one.providers, one.willing, _on(reached.promised_at), _on(reached.planned_at), _on(reached.started_at),
        days_taken(facts.made_at, reached.started_at) if reached.started_at is not None else None,
    )


def _on(at: datetime | None) -> str | None:
    return amsterdam_day(at).isoformat() if at is not None else None


def _times_table(acted: Sequence[_Acted]) -> Table:
    steps: tuple[tuple[Callable[[], str], Callable[[Milestones], datetime | None]], ...] = (
        (lambda: _("Een opleider zei ja"), lambda reached: reached.promised_at), (lambda: _("Het eerste startmoment is openbaar"), lambda reached: reached.planned_at),
        (lambda: _("De eerste groep begon"), lambda reached: reached.started_at),
    )
    rows = []
    for say, when in steps:
        days = _days(acted, when)
        rows.append((in_both(say), len(days), _half(days) if days else None, max(days, default=None)))
    return Table(
        "times", in_both(lambda: _("Hoe lang het duurde")), columns_of(_COLUMNS, "step", "number", "median", "longest"), tuple(rows),
        in_both(lambda: _("Werkdagen vanaf de dag dat opleiders zijn gevraagd, van de aanvragen hierboven.")),
    )


def _beside_table(found: Complementarity) -> Table:
    anchors, listed = ", ".join(found.anchors), by_provider(found)
    told = [each for each in listed if sum(each.numbers.values()) > each.numbers[Relation.UNKNOWN]]
    left = sum(each.numbers[Relation.UNKNOWN] for each in listed if each not in told)
    return Table(
        "complementarity", in_both(lambda: _("Aanvullend op de ankers")), columns_of(_COLUMNS, "provider", "modules", *(each.value for each in Relation)),
        tuple((each.name, sum(each.numbers.values()), *(each.numbers[relation] for relation in Relation)) for each in told),
        in_both(lambda: " ".join(part for part in (_(
            "Elke openbare module naast het aanbod van %(names)s: minder dan een derde van de vaardigheden ook daar is aanvullend, twee derde of meer bestaat al.",
            names=anchors,
        ), _left_words(len(listed) - len(told), left)) if part)) if anchors else in_both(lambda: _("Er is nog geen opleider als anker genoteerd.")),
    )


def _left_words(providers: int, modules: int) -> str:
    """Return how many providers and modules stand not in the table, since nothing can be said of them; "" for none."""
    if not providers:
        return ""
    return ngettext(
        "Van %(num)s opleider staat hier niets: van de modules (%(modules)s) is het niet te zeggen.",
        "Van %(num)s opleiders staat hier niets: van hun modules (%(modules)s) is het niet te zeggen.", providers, num=number_text(providers), modules=number_text(modules),
    )
