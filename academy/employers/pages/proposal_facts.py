"""Finished values of a proposal, for its provider, its partners, and who asked for it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from academy.catalogue import api as catalogue
from academy.employers import words
from academy.employers.kinds import ProposalState
from academy.employers.pages.seats import euros
from academy.employers.queries.requests import ProposalFacts
from academy.employers.rules.proposing import meetings_of, weekday_of
from academy.employers.rules.requesting import seats_bought
from academy.kernel.formats import credits_text, in_current_language, money, number_text, paragraphs, short_day
from academy.kernel.money import Money
from academy.kernel.text import Localized
from academy.kernel.translation import _, _l, ngettext

_STATES: Final = {
    ProposalState.DRAFT: (_l("Nog niet verstuurd"), "few"), ProposalState.SENT: (_l("Verstuurd"), "open"),
    ProposalState.CHOSEN: (_l("Gekozen"), "confirmed"), ProposalState.NOT_CHOSEN: (_l("Niet gekozen"), "finished"),
    ProposalState.WITHDRAWN: (_l("Ingetrokken"), "cancelled"),
}


def proposal_values(
    proposal: ProposalFacts, names: Mapping[UUID, str], *, people: int, places: Mapping[str, Localized] | None = None,
) -> dict[str, Any]:
    """Return what is proposed, in words. `names` are those of providers, `people` is for how many is asked.

    `places` names what `place_key` says (see queries.proposals.place_names); without it no place is told.
    """
    label, look = _STATES[proposal.state]
    place = (places or {}).get(proposal.place_key)
    partners = [
        {"name": names.get(partner, ""), "has_agreed": has_agreed, "words": _agreed_words(has_agreed=has_agreed)}
        for partner, has_agreed in proposal.partners
    ]
    return {
        "code": proposal.code, "state": look, "state_label": str(label), "title": proposal.title, "content": paragraphs(proposal.content),
        "outcomes": list(proposal.outcomes), "size": size_words(proposal), "hours": hours_words(proposal.hours),
        "level": catalogue.level_word(proposal.nlqf), "dates": dates_words(proposal), "moment": words.slot_words(proposal.slot),
        "mode": catalogue.mode_word(catalogue.DeliveryMode(proposal.mode)), "place": in_current_language(place) if place is not None else "",
        "class_price": money(proposal.class_price) if proposal.class_price is not None else "",
        "seat_price": money(proposal.seat_price) if proposal.seat_price is not None else "", "asked_price": _asked_price(proposal),
        **cost_values(proposal, people),
        "seats": seats_words(proposal),
        "provider": names.get(proposal.provider_id, ""), "reason": proposal.reason,
        "partners": partners, "along": _along(proposal, names),
    }


def _along(proposal: ProposalFacts, names: Mapping[UUID, str]) -> str:
    """Return with whom it is given; of a draft also whether they agreed, as of what was sent all did."""
    if proposal.state is not ProposalState.DRAFT:
        return ", ".join(names.get(partner, "") for partner, _agreed in proposal.partners)
    return ", ".join(f"{names.get(partner, '')} ({_agreed_words(has_agreed=has_agreed)})" for partner, has_agreed in proposal.partners)


def _agreed_words(*, has_agreed: bool) -> str:
    return _("akkoord") if has_agreed else _("nog geen antwoord")


def cost_values(proposal: ProposalFacts, people: int) -> dict[str, str]:
    """Return what one seat costs for who asked for so many people, and what all seats cost that they buy then."""
    seats, each = seats_bought(people, proposal.min_seats), proposal.price_at(people)
    return {
        "each": euros(each), "together": euros(Money(each.cents * seats)),
        "for_seats": ngettext("voor %(num)s plek", "voor %(num)s plekken", seats, num=number_text(seats)),
        "more_seats": _("Vanaf %(seats)s plekken: wie vraagt, koopt er dus meer dan het aantal mensen.", seats=number_text(seats)) if seats > people else "",
    }


def _asked_price(proposal: ProposalFacts) -> str:
    of_class = _("%(price)s voor de hele groep", price=euros(proposal.class_price)) if proposal.class_price is not None else ""
    of_seat = _("%(price)s per plek", price=euros(proposal.seat_price)) if proposal.seat_price is not None else ""
    return " · ".join(part for part in (of_class, of_seat) if part)


def seats_words(proposal: ProposalFacts) -> str:
    """Return from how many seats it goes ahead, and how many there are."""
    fewest, most = number_text(proposal.min_seats), number_text(proposal.max_seats)
    return most if fewest == most else _("%(fewest)s tot en met %(most)s", fewest=fewest, most=most)


def size_words(proposal: ProposalFacts) -> str:
    """Return how many EC it brings; "" where that is not said."""
    return "" if proposal.size is None else f"{credits_text(proposal.size)} EC" if proposal.size else _("Geen EC")


def hours_words(hours: int | None) -> str:
    """Return how many hours of study it takes; "" where that is not said."""
    return "" if hours is None else ngettext("%(num)s uur", "%(num)s uur", hours, num=number_text(hours))


def dates_words(proposal: ProposalFacts) -> str:
    """Return the first and the last day, and how many lessons that are."""
    lessons = lessons_of(proposal)
    days = short_day(proposal.starts_on) if proposal.starts_on == proposal.ends_on else f"{short_day(proposal.starts_on)} – {short_day(proposal.ends_on)}"
    return ngettext("%(days)s, %(num)s les", "%(days)s, %(num)s lessen", lessons, days=days)


def lessons_of(proposal: ProposalFacts) -> int:
    """Return how many lessons there are, one a week."""
    return meetings_of(proposal.starts_on, proposal.ends_on, (weekday_of(proposal.slot),), 0)
