"""Whether a rule pays for a seat, and if not, why not."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from academy.funding.kinds import SourceKind
from academy.funding.rules.terms import Asked, RuleFacts, Situation


class WhyNot(StrEnum):
    """Why a rule does not pay. What ends in `unknown` would be known if the learner told it."""

    NOT_NOW = "not-now"
    MODULE_KIND = "module-kind"
    PROVIDER = "provider"
    NOT_NAMED = "not-named"  # the employer did not put this address on its list
    SECTOR = "sector"
    SECTOR_UNKNOWN = "sector-unknown"
    SIZE = "size"
    SIZE_UNKNOWN = "size-unknown"
    POSTCODE = "postcode"
    POSTCODE_UNKNOWN = "postcode-unknown"
    AGE = "age"
    AGE_UNKNOWN = "age-unknown"
    EMPLOYER_UNKNOWN = "employer-unknown"  # a cap per firm needs to know the firm

    @property
    def could_tell(self) -> bool:
        """Whether telling more of oneself may change the answer."""
        return self.value.endswith("unknown") and self is not WhyNot.EMPLOYER_UNKNOWN


def payable(rules: Iterable[RuleFacts], asked: Asked, situation: Situation) -> list[RuleFacts]:
    """Return what can pay of a seat, in the order in which it pays: of each source the first rule that fits."""
    found: dict[object, RuleFacts] = {}
    for rule in sorted(rules, key=lambda each: (each.position, each.id)):
        if rule.source_id not in found and why_not(rule, asked, situation) is None:
            found[rule.source_id] = rule
    return list(found.values())


def why_not(rule: RuleFacts, asked: Asked, situation: Situation) -> WhyNot | None:
    """Return the first reason for which a rule does not pay for this seat of this learner; None when it pays."""
    return _about_the_seat(rule, asked) or _about_the_employer(rule, situation) or _about_the_person(rule, situation, asked.on)


def _about_the_seat(rule: RuleFacts, asked: Asked) -> WhyNot | None:
    if not rule.counts_on(asked.on):
        return WhyNot.NOT_NOW
    if asked.module_kind in rule.excluded_kinds or (rule.module_kinds and asked.module_kind not in rule.module_kinds):
        return WhyNot.MODULE_KIND
    is_others_discount = rule.kind is SourceKind.PROVIDER_DISCOUNT and rule.owner_id != asked.provider_id
    if is_others_discount or (rule.provider_ids and str(asked.provider_id) not in rule.provider_ids):
        return WhyNot.PROVIDER
    return None


def _about_the_employer(rule: RuleFacts, situation: Situation) -> WhyNot | None:
    if rule.kind is SourceKind.EMPLOYER:
        return None if rule.source_id in situation.employer_sources else WhyNot.NOT_NAMED
    if rule.sectors and situation.sector not in rule.sectors:
        return WhyNot.SECTOR if situation.sector else WhyNot.SECTOR_UNKNOWN
    if rule.size_classes and situation.size_class not in rule.size_classes:
        return WhyNot.SIZE if situation.size_class else WhyNot.SIZE_UNKNOWN
    if rule.cap_firm_year is not None and situation.employer_id is None:
        return WhyNot.EMPLOYER_UNKNOWN
    return None


def _about_the_person(rule: RuleFacts, situation: Situation, today: date) -> WhyNot | None:
    if rule.postcodes and not _is_within(situation.postcode, rule.postcodes):
        return WhyNot.POSTCODE if situation.postcode else WhyNot.POSTCODE_UNKNOWN
    if rule.min_age is None and rule.max_age is None:
        return None
    if situation.birth_year is None:
        return WhyNot.AGE_UNKNOWN
    is_of_age = (rule.min_age or 0) <= age_in(today.year, situation.birth_year) <= (rule.max_age or today.year)
    return None if is_of_age else WhyNot.AGE


def age_in(year: int, birth_year: int) -> int:
    """Return the age that somebody reaches in a year: no more than the year of birth is asked."""
    return year - birth_year


def _is_within(postcode: str, areas: Iterable[str]) -> bool:
    """Tell whether four digits are in one of the areas: "1315", or "1300-1379" with both ends."""
    bounds = (area.partition("-") for area in areas)
    return bool(postcode) and any(first <= postcode <= (last or first) for first, _dash, last in bounds)
