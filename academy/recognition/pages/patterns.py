"""Finished values for patterns that go by themselves and for equivalences: of the board, of the learner, and for everybody."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.accounts.api import Actor, PersonFacts
from academy.kernel.clock import amsterdam_day
from academy.kernel.csv_file import as_csv
from academy.kernel.formats import credits_text, number_text, short_day, shown
from academy.kernel.translation import _, ngettext, reading_language
from academy.recognition.facts import EvidenceFacts
from academy.recognition.pages.desk import paging
from academy.recognition.queries.approvals import ApprovalFacts, PatternToApprove
from academy.recognition.queries.equivalences import EquivalenceInFull, UseFacts
from academy.recognition.queries.files import Desk
from academy.recognition.queries.outcomes import ModuleToClaim
from academy.recognition.rules.patterns import Shown
from academy.recognition.words import evidence_word

ROWS: Final = 50  # of the public table on one page


def board_menu(desk: Desk, current: str) -> dict[str, Any]:
    """Return the pages of a board; `current` is the endpoint of this one."""
    pages = (
        ("recognition_board.inbox", _("Besluiten")), ("recognition_patterns.patterns", _("Gaat vanzelf")),
        ("recognition_patterns.equivalences", _("Telt direct mee")),
    )
    return {
        "name": desk.name, "url": url_for("recognition_board.inbox", provider=desk.slug),
        "items": [{"label": label, "url": url_for(endpoint, provider=desk.slug), "current": endpoint == current} for endpoint, label in pages],
    }


def evidence_words(pieces: Iterable[Shown]) -> str:
    """Return papers in words, for who approves: `Diploma CREBO 25648`."""
    return "; ".join(sorted({f"{evidence_word(each.kind)} {each.source} {each.code}".strip() for each in pieces}))


def patterns_values(
    desk: Desk, actor: Actor, signatures: int, possible: Sequence[PatternToApprove], going: Sequence[ApprovalFacts], *, now: datetime,
) -> dict[str, Any]:
    """Return what goes by itself at a board, and what could."""
    return {
        "going": [_approval(desk, actor, signatures, each, now) for each in going],
        "possible": [pattern_values(desk, each) for each in possible],
    }


def pattern_values(desk: Desk, each: PatternToApprove) -> dict[str, Any]:
    """Return a pattern that could go by itself."""
    return {
        "wording": shown(each.wording), "about": evidence_words(each.shown),
        "number": ngettext("al %(num)s keer ja", "al %(num)s keer ja", each.number), "newest": each.newest,
        "newest_url": url_for("recognition_board.decision", provider=desk.slug, number=each.newest),
        "url": url_for("recognition_patterns.approve", provider=desk.slug, key=each.key),
    }


def _approval(desk: Desk, actor: Actor, signatures: int, each: ApprovalFacts, now: datetime) -> dict[str, Any]:
    is_over = each.ended_at is not None or each.until < amsterdam_day(now)
    waits = not is_over and len(each.signed_by) < signatures
    state = _("gestopt") if each.ended_at else _("voorbij") if is_over else _("wacht op een tweede handtekening") if waits else _("gaat vanzelf")
    return {
        "code": each.code, "about": each.about, "wording": shown(each.wording), "state": state, "signers": ", ".join(each.signers),
        "bounds": _("vanaf %(number)s besluiten, nu %(there)s", number=number_text(each.fewest_parents), there=number_text(each.number)),
        "until": short_day(each.until),
        "may_sign": waits and actor.person_id not in each.signed_by, "may_end": each.ended_at is None,
        "sign_url": url_for("recognition_patterns.sign", provider=desk.slug, code=each.code),
        "end_url": url_for("recognition_patterns.end", provider=desk.slug, code=each.code),
    }


def equivalence_values(each: EquivalenceInFull, *, now: datetime) -> dict[str, Any]:
    """Return an equivalence as anybody reads it."""
    facts = each.facts
    return {
        "code": facts.code, "title": facts.title, "kind": evidence_word(facts.kind), "source": facts.source, "source_code": facts.source_code,
        "module": shown(each.module.title), "module_url": url_for("enrolment.module_page", slug=each.module.slug) if each.module.is_public else "",
        "provider": each.module.provider_name, "ec": f"{credits_text(each.ec)} EC", "outcomes": [shown(outcome.wording) for outcome in each.outcomes],
        "reason": facts.reason, "days": _("%(first)s tot en met %(last)s", first=short_day(facts.valid_from), last=short_day(facts.valid_until)),
        "state": state_words(each, now=now), "counts": facts.counts_on(amsterdam_day(now)) and not each.is_reworded,
    }


def state_words(each: EquivalenceInFull, *, now: datetime) -> str:
    """Return how an equivalence stands today."""
    facts, today = each.facts, amsterdam_day(now)
    if facts.ended_at is not None:
        return _("gestopt op %(day)s", day=short_day(amsterdam_day(facts.ended_at)))
    if facts.valid_until < today:
        return _("voorbij")
    if facts.published_at is None:
        return _("wacht op een tweede handtekening")
    if each.is_reworded:
        return _("wacht: de leeruitkomsten zijn veranderd, de examencommissie kijkt opnieuw")
    return _("geldt") if facts.valid_from <= today else _("begint nog")


def table_values(found: Sequence[EquivalenceInFull], words: str, page: int, *, now: datetime) -> dict[str, Any]:
    """Return a page of the public table; `page` counts from 1."""
    pages = max(1, -(-len(found) // ROWS))
    page = min(max(page, 1), pages)

    def at(number: int) -> str:
        return url_for("recognition_patterns.public", q=words or None, page=number if number > 1 else None)

    return {
        "rows": [equivalence_values(each, now=now) for each in found[(page - 1) * ROWS : page * ROWS]], "paging": paging(page, pages, at),
        "number": ngettext("%(num)s regel", "%(num)s regels", len(found)), "file_url": url_for("recognition_patterns.public_file", q=words or None),
    }


def table_file(found: Iterable[EquivalenceInFull], *, now: datetime) -> bytes:
    """Return the public table as CSV, a line per equivalence."""
    heading = (
        _("Bewijs"), _("Soort"), _("Bron"), _("Code"), _("Module"), _("Opleider"), "EC", _("Leeruitkomsten"), _("Geldig vanaf"), _("Geldig tot en met"),
        _("Stand"), _("Waarom"),
    )
    language = reading_language()
    return as_csv(heading, (
        (
            each.facts.title, evidence_word(each.facts.kind), each.facts.source, each.facts.source_code, each.module.title.in_language(language), each.module.provider_name,
            credits_text(each.ec), " | ".join(outcome.wording.in_language(language) for outcome in each.outcomes), each.facts.valid_from.isoformat(),
            each.facts.valid_until.isoformat(), state_words(each, now=now), each.facts.reason,
        )
        for each in found
    ))


def board_equivalence_values(desk: Desk, actor: Actor, each: EquivalenceInFull, *, now: datetime) -> dict[str, Any]:
    """Return an equivalence for its board, with what this member can do."""
    facts = each.facts
    waits = facts.published_at is None and facts.ended_at is None and facts.valid_until >= amsterdam_day(now)

    def at(endpoint: str) -> str:
        return url_for(f"recognition_patterns.{endpoint}", provider=desk.slug, code=facts.code)

    return equivalence_values(each, now=now) | {
        "url": at("equivalence"), "sign_url": at("sign_equivalence"), "end_url": at("end_equivalence"), "may_sign": waits and actor.person_id not in facts.signers and not each.is_reworded,
        "may_end": facts.ended_at is None,
    }


def uses_values(desk: Desk, actor: Actor, code: str, uses: Sequence[UseFacts], people: Mapping[UUID, PersonFacts]) -> list[dict[str, Any]]:
    """Return who used an equivalence, for its board."""
    return [
        {
            "number": use.number, "name": people[use.person_id].name if use.person_id in people else _("account verwijderd"),
            "day": short_day(amsterdam_day(use.decided_at)), "ec": f"{credits_text(use.ec)} EC", "is_replaced": use.is_replaced,
            "paper_url": url_for("recognition_patterns.paper", provider=desk.slug, code=code, number=use.number),
            "take_back_url": "" if use.is_replaced or use.person_id == actor.person_id
            else url_for("recognition_patterns.take_back", provider=desk.slug, code=code, number=use.number),
        }
        for use in uses
    ]


def module_choices(desk: Desk, modules: Iterable[ModuleToClaim]) -> list[dict[str, Any]]:
    """Return the modules of a provider that have outcomes, to publish an equivalence for."""
    return [
        {
            "title": shown(each.title), "code": each.code, "outcomes": ngettext("%(num)s leeruitkomst", "%(num)s leeruitkomsten", len(each.outcomes)),
            "url": url_for("recognition_patterns.publish", provider=desk.slug, module=each.slug),
        }
        for each in modules if each.outcomes
    ]


def outcome_choices(module: ModuleToClaim) -> list[tuple[str, str]]:
    """Return the outcomes of a module as choices, with what each is worth."""
    language = reading_language()
    return [(str(each.id), f"{each.wording.in_language(language)} ({credits_text(each.worth)} EC)") for each in module.outcomes]


def counting_values(evidence: EvidenceFacts, fitting: Iterable[EquivalenceInFull], *, now: datetime) -> dict[str, Any]:
    """Return what a piece of evidence counts for at once."""
    return {
        "title": evidence.title, "url": url_for("recognition_library.piece", evidence_id=evidence.id), "has_paper": bool(evidence.stored_name or evidence.url),
        "origin": " · ".join(each for each in (evidence_word(evidence.kind), evidence.source, evidence.code) if each),
        "fitting": [
            equivalence_values(each, now=now) | {"use_url": url_for("recognition_patterns.use", evidence_id=evidence.id, code=each.facts.code)} for each in fitting
        ],
    }
