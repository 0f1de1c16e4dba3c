"""Finished values for what an exam board says about credits."""

from typing import Any

from flask import url_for

from academy.catalogue.api import level_word
from academy.kernel.formats import in_own_language, shown
from academy.kernel.translation import _, ngettext
from academy.pathways.queries.credit_rules import Board, CreditRuleFacts, RuledProgramme


def rule_words(rule: CreditRuleFacts) -> str:
    """Return a rule as a sentence: `Minstens niveau 5 (Associate degree). Hooguit 10 jaar oud.`"""
    said = [
        _("Minstens %(level)s.", level=level_word(rule.least_nlqf)) if rule.least_nlqf else "",
        ngettext("Hooguit %(num)s jaar oud.", "Hooguit %(num)s jaar oud.", rule.valid_years) if rule.valid_years else "",
    ]
    return " ".join(filter(None, said)) or _("Elk niveau, hoe oud ook.")


def board_values(board: Board) -> dict[str, Any]:
    """Return the programmes with their rules in words."""
    return {**_head(board), "rows": [{**_programme(board, each), "rule": rule_words(each.rule)} for each in board.programmes]}


def programme_values(board: Board, programme: RuledProgramme) -> dict[str, Any]:
    """Return what stands beside the form of one programme."""
    return {
        **_head(board), **_programme(board, programme), "public_url": url_for("catalogue.programme_page", slug=programme.slug),
        "in_sentence": in_own_language(shown(programme.title)),
    }


def _head(board: Board) -> dict[str, str]:
    return {
        "name": board.name, "board_url": url_for("recognition_board.inbox", provider=board.slug),
        "list_url": url_for("pathways_credit_rules.overview", provider=board.slug),
    }


def _programme(board: Board, programme: RuledProgramme) -> dict[str, Any]:
    return {"title": shown(programme.title), "url": url_for("pathways_credit_rules.credit_rule", provider=board.slug, slug=programme.slug)}
