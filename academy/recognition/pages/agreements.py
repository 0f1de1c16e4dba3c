"""Finished values for pages about modules elsewhere that will count: asking, the line of three signatures, the lists of who signs, and the page behind the link."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from flask import url_for

from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import credits_text, day, short_day, shown
from academy.kernel.translation import _, ngettext
from academy.recognition.forms.agreeing import ELSEWHERE, AgreementForm
from academy.recognition.kinds import AgreementState
from academy.recognition.queries.agreements import (
    AgreementAtDesk,
    AgreementFacts,
    AgreementInFull,
    AgreementLine,
    Candidates,
)
from academy.recognition.queries.outcomes import ModuleToClaim, OutcomeNow

_S = AgreementState
_A_MOMENT: Final = timedelta(seconds=1)  # a clock ends at midnight: the day that people know is the one before it
_LOOKS: Final = {_S.SIGNED: "running", _S.BOOKED: "confirmed", _S.NOT_PASSED: "few", _S.REFUSED: "cancelled", _S.ENDED: "finished"}
_NONE: Final = Decimal(0)
_CAN_REPORT: Final = {_S.SIGNED, _S.NOT_PASSED}


def state_words(facts: AgreementFacts) -> tuple[str, str]:
    """Return where an agreement stands, for a badge: the words and the look."""
    words = {
        _S.ASKED: _("Wacht op handtekeningen"), _S.SIGNED: _("Door alle drie getekend"), _S.BOOKED: _("Telt mee"), _S.NOT_PASSED: _("Niet gehaald"),
        _S.REFUSED: _("Niet getekend"), _S.ENDED: _("Gestopt"),
    }
    return words[facts.state], _LOOKS.get(facts.state, "open")


def last_day(facts: AgreementFacts) -> str:
    """Return the last day on which something can still come."""
    return day(amsterdam_day(facts.until - _A_MOMENT))


# Asking


def find_values(found: Candidates) -> dict[str, Any]:
    """Return the first screen; what was looked for and not found is said."""
    asked, is_known = found.asked, bool(found.asked.home and found.homes)
    return {
        "home": {"title": shown(found.homes[0].title), "slug": found.homes[0].slug} if is_known else None, "home_words": asked.home_words, "host_words": asked.host_words,
        "nothing_for": asked.home_words if asked.home_words and not found.homes else "",
    }


def ask_values(homes: Sequence[ModuleToClaim], hosts: Sequence[ModuleToClaim], form: AgreementForm) -> dict[str, Any]:
    """Return the second screen: what was found, with the outcomes of each module at home, and the signature."""
    ticked = set(form.outcomes.data or ())
    return {
        "homes": [
            _module(each, form.home.data) | {"outcomes": [outcome_values(one) | {"value": one.id.hex, "checked": one.id.hex in ticked} for one in each.outcomes]}
            for each in homes
        ],
        "hosts": [_module(each, form.host.data) for each in hosts], "elsewhere": {"value": ELSEWHERE, "checked": form.host.data == ELSEWHERE},
    }


def _module(module: ModuleToClaim, chosen: str | None) -> dict[str, Any]:
    ec = _("%(ec)s EC", ec=credits_text(module.ec)) if module.ec else ""
    return {"slug": module.slug, "title": shown(module.title), "note": " · ".join(each for each in (module.provider_name, ec) if each), "checked": module.slug == chosen}


def outcome_values(outcome: OutcomeNow) -> dict[str, Any]:
    """Return an outcome with what it is worth."""
    return {"wording": shown(outcome.wording), "ec": _("%(ec)s EC", ec=credits_text(outcome.worth)) if outcome.worth else ""}


# One agreement


def agreement_values(full: AgreementInFull) -> dict[str, Any]:
    """Return an agreement for whoever may read it; what they can do is added by the page."""
    facts = full.facts
    label, look = state_words(facts)
    return {
        "code": facts.code, "state_label": label, "state": look, "home_title": shown(full.home.title), "home": full.home.provider_name, "host": host_name(full),
        "host_title": host_title(full), "outcomes": [outcome_values(each) for each in full.outcomes], "lead": _lead(full), "line": line_values(full),
        "decision_url": url_for("recognition_board.my_decision", number=full.decision_number) if full.decision_number else "",
        "ec": credits_text(_worth(full)), "reason": facts.reason, "is_reworded": full.is_reworded and facts.state is _S.ASKED, "learner": full.learner,
        "reworded": _reworded_words(full) if full.is_reworded else "",
        "outcomes_title": ngettext("De leeruitkomst waarvoor het telt", "De leeruitkomsten waarvoor het telt", len(full.outcomes)),
    }


def own_values(full: AgreementInFull) -> dict[str, Any]:
    """Return an agreement for its learner."""
    facts = full.facts
    return agreement_values(full) | {
        "may_end": facts.state in {_S.ASKED, _S.SIGNED}, "is_over": facts.state in {_S.REFUSED, _S.ENDED}, "end_url": url_for("recognition_agreements.end", code=facts.code),
        "again_url": url_for("recognition_agreements.new", home=full.home.slug),
    }


def host_name(full: AgreementInFull) -> str:
    """Return who gives the module."""
    return full.facts.host_name if full.host is None else full.host.provider_name


def host_title(full: AgreementInFull) -> str:
    """Return what the module elsewhere is called."""
    if full.host is not None:
        return str(shown(full.host.title))
    return f"{full.facts.host_course} ({full.facts.host_code})" if full.facts.host_code else full.facts.host_course


def line_values(full: AgreementInFull) -> list[dict[str, Any]]:
    """Return the three signatures and the result as the points of a line, in their order; each is done, waits or will not come."""
    facts = full.facts
    over = facts.state in {_S.REFUSED, _S.ENDED}
    signatures = (
        (_("Cursist"), full.learner, facts.asked_at), (_("Examencommissie"), full.home.provider_name, facts.home_signed_at),
        (_("Wie de module geeft"), host_name(full), facts.host_signed_at),
    )
    points = [
        {"label": label, "who": who, "is_done": at is not None, "is_over": over and at is None, "when": _signed_words(at, over=over)} for label, who, at in signatures
    ]
    is_known = facts.state in {_S.BOOKED, _S.NOT_PASSED}
    result = {_S.BOOKED: _("gehaald: het telt mee"), _S.NOT_PASSED: _("nog niet gehaald")}.get(facts.state, "" if over else _("nog niet bekend"))
    return [*points, {"label": _("Uitslag"), "who": host_title(full), "is_done": is_known, "is_over": over, "when": result}]


def _signed_words(at: datetime | None, *, over: bool) -> str:
    if at is not None:
        return _("getekend op %(day)s", day=short_day(amsterdam_day(at)))
    return _("niet getekend") if over else _("tekent nog")


def _worth(full: AgreementInFull) -> Decimal:
    """Return what it earns: what the decision gave, else what still is as it was agreed on."""
    return full.granted if full.facts.state is _S.BOOKED else sum((each.worth for each in full.as_agreed), _NONE)


def _reworded_words(full: AgreementInFull) -> str:
    """Return what a change of words means once all three signed; nobody agreed to the new ones."""
    if full.facts.state in _CAN_REPORT:
        return _("Leeruitkomsten zijn veranderd sinds iedereen tekende. Wat veranderde, telt niet vanzelf mee. De examencommissie van %(home)s moet hiernaar kijken.", home=full.home.provider_name)
    return _("Leeruitkomsten zijn veranderd sinds iedereen tekende. In het besluit staat wat er telt.") if full.facts.state is _S.BOOKED else ""


def _lead(full: AgreementInFull) -> str:
    facts, ec = full.facts, credits_text(_worth(full))
    if facts.state is _S.ASKED:
        waits = [who for who, at in ((full.home.provider_name, facts.home_signed_at), (host_name(full), facts.host_signed_at)) if at is None]
        who = _("%(home)s en %(host)s", home=waits[0], host=waits[1]) if len(waits) > 1 else waits[0]
        return _("Nog te tekenen: %(who)s. Dat kan tot en met %(day)s. Daarna vervalt de afspraak.", who=who, day=last_day(facts))
    if facts.state is _S.ENDED:
        return _ended_words(facts)
    words = {
        _S.SIGNED: _("Is het vak bij %(host)s uiterlijk %(day)s gehaald? Dan staan er meteen %(ec)s EC bij, zonder nieuwe aanvraag.", host=host_name(full), day=last_day(facts), ec=ec),
        _S.BOOKED: _("Het vak is gehaald. Er tellen %(ec)s EC mee bij %(home)s. Dat staat in besluit %(number)s.", ec=ec, home=full.home.provider_name, number=full.decision_number),
        _S.NOT_PASSED: _("De uitslag is: niet gehaald. Wordt het vak later alsnog gehaald? Dan telt het mee, zonder nieuwe aanvraag."),
        _S.REFUSED: _("Deze afspraak is niet getekend. Hieronder staat waarom."),
    }
    return words[facts.state]


def _ended_words(facts: AgreementFacts) -> str:
    if not facts.was_too_late:
        return _("De cursist stopte deze afspraak.")
    if facts.home_signed_at and facts.host_signed_at:
        return _("Er kwam niet op tijd bericht dat het vak gehaald is. Daarom is de afspraak vervallen.")
    return _("Niet iedereen tekende op tijd. Daarom is de afspraak vervallen. Er kan een nieuwe worden gevraagd.")


# Lists


def mine_values(found: Sequence[AgreementLine]) -> list[dict[str, Any]]:
    """Return a learner's own agreements in a line each."""
    return [_line(each) | {"url": url_for("recognition_agreements.mine", code=each.facts.code)} for each in found]


def desk_values(found: Sequence[AgreementLine], provider: str, *, now: datetime) -> dict[str, Any]:
    """Return the agreements at a provider: those that wait for its signature first, the oldest on top."""
    rows = [
        (each, _line(each) | {"url": url_for("recognition_agreements.at_desk", provider=provider, code=each.facts.code), "learner": each.learner}) for each in found
    ]
    to_sign = [row for each, row in rows if each.facts.can_sign(now) and (each.facts.home_signed_at if each.as_home else each.facts.host_signed_at) is None]
    others = [row for each, row in rows if row not in to_sign and each.facts.state in {_S.ASKED, _S.SIGNED}]
    over = [row for each, row in rows if row not in to_sign and each.facts.state not in {_S.ASKED, _S.SIGNED}]
    return {"to_sign": to_sign, "others": others, "over": over[::-1], "is_empty": not rows}


def _line(each: AgreementLine) -> dict[str, Any]:
    label, look = state_words(each.facts)
    host = each.facts.host_name if each.host_title is None else ""
    return {
        "code": each.facts.code, "home": shown(each.home_title), "host": shown(each.host_title) if each.host_title is not None else each.facts.host_course, "host_name": host,
        "state_label": label, "state": look, "asked": _("gevraagd op %(day)s", day=short_day(amsterdam_day(each.facts.asked_at))),
        "until": _("tot en met %(day)s", day=short_day(amsterdam_day(each.facts.until - _A_MOMENT))) if each.facts.state is _S.ASKED else "",
    }


def at_desk_values(found: AgreementAtDesk, *, now: datetime) -> dict[str, Any]:
    """Return an agreement for who signs: what they put their name to, and whether they still can."""
    facts = found.full.facts
    mine = facts.home_signed_at if found.as_home else facts.host_signed_at
    may_sign = facts.can_sign(now) and mine is None and not (found.as_home and found.full.is_reworded)
    at: dict[str, Any] = {"provider": found.desk.slug, "code": facts.code}
    return agreement_values(found.full) | {
        "may_refuse": facts.can_sign(now) and mine is None, "promise": _promise(found.full, as_home=found.as_home),
        "sign_url": url_for("recognition_agreements.sign", **at) if may_sign else "", "refuse_url": url_for("recognition_agreements.refuse", **at),
        "desk_url": url_for("recognition_agreements.desk", provider=found.desk.slug), "host_email": found.host_email if facts.can_sign(now) else "",
    }


def by_link_values(full: AgreementInFull, token: str, *, now: datetime) -> dict[str, Any]:
    """Return an agreement for a school elsewhere: signing, and later the result."""
    facts = full.facts
    return agreement_values(full) | {
        "may_refuse": facts.can_sign(now) and facts.host_signed_at is None, "promise": _promise(full, as_home=False),
        "may_report": facts.state in _CAN_REPORT and now < facts.until, "is_closed": facts.state not in {_S.ASKED, *_CAN_REPORT} or now >= facts.until,
        "sign_url": url_for("recognition_agreements.sign_by_link", token=token),
        "refuse_url": url_for("recognition_agreements.refuse_by_link", token=token), "result_url": url_for("recognition_agreements.report_by_link", token=token),
    }


def _promise(full: AgreementInFull, *, as_home: bool) -> str:
    if as_home:
        return _("Jullie tekenen dat deze leeruitkomsten erkend zijn zodra %(learner)s het vak haalt. Dan volgt er geen nieuwe aanvraag meer.", learner=full.learner)
    return _("Jullie tekenen dat %(learner)s dit vak bij jullie volgt, en dat de uitslag wordt doorgegeven.", learner=full.learner)
