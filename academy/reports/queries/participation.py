"""Who takes part in the programme, how far and how ready they are, and whether that is enough (requirements R23 and R24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.kernel.clock import begin_of_day
from academy.kernel.text import Localized, fold
from academy.kernel.translation import _
from academy.reports.facts import ColumnKind, ParticipantFacts, ParticipationRule, Section, Table, Value, View
from academy.reports.kinds import ReadinessItem, Stage
from academy.reports.models import Participation, ParticipationStep, ReadinessTick
from academy.reports.queries import participation_words as said
from academy.reports.queries.columns import Titles, columns_of
from academy.reports.queries.reach import require_office
from academy.reports.rules import participating as rules
from academy.reports.rules.participating import Supplied
from academy.reports.sources.readiness import supplied
from academy.reports.words import in_both

_MOST_FOUND: Final = 20
_DAY: Final = timedelta(days=1)
_TEXT, _COUNT = ColumnKind.TEXT, ColumnKind.COUNT
_COLUMNS: Final[Titles] = {
    "label": (lambda: _("Wat"), _TEXT), "wanted": (lambda: _("Nodig"), _COUNT), "now": (lambda: _("Nu"), _COUNT),
    "stage": (lambda: _("Fase"), _TEXT), "providers": (lambda: _("Opleiders"), _COUNT), "of_them_large": (lambda: _("Waarvan groot"), _COUNT),
    "name": (lambda: _("Opleider"), _TEXT), "country": (lambda: _("Land"), _TEXT),
    "since": (lambda: _("Sinds"), ColumnKind.DAY), "large": (lambda: _("Groot"), _TEXT), "anchor": (lambda: _("Anker"), _TEXT), "ready": (lambda: _("Op orde"), _COUNT),
    "needed": (lambda: _("Van de"), _COUNT), "missing": (lambda: _("Wat ontbreekt"), _TEXT), "day": (lambda: _("Dag"), ColumnKind.DAY), "before": (lambda: _("Van"), _TEXT),
    "after": (lambda: _("Naar"), _TEXT),
}


@dataclass(frozen=True)
class Participant:
    """A provider in the programme with the numbers behind its readiness."""

    facts: ParticipantFacts
    numbers: Supplied


@dataclass(frozen=True)
class Step:
    """A change of stage, or of the day since when; who noted it and why."""

    from_stage: Stage | None
    to_stage: Stage
    on_day: date
    at: datetime
    by: str
    note: str


@dataclass(frozen=True)
class ProviderInView:
    """A provider as the programme office sees it: `participant` is None where it takes no part, `changed_at` too."""

    slug: str
    name: str
    country: str
    contact_email: str
    participant: Participant | None
    changed_at: datetime | None
    steps: tuple[Step, ...]


def participants(session: Session, *, as_of: date) -> list[Participant]:
    """Return who takes part, by name: as it is noted now, with what was there before `as_of`. Eight statements."""
    rows = {row.provider_id: row for row in session.scalars(select(Participation))}
    ticked: dict[UUID, set[ReadinessItem]] = {}
    for tick in session.scalars(select(ReadinessTick).where(ReadinessTick.at < begin_of_day(as_of))):
        ticked.setdefault(tick.provider_id, set()).add(tick.item)
    numbers = supplied(session, rows, as_of=as_of) if rows else {}
    found = [
        Participant(_facts(each, rows[each.id], numbers[each.id], ticked.get(each.id, set())), numbers[each.id])
        for each in catalogue.providers(session) if each.id in rows
    ]
    return sorted(found, key=lambda each: (fold(each.facts.name), each.facts.slug))


def _facts(provider: catalogue.ProviderFacts, row: Participation, numbers: Supplied, ticked: set[ReadinessItem]) -> ParticipantFacts:
    return ParticipantFacts(
        provider.id, provider.name, provider.slug, provider.country, row.stage, row.since, row.is_large, row.is_anchor, rules.ready(numbers, ticked),
    )


def rule_of(there: Sequence[ParticipantFacts]) -> ParticipationRule:
    """Return how far the participation rule is met by these."""
    return ParticipationRule(*rules.large_of((each.stage, each.country, each.is_large) for each in there))


def overview(session: Session, actor: Actor, *, as_of: date) -> list[Participant]:
    """Return who takes part. Raises NotFound for who is not of the programme office."""
    require_office(session, actor)
    return participants(session, as_of=as_of)


def others_named(session: Session, words: str) -> list[catalogue.ProviderFacts]:
    """Return providers that take no part and have these words in their name, at most twenty; none for no words."""
    wanted = fold(words).split()
    if not wanted:
        return []
    there = set(session.scalars(select(Participation.provider_id)))
    found = (each for each in catalogue.providers(session) if each.id not in there)
    return [each for each in found if all(word in fold(" ".join((each.name, *each.former_names))) for word in wanted)][:_MOST_FOUND]


def provider_in_view(session: Session, actor: Actor, slug: str, *, as_of: date) -> ProviderInView:
    """Return a provider with what happened, the newest step first. Raises NotFound for who is not of the programme office, ProviderNotFound."""
    require_office(session, actor)
    provider = catalogue.provider_by_slug(session, slug)
    row = session.get(Participation, provider.id)
    steps = session.scalars(select(ParticipationStep).where(ParticipationStep.provider_id == provider.id).order_by(ParticipationStep.id.desc())).all()
    names = accounts.people(session, {step.by_id for step in steps if step.by_id is not None})
    there = None if row is None else next(each for each in participants(session, as_of=as_of) if each.facts.provider_id == provider.id)
    return ProviderInView(
        provider.slug, provider.name, provider.country, provider.contact_email, there, None if row is None else row.changed_at,
        tuple(
            Step(step.from_stage, step.to_stage, step.on_day, step.at, names[step.by_id].name if step.by_id in names else "", step.note) for step in steps
        ),
    )


def participation_section(session: Session, *, view: View, from_on: date, until_on: date, as_of: date) -> Section:  # noqa: ARG001 - every section is asked in one way
    """Return who took part at the end of the period, as was noted before `as_of`; providers are no people, so nothing is hidden.

    Tables: `rule` (label TEXT, wanted COUNT, now COUNT): large providers, domestic and foreign ones among them; `stages` (stage TEXT, providers COUNT, of_them_large COUNT);
    `participants` (name TEXT, country TEXT, stage TEXT, since DAY, large TEXT, anchor TEXT, ready COUNT, needed COUNT, missing TEXT);
    `steps` (day DAY, name TEXT, before TEXT, after TEXT): what changed in the period. How ready they are is of the day before `as_of`, as are size and country.
    """
    there = _at_end(session, participants(session, as_of=as_of), until_on=min(until_on, as_of - _DAY), as_of=as_of)
    rule = rule_of(there)
    return Section(
        "participation", in_both(lambda: _("Wie meedoet")),
        tuple(in_both(say) for say in (said.rule_words, lambda: said.standing_words(rule), lambda: said.is_met_words(rule))),
        (_rule_table(rule), _stages_table(there), _participants_table(there), _steps_table(session, from_on, until_on, as_of)),
    )


def _at_end(session: Session, now: Sequence[Participant], *, until_on: date, as_of: date) -> list[ParticipantFacts]:
    """Return who took part on a day, with the stage of then: the last that was noted before `as_of` of a day not after it."""
    steps = select(ParticipationStep).where(ParticipationStep.at < begin_of_day(as_of), ParticipationStep.on_day <= until_on)
    last = {step.provider_id: step for step in session.scalars(steps.order_by(ParticipationStep.id))}
    found = []
    for each in (one.facts for one in now):
        step = last.get(each.provider_id)
        if step is not None:
            found.append(ParticipantFacts(
                each.provider_id, each.name, each.slug, each.country, step.to_stage, step.on_day, each.is_large, each.is_anchor, each.ready,
            ))
    return found


def _yes_or_no(*, is_so: bool) -> Localized:
    return in_both(lambda: _("ja") if is_so else _("nee"))


def _rule_table(rule: ParticipationRule) -> Table:
    rows = (
        (in_both(lambda: _("Grote opleiders")), rules.LARGE, rule.large),
        (in_both(lambda: _("Waarvan uit Nederland")), rules.DOMESTIC, rule.domestic),
        (in_both(lambda: _("Waarvan uit het buitenland")), rules.FOREIGN, rule.foreign),
    )
    return Table(
        "rule", in_both(lambda: _("De regel voor deelname")), columns_of(_COLUMNS, "label", "wanted", "now"), rows,
        in_both(lambda: _("Een opleider telt mee vanaf het moment dat hij zegt mee te willen doen. Wie alleen verkent, telt nog niet.")),
    )


def _stages_table(there: Sequence[ParticipantFacts]) -> Table:
    rows = tuple(
        (_stage(stage), sum(each.stage is stage for each in there), sum(each.stage is stage and each.is_large for each in there)) for stage in Stage
    )
    return Table(
        "stages", in_both(lambda: _("Opleiders per fase")), columns_of(_COLUMNS, "stage", "providers", "of_them_large"), rows,
    )


def _stage(stage: Stage) -> Localized:
    return in_both(lambda: said.stage_words(stage))


def _participants_table(there: Sequence[ParticipantFacts]) -> Table:
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            each.name, each.country, _stage(each.stage), each.since.isoformat(), _yes_or_no(is_so=each.is_large), _yes_or_no(is_so=each.is_anchor),
            sum(each.ready.values()), len(each.ready), _missing(each),
        )
        for each in there
    )
    return Table(
        "participants", in_both(lambda: _("Opleiders in het programma")),
        columns_of(_COLUMNS, "name", "country", "stage", "since", "large", "anchor", "ready", "needed", "missing"), rows,
        in_both(lambda: _("Een anker is een opleider die al in de regio was. Wat anderen aanbieden, moet daar een aanvulling op zijn.")),
    )


def _missing(each: ParticipantFacts) -> Localized:
    lacking = [item for item in ReadinessItem if not each.ready[item]]
    return in_both(lambda: ", ".join(said.item_words(item) for item in lacking)) if lacking else Localized()


def _steps_table(session: Session, from_on: date, until_on: date, as_of: date) -> Table:
    names = {each.id: each.name for each in catalogue.providers(session)}
    steps = session.scalars(
        select(ParticipationStep).where(ParticipationStep.on_day.between(from_on, until_on), ParticipationStep.at < begin_of_day(as_of))
        .order_by(ParticipationStep.on_day, ParticipationStep.id),
    )
    rows = tuple(
        (step.on_day.isoformat(), names[step.provider_id], _stage(step.from_stage) if step.from_stage is not None else Localized(), _stage(step.to_stage))
        for step in steps if step.from_stage is not step.to_stage
    )
    return Table("steps", in_both(lambda: _("Wat er veranderde")), columns_of(_COLUMNS, "day", "name", "before", "after"), rows)
