"""Finished values for the desk of the programme office: whom to call, why, and what to say."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from flask import url_for

from academy.employers import words
from academy.employers.facts import PledgeFacts, PoolFacts
from academy.employers.kinds import Party, PledgeState, PoolState
from academy.employers.pages.provider_pools import pool_state, until_words
from academy.employers.queries.broker import SHOWN, CallLine, Desk, LeadTimes, NoteFacts, PoolToBroker
from academy.employers.rules import calling
from academy.employers.rules.calling import Why
from academy.employers.rules.pooling import Merged, Standing
from academy.enrolment.api import nine_in_ten, working_days
from academy.kernel.csv_file import as_csv
from academy.kernel.formats import moment_text, money, number_text, short_day
from academy.kernel.translation import _, _l, ngettext

_KINDS: Final = {
    Why.SHORT: _l("Een of twee plekken te weinig"), Why.PLEDGE: _l("Moet nog bevestigen"), Why.PROVIDER: _l("Aanbieder antwoordt niet"),
    Why.DEMAND: _l("Vraag zonder antwoord"), Why.LEAD: _l("Trekkers"),
}
_UNANSWERED: Final = (PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED)


def chosen(show: str) -> Why | None:
    """Return the kind that is asked for in an address; None for all who are short or did not answer."""
    return Why(show) if show in set(Why) else None


def desk_values(found: Desk, *, show: Why | None, soonest_first: bool, page: int, now: datetime) -> dict[str, Any]:
    """Return the list, what else can be listed, and how long demand waits."""
    def at(**about: Any) -> str:  # noqa: ANN401 - what stands in the address
        return url_for("broker.desk", **({"show": show, "order": "soonest" if soonest_first else None} | about))

    everyone = sum(number for why, number in found.counts.items() if why is not Why.LEAD)
    kinds = [(None, _("Iedereen"), everyone), *((why, str(label), found.counts[why]) for why, label in _KINDS.items())]
    return {
        "lines": [line_values(one, now=now) for one in found.lines], "number": found.number, "is_leads": show is Why.LEAD,
        "kinds": [{"label": f"{label} ({number_text(count)})", "url": at(show=why), "current": why is show} for why, label, count in kinds],
        "times": times_values(found.times), "csv_url": url_for("broker.calls_file", show=show),
        "order_url": at(order=None if soonest_first else "soonest"), "soonest_first": soonest_first,
        "next_url": at(page=page + 1) if page * SHOWN < found.number else "", "previous_url": at(page=page - 1) if page > 1 else "",
        "undecided": [_pool_row(one) for one in found.undecided],
    }


def _pool_row(pool: PoolFacts) -> dict[str, Any]:
    told = moment_text(pool.told_short_at) if pool.told_short_at is not None else ""
    return {"title": pool.title, "url": url_for("broker.pool", code=pool.code), "told": told, "area": words.area_words(pool.area), **pool_state(pool.state)}


def line_values(line: CallLine, *, now: datetime) -> dict[str, Any]:
    """Return one to call: who, why in a sentence, what to say, and what was said before."""
    kind, code = _key(line)
    until = line.call.until
    return {
        "label": str(_KINDS[line.call.why]), "firm": line.firm or _no_firm(line), "contacts": line.contacts, "why": _why(line), "say": _say(line),
        "until": until_words(until), "is_late": until <= now, "is_lead": line.is_lead, "notes": [note_values(one) for one in line.notes],
        "url": url_for("broker.call", kind=kind, code=code) if code else "", "can_reply": line.demand is not None and line.demand.answered_at is None,
        "reply_url": url_for("broker.reply", code=code), "key": f"{kind}-{code}",
        "pool_url": url_for("broker.pool", code=line.pool.code) if line.pool is not None else "",
        "tailored_url": url_for("requests.new", kind="demand", code=code) if line.demand is not None and line.demand.organisation_id is not None else "",
    }


def _key(line: CallLine) -> tuple[str, str]:
    """Return the kind and the code by which a call is found; no code where there is nobody to call."""
    if line.pledge is not None:
        return "pledge", line.pledge.code
    if line.demand is not None:
        return "demand", line.demand.code
    return "pool", line.pool.code if line.pool is not None and line.provider_id is not None else ""


def _no_firm(line: CallLine) -> str:
    who = line.pledge or line.demand
    if who is None:
        return _("Nog geen aanbieder")
    return _("Voor zichzelf") if who.party is Party.CITIZEN else _("Naam van het bedrijf onbekend")


def note_values(note: NoteFacts) -> dict[str, str]:
    """Return a note: when, who, what came of it."""
    return {"about": " · ".join(part for part in (moment_text(note.at), note.by) if part), "outcome": words.outcome_words(note.outcome), "text": note.text}


def _seats(number: int) -> str:
    return ngettext("%(num)s plek", "%(num)s plekken", number, num=number_text(number))


def _best(line: CallLine) -> str:
    """Return the moment that a call is about: the one that was asked for, else the best so far."""
    if line.pool is not None and line.pool.slot:
        return words.slot_words(line.pool.slot)
    return words.slot_words(line.standing.best.slot) if line.standing is not None and line.standing.best is not None else _("een moment in de week")


def _why(line: CallLine) -> str:
    return _WHY[line.call.why](line)


def _why_demand(line: CallLine) -> str:
    if line.demand is None:
        return ""
    return ngettext("Vroeg voor %(num)s persoon: “%(words)s”.", "Vroeg voor %(num)s mensen: “%(words)s”.", line.demand.people, words=line.demand.words.rstrip("."))


def _why_lead(line: CallLine) -> str:
    own, needed = line.pledge.seats if line.pledge else 0, line.standing.threshold if line.standing else 0
    return _("Heeft de meeste plekken in %(title)s: %(own)s. Nodig zijn er %(needed)s.", title=line.title, own=own, needed=needed)


_WHY: Final[dict[Why, Callable[[CallLine], str]]] = {
    Why.SHORT: lambda line: ngettext(
        "Nog %(num)s plek nodig voor %(title)s, %(moment)s.", "Nog %(num)s plekken nodig voor %(title)s, %(moment)s.", line.call.short, title=line.title,
        moment=_best(line),
    ),
    Why.PLEDGE: lambda line: _("Kreeg een aanbod voor %(title)s en moet nog bevestigen: %(seats)s.", title=line.title, seats=_seats(line.pledge.seats if line.pledge else 0)),
    Why.PROVIDER: lambda line: _("Gaf geen antwoord op tijd: %(title)s, %(moment)s, %(seats)s.", title=line.title, moment=_best(line),
                                 seats=_seats(line.standing.seats if line.standing else 0)),
    Why.DEMAND: _why_demand, Why.LEAD: _why_lead,
}


def _say(line: CallLine) -> str:
    return _SAY[line.call.why](line)


def _say_short(line: CallLine) -> str:
    pledge, standing = line.pledge, line.standing
    if pledge is None or standing is None or pledge.state is PledgeState.CONFIRMED:
        return _("Jullie hebben bevestigd, maar er is nog plek over. Is er nog een collega? Of wil je een plek zonder naam nemen, zodat de groep doorgaat?")
    if pledge.most_price is not None and line.pool is not None and line.pool.price is not None and line.pool.price > pledge.most_price:
        return _("De les kost %(price)s per plek, jullie schreven hooguit %(most)s. Kan dat?", price=money(line.pool.price), most=money(pledge.most_price))
    if not _is_served(pledge, standing):
        return _("De meeste anderen kunnen op %(moment)s. Kunnen jullie dan ook?", moment=_best(line))
    return _("Er is bijna een groep. Is er nog een collega die mee wil doen, of een bedrijf dat je kent?")


def _is_served(pledge: PledgeFacts, standing: Standing) -> bool:
    return any(one.id == pledge.id for one in standing.served)


def _say_pledge(line: CallLine) -> str:
    pool = line.pool
    if pool is None or pool.starts_on is None or pool.price is None:
        return _("Er staat een aanbod klaar in je e-mail. Bevestigen is één klik. Gaat het lukken?")
    return _(
        "Het aanbod: %(moment)s, vanaf %(day)s, %(price)s per plek. Bevestigen is één klik in de e-mail. Gaat het lukken?", moment=_best(line),
        day=short_day(pool.starts_on), price=money(pool.price),
    )


_SAY: Final[dict[Why, Callable[[CallLine], str]]] = {
    Why.SHORT: _say_short, Why.PLEDGE: _say_pledge,
    Why.PROVIDER: lambda line: _("Er staat een voorstel klaar in jullie werkomgeving, bij “Groepen die een les zoeken”. Lukt het niet? Zeg dan nee, met waarom.")
    if line.provider_id is not None else _("Zoek een aanbieder die dit kan geven. Elke aanbieder ziet deze groep in de eigen werkomgeving."),
    Why.DEMAND: lambda _line: _("We hebben je vraag gezien. Klopt het nog, en wanneer kunnen je mensen? Vertel wat er is, en stuur daarna een antwoord."),
    Why.LEAD: lambda _line: _("Jullie trekken deze groep. Kennen jullie leveranciers of buren die dit ook zoeken? Stuur ze de link van de groep."),
}


def times_values(times: LeadTimes) -> list[tuple[str, str]]:
    """Return how long demand waited for an answer and for a class: half of it, and nine in ten; with how many there were."""
    return [(_("Van vraag naar eerste antwoord"), _times(times.answers)), (_("Van vraag naar les"), _times(times.classes))]


def _times(found: Sequence[timedelta]) -> str:
    half, most = calling.median(found), nine_in_ten(found)
    if half is None or most is None:
        return _("nog te weinig om te zeggen (%(number)s)", number=len(found))
    return _(
        "de helft binnen %(half)s, 9 van de 10 binnen %(most)s (%(number)s)", half=_days(half), most=_days(most), number=number_text(len(found)),
    )


def _days(time: timedelta) -> str:
    return ngettext("%(num)s werkdag", "%(num)s werkdagen", working_days(time))


def pool_values(found: PoolToBroker, neighbours: Sequence[tuple[PoolFacts, Merged]]) -> dict[str, Any]:
    """Return a pool with what the programme office can do with it."""
    pool, standing = found.pool, found.standing
    return {
        "code": pool.code, "title": found.title, **pool_state(pool.state), "may_end": pool.state in {
            PoolState.IDEA, PoolState.GATHERING, PoolState.ASKED, PoolState.PROVISIONAL,
        },
        "facts": [
            (_("Waar"), words.area_words(pool.area)),
            (_("Op het beste moment"), _("%(seats)s van %(needed)s plekken", seats=number_text(standing.seats), needed=number_text(standing.threshold))),
            (_("Beste moment"), words.slot_words(standing.best.slot) if standing.best is not None else ""), (_("Bedrijven"), number_text(standing.firms)),
            (_("Verzamelt tot en met"), short_day(pool.deadline)),
        ],
        "neighbours": [(other.code, _merged(other, each.standing)) for other, each in neighbours],
        "tailored_url": url_for("requests.new", kind="pool", code=pool.code) if pool.module_id is None and pool.state in _UNANSWERED and standing.seats else "",
        "merge_url": url_for("broker.merge", code=pool.code), "release_url": url_for("broker.release", code=pool.code),
        "steps": [
            {"at": moment_text(step.at), "state": pool_state(step.becomes)["state_label"], "by": step.by or _("vanzelf"), "note": step.note}
            for step in found.steps
        ],
    }


def _merged(other: PoolFacts, together: Standing) -> str:
    return _(
        "%(area)s (%(code)s): samen %(seats)s van %(needed)s plekken", area=words.area_words(other.area), code=other.code,
        seats=number_text(together.seats), needed=number_text(together.threshold),
    )


def calls_file(found: Desk) -> bytes:
    """Return the list as a file for a spreadsheet."""
    heading = (_("Soort"), _("Bedrijf"), _("Naam"), _("E-mail"), _("Telefoon"), _("Waarom"), _("Tot en met"), _("Laatste notitie"))
    return as_csv(heading, [
        (
            str(_KINDS[line.call.why]), line.firm or _no_firm(line), who.name if who else "", who.email if who else "", who.phone if who else "", _why(line),
            until_words(line.call.until), f"{words.outcome_words(line.notes[0].outcome)}: {line.notes[0].text}" if line.notes else "",
        )
        for line in found.lines for who in line.contacts or (None,)
    ])
