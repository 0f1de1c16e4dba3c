"""How far somebody is on the way to a goal: what counts per requirement, what does not and why, and which programmes follow it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.api import ModuleCard, ProgrammeNotFound, ProgrammeSummary, ProgrammeType
from academy.kernel.clock import amsterdam_day
from academy.kernel.text import Localized
from academy.pathways.facts import GoalFacts, PathwayFacts, RequirementWords, StepFacts
from academy.pathways.kinds import GoalKind, NodeKind, Standing
from academy.pathways.problem import Credit, Node
from academy.pathways.queries.credit_rules import CreditRuleFacts, credit_rule_of
from academy.pathways.queries.credits import learned_of
from academy.pathways.queries.gathering import gather
from academy.pathways.queries.goals import asked_of_programme, modules_counting, tenths, tree_of, with_others
from academy.pathways.queries.pathways import pathways_of
from academy.pathways.rules import picture
from academy.pathways.rules.audit import Audit, Line, Unused, audit
from academy.pathways.rules.counting import OFFICIAL

BACHELOR: Final = "6"  # NLQF
_MOST_AFTER: Final = 6


@dataclass(frozen=True)
class RequirementRow:
    """A requirement with its shares (tenths of EC, or one for a skill). `title` is None for what the programme did not fill in; `modules` by slug count in it.

    `asks` has how much of its `choices` is to be chosen, of a choice; `lacks` are modules below it, or choices with a name, that are not had or planned.
    """

    title: Localized | None
    parts: tuple[picture.Share, ...]
    is_complete: bool
    module_id: UUID | None = None
    modules: tuple[tuple[str, Standing], ...] = ()
    asks: RequirementWords | None = None
    choices: int = 0
    lacks: tuple[Localized, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far somebody is. Amounts are tenths of EC, or numbers of skills where `is_of_skills`; `ends_on` is the last day of the last step that is planned.

    `refused` are credits that do not count, `valid_years` how long the programme lets them. `at_home` of `at_home_needed` is taught by the institution that awards the degree; `after` are programmes of the next level; `diploma` the NLQF level that
    somebody has, "" when they did not say.
    """

    goal: GoalFacts
    rows: tuple[RequirementRow, ...]
    is_of_skills: bool
    refused: tuple[Unused, ...]
    valid_years: int | None
    at_home: int
    at_home_needed: int
    ends_on: date | None
    diploma: str
    nlqf: str
    provider_slug: str
    cards: Mapping[UUID, ModuleCard]
    titles: Mapping[str, Localized]
    after: tuple[ProgrammeSummary, ...] = ()
    is_best: bool = True


@dataclass(frozen=True)
class MyProgramme:
    """A programme that counts what somebody has: `counting` modules of it, and a pathway to it or not."""

    programme: ProgrammeSummary
    counting: int
    has_pathway: bool


@dataclass(frozen=True)
class Mine:
    """What somebody has in all (tenths of EC), the programmes that count it, and the others."""

    ec: int
    programmes: tuple[MyProgramme, ...] = ()
    others: tuple[ProgrammeSummary, ...] = ()


@dataclass(frozen=True)
class _Asked:
    """A goal with what somebody has for it: what there is to count."""

    goal: GoalFacts
    tree: Node
    had: tuple[Credit, ...]
    home: frozenset[str]
    programme_id: UUID | None
    steps: Sequence[StepFacts] = ()
    diploma: str = ""


def progress_of_pathway(session: Session, pathway: PathwayFacts, *, now: datetime) -> Progress:
    """Return how far the maker of a pathway is, with its steps as what is planned. Raises GoalGone when the programme is no longer offered.

    Five statements more than `gather` needs.
    """
    found = gather(session, pathway, now=now)
    return _progress(session, _Asked(
        found.goal, found.problem.tree, found.credits, found.problem.home, pathway.programme_id, pathway.steps, pathway.diploma,
    ), now=now)


def progress_in_programme(session: Session, actor: Actor, slug: str, *, now: datetime) -> Progress:
    """Return how far the actor is in a programme, with the steps of their own pathway to it where there is one. Raises ProgrammeNotFound."""
    programme = next((each for each in catalogue.programmes(session) if each.slug == slug), None)
    if programme is None:
        raise ProgrammeNotFound
    pathway = next((each for each in pathways_of(session, actor) if each.programme_id == programme.id), None)
    if pathway is not None:
        return progress_of_pathway(session, pathway, now=now)
    asked = asked_of_programme(session, programme.id)
    counts_as = modules_counting(session, asked.module_ids, now=now)
    named = with_others(asked.module_ids, counts_as)
    goal, tree = tree_of(asked, catalogue.modules_to_take(session, named), counts_as)
    had = learned_of(session, [actor.person_id]).having(actor.person_id, asked=named).credits
    return _progress(session, _Asked(goal, tree, had, frozenset({programme.provider_slug}), programme.id), now=now)


def my_programmes(session: Session, actor: Actor) -> Mine:
    """Return the programmes that count what the actor has or plans, and all others that can be counted: three statements more than credits and pathways take."""
    had = learned_of(session, [actor.person_id]).having(actor.person_id, asked=()).credits
    ids = [each.id for each in catalogue.modules_by_slug(session, [each.module for each in had]).values()]
    counting = catalogue.programmes_asking(session, ids) if ids else {}
    planned = {each.programme_id for each in pathways_of(session, actor)}
    every = [each for each in catalogue.programmes(session) if each.module_count]
    mine = [MyProgramme(each, counting.get(each.id, 0), each.id in planned) for each in every if each.id in counting or each.id in planned]
    return Mine(
        sum(each.ec for each in had if each.standing in OFFICIAL), tuple(sorted(mine, key=lambda each: (not each.has_pathway, -each.counting))),
        tuple(each for each in every if each.id not in counting and each.id not in planned),
    )


def contact_of(session: Session, found: Progress) -> tuple[str, str]:
    """Return the e-mail address and the name of the school that gives a programme; "" where there is none: one statement."""
    if not found.provider_slug:
        return "", ""
    school = catalogue.provider_by_slug(session, found.provider_slug)
    return school.contact_email, school.name


def _progress(session: Session, asked: _Asked, *, now: datetime) -> Progress:
    rule = CreditRuleFacts() if asked.programme_id is None else credit_rule_of(session, asked.programme_id)
    cards = catalogue.module_cards(session, {each.module_id for each in asked.steps} | _leaves_named(asked.goal))
    planned = _planned(asked, cards)
    found = audit(
        asked.tree, [*asked.had, *planned], at_home=tenths(asked.goal.at_home), home=asked.home, least_nlqf=rule.least_nlqf, valid_years=rule.valid_years,
        today=amsterdam_day(now),
    )
    programmes = catalogue.programmes(session) if asked.programme_id is not None else []
    own = next((each for each in programmes if each.id == asked.programme_id), None)
    return Progress(
        asked.goal, tuple(_rows(asked, found)), is_of_skills=asked.goal.kind is not GoalKind.PROGRAMME, refused=found.unused, valid_years=rule.valid_years,
        at_home=found.at_home, at_home_needed=found.at_home_needed, ends_on=max((each.last_on for each in asked.steps), default=None), diploma=asked.diploma,
        nlqf="" if own is None else own.nlqf, provider_slug="" if own is None else own.provider_slug, cards=cards, titles=_titles(session, cards, found),
        after=() if own is None else _after(own, programmes), is_best=found.is_best,
    )


def _leaves_named(goal: GoalFacts) -> set[UUID]:
    return {each.module_id for each in goal.words.values() if each.module_id is not None}


def _planned(asked: _Asked, cards: Mapping[UUID, ModuleCard]) -> Iterator[Credit]:
    """Yield the steps as credits, without those of what is had by now."""
    whole = {each.module for each in asked.had if each.is_whole}
    for step in asked.steps:
        card = cards[step.module_id]
        if card.slug not in whole:
            yield Credit(card.slug, card.provider_slug, tenths(card.ec), Standing.PLANNED, is_whole=True)


def _titles(session: Session, cards: Mapping[UUID, ModuleCard], found: Audit) -> dict[str, Localized]:
    """Return the titles of all modules that are named: two statements for those that are not among the cards."""
    titles = {each.slug: each.title for each in cards.values()}
    named = {slug for line in found.lines.values() for slug in line.modules} | {each.credit.module for each in found.unused}
    others = catalogue.modules_by_slug(session, named - titles.keys()) if named - titles.keys() else {}
    more = catalogue.module_cards(session, [each.id for each in others.values()]) if others else {}
    return titles | {each.slug: each.title for each in more.values()}


def _after(own: ProgrammeSummary, programmes: Sequence[ProgrammeSummary]) -> tuple[ProgrammeSummary, ...]:
    """Return the bachelors of the same provider or in the same sector, those of the provider first."""
    found = [
        each for each in programmes
        if each.type is ProgrammeType.PROGRAMME and each.nlqf == BACHELOR and (each.provider_slug == own.provider_slug or set(each.sectors) & set(own.sectors))
    ]
    return tuple(sorted(found, key=lambda each: (each.provider_slug != own.provider_slug, not set(each.sectors) & set(own.sectors))))[:_MOST_AFTER]


# Rows: what stands directly under the whole


def _rows(asked: _Asked, found: Audit) -> Iterator[RequirementRow]:
    tree = asked.tree
    for node in tree.items if tree.kind is NodeKind.ALL else (tree,):
        yield _row(node, asked.goal, found.lines)
    if tree.items and asked.goal.gap:
        yield RequirementRow(None, (picture.Share(picture.MISSING, tenths(asked.goal.gap)),), is_complete=False)


def _row(node: Node, goal: GoalFacts, lines: Mapping[str, Line]) -> RequirementRow:
    words, line = goal.words[node.key], lines[node.key]
    if node.kind is NodeKind.OUTCOME:
        parts: tuple[picture.Share, ...] = (picture.Share(line.standing or picture.MISSING, 1),)
        placed = [(module, line.standing) for module in line.modules if line.standing is not None]
    else:
        parts = picture.shares(line.counted, line.missing)
        placed = list(_placed(node, lines))
    lacks = tuple(each for item in node.items for each in _lacking(item, goal, lines)) if not line.is_complete else ()
    return RequirementRow(words.title, parts, line.is_complete, words.module_id, tuple(placed), words, len(node.items), lacks)


def _lacking(node: Node, goal: GoalFacts, lines: Mapping[str, Line]) -> Iterator[Localized]:
    title = goal.words[node.key].title
    if lines[node.key].is_complete:
        return
    if title and node.kind is not NodeKind.ALL:
        yield title
        return
    for item in node.items:
        yield from _lacking(item, goal, lines)


def _placed(node: Node, lines: Mapping[str, Line]) -> Iterator[tuple[str, Standing]]:
    """Yield the modules that are placed in a requirement or below it, with how sure they are."""
    line = lines[node.key]
    sure = line.standing or next(iter(line.counted), None)
    if node.kind is NodeKind.MODULE and sure is not None:
        yield from ((module, sure) for module in line.modules)
    for item in node.items:
        yield from _placed(item, lines)
