"""The kinds that goals, credits, routes, blockers and changes come in; plain words, so that rules can use them."""

from enum import StrEnum


class GoalKind(StrEnum):
    """Where a pathway leads to."""

    PROGRAMME = "programme"
    OCCUPATION = "occupation"  # of the classification of skills (ESCO)
    SKILLS = "skills"


class HasKind(StrEnum):
    """What somebody says to have, besides what the platform knows of them."""

    DIPLOMA = "diploma"
    MODULE = "module"  # a module of a provider here
    COURSE = "course"  # anything else: a course of a company, a MOOC, a module of a school that is not here
    EXPERIENCE = "experience"


class Match(StrEnum):
    """How far what somebody has counts for the goal."""

    MATCH = "match"  # it counts: a rule, a board or a published equivalence says so
    MAYBE = "maybe"  # an exam board decides; there is reason to ask
    MISS = "miss"  # nothing of the goal looks like it


class Standing(StrEnum):
    """How sure a credit is; the order is that in which the picture shows them."""

    OBTAINED = "obtained"  # a final result
    RECOGNISED = "recognised"  # EVC, an exemption, a module elsewhere
    SAID = "said"  # what somebody typed that is known to count: a route is made with it, but nobody has seen a proof
    IN_PROGRESS = "in-progress"  # enrolled, no final result yet
    PLANNED = "planned"  # a step of the pathway


class NodeKind(StrEnum):
    """A requirement, as the solver and the audit see it."""

    ALL = "all"  # everything below
    CREDITS = "credits"  # so many EC of what is below
    NUMBER = "number"  # so many of what is below
    MODULE = "module"  # one module, or one that counts as it; a credit counts in one place
    OUTCOME = "outcome"  # something one must be able to do: any of these modules teaches it; a module may teach many


class Option(StrEnum):
    """What a route is best at."""

    SHORTEST = "shortest"
    CHEAPEST = "cheapest"
    NEAREST = "nearest"


class Proof(StrEnum):
    """How good a route is known to be."""

    PROVEN = "proven"  # no route is better
    BEST_FOUND = "best-found"  # a better one may exist, at most down to the bound
    PLAIN = "plain"  # the plain way, because calculating took too long or stopped


class Limit(StrEnum):
    """What keeps a course out of a route, or a route from being there."""

    NOT_OFFERED = "not-offered"  # nobody gives it in these years
    PARTS = "parts"  # the parts of the day and week that one has
    DISTANCE = "distance"
    MONEY = "money"
    HOURS = "hours"  # a week
    PERIODS = "periods"  # the years that are looked ahead
    NEEDS = "needs"  # what one must have before it
    AT_PROVIDER = "at-provider"  # the least that the awarding institution teaches itself
    CHOICE = "choice"  # what one locked, or took out


class ChangeKind(StrEnum):
    """What happened outside a pathway that concerns one of its steps."""

    MODULE_WITHDRAWN = "module-withdrawn"
    CLASS_CANCELLED = "class-cancelled"
    CLASS_PLANNED = "class-planned"  # what was expected stands in a timetable now
    PROGRAMME_CHANGED = "programme-changed"
    CREDIT_GRANTED = "credit-granted"
    CREDIT_ENDED = "credit-ended"
    PASSED = "passed"
    FAILED = "failed"


class StepReason(StrEnum):
    """Why a step stands in a route; the strongest one is told."""

    LOCKED = "locked"  # the learner wants it
    REQUIRED = "required"  # the programme asks this very module
    NEEDED_FIRST = "needed-first"  # a later step asks it
    TEACHES = "teaches"  # it teaches what the goal asks
    AT_PROVIDER = "at-provider"  # for the least that the awarding institution teaches itself
    FILLS = "fills"  # the best that fits for the credits that are still to be chosen
