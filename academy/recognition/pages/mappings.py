"""Finished values for pages about remote courses that count after a test here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from flask import url_for
from markupsafe import Markup, escape

from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import credits_text, day, in_own_language, moment_text, short_day, shown
from academy.kernel.translation import _
from academy.recognition.facts import SlotFacts
from academy.recognition.forms.mappings import MappingForm
from academy.recognition.kinds import LocalTestState
from academy.recognition.pages.agreements import outcome_values
from academy.recognition.pages.library import evidence_values
from academy.recognition.pages.slots import when_words, where_words
from academy.recognition.queries.mappings import Booking, LocalTestInFull, MappingChoice, MappingInFull
from academy.recognition.queries.outcomes import ModuleToClaim

_S = LocalTestState
_LOOKS: Final = {_S.PASSED: "confirmed", _S.FAILED: "cancelled", _S.CALLED_OFF: "finished"}


def mapping_values(each: MappingInFull) -> dict[str, Any]:
    """Return a mapping: what it takes and what it earns."""
    facts = each.facts
    return {
        "code": facts.code, "mooc": shown(each.mooc.title), "mooc_by": each.mooc.provider_name, "module": shown(each.module.title), "provider": each.module.provider_name,
        "ec": credits_text(each.ec), "outcomes": [outcome_values(one) for one in each.outcomes],
        "days": _("van %(first)s tot en met %(last)s", first=short_day(facts.valid_from), last=short_day(facts.valid_until)), "until": day(facts.valid_until),
    }


# The exam board


def board_values(found: Sequence[MappingInFull], provider: str, reader: object, *, now: datetime) -> dict[str, Any]:
    """Return the mappings of a provider: those that wait for a second signature, those that count, and what is over."""
    rows = [(each, mapping_values(each) | _state(each, provider, reader, now=now)) for each in found]
    return {
        "waiting": [row for each, row in rows if row["state"] == "few"], "current": [row for each, row in rows if row["state"] in {"confirmed", "open"}],
        "over": [row for each, row in rows if row["state"] in {"finished", "cancelled"}], "is_empty": not rows, "provider": provider,
    }


def _state(each: MappingInFull, provider: str, reader: object, *, now: datetime) -> dict[str, Any]:
    facts, today = each.facts, amsterdam_day(now)
    at: dict[str, Any] = {"provider": provider, "code": facts.code}
    if facts.ended_at is not None or facts.valid_until < today:
        words, look = _("Voorbij"), "finished"
    elif facts.published_at is None:
        words, look = _("Wacht op de tweede handtekening"), "few"
    elif len(each.outcomes) < len(facts.outcomes):
        words, look = (_("Leeruitkomsten veranderd: maak een nieuwe"), "cancelled") if not each.outcomes else (_("Telt nog voor een deel"), "open")
    else:
        words, look = (_("Telt"), "confirmed") if facts.valid_from <= today else (_("Telt binnenkort"), "open")
    return {
        "state_label": words, "state": look, "sign_url": url_for("recognition_mappings.sign", **at) if look == "few" and facts.published_by != reader else "",
        "end_url": "" if look == "finished" else url_for("recognition_mappings.end", **at),
    }


def choice_values(found: MappingChoice, form: MappingForm) -> dict[str, Any]:
    """Return what a board chooses from."""
    ticked = set(form.outcomes.data or ())
    return {
        "moocs": [_module(each, form.mooc.data) for each in found.moocs],
        "modules": [
            _module(each, form.module.data) | {"outcomes": [outcome_values(one) | {"value": one.id.hex, "checked": one.id.hex in ticked} for one in each.outcomes]}
            for each in found.modules
        ],
    }


def _module(module: ModuleToClaim, chosen: str | None) -> dict[str, Any]:
    return {"slug": module.slug, "title": shown(module.title), "note": module.provider_name, "checked": module.slug == chosen}


# On the pages of modules


def beside_values(found: Sequence[MappingInFull]) -> list[dict[str, Any]]:
    """Return what counts today in a sentence each."""
    return [mapping_values(each) | {"sentence": _sentence(each), "url": url_for("recognition_mappings.book", code=each.facts.code)} for each in found]


def _sentence(each: MappingInFull) -> Markup:
    """Return what it earns; a title in another language than the reader's says so."""
    sentence = _("Met het certificaat van %(mooc)s en een toets in Almere krijg je %(ec)s EC voor %(module)s.")
    return escape(sentence) % {"mooc": in_own_language(shown(each.mooc.title)), "ec": credits_text(each.ec), "module": in_own_language(shown(each.module.title))}


# The learner


def slot_choices(found: Booking) -> list[tuple[str, str]]:
    """Return the moments to choose from, as (code, words); the link of a call is for who booked it."""
    return [(each.code, _slot_words(each, where_words(each, found.places, is_booked=False))) for each in found.slots]


def _slot_words(slot: SlotFacts, where: str) -> str:
    return " · ".join(each for each in (when_words(slot.starts_at, slot.ends_at), where) if each)


def book_values(found: Booking) -> dict[str, Any]:
    """Return what somebody books."""
    return mapping_values(found.mapping) | {
        "certificate_url": url_for("recognition_library.new", kind="earlier"), "has_certificates": bool(found.certificates), "has_slots": bool(found.slots),
    }


def test_values(found: LocalTestInFull, *, now: datetime) -> dict[str, Any]:
    """Return a test: where it stands, when it is, and what it earns."""
    facts = found.facts
    is_going_on = facts.slot.starts_at <= now < facts.slot.ends_at
    words = {_S.BOOKED: _("Geboekt"), _S.PASSED: _("Gehaald"), _S.FAILED: _("Niet gehaald"), _S.CALLED_OFF: _("Gaat niet door")}
    return mapping_values(found.mapping) | {
        "code": facts.code, "state_label": words[facts.state], "state": _LOOKS.get(facts.state, "open"), "when": when_words(facts.slot.starts_at, facts.slot.ends_at), "where": where_words(facts.slot, found.places), "reason": facts.reason,
        "learner": found.learner, "assessor": found.assessor, "lead": _lead(found, now=now), "url": url_for("recognition_mappings.own_test", code=facts.code),
        "again_url": url_for("recognition_mappings.book", code=found.mapping.facts.code) if facts.state in {_S.FAILED, _S.CALLED_OFF} else "",
        "decision_url": url_for("recognition_board.my_decision", number=found.decision) if found.decision else "",
        "call_off_url": url_for("recognition_mappings.call_off", code=facts.code) if facts.state is _S.BOOKED and not is_going_on else "",
        "is_past": facts.state is _S.BOOKED and now >= facts.slot.ends_at,
    }


def _lead(found: LocalTestInFull, *, now: datetime) -> str:
    facts, ec = found.facts, credits_text(found.mapping.ec)
    if facts.state is _S.BOOKED:
        if now < facts.slot.starts_at:
            return _("De toets is op %(when)s. Haal je hem, dan staan je %(ec)s EC er meteen.", when=when_words(facts.slot.starts_at, facts.slot.ends_at), ec=ec)
        return _("De toets is geweest. De assessor geeft de uitslag door.")
    return {
        _S.PASSED: _("Gehaald. Er tellen %(ec)s EC mee bij %(provider)s.", ec=ec, provider=found.mapping.module.provider_name),
        _S.FAILED: _("Deze keer niet gehaald. Je kunt een nieuw moment kiezen."), _S.CALLED_OFF: _("Deze toets gaat niet door. Je kunt een nieuw moment kiezen."),
    }[facts.state]


# The assessor


def desk_tests_values(found: Sequence[LocalTestInFull], provider: str, *, now: datetime) -> dict[str, Any]:
    """Return the tests at a provider: those to judge first, then those to come."""
    rows = [
        {
            "code": each.facts.code, "when": moment_text(each.facts.slot.starts_at), "learner": each.learner, "module": shown(each.mapping.module.title), "assessor": each.assessor,
            "is_past": now >= each.facts.slot.starts_at, "url": url_for("recognition_mappings.judge", provider=provider, code=each.facts.code),
        }
        for each in found
    ]
    return {"to_judge": [row for row in rows if row["is_past"]], "to_come": [row for row in rows if not row["is_past"]]}


def judge_values(found: LocalTestInFull, provider: str, reader: object, *, now: datetime) -> dict[str, Any]:
    """Return a test for who judges it."""
    facts, is_open = found.facts, found.facts.state is _S.BOOKED
    return test_values(found, now=now) | {
        "may_judge": is_open and now >= facts.slot.starts_at, "is_to_come": is_open and now < facts.slot.starts_at,
        "desk_url": url_for("recognition_mappings.tests", provider=provider), "evidence": evidence_values([found.certificate] if found.certificate and is_open else []),
        "call_off_url": url_for("recognition_mappings.call_off_at_desk", provider=provider, code=facts.code) if is_open and facts.slot.assessor_id == reader else "",
    }
