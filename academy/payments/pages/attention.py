"""Finished values for the pages on which the programme office looks at money that is not right."""

from datetime import datetime, timedelta
from typing import Any, Final

from flask import url_for

from academy.kernel.formats import moment_text
from academy.kernel.translation import _, _l
from academy.payments import rules
from academy.payments.facts import FindingFacts
from academy.payments.kinds import FindingKind, FindingState
from academy.payments.queries.attention import Looked, OpenFindings
from academy.payments.words import exact_money

_LATE: Final = timedelta(days=2)  # a day on which the bank was away is no news yet
# What is wrong in two words, what that is, and what to do about it.
_WORDS: Final = {
    FindingKind.UNKNOWN_MONEY: (
        _l("Geld dat we niet kennen"), _l("De betaaldienst heeft %(came)s ontvangen. Wij vinden niets waar dat voor is."),
        _l("Stuur het geld terug. Of zoek bij de betaaldienst uit van wie het is."),
    ),
    FindingKind.WRONG_AMOUNT: (
        _l("Verkeerd bedrag"), _l("We vroegen %(asked)s en er kwam %(came)s. Daarom is het niet geboekt als betaald."),
        _l("Stuur het geld terug. De betaler kan dan opnieuw betalen. Klopt het bedrag toch? Boek het dan als betaald."),
    ),
    FindingKind.PAID_TWICE: (
        _l("Dubbel betaald"), _l("Deze betaling van %(asked)s was al betaald. Er kwam nog een keer %(came)s."),
        _l("Stuur het geld terug dat te veel kwam. De eerste betaling blijft staan."),
    ),
    FindingKind.UNKNOWN_VISIT: (
        _l("Betaald langs een andere weg"), _l("Er kwam %(came)s, precies wat we vroegen. Maar niet via onze betaalpagina. Daarom is het niet geboekt."),
        _l("Kijk bij de betaaldienst of het klopt. Boek het dan als betaald."),
    ),
    FindingKind.NOT_AT_BANK: (
        _l("Onbekend bij de betaaldienst"), _l("Bij ons is %(asked)s betaald. De betaaldienst kent deze betaling niet."),
        _l("Zoek de betaling bij de betaaldienst op. Vinden we haar later toch, dan verdwijnt deze melding vanzelf."),
    ),
    FindingKind.AMOUNTS_DIFFER: (
        _l("Het bedrag verschilt"), _l("Bij ons is %(asked)s betaald. Bij de betaaldienst is dat %(came)s."),
        _l("Kijk bij de betaaldienst wat er is gebeurd."),
    ),
    FindingKind.REFUNDS_DIFFER: (
        _l("Er ging iets anders terug"), _l("Volgens ons ging er %(asked)s terug. Volgens de betaaldienst %(came)s."),
        _l("Kijk bij de betaaldienst wie het geld terugstuurde. Klopt het later weer, dan verdwijnt deze melding vanzelf."),
    ),
    FindingKind.REFUND_FAILED: (
        _l("Terugbetalen is mislukt"), _l("De betaaldienst kon %(asked)s niet terugsturen. De betaler heeft er recht op, binnen 14 dagen."),
        _l("Probeer het opnieuw. Lukt het weer niet? Betaal het dan op een andere manier terug."),
    ),
    FindingKind.RETURN_FAILED: (
        _l("Geld terugsturen is mislukt"), _l("De betaaldienst kon %(asked)s niet terugsturen. Dat geld hoort niet bij ons."),
        _l("Probeer het opnieuw. Lukt het weer niet? Betaal het dan op een andere manier terug."),
    ),
    FindingKind.TRANSFER_FAILED: (
        _l("Doorbetalen is mislukt"), _l("De aanbieder heeft %(asked)s nog niet ontvangen."),
        _l("Kijk bij de betaaldienst naar de rekening van de aanbieder. Probeer het daarna opnieuw."),
    ),
    FindingKind.REVERSAL_FAILED: (
        _l("Terughalen is mislukt"), _l("De betaler kreeg geld terug. Het deel van de aanbieder, %(asked)s, konden we niet terughalen."),
        _l("Probeer het opnieuw. Lukt het weer niet? Spreek dan met de aanbieder af hoe het terugkomt."),
    ),
    FindingKind.NOTICE_WAITS: (
        _l("Bericht niet begrepen"), _l("De betaaldienst stuurde een bericht waar we niets mee konden. We kijken er steeds opnieuw naar."),
        _l("Zoek het bericht bij de betaaldienst op. Laat ons er opnieuw naar kijken, of sluit het af."),
    ),
}
_ENDED: Final = {
    FindingState.GONE: _l("Dit loste zichzelf op, op %(moment)s."), FindingState.GIVEN_BACK: _l("Een collega stuurde het geld terug, op %(moment)s."),
    FindingState.SETTLED: _l("Een collega boekte het als betaald, op %(moment)s."),
    FindingState.TRIED_AGAIN: _l("Een collega liet het opnieuw proberen, op %(moment)s."), FindingState.CLOSED: _l("Een collega sloot dit af, op %(moment)s."),
}


def list_values(found: OpenFindings, *, now: datetime) -> dict[str, Any]:
    """Return a page of what is open, with when was last looked."""
    return {
        "rows": [_row(one) for one in found.findings], "count": found.count, **looked_values(found.looked, now=now),
        "paging": {
            "pages": found.pages, "previous_url": _page_url(found, -1), "next_url": _page_url(found, 1),
            "links": [
                {"number": number, "current": number == found.page, "url": url_for("attention.overview", page=number)} for number in range(1, found.pages + 1)
            ],
        },
    }


def _page_url(found: OpenFindings, step: int) -> str:
    page = found.page + step
    return url_for("attention.overview", page=page) if 1 <= page <= found.pages else ""


def looked_values(looked: Looked, *, now: datetime) -> dict[str, Any]:
    """Return when the bank was last compared with; `is_late` when that is too long ago."""
    return {
        "looked_at": "" if looked.done_at is None else moment_text(looked.done_at),
        "is_late": now - (looked.done_at or now) > _LATE or (looked.done_at is None and now - (looked.started_at or now) > _LATE),
    }


def _row(found: FindingFacts) -> dict[str, Any]:
    title, what, next_step = _WORDS[found.kind]
    return {
        "title": str(title), "what": str(what) % _amounts(found), "next_step": str(next_step), "since": moment_text(found.opened_at), "about": found.about,
        "description": found.description, "url": url_for("attention.look", code=found.code),
    }


def _amounts(found: FindingFacts) -> dict[str, str]:
    return {name: "" if amount is None else exact_money(amount) for name, amount in (("asked", found.asked), ("came", found.came))}


def finding_values(found: FindingFacts) -> dict[str, Any]:
    """Return a finding with what can be done about it."""
    is_open = found.state is FindingState.OPEN
    ended = "" if found.closed_at is None else str(_ENDED[found.state]) % {"moment": moment_text(found.closed_at)}
    return {
        **_row(found), "is_open": is_open, "ended": ended, "reason": found.reason, "happened_at": moment_text(found.happened_at), "problem": found.problem,
        "payment_code": found.payment_code, "vendor_payment": found.vendor_payment, "notice": found.about if found.kind is FindingKind.NOTICE_WAITS else "",
        "amounts": _labelled(found, _amounts(found)), "came": _amounts(found)["came"],
        "give_back_url": _url(found, "give_back", may=found.kind in rules.MAY_GO_BACK), "close_url": _url(found, "close", may=True),
        "settle_url": _url(found, "settle", may=found.kind in rules.MAY_BE_SETTLED and found.payment_id is not None),
        "retry_url": _url(found, "try_again", may=found.kind in rules.MAY_BE_TRIED_AGAIN),
    }


def _labelled(found: FindingFacts, amounts: dict[str, str]) -> list[tuple[str, str]]:
    """Return the amounts with what they are: asked and come where money is booked nowhere, else ours and the bank's, or the one of an order."""
    if found.kind in rules.MAY_BE_TRIED_AGAIN:
        return [(_("Bedrag"), amounts["asked"])]
    if found.kind in rules.MAY_GO_BACK | rules.MAY_BE_SETTLED:
        return [(_("Gevraagd"), amounts["asked"]), (_("Binnengekomen"), amounts["came"])]
    return [(_("Bij ons"), amounts["asked"]), (_("Bij de betaaldienst"), amounts["came"])]


def _url(found: FindingFacts, page: str, *, may: bool) -> str:
    return url_for(f"attention.{page}", code=found.code) if may and found.state is FindingState.OPEN else ""
