"""Finished values for who buys seats for a firm, and for who is invited to one."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.accounts import api as accounts
from academy.catalogue import api as catalogue
from academy.employers.forms.seats import BuyForm
from academy.employers.kinds import GuestState
from academy.employers.queries.guests import BlockInWork, Firm, GuestFacts, by_enrolment
from academy.enrolment import api as enrolment
from academy.enrolment.api import EnrolmentState
from academy.funding import api as funding
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import in_current_language, money, number_text, short_day
from academy.kernel.money import FREE, Money
from academy.kernel.translation import _, _l, ngettext

_ONE_DAY: Final = timedelta(days=1)
_SEATS: Final = {
    EnrolmentState.REQUESTED: (_l("Wacht op de aanbieder"), "few", _l("De aanbieder kijkt of deze persoon mee kan doen.")),
    EnrolmentState.HELD: (_l("Plek vastgehouden"), "few", _l("Deze persoon rondt de inschrijving nog af.")),
    EnrolmentState.CONFIRMED: (_l("Doet mee"), "confirmed", _l("De plek is zeker.")),
    EnrolmentState.FINISHED: (_l("Klaar"), "finished", _l("De module is afgelopen.")),
}
_ENDED: Final = {
    GuestState.SEATED: (_l("Gaf de plek terug"), "cancelled", _l("De plek is weer van jullie. Nodig iemand anders uit.")),
    GuestState.DECLINED: (_l("Zei nee"), "cancelled", _l("Nodig iemand anders uit.")),
    GuestState.LAPSED: (_l("Geen antwoord"), "cancelled", _l("De uitnodiging is verlopen. We hebben het adres gewist.")),
    GuestState.CANCELLED: (_l("Ingetrokken"), "cancelled", _l("Jullie trokken dit in.")),
}


def euros(amount: Money) -> str:
    """Return an amount; of nothing a number too, because it stands beside others."""
    return "€ 0" if amount.is_zero else money(amount)


def firm_values(firm: Firm) -> dict[str, Any]:
    """Return at which firm one works, for the menu above each page."""
    return {"name": firm.name, "slug": firm.slug}


def class_values(of: catalogue.OfferingOfModule) -> dict[str, Any]:
    """Return what tells a class from others."""
    offering = of.offering
    return {
        "title": in_current_language(of.module_title), "code": offering.code, "module_url": url_for("enrolment.module_page", slug=of.module_slug),
        "provider": of.provider_name, "dates": catalogue.dates_words(offering),
        "schedule": catalogue.schedule_words(offering.weekdays, offering.part_of_day), "place": catalogue.place_words(offering),
        "price": catalogue.price_words(offering.price, offering.price_note), "is_free": offering.price is None or offering.price.is_zero,
    }


# Buying


def left_words(left: int) -> str:
    """Return how many seats of a class are free to everyone."""
    return ngettext("%(num)s plek vrij", "%(num)s plekken vrij", left) if left > 0 else _("Er is geen plek meer vrij.")


def budget_choices(found: funding.FirmMoney) -> list[tuple[str, str]]:
    """Return the budgets to choose from, as (id, words), each with what is free in it."""
    return [
        (one.id.hex, _("%(name)s (%(left)s vrij)", name=in_current_language(source), left=euros(one.left)))
        for source, one in found.budgets
    ]


def order_values(of: catalogue.OfferingOfModule, form: BuyForm, found: funding.FirmMoney) -> dict[str, Any]:
    """Return what is agreed to: the seats, their price, and what stays of the budget after it."""
    price = of.offering.price or FREE
    total = Money(price.cents * form.number)
    chosen = next(((source, one) for source, one in found.budgets if one.id.hex == form.budget_id), None)
    invited = form.invited
    return class_values(of) | {
        "seats": ngettext("%(num)s plek", "%(num)s plekken", form.number), "each": euros(price), "total": euros(total), "reference": form.mark,
        "people": [f"{name} ({email})" if name else email for email, name in invited],
        "list": "\n".join(f"{email}; {name}" if name else email for email, name in invited),
        "unnamed": form.number - len(invited), "paid_from": in_current_language(chosen[0]) if chosen else _("Op factuur, achteraf"),
        "budget": _effect(chosen[1], total) if chosen and not price.is_zero else None,
    }


def _effect(budget: funding.BudgetFacts, total: Money) -> dict[str, Any]:
    """Return the four numbers of a budget as they are and as they become."""
    after = budget.left - total
    return {
        "rows": [
            (_("Budget"), euros(budget.amount), euros(budget.amount)),
            (_("Toegewezen"), euros(budget.earmarked), euros(budget.earmarked + total)),
            (_("Besteed"), euros(budget.spent), euros(budget.spent)),
            (_("Vrij"), euros(budget.left), euros(after) if after.cents >= 0 else _("te weinig")),
        ],
        "is_enough": after.cents >= 0,
    }


# What was bought


def block_row(there: BlockInWork, *, now: datetime) -> dict[str, Any]:
    """Return seats in a list: the class, how many have a name, and what is to be done."""
    block = there.block
    return class_values(there.of) | {
        "url": url_for("firm_seats.block", organisation=there.firm.slug, block=block.id.hex), "total": euros(Money(block.price.cents * block.seats)),
        "named": _("%(named)s van %(seats)s met een naam", named=number_text(block.named), seats=number_text(block.seats)),
        "todo": names_words(there, now=now), "state_label": _state_of(there, now=now)[0], "state": _state_of(there, now=now)[1],
    }


def _state_of(there: BlockInWork, *, now: datetime) -> tuple[str, str]:
    if there.block.state is funding.BlockState.PROMISED:
        return _("Gereserveerd"), "few"
    if there.is_open(now):
        return _("Besteld"), "confirmed"
    return (_("Begonnen"), "finished") if now >= there.begins else (_("Gesloten"), "cancelled")


def names_words(there: BlockInWork, *, now: datetime) -> str:
    """Return what there is to do about names; nothing where all seats have one, or nothing can be done."""
    if not there.room or not there.is_open(now):
        return ""
    if now >= there.named_until:
        return ngettext("%(num)s plek bleef zonder naam", "%(num)s plekken bleven zonder naam", there.room)
    last = short_day(amsterdam_day(there.named_until) - _ONE_DAY)
    return ngettext("Geef %(num)s naam door tot en met %(day)s", "Geef %(num)s namen door tot en met %(day)s", there.room, day=last)


def block_values(there: BlockInWork, codes: Iterable[enrolment.BlockCode], *, now: datetime) -> dict[str, Any]:
    """Return seats of a firm with their people and their codes."""
    at: dict[str, Any] = {"organisation": there.firm.slug, "block": there.block.id.hex}
    return block_row(there, now=now) | {
        "may_invite": there.is_open(now) and now < there.named_until and there.room > 0, "room": there.room, "unnamed": there.block.unnamed,
        "may_make_codes": there.is_open(now) and there.block.unnamed > 0, "reference": there.block.reference,
        "last_name_day": short_day(amsterdam_day(there.named_until) - _ONE_DAY),
        "invite_url": url_for("firm_seats.invite", **at), "codes_url": url_for("firm_seats.codes", **at),
        "people": person_rows([there], {}, now=now), "codes": [_code_row(one) for one in codes],
        "enrol_url": url_for("enrolment.enrol", code=there.of.offering.code, _external=True),
    }


def _code_row(one: enrolment.BlockCode) -> dict[str, str]:
    until = "" if one.until is None else _("tot en met %(day)s", day=short_day(amsterdam_day(one.until) - _ONE_DAY))
    return {"end": one.code[-3:], "used": _("%(used)s van %(uses)s gebruikt", used=number_text(one.used), uses=number_text(one.uses)), "until": until}


# People


def person_rows(blocks: Iterable[BlockInWork], progress: Mapping[UUID, enrolment.Progress], *, now: datetime) -> list[dict[str, Any]]:
    """Return the people of these seats: who has one, then who was asked, then who will not come; each with the reason and what can be done."""
    found: list[tuple[int, dict[str, Any]]] = []
    for there in blocks:
        known = by_enrolment(there.guests)
        seated = {each.enrolment_id: each for each in there.seats}
        found += [(0, _seat_row(there, seat, known.get(seat.enrolment_id), progress.get(seat.enrolment_id), now=now)) for seat in there.seats]
        for guest in there.guests:
            if guest.state is GuestState.INVITED:
                found.append((1, _guest_row(there, guest, now=now)))
            elif guest.state is not GuestState.CANCELLED and guest.enrolment_id not in seated:
                found.append((2, _guest_row(there, guest, now=now)))
    return [row for _order, row in sorted(found, key=lambda pair: pair[0])]


def _row(there: BlockInWork, code: str, who: str, email: str, state: tuple[Any, str, Any], *, now: datetime) -> dict[str, Any]:
    label, look, reason = state
    return {
        "code": code, "who": who or email or _("Onbekend (gewist)"), "email": email if who else "", "what": in_current_language(there.of.module_title),
        "state_label": str(label), "state": look, "reason": str(reason), "progress": "", "result": "", "dates": catalogue.dates_words(there.of.offering),
        "url": url_for("firm_seats.person", organisation=there.firm.slug, code=code) if there.is_open(now) else "",
    }


def _seat_row(
    there: BlockInWork, seat: enrolment.BlockSeat, guest: GuestFacts | None, how: enrolment.Progress | None, *, now: datetime,
) -> dict[str, Any]:
    person = there.people.get(seat.person_id)
    gone = person is None or accounts.is_nobody(person.email)
    row = _row(
        there, guest.code if guest else seat.code, "" if gone or person is None else person.name, "" if gone or person is None else person.email,
        _SEATS[seat.state], now=now,
    )
    if how is not None:
        row["progress"] = _("%(been)s van %(told)s keer", been=number_text(how.been), told=number_text(how.told)) if how.told else ""
        row["result"] = "" if how.is_passed is None else _("Gehaald") if how.is_passed else _("Niet gehaald")
    return row


def _guest_row(there: BlockInWork, guest: GuestFacts, *, now: datetime) -> dict[str, Any]:
    if guest.state is GuestState.INVITED:
        last = short_day(amsterdam_day(guest.until) - _ONE_DAY)
        state: tuple[Any, str, Any] = (_("Uitgenodigd"), "few", _("Nog geen antwoord. Dat kan tot en met %(day)s.", day=last))
    else:
        state = _ENDED[guest.state]
    return _row(there, guest.code, guest.name, guest.email, state, now=now)


def person_values(there: BlockInWork, guest: GuestFacts | None, seat: enrolment.BlockSeat | None, *, now: datetime) -> dict[str, Any]:
    """Return one person with what can be done: send the letter again, let somebody else come, take it back."""
    row = _seat_row(there, seat, guest, None, now=now) if seat is not None else _guest_row(there, guest, now=now) if guest else {}
    at: dict[str, Any] = {"organisation": there.firm.slug, "code": row["code"]}
    is_open, is_invited = there.is_open(now), guest is not None and guest.state is GuestState.INVITED
    return row | {
        "class": class_values(there.of), "block_url": url_for("firm_seats.block", organisation=there.firm.slug, block=there.block.id.hex),
        "may_remind": is_open and is_invited, "may_replace": is_open and (is_invited or seat is not None or there.room > 0),
        "may_cancel": is_open and (is_invited or seat is not None), "is_seated": seat is not None,
        "cancel_rule": _rule_words(there.of.offering) if seat is not None else "",
        "remind_url": url_for("firm_seats.remind", **at), "replace_url": url_for("firm_seats.replace", **at),
        "cancel_url": url_for("firm_seats.cancel", **at),
    }


def _rule_words(offering: catalogue.OfferingFacts) -> str:
    if not offering.cancel_late_percent:
        return _("Dit kost niets. De plek is dan weer van jullie.")
    return _(
        "Gratis tot %(days)s dagen voor de eerste dag. Daarna blijven jullie %(percent)s van de prijs betalen, en is de plek op.",
        days=number_text(offering.cancel_free_days), percent=f"{offering.cancel_late_percent}%",
    )


# Who is invited


def invitation_values(of: catalogue.OfferingOfModule, payer: str, guest: GuestFacts) -> dict[str, Any]:
    """Return who pays what, when and where, for who holds the link in a letter."""
    return class_values(of) | {"payer": payer, "until": short_day(amsterdam_day(guest.until) - _ONE_DAY), "email": accounts.masked(guest.email)}
