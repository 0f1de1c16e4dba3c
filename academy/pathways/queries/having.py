"""What can be meant and what counts for a goal, ready to be matched with what somebody typed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.catalogue import api as catalogue
from academy.kernel.text import Localized
from academy.pathways.facts import GoalFacts, HasFacts, PathwayFacts
from academy.pathways.kinds import HasKind, Match, NodeKind, Standing
from academy.pathways.problem import Credit, Node
from academy.pathways.queries.credit_rules import CreditRuleFacts, credit_rule_of
from academy.pathways.queries.credits import credits_of
from academy.pathways.queries.goals import goal_of, tenths
from academy.pathways.rules import matching
from academy.pathways.rules.audit import audit
from academy.pathways.rules.matching import Here, Like, Paper, Said, Why
from academy.recognition import api as recognition
from academy.search import api as search

_OF_ITS_WORDS: Final = 2 / 3  # of the words of a title, from which something looks like it
_SAME_TITLE, _SAME_OUTCOME = 0.7, 0.5  # of 1, from which texts look like each other
_SHORTEST: Final = 3  # letters of a word that says something
_LONGEST_FOUND: Final = 4  # of the longest word in common, at least so many
_PLAIN: Final = {Match.MATCH: Why.COUNTS_AS, Match.MAYBE: Why.ALIKE, Match.MISS: Why.NOTHING}  # of what is not found again as it was
_AROUND_DIPLOMA: Final = frozenset({"mbo", "diploma", "crebo", "niveau", "nummer"})


@dataclass(frozen=True)
class GoalParts:
    """A goal as far as matching needs it. `counts_as` is by module: the one of the goal that it counts as; `modules` have their outcomes."""

    facts: GoalFacts
    tree: Node
    slugs: Mapping[str, UUID]
    counts_as: Mapping[UUID, UUID]
    modules: Mapping[UUID, catalogue.ClaimableModule]
    skills: Mapping[UUID, Mapping[str, Localized]]
    papers: tuple[recognition.PaperFacts, ...]
    approved: tuple[tuple[UUID, str], ...]  # (module, the evidence in words)
    rule: CreditRuleFacts

    @property
    def credits(self) -> dict[UUID, Decimal | None]:
        """The EC of the modules that the goal asks."""
        return {each: self.modules[each].ec for each in set(self.counts_as.values()) if each in self.modules}


@dataclass(frozen=True)
class Others:
    """Modules besides those of the goal that may be meant."""

    modules: Mapping[UUID, catalogue.ClaimableModule]
    skills: Mapping[UUID, Mapping[str, Localized]]


def goal_parts(session: Session, pathway: PathwayFacts, *, now: datetime) -> GoalParts:
    """Return the goal with everything that is known to count for it; about twenty statements, however large it is."""
    facts, tree = goal_of(session, pathway, now=now)
    places = list(_places(tree))
    slugs = {slug: each.id for slug, each in catalogue.modules_by_slug(session, {slug for _main, slugs in places for slug in slugs}).items()}
    counts_as: dict[UUID, UUID] = {}
    for main, named in sorted(places, key=lambda each: not each[0]):
        for slug in named:
            if slug in slugs and (main or slug) in slugs:
                counts_as.setdefault(slugs[slug], slugs[main or slug])
    modules = catalogue.claimable_modules(session, counts_as)
    asked = sorted(set(counts_as.values()))
    of_outcome = {outcome_id: each for each in asked if each in modules for outcome_id, _words in modules[each].outcomes}
    approved = recognition.approved_for(session, list(of_outcome), now=now)
    return GoalParts(
        facts, tree, slugs, counts_as, modules, catalogue.skills_of_modules(session, counts_as), tuple(recognition.papers_for(session, asked, now=now)),
        tuple((of_outcome[outcome_id], about) for outcome_id, about in approved),
        CreditRuleFacts() if pathway.programme_id is None else credit_rule_of(session, pathway.programme_id),
    )


def _places(node: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield of every requirement (the module that it asks, all that count as it); of a skill ("", all that teach it)."""
    if node.kind is NodeKind.MODULE and node.modules:
        yield node.modules[0], (node.modules[0], *sorted(node.modules[1:]))
    elif node.kind is NodeKind.OUTCOME:
        yield "", node.modules
    for each in node.items:
        yield from _places(each)


def others(session: Session, module_ids: Collection[UUID], *, besides: Collection[UUID]) -> Others:
    """Return modules that are not of the goal: three statements."""
    wanted = [each for each in module_ids if each not in besides]
    found = catalogue.claimable_modules(session, wanted) if wanted else {}
    public = {each.id: each for each in found.values() if each.is_public}
    return Others(public, catalogue.skills_of_modules(session, public) if public else {})


def fits(said: Said, goal: GoalParts, beside: Others) -> tuple[matching.Fit, ...]:
    """Return how far what was said counts for the goal."""
    modules = [*(_here(each, goal.counts_as.get(each.id)) for each in goal.modules.values()), *(_here(each, None) for each in beside.modules.values())]
    meant = matching.meant_by(said, modules)
    other = None if meant is None else beside.modules.get(meant.id)
    likes = [*_likes(said, goal), *(_like_module(other, beside.skills.get(other.id, {}), goal) if other is not None else _like_text(said, goal))]
    return matching.fitting(said, modules, map(_paper, goal.papers), likes, goal.credits)


def _here(module: catalogue.ClaimableModule, counts_as: UUID | None) -> Here:
    codes = {matching.words_of(code) for code in (module.code, module.external_id) if code}
    return Here(module.id, _names(module.title.nl, module.title.en), tuple(sorted(codes)), _giver(module.provider_name, module.provider_slug), module.ec, counts_as)


def _paper(paper: recognition.PaperFacts) -> Paper:
    around = _AROUND_DIPLOMA if paper.kind is recognition.EvidenceKind.DIPLOMA else frozenset[str]()
    return Paper(
        paper.module_id, _names(*paper.titles), (matching.words_of(paper.code),), _giver(paper.source) | around, paper.ec, paper.is_whole, paper.board, paper.needs_test,
    )


def _names(*titles: str) -> tuple[matching.Words, ...]:
    return tuple(dict.fromkeys(words for words in map(matching.words_of, titles) if words))


def _giver(*names: str) -> frozenset[str]:
    return frozenset(word for name in names for word in matching.words_of(name))


# What looks like it


def _likes(said: Said, goal: GoalParts) -> Iterator[Like]:
    """Yield what the words have of the names of modules, skills and papers of the goal."""
    told = _forms(said.words)
    for module_id in goal.credits:
        module = goal.modules[module_id]
        share = max((_share(words, told) for words in _names(module.title.nl, module.title.en)), default=0.0)
        if share >= _OF_ITS_WORDS:
            yield Like(module_id, 0.5 + 0.4 * share, Why.ALIKE)
        told_in = max(_told_share(said, _forms(words)) for words in (*_names(module.title.nl, module.title.en), ()))
        told_of = max((_told_share(said, _forms(matching.words_of(words.nl))) for _id, words in module.outcomes), default=0.0)
        if told_in >= _OF_ITS_WORDS:
            yield Like(module_id, 0.4 + 0.1 * told_in, Why.ALIKE)
        elif told_of >= _OF_ITS_WORDS and len(_telling(said.words)) > 1:
            yield Like(module_id, 0.3 + 0.1 * told_of, Why.ALIKE)
        named = [label for label in goal.skills.get(module_id, {}).values() if any(_share(words, told) == 1 for words in _names(label.nl, label.en))]
        if named:
            yield Like(module_id, 0.6 + 0.01 * min(len(named), 9), Why.SKILL, _shown(named[0]))
    for paper in goal.papers:
        if max((_share(words, told) for words in _names(*paper.titles)), default=0.0) >= _OF_ITS_WORDS:
            yield Like(paper.module_id, 0.55, Why.ALIKE)
    for module_id, about in goal.approved:
        code = matching.read(about).crebo_codes
        if (code and set(code) <= set(said.words)) or (not code and set(matching.words_of(about)) <= set(said.words)):
            yield Like(module_id, 1.0, Why.DECIDED, goal.modules[module_id].provider_name)


def _like_text(said: Said, goal: GoalParts) -> Iterator[Like]:
    """Yield the modules whose title or one of whose outcomes says what somebody wrote."""
    text = Localized(said.text, said.text)
    if said.kind is not HasKind.EXPERIENCE:
        for found in catalogue.overlaps(catalogue.Profile("", title=text), _profiles(goal, with_outcomes=False)):
            if 2 * found.score >= _SAME_TITLE:
                yield Like(UUID(found.key), 0.9 * min(2 * found.score, 1), Why.ALIKE)
    for found in catalogue.overlaps(catalogue.Profile("", title=Localized(), outcomes=(text,)), _profiles(goal, with_outcomes=True)):
        likeness = max((pair.likeness for pair in found.pairs), default=0.0)
        if likeness >= _SAME_OUTCOME:
            yield Like(UUID(found.key), 0.9 * likeness, Why.ALIKE)


def _like_module(module: catalogue.ClaimableModule, skills: Mapping[str, Localized], goal: GoalParts) -> Iterator[Like]:
    """Yield the modules that resemble another one of the catalogue, as providers see it (requirement R26)."""
    mine = _profile(module, skills, with_outcomes=True)
    for found in catalogue.overlaps(mine, _profiles(goal, with_outcomes=True)):
        if found.score >= catalogue.SOME:
            yield Like(UUID(found.key), found.score, Why.ALIKE)


def _profiles(goal: GoalParts, *, with_outcomes: bool) -> list[catalogue.Profile]:
    return [_profile(goal.modules[each], goal.skills.get(each, {}), with_outcomes=with_outcomes) for each in sorted(goal.credits)]


def _profile(module: catalogue.ClaimableModule, skills: Mapping[str, Localized], *, with_outcomes: bool) -> catalogue.Profile:
    outcomes = tuple(words for _id, words in module.outcomes) if with_outcomes else ()
    return catalogue.Profile(str(module.id), module.title, outcomes, frozenset(skills) if with_outcomes else frozenset(), ec=module.ec)


def _forms(words: Iterable[str]) -> frozenset[str]:
    """Return what the forms of words have in common, also of the words inside long ones."""
    return frozenset(form for word in words for part in (word, *search.parts(word)) for form in _forms_of(part))


def _forms_of(word: str) -> frozenset[str]:
    return frozenset((word, *search.stems(word)))


def _share(words: Sequence[str], told: frozenset[str]) -> float:
    """Return which part of the words of a name was said; none where only short ones were."""
    telling = [word for word in words if len(word) >= _SHORTEST]
    there = [word for word in telling if not told.isdisjoint(_forms_of(word))]
    return len(there) / len(telling) if any(len(word) >= _LONGEST_FOUND for word in there) else 0.0


def _telling(words: Iterable[str]) -> list[str]:
    """Return the words that say what something is about."""
    return [word for word in dict.fromkeys(words) if len(word) >= _SHORTEST and not word.isdigit() and not matching.is_common(word)]


def _told_share(said: Said, forms: frozenset[str]) -> float:
    """Return which part of what was said is in a name; none where only short words are."""
    telling = _telling(said.words)
    there = [word for word in telling if not forms.isdisjoint(_forms_of(word))]
    return len(there) / len(telling) if any(len(word) >= _LONGEST_FOUND for word in there) else 0.0


def _shown(label: Localized) -> str:
    return label.nl or label.en


# What is in the list


@dataclass(frozen=True)
class Listed:
    """Something in the list, with why it fits as it does; `ec` that count or may, None where nothing does."""

    has: HasFacts
    why: Why
    about: str
    ec: Decimal | None


@dataclass(frozen=True)
class HaveList:
    """All that somebody has for a goal. `credits` are known here; only its owner sees them. `key` is that of the pathway."""

    key: str
    goal: GoalParts
    listed: tuple[Listed, ...]
    credits: tuple[Credit, ...]


def have_list(session: Session, pathway: PathwayFacts, *, reader: UUID | None, now: datetime) -> HaveList:
    """Return what somebody has for the goal of their pathway; `reader` is who is signed in."""
    goal = goal_parts(session, pathway, now=now)
    beside = others(session, {each.module_id for each in pathway.has if each.module_id is not None}, besides=goal.counts_as)
    owner = pathway.person_id if reader is not None and reader == pathway.person_id else None
    known = () if owner is None else credits_of(session, owner, asked=set(goal.counts_as.values()))
    return HaveList(pathway.edit_key, goal, tuple(_listed(each, goal, beside) for each in pathway.has), known)


def _listed(has: HasFacts, goal: GoalParts, beside: Others) -> Listed:
    """Return why something fits as it does: as it is found now, where that is the same as when it was added."""
    whole = goal.credits.get(has.for_module_id) if has.for_module_id is not None else None
    ec = None if has.fits is Match.MISS else has.ec or whole
    for fit in fits(matching.read(has.said), goal, beside):
        if (fit.fits, fit.for_module_id) == (has.fits, has.for_module_id):
            return Listed(has, fit.why, fit.about, ec)
    return Listed(has, _PLAIN[has.fits], "", ec)


def progress_with(found: HaveList, *, today: date) -> tuple[int, int, int]:
    """Return how much of the goal is there, may be there and is still to do: tenths of EC, or skills where the goal is in skills.

    What is in progress is there; what the exam board of the programme refuses, by its level or age, is not.
    """
    goal = found.goal
    credits_had = [*found.credits, *(credit for each in found.listed if (credit := _credit(each, goal)) is not None)]
    audited = audit(goal.tree, credits_had, at_home=0, home=frozenset(), least_nlqf=goal.rule.least_nlqf, valid_years=goal.rule.valid_years, today=today)
    if goal.facts.ec is None:
        skills = [audited.lines[key] for key, words in goal.facts.words.items() if words.kind is NodeKind.OUTCOME]
        there = sum(each.is_complete and each.standing is not Standing.PLANNED for each in skills)
        maybe = sum(each.is_complete and each.standing is Standing.PLANNED for each in skills)
        return there, maybe, len(skills) - there - maybe
    maybe = audited.counted.get(Standing.PLANNED, 0)
    there = sum(audited.counted.values()) - maybe
    return there, maybe, max(tenths(goal.facts.ec) - there - maybe, 0)


def _credit(each: Listed, goal: GoalParts) -> Credit | None:
    """Return something of the list as a credit: what may count as if it were planned."""
    module = goal.modules.get(each.has.for_module_id) if each.has.for_module_id is not None else None
    if module is None or each.has.fits is Match.MISS:
        return None
    standing = Standing.RECOGNISED if each.has.fits is Match.MATCH else Standing.PLANNED
    ec, whole = tenths(each.ec), tenths(module.ec)
    return Credit(module.slug, module.provider_slug, min(ec, whole), standing, is_whole=ec >= whole, nlqf=module.nlqf)
