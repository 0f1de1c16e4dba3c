"""Finished values for one's own learning: what to do, what runs, what waits, what was; and the history of one enrolment."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment import rules
from academy.enrolment.kinds import EnrolmentState, Why
from academy.enrolment.pages.drawing import lot_values
from academy.enrolment.pages.enrolments import Part, enrolment_values
from academy.enrolment.pages.paying import paid_values
from academy.enrolment.pages.results import result_values
from academy.enrolment.pages.study_groups import my_groups_values
from academy.enrolment.queries import IN_CLASS, EnrolmentFacts
from academy.enrolment.queries.history import HistoryLine
from academy.enrolment.queries.story import Story
from academy.enrolment.rules.withdrawing import Right
from academy.enrolment.service.together import may_send_substitute
from academy.kernel.clock import amsterdam_day
from academy.kernel.formats import credits_text, in_current_language, moment_text
from academy.kernel.translation import _, _l

_WHY: Final = {
    Why.ASKED: _l("Plek gevraagd"),
    Why.CONFIRMED: _l("Inschrijving bevestigd"),
    Why.ADMISSION_ASKED: _l("Toelating gevraagd aan de aanbieder"),
    Why.ADMITTED: _l("Toegelaten"),
    Why.NOT_ADMITTED: _l("Niet toegelaten"),
    Why.PAYMENT_PROMISED: _l("Ingeschreven, betaling volgt"),
    Why.PAID: _l("Betaling ontvangen"),
    Why.PUT_IN_LINE: _l("Op de wachtlijst gezet"),
    Why.SEAT_CAME_FREE: _l("Er kwam een plek vrij voor jou"),
    Why.OFFER_ACCEPTED: _l("Vrije plek aangenomen"),
    Why.TIME_RAN_OUT: _l("De tijd was om, de plek is vrijgegeven"),
    Why.GIVEN_BACK: _l("Plek teruggegeven"),
    Why.WITHDRAWN: _l("Overeenkomst herroepen"),
    Why.SUBSTITUTED: _l("Plek doorgegeven aan iemand anders"),
    Why.TOOK_OVER: _l("Plek van iemand anders overgenomen"),
    Why.MOVED: _l("Overgezet naar een andere groep"),
    Why.CALLED_OFF: _l("De groep is afgezegd"),
    Why.CLASS_ENDED: _l("De module is afgelopen"),
}
_BY_PROVIDER: Final = frozenset({Why.ADMITTED, Why.NOT_ADMITTED, Why.PAID, Why.MOVED, Why.CALLED_OFF})


def learning_values(
    found: Iterable[EnrolmentFacts], *, places: Mapping[UUID, int | None], draws: Mapping[UUID, datetime], my_turn: Collection[UUID],
    payers: Mapping[UUID, str], now: datetime,
) -> dict[str, list[dict[str, Any]]]:
    """Return one's enrolments by part; what ends first stands first where something must be done, what begins first where it runs.

    `draws`: when the seats of a class are drawn, by offering; `my_turn`: the seats of which one has to say whether one pays what an employer left; `payers`: who bought the seat, by enrolment.
    """
    parts: dict[str, list[dict[str, Any]]] = {part.name.lower(): [] for part in Part}
    for facts in sorted(found, key=_by_moment):
        values = enrolment_values(
            facts, now=now, place=places.get(facts.id), draw_at=draws.get(facts.of.offering.id), is_my_turn=facts.seat_id in my_turn,
            payer=payers.get(facts.id, ""),
        )
        parts[values["part"].name.lower()].append(values)
    parts[Part.PAST.name.lower()].reverse()
    return parts


def _by_moment(facts: EnrolmentFacts) -> tuple[float, float]:
    until = facts.until.timestamp() if facts.until is not None and facts.state is not EnrolmentState.REQUESTED else float("inf")
    return until, facts.of.offering.starts_on.toordinal()


def story_values(story: Story, *, now: datetime) -> dict[str, Any]:
    """Return what the page of an enrolment shows."""
    facts = story.facts
    return {
        "enrolment": enrolment_values(facts, now=now, place=story.place, draw_at=_ahead(story), payer=story.payer), "paid": paid_values(story.paid, facts), "ways": _ways_on(facts, story.right, now=now),
        "version": _version_values(story.version), "history": _history_values(story.lines, facts), "reason": _reason_of(story.lines),
        "lot": lot_values(story.lot, code=facts.of.offering.code), "result": result_values(story.result), "study_groups": my_groups_values([facts], {facts.id: story.group} if story.group else {}),
    }


def _ahead(story: Story) -> datetime | None:
    return story.lot.draw.draw_at if story.lot is not None and story.lot.draw.drawn_at is None else None


def _ways_on(facts: EnrolmentFacts, right: Right, *, now: datetime) -> dict[str, Any]:
    """Return what its owner can do with an enrolment now: pages to go to, and leaving with one click what is not sure yet."""
    offering, is_sure = facts.of.offering, facts.state is EnrolmentState.CONFIRMED
    has_begun = facts.state in IN_CLASS and offering.starts_on <= amsterdam_day(now)
    may_cancel = is_sure and rules.may_cancel(starts_on=offering.starts_on, today=amsterdam_day(now))
    possible = (
        (is_sure, _("Zet de lessen in je agenda"), url_for("catalogue.calendar", code=offering.code)),
        (may_send_substitute(facts, now=now), _("Geef je plek door aan iemand anders"), url_for("together.substitute", code=facts.code)),
        (has_begun, _("Zeg wanneer je er was"), url_for("attending.mine", code=facts.code)),
        (may_cancel, _("Annuleer je inschrijving"), url_for("enrolment.cancel", code=facts.code)),
        (right is Right.OPEN, _("Herroep hier je overeenkomst"), url_for("leaving.withdraw", code=facts.code)),
        (True, _("Bekijk de module"), url_for("enrolment.module_page", slug=facts.of.module_slug)),
        (True, _("Neem contact op met de aanbieder"), url_for("catalogue.provider_page", slug=facts.of.provider_slug)),
    )
    may_leave = not is_sure and EnrolmentState.CANCELLED in rules.FOLLOWS[facts.state]
    return {
        "others": [(label, url) for is_possible, label, url in possible if is_possible],
        "leave_url": url_for("leaving.leave", code=facts.code) if may_leave else None,
        "leave_label": _("Ga van de wachtlijst") if facts.state is EnrolmentState.WAITING else _("Geef je plek terug"),
    }


def _history_values(lines: Iterable[HistoryLine], facts: EnrolmentFacts) -> list[dict[str, str]]:
    """Return what happened: when, what, by whom, and the reason where somebody gave one; the newest first."""
    return [
        {"when": moment_text(line.at), "what": str(_WHY[line.why]), "who": _who(line, facts), "note": line.note} for line in lines
    ][::-1]


def _reason_of(lines: Iterable[HistoryLine]) -> str:
    """Return why the provider said no; "" when it did not, or gave no reason."""
    return next((line.note for line in lines if line.to is EnrolmentState.REFUSED), "")


def _who(line: HistoryLine, facts: EnrolmentFacts) -> str:
    if line.by_id == facts.person_id:
        return _("door jou")
    if line.why in _BY_PROVIDER:
        return _("door %(name)s", name=facts.of.provider_name)
    return _("vanzelf") if line.by_id is None else _("door iemand anders")


def _version_values(mine: catalogue.ModuleVersionFacts | None) -> dict[str, Any] | None:
    """Return what the module said when its reader enrolled; None when it says so still."""
    if mine is None:
        return None
    return {
        "number": mine.number, "ec": credits_text(mine.content.ec) if mine.content.ec else "",
        "outcomes": [in_current_language(outcome.text) for outcome in mine.content.outcomes],
    }
