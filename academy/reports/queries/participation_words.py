"""Stages, what providers need, and the participation rule, in words."""

from typing import Final

from academy.kernel.translation import _, _l, ngettext
from academy.reports.facts import ParticipationRule
from academy.reports.kinds import ReadinessItem, Stage
from academy.reports.rules import participating as rules

_STAGES: Final = {
    Stage.EXPLORING: _l("Verkent"), Stage.DECLARED: _l("Wil meedoen"), Stage.RUNNING: _l("Doet mee"), Stage.STRUCTURAL: _l("Doet blijvend mee"),
}
_ITEMS: Final = {
    ReadinessItem.AGREEMENT: _l("Afspraak getekend"), ReadinessItem.CONTACT: _l("Vaste contactpersoon"), ReadinessItem.MEMBERS: _l("Mensen met een account"),
    ReadinessItem.MODULES: _l("Modules te vinden"), ReadinessItem.SKILLS: _l("Vaardigheden bij elke module"), ReadinessItem.CLASSES: _l("Inschrijving open"),
    ReadinessItem.PRICES: _l("Prijs bij elke module"), ReadinessItem.RESULTS: _l("Eerste uitslag gegeven"), ReadinessItem.EXAM_BOARD: _l("Examencommissie"),
    ReadinessItem.FEED: _l("Aanbod komt vanzelf binnen"),
}


def stage_words(stage: Stage) -> str:
    return str(_STAGES[stage])


def item_words(item: ReadinessItem) -> str:
    return str(_ITEMS[item])


def rule_words() -> str:
    """Return the rule itself."""
    return _("De regel: ten minste drie grote opleiders doen mee, of willen dat. Twee komen uit Nederland en één komt uit het buitenland.")


def is_met_words(rule: ParticipationRule) -> str:
    """Return whether the rule is met, and else what is missing."""
    if rule.is_met:
        return _("De regel is gehaald.")
    domestic, foreign = max(0, rules.DOMESTIC - rule.domestic), max(0, rules.FOREIGN - rule.foreign)
    more = max(0, rules.LARGE - rule.large - domestic - foreign)
    missing = [words for number, words in (
        (domestic, ngettext("%(num)s grote opleider uit Nederland", "%(num)s grote opleiders uit Nederland", domestic)),
        (foreign, ngettext("%(num)s grote opleider uit het buitenland", "%(num)s grote opleiders uit het buitenland", foreign)),
        (more, ngettext("nog %(num)s grote opleider, waar dan ook vandaan", "nog %(num)s grote opleiders, waar dan ook vandaan", more)),
    ) if number]
    return _("De regel is nog niet gehaald. Er ontbreekt: %(what)s.", what=_(" en ").join(missing))


def standing_words(rule: ParticipationRule) -> str:
    """Return how many large providers count now; also who only declared does, so it is not said that they take part."""
    said = ngettext("Er telt nu %(num)s grote opleider mee", "Er tellen nu %(num)s grote opleiders mee", rule.large)
    return _("%(said)s: %(domestic)s uit Nederland en %(foreign)s uit het buitenland.", said=said, domestic=rule.domestic, foreign=rule.foreign)
