"""Reads of the skills room; frozen facts come out."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from academy.kernel.cleaning import clean_line
from academy.kernel.text import Language, Localized, fold
from academy.skills.facts import ChangeFacts, OccupationFacts, SkillFacts, SkillSuggestion, VersionFacts
from academy.skills.models import (
    ConceptStatus,
    LabelKind,
    Necessity,
    Occupation,
    OccupationLabel,
    OccupationSkill,
    ReuseLevel,
    SchemeChange,
    SchemeVersion,
    Skill,
    SkillBroader,
    SkillKind,
    SkillLabel,
)
from academy.skills.rules import LONGEST_LABEL, SCHEME, version_key

_LAST: Final = "\U0010ffff"  # after every character: "begins with lass" is from `lass` up to `lass` and this
_WORD_STARTS: Final = (" ", "-", "(")
_SHORTEST_OCCUPATION: Final = 3  # characters: fewer begin the names of hundreds
_MOST_OCCUPATIONS: Final = 3
_SPECIFIC_FIRST: Final = {level: place for place, level in enumerate(reversed(ReuseLevel))}
_SPARE: Final = 5  # so many labels are read for each that is wanted: several of one concept may match, of groups and of what was dropped
_BATCH: Final = 500  # URIs per statement


def suggest(session: Session, text: str, language: Language, limit: int = 10) -> tuple[SkillSuggestion, ...]:
    """Return skills that `text` may mean, best first; at most six statements. What is longer than a label is cut.

    In this order: the preferred label itself, labels that begin with it, labels with a word that does, alternative labels that begin
    with it, preferred labels that have it anywhere. Up to half of the list, and all that is left, is for the essential skills of
    occupations whose name begins with it: skills may have no label in the reader's language, where occupations have.
    """
    wanted = fold(clean_line(text[: 2 * LONGEST_LABEL]))[:LONGEST_LABEL]
    if not wanted or limit < 1:
        return ()
    direct = _by_label(session, wanted, language, limit)
    asked = [] if len(wanted) < _SHORTEST_OCCUPATION else _by_occupation(session, wanted, language)
    skills = skills_by_uri(session, [*direct, *(each.skill_uri for each in asked)])
    via = _most_specific_first(asked, skills, language, besides=direct)
    kept = islice(direct.items(), max(limit - len(via), limit - limit // 2))
    found = [(uri, matched, "") for uri, matched in kept] + [(uri, name, name) for uri, name in via.items()]
    return tuple(
        SkillSuggestion(uri, skills[uri].label.in_language(language), matched, skills[uri].kind, skills[uri].label.language_used(language), name)
        for uri, matched, name in found[:limit]
    )


def _by_label(session: Session, wanted: str, language: Language, limit: int) -> dict[str, str]:
    """Return at most `limit` URIs with the label that matched, best first."""
    values = _values(wanted, language, limit)
    rows = session.execute(_labels(LabelKind.PREFERRED, anywhere=False), values)
    found = {uri: label for uri, label, _folded in rows}
    if len(found) < limit:
        # The 14,536 preferred labels of ESCO can be read whole for each question (5 ms), its 85,000 alternative ones can not (25 ms).
        inside = session.execute(_labels(LabelKind.PREFERRED, anywhere=True), values).all()
        others = session.execute(_labels(LabelKind.ALTERNATIVE, anywhere=False), values)
        words = [row for row in inside if any(start + wanted in row.folded for start in _WORD_STARTS)]
        for uri, label, _folded in (*words, *others, *inside):
            found.setdefault(uri, label)
    return dict(islice(found.items(), limit))


def _values(wanted: str, language: Language, limit: int) -> dict[str, str | int]:
    """Return the parameters of `_labels` and `_names`."""
    escaped = wanted.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return {
        "wanted": wanted, "end": wanted + _LAST, "language": language, "limit": _SPARE * limit, "inside": f"%{escaped}%",
        **{f"word_{place}": f"%{start}{escaped}%" for place, start in enumerate(_WORD_STARTS)},
    }


@cache  # making a statement costs more than running it
def _labels(kind: LabelKind, *, anywhere: bool) -> Select[str, str, str]:
    """Return the question for (URI, label, folded) of present skills: the label itself first, then words that begin so, then short ones."""
    label = SkillLabel
    fits = _like(label.folded, "inside") if anywhere else _begins(label.folded)
    words = [~or_(*(_like(label.folded, f"word_{place}") for place in range(len(_WORD_STARTS))))] if anywhere else []
    order = (label.folded != bindparam("wanted"), *words, *_near_the_reader(label), label.skill_uri)
    # The index alone answers the inner question; only for its few answers the rows are read.
    near = (
        select(label.skill_uri, label.language, label.folded)
        .where(label.kind == kind, fits)
        .order_by(*order)
        .limit(bindparam("limit"))
        .subquery()
    )
    return (
        select(label.skill_uri, label.text, label.folded)
        .join(near, and_(label.skill_uri == near.c.skill_uri, label.language == near.c.language, label.folded == near.c.folded))
        .join(Skill, Skill.uri == label.skill_uri)
        .where(Skill.status == ConceptStatus.RELEASED, Skill.kind != SkillKind.GROUP)
        .order_by(*order)
    )


def _begins(folded: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return and_(folded >= bindparam("wanted"), folded < bindparam("end"))


def _like(folded: InstrumentedAttribute[str], pattern: str) -> ColumnElement[bool]:
    return folded.like(bindparam(pattern), escape="/")


def _near_the_reader(label: type[SkillLabel | OccupationLabel]) -> tuple[ColumnElement[Any], ...]:
    """Return an order: the reader's language first, then short labels."""
    return label.language != bindparam("language"), func.length(label.folded), label.folded.expression


class _Asked(NamedTuple):
    """A skill that an occupation asks for; `place` is that of the occupation among those that match."""

    place: int
    occupation: str
    skill_uri: str
    reuse_level: ReuseLevel | None


def _by_occupation(session: Session, wanted: str, language: Language) -> list[_Asked]:
    """Return the essential skills of the occupations whose name begins with `wanted`, an equal name first."""
    names = _occupations(session, wanted, language)
    if not names:
        return []
    places = {uri: place for place, uri in enumerate(names)}
    rows = session.execute(_ESSENTIAL, {"uris": list(places)})
    return [_Asked(places[uri], names[uri], skill, level) for uri, skill, level in rows]


_ESSENTIAL: Final = (
    select(OccupationSkill.occupation_uri, Skill.uri, Skill.reuse_level)
    .join(Skill, Skill.uri == OccupationSkill.skill_uri)
    .where(
        OccupationSkill.occupation_uri.in_(bindparam("uris", expanding=True)), OccupationSkill.necessity == Necessity.ESSENTIAL,
        Skill.status == ConceptStatus.RELEASED, Skill.kind != SkillKind.GROUP,
    )
)


def _occupations(session: Session, wanted: str, language: Language) -> dict[str, str]:
    """Return URIs with the name that matched, best first."""
    names: dict[str, str] = {}
    for uri, name in session.execute(_names(), _values(wanted, language, _MOST_OCCUPATIONS)):
        names.setdefault(uri, name)
    return dict(islice(names.items(), _MOST_OCCUPATIONS))


@cache
def _names() -> Select[str, str]:
    """Return the question for (URI, name) of present occupations: the name itself first, then the reader's language, preferred, short."""
    label = OccupationLabel
    language, *rest = _near_the_reader(label)
    order = (label.folded != bindparam("wanted"), language, label.kind.desc(), *rest, label.occupation_uri)
    near = (
        select(label.occupation_uri, label.language, label.folded)
        .where(_begins(label.folded))
        .order_by(*order)
        .limit(bindparam("limit"))
        .subquery()
    )
    return (
        select(label.occupation_uri, label.text)
        .join(near, and_(
            label.occupation_uri == near.c.occupation_uri, label.language == near.c.language, label.folded == near.c.folded,
        ))
        .join(Occupation, Occupation.uri == label.occupation_uri)
        .where(Occupation.status == ConceptStatus.RELEASED)
        .order_by(*order)
    )


def _most_specific_first(
    asked: Iterable[_Asked], skills: Mapping[str, SkillFacts], language: Language, *, besides: Mapping[str, str],
) -> dict[str, str]:
    """Return URIs with the occupation that asks for them: what tells an occupation from others comes before what all share."""
    def order(each: _Asked) -> tuple[int, int, str]:
        return each.place, _specific(each.reuse_level), skills[each.skill_uri].label.in_language(language)

    found: dict[str, str] = {}
    for each in sorted(asked, key=order):
        if each.skill_uri not in besides:
            found.setdefault(each.skill_uri, each.occupation)
    return found


def _specific(level: ReuseLevel | None) -> int:
    """Return an order: what few occupations ask for first, what is not known last."""
    return len(_SPECIFIC_FIRST) if level is None else _SPECIFIC_FIRST[level]


_PREFERRED: Final = (
    select(Skill.uri, Skill.kind, Skill.status, SkillLabel.language, SkillLabel.text)
    .join(SkillLabel, and_(SkillLabel.skill_uri == Skill.uri, SkillLabel.kind == LabelKind.PREFERRED))
    .where(Skill.uri.in_(bindparam("uris", expanding=True)))
)


_ALTERNATIVE = (
    select(SkillLabel.skill_uri, SkillLabel.text)
    .where(SkillLabel.skill_uri.in_(bindparam("uris", expanding=True)), SkillLabel.kind == LabelKind.ALTERNATIVE)
    .order_by(SkillLabel.skill_uri, SkillLabel.language, SkillLabel.text)
)


def skills_by_uri(session: Session, uris: Iterable[str]) -> dict[str, SkillFacts]:
    """Return the skills by their URI; one that was dropped keeps its words, one that never was is left out."""
    waiting = iter(dict.fromkeys(uris))
    found: dict[str, SkillFacts] = {}
    while batch := list(islice(waiting, _BATCH)):
        rows = session.execute(_PREFERRED, {"uris": batch})
        labels: dict[str, dict[str, str]] = {}
        known: dict[str, tuple[SkillKind, bool]] = {}
        for uri, kind, status, language, label in rows:
            labels.setdefault(uri, {})[language] = label
            known[uri] = (kind, status is ConceptStatus.DROPPED)
        found |= {uri: SkillFacts(uri, Localized(**labels[uri]), *known[uri]) for uri in batch if uri in known}
    return found


def labels_with(session: Session, parts: Collection[str], phrases: Collection[str]) -> list[tuple[str, str]]:
    """Return (URI, label) of present skills, in whatever language: preferred labels that have one of `parts` in them, others that are one of `phrases`.

    Both folded. One statement, that reads all 14,536 preferred labels of ESCO.
    """
    label = SkillLabel
    with_part = [label.folded.contains(part, autoescape=True) for part in parts]
    by_part = select(label.skill_uri, label.text).where(label.kind == LabelKind.PREFERRED, or_(*with_part, label.folded.in_(phrases)))
    by_name = select(label.skill_uri, label.text).where(label.kind == LabelKind.ALTERNATIVE, label.folded.in_(phrases))
    found = union_all(by_part, by_name).subquery()
    rows = session.execute(
        select(found.c.skill_uri, found.c.text).join(Skill, Skill.uri == found.c.skill_uri)
        .where(Skill.status == ConceptStatus.RELEASED, Skill.kind != SkillKind.GROUP),
    )
    return [(uri, text) for uri, text in rows]


def asked_of(session: Session, names: Collection[str]) -> list[tuple[str, str]]:
    """Return (name, URI) of the essential skills of occupations that are called one of `names`, folded; what tells an occupation from others first."""
    label = OccupationLabel
    rows = session.execute(
        select(label.text, OccupationSkill.skill_uri, Skill.reuse_level)
        .join(OccupationSkill, OccupationSkill.occupation_uri == label.occupation_uri).join(Skill, Skill.uri == OccupationSkill.skill_uri)
        .where(
            label.folded.in_(names), OccupationSkill.necessity == Necessity.ESSENTIAL, Skill.status == ConceptStatus.RELEASED,
            Skill.kind != SkillKind.GROUP,
        ),
    )
    return [(name, uri) for name, uri, level in sorted(rows, key=lambda row: (_specific(row[2]), row[1]))]


def near_skills(session: Session, uris: Collection[str]) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return by URI the skills one step broader or narrower, and those under the same broader skill or group; one statement."""
    one, other = aliased(SkillBroader), aliased(SkillBroader)
    wanted = list(uris)
    rows = session.execute(union_all(
        select(one.skill_uri.label("of"), one.broader_uri.label("near"), literal(value=True).label("is_step")).where(one.skill_uri.in_(wanted)),
        select(one.broader_uri, one.skill_uri, literal(value=True)).where(one.broader_uri.in_(wanted)),
        select(one.skill_uri, other.skill_uri, literal(value=False)).join(other, other.broader_uri == one.broader_uri).where(one.skill_uri.in_(wanted)),
    )) if wanted else ()
    steps: dict[str, tuple[set[str], set[str]]] = {uri: (set(), set()) for uri in wanted}
    for of, near, is_step in rows:
        if near != of:
            steps[of][0 if is_step else 1].add(near)
    return {uri: (frozenset(step), frozenset(beside)) for uri, (step, beside) in steps.items()}


def other_names(session: Session, uris: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return by URI what else a skill is called, in both languages: its alternative labels."""
    waiting = iter(dict.fromkeys(uris))
    found: dict[str, tuple[str, ...]] = {}
    while batch := list(islice(waiting, _BATCH)):
        for uri, label in session.execute(_ALTERNATIVE, {"uris": batch}):
            found[uri] = (*found.get(uri, ()), label)
    return found


def occupations(session: Session) -> Iterator[OccupationFacts]:
    """Yield the present occupations by their URI: two statements, and two for every 500 occupations."""
    skills = _present_skills(session)
    waiting = iter(session.execute(_PRESENT_OCCUPATIONS).all())
    while batch := list(islice(waiting, _BATCH)):
        names, others = _names_of(session, [uri for uri, _code, _group in batch])
        asked = _essential_of(session, [uri for uri, _code, _group in batch], skills)
        for uri, code, group in batch:
            by_language = {language: tuple(found) for language, found in others.get(uri, {}).items()}
            yield OccupationFacts(uri, code, group, Localized(**names[uri]), by_language, tuple(asked.get(uri, ())))


_PRESENT_OCCUPATIONS: Final = (
    select(Occupation.uri, Occupation.code, Occupation.isco_group)
    .where(Occupation.status == ConceptStatus.RELEASED)
    .order_by(Occupation.uri)
)
_PRESENT_SKILLS: Final = (
    select(Skill.uri, Skill.kind, Skill.reuse_level, SkillLabel.language, SkillLabel.text)
    .join(SkillLabel, and_(SkillLabel.skill_uri == Skill.uri, SkillLabel.kind == LabelKind.PREFERRED))
    .where(Skill.status == ConceptStatus.RELEASED, Skill.kind != SkillKind.GROUP)
)
_NAMES_OF: Final = (
    select(OccupationLabel.occupation_uri, OccupationLabel.language, OccupationLabel.kind, OccupationLabel.text)
    .where(OccupationLabel.occupation_uri.in_(bindparam("uris", expanding=True)))
    .order_by(OccupationLabel.folded)
)
# Alone: joined with the skills, SQLite goes through those first, and takes ten times as long.
_ESSENTIAL_OF: Final = (
    select(OccupationSkill.occupation_uri, OccupationSkill.skill_uri)
    .where(OccupationSkill.occupation_uri.in_(bindparam("uris", expanding=True)), OccupationSkill.necessity == Necessity.ESSENTIAL)
)


class _Present(NamedTuple):
    """A skill that one can do or know now."""

    skill: SkillFacts
    reuse_level: ReuseLevel | None


def _present_skills(session: Session) -> dict[str, _Present]:
    labels: dict[str, dict[str, str]] = {}
    known: dict[str, tuple[SkillKind, ReuseLevel | None]] = {}
    for uri, kind, level, language, label in session.execute(_PRESENT_SKILLS):
        labels.setdefault(uri, {})[language] = label
        known[uri] = (kind, level)
    return {
        uri: _Present(SkillFacts(uri, Localized(**labels[uri]), kind, is_dropped=False), level) for uri, (kind, level) in known.items()
    }


def _names_of(session: Session, uris: list[str]) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, list[str]]]]:
    """Return by URI and language the preferred label, and the alternative ones."""
    names: dict[str, dict[str, str]] = {}
    others: dict[str, dict[str, list[str]]] = {}
    for uri, language, kind, label in session.execute(_NAMES_OF, {"uris": uris}):
        if kind is LabelKind.PREFERRED:
            names.setdefault(uri, {})[language] = label
        else:
            others.setdefault(uri, {}).setdefault(language, []).append(label)
    return names, others


def _essential_of(session: Session, uris: list[str], skills: Mapping[str, _Present]) -> dict[str, list[SkillFacts]]:
    """Return by URI of an occupation what it asks for, most specific first."""
    asked: dict[str, list[_Present]] = {}
    for occupation, skill in session.execute(_ESSENTIAL_OF, {"uris": uris}):
        if skill in skills:
            asked.setdefault(occupation, []).append(skills[skill])
    return {
        occupation: [each.skill for each in sorted(found, key=lambda each: (_specific(each.reuse_level), each.skill.uri))]
        for occupation, found in asked.items()
    }


def occupations_called(session: Session, text: str, language: Language) -> dict[str, str]:
    """Return URIs of present occupations with the name that begins with `text`, best first; one statement."""
    wanted = fold(clean_line(text[: 2 * LONGEST_LABEL]))[:LONGEST_LABEL]
    return _occupations(session, wanted, language) if wanted else {}


def occupation_with(session: Session, uri: str) -> OccupationFacts | None:
    """Return a present occupation, its skills by their URI; None when there is none. Four statements."""
    row = session.execute(_PRESENT_OCCUPATIONS.where(Occupation.uri == uri)).one_or_none()
    if row is None:
        return None
    names, others = _names_of(session, [uri])
    asked = skills_by_uri(session, sorted(skill for _uri, skill in session.execute(_ESSENTIAL_OF, {"uris": [uri]})))
    called = {language: tuple(found) for language, found in others.get(uri, {}).items()}
    return OccupationFacts(uri, row.code, row.isco_group, Localized(**names[uri]), called, tuple(each for each in asked.values() if not each.is_dropped))


def current_version(session: Session, scheme: str = SCHEME) -> VersionFacts | None:
    """Return the newest version that was loaded; None when there is none."""
    rows = session.scalars(select(SchemeVersion).where(SchemeVersion.scheme == scheme))
    versions = [VersionFacts(row.scheme, row.version, row.loaded_at, row.counts) for row in rows]
    return max(versions, key=lambda facts: version_key(facts.version) or (), default=None)


def changes(session: Session, version: VersionFacts) -> tuple[ChangeFacts, ...]:
    """Return what `version` changed to the one before, by kind and label; nothing for the first."""
    rows = session.scalars(
        select(SchemeChange)
        .where(SchemeChange.scheme == version.scheme, SchemeChange.version == version.version)
        .order_by(SchemeChange.kind, SchemeChange.concept.desc(), SchemeChange.old_label, SchemeChange.new_label, SchemeChange.uri),
    )
    return tuple(ChangeFacts(row.uri, row.kind, row.concept, row.language, row.old_label, row.new_label) for row in rows)
