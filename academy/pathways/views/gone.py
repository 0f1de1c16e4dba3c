"""What who made a route reads when the programme it leads to is no longer offered: what they planned, and how to go on."""

from flask import Blueprint, Response, request

from academy.catalogue import api as catalogue
from academy.kernel.db import database
from academy.kernel.formats import shown
from academy.kernel.web import render
from academy.pathways.errors import GoalGone
from academy.pathways.views.reading import private


def answer_on(blueprint: Blueprint) -> None:
    """Let the pages of a blueprint that are reached with the edit key answer with it; all others give the refusal as any."""
    blueprint.register_error_handler(GoalGone, _gone)


def _gone(refusal: GoalGone) -> Response:
    with database().reading() as session:
        cards = catalogue.module_cards(session, refusal.module_ids) if refusal.module_ids else {}
    steps = [shown(cards[each].title) for each in refusal.module_ids if each in cards]
    return private(render("pathways/gone.html", refusal=refusal, steps=steps, key=(request.view_args or {}).get("key", "")), refusal.status)
