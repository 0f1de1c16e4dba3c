"""Result cards as HTML: made once per card and language, then only the highlighted texts and the distance are put in."""

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from academy.catalogue import api as catalogue
from academy.enrolment import api as enrolment
from academy.kernel.formats import money
from academy.kernel.money import Money
from academy.kernel.text import Language
from academy.kernel.translation import _
from academy.kernel.web import address_of
from academy.search.documents import PROGRAMME
from academy.search.gateway import MARK_END, MARK_START, Hit
from academy.search.pages.drawing import macro
from academy.search.words import credits_words, day_words, distance_words, price_words, seats_words, value_name

_REMEMBERED: Final = 20_000
# Stand-ins for what differs per search; control characters, so no text of a card.
_TITLE_HERE, _SUMMARY_HERE, _DISTANCE_HERE, _OWN_HERE = "\x02t\x03", "\x02s\x03", "\x02d\x03", "\x02o\x03"
_Parts = tuple[str, str, str, str, str]
_cards: dict[tuple[Language, str, str], _Parts] = {}  # (language, document, its version) → HTML around the four
_NOBODY_PAYS_ALONG: Final[Mapping[str, Money]] = {}


@dataclass(slots=True)
class HitView:
    """One result card."""

    url: str
    title: str
    summary: str
    distance: str
    kind_label: str
    provider: str
    ec: str
    level_label: str
    mode_label: str
    part_of_day_label: str
    place: str
    starts: str
    opens: str
    price: str
    own: str
    seats_label: str
    seats_state: str
    certain: bool


def cards(language: Language, hits: Iterable[Hit], own: Mapping[str, Money] = _NOBODY_PAYS_ALONG) -> list[str]:
    """Return the cards of `hits` as safe HTML; `own` is what the visitor pays, by id of the hits for which somebody pays along."""
    made = []
    for hit in hits:
        key = (language, hit.id, hit.version)
        parts = _cards.get(key)
        if parts is None:
            if len(_cards) >= _REMEMBERED:
                _cards.clear()
            parts = _cards[key] = _card(language, hit.card)
        before, between, rest, price, after = parts
        # Only what has a place has a distance, so that slot is never asked where it is not.
        distance = "" if hit.km is None else f", {distance_words(language, hit.km)}"
        mine = _own(own[hit.id]) if hit.id in own else ""
        made.append(f"{before}{marked(hit.title)}{between}{marked(hit.summary)}{rest}{distance}{price}{mine}{after}")
    return made


def plain_cards(language: Language, hits: Iterable[Hit]) -> list[str]:
    """Return the cards of hits that nobody typed words for: without marks."""
    bare = (Hit(hit.id, hit.version, hit.card, hit.card["title"], hit.card["summary"], hit.km) for hit in hits)
    return cards(language, bare)


def programme_card(language: Language, card: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the macro of that name draws."""
    return {
        "title": card["title"], "summary": card["summary"], "url": address_of("catalogue.programme_page", card["slug"]),
        "provider": card["provider"], "variants_label": ", ".join(catalogue.variant_word(variant) for variant in card["variants"]),
        "ec": credits_words(language, card["ec"]), "module_count": card["module_count"],
        "sector_label": value_name(language, "sector", card["sector"]),
    }


def url_of(card: Mapping[str, Any]) -> str:
    """Return the address of what a card shows."""
    return address_of("catalogue.programme_page" if card["kind"] == PROGRAMME else "enrolment.module_page", card["slug"])


def _own(own: Money) -> str:
    words = _("voor jou %(own)s", own=_("niets") if own.is_zero else money(own))
    return f' <strong class="academy-hit__own">{html.escape(words)}</strong>'


def _card(language: Language, card: Mapping[str, Any]) -> _Parts:
    """Return the HTML of a card around its title, its summary, its distance and what the visitor pays of its price."""
    seats = card.get("seats")
    opens = day_words(language, card.get("opens", ""))
    view = HitView(
        url=url_of(card),
        title=_TITLE_HERE,
        summary=_SUMMARY_HERE if card["summary"] else "",
        distance=_DISTANCE_HERE,
        kind_label=value_name(language, "kind", card["kind"]),
        provider=card["provider"],
        ec=credits_words(language, card["ec"]),
        level_label=value_name(language, "level", card["level"]),
        mode_label=value_name(language, "mode", card.get("mode", "")),
        part_of_day_label=value_name(language, "part_of_day", card.get("part_of_day", "")),
        place=card["place"],
        starts=_("je kunt nu instappen") if card.get("begun") else day_words(language, card.get("starts", "")),
        opens=_("Inschrijven vanaf %(day)s", day=opens) if opens else "",
        price=price_words(language, card.get("price")) or card.get("price_note", ""),
        own=_OWN_HERE,
        seats_label="" if seats is None else seats_words(language, seats),
        seats_state="" if seats is None else enrolment.seats_state(seats),
        certain=bool(card.get("certain")),
    )
    before, _here, rest = macro("learning", "hit_card", view).partition(_TITLE_HERE)
    if view.summary:
        between, _here, rest = rest.partition(_SUMMARY_HERE)
    else:
        between = ""
    around, here, after = rest.partition(_DISTANCE_HERE)
    if not here:  # no place, so no distance either
        around, after = "", around
    price, _here, after = after.partition(_OWN_HERE)
    return before, between, around, price, after


def marked(text: str) -> str:
    """Escape, then turn the engine's marks into elements; nothing of the text itself becomes one."""
    safe = html.escape(text)
    return safe.replace(MARK_START, "<mark>").replace(MARK_END, "</mark>") if MARK_START in safe else safe
