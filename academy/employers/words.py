"""What employers calls its moments, areas and states, in the reader's language."""

from typing import Final

from academy.catalogue import api as catalogue
from academy.employers.kinds import CallOutcome, DemandState, Party, PledgeState, PoolState
from academy.employers.rules.areas import ONLINE
from academy.employers.rules.slots import SLOTS
from academy.kernel.translation import _, _l

_STATES: Final = {
    DemandState.UNPROVEN: _l("Wacht op je e-mailadres"), DemandState.OPEN: _l("Staat open"), DemandState.ANSWERED: _l("Heeft een antwoord"),
    DemandState.MET: _l("Geregeld"), DemandState.WITHDRAWN: _l("Ingetrokken"), DemandState.LAPSED: _l("Verlopen"),
}
# How a badge shows a state (see the macro state_badge).
_LOOKS: Final = {
    DemandState.UNPROVEN: "few", DemandState.OPEN: "open", DemandState.ANSWERED: "confirmed", DemandState.MET: "confirmed",
    DemandState.WITHDRAWN: "cancelled", DemandState.LAPSED: "finished",
}
_POOL_STATES: Final = {
    PoolState.IDEA: _l("Net begonnen"), PoolState.GATHERING: _l("Verzamelt"), PoolState.ASKED: _l("Aanbieder gevraagd"),
    PoolState.PROVISIONAL: _l("Wacht op bevestiging"), PoolState.CONFIRMED: _l("Gaat zeker door"), PoolState.STARTED: _l("Begonnen"),
    PoolState.LAPSED: _l("Gestopt"),
}
_PLEDGE_STATES: Final = {
    PledgeState.UNPROVEN: _l("Wacht op je e-mailadres"), PledgeState.OPEN: _l("Doet mee"), PledgeState.ASKED: _l("Moet nog bevestigen"),
    PledgeState.CONFIRMED: _l("Bevestigd"), PledgeState.PLACED: _l("Zeker van een plek"), PledgeState.DECLINED: _l("Doet niet mee"),
    PledgeState.UNPAID: _l("Kon niet betalen"), PledgeState.WITHDRAWN: _l("Ingetrokken"), PledgeState.LAPSED: _l("Verlopen"),
}
_PARTIES: Final = {Party.EMPLOYER: _l("Mijn bedrijf"), Party.CITIZEN: _l("Mezelf"), Party.SCHOOL: _l("Mijn school")}

_OUTCOMES: Final = {
    CallOutcome.REACHED: _l("Gesproken"), CallOutcome.NOT_REACHED: _l("Niet bereikt"), CallOutcome.WILL_ANSWER: _l("Gaat antwoorden"),
    CallOutcome.NO: _l("Doet niet mee"),
}

# The best known place of each area of two digits: a name says more than a number. Names of places are the same in every language.
_PLACES: Final = dict(enumerate((
    "Amsterdam", "Amstelveen", "Hilversum", "Almere", "Bussum", "Zaandam", "Hoorn", "Schagen", "Alkmaar", "Castricum", "Haarlem", "Hoofddorp", "Katwijk",
    "Leiden", "Alphen aan den Rijn", "Den Haag", "Delft", "Zoetermeer", "Gouda", "Ridderkerk", "Rotterdam", "Schiedam", "Spijkenisse", "Dordrecht",
    "Nieuwegein", "Utrecht", "Maarssen", "Zeist", "Amersfoort", "Veenendaal", "Tiel", "Culemborg", "Gorinchem", "Middelburg", "Goes", "Terneuzen",
    "Bergen op Zoom", "Roosendaal", "Breda", "Oosterhout", "Tilburg", "Waalwijk", "’s-Hertogenbosch", "Oss", "Veghel", "Veldhoven", "Eindhoven",
    "Helmond", "Venray", "Venlo", "Roermond", "Sittard", "Maastricht", "Valkenburg", "Heerlen", "Nijmegen", "Wijchen", "Ede", "Arnhem", "Zevenaar",
    "Doetinchem", "Winterswijk", "Zutphen", "Apeldoorn", "Deventer", "Enschede", "Almelo", "Hardenberg", "Emmen", "Hoogeveen", "Zwolle", "Raalte",
    "Lelystad", "Emmeloord", "Heerenveen", "Lemmer", "Sneek", "Bolsward", "Harlingen", "Leeuwarden", "Grou", "Dokkum", "Drachten", "Roden", "Assen",
    "Stadskanaal", "Hoogezand", "Groningen", "Zuidhorn", "Delfzijl",
), start=10))


def slot_words(slot: str) -> str:
    """Return `dinsdagavond` for `tue-evening`, `Tuesday evening` in English."""
    day, _dash, part = slot.partition("-")
    return _("%(day)s%(part)s", day=catalogue.weekday_word(day), part=catalogue.part_of_day_word(catalogue.PartOfDay(part)))


def slots_words(slots: tuple[str, ...]) -> str:
    """Return moments with commas and a word before the last; that any moment will do when none is named, or all are."""
    if not slots or len(slots) == len(SLOTS):
        return _("Maakt niet uit")
    *others, last = [slot_words(slot) for slot in slots]
    return _("%(slots)s of %(last)s", slots=", ".join(others), last=last) if others else last


def area_words(area: str) -> str:
    """Return `Almere en omgeving` for `13`, and that it is online for ONLINE."""
    return _("Online") if area == ONLINE else _("%(place)s en omgeving", place=place_of(area))


def place_of(area: str) -> str:
    """Return the best known place of an area, such as `Almere` for `13`."""
    return _PLACES[int(area)]


def demand_state_words(state: DemandState) -> str:
    """Return where a demand stands."""
    return str(_STATES[state])


def demand_look(state: DemandState) -> str:
    """Return how a badge shows where a demand stands."""
    return _LOOKS[state]


def party_word(party: Party) -> str:
    """Return for whom somebody asks."""
    return str(_PARTIES[party])


def pool_state_words(state: PoolState) -> str:
    """Return where a pool stands."""
    return str(_POOL_STATES[state])


def pledge_state_words(state: PledgeState) -> str:
    """Return where a pledge stands."""
    return str(_PLEDGE_STATES[state])


def outcome_words(outcome: CallOutcome) -> str:
    """Return what came of a call."""
    return str(_OUTCOMES[outcome])
