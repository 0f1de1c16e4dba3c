"""Finished values for what waits for a provider's answer, and how quickly it answers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from academy.catalogue import api as catalogue
from academy.enrolment.forms.admission import RefuseForm
from academy.enrolment.kinds import WaitsFor
from academy.enrolment.pages.enrolling import asked_words
from academy.enrolment.queries.inbox import Inbox, RequestFacts
from academy.enrolment.rules.working_time import WORKING_DAY, nine_in_ten, working_days, working_time
from academy.kernel.formats import in_current_language, moment_text, money, paragraphs
from academy.kernel.translation import _, ngettext


def inbox_values(found: Inbox, *, answering: str, form: RefuseForm, now: datetime) -> dict[str, Any]:
    """Return the inbox; the row `answering` has its form open, with what was filled in."""
    return {
        "count": found.count, "more": max(0, found.count - len(found.rows)), "speed": _speed(found.answers),
        "rows": [_row(found.there, row, form if row.code == answering else None, now) for row in found.rows],
    }


def _speed(answers: Sequence[timedelta]) -> str:
    usual = nine_in_ten(answers)
    if usual is None:
        return _("Doel: antwoord binnen één werkdag. Bij tien antwoorden zie je hier hoe snel jullie zijn.")
    days = working_days(usual)
    return ngettext(
        "Doel: antwoord binnen één werkdag. Van de laatste 90 dagen kregen 9 van de 10 mensen binnen %(num)s werkdag antwoord.",
        "Doel: antwoord binnen één werkdag. Van de laatste 90 dagen kregen 9 van de 10 mensen binnen %(num)s werkdagen antwoord.", days,
    )


def usual_answer(answers: Sequence[timedelta]) -> str:
    """Return within which time a provider answers as a rule, for its public page; "" when there are too few answers to say."""
    usual = nine_in_ten(answers)
    if usual is None:
        return ""
    return ngettext(
        "Toelating vragen? Deze aanbieder antwoordt meestal binnen %(num)s werkdag.",
        "Toelating vragen? Deze aanbieder antwoordt meestal binnen %(num)s werkdagen.", working_days(usual),
    )


def _row(there: catalogue.Workspace, row: RequestFacts, form: RefuseForm | None, now: datetime) -> dict[str, Any]:
    at: dict[str, Any] = {"provider": there.provider.slug, "code": row.code}
    offering = row.of.offering
    return {
        "code": row.code, "name": row.name, "email": row.email, "seeks_admission": row.waits_for is WaitsFor.PROVIDER,
        "is_late_payment": row.waits_for is None,
        "module": in_current_language(row.of.module_title), "dates": catalogue.dates_words(offering),
        "class_url": url_for("workspace.offering", provider=there.provider.slug, code=offering.code) if there.rights.read else "",
        "asked": moment_text(row.asked_at), "until": moment_text(row.until) if row.until else "",
        "price": money(offering.price) if offering.price is not None else "", **_clock(row, now),
        "unmet": [asked_words(each) for each in row.unmet],
        "diploma": " · ".join(part for part in (catalogue.level_word(row.level), row.diploma) if part),
        "statement": paragraphs(row.statement), "form": form or RefuseForm(formdata=None), "is_open": form is not None,
        "admit_url": url_for("admission.admit", **at), "refuse_url": url_for("admission.refuse", **at), "paid_url": url_for("admission.paid", **at),
    }


def _clock(row: RequestFacts, now: datetime) -> dict[str, Any]:
    """Return how long somebody waits for the provider, in working time, and whether that is too long; money has no clock."""
    if row.waits_for is not WaitsFor.PROVIDER:
        return {"clock": "", "is_late": False}
    waited = working_time(row.asked_at, now)
    hours, days = waited // timedelta(hours=1), waited // WORKING_DAY
    if not hours:
        words = _("net gevraagd")
    elif not days:
        words = ngettext("wacht %(num)s werkuur", "wacht %(num)s werkuren", hours)
    else:
        words = ngettext("wacht %(num)s werkdag", "wacht %(num)s werkdagen", days)
    return {"clock": words, "is_late": waited > WORKING_DAY}
