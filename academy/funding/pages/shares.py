"""Finished values for who says yes or no to shares."""

from typing import Any

from flask import url_for

from academy.funding.queries.pages_shares import AskedShare
from academy.funding.queries.pages_sources import Keeper
from academy.kernel.formats import in_current_language, moment_text, money, short_day
from academy.kernel.translation import _


def asked_values(there: Keeper, share: AskedShare) -> dict[str, Any]:
    """Return a share that waits for an answer."""
    names: dict[str, Any] = {"organisation": there.slug, "share": share.id.hex}
    first, last = short_day(share.delivered_from), short_day(share.delivered_until)
    return {
        "who": share.who, "email": share.email, "what": share.what, "when": first if first == last else f"{first} – {last}",
        "amount": money(share.amount), "price": money(share.price), "source": in_current_language(share.source_name),
        "rule": in_current_language(share.rule_name), "evidence": share.evidence, "until": moment_text(share.approve_until),
        "title": _("%(amount)s voor %(who)s", amount=money(share.amount), who=share.who), "url": url_for("approving.share", **names),
        "approve_url": url_for("approving.approve", **names), "refuse_url": url_for("approving.refuse", **names),
    }
