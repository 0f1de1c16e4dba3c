"""Words for what routes are made of: what a route is best at, why a step is in it, what stands in the way."""

from collections.abc import Sequence
from typing import Final

from academy.catalogue import api as catalogue
from academy.kernel.formats import money
from academy.kernel.money import Money
from academy.kernel.translation import _, _l
from academy.pathways.facts import PathwayFacts
from academy.pathways.kinds import Limit, Option, Proof, StepReason
from academy.pathways.problem import MOST_HOURS, Route
from academy.pathways.rules.moving import Conflict, Obstacle
from academy.pathways.rules.times import kind_of_times

_PARTS: Final = (catalogue.PartOfDay.MORNING, catalogue.PartOfDay.AFTERNOON, catalogue.PartOfDay.EVENING)

_REASONS: Final = {
    StepReason.LOCKED: _l("Jij hebt deze stap vastgezet."),
    StepReason.REQUIRED: _l("De opleiding vraagt deze module."),
    StepReason.NEEDED_FIRST: _l("Deze module heb je nodig voor een latere stap."),
    StepReason.TEACHES: _l("Je leert hier iets dat je voor je doel moet kunnen."),
    StepReason.AT_PROVIDER: _l("Een deel moet je volgen bij de school die het diploma geeft."),
    StepReason.FILLS: _l("Deze module past het best in je vrije keuze."),
}


def reason_word(reason: StepReason) -> str:
    return str(_REASONS[reason])


_BEST: Final = {Option.SHORTEST: _l("kortste"), Option.CHEAPEST: _l("goedkoopste"), Option.NEAREST: _l("dichtstbijzijnde")}


def option_words(options: Sequence[Option]) -> str:
    """Return `De kortste én de goedkoopste`, for as many as one route is best at."""
    best = [str(_BEST[each]) for each in options]
    if len(best) == 1:
        return _("De %(best)s", best=best[0])
    if len(best) == 2:  # noqa: PLR2004 - a pair
        return _("De %(best)s én de %(other)s", best=best[0], other=best[1])
    return _("De %(best)s, de %(other)s én de %(last)s", best=best[0], other=best[1], last=best[2])


_PROVEN: Final = {
    Option.SHORTEST: _l("Bewezen: geen route is korter."), Option.CHEAPEST: _l("Bewezen: geen route is goedkoper."),
    Option.NEAREST: _l("Bewezen: bij geen route reis je minder."),
}
_GAP: Final = {
    Option.SHORTEST: _l("Misschien kan het korter, maar hooguit %(percent)s%%."),
    Option.CHEAPEST: _l("Misschien kan het goedkoper, maar hooguit %(percent)s%%."),
    Option.NEAREST: _l("Misschien kan het dichterbij, maar hooguit %(percent)s%%."),
}


def proof_words(route: Route) -> str:
    """Return how good a route is known to be."""
    if route.proof is Proof.PLAIN:
        return _("Op de eenvoudige manier gemaakt. Misschien kan het beter.")
    if route.proof is Proof.PROVEN or not route.value:
        return str(_PROVEN[route.option])
    if route.bound <= 0:
        return _("Misschien kan het beter. We weten nog niet hoeveel beter.")
    percent = max(1, -(-100 * (route.value - route.bound) // route.value))
    return str(_GAP[route.option]) % {"percent": percent}


def time_words(weekday: int, part: int) -> str:
    """Return `dinsdagavond`."""
    return _("%(day)s%(part)s", day=catalogue.weekday_word(catalogue.WEEKDAYS[weekday]), part=catalogue.part_of_day_word(_PARTS[part]))


_LIMITS: Final = {
    Limit.NOT_OFFERED: _l("niemand geeft dit in de komende jaren"), Limit.PARTS: _l("niet op jouw momenten"),
    Limit.DISTANCE: _l("niet binnen %(km)s km"), Limit.MONEY: _l("te duur voor het geld dat er is"), Limit.HOURS: _l("niet binnen %(hours)s uur per week"),
    Limit.PERIODS: _l("niet in de jaren waarin we vooruitkijken"), Limit.NEEDS: _l("je moet eerst iets anders halen, en dat lukt niet"),
    Limit.AT_PROVIDER: _l("je moet meer volgen bij de school die het diploma geeft"), Limit.CHOICE: _l("niet met wat je hebt vastgezet of geruild"),
}

_TIMES: Final = {"evening": _l("niet ’s avonds"), "day": _l("niet overdag"), "weekend": _l("niet in het weekend")}


def limit_words(limit: Limit, pathway: PathwayFacts) -> str:
    """Return what keeps something out, in what somebody said of their life."""
    if limit is Limit.PARTS and (kind := kind_of_times(pathway.parts)):
        return str(_TIMES[kind])
    if limit is Limit.DISTANCE and not pathway.distance:
        return _("niet online")
    return str(_LIMITS[limit]) % {"km": pathway.distance or 0, "hours": pathway.hours or 0}


def opening_words(limit: Limit, value: int, pathway: PathwayFacts) -> str:
    """Return what a button says that opens a limit; empty where no button can."""
    match limit:
        case Limit.HOURS if value <= MOST_HOURS:
            return _("Neem %(hours)s uur per week: %(more)s uur meer", hours=value, more=value - (pathway.hours or 0))
        case Limit.DISTANCE:
            return _("Reis tot %(km)s km", km=value)
        case Limit.MONEY:
            return _("Betaal zelf tot %(amount)s", amount=money(Money(value)))
        case Limit.PARTS:
            return _("Ik kan ook op %(time)s", time=time_words(*divmod(value, len(_PARTS))))
        case Limit.CHOICE:
            return _("Laat mijn eigen keuzes los")
        case _:
            return ""


_CONFLICTS: Final = {
    Obstacle.CLASH: _l("Op dat moment heb je al %(title)s."), Obstacle.BUSY: _l("Op dat moment volg je al iets anders."),
    Obstacle.HOURS: _l("Dan heb je te weinig uren per week."), Obstacle.NEEDS: _l("Je moet eerst %(title)s halen."),
    Obstacle.LATER: _l("Je hebt dit eerder nodig, voor %(title)s."), Obstacle.PARTS: _l("Dat is op een moment dat je niet kunt."),
    Obstacle.DISTANCE: _l("Dat is verder dan je wilt reizen."), Obstacle.MONEY: _l("Daar is niet genoeg geld voor."), Obstacle.FULL: _l("Deze groep is vol."),
}


def conflict_words(conflict: Conflict, title: str) -> str:
    """Return why a course does not fit as it is, in a sentence; `title` of the module on the other side."""
    if conflict.obstacle is Obstacle.NEEDS and not title:
        return _("Je hebt dan nog te weinig EC.")
    return str(_CONFLICTS[conflict.obstacle]) % {"title": title}
