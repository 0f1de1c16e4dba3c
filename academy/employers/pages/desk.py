"""Finished values for the desk of a firm: four numbers, what is to be done, its people, what nearly goes ahead, and who helps."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for

from academy.employers.links import pledge_token_for
from academy.employers.pages import fitting
from academy.employers.pages.request_lists import tasks_of
from academy.employers.pages.seats import block_row, euros, firm_values, names_words, person_rows
from academy.employers.queries.desk import DeskFacts
from academy.employers.queries.guests import BlockInWork, Firm
from academy.employers.queries.request_pages import RequestLine
from academy.enrolment import api as enrolment
from academy.kernel.formats import in_current_language
from academy.kernel.money import FREE
from academy.kernel.translation import _, ngettext

_FEW = 5  # people on the first page


def desk_values(
    found: DeskFacts, progress: Mapping[UUID, enrolment.Progress], requests: Sequence[RequestLine] = (), *, now: datetime,
) -> dict[str, Any]:
    """Return what a firm sees when it comes in, what is to be done first."""
    budgets = [one for _source, one in found.money.budgets]
    people = person_rows(found.blocks, progress, now=now)
    return {
        "firm": firm_values(found.firm),
        "numbers": [
            (label, euros(sum(amounts, FREE)))
            for label, amounts in (
                (_("Budget"), [one.amount for one in budgets]), (_("Toegewezen"), [one.earmarked for one in budgets]),
                (_("Besteed"), [one.spent for one in budgets]), (_("Vrij"), [one.left for one in budgets]),
            )
        ],
        "tasks": [*tasks_of(requests), *_tasks(found, now=now)], "people": people[:_FEW], "more_people": max(0, len(people) - _FEW),
        "nearly": [fitting.standing_values(one.pool, one.standing) | {"short": _short(one.standing.short)} for one in found.nearly],
        "is_new": not (found.blocks or budgets or found.open_demands or found.to_confirm), "reply": reply_words(found.answered_in),
    }


def _short(seats: int) -> str:
    return ngettext("Nog %(num)s plek nodig", "Nog %(num)s plekken nodig", seats)


def reply_words(days: int | None) -> str:
    """Return how soon a question is answered, as it was measured."""
    if days is None:
        return _("Hoe snel je antwoord krijgt, is nog niet te zeggen. Daarvoor zijn er nog te weinig vragen geweest.")
    return ngettext(
        "Negen van de tien vragen kregen binnen %(num)s werkdag antwoord.", "Negen van de tien vragen kregen binnen %(num)s werkdagen antwoord.", days,
    )


def _tasks(found: DeskFacts, *, now: datetime) -> list[dict[str, str]]:
    """Return what waits for this firm, what has the nearest end first."""
    slug = found.firm.slug
    asked, tasks = found.money.to_approve, []
    if asked:
        words = ngettext("%(num)s aanvraag wacht op jullie antwoord", "%(num)s aanvragen wachten op jullie antwoord", asked)
        tasks.append(_task(_("Goedkeuren"), words, url_for("approving.asked", organisation=slug)))
    for pledge, pool in found.to_confirm:
        words = _("Bevestig jullie plekken: %(title)s", title=pool.title)
        tasks.append(_task(_("Bevestigen"), words, url_for("gathering.pledge", token=pledge_token_for(pledge.id))))
    for there in sorted(found.blocks, key=lambda one: one.named_until):
        words = names_words(there, now=now)
        if words and now < there.named_until:
            url = url_for("firm_seats.block", organisation=slug, block=there.block.id.hex)
            tasks.append(_task(in_current_language(there.of.module_title), words, url))
    if not found.has_billing and (found.blocks or found.to_confirm):
        tasks.append(_task(_("Factuur"), _("Vul de factuurgegevens in"), url_for("invoices.billing", slug=slug)))
    return tasks


def _task(label: str, title: str, url: str) -> dict[str, str]:
    return {"label": label, "title": title, "url": url}


def people_values(firm: Firm, blocks: Sequence[BlockInWork], progress: Mapping[UUID, enrolment.Progress], *, now: datetime) -> dict[str, Any]:
    """Return all people of a firm, and the file of them."""
    return {
        "firm": firm_values(firm), "people": person_rows(blocks, progress, now=now), "csv_url": url_for("desk.people_csv", organisation=firm.slug),
    }


def seats_values(firm: Firm, blocks: Iterable[BlockInWork], *, now: datetime) -> dict[str, Any]:
    """Return all that a firm bought, the newest first."""
    return {"firm": firm_values(firm), "blocks": [block_row(one, now=now) for one in blocks]}


def people_heading() -> tuple[str, ...]:
    """Return the heads of the columns of the file."""
    return _("Naam"), _("E-mailadres"), _("Module"), _("Wanneer"), _("Status"), _("Reden"), _("Aanwezig"), _("Resultaat")


def people_line(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cells of one person, all text."""
    who = (row["who"], row["email"]) if row["email"] else ("", row["who"]) if "@" in row["who"] else (row["who"], "")
    return (*who, str(row["what"]), row["dates"], row["state_label"], row["reason"], row["progress"], row["result"])
